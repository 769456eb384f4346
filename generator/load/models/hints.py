"""What models say about the way to them, in the ``info`` of a table or column."""

from typing import Any

from sqlalchemy import Table

from generator.load.models.origins import Origins
from generator.load.models.trouble import Trouble


def find_hints(tables: list[Table], origins: Origins) -> list[dict[str, Any]]:
    """``renamed_from``, ``backfill`` and ``convert``, wherever they are; other keys of ``info`` are others'."""
    hints: list[dict[str, Any]] = []
    for table in tables:
        table_before = table.info.get("renamed_from", table.name) if table.info else table.name
        if table.info and "renamed_from" in table.info:
            hints.append(_hint("rename", table, None, table_before, table_before, origins))
        for column in table.columns:
            info = column.info
            if not info:
                continue
            if "renamed_from" in info:
                hints.append(_hint("rename", table, column.name, info["renamed_from"], table_before, origins))
            for kind in ("backfill", "convert"):
                if kind in info:
                    hints.append(_hint(kind, table, column.name, info[kind], table_before, origins))
    return hints


def _hint(kind: str, table: Table, column: str | None, value: Any, before: Any, origins: Origins) -> dict[str, Any]:
    origin = origins.of(table)
    where = f"{origin + ': ' if origin else ''}info of {table.key}{'.' + column if column else ''}"
    key = "renamed_from" if kind == "rename" else kind
    plain = isinstance(value, str) or (kind != "rename" and isinstance(value, dict))
    if not plain or not isinstance(before, str):
        wanted = "the old name, a text" if kind == "rename" else "a text or a dict"
        raise Trouble(f"{where}: {key} is {value!r}; it has to be {wanted}.")
    return {
        "kind": kind, "schema": table.schema or "public", "table": table.name, "column": column,
        "table_before": before, "value": _plain(value, where), "origin": origin,
    }  # fmt: skip


def _plain(value: Any, where: str) -> Any:
    """The value as JSON can carry it. Raises Trouble."""
    if isinstance(value, dict):
        return {str(key): _plain(each, where) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, where) for each in value]
    if isinstance(value, str):
        return str(value)
    raise Trouble(f"{where}: {value!r} is no text.")
