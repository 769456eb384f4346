"""The cases, read from the TOML files beside this one: a file a group, and a ``[[case]]`` for each."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent

FIRST = ("change_kinds", "dangerous_rows")
"""The groups that the project was given; what it added itself comes after them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``rows`` are SQL for the old schema, where the proof's own rows are not enough; ``group`` is its file's name.

    ``answers`` are TOML.
    """

    name: str
    old: str
    new: str
    rows: str = ""
    answers: str = ""
    group: str = ""


def all_cases() -> tuple[Case, ...]:
    """Every case forwards and (``… back``) backwards, file by file."""
    groups = (*FIRST, *sorted(path.stem for path in _HERE.glob("*.toml") if path.stem not in FIRST))
    cases = [Case(**case, group=group) for group in groups for case in _read(group)]
    return tuple(each for case in cases for each in (case, _backwards(case)))


def _features(group: str) -> Iterator[dict[str, str]]:
    """What a schema holds beside tables: from the bare ground to the first form, and from each form to the next."""
    for feature in _file(group).get("feature", []):
        sides = [feature["ground"], *(f"{feature['ground']} {form}" for form in feature["forms"])]
        for number, (old, new) in enumerate(pairwise(sides), 1):
            yield {"name": f"{feature['name']}_{number}", "old": old, "new": new}


def _backwards(case: Case) -> Case:
    """The rows are for the forward way only: they are rows of its old schema."""
    return Case(name=f"{case.name} back", old=case.new, new=case.old, group=case.group)


def _read(group: str) -> list[dict[str, str]]:
    return [*_file(group).get("case", []), *_features(group)]


def _file(group: str) -> dict[str, Any]:
    with (_HERE / f"{group}.toml").open("rb") as stream:
        return tomllib.load(stream)
