"""What leads from one snapshot of version 9 to another, as drizzle-kit 1.0 keeps every snapshot but the first."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.load.drizzle.edges import KEYS, Row
from generator.load.drizzle.folder import read_folder
from generator.load.drizzle.snapshot import load_snapshot
from generator.model.declared import Declared
from generator.model.drizzle_folder import DrizzleFolder
from generator.model.drizzle_state import DrizzleState


def drizzle_state(path: Path, new: Declared) -> DrizzleState:
    """What is in the folder, and the new schema's snapshot as it would follow there. Raises BadInput."""
    folder = read_folder(path)
    if not folder.migrations and '"ddl"' in new.snapshot:
        folder = replace(folder, layout="folders")  # an empty folder is of the drizzle-kit that made the snapshot
    return DrizzleState(folder=folder, snapshot=snapshot_after(folder, new.snapshot))


def snapshot_after(folder: DrizzleFolder, whole: str) -> str:
    """The snapshot ``whole`` as the folder keeps one that follows its newest: a difference where there are folders.

    Its own id and those before it are not in it. An empty text stays empty.
    """
    newest = folder.newest
    if not whole or folder.layout == "journal" or newest is None or newest.snapshot is None:
        return whole
    new = json.loads(whole)
    if "ddl" not in new:
        return whole
    old = json.loads(load_snapshot(newest.snapshot).snapshot)
    deltas = deltas_between(old["ddl"], new["ddl"])
    return json.dumps(
        {
            "type": "diff",
            "version": new["version"],
            "dialect": new["dialect"],
            "footprints": _footprints(old["ddl"], new["ddl"], deltas),
            "deltas": deltas,
        }
    )


def deltas_between(old: list[Row], new: list[Row]) -> list[dict[str, Any]]:
    """Rows that go, rows that change in place, rows that come."""
    before, after = ({_key(row): row for row in rows} for rows in (old, new))
    drops = [{"op": "drop", "key": key} for key in before if key not in after]
    alters = [
        {
            "op": "alter",
            "key": key,
            "set": {name: value for name, value in row.items() if before[key].get(name) != value},
        }
        for key, row in after.items()
        if key in before and before[key] != row
    ]
    creates = [{"op": "create", "row": row} for key, row in after.items() if key not in before]
    return [*drops, *alters, *creates]


def _key(row: Row) -> str:
    """As drizzle-kit writes it: the type, a zero, and a JSON list without blanks."""
    kind = row["entityType"]
    names = json.dumps([row[name] for name in KEYS[kind]], separators=(",", ":"), ensure_ascii=False)
    return f"{kind}\0{names}"


def _footprints(old: list[Row], new: list[Row], deltas: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By what drizzle-kit tells whether two branches are in each other's way: whole tables, to be on the safe side."""
    rows = {_key(row): row for row in (*old, *new)}
    touched = dict.fromkeys(_target(delta.get("row") or rows[delta["key"]]) for delta in deltas)
    return [
        {
            "statementType": f"alter_{kind}",
            "statementTarget": [kind, *names],
            "writes": [f"{way}|{short}|{'.'.join(names)}" for way in "sne"],
            "reads": [],
        }
        for kind, short, names in touched
    ]


def _target(row: Row) -> tuple[str, str, tuple[str, ...]]:
    """The kind, its short name in footprints, and the names of what a row belongs to."""
    if row["entityType"] == "tables" or row.get("table"):
        return "table", "tbl", (row["schema"], row.get("table") or row["name"])
    if row.get("schema"):
        return row["entityType"].removesuffix("s"), "rel", (row["schema"], row["name"])
    return row["entityType"].removesuffix("s"), "sch" if row["entityType"] == "schemas" else "rol", (row["name"],)
