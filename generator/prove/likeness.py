"""Which columns hold the same values: through foreign keys, and through what a back-fill matches on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from generator.model.answers import Unmatched
from generator.model.plan import Filling, Mirror
from generator.model.schema import QName, Schema
from generator.model.words import folded

Node = tuple[QName, str]
"""A column: its table's name and its own. The old and the new schema's column of one name are one node."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Columns of one table whose values are found in another's.

    ``enforced`` says that a foreign key asks for it; otherwise it is a back-fill's match, and ``unmatched`` is what
    happens to a row that finds none. ``single`` says that no two rows may find the same one, ``can_wait`` that the
    constraint can be checked as late as at the commit.
    """

    table: QName
    columns: tuple[str, ...]
    source: QName
    source_columns: tuple[str, ...]
    enforced: bool = True
    unmatched: Unmatched = Unmatched.STOP
    single: bool = False
    can_wait: bool = False


@dataclass(slots=True)
class Likeness:
    """Sets of columns that share their values, the links they come from, and the types that expressions cast to."""

    links: list[Link] = field(default_factory=list)
    casts: dict[Node, set[str]] = field(default_factory=dict)
    loose: set[Node] = field(default_factory=set)
    """Columns whose case and blanks do not matter to the match that uses them."""
    mirrored: set[Node] = field(default_factory=set)
    """Columns that hold the same as another one of their table, by its other name or in its other type."""
    _parent: dict[Node, Node] = field(default_factory=dict)

    def find(self, node: Node) -> Node:
        """The one that stands for all columns that share values with this one."""
        parent = self._parent.get(node, node)
        if parent == node:
            return node
        root = self._parent[node] = self.find(parent)
        return root

    def join(self, left: Node, right: Node) -> None:
        """Say that two columns share their values."""
        one, other = sorted((self.find(left), self.find(right)))
        if one != other:
            self._parent[other] = one

    def add(self, link: Link) -> None:
        """Take a link in, and what follows from it."""
        if link not in self.links:
            self.links.append(link)
        for column, source_column in zip(link.columns, link.source_columns, strict=True):
            self.join((link.table, column), (link.source, source_column))


def find_likeness(schemas: Iterable[Schema], fillings: Iterable[Filling], mirrors: Iterable[Mirror]) -> Likeness:
    """All of it for the two schemas and what happens between them."""
    likeness = Likeness()
    for schema in schemas:
        for table in schema.tables:
            for key in table.foreign_keys:
                likeness.add(
                    Link(
                        table=table.name,
                        columns=key.columns,
                        source=key.references,
                        source_columns=key.referenced_columns,
                        can_wait=re.search(r"(?<!NOT )DEFERRABLE", key.definition) is not None,
                    )
                )
    for mirror in mirrors:
        likeness.join((mirror.table, mirror.old_column), (mirror.table, mirror.new_column))
        likeness.mirrored.update({(mirror.table, mirror.old_column), (mirror.table, mirror.new_column)})
        _note_casts(likeness, mirror.forward, {"": mirror.table})
    for filling in fillings:
        _add_filling(likeness, filling)
    return likeness


def _add_filling(likeness: Likeness, filling: Filling) -> None:
    tables = {filling.table_alias: filling.table}
    if filling.source is not None:
        tables[filling.source_alias] = filling.source
    for text in (filling.value, filling.match or "", *(value for _, value in filling.create)):
        _note_casts(likeness, text, tables)
    if filling.source is None or filling.match is None:
        return
    pairs = tuple(_equalities(filling.match, filling.table_alias, filling.source_alias))
    if not pairs:
        return
    likeness.add(
        Link(
            table=filling.table,
            columns=tuple(column for column, _ in pairs),
            source=filling.source,
            source_columns=tuple(column for _, column in pairs),
            enforced=False,
            unmatched=filling.backfill.unmatched,
            single=filling.unique,
        )
    )
    if re.search(r"\b(lower|upper)\s*\(", filling.match, re.I) and re.search(r"trim\s*\(", filling.match, re.I):
        likeness.loose.update((filling.table, column) for column, _ in pairs)


_NAME = r'(?:"(?:[^"]|"")+"|[A-Za-z_][\w$]*)'
_COLUMN = re.compile(rf"({_NAME})\s*\.\s*({_NAME})")
_CAST = re.compile(rf"(?:({_NAME})\s*\.\s*)?({_NAME})\s*::\s*((?:{_NAME}\.)?{_NAME}(?:\([\d, ]+\))?)")
_CALLED_CAST = re.compile(rf"\bCAST\s*\(\s*(?:({_NAME})\s*\.\s*)?({_NAME})\s+AS\s+([^()]+(?:\([\d, ]+\))?)\)", re.I)


def _equalities(match: str, table: str, source: str) -> Iterable[tuple[str, str]]:
    """The pairs of columns which a match wants equal, whatever is wrapped around them."""
    for part in re.split(r"\bAND\b", match, flags=re.I):
        sides = re.split(r"(?<![<>!])=", part)
        if len(sides) != 2:
            continue
        left, right = ({(folded(alias), folded(column)) for alias, column in _COLUMN.findall(side)} for side in sides)
        if len(left) == len(right) == 1:
            found = dict((*left, *right))
            if found.keys() == {table, source}:
                yield found[table], found[source]


def _note_casts(likeness: Likeness, text: str, tables: dict[str, QName]) -> None:
    for alias, column, type_text in (*_CAST.findall(text), *_CALLED_CAST.findall(text)):
        table = tables.get(folded(alias) if alias else "")
        if table is not None:
            likeness.casts.setdefault((table, folded(column)), set()).add(type_text.strip().lower())
