"""What is found in a runner's folder decides where the migration goes, what it follows and what it is called."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.errors import BadInput
from generator.load import drizzle_state
from generator.model.declared import Declared
from generator.model.drizzle_folder import DrizzleFolder
from generator.model.drizzle_state import DrizzleState
from generator.model.plan import Plan, Statement
from generator.render.forms import find_folder, prepare
from generator.render.forms.alembic_folder import heads_of, read_revisions, versions_folder
from generator.render.forms.form import Job
from generator.render.forms.laying_out import refuse_lines
from generator.render.forms.marks import mark_of
from generator.render.forms.naming import about
from generator.render.plan_json import read_plan_json
from generator.render.units import make_units
from tests.forms.world import SHOP

PLAN = read_plan_json((SHOP / "expected" / "plan.json").read_text()).plan


def revision(folder: Path, name: str, before: str, labels: str = "None") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = f'"""x"""\nrevision: str = "{name}"\ndown_revision = {before}\nbranch_labels = {labels}\n'
    (folder / f"{name}_x.py").write_text(f"{text}raise RuntimeError('it is not run')\n")


def test_alembics_revisions_are_read_without_being_run(tmp_path: Path) -> None:
    revision(tmp_path, "a", "None")
    revision(tmp_path, "b", "'a'", "('shop',)")
    found = read_revisions(tmp_path)
    assert [(each.id, each.before, each.labels) for each in found] == [("a", (), ()), ("b", ("a",), ("shop",))]
    assert heads_of(found, tmp_path) == "b"


def test_heads_with_a_common_beginning_are_joined(tmp_path: Path) -> None:
    revision(tmp_path, "a", "None")
    revision(tmp_path, "b", "'a'")
    revision(tmp_path, "c", "'a'")
    assert heads_of(read_revisions(tmp_path), tmp_path) == ("b", "c")
    written = prepare("alembic", PLAN, make_units(PLAN), tmp_path, PLAN.stages)
    first = next(text for name, text in written.new.items() if "expand_add" in name)
    assert "Revises: b, c\n" in first
    assert "down_revision = ('b', 'c')\n" in first


def test_heads_of_lines_that_have_nothing_in_common_are_asked_about(tmp_path: Path) -> None:
    revision(tmp_path, "a", "None")
    revision(tmp_path, "b", "None")
    with pytest.raises(BadInput, match="2 heads without a common beginning"):
        heads_of(read_revisions(tmp_path), tmp_path)


def test_a_revision_that_is_no_python_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("revision = (")
    with pytest.raises(BadInput, match=r"x\.py: cannot be read as a revision"):
        read_revisions(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("alembic.ini", "[alembic]\nscript_location = %(here)s/db\nsqlalchemy.url = x://a%40b\n", "db/versions"),
        ("alembic.ini", "[alembic]\nscript_location = db\nversion_locations = %(here)s/v1\n", "v1"),
        ("pyproject.toml", '[tool.alembic]\nscript_location = "%(here)s/db"\n', "db/versions"),
    ],
)
def test_alembics_settings_say_where_its_versions_are(tmp_path: Path, name: str, text: str, place: str) -> None:
    (tmp_path / name).write_text(text)
    assert versions_folder(tmp_path) == tmp_path / place
    assert find_folder("alembic", None, tmp_path) == tmp_path / place


def test_with_several_folders_of_versions_one_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = db\nversion_locations = a b\n")
    with pytest.raises(BadInput, match="several version_locations"):
        find_folder("alembic", None, tmp_path)


def test_a_label_that_is_taken_gets_the_plans_mark(tmp_path: Path) -> None:
    revision(tmp_path, "a", "None", "('customers_user_id_expand',)")
    written = prepare("alembic", PLAN, make_units(PLAN), tmp_path, PLAN.stages)
    assert f"customers_user_id_expand_{mark_of(PLAN)[:6]}" in written.then[0]


@pytest.mark.parametrize(
    ("to", "names"),
    [
        ("drizzle", ["drizzle/meta/_journal.json"]),
        ("dbmate", ["db/migrations/1_x.sql"]),
        ("golang-migrate", ["migrations/1_x.up.sql"]),
        ("flyway", ["src/main/resources/db/migration/V1__x.sql"]),
        ("liquibase", ["db/changelog/changes/1.sql"]),
        ("django", ["manage.py", "shop/migrations/__init__.py"]),
        ("prisma", ["prisma/migrations/1_x/migration.sql"]),
    ],
)
def test_the_usual_folder_is_found(tmp_path: Path, to: str, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    found = find_folder(to, None, tmp_path)
    assert (tmp_path / names[-1]).is_relative_to(found)


def test_golang_migrates_folder_is_not_gooses(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "1_x.sql").write_text("-- +goose Up\nSELECT 1;\n")
    assert find_folder("goose", None, tmp_path) == tmp_path / "migrations"
    with pytest.raises(BadInput, match="no folder of its migrations"):
        find_folder("golang-migrate", None, tmp_path)


def plan_with(sql: str) -> Plan:
    """The plan with another first statement."""
    step = PLAN.steps[0]
    action = replace(step.run[0], statements=(Statement(sql=sql),))
    return replace(PLAN, steps=(replace(step, run=(action,)), *PLAN.steps[1:]))


@pytest.mark.parametrize(
    ("to", "line"),
    [
        ("dbmate", "-- migrate:down"),
        ("goose", "  -- +goose StatementEnd"),
        ("liquibase", "gm_end_of_statement"),
        ("liquibase", "-- rollback SELECT 1"),
        ("drizzle", "--> statement-breakpoint"),
    ],
)
def test_a_line_that_a_runner_takes_for_its_own_is_refused(tmp_path: Path, to: str, line: str) -> None:
    plan = plan_with(f"COMMENT ON TABLE customers IS 'a\n{line}\nb'")
    with pytest.raises(BadInput, match="takes for its own"):
        prepare(to, plan, make_units(plan), tmp_path, plan.stages, new_state=_drizzle(tmp_path))


def test_an_empty_folder_gets_the_layout_of_the_snapshot(tmp_path: Path) -> None:
    for snapshot, names in (
        ('{"version": "7", "tables": {}}', {"meta/_journal.json", "meta/0003_snapshot.json", "0000_expand"}),
        ('{"version": "9", "type": "base", "ddl": []}', {"_expand"}),
    ):
        state = drizzle_state(tmp_path, Declared(source="x", snapshot=snapshot))
        written = prepare("drizzle", PLAN, make_units(PLAN), tmp_path, PLAN.stages, new_state=state)
        assert all(any(name in each for each in written.new) for name in names)
        assert ("meta/_journal.json" in written.new) == ("tables" in snapshot)
        ids = [json.loads(text) for name, text in written.new.items() if name.endswith("snapshot.json")]
        assert len(ids) == 1
        assert ids[0].get("prevId", ids[0].get("prevIds", [""])[0]) == "00000000-0000-0000-0000-000000000000"


def test_what_looks_like_a_placeholder_is_left_alone_by_flyway(tmp_path: Path) -> None:
    plan = plan_with("COMMENT ON TABLE customers IS 'costs ${x}'")
    files = prepare("flyway", plan, make_units(plan), tmp_path, plan.stages).new
    conf = next(text for name, text in files.items() if name.startswith("V1__") and name.endswith(".conf"))
    assert "placeholderReplacement=false\n" in conf


def test_no_other_runner_is_troubled_by_such_lines(tmp_path: Path) -> None:
    units = make_units(PLAN)
    job = Job(plan=PLAN, units=units, stages=PLAN.stages, folder=tmp_path, mark="", now=datetime.now(UTC))
    refuse_lines(job, r"^\s*--\s*\+goose.*", "goose")


def test_a_plan_is_called_by_the_first_thing_that_it_names() -> None:
    units = make_units(PLAN)
    assert about(units) == "customers_user_id"
    assert about([replace(units[0], title="Create table x.")]) == "create_table_x"


def test_the_mark_follows_statements_and_not_words() -> None:
    step = replace(PLAN.steps[0], purpose="Something else.")
    assert mark_of(replace(PLAN, steps=(step, *PLAN.steps[1:]))) == mark_of(PLAN)
    assert mark_of(plan_with("SELECT 1")) != mark_of(PLAN)


def _drizzle(folder: Path) -> object:
    return DrizzleState(folder=DrizzleFolder(path=folder, layout="journal"), snapshot='{"tables": {}}')
