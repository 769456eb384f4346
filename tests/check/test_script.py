"""Any SQL, run statement by statement: what was observed of it, and what must not pass."""

from pathlib import Path

import pytest

from generator.check import CheckResult
from generator.errors import BadInput
from generator.model.check import Finding, Observed
from tests.check.conftest import SHOP, Checked, codes

ROOT = Path(__file__).resolve().parents[2]
HANDWRITTEN = ROOT / "examples" / "check_handwritten"


def of(result: CheckResult, code: str) -> list[Finding]:
    return [each for each in result.check.findings if each.code == code]


def seen(result: CheckResult, line: int) -> Observed:
    return next(each for each in result.check.observed if each.line == line)


def locks(each: Observed) -> dict[str, str]:
    return {str(lock.table): lock.mode.value for lock in each.locks}


@pytest.fixture
def handwritten(checked: Checked) -> CheckResult:
    return checked({path.name: path.read_text() for path in HANDWRITTEN.glob("*.sql")})


def test_a_script_written_by_hand_gives_the_reference_another_name(handwritten: CheckResult) -> None:
    (finding,) = of(handwritten, "name-differs")
    assert "customers_user_id_fkey" in finding.message
    assert "customers_user_id_users_id_fk" in finding.message
    assert (finding.where.file, finding.where.line) == ("migration.sql", 4)
    assert of(handwritten, "migration-differs") == []


def test_all_of_it_runs_under_the_first_lock(handwritten: CheckResult) -> None:
    (finding,) = of(handwritten, "lock-kept")
    assert finding.where.line == 4
    assert "customers ACCESS EXCLUSIVE and users SHARE ROW EXCLUSIVE" in finding.message
    assert "every later statement runs under that lock (3:" in finding.message
    assert [each.where.line for each in of(handwritten, "scan-under-lock")] == [6, 8, 10]


def test_nobody_can_write_to_customers_meanwhile(handwritten: CheckResult) -> None:
    finding = next(each for each in of(handwritten, "application-blocked") if each.where.object == "customers")
    assert finding.message.startswith("From line 4 to line 12 nobody can read or write customers")
    assert set(seen(handwritten, 4).blocked) >= {"insert into customers", "update customers", "read customers"}
    assert "insert into users" in seen(handwritten, 4).blocked
    assert "read users" not in seen(handwritten, 4).blocked


def test_it_breaks_on_rows_that_match_nobody_or_match_twice(handwritten: CheckResult) -> None:
    found = {each.where.line: each.message for each in of(handwritten, "statement-fails")}
    assert "a row of customers without a match in users" in found[8]
    assert "two rows of customers for one row of users" in found[10]


def test_no_moment_is_left_for_both_versions(handwritten: CheckResult) -> None:
    (finding,) = of(handwritten, "application-breaks")
    assert "inserts into customers" in finding.message
    assert finding.effect == "There is no moment at which both versions work."


def test_the_staged_form_is_told(handwritten: CheckResult) -> None:
    assert [str(stage.stage) for stage in handwritten.check.stages] == ["expand", "backfill", "validate", "contract"]
    assert handwritten.check.exit_code == 1


def test_statements_that_touch_no_rows_and_do_not_wait_are_no_finding(checked: Checked) -> None:
    script = "SET lock_timeout = '100ms';\nALTER TABLE orders ADD COLUMN more text;\nCOMMENT ON TABLE orders IS 'x';\n"
    result = checked({"old.sql": SHOP, "migration.sql": script})
    assert codes(result) == []
    assert locks(seen(result, 2)) == {"orders": "ACCESS EXCLUSIVE"}


def test_a_rewrite_is_seen(checked: Checked) -> None:
    result = checked({"old.sql": SHOP, "migration.sql": "ALTER TABLE orders ALTER COLUMN total TYPE bigint;"})
    assert "rewrite-under-lock" in codes(result)
    assert [str(table) for table in seen(result, 1).rewrites] == ["orders"]


