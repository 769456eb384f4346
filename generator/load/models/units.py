"""Makes units of tables: what ``create_all`` would send, statement by statement, sorted by what each belongs to.

SQLAlchemy itself runs the creation, on a connection that only listens; so listeners, types, sequences and the order of
everything are its own. Foreign keys stay where it puts them, and get the names that they would get.
"""

import warnings
from typing import Any

from sqlalchemy import MetaData, Table, create_mock_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateSequence, CreateTable, SetConstraintComment
from sqlalchemy.sql.ddl import ExecutableDDLElement
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import TypeEngine

from generator.load.models.automatic_names import add_namesakes
from generator.load.models.drafts import Draft, schemas_of, table_name, without_repetitions
from generator.load.models.needs import add_needs
from generator.load.models.origins import Origins
from generator.load.models.trouble import Trouble


def make_units(tables: list[Table], origins: Origins) -> list[dict[str, Any]]:
    """The units in an order that can be run, each as the fields of a Unit. Raises Trouble."""
    listener = _Listener(origins)
    for metadata in dict.fromkeys(table.metadata for table in tables):
        listener.create(metadata, [table for table in tables if table.metadata is metadata])
    drafts = without_repetitions(listener.drafts)
    drafts = [*schemas_of(drafts), *drafts]
    add_needs(drafts)
    add_namesakes(drafts)
    return [draft.unit() for draft in drafts]


class _Listener:
    """Stands in for a connection while SQLAlchemy creates tables, and writes down what it is sent."""

    def __init__(self, origins: Origins) -> None:
        self.drafts: list[Draft] = []
        self._origins = origins
        self._by_name: dict[str, Draft] = {}
        self._metadata: MetaData | None = None
        self._table: Table | None = None
        self._begun = False
        # Otherwise % would be doubled for a driver, as it is in statements with parameters.
        self._engine = create_mock_engine("postgresql+psycopg://", self._take, paramstyle="named")
        self._dialect = self._engine.dialect
        # Asked from a server otherwise: strings are as the standard has them. And CONCURRENTLY cannot run with other
        # statements, while it is the same index in the end.
        vars(self._dialect).update(_backslash_escapes=False, _supports_create_index_concurrently=False)

    def create(self, metadata: MetaData, tables: list[Table]) -> None:
        """Let SQLAlchemy create the tables. Raises Trouble."""
        self._metadata, self._begun, self._table = metadata, False, None
        listeners = ((Table, "before_create", self._open), (MetaData, "after_create", self._close))
        for target, name, listener in listeners:
            event.listen(target, name, listener, insert=True)
        try:
            metadata.create_all(self._engine, tables=tables, checkfirst=False)
        except SQLAlchemyError as error:
            raise Trouble(f"{self._where()}{error}") from None
        except Exception as error:
            raise Trouble(
                f"{self._where()}{type(error).__name__} while its DDL is made: {error}",
                "Listeners run without a database here: one that reads from it cannot be used.",
            ) from None
        finally:
            for target, name, listener in listeners:
                event.remove(target, name, listener)

    def _open(self, target: Table, *_: object, **__: object) -> None:
        # Called before a table's own listeners; what they send after it belongs to the table too.
        self._begun, self._table = True, target

    def _close(self, *_: object, **__: object) -> None:
        self._table = None

    def _take(self, element: Any, *_: object, **__: object) -> None:
        if isinstance(element, UpdateBase):
            return  # rows that a listener puts in are no part of a schema
        element = self._of_this_metadata(element)
        sql = self._compiled(element)
        if isinstance(element, AddConstraint):
            self._add_late(element.element, sql)
            return
        of = getattr(element, "element", None)
        if isinstance(element, CreateSequence) or (
            isinstance(element, ExecutableDDLElement) and isinstance(of, TypeEngine)
        ):
            self._add_shared("sequence" if isinstance(element, CreateSequence) else "type", of, sql)
        elif self._table is not None:
            sorted_run = isinstance(element, CreateIndex | SetConstraintComment)
            draft = self._of(self._table)
            draft.add(sql, sorted_run=sorted_run)
            if isinstance(element, CreateTable) and _leaves_open_whether_stored(element):
                draft.before_18[sql] = self._compiled_before_18(element)
        else:
            # A listener of the whole. Named by its text, so that both sides call the same one the same.
            kind = "last" if self._begun else "first"
            self._insert(Draft(name=f"{kind} {sql}", kind=kind)).add(sql)

    def _compiled(self, element: Any) -> str:
        return str(element.compile(dialect=self._dialect)).strip().rstrip(";")

    def _compiled_before_18(self, element: Any) -> str:
        """As SQLAlchemy (since 2.1) writes it for an older server."""
        settings = vars(self._dialect)
        kept = dict(settings)
        settings["supports_virtual_generated_columns"] = False
        with warnings.catch_warnings(action="ignore"):
            sql = self._compiled(element)
        settings.clear()
        settings.update(kept)
        return sql

    def _of_this_metadata(self, element: Any) -> Any:
        """A CREATE TABLE without the foreign keys to tables of another MetaData, which may come later."""
        if not isinstance(element, CreateTable):
            return element
        table: Any = element.element
        others = [key for key in table.foreign_key_constraints if key.referred_table.metadata is not table.metadata]
        if not others:
            return element
        included = element.include_foreign_key_constraints
        inline = [key for key in table.foreign_key_constraints if included is None or key in included]
        for key in others:
            if key in inline:
                self._add_late(key, str(AddConstraint(key).compile(dialect=self._dialect)))
        return CreateTable(table, include_foreign_key_constraints=[key for key in inline if key not in others])

    def _add_late(self, key: Any, sql: str) -> None:
        draft = self._of(key.table)
        draft.late.append(sql)
        draft.late_needs.append(table_name(key.referred_table))

    def _add_shared(self, kind: str, of: Any, sql: str) -> None:
        """A type or a sequence, which stands before the table for which it is made."""
        name = f"{kind} {of.schema}.{of.name}" if of.schema else f"{kind} {of.name}"
        draft = Draft(name=name, kind=kind, schema=of.schema, origin=self._origin())
        draft.add(sql)
        self._insert(draft, before_table=True)

    def _of(self, table: Table) -> Draft:
        name = table_name(table)
        known = self._by_name.get(name)
        if known is not None and known.table is table:
            return known
        draft = Draft(name=name, kind="table", schema=table.schema, table=table, origin=self._origins.of(table))
        return self._insert(draft)

    def _insert(self, draft: Draft, before_table: bool = False) -> Draft:
        draft.metadata = self._metadata
        self._by_name.setdefault(draft.name, draft)
        last = self.drafts[-1] if self.drafts else None
        if before_table and last is not None and last.table is not None and last.table is self._table:
            self.drafts.insert(-1, draft)
        else:
            self.drafts.append(draft)
        return draft

    def _origin(self) -> str:
        return self._origins.of(self._table) if self._table is not None else ""

    def _where(self) -> str:
        if self._table is None:
            return ""
        origin = self._origin()
        return f"{origin}: table {self._table.key}: " if origin else f"table {self._table.key}: "


def _leaves_open_whether_stored(element: Any) -> bool:
    """Whether a generated column is neither said to be stored nor not: then the server's release decides."""
    return any(column.computed is not None and column.computed.persisted is None for column in element.element.columns)
