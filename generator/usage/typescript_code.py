"""A TypeScript or JavaScript file: fields of Drizzle tables, inserts, updates, comparisons, and SQL in its strings."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from generator.usage.affected import Affected, Name
from generator.usage.found import Found
from generator.usage.sql_texts import looks_like_sql, uses_in_sql
from generator.usage.typescript_tables import DrizzleTable
from generator.usage.typescript_tokens import Entry, Kind, Token, closing, entries

_DOTS = (".", "?.")


def uses_in_typescript(
    path: Path, tokens: tuple[Token, ...], tables: Sequence[DrizzleTable], affected: Affected
) -> Iterator[Found]:
    """What a file uses."""
    reader = _Reader(tokens, _known(path, tokens, tables), affected)
    yield from reader.found()
    for token in tokens:
        if token.kind in (Kind.STRING, Kind.TEMPLATE) and looks_like_sql(token.value):
            for found in uses_in_sql(token.value, affected):
                sure = found.certain and (token.kind is Kind.STRING or "${" not in token.text)
                yield Found(
                    start=token.start + 1 + found.start, word=found.word, what=found.what, why=found.why, certain=sure
                )


def _known(path: Path, tokens: Sequence[Token], tables: Sequence[DrizzleTable]) -> dict[str, tuple[DrizzleTable, bool]]:
    """The tables that the file knows by name, and whether that is certain: it defines or imports them."""
    imported = _imports(tokens)
    declared = _declared(tokens)
    found: dict[str, tuple[DrizzleTable, bool]] = {}
    for table in tables:
        same = sum(each.name == table.name for each in tables) == 1
        if table.file == path:
            found[table.name] = (table, True)
        elif table.name in imported.values():
            alias = next(alias for alias, name in imported.items() if name == table.name)
            found[alias] = (table, same and alias not in declared)
        elif "*" in imported.values():
            # import * as schema: schema.customers
            found.setdefault(table.name, (table, False))
    return found


def _imports(tokens: Sequence[Token]) -> dict[str, str]:
    """The names that a file imports, by what it calls them; ``*`` for a whole module."""
    found: dict[str, str] = {}
    for at, token in enumerate(tokens):
        if token.value != "import" or token.kind is not Kind.WORD:
            continue
        place = at + 1
        while place < len(tokens) and tokens[place].kind is not Kind.STRING and tokens[place].text != ";":
            word = tokens[place]
            renamed = place + 2 < len(tokens) and tokens[place + 1].value == "as"
            if word.text == "*" and renamed:
                found[tokens[place + 2].value] = "*"
            elif word.kind is Kind.WORD and word.value not in ("type", "from", "as"):
                found[tokens[place + 2].value if renamed else word.value] = word.value
            place += 3 if renamed else 1
    return found


def _declared(tokens: Sequence[Token]) -> set[str]:
    return {
        tokens[at + 1].value
        for at in range(len(tokens) - 1)
        if tokens[at].value in ("const", "let", "var") and tokens[at].kind is Kind.WORD
    }


class _Reader:
    def __init__(
        self, tokens: tuple[Token, ...], known: dict[str, tuple[DrizzleTable, bool]], affected: Affected
    ) -> None:
        self._tokens = tokens
        self._known = known
        self._affected = affected

    def found(self) -> Iterator[Found]:
        for at, token in enumerate(self._tokens):
            if token.kind is not Kind.WORD:
                continue
            yield from self._member(at)
            following = self._text(at + 1)
            if token.value == "eq" and following == "(":
                yield from self._compared(at)
            elif token.value in ("insert", "update") and following == "(" and self._text(at - 1) in _DOTS:
                yield from self._written(at, token.value)

    def _text(self, at: int) -> str:
        return self._tokens[at].text if 0 <= at < len(self._tokens) else ""

    def _table(self, at: int) -> tuple[DrizzleTable, bool] | None:
        """The table that the word at ``at`` means, unless it is a member of something else than a module."""
        token = self._tokens[at]
        if token.kind is not Kind.WORD or token.value not in self._known:
            return None
        table, sure = self._known[token.value]
        if self._text(at - 1) in _DOTS:
            module = self._text(at - 2)
            return (table, True) if module in ("schema", "tables", "db_schema") else None
        return table, sure

    def _field(self, at: int) -> tuple[Name, bool] | None:
        """The column that ``customers.email`` is, whose first word is at ``at``."""
        named = self._table(at)
        if named is None or self._text(at + 1) not in _DOTS or at + 2 >= len(self._tokens):
            return None
        table, sure = named
        column = table.column(self._tokens[at + 2].value, self._affected)
        return ((table.table, column), sure) if column is not None else None

    def _member(self, at: int) -> Iterator[Found]:
        field = self._field(at)
        if field is not None:
            yield from self._used(field[0], self._tokens[at + 2], certain=field[1])

    def _used(self, name: Name, token: Token, *, certain: bool) -> Iterator[Found]:
        why = self._affected.columns.get(name) or self._affected.gone.get(name[0])
        if why is not None:
            yield Found(start=token.start, word=token.value, what=f"{name[0]}.{name[1]}", why=why, certain=certain)

    def _compared(self, at: int) -> Iterator[Found]:
        """``eq(customers.email, users.email)``: rows matched as a back-fill matched them."""
        end = closing(self._tokens, at + 1)
        fields = [field for place in range(at + 2, end) if (field := self._field(place)) is not None]
        for place, (one, sure) in enumerate(fields):
            for other, surely in fields[place + 1 :]:
                why = self._affected.joins.get(frozenset((one, other)))
                if why is not None:
                    what = " = ".join(f"{table}.{column}" for table, column in sorted((one, other)))
                    yield Found(start=self._tokens[at].start, word="eq", what=what, why=why, certain=sure and surely)

    def _written(self, at: int, kind: str) -> Iterator[Found]:
        """``.insert(customers).values({ … })`` and ``.update(customers).set({ … })``."""
        end = closing(self._tokens, at + 1)
        place = end - 1
        named = self._table(place) if place > at + 1 else None
        method = "values" if kind == "insert" else "set"
        if named is None or self._text(end + 1) not in _DOTS or self._text(end + 2) != method:
            return
        table, sure = named
        opened = end + 3
        objects = list(self._objects(opened))
        for brace in objects:
            yield from self._object(brace, table, sure, kind, self._tokens[place])
        if not objects and kind == "insert":
            yield from self._left_out(table, set(), False, self._tokens[place])

    def _objects(self, opened: int) -> Iterator[int]:
        """The braces of the objects that are given, one alone or in an array."""
        if self._text(opened + 1) == "{":
            yield opened + 1
        elif self._text(opened + 1) == "[":
            at, end = opened + 2, closing(self._tokens, opened + 1)
            while at < end:
                if self._text(at) == "{":
                    yield at
                    at = closing(self._tokens, at)
                at += 1

    def _object(self, brace: int, table: DrizzleTable, sure: bool, kind: str, token: Token) -> Iterator[Found]:
        given: set[str] = set()
        spread = False
        for entry in entries(self._tokens, brace):
            spread = spread or not entry.key
            column = table.column(entry.key, self._affected) if entry.key else None
            if column is None:
                continue
            given.add(column)
            name = (table.table, column)
            yield from self._used(name, self._tokens[entry.at], certain=sure)
            yield from self._null(name, entry, sure)
        if kind == "insert":
            yield from self._left_out(table, given, sure and not spread, token)

    def _null(self, name: Name, entry: Entry, sure: bool) -> Iterator[Found]:
        why = self._affected.never_null.get(name)
        value = self._tokens[entry.first]
        if why is not None and entry.first == entry.last and value.value == "null":
            yield Found(start=value.start, word="null", what=f"NULL for {name[0]}.{name[1]}", why=why, certain=sure)

    def _left_out(self, table: DrizzleTable, given: set[str], sure: bool, token: Token) -> Iterator[Found]:
        for column, why in self._affected.must_give(table.table):
            if column not in given and column not in table.filled:
                what = f"a new row of {table.table} without {column}"
                yield Found(start=token.start, word=token.value, what=what, why=why, certain=sure)
