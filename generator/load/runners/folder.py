"""Which runner a folder of migrations belongs to, and its migrations as units: the parts that go forward only."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from generator.errors import BadInput
from generator.load.runners import dbmate, flyway, golang_migrate, goose, liquibase, plain, prisma
from generator.load.runners.migration import Migration, sql_below
from generator.load.runners.unfinished import of_unfinished_plans
from generator.model.declared import Declared, Unit

_Read = Callable[[Path, Sequence[Path]], Sequence[Migration]]

RUNNERS: tuple[tuple[str, Callable[[Path], bool], _Read], ...] = (
    ("Prisma", prisma.is_folder, prisma.read),
    ("golang-migrate", golang_migrate.is_folder, golang_migrate.read),
    ("Flyway", flyway.is_folder, flyway.read),
    ("Liquibase", liquibase.is_folder, liquibase.read),
    ("dbmate", dbmate.is_folder, dbmate.read),
    ("goose", goose.is_folder, goose.read),
    ("files in the order of their names", plain.is_folder, plain.read),
)
"""Each runner with how its folder is told and how it is read; the first one counts."""


def runner_of(path: Path) -> str | None:
    """The runner whose folder this is; None for a folder without SQL."""
    return next((name for name, told, _ in RUNNERS if told(path)), None)


def load_migrations(path: Path, *, unfinished: bool = False) -> Declared:
    """All migrations of a folder that has some, one unit a file. Raises BadInput.

    Files of a plan of ours of which a stage is still missing are left out, and that is noted: with them the schema
    would be half-way. ``unfinished`` takes them as well.
    """
    _, _, read = next(runner for runner in RUNNERS if runner[1](path))
    files = sorted(path.glob("*.sql")) if read is plain.read else sql_below(path)
    units: list[Unit] = []
    migrations = read(path, files)
    left_out = frozenset[Path]() if unfinished else of_unfinished_plans([each.file for each in migrations])
    for migration in migrations:
        if migration.file in left_out:
            continue
        shown = migration.file.relative_to(path)
        units.append(
            Unit(
                name=f"file {shown}",
                sql=migration.sql,
                needs=tuple(unit.name for unit in units),
                origin=f"{migration.file}:1",
            )
        )
    if not units:
        raise BadInput(f"{path}: there is no migration that goes forward in this folder.")
    return Declared(source=str(path), units=tuple(units), notes=tuple(_notes(path, len(left_out))))


def _notes(path: Path, count: int) -> Iterator[str]:
    if count:
        some = f"{count} files of a migration" if count > 1 else "1 file of a migration"
        yield f"{path}: {some} that is not finished are left out: a stage of it is not there yet."
