"""Rows that migrations put in are gone when a side is read."""

from generator.dialects.postgres.declare import declare
from generator.dialects.postgres.emptying import empty_tables
from generator.model.declared import Declared, Unit
from generator.server import Database


def test_rows_do_not_stay_whatever_hangs_on_them(database: Database) -> None:
    sql = """
        CREATE TABLE parents (id serial PRIMARY KEY);
        CREATE TABLE children (parent int REFERENCES parents);
        ALTER TABLE children ENABLE ROW LEVEL SECURITY;
        ALTER TABLE children FORCE ROW LEVEL SECURITY;
        CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'never'; END $$;
        INSERT INTO parents DEFAULT VALUES;
        SELECT 2 AS id INTO others;
        CREATE TRIGGER never BEFORE TRUNCATE ON parents EXECUTE FUNCTION never();
    """
    with database.connect() as connection:
        declared = Declared(source="db", units=(Unit(name="file 1.sql", sql=sql, origin="db/1.sql:1"),))
        declare(declared, connection)
        empty_tables(declared, connection, lambda: database.connect(superuser=True))
        for table in ("parents", "children", "others"):
            assert connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (0,)
        assert connection.execute("SELECT nextval('parents_id_seq')").fetchone() == (1,)
