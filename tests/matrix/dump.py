"""What ``pg_dump`` says of a schema: the judge that knows nothing of this project."""

import re
import subprocess
from contextlib import suppress

import psycopg

from generator.server import Server


def dump_schema(sql: str, server: Server) -> list[str]:
    """The lines of ``pg_dump --schema-only`` after ``sql``, without comments, blanks and commas at the end.

    Lines are compared one by one, so the order of columns does not count; it is not compared by the tool either.
    """
    assert server.psql is not None
    database = server.create_database()
    try:
        with database.connect(superuser=True) as connection:
            for role in roles_of(sql):
                with suppress(psycopg.errors.DuplicateObject):
                    connection.execute(f"CREATE ROLE {role}".encode())
            if sql.strip():
                connection.execute(sql.encode())
        argv = [str(server.psql.parent / "pg_dump"), "--schema-only", "-d", database.superuser_conninfo]
        dump = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    finally:
        server.drop_database(database)
    lines = (line.rstrip().rstrip(",") for line in dump.splitlines())
    return [line for line in lines if line and not line.startswith(("--", "\\restrict", "\\unrestrict"))]


def roles_of(sql: str) -> list[str]:
    """The roles that a case speaks of: their names begin with gm."""
    return sorted(set(re.findall(r'\bgm_\w+|"gm [^"]+"', sql)))
