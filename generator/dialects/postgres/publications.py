"""Which tables a publication keeps from being updated: rows that a subscriber could not tell apart.

PostgreSQL refuses an UPDATE or DELETE of a table that publishes it and has no replica identity, or one that the
publication's conditions or columns do not fit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from generator.dialects.postgres.names import QNAME, ident
from generator.dialects.postgres.recipes.words import words_of
from generator.model.schema import Other, QName, Schema, Table

_PUBLICATIONS = ("publication", "publication table", "publication schema")
_KINDS = (*_PUBLICATIONS, "replica identity")
_MEMBER = re.compile(rf" ADD TABLE {QNAME}(?: \((?P<columns>.*?)\))?(?: WHERE \((?P<rows>.*)\))?\Z", re.DOTALL)


def refusing(table: QName, event: str, schema: Schema) -> str:
    """The publication that lets no row of the table be updated (``event`` is ``update``, or ``delete``), or nothing."""
    return _Published(schema=schema).refusing(table, event)


def narrowed_by(other: Other, old: Schema, new: Schema) -> bool:
    """Whether the application could not update or delete rows of some table, were the object there before contract.

    By then there are the publications of both schemas, and either one's keys and replica identities.
    """
    if other.kind not in _KINDS:
        return False
    publications = {each for schema in (old, new) for each in schema.others if each.kind in _PUBLICATIONS}
    for schema in (old, new):
        own = tuple(each for each in schema.others if each.kind not in _PUBLICATIONS)
        published = _Published(schema=replace(schema, others=(*own, *publications)))
        tables = [other.table] if other.table is not None else list(published.tables)
        if any(published.refusing(each, event) for each in tables for event in ("update", "delete")):
            return True
    return False


def has_member(table: QName, schema: Schema) -> bool:
    """Whether a publication names the table."""
    return any(each.kind == "publication table" and each.table == table for each in schema.others)


@dataclass(slots=True, kw_only=True)
class _Published:
    """The schema's publications, looked up once."""

    schema: Schema
    tables: dict[QName, Table] = field(init=False)
    _below: dict[QName, list[QName]] = field(init=False, default_factory=dict)
    _others: dict[str, list[Other]] = field(init=False, default_factory=dict)
    _identities: dict[QName, Other] = field(init=False)

    def __post_init__(self) -> None:
        for other in self.schema.others:
            if other.kind in (*_KINDS, "unlogged table"):
                self._others.setdefault(other.kind, []).append(other)
        self.tables = {each.name: each for each in self.schema.tables} if self._of("publication") else {}
        for table in self.tables.values():
            for parent in table.parents:
                self._below.setdefault(parent, []).append(table.name)
        self._identities = {each.table: each for each in self._of("replica identity") if each.table is not None}

    def _of(self, kind: str) -> list[Other]:
        return self._others.get(kind, [])

    def refusing(self, table: QName, event: str) -> str:
        for publication in self._of("publication"):
            published = re.search(r"publish = '([^']*)'", publication.definition)
            is_published = published is not None and event in published[1]
            if is_published and any(self._refuses(publication, each) for each in self._with_rows(table)):
                return publication.name
        return ""

    def _with_rows(self, table: QName) -> Iterator[Table]:
        found = self.tables.get(table)
        unlogged = any(each.table == table for each in self._of("unlogged table"))
        if found is not None and found.partition_key is None and not unlogged:
            yield found
        for each in self._below.get(table, ()):
            yield from self._with_rows(each)

    def _refuses(self, publication: Other, table: Table) -> bool:
        whole, waiting = {table.name}, [table]
        while waiting:
            above = [self.tables[each] for each in waiting.pop().parents if each in self.tables]
            whole |= {each.name for each in above}
            waiting += above
        start = f"{publication.name}: "
        named = (each for each in self._of("publication table") if each.name.startswith(start))
        members = [each for each in named if each.table in whole]
        spaces = {f"{start}tables in schema {each.schema}" for each in whole}
        inside = any(each.name in spaces for each in self._of("publication schema"))
        if not (members or inside or " FOR ALL TABLES" in publication.definition):
            return False
        identity = self._identity(table)
        return identity == frozenset() or any(not _fits(each, identity, table) for each in members)

    def _identity(self, table: Table) -> frozenset[str] | None:
        """The columns by which a subscriber finds a row; None where it is the whole row."""
        chosen = self._identities.get(table.name)
        if chosen is None:
            key = table.primary_key
            return frozenset(key.columns if key is not None and "DEFERRABLE" not in key.definition else ())
        if chosen.definition.endswith(" FULL"):
            return None
        for each in (*table.constraints, *table.indexes):
            if chosen.definition.endswith(f" USING INDEX {ident(each.name)}"):
                return frozenset(each.columns)
        return frozenset()


def _fits(member: Other, identity: frozenset[str] | None, table: Table) -> bool:
    """Whether the columns and the condition of a published table let a row be found."""
    found = _MEMBER.search(member.definition)
    names = {ident(column.name): column.name for column in table.columns}
    listed, rows = (found["columns"], found["rows"]) if found is not None else (None, None)
    if listed is not None and (identity is None or not identity <= {names.get(each) for each in words_of(listed)}):
        return False
    return rows is None or identity is None or {names[each] for each in words_of(rows) & set(names)} <= identity
