"""Where the rows that exist get their values: answered, inferred where that is safe, else asked."""

import tomllib
from dataclasses import replace

import pytest

from generator.diff import compare
from generator.errors import BadInput
from generator.model.answers import Answers, Backfill, Question, QuestionKind, Unmatched
from generator.model.diff import Diff
from generator.model.schema import Column, EnumType, Exclusion, Index, QName, Schema, Table
from tests.diff.schema_values import key, reference, schema, table, unique

USERS = table("users", key("id"), unique("email"), id="uuid!", email="text!", full_name="text", created_at="date!")
CUSTOMERS = table("customers", key("id"), id="uuid!", email="text!", name="text", created_at="date!")
LINKED = table(
    "customers",
    key("id"),
    reference("user_id", to="users"),
    id="uuid!",
    email="text!",
    name="text",
    created_at="date!",
    user_id="uuid!",
)
USER_ID = (QName("public", "customers"), "user_id")


def linked(users: Table = USERS, old: Table = CUSTOMERS, new: Table = LINKED, **answers: Backfill) -> Diff:
    written = {name.replace("__", "."): backfill for name, backfill in answers.items()}
    origin = dict.fromkeys(written, "answers.toml:1")
    return compare(schema(users, old), schema(users, new), Answers(backfills=written, origin=origin))


def test_the_one_shared_unique_column_is_the_match() -> None:
    diff = linked()
    assert diff.backfills == {
        USER_ID: Backfill(value="users.id", source="users", match="customers.email = users.email", inferred=True)
    }
    assert diff.questions == ()
    (sentence,) = diff.inferred
    assert sentence.startswith("customers.user_id is filled with users.id of the row of users that has the same email")


def test_a_unique_index_will_do_as_well() -> None:
    index = Index(name="i", unique=True, body="USING btree (email)", columns=("email",))
    assert linked(users=replace(USERS, uniques=(), indexes=(index,))).inferred


@pytest.mark.parametrize(
    "users",
    [
        replace(USERS, uniques=()),
        replace(USERS, uniques=(unique("email", "full_name"),)),
        replace(USERS, uniques=(unique("email"), unique("created_at"))),
        replace(
            USERS,
            uniques=(),
            indexes=(Index(name="i", unique=True, body="USING btree (lower(email))", columns=("email",)),),
        ),
        replace(
            USERS,
            uniques=(),
            indexes=(Index(name="i", unique=True, body="USING btree (email) WHERE (email > '')", columns=("email",)),),
        ),
        replace(
            USERS,
            columns=tuple(
                replace(each, type="public.citext") if each.name == "email" else each for each in USERS.columns
            ),
        ),
        replace(
            USERS,
            columns=tuple(replace(each, collation='"C"') if each.name == "email" else each for each in USERS.columns),
        ),
    ],
    ids=["not unique", "unique together", "two of them", "expression", "partial", "other type", "other collation"],
)
def test_anything_less_is_a_question(users: Table) -> None:
    diff = linked(users=users)
    assert diff.backfills == {}
    assert [(question.kind, question.key) for question in diff.questions] == [
        (QuestionKind.BACKFILL, "customers.user_id")
    ]


def test_the_key_itself_is_no_match() -> None:
    users = replace(USERS, uniques=())
    suggestions = linked(users=users).questions[0].suggestions
    assert [each.lines for each in suggestions if "customers.id" in each.lines] == []


def test_where_nothing_matches_one_row_for_all_is_suggested() -> None:
    users = table("users", key("id"), id="uuid!")
    suggestion = linked(users=users).questions[0].suggestions[0]
    assert "match = \"users.id = '00000000-0000-0000-0000-000000000000'\"" in suggestion.lines


def asked(*more: object) -> Question:
    """The question about a required column ``c`` that is new."""
    old = table("t", key("id"), id="bigint!")
    new = table("t", key("id"), *more, id="bigint!", c="bigint!")
    return compare(Schema(tables=(old,)), Schema(tables=(new,)), Answers()).questions[0]


def test_a_reference_to_its_own_table_may_be_to_the_row_itself() -> None:
    assert asked(reference("c", to="t")).suggestions[0].lines.endswith('value = "t.id"')


def test_a_column_that_is_unique_alone_gets_no_constant() -> None:
    labels = [each.label for each in asked(unique("c")).suggestions]
    assert labels[:-1] == ["what id of the same row holds: unique as well"]


def test_a_unique_column_that_would_cut_the_key_of_the_row_is_not_filled_with_it() -> None:
    old = table("t", key("id"), id="bigint!")
    new = table("t", key("id"), unique("c"), id="bigint!", c="character(3)!")
    (question,) = compare(schema(old), schema(new), Answers()).questions
    assert [each.lines for each in question.suggestions] == [""]


def test_an_exclusion_of_equal_values_is_as_good_as_a_unique_constraint() -> None:
    old = table("t", id="bigint!")
    new = table("t", id="bigint!", c="bigint!")
    equal = Exclusion(name="x", definition="EXCLUDE USING btree (c WITH =)", columns=("c",))
    (question,) = compare(schema(old), schema(replace(new, exclusions=(equal,))), Answers()).questions
    assert [each.lines for each in question.suggestions] == [""]