def test_a_plain_index_reads_while_nobody_writes_and_a_concurrent_one_does_not(checked: Checked) -> None:
    plain = checked({"old.sql": SHOP, "migration.sql": "CREATE INDEX note ON orders (note);"})
    assert "scan-under-lock" in codes(plain)
    assert locks(seen(plain, 1)) == {"orders": "SHARE"}
    careful = checked({"old.sql": SHOP, "migration.sql": "CREATE INDEX CONCURRENTLY note ON orders (note);"})
    assert codes(careful) == []
    assert locks(seen(careful, 1)) == {"orders": "SHARE UPDATE EXCLUSIVE"}


def test_a_key_that_is_added_at_once_reads_and_one_that_is_validated_later_stops_nobody(checked: Checked) -> None:
    old = SHOP.replace(" REFERENCES users (id)", "")
    key = "ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (user_id) REFERENCES users (id)"
    assert "scan-under-lock" in codes(checked({"old.sql": old, "migration.sql": f"{key};"}))
    careful = f"SET lock_timeout = '1s';\n{key} NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT k;"
    result = checked({"old.sql": old, "migration.sql": careful})
    assert "scan-under-lock" not in codes(result)
    assert locks(seen(result, 3)) == {"orders": "SHARE UPDATE EXCLUSIVE", "users": "ROW SHARE"}


def test_an_update_of_some_rows_by_their_key_is_no_scan(checked: Checked) -> None:
    script = "UPDATE orders SET note = 'x' WHERE id = 1;"
    assert codes(checked({"old.sql": SHOP, "migration.sql": script})) == []
    assert codes(checked({"old.sql": SHOP, "migration.sql": "UPDATE orders SET note = 'x';"})) == ["fills-at-once"]


def test_rows_that_the_old_schema_allows_stop_it(checked: Checked) -> None:
    result = checked({"old.sql": SHOP, "migration.sql": "ALTER TABLE orders ALTER COLUMN note SET NOT NULL;"})
    (finding,) = of(result, "statement-fails")
    assert 'column "note" of relation "orders" contains null values' in finding.message


def test_in_one_transaction_the_lock_of_the_first_is_kept(checked: Checked) -> None:
    script = "ALTER TABLE orders ADD COLUMN a text;\nUPDATE orders SET a = note;"
    assert "lock-kept" not in codes(checked({"old.sql": SHOP, "migration.sql": script}))
    assert "lock-kept" in codes(checked({"old.sql": SHOP, "migration.sql": script}, one_transaction=True))


def test_a_script_that_does_not_run_at_all_says_where(checked: Checked) -> None:
    result = checked({"old.sql": SHOP, "migration.sql": "SELECT 1;\nALTER TABLE nowhere ADD COLUMN a text;"})
    (finding,) = result.check.findings
    assert (finding.code, finding.where.line) == ("migration-fails", 2)


def test_a_script_that_ends_elsewhere_is_told_by_what_differs(checked: Checked) -> None:
    new = SHOP.replace("total integer", "total integer, more text NOT NULL DEFAULT ''")
    result = checked({"old.sql": SHOP, "new.sql": new, "migration.sql": "ALTER TABLE orders ADD COLUMN more text;"})
    (finding,) = of(result, "migration-differs")
    assert finding.message.startswith("table orders, column more: the schema has text NOT NULL DEFAULT ''::text")


def test_what_is_set_aside_in_place_does_not_fail(checked: Checked) -> None:
    script = (
        "SET lock_timeout = '1s';\n"
        "-- gen-migration: allow scan-under-lock because orders has ten rows\n"
        "CREATE INDEX note ON orders (note);"
    )
    result = checked({"old.sql": SHOP, "migration.sql": script})
    (finding,) = of(result, "scan-under-lock")
    assert finding.allowed == "orders has ten rows"
    assert result.check.exit_code == 0


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("allow scan-under-lock", "without a reason"),
        ("allow scan-under-luck because so", "is not the code of a hazard"),
        ("ignore this", "is not understood"),
    ],
)
def test_a_comment_that_is_not_understood_is_an_error_with_its_line(checked: Checked, comment: str, said: str) -> None:
    script = f"SET lock_timeout = '1s';\n-- gen-migration: {comment}\nCREATE INDEX note ON orders (note);"
    with pytest.raises(BadInput, match=said) as raised:
        checked({"old.sql": SHOP, "migration.sql": script})
    assert raised.value.message.startswith("migration.sql:2: ")


