"""The old and the new version of the application at work between the stages."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from generator.model.answers import QuestionKind, key_of
from generator.model.plan import Filling, Mirror, Plan, Stage
from generator.model.proof import Trial, Version
from generator.model.schema import QName
from generator.prove.application import Application
from generator.prove.attempts import Attempt, Outcome, outcomes
from generator.prove.bench import Bench
from generator.prove.refused import refused_by_new, refused_by_old
from generator.prove.renamed import called
from generator.prove.sync import filled_at_once, mirrored_at_once

if TYPE_CHECKING:
    from psycopg import Connection

OLD = "statements of the old version of the application, until contract"
NEW = "statements of the new version of the application, from validate on"
_MOST_FAILED = 3

SYNC = "what one version writes, the other one finds"


@dataclass(slots=True, kw_only=True)
class Versions:
    """Tries what both versions do after each stage.

    What the old version does must work wherever it works in the untouched database, until contract. What the new one
    does must work after validate wherever it works in the end. What only a constraint of the new schema refuses, or
    until contract only one of the old schema, is no fault of the migration, but is said.
    """

    bench: Bench
    old: Application
    new: Application
    fillings: Sequence[Filling]
    mirrors: Sequence[Mirror]
    _works: list[Attempt] = field(default_factory=list)
    _refused: set[str] = field(default_factory=set)
    _never: set[str] = field(default_factory=set)
    _new_sync: dict[Stage, list[tuple[Attempt, Outcome]]] = field(default_factory=dict)
    _seen: dict[Stage, dict[str, tuple[Attempt, Outcome]]] = field(default_factory=dict)

    def before(self, connection: "Connection[tuple[Any, ...]]") -> None:
        """See what the old version can do in the untouched database: the control."""
        attempts = list(self.old.attempts())
        results = outcomes(connection, attempts)
        self._works = [attempt for attempt, outcome in zip(attempts, results, strict=True) if not outcome.error]
        sync = list(self._old_sync())
        plain = outcomes(connection, [replace(attempt, expect=None) for attempt in sync])
        self._refused = {attempt.what for attempt, outcome in zip(sync, plain, strict=True) if outcome.error}

    def after(self, stage: Stage, connection: "Connection[tuple[Any, ...]]") -> None:
        """Between this stage and the next."""
        if stage.number < Stage.CONTRACT.number:
            old = outcomes(connection, self._works)
            self._tried(Version.OLD, stage, [attempt.what for attempt in self._works], old)
            self._check(OLD, stage, zip(self._works, old, strict=True))
            sync = [attempt for attempt in self._old_sync() if attempt.what not in self._refused]
            self._check(SYNC, stage, zip(sync, outcomes(connection, sync), strict=True))
        self._sync_of_new(stage, connection)
        new = list(self.new.attempts())
        seen = zip(new, outcomes(connection, new), strict=True)
        self._seen[stage] = {attempt.what: (attempt, outcome) for attempt, outcome in seen}

    def _sync_of_new(self, stage: Stage, connection: "Connection[tuple[Any, ...]]") -> None:
        """Until contract what the old version finds; after it, what the new one cannot do anyway: the control."""
        sync = list(mirrored_at_once(self.new, self.mirrors, new=True))
        if stage.number < Stage.CONTRACT.number:
            self._new_sync[stage] = list(zip(sync, outcomes(connection, sync), strict=True))
        else:
            plain = outcomes(connection, [replace(attempt, expect=None) for attempt in sync])
            self._never = {attempt.what for attempt, outcome in zip(sync, plain, strict=True) if outcome.error}

    def at_the_end(self) -> None:
        """Judge the new version by what it can do in the end."""
        for stage, seen in self._new_sync.items():
            self._check(SYNC, stage, (each for each in seen if each[0].what not in self._never), Version.NEW)
        stages = list(self._seen)
        if not stages:
            return
        works = [what for what, (_, outcome) in self._seen[stages[-1]].items() if not outcome.error]
        for stage in stages:
            self._tried(Version.NEW, stage, works, [self._seen[stage][what][1] for what in works])
        must = [stage for stage in stages if stage.number >= Stage.VALIDATE.number]
        before = [stage for stage in stages if stage.number < Stage.VALIDATE.number]
        if Stage.VALIDATE not in must and before:
            must.insert(0, before.pop())
        for stage in must:
            self._check(NEW, stage, (self._seen[stage][what] for what in works), Version.NEW)
        for stage in before:
            failing = [what for what in works if self._seen[stage][what][1].error]
            if failing:
                more = f" (and {len(failing) - 1} more)" if len(failing) > 1 else ""
                self.bench.report.note(
                    f"after {stage} the new version of the application cannot yet: {failing[0]}{more}"
                )

    def _tried(self, version: Version, stage: Stage, what: Sequence[str], seen: Sequence[Outcome]) -> None:
        failed = [each for each, outcome in zip(what, seen, strict=True) if outcome.error]
        self.bench.report.trials.append(
            Trial(
                version=version,
                stage=stage,
                tried=len(seen),
                worked=len(seen) - len(failed),
                failed=tuple(failed[:_MOST_FAILED]),
            )
        )

    def _old_sync(self) -> Iterator[Attempt]:
        yield from filled_at_once(self.old, self.fillings)
        yield from mirrored_at_once(self.old, self.mirrors, new=False)

    def _check(
        self, check: str, stage: Stage, seen: Iterable[tuple[Attempt, Outcome]], version: Version = Version.OLD
    ) -> None:
        report, request = self.bench.report, self.bench.request
        earlier = called(request.old, request.renamed)
        tables = {table.name for schema in (request.old, request.new) for table in schema.tables}
        for attempt, outcome in seen:
            report.count(check)
            where = f"after {stage}, the {version} version {attempt.what}"
            if not outcome.error:
                continue
            forbids = still = ""
            if version is Version.OLD:
                forbids = refused_by_new(earlier, request.new, self.fillings, attempt, outcome)
            else:
                still = refused_by_old(earlier, request.new, attempt, outcome)
            if forbids:
                report.note(f"from {stage} on {forbids} refuses what the old version may do: {attempt.what}")
            elif still and stage.number < Stage.CONTRACT.number:
                report.note(f"until contract {still} refuses what the new version may do: {attempt.what}")
            elif _accepted(request.plan, attempt, tables):
                report.note(f"accepted: {where}, which fails: {outcome.error}")
            else:
                report.find(check, where, "; ".join(attempt.statements), attempt.expected, outcome.error)


def _accepted(plan: Plan, attempt: Attempt, tables: Iterable[QName]) -> bool:
    """Whether it was accepted that an application breaks at the table that the attempt is about."""
    keys = {each.key for step in plan.steps for each in step.consents if each.kind is QuestionKind.BREAKS}
    broken = [name for name in tables if any(f"{key}.".startswith(f"{key_of(name)}.") for key in keys)]
    return any(re.search(rf"(?<![\w.]){re.escape(str(name))}(?![\w.])", attempt.what) for name in broken)
