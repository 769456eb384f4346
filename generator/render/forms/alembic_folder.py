"""What is in an Alembic project: where its revisions are, and which of them are heads. Nothing of it is run."""

import ast
import re
import tomllib
from collections.abc import Iterable
from configparser import ConfigParser, Error
from dataclasses import dataclass
from pathlib import Path

from generator.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One revision's own words: its id, those it follows, those it depends on, and its labels."""

    id: str
    before: tuple[str, ...]
    depends_on: tuple[str, ...]
    labels: tuple[str, ...]


def versions_folder(project: Path) -> Path | None:
    """The versions folder of the project at ``project``; None where there is no Alembic project."""
    settings = _settings(project)
    if settings is None:
        return None
    locations = (
        re.split(r"[\s,:;]+", settings["version_locations"].strip()) if settings.get("version_locations") else []
    )
    if len(locations) > 1:
        raise BadInput(
            f"{project}: alembic.ini names several version_locations ({', '.join(locations)}).",
            "Name the folder that the revisions are to be written to with --out.",
        )
    if locations:
        return project / locations[0]
    location = settings.get("script_location", "")
    return project / location / "versions" if location and ":" not in location else None


def _settings(project: Path) -> dict[str, str] | None:
    ini, toml = project / "alembic.ini", project / "pyproject.toml"
    if ini.is_file():
        parser = ConfigParser({"here": str(project)})
        try:
            parser.read(ini, encoding="utf-8")
            found = {
                name: parser.get("alembic", name, fallback="") for name in ("script_location", "version_locations")
            }
            if found["script_location"]:
                return found
        except Error as error:
            raise BadInput(
                f"{ini}: {str(error).splitlines()[0]}", "Correct it, or name the versions folder."
            ) from error
    if toml.is_file():
        try:
            table = tomllib.loads(toml.read_text(encoding="utf-8")).get("tool", {}).get("alembic", {})
        except ValueError:
            return None
        location = table.get("script_location")
        return {"script_location": location.replace("%(here)s", str(project))} if isinstance(location, str) else None
    return None


def read_revisions(folder: Path) -> tuple[Revision, ...]:
    """The revisions in a versions folder. Raises BadInput where a file cannot be read."""
    found = []
    for path in sorted(folder.glob("*.py")) if folder.is_dir() else ():
        try:
            names = _assigned(ast.parse(path.read_text(encoding="utf-8")))
        except (SyntaxError, ValueError) as error:
            raise BadInput(f"{path}: cannot be read as a revision: {error}", "Correct it first.") from error
        if isinstance(names.get("revision"), str):
            found.append(
                Revision(
                    id=str(names["revision"]),
                    before=_texts(names.get("down_revision")),
                    depends_on=_texts(names.get("depends_on")),
                    labels=_texts(names.get("branch_labels")),
                )
            )
    return tuple(found)


def heads_of(revisions: tuple[Revision, ...], folder: Path) -> str | tuple[str, ...] | None:
    """What the next revision follows: the head, or all where they have a common beginning; None in an empty folder."""
    followed = {each for revision in revisions for each in revision.before}
    heads = sorted(revision.id for revision in revisions if revision.id not in followed)
    if not heads:
        if revisions:
            raise BadInput(f"{folder}: its revisions follow each other in a circle.", "alembic history shows them.")
        return None
    if len(heads) == 1:
        return heads[0]
    before = {revision.id: revision.before for revision in revisions}
    lines = [_ancestors(head, before) for head in heads]
    if not set.intersection(*lines):
        raise BadInput(
            f"{folder}: there are {len(heads)} heads without a common beginning ({', '.join(heads)}).",
            "It is not known which line this migration belongs to: join them with alembic merge, or name the versions"
            " folder of one line with --out.",
        )
    return tuple(heads)


def _ancestors(revision: str, before: dict[str, tuple[str, ...]]) -> set[str]:
    seen: set[str] = set()
    todo = [revision]
    while todo:
        each = todo.pop()
        if each not in seen:
            seen.add(each)
            todo += before.get(each, ())
    return seen


def _assigned(module: ast.Module) -> dict[str, object]:
    """The module's own names that are given a constant."""
    found: dict[str, object] = {}
    for node in module.body:
        targets: Iterable[ast.expr] = ()
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets = (node.target,)
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                try:
                    found[target.id] = ast.literal_eval(node.value)
                except ValueError:
                    continue
    return found


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(str(each) for each in value)
    return ()