def test_small_tables_and_weights_are_the_policys(checked: Checked) -> None:
    policy = '[hazards]\nno-lock-timeout = "off"\n[locks]\norders = "SHARE UPDATE EXCLUSIVE"\n'
    files = {"old.sql": SHOP, "migration.sql": "CREATE INDEX note ON orders (note);"}
    strict = checked({**files, "gen-migration.toml": policy})
    assert codes(strict) == ["scan-under-lock", "lock-too-strong"]
    small = checked({**files, "gen-migration.toml": 'small = ["orders"]\n'})
    assert [str(each.severity) for each in of(small, "scan-under-lock")] == ["note"]
    assert small.check.exit_code == 0


def test_rows_of_ones_own_are_used(checked: Checked) -> None:
    rows = "INSERT INTO users VALUES ('00000000-0000-0000-0000-000000000001', 'a@example.com');"
    files = {"old.sql": SHOP, "rows.sql": rows, "migration.sql": "UPDATE users SET email = lower(email);"}
    assert seen(checked(files), 1).rows == 1


def test_without_a_new_schema_the_staged_form_is_that_of_where_the_script_ends(checked: Checked) -> None:
    result = checked({"old.sql": SHOP, "migration.sql": "ALTER TABLE orders ADD COLUMN more text;"})
    assert result.check.changes == ("orders.more: added, text",)
    assert [str(stage.stage) for stage in result.check.stages] == ["expand"]


def test_what_a_script_destroys_is_told_where_it_does(checked: Checked) -> None:
    script = "SET lock_timeout = '1s';\nTRUNCATE orders;\nALTER TABLE orders DROP COLUMN note;\n"
    result = checked({"old.sql": SHOP, "migration.sql": script})
    found = {each.where.line: each for each in of(result, "script-loses-data")}
    assert "empties orders" in found[2].message
    assert found[3].message == "orders.note goes, with its values."
    assert "rewrite-under-lock" not in codes(result)
    assert seen(result, 2).rewrites == ()
    accepted = checked(
        {"old.sql": SHOP, "migration.sql": script.replace("TRUNCATE orders;", ""), "answers.toml": LOSES_NOTE}
    )
    assert of(accepted, "script-loses-data") == []


LOSES_NOTE = '[accept]\nloses = ["orders.note"]\n'


def test_the_lock_on_a_table_that_is_dropped_is_seen(checked: Checked) -> None:
    result = checked({"old.sql": SHOP, "migration.sql": "DROP TABLE orders;"})
    assert locks(seen(result, 1)) == {"users": "ACCESS EXCLUSIVE", "orders": "ACCESS EXCLUSIVE"}
    assert [each.where.object for each in of(result, "script-loses-data")] == ["orders"]


def test_a_script_that_forgets_to_commit_does_nothing(checked: Checked) -> None:
    result = checked({"old.sql": SHOP, "migration.sql": "BEGIN;\nALTER TABLE orders ADD COLUMN more text;\n"})
    (finding,) = of(result, "migration-fails")
    assert (finding.message, finding.where.line) == ("The script ends inside of a transaction that it began.", 2)


def test_batches_that_commit_by_themselves_are_watched_and_run(checked: Checked) -> None:
    script = (
        "DO $$ BEGIN FOR n IN 1..3 LOOP UPDATE orders SET note = 'x' WHERE id = n; COMMIT; END LOOP; END $$;\n"
        "DO $$ BEGIN IF (SELECT count(*) FROM users) = 0 THEN ROLLBACK; END IF; END $$;\n"
    )
    result = checked({"old.sql": SHOP, "migration.sql": script})
    assert locks(seen(result, 1)) == {"orders": "ROW EXCLUSIVE"}
    assert "commits by itself" in seen(result, 1).unwatched
    assert result.check.holds


def test_tables_without_rows_are_said_to_show_nothing(checked: Checked) -> None:
    old = SHOP + "CREATE TABLE events (at date NOT NULL) PARTITION BY RANGE (at);"
    result = checked({"old.sql": old, "migration.sql": "CREATE INDEX ON events (at);"})
    assert any(note.startswith("events had no rows") for note in result.check.notes)
