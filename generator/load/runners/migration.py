"""One migration, and what the ways of reading them share: marks in comments, and parts blanked out line by line."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.errors import BadInput
from generator.load.sql_files import read_sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """A file and what of it goes forward; every line keeps its number."""

    file: Path
    sql: str


def whole(file: Path) -> Migration:
    """The whole file."""
    return Migration(file=file, sql=read_sql(file))


def sql_below(path: Path) -> list[Path]:
    """The SQL files of a folder and of those below it, sorted; hidden folders and packages that lie there are not."""
    found = []
    for folder, below, names in os.walk(path):
        below[:] = sorted(each for each in below if not each.startswith(".") and each != "node_modules")
        found += [Path(folder, name) for name in names if name.endswith(".sql")]
    return sorted(found)


def has_mark(files: Sequence[Path], mark: re.Pattern[str]) -> bool:
    """Whether any of the files has a line that ``mark`` matches."""
    return any(mark.search(file.read_text(encoding="utf-8", errors="replace")) for file in files)


def forward_part(file: Path, up: re.Pattern[str], down: re.Pattern[str]) -> str:
    """What stands between the line that ``up`` matches, which is there, and one that ``down`` does. Raises BadInput."""
    sql = read_sql(file)
    begun = up.search(sql)
    assert begun is not None
    ended = down.search(sql, begun.end())
    end = ended.start() if ended else len(sql)
    return blanked(sql[: begun.end()]) + sql[begun.end() : end] + blanked(sql[end:])


def blanked(sql: str) -> str:
    """Nothing but the line ends."""
    return "\n" * sql.count("\n")


def number_of(file: Path) -> int:
    """The number that the file's name begins with. Raises BadInput where there is none."""
    found = re.match(r"\d+", file.name)
    if found is None:
        raise BadInput(f"{file}: the name does not begin with the migration's number.")
    return int(found[0])


def without_twins(migrations: list[tuple[int, Path]], where: Path) -> None:
    """No number may be there twice. Raises BadInput."""
    seen: dict[int, Path] = {}
    for number, file in migrations:
        if number in seen:
            raise BadInput(f"{where}: {seen[number].name} and {file.name} have the same number.", "Number one anew.")
        seen[number] = file
