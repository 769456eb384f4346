"""Loads a snapshot: a file of it, or one of a folder of migrations."""

import json
from pathlib import Path
from typing import Any

from generator.dialects.postgres.names import ident
from generator.errors import BadInput
from generator.load.drizzle.entities import Role, Snapshot
from generator.load.drizzle.folder import find_migration, newest_migration, read_folder
from generator.load.drizzle.json_file import Node, read_json
from generator.load.drizzle.replay import ORIGIN, Link, replayed
from generator.load.drizzle.units import make_units
from generator.load.drizzle.version7 import read_version7
from generator.load.drizzle.version9 import read_rows
from generator.model.declared import Declared

_UP = "Run `drizzle-kit up`, which brings snapshots to its own version."


def load_folder(path: Path, wanted: str = "") -> Declared:
    """The newest snapshot of a folder of migrations, or the one after the migration ``wanted``. Raises BadInput."""
    folder = read_folder(path)
    migration = find_migration(folder, wanted) if wanted else newest_migration(folder)
    assert migration.snapshot is not None
    return load_snapshot(migration.snapshot, source=f"{path}@{wanted}" if wanted else str(path))


def load_snapshot(file: Path, source: str = "", origin: str = "") -> Declared:
    """What a snapshot's file declares; ``origin`` stands for the file in messages. Raises BadInput."""
    snapshot = read_snapshot(file)
    return Declared(
        source=source or str(file),
        units=make_units(snapshot, origin or str(file)),
        models=True,
        roles=tuple(_create_role(role) for role in snapshot.roles),
        snapshot=whole_text(file),
    )


def whole_text(file: Path) -> str:
    """A snapshot as JSON text; one that is a difference as the whole that it leads to. Raises BadInput."""
    data = read_json(file)
    if data.get("type") != "diff":
        return json.dumps(data)
    whole = {name: value for name, value in data.items() if name not in ("deltas", "footprints")}
    return json.dumps({**whole, "type": "base", "ddl": _rows(file, data)})


def read_snapshot(file: Path) -> Snapshot:
    """What a snapshot's file says. Raises BadInput."""
    data = read_json(file)
    if not isinstance(data, dict) or "version" not in data or "dialect" not in data:
        raise BadInput(f"{file}: no snapshot of drizzle-kit: it has no version or no dialect.")
    if data["dialect"] not in ("postgresql", "postgres", "pg"):
        raise BadInput(f"{file}: this snapshot is of {data['dialect']}, not of PostgreSQL.")
    match str(data["version"]):
        case "7":
            return read_version7(Node(data=data, file=file))
        case "8" | "9":
            return read_rows(_nodes(file, _rows(file, data)))
        case version if version.isdigit() and int(version) < 7:
            raise BadInput(f"{file}: a snapshot of version {version}; 7, 8 and 9 are read.", _UP)
        case version:
            raise BadInput(
                f"{file}: a snapshot of version {version}; 7, 8 and 9 are read.",
                "It is from a drizzle-kit that is newer than what is known here: update gen-migration.",
            )


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
