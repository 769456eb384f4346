"""The units as psql scripts, a file a stage and its rollback: so the proof runs them as a runner does."""

from collections.abc import Iterable
from pathlib import Path

from generator.model.plan import Plan
from generator.render.stages import in_words
from generator.render.units import Piece, Unit, patiently


def scripts_of(plan: Plan, units: tuple[Unit, ...], templates: Path | None = None) -> dict[str, str]:
    """Every script by its name, in the order in which they run."""
    files = {}
    for words in in_words(plan):
        own = [unit for unit in units if unit.stage is words.stage]
        files[words.file] = script_of(forwards(unit, templates) for unit in own)
        files[words.rollback_file] = script_of(backwards(unit, templates) for unit in reversed(own))
    return files


def forwards(unit: Unit, templates: Path | None = None) -> tuple[Piece, ...]:
    """All statements of a unit, for a runner that sends them one by one."""
    return patiently(unit.pieces, templates) if unit.patient else unit.pieces


def backwards(unit: Unit, templates: Path | None = None) -> tuple[Piece, ...]:
    """All statements that undo a unit, for a runner that sends them one by one."""
    return patiently(unit.back, templates) if unit.patient_back else unit.back


def script_of(groups: Iterable[tuple[Piece, ...]]) -> str:
    """The statements one after the other, each with its semicolon."""
    return "".join(f"{piece.sql};\n\n" for group in groups for piece in group).strip() + "\n"
