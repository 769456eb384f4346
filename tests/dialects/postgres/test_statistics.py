"""How large a live database's tables are, and what a plan's statements will touch, as estimates."""

from psycopg import Connection

from generator.dialects.postgres.statements.columns import add_column, alter_type
from generator.dialects.postgres.statements.constraints import validate_constraint
from generator.dialects.postgres.statements.indexes import create_index_concurrently
from generator.dialects.postgres.statistics import read_statistics
from generator.model.plan import NothingToUndo, Stage, Statement, Step
from generator.model.schema import Column, QName
from generator.model.statistics import Estimate, Statistics
from generator.plan.estimate import INDEXED, READ, REWRITTEN, estimate
from generator.server import Server

ORDERS = QName("public", "orders")
EMPTY = Step(stage=Stage.EXPAND, purpose="", run=(), undo=NothingToUndo(because=""))


def of_orders(server: Server, *then: str) -> Statistics:
    database = server.create_database()
    with database.connect() as connection:
        connection.execute("CREATE TABLE orders (id bigint PRIMARY KEY, note text)")
        connection.execute("INSERT INTO orders SELECT n, repeat('x', 500) FROM generate_series(1, 2000) AS n")
        for statement in then:
            connection.execute(statement.encode())
        return read(connection)


def read(connection: Connection[tuple[object, ...]]) -> Statistics:
    connection.execute("BEGIN READ ONLY")
    return read_statistics(connection, "shop")


def said(statement: Statement, statistics: Statistics) -> Estimate:
    return estimate(EMPTY, statement, statistics)


def test_rows_and_bytes_are_those_of_the_server(server: Server) -> None:
    found = of_orders(server, "ANALYZE orders").of(ORDERS)
    assert found is not None
    assert found.rows == 2000
    assert 1_000_000 < found.bytes < 2_000_000
    assert [index.name.name for index in found.indexes] == ["orders_pkey"]
    assert found.index_bytes > 0


def test_a_table_that_was_never_analysed_has_no_number_of_rows(server: Server) -> None:
    statistics = of_orders(server)
    found = statistics.of(ORDERS)
    assert found is not None
    assert found.rows is None
    estimated = said(create_index_concurrently(ORDERS, "i", unique=False, body="(note)"), statistics)
    assert (estimated.rows, estimated.seconds) == (None, None)


def test_each_kind_of_statement_is_estimated_by_what_it_does(server: Server) -> None:
    statistics = of_orders(server, "ANALYZE orders")
    orders = statistics.of(ORDERS)
    assert orders is not None
    column = Column(name="more", type="text", nullable=True)
    instant = said(add_column(ORDERS, column), statistics)
    assert (instant.rows, instant.bytes, instant.seconds) == (0, 0, 0.0)
    validated = said(validate_constraint(ORDERS, "k"), statistics)
    assert (validated.rows, validated.seconds) == (2000, orders.bytes / READ)
    built = said(create_index_concurrently(ORDERS, "i", unique=False, body="(note)"), statistics)
    assert built.seconds == 2 * orders.bytes / READ + 2000 / INDEXED
    rewritten = said(alter_type(ORDERS, column, None, rewrites=True, scans=True), statistics)
    assert rewritten.seconds == (orders.bytes + orders.index_bytes) / REWRITTEN
    assert "MB/s" in rewritten.how


def test_a_table_that_is_not_there_yet_takes_no_time() -> None:
    nothing = said(validate_constraint(ORDERS, "k"), Statistics(database="shop", server_version="18.6"))
    assert (nothing.rows, nothing.bytes, nothing.seconds) == (0, 0, 0.0)
