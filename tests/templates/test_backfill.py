"""The back-fill, run on a real server: what it fills, what stops it, and what it leaves behind."""

from dataclasses import replace

from generator.model.answers import Unmatched
from generator.model.schema import QName
from tests.templates.fillings import LOG, SHOP, computed, created, link
from tests.templates.scripts import Scratch, rendered

HELPERS = "SELECT relname FROM pg_class WHERE relname LIKE '\\_gm%' ORDER BY 1"


def shop(scratch: Scratch, rows: int = 0) -> None:
    scratch.do(SHOP)
    scratch.do(f"INSERT INTO users SELECT i, 'person.' || i FROM generate_series(1, {rows}) AS i")
    scratch.do(f"INSERT INTO customers SELECT i, 'person.' || i, 'x' FROM generate_series(1, {rows}) AS i")


def test_every_row_gets_what_it_matches(scratch: Scratch) -> None:
    shop(scratch, 20_000)
    ran = scratch.run(rendered("backfill.sql.j2", link()))
    assert ran.ok, ran.said
    assert scratch.one("SELECT count(*) FROM customers WHERE user_id = id") == 20_000
    assert scratch.rows(HELPERS) == []


def test_most_new_versions_find_room_in_their_own_page(scratch: Scratch) -> None:
    shop(scratch, 50_000)
    before = scratch.one("SELECT pg_relation_size('customers')")
    assert scratch.run(rendered("backfill.sql.j2", link())).ok
    assert scratch.one("SELECT pg_relation_size('customers')") < 1.5 * before


def test_a_second_run_changes_nothing(scratch: Scratch) -> None:
    shop(scratch, 100)
    assert scratch.run(rendered("backfill.sql.j2", link())).ok
    before = scratch.rows("SELECT xmin::text, ctid::text, * FROM customers ORDER BY id")
    ran = scratch.run(rendered("backfill.sql.j2", link()))
    assert ran.ok, ran.said
    assert scratch.rows("SELECT xmin::text, ctid::text, * FROM customers ORDER BY id") == before


def test_what_is_there_is_never_overwritten(scratch: Scratch) -> None:
    shop(scratch, 3)
    scratch.do("INSERT INTO users VALUES (9, 'other'); UPDATE customers SET user_id = 9 WHERE id = 2")
    assert scratch.run(rendered("backfill.sql.j2", link())).ok
    assert scratch.rows("SELECT id, user_id FROM customers ORDER BY id") == [(1, 1), (2, 9), (3, 3)]


def test_dirty_rows_stop_it_before_anything_is_changed_and_are_named(scratch: Scratch) -> None:
    shop(scratch, 3)
    scratch.do(
        "INSERT INTO users VALUES (10, 'twin'), (11, 'twin');"
        "INSERT INTO customers VALUES"
        " (20, 'Person.1 '), (21, 'nobody'), (22, 'twin'), (23, 'person.3'), (24, ''), (25, NULL)"
    )
    ran = scratch.run(rendered("backfill.sql.j2", link()))
    assert not ran.ok
    assert (
        "customers.user_id cannot be filled: of 9 rows, 1 ambiguous, 4 without a match, 1 values for more" in ran.said
    )
    assert '1 match more than one row of users:\n    {"id":22,"email":"twin"}' in ran.said
    assert '1 of them would match but for upper case and blanks:\n    {"id":20,"email":"Person.1 "}' in ran.said
    assert "match = 'lower(trim(customers.email)) = lower(trim(users.email))'" in ran.said
    assert "2 of them have nothing to match by" in ran.said
    assert '{"id":23,"email":"person.3"}' in ran.said
    assert 'unmatched = "create" or "delete"' in ran.said
    assert scratch.one("SELECT count(user_id) FROM customers") == 0


def test_it_goes_on_once_the_rows_are_corrected(scratch: Scratch) -> None:
    shop(scratch, 3)
    scratch.do("INSERT INTO customers VALUES (20, 'nobody')")
    assert not scratch.run(rendered("backfill.sql.j2", link())).ok
    scratch.do("DELETE FROM customers WHERE id = 20")
    assert scratch.run(rendered("backfill.sql.j2", link())).ok
    assert scratch.one("SELECT count(*) FROM customers WHERE user_id = id") == 3


def test_a_value_that_another_row_has_already_stops_it(scratch: Scratch) -> None:
    shop(scratch, 2)
    scratch.do("UPDATE customers SET user_id = 2 WHERE id = 1")
    ran = scratch.run(rendered("backfill.sql.j2", link()))
    assert not ran.ok
    assert "1 values for more than one row" in ran.said


