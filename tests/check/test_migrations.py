"""Migrations that are committed: forgotten, edited into something else, not repeatable, without a way back."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from generator.check import CheckResult
from generator.errors import BadInput
from generator.pipeline import Request, run
from tests.check.conftest import SHOP, Checked, codes
from tests.examples import EXAMPLES

NEW = SHOP.replace("total integer", "total integer, more text")
ADD = "ALTER TABLE orders ADD COLUMN more text;\n"
LINK_CUSTOMERS = next(example for example in EXAMPLES if example.name == "link_customers")


def shop(migrations: Mapping[str, str], checked: Checked, new: str = NEW) -> CheckResult:
    return checked(
        {"old.sql": SHOP, "new.sql": new, **{f"migrations/{name}": text for name, text in migrations.items()}}
    )


def messages(result: CheckResult, code: str) -> list[str]:
    return [each.message for each in result.check.findings if each.code == code]


def test_what_this_tool_wrote_leads_there_and_back(checked: Checked) -> None:
    written = {f"migrations/{path.name}": path.read_text() for path in (LINK_CUSTOMERS.folder / "expected").iterdir()}
    sides = {"old.py": LINK_CUSTOMERS.old.read_text(), "new.py": LINK_CUSTOMERS.new.read_text()}
    result = checked({**sides, **written})
    assert codes(result) == ["match-inferred", "foreign-key-acts"]
    assert "The migrations (4 files) were run" in result.check.passed[-1]


def test_what_cleanup_destroys_has_no_way_back_and_the_rest_has(checked: Checked) -> None:
    example = next(each for each in EXAMPLES if each.name == "link_addresses")
    written = {f"migrations/{path.name}": path.read_text() for path in (example.folder / "expected").iterdir()}
    sides = {"old.py": example.old.read_text(), "new.py": example.new.read_text()}
    assert example.answers is not None
    result = checked({**sides, "answers.toml": example.answers.read_text(), **written})
    assert not {"rollback-differs", "not-idempotent", "migration-differs"} & set(codes(result))
    assert any("05_cleanup" in message for message in messages(result, "no-way-back"))


def test_what_needs_a_superuser_is_done_by_one(checked: Checked, tmp_path: Path) -> None:
    old, new = (f"{SHOP}; ALTER TABLE orders OWNER TO {role};" for role in ("gm_a", "gm_b"))
    for name, text in (("old.sql", old), ("new.sql", new)):
        (tmp_path / name).write_text(text)
    planned = run(Request(old=str(tmp_path / "old.sql"), new=str(tmp_path / "new.sql"), prove=False))
    written = {f"migrations/{name}": text for name, text in planned.files.items()}
    result = checked({"old.sql": old, "new.sql": new, **written})
    assert codes(result) == ["needs-superuser"]
    assert "and end in NEW" in result.check.passed[-1]


def test_a_forgotten_migration_is_missed(checked: Checked, tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    result = checked({"old.sql": SHOP, "new.sql": NEW}, migrations=(Path("migrations"),))
    (message,) = messages(result, "migration-missing")
    assert "orders.more: added, text" in message
    assert result.check.exit_code == 1
    nothing = shop({"1.sql": "SELECT 1;"}, checked)
    assert "migration-missing" in codes(nothing)


def test_migrations_in_python_are_no_forgotten_ones(checked: Checked) -> None:
    with pytest.raises(BadInput, match="migrations in Python") as raised:
        checked({"old.sql": SHOP, "new.sql": NEW, "migrations/versions/1_more.py": "revision = '1'"})
    assert "--sql" in raised.value.way_out


def test_a_migration_that_leads_elsewhere_is_told_by_what_differs(checked: Checked) -> None:
    result = shop({"1.sql": ADD.replace("text", "varchar(10)")}, checked)
    (message,) = messages(result, "migration-differs")
    assert message == ("table orders, column more: the schema has text, the migration ends with character varying(10).")


def test_another_name_is_told_as_one(checked: Checked) -> None:
    new = SHOP + "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0);"
    result = shop({"1.sql": "ALTER TABLE orders ADD CONSTRAINT more_than_none CHECK (total > 0);"}, checked, new)
    (message,) = messages(result, "name-differs")
    assert message == "The check constraint of orders is called more_than_none; the schema calls it positive."


def test_a_file_that_stops_is_told_with_its_line(checked: Checked) -> None:
    result = shop({"1.sql": "SELECT 1;\nALTER TABLE nowhere ADD COLUMN more text;\n"}, checked)
    (finding,) = [each for each in result.check.findings if each.code == "migration-fails"]
    assert (finding.where.file, finding.where.line) == ("migrations/1.sql", 2)


def test_a_second_run_that_fails_or_changes_something_is_told(checked: Checked) -> None:
    fails = shop({"1.sql": ADD, "1.down.sql": "ALTER TABLE orders DROP COLUMN more;"}, checked)
    assert codes(fails) == ["not-idempotent"]
    changes = "UPDATE orders SET note = 'x' || coalesce(note, '');"
    (message,) = messages(shop({"1.sql": changes}, checked, SHOP), "not-idempotent")
    assert "rows of orders" in message
    careful = {"1.sql": ADD.replace("COLUMN", "COLUMN IF NOT EXISTS"), "1.down.sql": "ALTER TABLE orders DROP more;"}
    assert codes(shop(careful, checked)) == []


def test_a_missing_rollback_and_one_that_does_not_lead_back_are_told(checked: Checked) -> None:
    assert "rollback-missing" in codes(shop({"1.sql": ADD}, checked))
    loses = {"1.sql": "UPDATE orders SET note = 'x';", "1.rollback.sql": "UPDATE orders SET note = NULL;"}
    (message,) = messages(shop(loses, checked, SHOP), "rollback-differs")
    assert "rows of orders" in message
    half = {"1.up.sql": ADD + "CREATE INDEX more ON orders (more);", "1.down.sql": "DROP INDEX more;"}
    found = messages(shop(half, checked, NEW + "CREATE INDEX more ON orders (more);"), "rollback-differs")
    assert "column more" in found[0]


def test_a_script_that_was_edited_is_named(checked: Checked) -> None:
    folder = LINK_CUSTOMERS.folder / "expected"
    written = {f"migrations/{path.name}": path.read_text() for path in folder.iterdir()}
    written["migrations/01_expand.sql"] += "\nCREATE TABLE IF NOT EXISTS public.more (id int);\n"
    sides = {"old.py": LINK_CUSTOMERS.old.read_text(), "new.py": LINK_CUSTOMERS.new.read_text()}
    result = checked({**sides, **written})
    assert messages(result, "migration-edited") == ["01_expand.sql is not as gen-migration wrote it."]
    (differs,) = messages(result, "migration-differs")
    assert differs.startswith("table more: the schema has nothing")
    assert "rollback-differs" in codes(result)


def test_a_folder_of_a_runner_is_run_as_the_runner_does_it(checked: Checked) -> None:
    again = ADD.replace("COLUMN", "COLUMN IF NOT EXISTS")
    dbmate = f"-- migrate:up\n{again}\n-- migrate:down\nALTER TABLE orders DROP more;\n"
    assert codes(shop({"20260101_more.sql": dbmate}, checked)) == []
    wrong = dbmate.replace("DROP more", "DROP nothing")
    (message,) = messages(shop({"20260101_more.sql": wrong}, checked), "rollback-differs")
    assert "stops" in message
    (finding,) = [
        each for each in shop({"20260101_more.sql": wrong}, checked).check.findings if each.code == "rollback-differs"
    ]
    assert (finding.where.file, finding.where.line) == ("migrations/20260101_more.sql", 5)
    Path("migrations/20260101_more.sql").unlink()
    goose = {"1_more.sql": f"-- +goose Up\n{ADD}\n-- +goose Down\nALTER TABLE orders DROP COLUMN more;\n"}
    assert codes(shop(goose, checked)) == ["not-idempotent"]


def test_numbers_come_before_names(checked: Checked) -> None:
    numbered = {
        "10_note.sql": "COMMENT ON COLUMN orders.more IS 'x';",
        "2_more.sql": ADD.replace("COLUMN", "COLUMN IF NOT EXISTS"),
    }
    found = codes(shop(numbered, checked, NEW + "COMMENT ON COLUMN orders.more IS 'x';"))
    assert "migration-fails" not in found
    assert "migration-differs" not in found
