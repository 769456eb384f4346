"""SQL: what a statement uses of what changes."""

import pytest

from generator.usage.sql_texts import looks_like_sql, uses_in_sql
from tests.usage.shop import AFFECTED

NEW_ROW = ["a new row of customers without plan", "a new row of customers without user_id"]


def used(sql: str) -> list[str]:
    return sorted(f"{found.what}{'' if found.certain else '?'}" for found in uses_in_sql(sql, AFFECTED))


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT id, email FROM customers", []),
        ("SELECT code FROM customers", ["customers.code"]),
        ("SELECT c.code FROM customers AS c", ["customers.code"]),
        ("SELECT customers.nick FROM public.customers WHERE id = %s", ["customers.nick"]),
        ("SELECT code FROM billing.customers", []),
        ("SELECT u.code FROM users u", []),
        ("SELECT code FROM customers JOIN elsewhere ON true", ["customers.code?"]),
        ("WITH customers AS (SELECT 1 AS code) SELECT code FROM customers", []),
        ("WITH t AS (SELECT code FROM customers) SELECT t.code FROM t", ["customers.code"]),
        ("SELECT 1 FROM users u WHERE EXISTS (SELECT FROM customers c WHERE c.code = u.email)", ["customers.code"]),
        ("SELECT 1 FROM customers WHERE EXISTS (SELECT FROM users WHERE users.id = code::uuid)", ["customers.code"]),
        ("UPDATE customers SET total = '1' WHERE id = :id", ["customers.total"]),
        ("UPDATE customers SET plan = NULL", ["NULL for customers.plan"]),
        ("UPDATE customers SET plan = 'free'", []),
        ("DELETE FROM customers WHERE nick = $1", ["customers.nick"]),
        ("SELECT * FROM logs", ["logs"]),
        ("SELECT note FROM orders", ["orders"]),
        ("SELECT code FROM", []),
        ("INSERT INTO users (email) VALUES ('x')", []),
    ],
)
def test_columns_and_tables_are_found_where_the_statement_means_them(sql: str, found: list[str]) -> None:
    assert used(sql) == found


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("INSERT INTO customers (email) VALUES (%s)", NEW_ROW),
        ("INSERT INTO customers (email, plan, user_id) VALUES (1, 2, 3)", []),
        ("INSERT INTO customers (plan, user_id) VALUES (NULL, 3)", ["NULL for customers.plan"]),
        ("INSERT INTO customers VALUES (1, 2)", [f"{each}?" for each in NEW_ROW]),
        ("INSERT INTO customers DEFAULT VALUES", NEW_ROW),
        ("INSERT INTO customers (code, plan, user_id) SELECT email, 'x', id FROM users", ["customers.code"]),
    ],
)
def test_a_new_row_has_to_give_what_is_required_now(sql: str, found: list[str]) -> None:
    assert used(sql) == found


@pytest.mark.parametrize(
    "condition",
    [
        "customers c JOIN users u ON c.email = u.email",
        "customers c JOIN users u ON lower(trim(u.email)) = lower(trim(c.email))",
        "customers JOIN users USING (email)",
        "customers c, users u WHERE c.email = u.email",
    ],
)
def test_rows_that_are_matched_as_the_back_fill_matched_them_are_found(condition: str) -> None:
    assert used(f"SELECT 1 FROM {condition}") == ["customers.email = users.email"]


def test_a_conflict_on_a_constraint_that_is_gone_is_found() -> None:
    sql = "INSERT INTO customers (email, plan, user_id) VALUES (1, 2, 3) ON CONFLICT (code, email) DO NOTHING"
    assert "ON CONFLICT (code, email) of customers" in used(sql)
    assert used(sql.replace("(code, email)", "(email)")) == []


def test_a_place_is_that_of_the_word() -> None:
    sql = "SELECT id,\n  code FROM customers"
    (found,) = uses_in_sql(sql, AFFECTED)
    assert sql[found.start :].startswith("code")
    assert found.why == "there is no customers.code in the new schema"


def test_english_is_no_sql() -> None:
    assert not looks_like_sql("the customers")
    assert used("Select the customers by code") == []
    assert looks_like_sql(" -- all of them\n WITH t AS (SELECT 1) SELECT 1")
