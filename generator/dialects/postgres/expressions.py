"""Expressions that people write: one expression and nothing else, and which columns it uses.

sqlglot reads them. What is written into a script is the person's own text, in which only the names of columns are
exchanged, at the places at which the parser saw them: printed again it might not be the same.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from generator.dialects.postgres.names import ident
from generator.errors import BadInput

if TYPE_CHECKING:
    from sqlglot import exp

_STRING_OR_NAME = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_][A-Za-z0-9_$]*""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row that an expression may speak of: the alias under which the SQL knows it, and its columns.

    Without an alias the columns stay bare.
    """

    alias: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """``sql`` with every column qualified by an alias; ``columns`` are those that it uses, as (alias, column)."""

    sql: str
    columns: tuple[tuple[str, str], ...]

    def of(self, alias: str) -> tuple[str, ...]:
        """The columns that it uses of one row."""
        return tuple(dict.fromkeys(column for owner, column in self.columns if owner == alias))


def resolve(text: str, rows: Mapping[str, Row], where: str) -> Resolved:
    """The expression over ``rows``, which are keyed by the table names that a person may write.

    ``where`` says where the text was written. Raises BadInput where it is not one expression, holds an aggregate or a
    window, or names a column that is not there, or that several rows have.
    """
    expression = _parse(text, where)
    replaced: list[tuple[int, int, str]] = []
    used: list[tuple[str, str]] = []
    for column, own in _columns(expression):
        table = column.args.get("table")
        if own and (table is None or _name(table) not in rows):
            continue
        name = _name(column.this)
        if own:
            raise BadInput(
                f"{where}: the subquery in {text!r} uses {column.sql('postgres')}",
                "A subquery may not look at the row that is filled: use from and match to join another table.",
            )
        alias = _owner(name, _name(table) if table is not None else None, rows, text, where)
        start, end = column.parts[0].meta["start"], column.this.meta["end"] + 1
        replaced.append(
            (start - len(_BEFORE), end - len(_BEFORE), f"{ident(alias)}.{ident(name)}" if alias else ident(name))
        )
        used.append((alias, name))
    sql = text
    for start, end, name in sorted(replaced, reverse=True):
        sql = sql[:start] + name + sql[end:]
    return Resolved(sql=sql.strip(), columns=tuple(dict.fromkeys(used)))


def plain_equalities(text: str) -> tuple[tuple[tuple[str, str], tuple[str, str]], ...]:
    """The pairs of (alias, column) that a resolved condition sets equal, if that is all it does; else nothing."""
    import sqlglot
    from sqlglot import exp

    pairs = []
    parts = list(sqlglot.parse_one(text, read="postgres").flatten()) if " AND " in text.upper() else []
    for part in parts or [sqlglot.parse_one(text, read="postgres")]:
        sides = (part.this, part.expression) if isinstance(part, exp.EQ) else ()
        if not sides or not all(isinstance(side, exp.Column) and side.args.get("table") for side in sides):
            return ()
        left, right = ((_name(side.args["table"]), _name(side.this)) for side in sides)
        pairs.append((left, right))
    return tuple(pairs)


def with_column(text: str, old: str, new: str) -> str:
    """The text with one column's name exchanged, as ``with_columns`` does."""
    return with_columns(text, {old: new})


def with_columns(text: str, names: Mapping[str, str]) -> str:
    """The text with some columns' names exchanged at once, wherever they stand as names and not inside a string.

    What stands after ``::`` or a dot is the name of a type, and what stands before a parenthesis that of a function.
    """
    wanted = {ident(old): ident(new) for old, new in names.items()}

    def exchanged(found: re.Match[str]) -> str:
        before, after = text[max(0, found.start() - 2) : found.start()], text[found.end() : found.end() + 1]
        is_column = not before.endswith(("::", ".")) and after not in ("(", ".")
        return wanted.get(found.group(), found.group()) if is_column else found.group()

    return _STRING_OR_NAME.sub(exchanged, text)


_BEFORE = "SELECT (\n"


def _parse(text: str, where: str) -> "exp.Expr":
    """The expression, parsed inside of parentheses, where nothing else can stand. Places count from _BEFORE on."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    way_out = "Write one SQL expression: no statement, no semicolon, no comment."
    try:
        commented = any(token.comments for token in sqlglot.tokenize(text, read="postgres"))
        parsed = sqlglot.parse_one(f"{_BEFORE}{text}\n)", read="postgres")
    except SqlglotError as error:
        detail = str(error).split("\n", 1)[0]
        raise BadInput(f"{where}: {text!r} is not an SQL expression: {detail}", way_out) from None
    found = parsed.expressions[0] if isinstance(parsed, exp.Select) and len(parsed.expressions) == 1 else None
    inner: exp.Expr | None = found.this if isinstance(found, exp.Paren | exp.Subquery) else None
    odd = isinstance(inner, exp.Query | exp.Alias | exp.Tuple) and not isinstance(inner, exp.Subquery)
    if inner is None or odd or commented or parsed.args.get("from_") or _is_star(inner):
        raise BadInput(f"{where}: {text!r} is not one SQL expression", way_out)
    if next(inner.find_all(exp.Parameter, exp.Placeholder), None):
        raise BadInput(f"{where}: {text!r} has a parameter, and nobody to give it", way_out)
    outside = list(inner.find_all(exp.AggFunc, exp.Window, exp.Insert, exp.Update, exp.Delete))
    if any(node.find_ancestor(exp.Query) is parsed or isinstance(node, exp.DML) for node in outside):
        raise BadInput(
            f"{where}: {text!r} computes over several rows, or writes",
            "Write an expression over one row of each table.",
        )
    return inner


def _is_star(expression: "exp.Expr") -> bool:
    """``*`` or ``users.*``: a whole row."""
    from sqlglot import exp

    return isinstance(expression, exp.Star) or (
        isinstance(expression, exp.Column) and isinstance(expression.this, exp.Star)
    )


def _columns(expression: "exp.Expr") -> Iterator[tuple["exp.Column", bool]]:
    """Every column, and whether it stands inside a subquery."""
    from sqlglot import exp

    outermost = expression.find_ancestor(exp.Select)
    for column in expression.find_all(exp.Column):
        if isinstance(column.this, exp.Identifier):
            yield column, column.find_ancestor(exp.Select) is not outermost


def _name(identifier: "exp.Expr") -> str:
    """The identifier as PostgreSQL reads it: folded to lower case unless it is quoted."""
    name: str = identifier.name
    return name if identifier.args.get("quoted") else name.lower()


def _owner(name: str, table: str | None, rows: Mapping[str, Row], text: str, where: str) -> str:
    """The alias of the row that the column belongs to."""
    candidates = dict.fromkeys(
        row.alias for key, row in rows.items() if (table is None or key == table) and name in row.columns
    )
    if len(candidates) == 1:
        return next(iter(candidates))
    known = sorted(rows)
    if candidates:
        raise BadInput(f"{where}: {name} in {text!r} may be of {' or '.join(known)}", f"Write {known[0]}.{name}.")
    if table is not None and table not in rows:
        raise BadInput(f"{where}: {text!r} speaks of the table {table}", f"It may speak of {' and '.join(known)}.")
    there = sorted({column for key, row in rows.items() if table in (None, key) for column in row.columns})
    near = get_close_matches(name, there, n=1)
    raise BadInput(
        f"{where}: {table or ' and '.join(known)} has no column {name}, which {text!r} uses",
        f"Did you mean {near[0]}?" if near else f"There are {', '.join(there)}.",
    )
