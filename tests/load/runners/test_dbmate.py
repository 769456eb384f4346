"""What is read from dbmate's migrations is what dbmate itself makes of them."""

import os
import subprocess
from pathlib import Path
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

from generator.dialects.postgres.catalog import read_schema
from generator.dialects.postgres.declare import declare
from generator.diff.bookkeeping import with_bookkeeping
from generator.load import start
from generator.server import Database, Server
from tests.tools.npm import installed

MIGRATIONS = {
    "20260101000000_people.sql": """-- migrate:up
CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL DEFAULT 'x;y');
INSERT INTO people (name) VALUES ('-- migrate:down');
-- migrate:down
DROP TABLE people;
""",
    "20260102000000_index.sql": """-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY people_by_name ON people (name);

-- migrate:down transaction:false
DROP INDEX people_by_name;
""",
    "20260103000000_function.sql": """-- migrate:up
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.name = lower(NEW.name);
    RETURN NEW;
END $$;
CREATE TRIGGER f BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION f();
-- migrate:down
DROP FUNCTION f() CASCADE;
""",
}


def url(database: Database) -> str:
    found = conninfo_to_dict(database.conninfo)
    folder = quote(str(found["host"]), safe="")
    return f"postgres://{found['user']}@localhost/{database.name}?host={folder}&sslmode=disable"


def test_its_migrations_make_what_it_makes_of_them(server: Server, tmp_path: Path) -> None:
    program = installed("dbmate@2.36.0") / "node_modules" / ".bin" / "dbmate"
    folder = tmp_path / "migrations"
    folder.mkdir()
    for name, text in MIGRATIONS.items():
        (folder / name).write_text(text)
    theirs, ours = server.create_database(), server.create_database()
    command = [str(program), "--url", url(theirs), "--migrations-dir", str(folder), "--no-dump-schema", "migrate"]
    ran = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"HOME": str(tmp_path)})
    assert ran.returncode == 0, ran.stdout + ran.stderr
    with theirs.connect() as connection, ours.connect() as other:
        declare(start(str(folder)).result(), other)
        wanted, read = read_schema(connection), read_schema(other)
    assert "schema_migrations" in {table.name.name for table in wanted.tables}
    as_meant, notes = with_bookkeeping(wanted, read)
    assert as_meant == wanted
    assert notes
