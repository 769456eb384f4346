"""Files of a plan of ours of which a stage is not written yet: until then the schema is the one before the plan."""

from collections.abc import Iterable
from pathlib import Path

from generator.model.runners import HEAD, MARK


def of_unfinished_plans(files: Iterable[Path]) -> frozenset[Path]:
    """Those of the files that belong to a plan which lacks a stage among them."""
    plans: dict[tuple[str, str], dict[str, list[Path]]] = {}
    for file in files:
        with file.open("rb") as opened:
            found = MARK.search(opened.read(HEAD).decode(errors="replace"))
        if found:
            mark, stage, stages = found.groups()
            plans.setdefault((mark, stages.strip()), {}).setdefault(stage, []).append(file)
    return frozenset(
        file
        for (_, stages), written in plans.items()
        if not written.keys() >= set(stages.split(", "))
        for own in written.values()
        for file in own
    )
