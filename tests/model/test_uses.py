"""What a key uses beside the columns that it makes unique."""

import pytest

from generator.model.schema import PrimaryKey, Unique
from generator.model.uses import included, uses


@pytest.mark.parametrize(
    ("definition", "wanted"),
    [
        ("UNIQUE (id)", ()),
        ("UNIQUE NULLS NOT DISTINCT (id) INCLUDE (a, b) DEFERRABLE", ("a", "b")),
        ('UNIQUE ("odd) INCLUDE (x") INCLUDE ("quo""te", "with, comma")', ('quo"te', "with, comma")),
    ],
)
def test_the_columns_that_an_index_includes_are_read_whatever_they_are_called(
    definition: str, wanted: tuple[str, ...]
) -> None:
    assert included(Unique(name="k", definition=definition, columns=("id",))) == wanted


def test_a_key_goes_with_the_columns_that_its_index_includes() -> None:
    key = PrimaryKey(name="k", definition="PRIMARY KEY (id) INCLUDE (a)", columns=("id",))
    assert uses(key) == ("id", "a")
