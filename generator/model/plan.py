"""A migration as a value: stages of steps, each with the locks it takes and the way back."""

from dataclasses import dataclass
from enum import StrEnum

from generator.model.answers import Backfill, Question, QuestionKind, Refusal
from generator.model.schema import QName


class Stage(StrEnum):
    """The stages, in their order."""

    EXPAND = "expand"
    BACKFILL = "backfill"
    VALIDATE = "validate"
    CONTRACT = "contract"
    CLEANUP = "cleanup"

    @property
    def number(self) -> int:
        """1 for expand … 5 for cleanup: the number in a script's name."""
        return list(Stage).index(self) + 1


class LockMode(StrEnum):
    """PostgreSQL's table lock modes, weakest first."""

    ACCESS_SHARE = "ACCESS SHARE"
    ROW_SHARE = "ROW SHARE"
    ROW_EXCLUSIVE = "ROW EXCLUSIVE"
    SHARE_UPDATE_EXCLUSIVE = "SHARE UPDATE EXCLUSIVE"
    SHARE = "SHARE"
    SHARE_ROW_EXCLUSIVE = "SHARE ROW EXCLUSIVE"
    EXCLUSIVE = "EXCLUSIVE"
    ACCESS_EXCLUSIVE = "ACCESS EXCLUSIVE"

    @property
    def strength(self) -> int:
        """1 for ACCESS SHARE … 8 for ACCESS EXCLUSIVE."""
        return list(LockMode).index(self) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLock:
    """A lock on a table that existed before the statement (locks on indexes and on new things are left out).

    ``asked_first`` is off where LOCK TABLE cannot ask for it before the statement does: of a materialized view.
    """

    table: QName
    mode: LockMode
    asked_first: bool = True


