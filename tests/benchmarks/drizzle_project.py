"""A Drizzle project as it grows: hundreds of snapshots, in the end of 112 tables, each step one that people make."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

Json = dict[str, Any]

_KINDS = ("text", "integer", "timestamp with time zone", "boolean", "jsonb", "numeric(12, 2)", "uuid", "varchar(80)")


def write_project(folder: Path, *, snapshots: int = 240, tables: int = 112) -> list[str]:
    """Write ``folder`` as drizzle-kit 0.31 leaves it; the tags, in order."""
    (folder / "meta").mkdir(parents=True)
    entries: list[Json] = []
    for number, (name, state) in enumerate(_history(snapshots, tables)):
        tag = f"{number:04d}_{name}"
        text = json.dumps({"id": str(UUID(int=number + 1)), "prevId": str(UUID(int=number)), **state}, indent=2)
        (folder / "meta" / f"{number:04d}_snapshot.json").write_text(text)
        (folder / f"{tag}.sql").write_text("-- as drizzle-kit would have it\n")
        entries.append(
            {"idx": number, "version": "7", "when": 1_700_000_000_000 + number, "tag": tag, "breakpoints": True}
        )
    journal = {"version": "7", "dialect": "postgresql", "entries": entries}
    (folder / "meta" / "_journal.json").write_text(json.dumps(journal, indent=2))
    return [entry["tag"] for entry in entries]


def _history(snapshots: int, tables: int) -> Iterator[tuple[str, Json]]:
    """Name and whole state of each migration: tables come one by one, and other steps in between."""
    state: Json = {
        "version": "7", "dialect": "postgresql", "tables": {}, "schemas": {}, "sequences": {}, "roles": {},
        "policies": {}, "views": {}, "_meta": {"columns": {}, "schemas": {}, "tables": {}},
        "enums": {"public.state": {"name": "state", "schema": "public", "values": ["new", "done"]}},
    }  # fmt: skip
    made = 0
    for number in range(snapshots):
        state = copy.deepcopy(state)
        due = tables * (number + 1) // snapshots
        if made < max(due, 3):
            while made < max(due, 3):
                _add_table(state, made)
                made += 1
            yield "add_table", state
            continue
        steps = (_add_column, _add_index, _add_value, _add_unique, _add_reference, _add_check, _drop_index, _add_view)
        step = steps[number % len(steps)]
        step(state, number, f"public.t{number * 7 % made}")
        yield step.__name__.strip("_"), state


def _column(name: str, kind: str, **more: Any) -> Json:
    return {"name": name, "type": kind, "primaryKey": False, "notNull": False, **more}


def _add_table(state: Json, number: int) -> None:
    columns = {
        "id": _column("id", "uuid", primaryKey=True, notNull=True, default="gen_random_uuid()"),
        "state": _column("state", "state", typeSchema="public", notNull=True, default="'new'"),
        "created_at": _column("created_at", "timestamp with time zone", notNull=True, default="now()"),
    }
    for index in range(9):
        columns[f"c{index}"] = _column(f"c{index}", _KINDS[(number + index) % len(_KINDS)])
    table: Json = {
        "name": f"t{number}", "schema": "", "columns": columns, "indexes": {}, "foreignKeys": {},
        "compositePrimaryKeys": {}, "uniqueConstraints": {}, "policies": {}, "checkConstraints": {},
        "isRLSEnabled": False,
    }  # fmt: skip
    state["tables"][f"public.t{number}"] = table
    if number:
        _add_reference(state, number, f"public.t{number}")


def _add_column(state: Json, number: int, table: str) -> None:
    state["tables"][table]["columns"][f"more{number}"] = _column(f"more{number}", _KINDS[number % len(_KINDS)])


def _add_index(state: Json, number: int, table: str) -> None:
    key = {"expression": "c1", "isExpression": False, "asc": True, "nulls": "last"}
    name = f"index_{number}"
    state["tables"][table]["indexes"][name] = {
        "name": name, "columns": [key], "isUnique": False, "concurrently": False, "method": "btree", "with": {},
    }  # fmt: skip


def _add_value(state: Json, number: int, _table: str) -> None:
    state["enums"]["public.state"]["values"].append(f"state{number}")


def _add_unique(state: Json, number: int, table: str) -> None:
    name = f"unique_{number}"
    state["tables"][table]["uniqueConstraints"][name] = {"name": name, "nullsNotDistinct": False, "columns": ["c2"]}


def _add_reference(state: Json, number: int, table: str) -> None:
    other, name = f"t{number // 3}", f"other{number}_id"
    found = state["tables"][table]
    found["columns"][name] = _column(name, "uuid")
    key = f"{found['name']}_{name}_{other}_id_fk"
    found["foreignKeys"][key] = {
        "name": key, "tableFrom": found["name"], "tableTo": other if f"public.{other}" in state["tables"] else "t0",
        "columnsFrom": [name], "columnsTo": ["id"], "onDelete": "set null", "onUpdate": "no action",
    }  # fmt: skip


def _add_check(state: Json, number: int, table: str) -> None:
    name = f"check_{number}"
    state["tables"][table]["checkConstraints"][name] = {"name": name, "value": "\"created_at\" > '2000-01-01'"}


def _drop_index(state: Json, number: int, table: str) -> None:
    for each in state["tables"].values():
        if each["indexes"]:
            each["indexes"].popitem()
            return
    _add_column(state, number, table)


def _add_view(state: Json, number: int, table: str) -> None:
    name = f"view_{number}"
    state["views"][f"public.{name}"] = {
        "name": name, "schema": "public", "columns": {}, "materialized": False, "isExisting": False,
        "definition": f'select "id", "created_at" from "{table.partition(".")[2]}"',
    }  # fmt: skip