def test_a_unique_column_whose_default_is_the_same_for_all_rows_is_asked_about() -> None:
    old = table("t", key("id"), id="bigint!")
    new = table("t", key("id"), unique("c"), id="bigint!", c="bigint")
    same = replace(new, columns=(new.columns[0], replace(new.columns[1], default="0")))
    (question,) = compare(schema(old), schema(same), Answers()).questions
    assert (question.key, "same for every row" in question.because) == ("t.c", True)
    other = replace(new, columns=(new.columns[0], replace(new.columns[1], default="nextval('public.s'::regclass)")))
    assert compare(schema(old), schema(other), Answers()).questions == ()


def test_a_table_that_is_new_has_no_rows_to_match() -> None:
    diff = compare(schema(CUSTOMERS), schema(USERS, LINKED), Answers())
    assert [question.kind for question in diff.questions] == [QuestionKind.BACKFILL]


def test_a_question_about_a_reference_suggests_joins() -> None:
    suggestions = linked(users=replace(USERS, uniques=())).questions[0].suggestions
    assert tomllib.loads(suggestions[0].lines) == {
        "backfill": {
            "customers.user_id": {
                "from": "users",
                "match": "customers.email = users.email",
                "value": "users.id",
            }
        }
    }
    assert any("lower(trim(customers.email)) = lower(trim(users.email))" in each.lines for each in suggestions)
    assert "nullable" in suggestions[-1].label
    assert suggestions[-1].lines == ""


def test_a_join_may_need_a_cast() -> None:
    old = table("logins", id="bigint!", ip_address="text!")
    new = table("logins", reference("ip_address_id", to="ip_addresses"), id="bigint!", ip_address_id="bigint!")
    new = replace(new, columns=(*old.columns, *new.columns[1:]))
    addresses = table("ip_addresses", key("id"), unique("ip_address"), id="bigint!", ip_address="inet!")
    (question,) = compare(schema(old, addresses), schema(new, addresses), Answers()).questions
    assert 'match = "logins.ip_address::inet = ip_addresses.ip_address"' in question.suggestions[0].lines


def test_an_answer_takes_the_place_of_inference() -> None:
    answer = Backfill(value="users.id", source="users", match=("email",), unmatched=Unmatched.DELETE)
    diff = linked(customers__user_id=answer)
    assert diff.backfills == {USER_ID: answer}
    assert diff.inferred == ()


def added(column: Column, others: tuple[Column, ...] = (), **more: object) -> Diff:
    old = table("t", key("id"), *others, id="bigint!")
    new = replace(old, columns=(*old.columns, column))
    both = {"enums": (EnumType(name=QName("public", "mood"), values=("it's", "b")),)}
    return compare(Schema(tables=(old,), **both), Schema(tables=(new,), **both), Answers(**more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("integer", "0"),
        ("numeric(10,2)", "0"),
        ("character varying(9)", "''"),
        ("boolean", "false"),
        ("uuid", "gen_random_uuid()"),
        ("jsonb", "'{}'"),
        ("text[]", "'{}'"),
        ("timestamp(3) with time zone", "now()"),
        ("date", "CURRENT_DATE"),
        ("public.mood", "'it''s'"),
    ],
)
def test_constants_are_suggested_by_the_type(type_: str, value: str) -> None:
    (question,) = added(Column(name="c", type=type_, nullable=False)).questions
    assert tomllib.loads(question.suggestions[0].lines) == {"backfill": {"t.c": {"value": value}}}


def test_another_column_of_the_row_is_suggested_first() -> None:
    others = (Column(name="full_name", type="text", nullable=False),)
    (question,) = added(Column(name="fullname", type="text", nullable=False), others).questions
    assert question.suggestions[0].lines.endswith('value = "t.full_name"')


@pytest.mark.parametrize(
    "column",
    [
        Column(name="c", type="text"),
        Column(name="c", type="text", nullable=False, default="'x'::text"),
    ],
)
def test_nothing_is_asked_where_nothing_is_needed(column: Column) -> None:
    assert added(column).questions == ()


def test_a_column_that_becomes_required_is_asked_about() -> None:
    old, new = schema(table("t", a="text")), schema(table("t", a="text!"))
    (question,) = compare(old, new, Answers()).questions
    assert question.suggestions[0].lines == '[backfill."t.a"]\nunmatched = "stop"'
    none_is_null = Answers(backfills={"t.a": Backfill(value="")})
    assert compare(old, new, none_is_null).questions == ()


def test_a_new_column_needs_a_value() -> None:
    with pytest.raises(BadInput, match=r"answers\.toml:9: The back-fill of t\.c has no value"):
        added(
            Column(name="c", type="text", nullable=False),
            backfills={"t.c": Backfill(value="")},
            origin={"t.c": "answers.toml:9"},
        )


def test_a_back_fill_of_a_column_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadInput) as caught:
        linked(customers__user_ids=Backfill(value="1"))
    assert caught.value.message == "answers.toml:1: The column customers.user_ids is in neither schema."
    assert "customers.user_id" in caught.value.way_out


def test_a_back_fill_of_a_table_that_does_not_differ_is_only_told() -> None:
    assert linked(shops__a=Backfill(value="1")).notes == (
        "answers.toml:1: the back-fill of shops.a fits nothing that differs.",
    )
