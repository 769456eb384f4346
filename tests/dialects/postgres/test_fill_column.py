"""Which triggers keep a column filled, and what they must not cost the application."""

import pytest

from generator.dialects.postgres.recipes.context import Context
from generator.dialects.postgres.recipes.fill_column import fill_column
from generator.model.answers import Answers, Backfill
from generator.model.facts import Facts
from generator.model.plan import Step
from generator.model.schema import Column, Index, QName, Schema, Table, Unique

_USERS = Table(
    name=QName("public", "users"), columns=(Column(name="id", type="uuid"), Column(name="email", type="text"))
)
_USER_ID = Column(name="user_id", type="uuid", nullable=False)


def _sync_step(match: str, *indexes: Index, unique: bool = False) -> Step:
    columns = (Column(name="id", type="uuid"), Column(name="email", type="text"))
    key = (Unique(name="u", definition="UNIQUE (email)", columns=("email",)),) if unique else ()
    old = Table(name=QName("public", "customers"), columns=columns, indexes=indexes, uniques=key)
    new = Table(name=old.name, columns=(*columns, _USER_ID), indexes=indexes, uniques=key)
    context = Context(
        old=Schema(tables=(old, _USERS)),
        new=Schema(tables=(new, _USERS)),
        answers=Answers(),
        backfills={},
        facts=Facts(version=18, search_path=("public",)),
        changes=(),
        renamed_tables={},
    )
    backfill = Backfill(value="users.id", source="users", match=match)
    return next(iter(fill_column(new, _USER_ID, backfill, context)))


def _index(body: str) -> Index:
    return Index(name="i", unique=False, body=body, columns=("email",))


_BY_EMAIL = "customers.email = users.email"


def test_the_source_has_a_trigger_where_an_index_finds_the_rows_that_wait() -> None:
    assert len(_sync_step(_BY_EMAIL, _index("USING btree (email)")).run) == 2
    assert len(_sync_step(_BY_EMAIL, unique=True).run) == 2


@pytest.mark.parametrize(
    ("match", "body"),
    [
        (_BY_EMAIL, None),
        (_BY_EMAIL, "USING btree (id, email)"),
        (_BY_EMAIL, "USING btree (email) WHERE (email <> ''::text)"),
        (_BY_EMAIL, "USING gin (email)"),
        ("lower(customers.email) = lower(users.email)", "USING btree (email)"),
    ],
)
def test_without_one_every_write_to_the_source_would_read_the_whole_table(match: str, body: str | None) -> None:
    step = _sync_step(match, *([_index(body)] if body else []))
    assert len(step.run) == 1
    assert [hazard.code for hazard in step.hazards] == ["row-stays-empty"]
