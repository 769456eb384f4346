"""What a script that was run has to tell: where it stops, what it locks for how long, who cannot work meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from generator.check.judge import Judge
from generator.check.losses import judge_loss
from generator.check.meanwhile import in_one_line, stops_writes
from generator.check.pieces import Script, Stop, last_line, strongest
from generator.model.answers import key_of
from generator.model.check import Observed, Place
from generator.model.plan import TableLock
from generator.model.schema import QName
from generator.prove.attempts import Attempt, outcomes
from generator.render.stages import blocks

if TYPE_CHECKING:
    from psycopg import Connection

_MOST_NAMED = 3


def judge_stop(judge: Judge, script: Script, stop: Stop, with_rows: str, *, rows: bool = True) -> None:
    """A statement that the server refused, with some rows or with none."""
    said = f"{stop.piece.head} stops with {with_rows}: {stop.error}." if rows else f"{stop.piece.head}: {stop.error}."
    judge.find(
        "statement-fails" if rows else "migration-fails",
        said,
        effect="Outside of a transaction what came before stays done; within one, all was in vain."
        if rows
        else "The script does not even run on empty tables.",
        way_out="Count such rows first and mend them, or let gen-migration write the change: its scripts stop with a"
        " list before anything is changed."
        if rows
        else "Correct it, or name the schema that it starts from with --on.",
        where=_place(script, stop.piece.line, last_line(stop.piece)),
    )


def judge_observed(judge: Judge, script: Script, observed: Sequence[Observed]) -> None:
    """Findings of all that was seen while it ran on rows that suit it."""
    taken: dict[QName, Observed] = {}
    waited_for = False
    for number, each in enumerate(observed):
        if not each.in_transaction:
            taken = {}
        for lock in each.locks:
            if stops_writes(lock):
                taken.setdefault(lock.table, each)
        held = [lock for lock in (*each.kept, *each.locks) if stops_writes(lock)]
        _judge_work(judge, script, each, held, taken)
        _judge_policy(judge, script, each)
        if any(stops_writes(lock) for lock in each.locks) and each.waits and not waited_for:
            waited_for = True
            _judge_waiting(judge, script, each)
        for table in each.empties:
            judge_loss(judge, script, f"{_head(each)} empties {table}.", key_of(table), (each.line, each.end_line))
        if each.in_transaction and each.locks:
            _judge_kept(judge, script, each, observed[number + 1 :])
        if each.error:
            where = _place(script, each.line, each.end_line)
            judge.find(
                "statement-fails",
                f"{_head(each)} stops even with rows that were made to suit it: {each.error}.",
                effect="The script does not go through.",
                way_out="Correct it, or give rows of your own with --rows.",
                where=where,
            )
    _judge_blocked(judge, script, observed)


def judge_versions(
    judge: Judge,
    script: Script,
    connection: "Connection[tuple[Any, ...]]",
    old_works: Sequence[Attempt],
    new_fails_before: Sequence[Attempt],
) -> None:
    """What the old version of the application can no longer do once it ran, and the new one could not before."""
    seen = outcomes(connection, old_works)
    # A row that is gone breaks no statement: it is told as a loss.
    broken = [
        (attempt, outcome)
        for attempt, outcome in zip(old_works, seen, strict=True)
        if outcome.error and not outcome.error.startswith("touched no row")
    ]
    seen = outcomes(connection, new_fails_before)
    works_now = [attempt for attempt, outcome in zip(new_fails_before, seen, strict=True) if not outcome.error]
    where = _place(script, 1, 1)
    if broken:
        named = _some([f"{attempt.what} ({outcome.error.partition(' (')[0]})" for attempt, outcome in broken])
        also = _some([attempt.what for attempt in works_now])
        before = f" The new version cannot work before it: {also}." if works_now else ""
        judge.find(
            "application-breaks",
            f"After the script the old version of the application can no longer: {named}.{before}",
            effect="There is no moment at which both versions work." if works_now else "The old version must be gone.",
            way_out="Take the staged form: both versions work between its stages."
            if works_now
            else "Run it when no process of the old version is left.",
            where=where,
        )


def _judge_work(
    judge: Judge, script: Script, each: Observed, held: Sequence[TableLock], taken: Mapping[QName, Observed]
) -> None:
    where = _place(script, each.line, each.end_line)
    under = _under(held, taken, each)
    if each.rewrites:
        names = ", ".join(map(str, each.rewrites))
        judge.find(
            "rewrite-under-lock",
            f"{_head(each)} writes {names} anew{under}.",
            effect=_nobody(held),
            way_out="Add a second column, fill it in batches and swap the two: the staged form does.",
            where=where,
            about=key_of(each.rewrites[0]),
            small=_small(judge, each.rewrites),
        )
    elif each.scans and held:
        names = ", ".join(map(str, each.scans))
        judge.find(
            "scan-under-lock",
            f"{_head(each)} reads all rows of {names}{under}.",
            effect=_nobody(held),
            way_out="Constraints: add them NOT VALID and validate them later; indexes: CONCURRENTLY;"
            " back-fills: in a transaction of their own.",
            where=where,
            about=key_of(each.scans[0]),
            small=_small(judge, each.scans),
        )
    for table in each.writes_all:
        if table in each.empties:
            continue
        judge.find(
            "fills-at-once",
            f"{_head(each)} writes every row of {table} in one transaction.",
            effect="Every row stays locked until it commits, each gets a second version, and replicas lag behind.",
            way_out="Fill it in batches with a commit each, as 02_backfill.sql does.",
            where=where,
            about=key_of(table),
            small=_small(judge, (table,)),
        )


def _judge_policy(judge: Judge, script: Script, each: Observed) -> None:
    for lock in each.locks:
        most = judge.policy.strongest(key_of(lock.table))
        if most is not None and lock.mode.strength > most.strength:
            judge.find(
                "lock-too-strong",
                f"{_head(each)} locks {lock.table} {lock.mode.value}; {judge.policy.file} allows at most {most.value}.",
                effect=f"It {blocks(lock.mode)}.",
                way_out="Split the change, allow the lock under [locks], or set this aside with a reason.",
                where=_place(script, each.line, each.end_line),
                about=key_of(lock.table),
            )


def _judge_waiting(judge: Judge, script: Script, each: Observed) -> None:
    tables = ", ".join(str(lock.table) for lock in each.locks if stops_writes(lock))
    judge.find(
        "no-lock-timeout",
        f"{_head(each)} waits for its lock on {tables} without a limit.",
        effect="While it waits behind one long query, every later statement on the table waits behind it.",
        way_out="SET lock_timeout = '100ms' first, and try again when it runs out.",
        where=_place(script, each.line, each.end_line),
    )


def _judge_kept(judge: Judge, script: Script, each: Observed, later: Iterable[Observed]) -> None:
    """The statements that run under the locks which this one took, until its transaction ends."""
    strong = [lock for lock in each.locks if stops_writes(lock)]
    under = []
    for other in later:
        kept = {lock.table for lock in other.kept}
        if not other.in_transaction or not any(lock.table in kept for lock in strong):
            break
        under.append(other)
    # The statement that ends the transaction has no locks of its own to look at.
    if strong and under:
        locks = " and ".join(f"{lock.table} {lock.mode.value}" for lock in strong)
        heads = _some([_head(other) for other in under])
        judge.find(
            "lock-kept",
            f"{_head(each)} locks {locks} until its transaction ends: every later statement runs under that lock"
            f" ({len(under)}: {heads}).",
            effect=_nobody(strong),
            way_out="Give each statement a transaction of its own.",
            where=_place(script, each.line, each.end_line),
            about=key_of(strong[0].table),
        )


def _judge_blocked(judge: Judge, script: Script, observed: Sequence[Observed]) -> None:
    """For each transaction with several statements: what was tried meanwhile, and had to wait until its end."""
    inside: list[Observed] = []
    for each in observed:
        if each.in_transaction and not _ends(each):
            inside.append(each)
            continue
        _told_blocked(judge, script, inside, each.line)
        inside = []
    if inside:
        _told_blocked(judge, script, inside, inside[-1].end_line)


def _told_blocked(judge: Judge, script: Script, inside: Sequence[Observed], end: int) -> None:
    first = next((each for each in inside if each.blocked), None)
    if first is None or len([each for each in inside if each.locks or each.kept]) < 2:
        return
    blocked = dict.fromkeys(what for each in inside for what in each.blocked)
    for table, does in in_one_line(tuple(blocked)).items():
        nobody = "nobody can read or write" if "read" in does.split(", ") else "nobody can write to"
        judge.find(
            "application-blocked",
            f"From line {first.line} to line {end} {nobody} {table}: {does} waited when it was tried.",
            effect="Both versions of the application stand still at this table until the transaction ends.",
            way_out="Take the staged form of the change, which gen-migration OLD NEW writes.",
            where=_place(script, first.line, end),
            about=table,
            small=table in judge.policy.small,
        )


def _ends(each: Observed) -> bool:
    return each.sql.split(" ")[0].upper() in ("COMMIT", "END", "ROLLBACK", "ABORT")


def _under(held: Sequence[TableLock], taken: Mapping[QName, Observed], each: Observed) -> str:
    if not held:
        return ""
    said = []
    for table, mode in strongest(held).items():
        since = taken.get(table)
        line = f" since line {since.line}" if since is not None and since is not each else ""
        said.append(f"{table} is locked {mode.value}{line}")
    return f" while {' and '.join(said)}"


def _nobody(held: Sequence[TableLock]) -> str:
    """``Nobody can read or write customers, or write to users, until then.``"""
    modes = strongest(held)
    silent = [str(table) for table, mode in modes.items() if blocks(mode) == "blocks reads and writes"]
    still = [str(table) for table in modes if str(table) not in silent]
    parts = [f"read or write {' and '.join(silent)}"] if silent else []
    parts += [f"write to {' and '.join(still)}"] if still else []
    return f"Nobody can {', or '.join(parts)}, until the lock is given back." if parts else "It takes as long as that."


def _small(judge: Judge, tables: Sequence[QName]) -> bool:
    return all(key_of(table) in judge.policy.small for table in tables)


def _head(each: Observed) -> str:
    short = " ".join(each.sql.split())
    return f"“{short if len(short) <= 60 else short[:59] + '…'}”"


def _some(texts: Sequence[str]) -> str:
    more = f"; and {len(texts) - _MOST_NAMED} more" if len(texts) > _MOST_NAMED else ""
    return "; ".join(texts[:_MOST_NAMED]) + more


def _place(script: Script, line: int, end: int) -> Place:
    return Place(file=str(script.file), line=line, end_line=end)
