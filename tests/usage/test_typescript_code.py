"""TypeScript: fields of Drizzle tables, inserts, updates, comparisons, SQL in strings and templates."""

import pytest

from generator.usage.typescript_tokens import Kind, tokens
from tests.usage.shop import in_typescript

SCHEMA = """
import { pgTable, text, uuid } from "drizzle-orm/pg-core";
export const users = pgTable("users", { id: uuid("id").defaultRandom(), email: text("email") });
export const customers = pgTable("customers", {
  id: uuid("id").primaryKey(),
  email: text("email"),
  short: text("nick"), // the code of it
  plan: text("plan").notNull().default("free"),
  code: text(),
}, (t) => ({ code: unique().on(t.code) }));
"""
IMPORT = 'import { customers, users as people } from "./schema";\n'
WITHOUT = "a new row of customers without user_id"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("db.select({ id: customers.id })", []),
        ("db.select({ code: customers.code })", ["2 customers.code"]),
        ("db.select({ x: customers?.short })", ["2 customers.nick"]),
        ("row.customers.code; customer.code", []),
        ("db.update(customers).set({ code: 1 })", ["2 customers.code"]),
        ("db.update(customers).set({ plan: null })", ["2 NULL for customers.plan"]),
        ("// customers.code\n/* customers.code */ const x = 'customers.code'", []),
        ("const x = /customers.code/; y", []),
        ("const x = sql`${customers.code} = 1`", ["2 customers.code"]),
        ("const customers = await f(); customers.code", ["2 customers.code?"]),
    ],
)
def test_fields_are_found_where_their_table_is_known(code: str, found: list[str]) -> None:
    assert in_typescript(IMPORT + code, SCHEMA) == found


def test_a_table_that_the_file_does_not_know_is_not_ours() -> None:
    assert in_typescript("customers.code", SCHEMA) == []
    assert in_typescript('import * as schema from "./schema";\nschema.customers.code', SCHEMA) == ["2 customers.code"]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("db.insert(customers).values({ email })", [f"2 {WITHOUT}"]),
        ("db.insert(customers).values({ email, userId: 1 })", []),
        ("db.insert(customers).values({ ...row })", [f"2 {WITHOUT}?"]),
        ("db.insert(customers).values(rows)", [f"2 {WITHOUT}?"]),
        ("db\n  .insert(customers)\n  .values([{ email: f({ a: 1 }), userId: 1 }, { email }])", [f"3 {WITHOUT}"]),
        ("db.insert(people).values({ email })", []),
    ],
)
def test_a_new_row_has_to_give_what_is_required_now_and_no_default_fills(code: str, found: list[str]) -> None:
    assert in_typescript(IMPORT + code, SCHEMA) == found


def test_rows_that_are_matched_as_the_back_fill_matched_them_are_found() -> None:
    code = "db.select().from(customers).innerJoin(people, eq(people.email, customers.email))"
    assert in_typescript(IMPORT + code, SCHEMA) == ["2 customers.email = users.email"]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('pool.query("SELECT code FROM customers WHERE id = $1")', ["1 customers.code"]),
        ("pool.query(`\n  SELECT id,\n    code\n  FROM customers WHERE id = ${id}`)", ["3 customers.code?"]),
        ("pool.query(`SELECT code FROM customers`)", ["1 customers.code"]),
    ],
)
def test_strings_and_templates_are_read(code: str, found: list[str]) -> None:
    assert in_typescript(code) == found


def test_what_is_never_closed_ends_with_the_file() -> None:
    for source in ("`a ${b", "'a", "/* a", "f({ a: [", "`${`${`"):
        assert all(token.start < len(source) for token in tokens(source))


def test_templates_keep_their_places() -> None:
    (literal,) = (token for token in tokens("`a ${f(`x ${y}`)} b`") if token.kind is Kind.TEMPLATE and token.start == 0)
    assert len(literal.value) == len("a ${f(`x ${y}`)} b")
    assert literal.value.endswith(" b")
