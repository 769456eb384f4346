"""Ends or stops a session at the n-th thing it does, wherever that is: inside a loop, or between two statements.

The server's own event triggers count every DDL command (before and after it), and statement triggers every INSERT,
UPDATE and DELETE on the tables that are there; a sequence counts, since what it gives is never rolled back.
"""

from generator.dialects.postgres.names import qname
from generator.model.schema import Schema
from generator.server import Database

_LAY = """
CREATE SCHEMA mines;
GRANT USAGE ON SCHEMA mines TO PUBLIC;
CREATE SEQUENCE mines.step;
CREATE FUNCTION mines.pass() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF pg_catalog.nextval('mines.step') = {at} THEN
        IF {ends} THEN
            PERFORM pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid());
        END IF;
        PERFORM pg_catalog.pg_sleep(60);  -- it ends here, or somebody ends it
    END IF;
END $$;
CREATE FUNCTION mines.on_command() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
    'BEGIN PERFORM mines.pass(); END';
CREATE FUNCTION mines.on_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
    'BEGIN PERFORM mines.pass(); RETURN NULL; END';
CREATE EVENT TRIGGER mine_before ON ddl_command_start EXECUTE FUNCTION mines.on_command();
CREATE EVENT TRIGGER mine_after ON ddl_command_end EXECUTE FUNCTION mines.on_command();
"""

_SWEEP = """
DROP EVENT TRIGGER mine_before;
DROP EVENT TRIGGER mine_after;
DROP SCHEMA mines CASCADE;
"""


def lay(database: Database, schema: Schema, at: int, *, ends: bool = True) -> None:
    """Lay the mine: the session that takes the ``at``-th step dies there, or waits there for a minute."""
    with database.connect(superuser=True) as connection:
        tables = [
            f"CREATE TRIGGER mine AFTER INSERT OR UPDATE OR DELETE ON {qname(table.name)}"
            " FOR EACH STATEMENT EXECUTE FUNCTION mines.on_rows();"
            for table in schema.tables
        ]
        before, commands = _LAY.format(at=at, ends=ends).split("CREATE EVENT", 1)
        connection.execute(before + "\n".join(tables) + "\nCREATE EVENT" + commands)


def sweep(database: Database) -> int:
    """Take everything away again, and say how many steps were counted."""
    with database.connect(superuser=True) as connection:
        row = connection.execute("SELECT last_value FROM mines.step").fetchone()
        connection.execute(_SWEEP)
        return int(row[0]) if row is not None else 0
