"""A change that touches everything that is looked for, and what of it is found in a text."""

import ast
from dataclasses import replace
from pathlib import Path

from generator.model import change as c
from generator.model.answers import Backfill
from generator.model.plan import Filling
from generator.model.schema import Column, PrimaryKey, QName, Schema, Table, Unique
from generator.usage import Affected, affected_by
from generator.usage.found import Found
from generator.usage.python_code import uses_in_python
from generator.usage.python_models import models_of
from generator.usage.typescript_code import uses_in_typescript
from generator.usage.typescript_tables import tables_of
from generator.usage.typescript_tokens import tokens


def name(table: str) -> QName:
    return QName("public", table)


def table(named: str, *columns: Column) -> Table:
    key = PrimaryKey(name=f"{named}_pkey", definition="PRIMARY KEY (id)", columns=("id",))
    return Table(name=name(named), columns=(Column(name="id", type="uuid", nullable=False), *columns), primary_key=key)


def text(named: str, *, nullable: bool = True, type_: str = "text") -> Column:
    return Column(name=named, type=type_, nullable=nullable)


USER_ID = Column(name="user_id", type="uuid", nullable=False)
USERS = table("users", text("email"), text("full_name"))
OLD_CUSTOMERS = table("customers", text("email"), text("nick"), text("plan"), text("total"), text("code"))
NEW_CUSTOMERS = table(
    "customers", text("email"), text("handle"), text("plan", nullable=False), text("total", type_="numeric"), USER_ID
)
ORDERS = table("orders", text("note"), text("email"))
OLD = Schema(tables=(OLD_CUSTOMERS, ORDERS, table("logs", text("line")), USERS))
NEW = Schema(tables=(NEW_CUSTOMERS, replace(ORDERS, name=name("purchases")), USERS))
CUSTOMERS = name("customers")
CHANGES: tuple[c.Change, ...] = (
    c.TableRenamed(old=name("orders"), table=NEW.tables[1]),
    c.TableDropped(table=OLD.tables[2]),
    c.ColumnAdded(table=CUSTOMERS, column=USER_ID),
    c.ColumnDropped(table=CUSTOMERS, column=text("code")),
    c.ColumnRenamed(table=CUSTOMERS, old=text("nick"), new=text("handle")),
    c.ColumnTypeChanged(table=CUSTOMERS, old=text("total"), new=text("total", type_="numeric")),
    c.ColumnRequired(table=CUSTOMERS, column=text("plan", nullable=False)),
    c.UniqueDropped(
        table=CUSTOMERS, unique=Unique(name="k", definition="UNIQUE (email, code)", columns=("email", "code"))
    ),
)
FILLING = Filling(
    table=CUSTOMERS,
    table_alias="customers",
    column="user_id",
    type="uuid",
    key=(("id", "uuid"),),
    value="users.id",
    reads=("email",),
    backfill=Backfill(value="users.id", source="users"),
    source=name("users"),
    source_alias="users",
    match="lower(customers.email) = lower(users.email)",
)
AFFECTED: Affected = affected_by(CHANGES, (FILLING,), OLD, NEW)


def told(found: Found, source: str) -> str:
    """``3 customers.code`` for something certain in line 3, ``3 customers.code?`` for what is only likely."""
    return f"{source.count(chr(10), 0, found.start) + 1} {found.what}{'' if found.certain else '?'}"


def in_python(source: str, models: str = "") -> list[str]:
    """What is found in a file, beside one with models."""
    path, other = Path("app/code.py"), Path("app/models.py")
    trees = {path: ast.parse(source), other: ast.parse(models)}
    found = uses_in_python(path, source, trees[path], models_of(trees, AFFECTED), AFFECTED)
    return sorted({told(each, source) for each in found}, key=lambda line: (int(line.split()[0]), line))


def in_typescript(source: str, schema: str = "") -> list[str]:
    """What is found in a file, beside one with tables."""
    path, other = Path("web/code.ts"), Path("web/schema.ts")
    tables = [*tables_of(path, tokens(source), AFFECTED), *tables_of(other, tokens(schema), AFFECTED)]
    found = uses_in_typescript(path, tokens(source), tables, AFFECTED)
    return sorted({told(each, source) for each in found}, key=lambda line: (int(line.split()[0]), line))
