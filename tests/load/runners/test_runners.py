"""Folders of migrations: whose they are, in which order they run, and what of them goes forward."""

from pathlib import Path

import pytest

from generator.errors import BadInput
from generator.load import start
from generator.load.runners.folder import runner_of
from generator.model.declared import Unit
from tests.load.conftest import Write


def load(write: Write, **files: str) -> tuple[Unit, ...]:
    """The units of a folder ``m`` with these files; ``__`` in a name stands for a dot, ``_in_`` for a folder."""
    return load_files(write, {f"{name}.sql": text for name, text in files.items()})


def load_files(write: Write, files: dict[str, str]) -> tuple[Unit, ...]:
    for name, text in files.items():
        write(f"m/{name}", text)
    return start("m").result().units


def names(units: tuple[Unit, ...]) -> list[str]:
    return [unit.name.removeprefix("file ") for unit in units]


def said(units: tuple[Unit, ...]) -> str:
    return " ".join(" ".join(unit.sql.split()) for unit in units)


@pytest.mark.parametrize(
    ("runner", "file", "text"),
    [
        ("Prisma", "20260101000000_a/migration.sql", "SELECT 1;"),
        ("golang-migrate", "1_a.up.sql", "SELECT 1;"),
        ("Flyway", "V1__a.sql", "SELECT 1;"),
        ("Flyway", "deep/V1_2__a.sql", "SELECT 1;"),
        ("Liquibase", "a.sql", "--liquibase formatted sql\n--changeset me:1\nSELECT 1;"),
        ("dbmate", "20260101000000_a.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\n"),
        ("goose", "00001_a.sql", "-- +goose Up\nSELECT 1;\n-- +goose Down\n"),
        ("files in the order of their names", "1_a.sql", "SELECT 1;"),
    ],
)
def test_a_runner_is_told_by_names_or_marks(write: Write, runner: str, file: str, text: str) -> None:
    write("m/migration_lock.toml", 'provider = "postgresql"') if runner == "Prisma" else None
    (unit,) = load_files(write, {file: text})
    assert runner_of(Path("m")) == runner
    assert "SELECT 1;" in unit.sql
    assert unit.origin == f"m/{file}:1"


def test_numbers_count_and_not_their_digits(write: Write) -> None:
    assert names(load(write, **{"10_c": "", "2_b": "", "1_a": ""})) == ["1_a.sql", "2_b.sql", "10_c.sql"]


def test_names_without_numbers_are_taken_as_they_are(write: Write) -> None:
    assert names(load(write, **{"b": "", "a": "", "10": ""})) == ["10.sql", "a.sql", "b.sql"]


def test_what_undoes_another_file_is_left_out(write: Write) -> None:
    units = load_files(write, {"01_a.sql": "", "01_a.rollback.sql": "DROP", "02_b.down.sql": "", "plan.json": "{}",
                               "verify.sql": "SELECT"})  # fmt: skip
    assert names(units) == ["01_a.sql", "02_b.down.sql"]


def test_dbmate_gives_its_up_blocks_on_their_own_lines(write: Write) -> None:
    text = "-- migrate:up transaction:false\nCREATE TABLE t ();\n\n-- migrate:down\nDROP TABLE t;\n"
    (unit,) = load(write, **{"20260101000000_t": text})
    assert unit.sql == "\nCREATE TABLE t ();\n\n\n\n"


def test_goose_gives_what_goes_up_and_keeps_bodies_whole(write: Write) -> None:
    body = "-- +goose StatementBegin\nDO $$ BEGIN PERFORM 1; END $$;\n-- +goose StatementEnd\n"
    units = load(write, **{"2_b": f"-- +goose Up\n{body}-- +goose Down\nSELECT 2;\n", "1_a": "-- +goose Up\nSELECT 1;"})
    assert names(units) == ["1_a.sql", "2_b.sql"]
    assert "PERFORM 1" in units[1].sql
    assert "SELECT 2" not in units[1].sql


def test_golang_migrate_leaves_its_way_back_out(write: Write) -> None:
    assert names(load_files(write, {"2_b.up.sql": "", "2_b.down.sql": "", "1_a.up.sql": "", "10_c.up.sql": ""})) == [
        "1_a.up.sql", "2_b.up.sql", "10_c.up.sql",
    ]  # fmt: skip


def test_flyway_orders_by_version_and_puts_what_is_repeatable_last(write: Write) -> None:
    files = dict.fromkeys(
        (
            "V1__a.sql",
            "V1.10__c.sql",
            "V1_2__b.sql",
            "V2__d.sql",
            "U2__d.sql",
            "R__b view.sql",
            "R__a.sql",
            "notes.sql",
        ),
        "",
    )
    assert names(load_files(write, files)) == [
        "V1__a.sql", "V1_2__b.sql", "V1.10__c.sql", "V2__d.sql", "R__a.sql", "R__b view.sql",
    ]  # fmt: skip


