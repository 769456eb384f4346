"""The answers file: what it can say, and what is said about everything else."""

from pathlib import Path

import pytest

from generator.errors import BadInput
from generator.load import add_answers, merge, read_answers
from generator.model.answers import Answers, Backfill, Conversion, EnumValues, Unmatched
from tests.load.conftest import Write

WHOLE = """\
# how rows are filled
[backfill."customers.user_id"]
from = "users"
match = "lower(customers.email) = lower(users.email)"
value = "users.id"
unmatched = "create"
create = { email = "customers.email" }   # the missing row
duplicates = "stop"

[backfill.orders.kind]
value = "'plain'"

[backfill]
"orders.size" = "1"

[convert."orders.total"]
using = "total::numeric"
back = "total::text"

[rename]
"customers.fullname" = "customers.full_name"
clients = "customers"

[apart]
"orders.a" = ["orders.b", "orders.c"]
"orders.d" = "orders.e"

[accept]
loses = ["customers.legacy_code", "old_table"]
locks = ["orders"]
breaks = []
"""


def test_everything_it_can_say_is_read(write: Write) -> None:
    write("answers.toml", WHOLE)
    answers = read_answers(Path("answers.toml"))
    assert answers.backfills == {
        "customers.user_id": Backfill(
            value="users.id", source="users", match="lower(customers.email) = lower(users.email)",
            unmatched=Unmatched.CREATE, create={"email": "customers.email"},
        ),
        "orders.kind": Backfill(value="'plain'"),
        "orders.size": Backfill(value="1"),
    }  # fmt: skip
    assert answers.conversions == {"orders.total": Conversion(using="total::numeric", back="total::text")}
    assert answers.renames == {"customers.fullname": "customers.full_name", "clients": "customers"}
    assert answers.keeps_apart == {("orders.a", "orders.b"), ("orders.a", "orders.c"), ("orders.d", "orders.e")}
    assert answers.loses == {"customers.legacy_code", "old_table"}
    assert answers.locks == {"orders"}
    assert answers.breaks == set()
    assert answers.origin["customers.user_id"] == "answers.toml:2"
    assert answers.origin["orders.kind"] == "answers.toml:10"
    assert answers.origin["orders.size"] == "answers.toml:14"
    assert answers.origin["clients"] == "answers.toml:22"
    assert answers.origin["old_table"] == "answers.toml:29"