def test_rows_without_a_match_are_left_where_that_is_said(scratch: Scratch) -> None:
    shop(scratch, 2)
    scratch.do("INSERT INTO customers VALUES (20, 'nobody')")
    filling = link(Unmatched.LEAVE, required=False)
    for _ in range(2):
        ran = scratch.run(rendered("backfill.sql.j2", filling))
        assert ran.ok, ran.said
        assert "1 rows without a match (leave)" in ran.said
    assert scratch.rows("SELECT id, user_id FROM customers ORDER BY id") == [(1, 1), (2, 2), (20, None)]


def test_rows_without_a_match_are_deleted_and_come_back(scratch: Scratch) -> None:
    shop(scratch, 2)
    scratch.do("INSERT INTO customers VALUES (20, 'nobody', 'kept'), (21, NULL, NULL)")
    filling = link(Unmatched.DELETE)
    ran = scratch.run(rendered("backfill.sql.j2", filling))
    assert ran.ok, ran.said
    assert scratch.rows("SELECT id, user_id FROM customers ORDER BY id") == [(1, 1), (2, 2)]
    assert scratch.rows(HELPERS) == [("_gm_customers_user_id_deleted",)]
    ran = scratch.run(rendered("backfill_rollback.sql.j2", filling))
    assert ran.ok, ran.said
    assert scratch.rows("SELECT * FROM customers WHERE id > 2 ORDER BY id") == [
        (20, "nobody", "kept", None),
        (21, None, None, None),
    ]
    assert scratch.rows(HELPERS) == []


def test_rows_on_which_others_hang_are_not_deleted(scratch: Scratch) -> None:
    shop(scratch, 2)
    scratch.do(
        "CREATE TABLE orders (id int, customer int REFERENCES customers ON DELETE CASCADE);"
        "INSERT INTO customers VALUES (20, 'nobody'); INSERT INTO orders VALUES (1, 20), (2, 20), (3, 1)"
    )
    ran = scratch.run(rendered("backfill.sql.j2", link(Unmatched.DELETE)))
    assert not ran.ok
    assert "2 rows of orders hang on rows to be deleted" in ran.said
    assert scratch.one("SELECT count(*) FROM orders") == 3


def test_missing_rows_are_created_once_each(scratch: Scratch) -> None:
    scratch.do(LOG)
    scratch.do(
        "INSERT INTO addresses (address) VALUES ('10.0.0.1');"
        "INSERT INTO sign_ins SELECT i, '10.0.' || i % 7 || '.' || i % 3 FROM generate_series(1, 3000) AS i;"
        "INSERT INTO sign_ins VALUES (4000, '2001:db8:0::1'), (4001, '2001:db8::1')"
    )
    ran = scratch.run(rendered("backfill.sql.j2", created()))
    assert ran.ok, ran.said
    assert scratch.one("SELECT count(*) FROM addresses") == 7 * 3 + 1
    assert (
        scratch.one(
            "SELECT count(*) FROM sign_ins JOIN addresses ON addresses.id = address_id"
            " WHERE addresses.address = sign_ins.address::inet"
        )
        == 3002
    )
    assert scratch.one("SELECT count(*) FROM _gm_sign_ins_address_id_created") == 7 * 3


def test_created_rows_go_again_where_nothing_refers_to_them(scratch: Scratch) -> None:
    scratch.do(LOG)
    scratch.do(
        "INSERT INTO addresses (address) VALUES ('10.0.0.1');"
        "INSERT INTO sign_ins VALUES (1, '10.0.0.1'), (2, '10.0.0.2'), (3, '10.0.0.3')"
    )
    assert scratch.run(rendered("backfill.sql.j2", created())).ok
    scratch.do(
        "CREATE TABLE blocked (address_id int REFERENCES addresses);"
        "INSERT INTO blocked SELECT id FROM addresses WHERE address = '10.0.0.3';"
        "ALTER TABLE sign_ins DROP COLUMN address_id"
    )
    ran = scratch.run(rendered("uncreate.sql.j2", created()))
    assert ran.ok, ran.said
    assert scratch.rows("SELECT host(address) FROM addresses ORDER BY 1") == [("10.0.0.1",), ("10.0.0.3",)]
    assert scratch.rows("SELECT to_regclass('_gm_sign_ins_address_id_created')") == [(None,)]


def test_rows_from_which_nothing_can_be_created_stop_it(scratch: Scratch) -> None:
    scratch.do(LOG)
    scratch.do("INSERT INTO sign_ins VALUES (1, '10.0.0.1'), (2, NULL)")
    ran = scratch.run(rendered("backfill.sql.j2", created()))
    assert not ran.ok
    assert "1 from which no row can be created" in ran.said
    assert scratch.one("SELECT count(*) FROM addresses") == 0


