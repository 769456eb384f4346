"""The gate before anything is enforced."""

from tests.templates.fillings import SHOP, link
from tests.templates.scripts import Scratch, rendered


def test_it_lets_filled_rows_pass(scratch: Scratch) -> None:
    scratch.do(SHOP + "INSERT INTO customers VALUES (1, 'a', NULL, 1), (2, 'b', NULL, 2)")
    assert scratch.run("SET search_path = '';" + rendered("gate.sql.j2", link())).ok


def test_rows_without_a_value_stop_it(scratch: Scratch) -> None:
    scratch.do(SHOP + "INSERT INTO customers VALUES (1, 'a', NULL, 1), (2, 'b', NULL, NULL)")
    ran = scratch.run(rendered("gate.sql.j2", link()))
    assert not ran.ok
    assert "customers.user_id: 1 rows have no value" in ran.said
    assert '{"id":2,"email":"b"}' in ran.said
    assert scratch.run(rendered("gate.sql.j2", link(required=False))).ok


def test_a_value_in_two_rows_stops_it(scratch: Scratch) -> None:
    scratch.do(SHOP + "INSERT INTO customers VALUES (1, 'a', NULL, 7), (2, 'b', NULL, 7)")
    ran = scratch.run(rendered("gate.sql.j2", link()))
    assert not ran.ok
    assert "1 values stand in more than one row" in ran.said
    assert "7 in 2 rows" in ran.said
    assert scratch.run(rendered("gate.sql.j2", link(unique=False))).ok
