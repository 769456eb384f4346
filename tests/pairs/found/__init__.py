"""Small pairs that ended badly once. Each file: how it has to end, whether renames are taken, and both schemas."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.pairs.outcome import End

_FORM = re.compile(
    r"-- (?P<why>.*)\n-- ends: (?P<end>.*)\n-- renames: (?P<renames>.*)\n(?P<old>[\s\S]*)-- NEW\n(?P<new>[\s\S]*)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """``why`` says what went wrong."""

    name: str
    why: str
    end: End
    renames: bool
    old: str
    new: str


def all_found() -> tuple[Found, ...]:
    """Every file beside this one."""
    return tuple(_read(path) for path in sorted(Path(__file__).parent.glob("*.sql")))


def _read(path: Path) -> Found:
    form = _FORM.fullmatch(path.read_text(encoding="utf-8"))
    assert form is not None, f"{path} has not the form of these files"
    return Found(
        name=path.name,
        why=form["why"],
        end=End(form["end"]),
        renames=form["renames"] == "yes",
        old=form["old"],
        new=form["new"],
    )