def test_created_rows_that_do_not_match_stop_it(scratch: Scratch) -> None:
    scratch.do(LOG)
    scratch.do("INSERT INTO sign_ins VALUES (1, '10.0.0.1'), (2, '10.0.0.2')")
    wrong = created(create=(("address", "'192.168.0.1'::inet"),))
    ran = scratch.run(rendered("backfill.sql.j2", wrong))
    assert not ran.ok
    assert "the created rows do not match them" in ran.said


def test_a_text_that_cannot_be_read_is_named(scratch: Scratch) -> None:
    scratch.do(LOG)
    scratch.do("INSERT INTO addresses (address) VALUES ('10.0.0.1');"
               "INSERT INTO sign_ins VALUES (1, '10.0.0.1'), (2, 'localhost')")  # fmt: skip
    ran = scratch.run(rendered("backfill.sql.j2", created()))
    assert not ran.ok
    assert 'sign_ins.address_id cannot be filled: invalid input syntax for type inet: "localhost"' in ran.said
    assert '{"id":2,"address":"localhost"}' in ran.said


def test_a_value_of_the_row_itself(scratch: Scratch) -> None:
    shop(scratch)
    scratch.do("INSERT INTO customers VALUES (1, 'ADA', NULL), (2, 'B', 'own')")
    ran = scratch.run(rendered("backfill.sql.j2", computed()))
    assert ran.ok, ran.said
    assert scratch.rows("SELECT id, name FROM customers ORDER BY id") == [(1, "ada"), (2, "own")]


def test_a_required_value_which_is_null_stops_it(scratch: Scratch) -> None:
    shop(scratch)
    scratch.do("INSERT INTO customers VALUES (1, 'ADA'), (2, NULL)")
    ran = scratch.run(rendered("backfill.sql.j2", computed()))
    assert not ran.ok
    assert "1 for which the value is NULL" in ran.said
    assert '{"id":2,"email":null}' in ran.said


def test_a_value_too_long_for_the_column_stops_it(scratch: Scratch) -> None:
    shop(scratch)
    scratch.do(
        "ALTER TABLE customers ALTER name TYPE varchar(3); INSERT INTO customers VALUES (1, 'ADA'), (2, 'GRACE')"
    )
    ran = scratch.run(rendered("backfill.sql.j2", computed(type="character varying(3)")))
    assert not ran.ok
    assert "value too long for type character varying(3)" in ran.said
    assert scratch.one("SELECT count(name) FROM customers") == 0


def test_every_row_gets_a_random_value_of_its_own(scratch: Scratch) -> None:
    scratch.do(
        "CREATE TABLE tokens (note text, token uuid); INSERT INTO tokens SELECT 'x' FROM generate_series(1, 5000)"
    )
    filling = computed(
        "gen_random_uuid()", table=QName("public", "tokens"), table_alias="tokens", column="token", type="uuid",
        key=(), reads=(), helpers="_gm_tokens_token", unique=True,
    )  # fmt: skip
    ran = scratch.run(rendered("backfill.sql.j2", filling))
    assert ran.ok, ran.said
    assert scratch.one("SELECT count(DISTINCT token) FROM tokens") == 5000


def test_odd_names(scratch: Scratch) -> None:
    scratch.do(
        """CREATE SCHEMA "My Shop"; CREATE TABLE "My Shop"."User's %" ("Id" int, "select" text);
        CREATE TABLE "My Shop"."side" ("value" text, "tid" int, "User Id" int);
        INSERT INTO "My Shop"."User's %" VALUES (1, 'a'), (2, 'b');
        INSERT INTO "My Shop"."side" VALUES ('a', 1), ('b', 2)"""
    )
    filling = replace(
        link(), table=QName("My Shop", "side"), table_alias="side", column="User Id", key=(("tid", "integer"),),
        value='"User\'s %"."Id"', reads=("value",), source=QName("My Shop", "User's %"), source_alias="User's %",
        match='side.value = "User\'s %"."select"', source_reads=("Id", "select"), source_key=(("Id", "integer"),),
        helpers="_gm_My table_User Id", search_path=("My Shop",), near_match=None, blank=None,
    )  # fmt: skip
    ran = scratch.run(rendered("backfill.sql.j2", filling))
    assert ran.ok, ran.said
    assert scratch.rows('SELECT tid, "User Id" FROM "My Shop".side ORDER BY 1') == [(1, 1), (2, 2)]


def test_row_security_is_an_error_and_not_rows_left_out(scratch: Scratch) -> None:
    shop(scratch, 2)
    scratch.do(
        "ALTER TABLE customers ENABLE ROW LEVEL SECURITY; ALTER TABLE customers FORCE ROW LEVEL SECURITY;"
        "CREATE POLICY one ON customers USING (id = 1)"
    )
    ran = scratch.run(rendered("backfill.sql.j2", link()))
    assert not ran.ok
    assert "row-level security" in ran.said
