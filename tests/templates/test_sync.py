"""The sync triggers: what the old application writes is kept right, what the new one writes is left alone."""

import psycopg
import pytest

from generator.dialects.postgres.statements.triggers import switch_off
from generator.model.answers import Unmatched
from generator.model.plan import Filling
from generator.model.schema import QName
from tests.templates.fillings import LOG, SHOP, computed, created, link
from tests.templates.scripts import Scratch, rendered


def synced(scratch: Scratch, tables: str, filling: Filling, *, late: bool = False) -> None:
    names = ["sync_function.sql.j2", "sync_trigger.sql.j2"]
    names += ["sync_source_function.sql.j2", "sync_source_trigger.sql.j2"] if late else []
    if filling.backfill.unmatched is Unmatched.CREATE:
        names.insert(0, "created_table.sql.j2")
    scratch.do(tables)
    for _ in range(2):
        ran = scratch.run("SET search_path = '';\n" + "".join(rendered(name, filling) for name in names))
        assert ran.ok, ran.said


@pytest.fixture
def shop(scratch: Scratch) -> Scratch:
    synced(scratch, SHOP, link(), late=True)
    scratch.do("INSERT INTO users VALUES (1, 'ada'), (2, 'grace'), (8, 'twin'), (9, 'twin')")
    return scratch


def linked(scratch: Scratch) -> list[tuple[int, int | None]]:
    return scratch.rows("SELECT id, user_id FROM customers ORDER BY id")


def test_an_insert_of_the_old_application_is_linked(shop: Scratch) -> None:
    shop.do("INSERT INTO customers (id, email) VALUES (1, 'ada'), (2, 'nobody'), (3, NULL)")
    assert linked(shop) == [(1, 1), (2, None), (3, None)]


def test_what_the_new_application_gives_stays(shop: Scratch) -> None:
    shop.do("INSERT INTO customers VALUES (1, 'ada', 'x', 2); UPDATE customers SET email = 'twin', user_id = 1")
    assert linked(shop) == [(1, 1)]


def test_it_does_not_choose_between_two(shop: Scratch) -> None:
    shop.do("INSERT INTO customers (id, email) VALUES (1, 'twin')")
    assert linked(shop) == [(1, None)]


def test_a_link_follows_the_e_mail_it_was_made_of(shop: Scratch) -> None:
    shop.do("INSERT INTO customers (id, email) VALUES (1, 'ada'); UPDATE customers SET email = 'grace'")
    assert linked(shop) == [(1, 2)]


def test_a_link_that_leads_nowhere_else_stays(shop: Scratch) -> None:
    shop.do("INSERT INTO customers (id, email) VALUES (1, 'ada'); UPDATE customers SET email = 'nobody'")
    assert linked(shop) == [(1, 1)]


def test_a_link_that_the_new_application_chose_does_not_follow(shop: Scratch) -> None:
    shop.do("INSERT INTO customers VALUES (1, 'ada', 'x', 9); UPDATE customers SET email = 'grace'")
    assert linked(shop) == [(1, 9)]


def test_a_row_that_was_never_filled_is_linked_when_its_e_mail_is_set(shop: Scratch) -> None:
    shop.do("INSERT INTO customers (id, email) VALUES (1, 'nobody'); UPDATE customers SET email = 'grace'")
    assert linked(shop) == [(1, 2)]


def test_a_user_who_comes_later_is_linked(shop: Scratch) -> None:
    shop.do("INSERT INTO customers (id, email) VALUES (1, 'late'), (2, 'nobody'); INSERT INTO users VALUES (5, 'late')")
    assert linked(shop) == [(1, 5), (2, None)]
    shop.do("UPDATE users SET email = 'nobody' WHERE id = 5")
    assert linked(shop) == [(1, 5), (2, 5)]


def test_a_second_user_of_the_same_e_mail_links_nothing(shop: Scratch) -> None:
    shop.do("INSERT INTO customers (id, email) VALUES (1, 'twin'); INSERT INTO users VALUES (7, 'twin')")
    assert linked(shop) == [(1, None)]


def test_the_application_needs_no_right_to_read_the_users(shop: Scratch) -> None:
    shop.do("GRANT INSERT ON customers TO PUBLIC")
    with psycopg.connect(shop.database.superuser_conninfo, autocommit=True) as superuser:
        superuser.execute("CREATE ROLE clerk")
        superuser.execute("SET ROLE clerk")
        superuser.execute("INSERT INTO customers (id, email) VALUES (1, 'ada')")
        superuser.execute("RESET ROLE")
        superuser.execute("DROP ROLE clerk")
    assert linked(shop) == [(1, 1)]


def test_switched_off_it_does_nothing(shop: Scratch) -> None:
    assert shop.run(str(switch_off(QName(link().table.schema, f"{link().helpers}_fill")).sql)).ok
    shop.do("INSERT INTO customers (id, email) VALUES (1, 'ada')")
    assert linked(shop) == [(1, None)]


def test_the_missing_row_is_made_and_noted(scratch: Scratch) -> None:
    synced(scratch, LOG, created())
    scratch.do("INSERT INTO sign_ins (id, address) VALUES (1, '10.0.0.1'), (2, '10.0.0.1'), (3, NULL)")
    assert scratch.rows("SELECT id, address_id FROM sign_ins ORDER BY id") == [(1, 1), (2, 1), (3, None)]
    assert scratch.rows("SELECT * FROM _gm_sign_ins_address_id_created") == [(1,)]


def test_a_text_that_cannot_be_read_does_not_stop_the_old_application(scratch: Scratch) -> None:
    synced(scratch, LOG, created())
    scratch.do("INSERT INTO sign_ins (id, address) VALUES (1, 'localhost')")
    assert scratch.rows("SELECT id, address_id FROM sign_ins") == [(1, None)]


def test_a_row_that_may_not_be_made_does_not_stop_the_old_application(scratch: Scratch) -> None:
    synced(scratch, LOG, created())
    scratch.do("ALTER TABLE addresses ADD CHECK (family(address) = 6); INSERT INTO sign_ins VALUES (1, '10.0.0.1')")
    assert scratch.rows("SELECT id, address_id FROM sign_ins") == [(1, None)]


def test_a_computed_value_follows_the_columns_it_is_made_of(scratch: Scratch) -> None:
    synced(scratch, SHOP, computed())
    scratch.do(
        "INSERT INTO customers (id, email) VALUES (1, 'ADA'), (2, 'B'); UPDATE customers SET name = 'own' WHERE id = 2"
    )
    scratch.do("UPDATE customers SET email = email || '!'")
    assert scratch.rows("SELECT id, name FROM customers ORDER BY id") == [(1, "ada!"), (2, "own")]


def test_a_value_that_reads_nothing_is_given_to_new_rows(scratch: Scratch) -> None:
    synced(scratch, SHOP, computed("'free'", reads=()))
    scratch.do("INSERT INTO customers (id) VALUES (1); UPDATE customers SET email = 'x'")
    assert scratch.rows("SELECT name FROM customers") == [("free",)]
