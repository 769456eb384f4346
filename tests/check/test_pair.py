"""A change between two schemas: questions, refusals, locks, losses, and where each stands."""

from tests.check.conftest import SHOP, Checked, codes

REQUIRED = SHOP.replace("note text", "note text NOT NULL")


def test_equal_schemas_hold(checked: Checked) -> None:
    result = checked({"old.sql": SHOP, "new.sql": SHOP + "\n-- the same\n"})
    assert result.check.findings == ()
    assert result.check.passed == ("The two schemas are equal: there is nothing to migrate.",)
    assert result.check.exit_code == 0


def test_a_plan_is_proved(checked: Checked) -> None:
    result = checked({"old.sql": SHOP, "new.sql": SHOP.replace("note text", "note text, more text")}, prove=True)
    assert codes(result) == []
    assert "was run on PostgreSQL" in result.check.passed[0]
    assert "REVIEW.md" in result.files


def test_an_open_question_stands_at_its_column(checked: Checked) -> None:
    result = checked({"old.sql": SHOP, "new.sql": REQUIRED})
    (finding,) = result.check.findings
    assert (finding.code, finding.where.file, finding.where.line) == ("question-open", "new.sql", 3)
    assert "[backfill" in finding.way_out
    assert result.check.exit_code == 3


def test_a_refusal_ends_as_one(checked: Checked) -> None:
    left = "CREATE TABLE _gm_orders_total_progress (id bigint);"
    result = checked({"old.sql": SHOP + left, "new.sql": SHOP.replace("note text", "note varchar") + left})
    (finding,) = result.check.findings
    assert finding.code == "change-refused"
    assert "is left of a migration that has not come to its end" in finding.message
    assert result.check.exit_code == 4


def test_a_loss_is_open_until_it_is_accepted_and_told_from_then_on(checked: Checked) -> None:
    files = {"old.sql": SHOP, "new.sql": SHOP.replace(", note text", "")}
    assert codes(checked(files)) == ["question-open"]
    accepted = checked({**files, "answers.toml": '[accept]\nloses = ["orders.note"]\n'})
    assert codes(accepted) == ["data-lost"]
    assert accepted.check.exit_code == 0


def test_the_policy_says_what_fails(checked: Checked) -> None:
    files = {
        "old.sql": SHOP,
        "new.sql": SHOP.replace(", note text", ""),
        "answers.toml": '[accept]\nloses = ["orders.note"]\n',
        "gen-migration.toml": '[hazards]\ndata-lost = "error"\n',
    }
    assert checked(files).check.exit_code == 1
    files["gen-migration.toml"] += '[allow]\n"data-lost orders.note" = "nobody has written it for a year"\n'
    aside = checked(files)
    assert aside.check.exit_code == 0
    assert [each.allowed for each in aside.check.findings if each.code == "data-lost"] == [
        "nobody has written it for a year"
    ]


def test_a_lock_that_the_policy_does_not_allow_is_named_with_its_table(checked: Checked) -> None:
    policy = '[locks]\n"*" = "ACCESS EXCLUSIVE"\norders = "SHARE ROW EXCLUSIVE"\n'
    files = {
        "old.sql": SHOP,
        "new.sql": SHOP.replace("note text", "note text, more text"),
        "gen-migration.toml": policy,
    }
    result = checked(files)
    (finding,) = [each for each in result.check.findings if each.code == "lock-too-strong"]
    assert finding.message.startswith("orders is locked ACCESS EXCLUSIVE in expand; gen-migration.toml allows at most")
    assert (finding.where.file, finding.where.line) == ("new.sql", 3)


def test_models_are_told_by_the_line_of_the_attribute(checked: Checked) -> None:
    model = (
        "from sqlalchemy import Column, Integer, MetaData, String, Table\n"
        "metadata = MetaData()\n"
        "shop = Table(\n"
        "    'shop',\n"
        "    metadata,\n"
        "    Column('id', Integer, primary_key=True),\n"
        "    Column('name', String{}),\n"
        ")\n"
    )
    result = checked({"old.py": model.format(""), "new.py": model.format(", nullable=False")})
    (finding,) = result.check.findings
    assert (finding.code, finding.where.file, finding.where.line) == ("question-open", "new.py", 7)


def test_a_constraint_without_a_name_is_told_by_the_line_of_its_column(checked: Checked) -> None:
    table = "CREATE TABLE lines (\n    id bigint PRIMARY KEY,\n    order_id bigint{}\n);"
    files = {"old.sql": SHOP + table.format(""), "new.sql": SHOP + table.format(" REFERENCES orders ON DELETE CASCADE")}
    (finding,) = [each for each in checked(files).check.findings if each.code == "foreign-key-acts"]
    assert (finding.where.object, finding.where.line) == ("lines.lines_order_id_fkey", 6)
