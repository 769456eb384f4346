"""A domain's definition taken apart, and which differences replace the domain."""

from generator.diff import apply, compare
from generator.diff.domains import DomainCheck, columns_over, hidden_users, read_domain
from generator.model.answers import Answers
from generator.model.change import ColumnTypeChanged, OtherChanged, TypeReplaced
from generator.model.schema import Column, Other, QName, Schema, Table

NAME = QName("public", "d")


def domain(rest: str, name: str = "d") -> Other:
    sql_name = f"public.{name}"
    return Other(kind="domain", name=name, definition=f"CREATE DOMAIN {sql_name} AS {rest}", sql_name=sql_name)


def schema(*others: Other, type_: str = "public.d") -> Schema:
    table = Table(name=QName("public", "t"), columns=(Column(name="x", type=type_),))
    return Schema(tables=(table,), others=others)


def test_every_clause_is_read() -> None:
    text = (
        "character varying(10) COLLATE \"C\" DEFAULT (' NOT NULL'::text || ' CONSTRAINT x') NOT NULL"
        " CONSTRAINT \"a b\" CHECK (((VALUE)::text <> ' DEFAULT '::text))"
        " CONSTRAINT k CHECK ((length((VALUE)::text) > 1));\n"
        "ALTER DOMAIN public.d ADD CONSTRAINT l CHECK ((VALUE IS NOT NULL)) NOT VALID"
    )
    found = read_domain(domain(text))
    assert (found.name, found.base, found.required) == (NAME, 'character varying(10) COLLATE "C"', True)
    assert found.default == "(' NOT NULL'::text || ' CONSTRAINT x')"
    assert found.checks == (
        DomainCheck(name='"a b"', definition="CHECK (((VALUE)::text <> ' DEFAULT '::text))"),
        DomainCheck(name="k", definition="CHECK ((length((VALUE)::text) > 1))"),
        DomainCheck(name="l", definition="CHECK ((VALUE IS NOT NULL))", validated=False),
    )


def test_the_columns_of_a_domain_are_also_those_of_a_domain_over_it() -> None:
    made = schema(domain("integer"), domain("public.d", "over"), type_="public.over")
    assert list(columns_over(NAME, made)) == [(QName("public", "t"), "x", "public.over")]


def test_what_is_inside_of_others_is_hidden() -> None:
    composite = Other(
        kind="composite type", name="k", definition="CREATE TYPE public.k AS (a public.d)", sql_name="public.k"
    )
    assert list(hidden_users(NAME, schema(domain("integer"), composite, type_="public.d[]"))) == [
        "t.x",
        "the composite type k",
    ]


def test_a_check_more_alters_the_domain() -> None:
    old, new = schema(domain("integer")), schema(domain("integer CONSTRAINT k CHECK ((VALUE > 0))"))
    diff = compare(old, new, Answers())
    assert [type(each) for each in diff.changes] == [OtherChanged]


def test_a_check_that_arrays_would_not_be_looked_at_for_is_refused() -> None:
    new = schema(domain("integer CONSTRAINT k CHECK ((VALUE > 0))"), type_="public.d[]")
    diff = compare(schema(domain("integer"), type_="public.d[]"), new, Answers())
    assert "t.x holds values of it inside of others" in diff.refusals[0].because


def test_another_type_below_replaces_the_domain_and_what_is_made_of_it() -> None:
    old = schema(domain("integer"), domain("public.d", "over"), type_="public.over")
    new = schema(domain("bigint"), domain("public.d", "over"), type_="public.over")
    diff = compare(old, new, Answers())
    assert [type(each) for each in diff.changes] == [TypeReplaced, TypeReplaced, ColumnTypeChanged]
    for change in diff.changes:
        old = apply(change, old)
    assert old == new