@pytest.mark.parametrize(
    ("text", "said", "way_out"),
    [
        ('[backfil]\n"a.b" = "1"', "answers.toml:1: backfil is not known", "Did you mean backfill?"),
        ('\n[backfill."a.b"]\nvalu = "1"', "answers.toml:2: valu is not known", "Did you mean value?"),
        ('[backfill."a.b"]\nfrom = "x"', "answers.toml:1: the back-fill has no value", "users.id"),
        ('[backfill."a.b"]\nvalue = 5', r"answers.toml:1: value \(an SQL expression\) has to be a text, and is 5", ""),
        ('[backfill."a.b"]\nvalue = " "', "has to be a text", ""),
        ('[backfill."a.b"]\nvalue = "1"\nmatch = "x"', "match without from", "users"),
        ('[backfill."a.b"]\nvalue = "1"\nfrom = "u"\nmatch = [1]', "match .* has to be a text", ""),
        ('[backfill."a.b"]\nvalue = "1"\nunmatched = "stopp"', "unmatched = stopp is not known", "Did you mean stop?"),
        ('[backfill."a.b"]\nvalue = "1"\nduplicates = "drop"', 'duplicates can only be "stop"', ""),
        ('[backfill."a.b"]\nvalue = "1"\ncreate = { a = "1" }', "belong together", "create ="),
        ('[backfill."a.b"]\nvalue = "1"\nunmatched = "create"', "belong together", "create ="),
        ('[backfill."a.b"]\nvalue = "1"\nfrom = "u"\nunmatched = "create"\ncreate = "x"', "create has to be", ""),
        ('backfill = "x"', "answers.toml:1: backfill has to be a section", ""),
        ("[backfill]\n\n'a.b' = 5", "answers.toml:3: a back-fill has to be a table or a text", ""),
        ('[convert."a.b"]\nback = "x"', "the conversion has no using", "using ="),
        ('[rename]\n"a.b" = 1', "answers.toml:2: the new name of \"a.b\" has to be a text", ""),
        ('[accept]\nloses = "a.b"', "answers.toml:2: loses has to be a list", ""),
        ('[accept]\nlose = ["a.b"]', "answers.toml:2: lose is not known", "Did you mean loses?"),
        ('[rename]\n"a" = "b"\n"a" = "c"', "answers.toml:3: not valid TOML: Cannot overwrite a value", ""),
        ('[backfill."a.b"]\nvalue = "users', "answers.toml:2: not valid TOML", ""),
        ('[backfill."a.b"', "answers.toml:1: not valid TOML", ""),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_told_with_its_line(write: Write, text: str, said: str, way_out: str) -> None:
    write("answers.toml", "").write_text(text)
    with pytest.raises(BadInput, match=said) as raised:
        read_answers(Path("answers.toml"))
    assert way_out in raised.value.way_out


def test_every_half_of_a_file_is_read_or_told_about(write: Write) -> None:
    path = write("answers.toml", "")
    for end in range(len(WHOLE)):
        path.write_text(WHOLE[:end])
        try:
            read_answers(path)
        except BadInput as error:
            assert "answers.toml" in error.message  # noqa: PT017


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such answers file"):
        read_answers(tmp_path / "answers.toml")


def test_later_answers_count() -> None:
    first = Answers(renames={"a": "b", "c": "d"}, loses=frozenset({"x"}), origin={"a": "one"})
    second = Answers(renames={"a": "z"}, loses=frozenset({"y"}), origin={"a": "two"})
    merged = merge(first, second)
    assert merged.renames == {"a": "z", "c": "d"}
    assert merged.loses == {"x", "y"}
    assert merged.origin == {"a": "two"}
    assert merge() == Answers()


def test_answers_are_added_and_what_is_there_stays(write: Write) -> None:
    path = write("answers.toml", "")
    path.write_text(WHOLE)
    add_answers(
        path,
        [
            "[rename]", '"orders.x" = "orders.y"', "",
            '[backfill."orders.new"]', 'from = "users"', 'value = "users.\\"Odd\\""', "",
            "[accept]", 'loses = ["orders.old"]', 'breaks = ["orders"]', "",
            "[apart]", '"orders.d" = "orders.f"',
        ],
    )  # fmt: skip
    text = path.read_text()
    for line in WHOLE.splitlines():
        if not line.startswith(("loses", "breaks", '"orders.d"')):
            assert line in text.splitlines()
    answers = read_answers(path)
    assert answers.renames["orders.x"] == "orders.y"
    assert answers.renames["clients"] == "customers"
    assert answers.backfills["orders.new"] == Backfill(value='users."Odd"', source="users")
    assert answers.loses == {"customers.legacy_code", "old_table", "orders.old"}
    assert answers.breaks == {"orders"}
    assert {("orders.d", "orders.e"), ("orders.d", "orders.f"), ("orders.a", "orders.b")} <= answers.keeps_apart
    assert text.index('"orders.x"') < text.index("[apart]")


def test_adding_twice_is_adding_once(write: Write) -> None:
    path = Path("answers.toml")
    write("answers.toml", "").unlink()
    lines = ['[backfill."a.b"]', 'value = "1"', "[accept]", 'loses = ["a.c"]', "[rename]", 'a = "b"']
    add_answers(path, lines)
    once = path.read_text()
    add_answers(path, lines)
    assert path.read_text() == once
    assert [each.name for each in path.absolute().parent.iterdir()] == ["answers.toml"]
    add_answers(path, ['[backfill."a.b"]', 'value = "2"'])
    assert read_answers(path).backfills["a.b"].value == "2"
    assert once.count("\n") == path.read_text().count("\n")


def test_a_list_over_several_lines_is_replaced_whole(write: Write) -> None:
    path = write("answers.toml", "")
    path.write_text('[accept]\nloses = [\n  "a.b", # why\n  "a.c",\n]\nlocks = ["a"]\n')
    add_answers(path, ["[accept]", 'loses = ["a.d"]'])
    assert read_answers(path).loses == {"a.b", "a.c", "a.d"}
    assert read_answers(path).locks == {"a"}


def test_wrong_answers_are_not_written(write: Write) -> None:
    path = write("answers.toml", "")
    path.write_text("[rename]\na = 'b'\n")
    with pytest.raises(BadInput):
        add_answers(path, ["[backfill]", '"a.b" = 5'])
    assert path.read_text() == "[rename]\na = 'b'\n"
    path.write_text("[rename\n")
    with pytest.raises(BadInput, match="not valid TOML"):
        add_answers(path, ["[rename]", 'c = "d"'])
    assert path.read_text() == "[rename\n"


def test_hidden_places_are_no_matter(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be written"):
        add_answers(tmp_path / "nowhere" / "answers.toml", ["[rename]", 'c = "d"'])


def test_two_questions_may_be_answered_in_the_same_section(tmp_path: Path) -> None:
    path = tmp_path / "answers.toml"
    add_answers(path, ['[accept]\nloses = ["a.b"]', '[rename]\n"c.d" = "c.e"', '[accept]\nloses = ["a.c"]'])
    answers = read_answers(path)
    assert answers.loses == {"a.b", "a.c"}
    assert answers.renames == {"c.d": "c.e"}


def test_that_no_row_needs_a_value_is_an_answer(write: Write) -> None:
    answers = read_answers(write("answers.toml", '[backfill."a.b"]\nunmatched = "stop"\n'))
    assert answers.backfills["a.b"].value == ""


def test_what_becomes_of_the_values_of_an_enum(tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_text('[enum.mood]\nmap = { sad = "down" }\ngone = ["mad"]\n\n[enum."billing.state"]\ngone = []\n')
    answers = read_answers(file)
    assert answers.enums == {
        "mood": EnumValues(map={"sad": "down"}, gone=("mad",)),
        "billing.state": EnumValues(),
    }