def test_flyway_begins_with_its_latest_baseline(write: Write) -> None:
    files = dict.fromkeys(("V1__a.sql", "V2__b.sql", "B2__base.sql", "V3__c.sql", "B1__older.sql"), "")
    assert names(load_files(write, files)) == ["B2__base.sql", "V3__c.sql"]


def test_liquibase_leaves_out_what_is_for_other_databases(write: Write) -> None:
    text = """--liquibase formatted sql
--changeset me:1
CREATE TABLE a ();
--rollback DROP TABLE a;
--changeset me:2 dbms:mysql
CREATE TABLE b ();
--changeset me:3 dbms:postgresql,h2 splitStatements:false endDelimiter:/
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'
/
--changeset me:4 dbms:!oracle
CREATE TABLE d ();
"""
    (unit,) = load(write, a=text)
    assert "CREATE TABLE a" in unit.sql
    assert "CREATE TABLE b" not in unit.sql
    assert "'SELECT 1'\n;" in unit.sql
    assert "CREATE TABLE d" in unit.sql
    assert unit.sql.count("\n") == text.count("\n")


def test_a_changelog_of_liquibase_gives_the_order(write: Write) -> None:
    head = "--liquibase formatted sql\n--changeset me:1\n"
    write("m/master.yaml", "databaseChangeLog:\n  - include:\n      file: m/b.sql\n  - include:\n      file: m/a.sql\n")
    assert names(load(write, a=head, b=head, c=head)) == ["b.sql", "a.sql"]


def test_prisma_runs_its_folders_in_order(write: Write) -> None:
    write("m/migration_lock.toml", 'provider = "postgresql"\n')
    units = load_files(write, {"20260102000000_b/migration.sql": "", "20260101000000_a/migration.sql": ""})
    assert names(units) == ["20260101000000_a/migration.sql", "20260102000000_b/migration.sql"]


LIQUIBASE = "--liquibase formatted sql\n--changeset a:1"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"1_a.sql": "-- migrate:up\n", "2_b.sql": "SELECT 1;"}, "2_b.sql: there is no line `-- migrate:up`"),
        ({"1_a.sql": "-- +goose Up\n", "2_b.go": ""}, "2_b.go: a migration in Go"),
        ({"1_a.sql": "-- +goose Up\n", "01_b.sql": "-- +goose Up\n"}, "01_b.sql and 1_a.sql have the same number"),
        ({"1_a.sql": "-- +goose ENVSUB ON\n-- +goose Up\n"}, "takes values from the environment"),
        ({"a.sql": "-- +goose Up\n"}, "a.sql: the name does not begin with the migration's number"),
        ({"1_a.up.sql": "", "01_b.up.sql": ""}, "have the same number"),
        ({"V1__a.sql": "", "V1.0__b.sql": ""}, "have the same version"),
        ({"V1__a.sql": "SELECT 1;\nCREATE SCHEMA ${name};"}, r"V1__a.sql:2: \$\{name\} is a placeholder"),
        ({"V1__a.sql": "", "afterMigrate.sql": ""}, "afterMigrate.sql: a callback"),
        ({"a.sql": "--liquibase formatted sql\nSELECT 1;"}, "a.sql: there is no `--changeset"),
        ({"a.sql": LIQUIBASE + " endDelimiter:\\s\n"}, "its endDelimiter .* is not known"),
        (
            {"a.sql": LIQUIBASE, "m.xml": '<databaseChangeLog><include file="x.xml"/>'},
            "m.xml: only formatted SQL is read",
        ),
        (
            {"a.sql": LIQUIBASE, "m.xml": '<databaseChangeLog><include file="x.sql"/>'},
            "includes x.sql, which is not once in this folder",
        ),
        ({"migration_lock.toml": 'provider = "mysql"'}, "for mysql, not for PostgreSQL"),
        ({"migration_lock.toml": 'provider = "postgresql"'}, "no migration that goes forward"),
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_told(write: Write, files: dict[str, str], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        load_files(write, files)


def test_a_package_of_python_is_no_folder_of_migrations(write: Write) -> None:
    write("app/__init__.py", "from sqlalchemy import MetaData\nm = MetaData()\n")
    write("app/db/V1__a.sql", "SELECT 1;")
    with pytest.raises(BadInput, match="no table is declared there"):
        start("app").result()
