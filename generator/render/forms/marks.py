"""The line by which a file that was written earlier is known: which plan it is of, and which stage."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from generator.errors import BadInput
from generator.model.plan import Plan, Stage
from generator.model.runners import ALL, HEAD, MARK, NEXT
from generator.model.wire import to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A plan of which something is in the folder: ``written`` of its ``stages``."""

    mark: str
    stages: tuple[str, ...]
    written: frozenset[str]

    @property
    def is_whole(self) -> bool:
        """Whether every stage is there."""
        return self.written >= frozenset(self.stages)

    @property
    def comes_next(self) -> str:
        """The first stage that is not there."""
        return next(stage for stage in self.stages if stage not in self.written)


def mark_of(plan: Plan) -> str:
    """What tells a plan from others: the schemas that it leads from and to, and every statement of it; no words."""
    steps = [
        [step.stage, [[each.done, [to_json(one.sql) for one in each.statements]] for each in step.actions]]
        for step in plan.steps
    ]
    return sha256(repr([plan.old_digest, plan.new_digest, plan.version, steps]).encode()).hexdigest()[:12]


def mark_line(plan: Plan, mark: str, stage: Stage) -> str:
    """The line itself, without a comment's beginning."""
    return f"gen-migration: plan {mark}, stage {stage} of {', '.join(plan.stages)}"


def found_in(folder: Path, suffixes: tuple[str, ...]) -> tuple[Found, ...]:
    """The plans that were written into the folder, or into folders in it."""
    seen: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for text in _heads(folder, suffixes):
        for mark, stage, stages in MARK.findall(text)[:1]:
            seen.setdefault((mark, tuple(stages.strip().split(", "))), set()).add(stage)
    return tuple(
        Found(mark=mark, stages=stages, written=frozenset(written)) for (mark, stages), written in sorted(seen.items())
    )


def stages_to_write(plan: Plan, mark: str, wanted: str, found: tuple[Found, ...], where: Path) -> tuple[Stage, ...]:
    """The stages that are written now. Raises BadInput where one would come too early, or is there already."""
    for each in found:
        if each.mark != mark and not each.is_whole:
            raise BadInput(
                f"{where}: another plan of gen-migration ({each.mark}) is there and not finished: its next stage is"
                f" {each.comes_next}.",
                "Finish it first, with the schemas, the answers and the gen-migration that it was made from; or delete"
                " its files, where they have not been run anywhere.",
            )
    there = next((each.written for each in found if each.mark == mark), frozenset[str]())
    left = tuple(stage for stage in plan.stages if stage not in there)
    if not left:
        raise BadInput(
            f"{where}: all stages of this migration are there already ({', '.join(plan.stages)}).",
            "Run them; to write them anew, delete the files first.",
        )
    if wanted == ALL:
        return left
    if wanted in (NEXT, left[0]):
        return left[:1]
    if wanted in there:
        raise BadInput(f"{where}: the stage {wanted} is there already.", f"The next one is --stage {left[0]}.")
    if wanted not in plan.stages:
        raise BadInput(
            f"--stage {wanted}: this migration has nothing to do in it.", f"It has {', '.join(plan.stages)}."
        )
    raise BadInput(
        f"--stage {wanted}: the stage {left[0]} comes first, and is not in {where}.", f"Write --stage {left[0]}."
    )


def _heads(folder: Path, suffixes: tuple[str, ...]) -> Iterator[str]:
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        if path.name.endswith(suffixes) and path.is_file():
            with path.open("rb") as file:
                yield file.read(HEAD).decode(errors="replace")
