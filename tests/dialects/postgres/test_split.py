"""SQL text taken apart as psql does it, on what is hard about it."""

import pytest

from generator.dialects.postgres.split import line_of, split


@pytest.mark.parametrize(
    ("sql", "statements"),
    [
        ("", []),
        (" ; ;; -- nothing\n /* ; */ ;", []),
        ("select 1", ["select 1"]),
        ("select 1; select 2;", ["select 1", "select 2"]),
        ("select ';', 'it''s;'; x", ["select ';', 'it''s;'", "x"]),
        (r"select E'\';', e'a''\\'; x", [r"select E'\';', e'a''\\'", "x"]),
        (r"select 'a\'; select 'b\'; x", [r"select 'a\'", r"select 'b\'", "x"]),
        (r"select U&'\0061;\', B'1;', X'a;', n';'; x", [r"select U&'\0061;\', B'1;', X'a;', n';'", "x"]),
        (r"select type'e\'; x", [r"select type'e\'", "x"]),
        ('select "a;""b", U&"c;\\"; x', ['select "a;""b", U&"c;\\"', "x"]),
        ("select $$;$$, $a$;$$;$b$;$a$; x", ["select $$;$$, $a$;$$;$b$;$a$", "x"]),
        ("select a$b$c; x$$; y$$", ["select a$b$c", "x$$", "y$$"]),
        ("select $1; x", ["select $1", "x"]),
        ("select $é$;$é$; x", ["select $é$;$é$", "x"]),
        ("/* ; /* ; */ ; */ select 1 /*;*/ + 1 -- ;\n; x", ["select 1 /*;*/ + 1", "x"]),
        ("select 1 -- it's\n; x", ["select 1", "x"]),
        ("select '--;', '/*'; x --", ["select '--;', '/*'", "x"]),
        ("select 4 /2; select -1 - -1; x", ["select 4 /2", "select -1 - -1", "x"]),
        (
            "create rule r as on insert to t do also (insert into a values (1); delete from b); x",
            ["create rule r as on insert to t do also (insert into a values (1); delete from b)", "x"],
        ),
        (
            "create function f() returns int begin atomic select case when true then 1 end; select 2; end; x",
            ["create function f() returns int begin atomic select case when true then 1 end; select 2; end", "x"],
        ),
        (
            "CREATE OR REPLACE PROCEDURE p(a int) LANGUAGE sql BEGIN ATOMIC DELETE FROM t; END; x",
            ["CREATE OR REPLACE PROCEDURE p(a int) LANGUAGE sql BEGIN ATOMIC DELETE FROM t; END", "x"],
        ),
        (
            "create function a.b.c(x text default 'end') returns int language sql begin/* */atomic; select 1; end; x",
            [
                "create function a.b.c(x text default 'end') returns int language sql begin/* */atomic; select 1; end",
                "x",
            ],
        ),
        ("create function f() returns int return 1; x", ["create function f() returns int return 1", "x"]),
        (
            "create function f() language sql as 'select 1;'; x",
            ["create function f() language sql as 'select 1;'", "x"],
        ),
        ("begin; update t set a = 1; end; x", ["begin", "update t set a = 1", "end", "x"]),
        ("create table begin (atomic int); x", ["create table begin (atomic int)", "x"]),
        ("do $$ begin perform 1; end $$; x", ["do $$ begin perform 1; end $$", "x"]),
        ("select 'never closed; x", ["select 'never closed; x"]),
        ("select $$never closed; x", ["select $$never closed; x"]),
        ("select /* never closed; x", ["select"]),
        ("select (1; x", ["select (1; x"]),
        ("select 1); x", ["select 1)", "x"]),
        ("select 'a'\n'b;'; x", ["select 'a'\n'b;'", "x"]),
    ],
)
def test_the_statements_of_a_text(sql: str, statements: list[str]) -> None:
    assert [piece.sql for piece in split(sql)] == statements


def test_a_statement_knows_its_place_and_line() -> None:
    sql = "-- head\nselect 1;\n\n  /* two\n lines */ select\n 2;"
    first, second = split(sql)
    assert (first.line, second.line) == (2, 5)
    assert sql[second.start :].startswith("select\n 2")
    assert line_of(sql, second.start) == 5


def test_a_statement_is_named_by_its_first_words() -> None:
    (piece,) = split("create   table t (\n a int\n)")
    assert piece.head == "create table t ( a int )"
    assert len(split(f"select '{'x' * 100}'")[0].head) == 80
