"""The tables that change and those that hang on them, old and new in one: boxes with rows, and links between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from generator.model.change import Change, ColumnRenamed
from generator.model.schema import Column, Constraint, ForeignKey, Index, QName, Table
from generator.render.review.subject import Subject

_MOST_BOXES = 60
_MOST_NEIGHBOURS = 6
_MOST_ROWS = 14


class Mark(StrEnum):
    """What happens to a thing."""

    SAME = "same"
    ADDED = "added"
    DROPPED = "dropped"
    CHANGED = "changed"

    @property
    def sign(self) -> str:
        """One character, so that nobody has to tell colours apart."""
        return {"same": "", "added": "+", "dropped": "−", "changed": "~"}[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A column, or a constraint or an index that changes. ``was`` and ``now`` say what it is before and after.

    ``was_name`` is the name before, where it is another one. ``column`` tells columns from the rest.
    """

    mark: Mark
    name: str
    was_name: str
    was: str
    now: str
    column: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A table. ``left_out`` counts the columns that are not shown, since nothing happens to them."""

    table: QName
    was_name: str
    mark: Mark
    rows: tuple[Row, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A foreign key from a row of a box to another box; ``words`` tell it."""

    mark: Mark
    child: QName
    row: str
    parent: QName
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is drawn. ``left_out`` counts tables for which there is no room."""

    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    left_out: int

    @property
    def words(self) -> str:
        """The picture in sentences, for those who do not see it."""
        return " ".join([*(_box_words(box) for box in self.boxes), *(f"{link.words}." for link in self.links)])


def picture(subject: Subject) -> Picture:
    """The picture; without boxes where no table changes."""
    pairs = _pairs(subject)
    touched = _touched(subject.changes, subject.renamed)
    changed = [name for name in pairs if name in touched]
    shown = [*changed, *_neighbours(changed, pairs, subject)][:_MOST_BOXES]
    boxes = tuple(_box(name, *pairs[name], subject.changes) for name in shown)
    links = tuple(_links(shown, pairs, subject))
    return Picture(boxes=boxes, links=links, left_out=len(changed) - sum(name in touched for name in shown))


_Pair = tuple[Table | None, Table | None]


def _pairs(subject: Subject) -> dict[QName, _Pair]:
    """The old and the new state of each table, by its new name."""
    old = {subject.renamed.get(table.name, table.name): table for table in subject.old.tables}
    new = {table.name: table for table in subject.new.tables}
    return {name: (old.get(name), new.get(name)) for name in sorted(old.keys() | new.keys())}


def _touched(changes: Sequence[Change], renamed: dict[QName, QName]) -> set[QName]:
    found = set(renamed.values())
    for change in changes:
        for named in (getattr(change, "table", None), getattr(change, "of", None)):
            if isinstance(named, QName | Table):
                name = named.name if isinstance(named, Table) else named
                found.add(renamed.get(name, name))
    return found


def _neighbours(changed: Sequence[QName], pairs: dict[QName, _Pair], subject: Subject) -> Iterator[QName]:
    """Tables that refer to a changed one or that one refers to: only so many for each."""
    given: set[QName] = set(changed)
    for name in changed:
        count = 0
        for other in pairs:
            if other not in given and count < _MOST_NEIGHBOURS and _linked(name, other, pairs, subject):
                given.add(other)
                count += 1
                yield other


def _linked(one: QName, other: QName, pairs: dict[QName, _Pair], subject: Subject) -> bool:
    return any(
        subject.renamed.get(key.references, key.references) == parent
        for child, parent in ((one, other), (other, one))
        for table in pairs[child]
        if table is not None
        for key in table.foreign_keys
    )


def _box(name: QName, old: Table | None, new: Table | None, changes: Sequence[Change]) -> Box:
    renames = {
        change.new.name: change.old.name
        for change in changes
        if isinstance(change, ColumnRenamed) and change.table == name
    }
    rows = list(_columns(old, new, renames))
    kept = [row for row in rows if row.mark is not Mark.SAME or _is_key(row, old, new)]
    rest = list(_inside(old, new))
    some = (*kept[:_MOST_ROWS], *rest[: max(3, _MOST_ROWS - len(kept))])
    renamed = old is not None and new is not None and old.name != new.name
    mark = Mark.ADDED if old is None else Mark.DROPPED if new is None else Mark.SAME
    if mark is Mark.SAME and (renamed or any(row.mark is not Mark.SAME for row in (*rows, *rest))):
        mark = Mark.CHANGED
    was_name = str(old.name) if old is not None and renamed else ""
    return Box(table=name, was_name=was_name, mark=mark, rows=some, left_out=len(rows) + len(rest) - len(some))


def _is_key(row: Row, old: Table | None, new: Table | None) -> bool:
    table = new or old
    assert table is not None
    key = table.primary_key.columns if table.primary_key else ()
    return row.name in key or any(row.name in each.columns for each in table.foreign_keys)


def _columns(old: Table | None, new: Table | None, renames: dict[str, str]) -> Iterator[Row]:
    """The old columns in their order, then the new ones."""
    later = {before: after for after, before in renames.items()}
    for column in old.columns if old else ():
        name = later.get(column.name, column.name)
        if new is None or not new.has_column(name):
            yield Row(mark=Mark.DROPPED, name=column.name, was_name="", was=_said(column, old), now="")
            continue
        was, now = _said(column, old), _said(new.column(name), new)
        same = was == now and name == column.name
        was_name = column.name if name != column.name else ""
        yield Row(mark=Mark.SAME if same else Mark.CHANGED, name=name, was_name=was_name, was=was, now=now)
    for column in new.columns if new else ():
        if old is None or not old.has_column(renames.get(column.name, column.name)):
            yield Row(mark=Mark.ADDED, name=column.name, was_name="", was="", now=_said(column, new))


_SHORT = (
    ("timestamp with time zone", "timestamptz"),
    ("timestamp without time zone", "timestamp"),
    ("time without time zone", "time"),
    ("character varying", "varchar"),
    ("double precision", "float8"),
    ("character(", "char("),
    ("bit varying", "varbit"),
)


def short(type_: str) -> str:
    """A type by its short name: ``varchar(40)``."""
    for long, word in _SHORT:
        type_ = type_.replace(long, word)
    return type_.removeprefix("public.")


def _said(column: Column, table: Table | None) -> str:
    words = [short(column.type)]
    alone = (column.name,)
    if table is not None:
        if table.primary_key is not None and column.name in table.primary_key.columns:
            words.append("PK")
        elif not column.nullable:
            words.append("NOT NULL")
        words += ["UNIQUE"] if any(each.columns == alone for each in table.uniques) else []
        words += ["FK"] if any(column.name in each.columns for each in table.foreign_keys) else []
    return " ".join(words)


def _inside(old: Table | None, new: Table | None) -> Iterator[Row]:
    """Constraints and indexes that come, go or change, but for those that the rows of columns tell."""
    if old is None or new is None:
        return
    before, after = (
        {(type(each).__name__, each.name): each for each in (*table.constraints, *table.indexes)}
        for table in (old, new)
    )
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        told = [each for each in (was, now) if each is not None]
        if was == now or all(_told_by_column(each) for each in told):
            continue
        mark = Mark.ADDED if was is None else Mark.DROPPED if now is None else Mark.CHANGED
        yield Row(
            mark=mark,
            name=_kind(told[-1]),
            was_name="",
            was=_what(was) if was else "",
            now=_what(now) if now else "",
            column=False,
        )


def _told_by_column(each: Constraint | Index) -> bool:
    return isinstance(each, ForeignKey) or (type(each).__name__ in ("Unique", "PrimaryKey") and len(each.columns) == 1)


def _kind(each: Constraint | Index) -> str:
    if isinstance(each, Index):
        return "unique index" if each.unique else "index"
    return {"PrimaryKey": "primary key", "Unique": "unique", "Check": "check", "Exclusion": "exclusion"}[
        type(each).__name__
    ]


def _what(each: Constraint | Index) -> str:
    if type(each).__name__ in ("Unique", "PrimaryKey") and each.columns:
        return f"({', '.join(each.columns)})"
    return each.name


def _links(shown: Sequence[QName], pairs: dict[QName, _Pair], subject: Subject) -> Iterator[Link]:
    for name in shown:
        old, new = pairs[name]
        before = {(key.columns, _now(key, subject)): key for key in (old.foreign_keys if old else ())}
        after = {(key.columns, key.references): key for key in (new.foreign_keys if new else ())}
        for columns, parent in sorted(before.keys() | after.keys()):
            was, now = before.get((columns, parent)), after.get((columns, parent))
            key = now or was
            if parent not in shown or key is None:
                continue
            mark = Mark.ADDED if was is None else Mark.DROPPED if now is None else Mark.SAME
            if was and now and (was.on_delete, was.on_update) != (now.on_delete, now.on_update):
                mark = Mark.CHANGED
            yield Link(mark=mark, child=name, row=columns[0], parent=parent, words=_link_words(name, key, parent, mark))


def _now(key: ForeignKey, subject: Subject) -> QName:
    return subject.renamed.get(key.references, key.references)


def _link_words(child: QName, key: ForeignKey, parent: QName, mark: Mark) -> str:
    verb = {Mark.ADDED: "will refer", Mark.DROPPED: "no longer refers"}.get(mark, "refers")
    acts = f" ON DELETE {key.on_delete}" if key.on_delete != "NO ACTION" else ""
    return f"{child} ({', '.join(key.columns)}) {verb} to {parent} ({', '.join(key.referenced_columns)}){acts}"


def _box_words(box: Box) -> str:
    verb = {Mark.ADDED: "is new", Mark.DROPPED: "goes", Mark.CHANGED: "changes", Mark.SAME: "stays"}[box.mark]
    if box.was_name:
        verb = f"was called {box.was_name}"
    rows = [_row_words(row) for row in box.rows if row.mark is not Mark.SAME]
    return f"{box.table} {verb}{': ' + ', '.join(rows) if rows and box.mark is Mark.CHANGED else ''}."


def _row_words(row: Row) -> str:
    if row.mark is Mark.ADDED:
        return f"{row.name} {row.now} is added"
    if row.mark is Mark.DROPPED:
        return f"{row.name} {row.was} goes"
    if row.was_name and row.was == row.now:
        return f"{row.was_name} is called {row.name}"
    return f"{row.was_name or row.name} {row.was} becomes {row.name if row.was_name else ''} {row.now}".replace(
        "  ", " "
    )
