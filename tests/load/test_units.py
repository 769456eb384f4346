"""The units of models make exactly what SQLAlchemy's ``create_all`` makes, names included."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import MetaData, create_engine
from sqlalchemy.pool import NullPool

from generator.errors import BadInput
from generator.load import for_release, start
from generator.model.declared import Declared, Unit
from generator.server import Database, Server
from tests.load.catalog import read, run
from tests.load.conftest import Write

FIXTURES = Path(__file__).parent / "fixtures"
HEAD = """
    from sqlalchemy import *
    from sqlalchemy.dialects.postgresql import *
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
    metadata = MetaData()
"""


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"models_of_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _create_all(database: Database, *several: MetaData, schemas: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
    with database.connect() as connection:
        for schema in schemas:
            connection.execute(f'CREATE SCHEMA "{schema}"'.encode())
    # Without a transaction, because of the indexes that are made CONCURRENTLY.
    engine = create_engine(
        "postgresql+psycopg://", creator=database.connect, poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as sqlalchemys:
        for metadata in several:
            metadata.create_all(sqlalchemys)
    return read(database)


def _unit(declared: Declared, name: str) -> Unit:
    return next(unit for unit in declared.units if unit.name == name)


def _same(server: Server, path: Path, *names: str, schemas: tuple[str, ...] = ()) -> Declared:
    """Check that both ways lead to the same; what was declared."""
    module = _module(path)
    databases = server.create_database(), server.create_database()
    declared = start(str(path)).result()
    run(declared, databases[0])
    metadata = [getattr(module, name) for name in names]
    expected = _create_all(databases[1], *(getattr(each, "metadata", each) for each in metadata), schemas=schemas)
    assert read(databases[0]) == expected
    assert len(expected) > 5
    return declared


def test_everything_is_made_as_create_all_makes_it(server: Server) -> None:
    declared = _same(server, FIXTURES / "everything.py", "Named", "Plain", "core", schemas=("billing",))
    assert "CONCURRENTLY" not in "".join(unit.sql for unit in declared.units)
    assert "2020" not in "".join(unit.sql for unit in declared.units)


@pytest.mark.parametrize("example", ["old.py", "new.py"])
def test_the_first_example_is_made_as_create_all_makes_it(server: Server, example: str) -> None:
    path = Path(__file__).parents[2] / "examples" / "link_customers" / example
    _same(server, path, "Base")


def test_units_come_in_an_order_that_can_be_run() -> None:
    units = start(str(FIXTURES / "everything.py")).result().units
    done: set[str] = set()
    for unit in units:
        assert set(unit.needs) <= done, unit.name
        done.add(unit.name)
    assert all(set(unit.late_needs) <= done for unit in units)


def test_two_processes_give_the_same_text() -> None:
    # SQLAlchemy keeps indexes in sets, whose order differs from process to process.
    first, second = start(str(FIXTURES / "everything.py")), start(str(FIXTURES / "everything.py"))
    assert first.result() == second.result()


def test_a_unit_tells_where_its_table_is_declared() -> None:
    path = FIXTURES / "everything.py"
    declared = start(str(path)).result()
    lines = path.read_text().splitlines()
    for name, text in {"authors": "class Author", "billing.invoices": "invoices = Table("}.items():
        file, _, line = _unit(declared, f"table {name}").origin.rpartition(":")
        assert Path(file).resolve() == path
        assert text in lines[int(line) - 1]


def test_tables_that_refer_to_each_other_get_the_names_of_the_server(server: Server, write: Write) -> None:
    path = write(
        "models.py",
        HEAD
        + """
    a = Table("a", metadata, Column("id", Integer, primary_key=True), Column("b_c", ForeignKey("a_b.id")))
    a_b = Table("a_b", metadata, Column("id", Integer, primary_key=True), Column("c", ForeignKey("a.id")),
                Column("x", Integer), Column("y", Integer), ForeignKeyConstraint(["x", "y"], ["pairs.x", "pairs.y"]))
    pairs = Table("pairs", metadata, Column("x", Integer), Column("y", Integer), UniqueConstraint("x", "y"))
    """,
    )
    declared = start(str(path)).result()
    database = server.create_database()
    run(declared, database)
    names = {row[2] for row in read(database) if row[0] == "constraint" and "FOREIGN" in row[3]}
    assert names == {"a_b_c_fkey", "a_b_c_fkey1", "a_b_x_y_fkey"}


def test_a_foreign_key_reaches_into_another_metadata_by_its_name(server: Server, write: Write) -> None:
    path = write(
        "models.py",
        HEAD
        + """
    other = MetaData(schema="shop")
    id = lambda: Column("id", Integer, primary_key=True)
    late = Table("late", metadata, id(), Column("order_id", ForeignKey("shop.orders.id")))
    orders = Table("orders", other, id(), Column("late_id", ForeignKey("late.id")))
    """,
    )
    declared = start(str(path)).result()
    database = server.create_database()
    run(declared, database)
    keys = {row[2]: row[3] for row in read(database) if row[0] == "constraint" and "FOREIGN" in row[3]}
    assert keys == {
        "late_order_id_fkey": "FOREIGN KEY (order_id) REFERENCES shop.orders(id)",
        "orders_late_id_fkey": "FOREIGN KEY (late_id) REFERENCES late(id)",
    }
    assert _unit(declared, "table late").late_needs == ("table shop.orders",)


def test_a_table_in_two_metadatas_may_be_there_twice_if_it_is_the_same(write: Write) -> None:
    path = write("models.py", "")
    path.write_text(
        "from sqlalchemy import *\nfirst, second = MetaData(), MetaData()\n"
        'Table("t", first, Column("id", Integer))\nTable("t", second, Column("id", Integer))\n'
    )
    assert [unit.name for unit in start(str(path)).result().units] == ["table t"]
    path.write_text(path.read_text().replace('second, Column("id", Integer)', 'second, Column("id", Text)'))
    with pytest.raises(BadInput, match="table t is declared twice, and differently") as raised:
        start(str(path)).result()
    assert "models.py:3" in raised.value.message
    assert "models.py:4" in raised.value.message


def test_a_schema_that_a_listener_makes_is_left_to_it(server: Server, write: Write) -> None:
    path = write(
        "models.py",
        HEAD
        + """
    event.listen(metadata, "before_create", DDL('CREATE SCHEMA "shop"'))
    Table("t", metadata, Column("id", Integer, primary_key=True), schema="shop")
    Table("u", metadata, Column("id", Integer, primary_key=True), schema="Odd one")
    """.replace("Table(", "_ = Table("),
    )
    path.write_text(path.read_text().replace("import *\n", "import *\nfrom sqlalchemy import event\n", 1))
    declared = start(str(path)).result()
    assert [unit.name for unit in declared.units if unit.name.startswith("schema")] == ["schema Odd one"]
    run(declared, server.create_database())


def test_a_view_needs_the_tables_that_it_names(write: Write) -> None:
    path = write(
        "models.py",
        """
    from sqlalchemy import *
    from sqlalchemy import event
    metadata = MetaData()
    for name in ("users", "orders", "others"):
        Table(name, metadata, Column("id", Integer, primary_key=True))
    view = DDL("CREATE VIEW both AS SELECT u.id FROM users u JOIN public.orders USING (id)")
    event.listen(metadata, "after_create", view)
    event.listen(metadata, "after_create", DDL("CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1"))
    """,
    )
    last = [unit for unit in start(str(path)).result().units if unit.name.startswith("last")]
    assert last[0].needs == ("table orders", "table users")
    assert set(last[1].needs) == {"table orders", "table users", "table others", last[0].name}


def test_what_cannot_be_written_as_ddl_is_told_with_its_line(write: Write) -> None:
    path = write(
        "models.py", 'from sqlalchemy import *\nm = MetaData()\nTable("t", m, Column("id"), Column("x", Integer))\n'
    )
    with pytest.raises(BadInput, match=r"models.py:3: table t: .*NullType") as raised:
        start(str(path)).result()
    assert "Traceback" not in raised.value.message


def test_a_listener_that_reads_from_the_database_is_told(write: Write) -> None:
    path = write(
        "models.py",
        """
    from sqlalchemy import *
    from sqlalchemy import event
    m = MetaData()
    t = Table("t", m, Column("id", Integer))
    @event.listens_for(t, "after_create")
    def look(target, connection, **kw):
        connection.execute(text("SELECT 1")).fetchone()
    """,
    )
    with pytest.raises(BadInput, match="table t") as raised:
        start(str(path)).result()
    assert "without a database" in raised.value.way_out


def test_a_reference_to_nowhere_is_told(write: Write) -> None:
    path = write(
        "models.py", 'from sqlalchemy import *\nm = MetaData()\nTable("t", m, Column("id", ForeignKey("gone.id")))\n'
    )
    with pytest.raises(BadInput, match=r"table t references gone.id, but there is no table gone"):
        start(str(path)).result()


def test_a_generated_column_is_what_the_release_makes_of_it(server: Server, write: Write) -> None:
    write(
        "models.py",
        HEAD
        + """
    Table("t", metadata, Column("a", Integer), Column("b", Integer, Computed("a + 1")))
    Table("u", metadata, Column("a", Integer), Column("b", Integer, Computed("a + 1", persisted=True)))
    """,
    )
    declared = start("models.py").result()
    before = for_release(declared, 17)
    assert all(unit.sql.count("STORED") == 1 for unit in before.units)
    assert for_release(declared, 18) == declared
    if sqlalchemy.__version__ < "2.1":
        assert before == declared
    else:
        assert "STORED" not in _unit(declared, "table t").sql
    run(before, server.create_database())


def test_who_gets_the_second_of_two_equal_names_needs_the_first(server: Server, write: Write) -> None:
    write(
        "models.py",
        HEAD
        + """
    id = lambda: Column("id", Integer, primary_key=True)
    Table("role", metadata, id())
    Table("user", metadata, id(), Column("group_role_id", ForeignKey("role.id")))
    Table("user_group", metadata, id(), Column("role_id", ForeignKey("role.id")))
    Table("other", metadata, id(), Column("role_id", ForeignKey("role.id")))
    """,
    )
    declared = start("models.py").result()
    needs = {unit.name: unit.needs for unit in declared.units}
    assert needs["table other"] == ("table role",)
    assert needs["table user"] == ("table role",)
    assert needs["table user_group"] == ("table role", "table user")
    database = server.create_database()
    run(declared, database)
    keys = {row[1]: row[2] for row in read(database) if row[0] == "constraint" and row[2].startswith("user_group_role")}
    assert keys == {'"user"': "user_group_role_id_fkey", "user_group": "user_group_role_id_fkey1"}


def test_long_names_are_cut_as_the_server_cuts_them(server: Server) -> None:
    from generator.load.models.automatic_names import automatic_name

    with server.create_database().connect() as connection:
        connection.execute("CREATE TABLE target (id int PRIMARY KEY)")
        for table, column in (("t" * 60, "c"), ("t", "c" * 60), ("t" * 40, "c" * 41), ("ü" * 30, "ö" * 31), ("a", "b")):
            connection.execute(f'CREATE TABLE "{table}" ("{column}" int REFERENCES target)'.encode())
            row = connection.execute("SELECT conname FROM pg_constraint ORDER BY oid DESC LIMIT 1").fetchone()
            assert row == (automatic_name(table, column, "fkey"),)
