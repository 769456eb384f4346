"""Liquibase's formatted SQL: files that begin with ``--liquibase formatted sql``, made of ``--changeset author:id``.

What it takes back is written in comments, so whole files can be run. Run in the order of their paths, as ``includeAll``
does; or, where a changelog in the folder names them one by one, in its order.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from generator.errors import BadInput
from generator.load.runners.migration import Migration, blanked, has_mark, sql_below
from generator.load.sql_files import read_sql

_HEAD = re.compile(r"\A\s*--\s*liquibase\s+formatted\s+sql\b", re.IGNORECASE)
_CHANGESET = re.compile(r"^\s*--\s*changeset\s+(?P<name>\S+:\S+)(?P<rest>[^\n]*)$", re.MULTILINE | re.IGNORECASE)
_INCLUDED = re.compile(r"""\bfile["']?\s*[:=]\s*["']?([^\s"'<>,}]+)""")
_INCLUDE_ALL = re.compile(r"\bincludeAll\b")
_CHANGELOGS = ("*.xml", "*.yaml", "*.yml", "*.json")


def is_folder(path: Path) -> bool:
    """By the first line of any of its files."""
    return has_mark(sql_below(path), _HEAD)


def read(path: Path, files: Sequence[Path]) -> Sequence[Migration]:
    """The change sets for PostgreSQL. Raises BadInput."""
    own = [file for file in files if has_mark((file,), _HEAD)]
    return [Migration(file=file, sql=_changesets(file)) for file in _in_order(path, own)]


def _in_order(path: Path, files: list[Path]) -> list[Path]:
    changelogs = sorted(
        file for pattern in _CHANGELOGS for file in path.rglob(pattern)
        if "databaseChangeLog" in file.read_text(encoding="utf-8", errors="replace")
    )  # fmt: skip
    if not changelogs:
        return files
    text = changelogs[0].read_text(encoding="utf-8", errors="replace")
    included = _INCLUDED.findall(text)
    if len(changelogs) > 1 or (_INCLUDE_ALL.search(text) and included) or not _all_sql(included):
        raise BadInput(
            f"{changelogs[0]}: only formatted SQL is read, and a changelog that includes nothing else.",
            "Let Liquibase update a scratch database, and give its postgresql:// URL.",
        )
    if not included:
        return files
    by_end = {each: [file for file in files if _ends_in(file, each)] for each in included}
    missing = next((each for each, found in by_end.items() if len(found) != 1), None)
    if missing:
        raise BadInput(f"{changelogs[0]}: it includes {missing}, which is not once in this folder.")
    return [by_end[each][0] for each in included]


def _ends_in(file: Path, included: str) -> bool:
    return f"/{file.as_posix()}".endswith(f"/{included.lstrip('./')}")


def _all_sql(included: list[str]) -> bool:
    return all(each.endswith(".sql") for each in included)


def _changesets(file: Path) -> str:
    """The file without the change sets for other databases, statements ended as PostgreSQL wants it."""
    sql = read_sql(file)
    found = list(_CHANGESET.finditer(sql))
    if not found:
        raise BadInput(f"{file}: there is no `--changeset author:id` in it.")
    parts = [blanked(sql[: found[0].start()])]
    for each, following in zip(found, [*found[1:], None], strict=True):
        part = sql[each.start() : following.start() if following else len(sql)]
        attributes = dict(re.findall(r"(\w+):(\S+)", each["rest"]))
        databases = attributes.get("dbms", "postgresql").lower().strip('"').split(",")
        wanted = "postgresql" in databases or ("all" in databases) or all(name.startswith("!") for name in databases)
        if not wanted or "!postgresql" in databases or attributes.get("ignore", "") == "true":
            parts.append(blanked(part))
            continue
        parts.append(_ended(part, attributes.get("endDelimiter", ";").strip('"'), f"{file}: {each['name']}"))
    return "".join(parts)


def _ended(part: str, delimiter: str, where: str) -> str:
    if delimiter == ";":
        return part
    if not re.fullmatch(r"[^\w\s\\]{1,4}|(\\n)?[A-Za-z]\w*", delimiter):
        raise BadInput(f"{where}: its endDelimiter {delimiter} is not known here.")
    written = re.escape(delimiter.removeprefix("\\n"))
    alone = r"^[ \t]*" if written[-1].isalnum() else ""  # a word ends a statement only where it has a line to itself
    return re.sub(rf"{alone}{written}[ \t]*$", ";", part, flags=re.MULTILINE)
