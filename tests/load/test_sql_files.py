"""SQL files: read by PostgreSQL itself, in the order of their names."""

import subprocess
from pathlib import Path

import pytest

from generator.errors import BadInput
from generator.load import start
from generator.load.quoting import code_only
from generator.server import Server
from tests.load.catalog import read, run
from tests.load.conftest import Write


def test_a_file_is_one_unit_as_it_stands(write: Write) -> None:
    path = write("schema.sql", "CREATE TABLE größe (id int); -- ok\n")
    (unit,) = start(str(path)).result().units
    assert (unit.sql, unit.name, unit.origin) == (path.read_text(), "file schema.sql", f"{path}:1")


def test_a_folder_is_read_in_the_order_of_its_names(write: Write) -> None:
    for name in ("02_b.sql", "01_a.sql", "10_c.sql", "notes.txt", "deep/03.sql"):
        write(f"ddl/{name}", f"-- {name}\n")
    units = start("ddl").result().units
    assert [unit.name for unit in units] == ["file 01_a.sql", "file 02_b.sql", "file 10_c.sql"]
    assert units[2].needs == ("file 01_a.sql", "file 02_b.sql")


def test_an_empty_file_is_an_empty_schema(write: Write) -> None:
    write("nothing.sql", "")
    assert start("nothing.sql").result().units[0].sql == ""


def test_byte_order_mark_and_windows_lines_are_no_matter(write: Write) -> None:
    path = write("schema.sql", "")
    path.write_bytes(b"\xef\xbb\xbfCREATE TABLE t (id int);\r\n")
    assert start("schema.sql").result().units[0].sql == "CREATE TABLE t (id int);\n"


def test_another_encoding_is_told_with_its_line(write: Write) -> None:
    path = write("schema.sql", "")
    path.write_bytes(b"-- one\n-- gr\xf6\xdfe\n")
    with pytest.raises(BadInput, match=r"schema.sql:2: not UTF-8 \(byte 0xf6\)"):
        start("schema.sql").result()


def test_harmless_commands_of_psql_are_left_out_and_lines_keep_their_numbers(write: Write) -> None:
    write(
        "schema.sql",
        "\\restrict abc\n\\set ON_ERROR_STOP on\n\\echo hello\nCREATE TABLE t (id int);\n\\unrestrict abc\n"
        "SELECT E'\\\\x', $$\n\\connect inside\n$$, '\n\\copy inside\n', /* \n\\i inside\n*/ 1;\n",
    )
    sql = start("schema.sql").result().units[0].sql
    assert sql.split("\n")[:5] == ["", "", "", "CREATE TABLE t (id int);", ""]
    assert sql.count("\n") == 12
    assert "\\connect inside" in sql
    assert "\\i inside" in sql


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT 1;\n\\connect other\n", r"schema.sql:2: \\connect is a command of psql"),
        ("\\i tables.sql", r"schema.sql:1: \\i is a command of psql"),
        ("\\set name value", r"schema.sql:1: \\set is a command"),
        ("-- x\n\nCOPY public.t (a, b) FROM stdin;\n1\t2\n\\.\n", "schema.sql:3: COPY … FROM stdin brings rows"),
        ("copy t\nfrom\n  STDIN with (format csv);", "schema.sql:1: COPY"),
    ],
)
def test_what_only_psql_understands_is_told_with_its_line(write: Write, text: str, said: str) -> None:
    write("schema.sql", text)
    with pytest.raises(BadInput, match=said) as raised:
        start("schema.sql").result()
    assert raised.value.way_out


def test_words_in_strings_are_no_copy(write: Write) -> None:
    text = "COMMENT ON TABLE t IS 'COPY t FROM stdin'; -- copy t from stdin\nCREATE TABLE \"copy x from stdin\" ();\n"
    write("schema.sql", text)
    assert start("schema.sql").result().units[0].sql == text


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("a 'it''s' b", "a         b"),
        ("a E'it\\'s' b", "a          b"),
        ("type'x' b", "type    b"),
        ("a $t$ $$ ' $t$ b", "a              b"),
        ("a$b$c 'x' d", "a$b$c     d"),
        ("a /* /* */ ' */ b", "a               b"),
        ("a -- ' \nb", "a      \nb"),
        ('a "x""\'" b', "a        b"),
        ("a $$ $t$ ' $$ b", "a             b"),
        ("a 'never closed", "a              "),
        ("$1 + $2 'x'", "$1 + $2    "),
        ("a '\n' b", "a  \n  b"),
    ],
)
def test_code_is_told_from_strings_and_comments(sql: str, code: str) -> None:
    assert code_only(sql) == code


def test_a_dump_of_a_schema_can_be_read_back(server: Server, write: Write, tmp_path: Path) -> None:
    assert server.psql is not None
    pg_dump = server.psql.parent / "pg_dump"
    if not pg_dump.exists():
        pytest.skip("no pg_dump")
    source = server.create_database()
    with source.connect() as connection:
        connection.execute(
            """
            CREATE TYPE mood AS ENUM ('sad', 'ok');
            CREATE TABLE people (id serial PRIMARY KEY, mood mood DEFAULT 'ok', note text CHECK (note <> E'\\\\.'));
            CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$ BEGIN
            -- COPY people FROM stdin;
            RETURN 'it''s'; END $$;
            CREATE VIEW moods AS SELECT mood FROM people;
            """
        )
    command = [str(pg_dump), "--schema-only", "--no-owner", "-d", source.conninfo]
    dumped = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "\\restrict" in dumped
    write("dump.sql", dumped)
    database = server.create_database()
    run(start("dump.sql").result(), database)
    assert read(database) == read(source)
