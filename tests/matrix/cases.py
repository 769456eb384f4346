"""The cases, read from the TOML files beside this one."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``rows`` are SQL for the old schema; empty where the proof's own rows are enough."""

    name: str
    old: str
    new: str
    rows: str = ""


def all_cases() -> tuple[Case, ...]:
    """Every change kind forwards and (``… back``) backwards, then every scenario with its rows, and backwards."""
    kinds = [
        Case(name=case["name"], old=case["old"], new=case["new"])
        for file in ("change_kinds", "combinations")
        for case in _read(file, "case")
    ]
    scenarios = [
        Case(name=case["name"], old=case["old"], new=case["new"], rows=case["rows"])
        for case in _read("dangerous_rows", "scenario")
    ]
    return tuple(each for case in kinds + scenarios for each in (case, _backwards(case)))


def _backwards(case: Case) -> Case:
    return Case(name=f"{case.name} back", old=case.new, new=case.old)


def _read(file: str, key: str) -> list[dict[str, str]]:
    with (_HERE / f"{file}.toml").open("rb") as stream:
        cases: list[dict[str, str]] = tomllib.load(stream)[key]
    return cases
