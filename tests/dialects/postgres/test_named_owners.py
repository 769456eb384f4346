"""Owners that a source names: of which objects in the end, and what is left alone meanwhile."""

import pytest

from generator.dialects.postgres.declare import declare
from generator.dialects.postgres.owner_text import NamedOwners
from generator.dialects.postgres.owners import last_name, named_owners, owner_of, role_of
from generator.load.owners import all_owner_statements
from generator.model.declared import Declared, Unit
from generator.model.schema import Other, QName
from generator.server import Database


def _named(sql: str, database: Database) -> tuple[Other, ...]:
    side = Declared(source="db", units=(Unit(name="file db.sql", sql=sql, origin="db.sql:1"),))
    named = NamedOwners(wanted=all_owner_statements(side))
    with database.connect() as connection:
        declare(side, connection, lambda: database.connect(superuser=True), named)
        mine = "SELECT count(*) FROM pg_shdepend WHERE refobjid <> current_user::regrole AND deptype = 'o'"
        assert connection.execute(f"{mine} AND dbid > 0 AND objid > 16384").fetchone() == (0,)
        return named_owners(named, connection)


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("create table t(id int);\nalter table t\n  owner to a;", {"ALTER TABLE public.t OWNER TO a"}),
        ("create table x(); alter table x owner to a; alter table x rename to t;", {"ALTER TABLE public.t OWNER TO a"}),
        ("create schema s; set search_path = s; create view v as select 1; alter table v owner to b", {
            "ALTER VIEW s.v OWNER TO b"}),
        ("create table t(); alter table t owner to a; drop table t; create table t();", set()),
        ("create table t(id serial); alter sequence t_id_seq owner to a", set()),
        ("create sequence n; alter table n owner to a; alter sequence n owner to b", {
            "ALTER SEQUENCE public.n OWNER TO b"}),
        ('create table "T x"(); alter table "T x" owner to "It\'s me"', {
            'ALTER TABLE public."T x" OWNER TO "It\'s me"'}),
        ("create function f(a int, out b int) language sql as 'select 1'; create function f(text) returns int"
         " language sql as 'select 1'; alter function f(a integer, out b integer) owner to a", {
            "ALTER FUNCTION public.f(integer) OWNER TO a"}),
        ("create aggregate g(*) (sfunc = int8inc, stype = int8, initcond = '0'); alter aggregate g(*) owner to a", {
            "ALTER ROUTINE public.g() OWNER TO a"}),
        ("create domain d as int; comment on domain d is 'kept'; alter domain d owner to a", {
            "ALTER TYPE public.d OWNER TO a"}),
        ("begin; create type e as enum (); alter type e owner to a; commit", {"ALTER TYPE public.e OWNER TO a"}),
        ("alter table nowhere owner to a; alter function nothing() owner to a", set()),
    ],
)  # fmt: skip
def test_an_object_is_known_by_its_last_name_and_owner(sql: str, named: set[str], database: Database) -> None:
    assert {each.definition for each in _named(sql, database)} == named


def test_a_name_and_a_role_are_read_back() -> None:
    table = QName("a.b", 'x"y')
    owner = owner_of("table", '"a.b"."x""y"', 'the "one"', table)
    assert role_of(owner) == 'the "one"'
    assert [last_name(name) for name in ('"a.b"."x""y"', "public.f(a.b, integer)", "s")] == ['x"y', "f", "s"]
