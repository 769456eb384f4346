"""Every code under which something is found: one table. Each has a page in docs/hazards/, with an example that is run.

A code is stable: policies, comments that set it aside and other programs name it.
"""

from dataclasses import dataclass

from generator.model.answers import QuestionKind
from generator.model.check import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardKind:
    """A code, what it stands for in one line, and how much it weighs where no policy says otherwise."""

    code: str
    title: str
    severity: Severity = Severity.WARNING

    @property
    def page(self) -> str:
        """Its page, from the project's folder."""
        return f"docs/hazards/{self.code}.md"


_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

HAZARDS: tuple[HazardKind, ...] = (
    # Of a change between two schemas.
    HazardKind(code="change-refused", title="The change is not written, on purpose.", severity=_ERROR),
    HazardKind(code="question-open", title="Something that only a person knows is not answered.", severity=_ERROR),
    HazardKind(code="proof-failed", title="The plan was run and did not do what it says.", severity=_ERROR),
    HazardKind(code="not-proved", title="The plan was not run."),
    HazardKind(code="match-inferred", title="How rows are matched was inferred and must be confirmed."),
    HazardKind(code="data-lost", title="Data goes, which somebody has accepted."),
    HazardKind(code="long-lock", title="A table is read or rewritten under a lock that stops the application."),
    HazardKind(code="application-breaks", title="One version of the application stops working at some moment."),
    HazardKind(code="no-way-back", title="A rollback cannot give back everything.", severity=_NOTE),
    HazardKind(code="lock-too-strong", title="A lock is stronger than the policy allows.", severity=_ERROR),
    HazardKind(code="foreign-key-acts", title="A foreign key deletes or changes rows from the moment it is added."),
    HazardKind(code="type-changes-at-contract", title="A column has its new type from contract on."),
    HazardKind(code="enum-values-go", title="An enum loses values at contract."),
    HazardKind(code="row-stays-empty", title="A row that is matched later stays without its value for a while."),
    HazardKind(code="extension-rights", title="Installing an extension needs a right that the owner may lack."),
    HazardKind(code="needs-superuser", title="A step needs a superuser, and the script stops at it without one."),
    HazardKind(code="stored-values-stale", title="What a function computed is stored, and the function changes."),
    # Of migrations that are committed.
    HazardKind(code="migration-missing", title="The schema changes, and no migration does it.", severity=_ERROR),
    HazardKind(code="migration-differs", title="The migration ends in another schema.", severity=_ERROR),
    HazardKind(code="migration-fails", title="A migration stops with an error.", severity=_ERROR),
    HazardKind(code="migration-edited", title="A script was edited after it was written.", severity=_NOTE),
    HazardKind(code="not-idempotent", title="A migration fails, or changes something, when it is run again."),
    HazardKind(code="rollback-missing", title="A migration has no rollback."),
    HazardKind(code="rollback-differs", title="A rollback does not lead back.", severity=_ERROR),
    # Of a live database.
    HazardKind(code="database-drifted", title="The live database is not what OLD says.", severity=_ERROR),
    HazardKind(code="stage-unfinished", title="A migration was begun and not finished."),
    HazardKind(code="constraint-not-valid", title="A constraint was never validated."),
    HazardKind(code="index-invalid", title="An index is invalid: it is written to and never used."),
    HazardKind(code="helper-left", title="A helper object of a migration is still there."),
    HazardKind(code="slow-statement", title="A statement is estimated to stop the application for too long."),
    # Of a script.
    HazardKind(code="statement-fails", title="A statement stops on rows that OLD allows.", severity=_ERROR),
    HazardKind(code="script-loses-data", title="A statement of a script destroys data.", severity=_ERROR),
    HazardKind(code="rewrite-under-lock", title="A table is rewritten while the application waits.", severity=_ERROR),
    HazardKind(code="scan-under-lock", title="A table is read while the application waits.", severity=_ERROR),
    HazardKind(code="application-blocked", title="The application waits until the transaction ends.", severity=_ERROR),
    HazardKind(code="lock-kept", title="Statements run under a lock that an earlier one of the transaction took."),
    HazardKind(code="no-lock-timeout", title="A strong lock is waited for without a limit."),
    HazardKind(code="fills-at-once", title="One statement writes every row of a table."),
    HazardKind(code="name-differs", title="Something gets a name other than the schema's.", severity=_ERROR),
)
"""In the order in which the documentation lists them."""

_BY_CODE = {kind.code: kind for kind in HAZARDS}
assert len(_BY_CODE) == len(HAZARDS), "every code stands once"

CODE_OF_CONSENT = {
    QuestionKind.LOSES: "data-lost",
    QuestionKind.LOCKS: "long-lock",
    QuestionKind.BREAKS: "application-breaks",
}
"""The code under which something that needed consent is reported once it was given."""


def kind_of(code: str) -> HazardKind:
    """What a code stands for. Raises KeyError for a word that is none."""
    return _BY_CODE[code]


def codes() -> tuple[str, ...]:
    """Every code, in the table's order."""
    return tuple(_BY_CODE)
