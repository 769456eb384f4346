"""What a person may name as OLD or NEW, and what is said about everything else."""

import pytest

from generator.errors import BadInput
from generator.load import is_live, start
from tests.load.conftest import Write


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("missing.py", "there is no such file .looked for .*missing.py.*did you mean models.py"),
        ("missing.sql", "there is no such file"),
        ("nowhere/models.py", "there is no folder nowhere"),
        ("missing.py:Base", "there is no such file"),
        ("empty", "there is no .sql file in this folder"),
        ("outer", "there is no .sql file in this folder .there are some in outer/inner."),
        ("notes.txt", "none of the kinds of files that are read"),
        ("what is this", "no such file or folder"),
        ("mysql://here/there", "no such file or folder"),
        ("", "no such file or folder|there is no .sql"),
    ],
)
def test_what_is_no_source_is_told(write: Write, source: str, said: str) -> None:
    write("modells.py", "").rename("models.py")
    write("empty/notes.txt", "")
    write("outer/inner/a.sql", "")
    write("notes.txt", "")
    source = source.replace("missing.py", "model.py") if "mean" in said else source
    with pytest.raises(BadInput, match=said.replace("missing", "model") if "mean" in said else said) as raised:
        start(source).result()
    assert raised.value.way_out or "did you mean" in raised.value.message or "no such file" in raised.value.message


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_url_is_a_live_database(scheme: str) -> None:
    assert is_live(f"{scheme}://me@db.example/shop")
    assert not is_live("models.py")


def test_a_wrong_source_is_told_at_once() -> None:
    with pytest.raises(BadInput):
        start("nothing-like-this.py")
