"""A look at a live database: sizes and counts, reading only."""

import pytest

from generator.dialects.postgres.declare import declare
from generator.dialects.postgres.live_look import Preflight, look_at
from generator.errors import ServerUnavailable
from generator.load import start
from generator.model.live import Count
from generator.model.schema import QName
from generator.pipeline import Request, run
from generator.server import Database, Server
from tests.examples import EXAMPLES

SHOP = next(example for example in EXAMPLES if example.name == "link_customers")


@pytest.fixture
def shop(server: Server) -> Database:
    database = server.create_database()
    with database.connect() as connection:
        declare(start(str(SHOP.old)).result(), connection)
        connection.execute("SET search_path = public")
        connection.execute((SHOP.folder / "dirty_rows.sql").read_bytes())
        connection.execute("ANALYZE")
    return database


def test_the_review_tells_what_the_preflight_counts_in_the_database(shop: Database) -> None:
    outcome = run(Request(old=str(SHOP.old), new=str(SHOP.new), database=shop.conninfo, prove=False))
    for text in (outcome.files["REVIEW.md"], outcome.files["review.html"]):
        assert "rows that match no row of users" in text
        assert "about 6 rows, in less than a second" in text
        assert "host=" not in text
    lines = outcome.files["REVIEW.md"].splitlines()
    assert "  | rows to fill | 6 | any |" in lines
    assert "  | rows that match no row of users | **3** | 0 |" in lines
    assert "  | of those, would match but for upper case and blanks | 1 | any |" in lines
    assert "  | values that more than one row would get | **1** | 0 |" in lines


def test_it_writes_nothing_and_a_count_that_fails_is_told(shop: Database) -> None:
    found = look_at(
        shop.conninfo,
        {
            "good": Preflight(query="SELECT 'rows', count(*), NULL::bigint FROM users", search_path="public"),
            "writes": Preflight(query="WITH x AS (DELETE FROM users RETURNING 1) TABLE x", search_path="public"),
            "bad": Preflight(query="SELECT 'rows', count(*), 0 FROM nowhere", search_path="public"),
            "last": Preflight(query="SELECT 'rows', 7::bigint, 0::bigint", search_path="public"),
        },
    )
    assert not found.counts["good"][0].stops
    assert found.counts["last"] == (Count(what="rows", rows=7, expected=0),)
    assert found.counts["last"][0].stops
    assert "read-only transaction" in found.uncounted["writes"]
    assert 'relation "nowhere" does not exist' in found.uncounted["bad"]
    customers = found.statistics.of(QName("public", "customers"))
    assert customers is not None
    assert customers.rows == 6


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:secret@/x?host=/nowhere",
        "postgresql://me@/x?host=/nowhere&password=secret",
        "host=/nowhere user=me password=secret dbname=x",
    ],
)
def test_a_database_that_is_not_there_is_told_without_its_password(url: str) -> None:
    with pytest.raises(ServerUnavailable) as caught:
        look_at(url, {})
    assert "secret" not in caught.value.message
    assert "***" in caught.value.message
