"""Loads a snapshot: a file of it, or one of a folder of migrations."""

import json
from pathlib import Path
from typing import Any

from generator.dialects.postgres.names import ident
from generator.errors import BadInput
from generator.load.drizzle.entities import Role
from generator.load.drizzle.folder import find_migration, newest_migration, read_folder
from generator.load.drizzle.json_file import Node, read_json
from generator.load.drizzle.replay import ORIGIN, Link, replayed
from generator.load.drizzle.units import make_units
from generator.load.drizzle.version7 import read_version7
from generator.load.drizzle.version9 import read_rows
from generator.model.declared import Declared
from generator.model.drizzle_folder import DrizzleFolder

_UP = "Run `drizzle-kit up`, which brings snapshots to its own version."


def load_folder(path: Path, wanted: str = "") -> Declared:
    """The newest snapshot of a folder of migrations, or the one after the migration ``wanted``. Raises BadInput."""
    folder = read_folder(path)
    migration = find_migration(folder, wanted) if wanted else newest_migration(folder)
    if folder.layout == "folders" and not wanted:
        _check_branches(folder)
    assert migration.snapshot is not None
    return load_snapshot(migration.snapshot, source=f"{path}@{wanted}" if wanted else str(path))


def _check_branches(folder: DrizzleFolder) -> None:
    """Only one snapshot may be that on which no other builds. Raises BadInput."""
    snapshots = {each.tag: read_json(each.snapshot) for each in folder.migrations if each.snapshot is not None}
    parents = {parent for data in snapshots.values() for parent in data.get("prevIds") or ()}
    last = [tag for tag, data in snapshots.items() if data.get("id") not in parents]
    if len(last) > 1:
        raise BadInput(
            f"{folder.path}: its migrations end in several branches: {', '.join(last)}.",
            f"Let `drizzle-kit generate` merge them, or name one: {folder.path}@{last[-1]}",
        )


def load_snapshot(file: Path, source: str = "", origin: str = "") -> Declared:
    """What a snapshot's file declares; ``origin`` stands for the file in messages. Raises BadInput."""
    data = _read(file)
    rows = _rows(file, data) if str(data["version"]) in ("8", "9") else None
    snapshot = read_version7(Node(data=data, file=file)) if rows is None else read_rows(_nodes(file, rows))
    return Declared(
        source=source or str(file),
        units=make_units(snapshot, origin or str(file)),
        models=True,
        roles=tuple(_create_role(role) for role in snapshot.roles),
        snapshot=_whole_text(data, rows),
    )


def _whole_text(data: dict[str, Any], rows: list[dict[str, Any]] | None) -> str:
    """A snapshot as JSON text; one that is a difference as the whole that it leads to."""
    if data.get("type") != "diff":
        return json.dumps(data)
    whole = {name: value for name, value in data.items() if name not in ("deltas", "footprints")}
    return json.dumps({**whole, "type": "base", "ddl": rows})


def _read(file: Path) -> dict[str, Any]:
    """The file's content, as far as it is a snapshot of PostgreSQL and of a version that is known. Raises BadInput."""
    data = read_json(file)
    if not isinstance(data, dict) or "version" not in data or "dialect" not in data:
        raise BadInput(f"{file}: no snapshot of drizzle-kit: it has no version or no dialect.")
    if data["dialect"] not in ("postgresql", "postgres", "pg"):
        raise BadInput(f"{file}: this snapshot is of {data['dialect']}, not of PostgreSQL.")
    version = str(data["version"])
    if version not in ("7", "8", "9"):
        older = version.isdigit() and int(version) < 7
        newer = "It is from a drizzle-kit that is newer than what is known here: update gen-migration."
        raise BadInput(f"{file}: a snapshot of version {version}; 7, 8 and 9 are read.", _UP if older else newer)
    return data


def _rows(file: Path, data: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a whole snapshot, or of one that is put together from those before it in the folder."""
    own = _link(file, data)
    if own.rows is not None:
        return [dict(row) for row in own.rows]
    others = sorted(file.parent.parent.glob("*/snapshot.json"))
    links = [own, *(_link(each, read_json(each)) for each in others if each.resolve() != file.resolve())]
    return replayed(sorted(links, key=lambda link: link.file.parent.name), own.id)


def _link(file: Path, data: Any) -> Link:
    match data:
        case {"type": "diff", "id": str(own), "prevIds": list(parents), "deltas": list(deltas)}:
            return Link(file=file, id=own, parents=tuple(map(str, parents)), rows=None, deltas=tuple(deltas))
        case {"id": str(own), "ddl": list(rows)} if all(isinstance(row, dict) for row in rows):
            return Link(file=file, id=own, parents=(ORIGIN,), rows=tuple(rows), deltas=())
    raise BadInput(f"{file}: neither a whole snapshot (ddl) nor a difference (deltas).")


def _nodes(file: Path, rows: list[dict[str, Any]]) -> list[Node]:
    return [Node(data=row, file=file, at=_place(row)) for row in rows]


def _place(row: dict[str, Any]) -> str:
    """What a row is, in words."""
    return " ".join(str(row[key]) for key in ("entityType", "table", "name") if row.get(key))


def _create_role(role: Role) -> str:
    return f"CREATE ROLE {ident(role.name)}{f' WITH {role.options}' if role.options else ''}"