class Pace(StrEnum):
    """How a statement has to be run."""

    INSTANT = "instant"
    """Touches no rows: in a transaction of its own, with a short lock_timeout, tried again with back-off."""
    LONG = "long"
    """Reads a table, or more, under a lock that lets the application work (VALIDATE): a patient lock_timeout."""
    CONCURRENT = "concurrent"
    """Cannot run in a transaction (CREATE INDEX CONCURRENTLY): on its own, no lock_timeout."""
    SCRIPT = "script"
    """A template which commits by itself (the batches of a back-fill), or only reads (a gate)."""
    WINDOW = "window"
    """Scans or rewrites under a lock that stops the application: only where accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A back-fill of one column, ready to be written: every name resolved, every expression parsed.

    ``value``, ``match`` and ``create`` are SQL over the aliases ``table_alias`` and ``source_alias``.
    ``key`` are the columns by which rows are told apart (a primary key, or a unique one that is NOT NULL).
    ``reads`` are the columns of ``table`` which the expressions use, ``source_reads`` those of ``source``: the
    sync triggers listen to them. ``required`` and ``unique`` say what will be enforced afterwards, and so what
    the gate counts. ``search_path`` are the schemas in which the expressions look for operators and functions.
    ``helpers`` prefix the names of the trigger, functions and tables made for it; they live in ``table``'s schema. They
    are at most 53 bytes long, since up to ten are put behind them.
    ``near_match`` is ``match`` after ``lower(trim(…))`` on both sides, where it is a plain equality of texts; ``blank``
    is true for a row of ``table`` that has nothing to match by. Both only make what stops the back-fill clearer.
    ``by_row`` says that the column is of a composite type.
    """

    table: QName
    table_alias: str
    column: str
    type: str
    key: tuple[tuple[str, str], ...]
    value: str
    reads: tuple[str, ...]
    backfill: Backfill
    source: QName | None = None
    source_alias: str = ""
    match: str | None = None
    source_reads: tuple[str, ...] = ()
    source_key: tuple[tuple[str, str], ...] = ()
    create: tuple[tuple[str, str], ...] = ()
    required: bool = False
    unique: bool = False
    search_path: tuple[str, ...] = ()
    helpers: str = ""
    sync: bool = True
    near_match: str | None = None
    blank: str | None = None
    by_row: bool = False

    @property
    def missing(self) -> str:
        """SQL behind a value: there is none. ``IS NULL`` would look at the attributes of a row."""
        return "IS NOT DISTINCT FROM NULL" if self.by_row else "IS NULL"

    @property
    def given(self) -> str:
        """SQL behind a value: there is one."""
        return "IS DISTINCT FROM NULL" if self.by_row else "IS NOT NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """Two columns of one table which hold the same while both versions of the application write.

    ``forward`` is SQL that makes ``new_column``'s value of ``old_column``'s, written over ``NEW."old"``-free bare
    column names; ``back`` the other way, or None where nothing leads back. ``by_text`` says that a type need not have
    ``=``: whether the two are the same their texts tell. ``by_row`` says that it is a composite type. ``lenient`` says
    that only the new column counts any more: the old one stays empty where a value has no old form.
    """

    table: QName
    old_column: str
    new_column: str
    forward: str
    back: str | None
    helpers: str
    search_path: tuple[str, ...] = ()
    by_text: bool = False
    lenient: bool = False
    by_row: bool = False

    @property
    def missing(self) -> str:
        """SQL behind a value: there is none. ``IS NULL`` would look at the attributes of a row."""
        return "IS NOT DISTINCT FROM NULL" if self.by_row else "IS NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offenders:
    """Rows which stand in the way of what is enforced next: they stop the script before it is.

    ``query`` is SQL that gives one text for each of them; ``what`` says what they are, ``way_out`` what to do.
    ``unless`` is true once it is enforced, so that nothing is read any more. ``computed`` is an expression over a row
    (``this``) that some rows may have no value for, which stops the query: then each row is looked at by itself, and
    ``shown`` is the SQL of the text that names it.
    """

    table: QName
    what: str
    query: str
    way_out: str
    unless: str
    search_path: tuple[str, ...] = ()
    computed: str | None = None
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Many-line SQL, laid out by ``templates/<name>`` from ``subject``."""

    name: str
    subject: Filling | Mirror | Offenders


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement (or a template of several) with what it does to the tables that exist."""

    sql: str | Template
    pace: Pace = Pace.INSTANT
    locks: tuple[TableLock, ...] = ()
    scans: tuple[QName, ...] = ()
    rewrites: tuple[QName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Statements that belong together in one transaction (unless their pace says otherwise).

    ``done`` is one SQL boolean expression over the catalogs, true once the state that is wanted is there: it makes
    running again harmless. ``refuse`` pairs a condition with the message to raise when it holds (another object stands
    under the wanted name); checked first. ``right`` is one SQL boolean expression, true where the session's user may
    run it; where it is not true a superuser has to, and ``refuse`` says so. Empty: the tables' owner may.
    """

    statements: tuple[Statement, ...]
    done: str
    refuse: tuple[tuple[str, str], ...] = ()
    right: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """How a step is undone; ``loses`` says what cannot come back, empty where nothing is lost."""

    actions: tuple[Action, ...]
    loses: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToUndo:
    """The step leaves nothing behind, or what it leaves is harmless."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotUndo:
    """There is no way back."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Ref:
    """Something that a step makes or needs. ``kind`` is one word (table, column, filled, constraint, index, type …)."""

    kind: str
    of: QName
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """Something a reviewer must know: ``code`` is stable, ``way_out`` says what to do about it."""

    code: str
    what: str
    effect: str
    way_out: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Something that must be accepted by name before the plan may be written."""

    kind: QuestionKind
    key: str
    what: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing done in one stage, or as late as what it needs where it ``waits``. Every form prints ``purpose``."""

    stage: Stage
    purpose: str
    run: tuple[Action, ...]
    undo: Undo | NothingToUndo | CannotUndo
    makes: tuple[Ref, ...] = ()
    needs: tuple[Ref, ...] = ()
    hazards: tuple[Hazard, ...] = ()
    consents: tuple[Consent, ...] = ()
    waits: bool = False

    @property
    def actions(self) -> tuple[Action, ...]:
        """All that it runs, and all that undoes it."""
        return self.run + (self.undo.actions if isinstance(self.undo, Undo) else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The whole migration. The digests are of the two Schemas; ``version`` is the major version planned for.

    ``inferred`` are sentences that a person must confirm; ``changes`` say in one line each what changed;
    ``refusals`` and ``questions`` are empty in a plan that may be written. ``stood_in`` names what stood in for a
    missing extension.
    """

    old_digest: str
    new_digest: str
    version: int
    steps: tuple[Step, ...] = ()
    changes: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    questions: tuple[Question, ...] = ()
    stood_in: tuple[str, ...] = ()

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that have something to do."""
        present = {step.stage for step in self.steps}
        return tuple(stage for stage in Stage if stage in present)

    def steps_of(self, stage: Stage) -> tuple[Step, ...]:
        """The steps of one stage, in the order in which they run."""
        return tuple(step for step in self.steps if step.stage is stage)
