"""Snapshots as a person may give them, and what is said about those that cannot be read."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.errors import BadInput
from generator.load import narrow, start
from generator.model.declared import Declared

FIXTURES = Path(__file__).parent / "fixtures"
SEVEN = FIXTURES / "everything_0.31" / "drizzle" / "meta" / "0000_snapshot.json"
NINE = next((FIXTURES / "everything_1.0" / "drizzle").glob("*/snapshot.json"))

Change = Callable[[dict[str, Any]], object]


def changed(tmp_path: Path, change: Change, snapshot: Path = SEVEN) -> Path:
    data = json.loads(snapshot.read_text())
    change(data)
    path = tmp_path / "snapshot.json"
    path.write_text(json.dumps(data))
    return path


def load(path: Path) -> Declared:
    return start(str(path)).result()


def unit(declared: Declared, name: str) -> str:
    return next(each.sql + each.late for each in declared.units if each.name == name)


def test_a_file_and_the_folder_that_holds_it_declare_the_same() -> None:
    for snapshot, folder in ((SEVEN, SEVEN.parent.parent), (NINE, NINE.parent.parent)):
        of_file, of_folder = load(snapshot), load(folder)
        assert of_file.units == of_folder.units
        assert [narrowed.units for narrowed in narrow(of_file, of_folder)] == [(), ()]


def test_a_table_is_named_in_messages_with_its_file() -> None:
    assert next(each.origin for each in load(SEVEN).units if each.name == "table shop.memberships") == (
        f"{SEVEN}: table shop.memberships"
    )


def test_one_changed_column_leaves_only_its_table_and_what_hangs_on_it(tmp_path: Path) -> None:
    def require(data: dict[str, Any]) -> None:
        data["tables"]["public.guarded"]["columns"]["id"]["type"] = "bigint"

    narrowed = narrow(load(SEVEN), load(changed(tmp_path, require)))
    assert [[each.name for each in side.units] for side in narrowed] == [["table public.guarded"]] * 2


def test_roles_are_told_apart_from_what_the_database_holds() -> None:
    for snapshot in (SEVEN, NINE):
        assert load(snapshot).roles == (
            "CREATE ROLE app_maker WITH CREATEDB CREATEROLE NOINHERIT",
            "CREATE ROLE app_reader",
        )


def test_an_operator_class_takes_the_order_away_in_version_7(tmp_path: Path) -> None:
    key = {"expression": "a", "isExpression": False, "asc": False, "nulls": "first", "opclass": "int4_ops"}
    path = changed(
        tmp_path,
        lambda data: data["tables"]["public.everything"]["indexes"]["everything_a_b_idx"]["columns"].append(key),
    )
    assert "(a, b DESC NULLS LAST, a int4_ops)" in unit(load(path), "table public.everything")


def test_options_of_an_index_of_any_method_come_through(tmp_path: Path) -> None:
    def options(data: dict[str, Any]) -> None:
        data["tables"]["public.everything"]["indexes"]["everything_ab_idx"]["with"] = {"m": 8, "ef_construction": 32}

    assert "USING hnsw (ab vector_cosine_ops) WITH (m=8, ef_construction=32)" in unit(
        load(changed(tmp_path, options)), "table public.everything"
    )


def test_a_schema_that_is_not_exported_is_made_all_the_same(tmp_path: Path) -> None:
    declared = load(changed(tmp_path, lambda data: data["schemas"].clear()))
    assert [each.name for each in declared.units if each.name.startswith("schema ")] == [
        "schema Odd Schema",
        "schema shop",
    ]


def test_a_view_stands_after_the_views_that_it_reads(tmp_path: Path) -> None:
    def first(data: dict[str, Any]) -> None:
        view = {"name": "aa", "schema": "public", "columns": {}, "materialized": False, "isExisting": False}
        data["views"] = {"public.aa": {**view, "definition": 'select * from "named_users"'}, **data["views"]}

    names = [each.name for each in load(changed(tmp_path, first)).units]
    assert names.index("view public.named_users") < names.index("view public.aa")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data.update(version="6"), "version 6; 7, 8 and 9 are read"),
        (lambda data: data.update(version="12"), "version 12; 7, 8 and 9 are read"),
        (lambda data: data.update(dialect="sqlite"), "of sqlite, not of PostgreSQL"),
        (lambda data: data.pop("dialect"), "it has no version or no dialect"),
        (lambda data: data.update(triggers={}), "triggers: this key is not known"),
        (lambda data: data["tables"]["public.users"].pop("name"), "tables.public.users.name is missing"),
        (lambda data: data["tables"].update({"public.x": 3}), "tables.public.x is 3; it has to be an object"),
        (
            lambda data: data["tables"]["public.users"]["columns"]["id"].update(collation="C"),
            "tables.public.users.columns.id.collation: this key is not known",
        ),
        (
            lambda data: data["tables"]["public.users"]["columns"]["id"].update(
                generated={"as": "1", "type": "virtual"}
            ),
            "columns.id.generated: a generated column that is not stored",
        ),
        (
            lambda data: data["enums"]["public.mood"].update(values="sad"),
            'values is "sad"; it has to be a list of texts',
        ),
    ],
)
def test_what_is_not_known_of_version_7_is_told(tmp_path: Path, change: Change, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        load(changed(tmp_path, change))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data["ddl"].append({"entityType": "triggers", "name": "t"}), "rows of the type triggers"),
        (lambda data: data["ddl"][-1].update(comment="x"), "comment: this key is not known"),
        (lambda data: data.update(ddl=None), "neither a whole snapshot"),
        (
            lambda data: data["ddl"].append(
                {"entityType": "checks", "schema": "public", "table": "gone", "name": "c", "value": "true"}
            ),
            "belongs to public.gone, which is no table",
        ),
    ],
)  # fmt: skip
def test_what_is_not_known_of_version_9_is_told(tmp_path: Path, change: Change, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        load(changed(tmp_path, change, NINE))


def test_no_json_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.json"
    path.write_text('{\n "a": 1,\n}')
    with pytest.raises(BadInput, match=r"snapshot.json:3: no JSON"):
        load(path)
    with pytest.raises(BadInput, match=r"there is no such file"):
        load(tmp_path / "0007_snapshot.json")
