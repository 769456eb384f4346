"""What there is to say about a stage, in people's words: for the summary, the review and the heads of the scripts."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from generator.model.plan import CannotUndo, LockMode, Pace, Plan, Stage, Statement, Step, Undo
from generator.model.schema import QName

LONGEST_WAIT_MS = 100
"""How long the application waits at most behind one try of an instant statement: the longest lock_timeout of
templates/instant.sql.j2. The statement itself touches no rows and takes a few milliseconds more."""

DEPLOYED = {
    Stage.EXPAND: "The old version of the application is running. Nothing has to be deployed before.",
    Stage.BACKFILL: "The old version of the application may go on running. Nothing has to be deployed before.",
    Stage.VALIDATE: "The new version of the application is deployed; processes of the old one may still be running.",
    Stage.CONTRACT: "No process of the old version of the application is left.",
    Stage.CLEANUP: "You are sure that you will not go back to the old version of the application.",
}
"""What has to be true of the application before a stage is run."""

_BLOCKS = {
    LockMode.ACCESS_SHARE: "blocks nothing that the application does",
    LockMode.ROW_SHARE: "blocks nothing that the application does",
    LockMode.ROW_EXCLUSIVE: "blocks nothing but writes to the very rows it is writing",
    LockMode.SHARE_UPDATE_EXCLUSIVE: "blocks neither reads nor writes, only other schema changes and VACUUM",
    LockMode.SHARE: "blocks writes",
    LockMode.SHARE_ROW_EXCLUSIVE: "blocks writes",
    LockMode.EXCLUSIVE: "blocks writes and SELECT … FOR UPDATE",
    LockMode.ACCESS_EXCLUSIVE: "blocks reads and writes",
}


def blocks(mode: LockMode) -> str:
    """What a table lock keeps the application from doing while it is held."""
    return _BLOCKS[mode]


class Wait(IntEnum):
    """How long the application may have to wait, at worst."""

    NONE = 0
    MOMENT = 1
    WINDOW = 2

    @property
    def words(self) -> str:
        """For a table or a sentence: ``not at all``, ``0.1 s at most``, ``as long as the table is read or written``."""
        if self is Wait.NONE:
            return "not at all"
        if self is Wait.MOMENT:
            return f"{LONGEST_WAIT_MS / 1000:g} s at most"
        return "for as long as the table is read or rewritten"


class WayBack(StrEnum):
    """What a rollback gives back."""

    FREE = "free"
    LOSSY = "lossy"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """The strongest lock on one table in a stage, and how long the application may wait for that table."""

    table: QName
    mode: LockMode
    wait: Wait

    @property
    def words(self) -> str:
        """``blocks reads and writes, 0.1 s at most``."""
        return blocks(self.mode) if self.wait is Wait.NONE else f"{blocks(self.mode)}, {self.wait.words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageWords:
    """A stage as people see it. ``holds``: the strongest first; ``losses``: what its rollback cannot give back;
    ``in_part``: only some of its steps cannot be undone (of cleanup nothing is undone then)."""

    stage: Stage
    holds: tuple[Hold, ...]
    way_back: WayBack
    losses: tuple[str, ...]
    in_part: bool = False

    @property
    def file(self) -> str:
        """The name of its script."""
        return f"{self.stage.number:02}_{self.stage}.sql"

    @property
    def rollback_file(self) -> str:
        """The name of the script that undoes it."""
        return f"{self.stage.number:02}_{self.stage}.rollback.sql"

    @property
    def deployed(self) -> str:
        """What has to be true of the application before."""
        return DEPLOYED[self.stage]

    @property
    def way_back_words(self) -> str:
        """``free``, ``lossy``, ``impossible``, or ``in part impossible`` where the rest of the stage is undone."""
        return f"in part {self.way_back}" if self.in_part else str(self.way_back)

    @property
    def wait(self) -> Wait:
        """How long the application waits at worst for any table."""
        return max((hold.wait for hold in self.holds), default=Wait.NONE)


def in_words(plan: Plan) -> tuple[StageWords, ...]:
    """Every stage that has something to do."""
    return tuple(_stage(stage, plan.steps_of(stage)) for stage in plan.stages)


def holds_of(statements: tuple[Statement, ...]) -> tuple[Hold, ...]:
    """The strongest lock on each table, the strongest first; equal ones by name."""
    found: dict[QName, Hold] = {}
    for statement in statements:
        for lock in statement.locks:
            now = Hold(table=lock.table, mode=lock.mode, wait=_wait(lock.mode, statement))
            before = found.get(lock.table, now)
            mode = max(before.mode, now.mode, key=lambda mode: mode.strength)
            found[lock.table] = Hold(table=lock.table, mode=mode, wait=max(before.wait, now.wait))
    return tuple(sorted(found.values(), key=lambda hold: (-hold.wait, -hold.mode.strength, hold.table)))


def statements_of(step: Step) -> tuple[Statement, ...]:
    """All statements that a step runs."""
    return tuple(statement for action in step.run for statement in action.statements)


def losses_of(step: Step) -> tuple[str, ...]:
    """What undoing the step cannot give back; empty where nothing is lost."""
    if isinstance(step.undo, CannotUndo):
        return (step.undo.because,)
    return (step.undo.loses,) if isinstance(step.undo, Undo) and step.undo.loses else ()


def way_back(steps: tuple[Step, ...]) -> WayBack:
    """The worst of what undoing these steps gives back."""
    if any(isinstance(step.undo, CannotUndo) for step in steps):
        return WayBack.IMPOSSIBLE
    return WayBack.LOSSY if any(losses_of(step) for step in steps) else WayBack.FREE


def _stage(stage: Stage, steps: tuple[Step, ...]) -> StageWords:
    losses = dict.fromkeys(loss for step in steps for loss in losses_of(step))
    return StageWords(
        stage=stage,
        holds=holds_of(tuple(statement for step in steps for statement in statements_of(step))),
        way_back=way_back(steps),
        in_part=stage is not Stage.CLEANUP and way_back(steps) is WayBack.IMPOSSIBLE and any(map(_undoable, steps)),
        losses=tuple(losses),
    )


def _undoable(step: Step) -> bool:
    return isinstance(step.undo, Undo)


def _wait(mode: LockMode, statement: Statement) -> Wait:
    """Locks up to SHARE UPDATE EXCLUSIVE stop neither reads nor writes, however long they are held."""
    if mode.strength <= LockMode.SHARE_UPDATE_EXCLUSIVE.strength:
        return Wait.NONE
    return Wait.WINDOW if statement.pace is Pace.WINDOW else Wait.MOMENT
