"""Expressions that people write."""

import pytest

from generator.dialects.postgres.expressions import Row, resolve, with_column
from generator.errors import BadInput

ROWS = {
    "customers": Row(alias="customers", columns=("id", "email", "name", "Weird Col", "meta")),
    "users": Row(alias="users", columns=("id", "email", "age")),
}


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("lower(trim(customers.email)) = lower(trim(users.email))",) * 2,
        ("age::inet", "users.age::inet"),
        ("meta->>'b' || E'\\n' || 'it''s'", "customers.meta->>'b' || E'\\n' || 'it''s'"),
        ('customers."Weird Col"',) * 2,
        ("Customers.Email", "customers.email"),
        ("interval '1 day' + now()",) * 2,
        ("array[name, age]", "array[customers.name, users.age]"),
        ("(select max(id) from plans)",) * 2,
        ("coalesce(name, 'é🙂', age)", "coalesce(customers.name, 'é🙂', users.age)"),
        ('name COLLATE "C"', 'customers.name COLLATE "C"'),
        ("'name' || name", "'name' || customers.name"),
        ("age AT TIME ZONE 'UTC'", "users.age AT TIME ZONE 'UTC'"),
        ("ARRAY(select 1)", "ARRAY(select 1)"),
        ("CASE WHEN age > 1 THEN 'a' END", "CASE WHEN users.age > 1 THEN 'a' END"),
    ],
)
def test_the_text_stays_and_its_columns_are_qualified(text: str, sql: str) -> None:
    assert resolve(text, ROWS, "answers.toml:1").sql == sql


def test_the_columns_are_told_row_by_row() -> None:
    resolved = resolve("customers.email = users.email and name is not null", ROWS, "here")
    assert resolved.of("customers") == ("email", "name")
    assert resolved.of("users") == ("email",)


@pytest.mark.parametrize(
    "text",
    [
        "a; drop table x",
        "select 1",
        "drop table x",
        "name -- hi",
        "",
        "1 from users",
        "'x' as y",
        "users.*",
    ],
)
def test_what_is_not_one_expression_is_bad_input_that_says_where(text: str) -> None:
    with pytest.raises(BadInput, match=r"answers\.toml:7.*not (an SQL|one SQL) expression"):
        resolve(text, ROWS, "answers.toml:7")


@pytest.mark.parametrize("text", ["count(*)", "max(age)", "sum(age) over ()"])
def test_what_computes_over_rows_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="several rows"):
        resolve(text, ROWS, "here")


def test_a_column_that_both_rows_have_must_say_whose_it_is() -> None:
    with pytest.raises(BadInput, match="may be of customers or users"):
        resolve("email", ROWS, "here")


def test_a_misspelt_column_gets_the_nearest_one() -> None:
    with pytest.raises(BadInput) as error:
        resolve("users.emial", ROWS, "here")
    assert error.value.way_out == "Did you mean email?"


def test_a_table_that_is_not_joined_is_named() -> None:
    with pytest.raises(BadInput, match="speaks of the table orders"):
        resolve("orders.id", ROWS, "here")


def test_a_subquery_may_not_look_at_the_row() -> None:
    with pytest.raises(BadInput, match="subquery"):
        resolve("(select id from plans where plans.name = customers.name)", ROWS, "here")


def test_a_column_is_exchanged_as_a_name_and_not_inside_a_string() -> None:
    text = """USING btree (lower(amount), "amount") WHERE amount > 0 AND note <> 'amount' AND amounts = 1"""
    assert with_column(text, "amount", "total") == (
        """USING btree (lower(total), "amount") WHERE total > 0 AND note <> 'amount' AND amounts = 1"""
    )
