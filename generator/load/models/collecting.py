"""Finds every table that a user's modules declare: bases, MetaData objects, Core tables, registries."""

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from sqlalchemy import Column, MetaData, Table
from sqlalchemy.exc import InvalidRequestError, NoReferencedColumnError, NoReferencedTableError
from sqlalchemy.types import NullType

from generator.load.models.trouble import Trouble

_ACCEPTED = "a MetaData, a declarative base, a Table, a list of these, or a function without arguments that gives one"


def collect(modules: list[ModuleType], attribute: str | None) -> list[Table]:
    """The tables, those of one MetaData together, in the order in which they were declared. Raises Trouble."""
    if attribute is not None:
        tables = _named(modules[0], attribute)
    else:
        tables = [table for metadata in _all_metadata(modules) for table in metadata.tables.values()]
        if not tables:
            raise Trouble(_nothing_found(modules), "Name the module that has the models, or module:attribute.")
    _resolve(tables)
    return _with_referenced(tables)


def _named(module: ModuleType, attribute: str) -> list[Table]:
    found: Any = module
    for name in attribute.split("."):
        try:
            found = getattr(found, name)
        except AttributeError:
            near = sorted(name for name, value in vars(module).items() if _metadata_of(value))
            raise Trouble(
                f"there is no {attribute} in {module.__name__}.",
                f"It has {', '.join(near)}." if near else "",
            ) from None
    tables = _tables_of(found)
    if tables is None:
        raise Trouble(f"{attribute} is {_described(found)}, and neither {_ACCEPTED}.")
    if not tables:
        raise Trouble(f"{attribute} knows no table.", "Name the module that declares the models.")
    return list(dict.fromkeys(tables))


def _tables_of(value: Any) -> list[Table] | None:
    if isinstance(value, Table):
        return [value]
    if isinstance(value, type) and isinstance(getattr(value, "__table__", None), Table):
        return [value.__table__]  # type: ignore[attr-defined]
    metadata = _metadata_of(value)
    if metadata:
        return [table for each in metadata for table in each.tables.values()]
    if isinstance(value, list | tuple | set | frozenset):
        parts = [_tables_of(each) for each in value]
        return None if None in parts else [table for part in parts for table in part or ()]
    if callable(value) and not isinstance(value, type):
        return _tables_of(_call(value))
    return None


def _call(function: Callable[[], Any]) -> Any:
    try:
        return function()
    except Exception as error:
        raise Trouble(
            f"{getattr(function, '__name__', 'the function')}() raises {type(error).__name__}: {error}"
        ) from None


def _all_metadata(modules: Iterable[ModuleType]) -> list[MetaData]:
    found: dict[int, MetaData] = {}
    for module in modules:
        for value in list(vars(module).values()):
            for metadata in _metadata_of(value):
                found.setdefault(id(metadata), metadata)
    return list(found.values())


def _metadata_of(value: Any) -> list[MetaData]:
    """The MetaData that a value is or carries (bases, models, registries, Flask-SQLAlchemy's object)."""
    if isinstance(value, MetaData):
        return [value]
    if isinstance(value, ModuleType):
        return []
    try:
        carried = getattr(value, "metadata", None)
        several = getattr(value, "metadatas", None)
    except Exception:
        # Proxies of web frameworks raise whatever they like outside of a request.
        return []
    found = [carried] if isinstance(carried, MetaData) else []
    if isinstance(several, dict):
        found += [each for each in several.values() if isinstance(each, MetaData)]
    return found


def _resolve(tables: list[Table]) -> None:
    """Let foreign keys by name find tables of another MetaData. Raises Trouble."""
    by_key = {table.key: table for table in tables}
    for table in tables:
        for foreign_key in table.foreign_keys:
            try:
                _ = foreign_key.column
            except NoReferencedTableError as error:
                meant = foreign_key.target_fullname.rpartition(".")[0]
                # A MetaData with a schema of its own looks for every bare name in that schema.
                names = (error.table_name, meant, meant.removeprefix("public."))
                other = next((by_key[name] for name in names if name in by_key), None)
                if other is None or other.metadata is table.metadata:
                    raise Trouble(
                        f"table {table.key} references {foreign_key.target_fullname}, "
                        f"but there is no table {error.table_name} among the models.",
                        "Give the module or package that has it too.",
                    ) from None
                dict.__setitem__(table.metadata.tables, error.table_name, other)
            except (NoReferencedColumnError, InvalidRequestError) as error:
                raise Trouble(f"table {table.key}: {error}") from None
    for table in tables:
        for column in table.columns:
            _take_type(column)


def _take_type(column: Column[Any]) -> None:
    """Give a column without a type that of the column which it references, as SQLAlchemy does inside one MetaData."""
    for foreign_key in column.foreign_keys if isinstance(column.type, NullType) else ():
        if foreign_key.column is not column:
            _take_type(foreign_key.column)
            column.type = foreign_key.column.type


def _with_referenced(tables: list[Table]) -> list[Table]:
    """The tables and all those that they reference."""
    found = dict.fromkeys(tables)
    pending = list(tables)
    while pending:
        for foreign_key in pending.pop().foreign_keys:
            other = foreign_key.column.table
            if isinstance(other, Table) and other not in found:
                found[other] = None
                pending.append(other)
    return list(found)


def _nothing_found(modules: list[ModuleType]) -> str:
    empty = _all_metadata(modules)
    if empty:
        return "no table is declared there (what it has of MetaData is empty: are the models imported?)."
    names = [name for name in vars(modules[0]) if not name.startswith("_")]
    said = f"it has {', '.join(names[:8])}{' …' if len(names) > 8 else ''}" if names else "it is empty"
    return f"no SQLAlchemy model or table is found in {modules[0].__name__}: {said}."


def _described(value: Any) -> str:
    return "a module" if isinstance(value, ModuleType) else f"of type {type(value).__name__}"
