"""Snapshots as a person may give them, and what is said about those that cannot be read."""

import json
import shutil
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


def test_branches_that_were_not_merged_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "drizzle"
    shutil.copytree(FIXTURES / "renamed_1.0" / "drizzle", folder)
    two = next(folder.glob("*_two"))
    shutil.copytree(two, folder / "20990101000000_three")
    data = json.loads((two / "snapshot.json").read_text())
    other = folder / "20990101000000_three" / "snapshot.json"
    other.write_text(json.dumps({**data, "id": "3", "deltas": []}))
    with pytest.raises(BadInput, match=r"several branches: \d+_two, 20990101000000_three"):
        load(folder)
    three, one = (start(f"{folder}@{name}").result().units for name in ("three", "one"))
    assert [unit.sql for unit in three] == [unit.sql for unit in one]
    parents = [data["id"], "3"]
    merged = folder / "20990102000000_merged" / "snapshot.json"
    merged.parent.mkdir()
    merged.write_text(json.dumps({**data, "id": "4", "prevIds": parents, "deltas": []}))
    assert [unit.sql for unit in load(folder).units] == [unit.sql for unit in start(f"{folder}@two").result().units]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data.update(prevIds=["gone"]), "the snapshot gone, on which it builds, is not in the folder"),
        (lambda data: data.update(prevIds=[]), "does not reach a whole snapshot"),
        (lambda data: data["deltas"].append({"op": "swap"}), r"deltas\[11\]: this kind of difference is not known"),
        (
            lambda data: data["deltas"].append({"op": "drop", "key": "triggers\0[]"}),
            r"deltas\[11\]: rows of the type triggers are not known",
        ),
        (
            lambda data: data["deltas"].append({"op": "create", "row": {"entityType": "triggers"}}),
            r"deltas\[11\]: rows of the type triggers are not known",
        ),
    ],
)
def test_a_history_that_cannot_be_replayed_is_told(tmp_path: Path, change: Change, said: str) -> None:
    folder = tmp_path / "drizzle"
    shutil.copytree(FIXTURES / "renamed_1.0" / "drizzle", folder)
    file = next(folder.glob("*_two/snapshot.json"))
    data = json.loads(file.read_text())
    change(data)
    file.write_text(json.dumps(data))
    with pytest.raises(BadInput, match=said):
        load(file)


def test_version_8_is_read_as_the_rows_that_it_has(tmp_path: Path) -> None:
    def older(data: dict[str, Any]) -> None:
        data.update(version="8", renames=[])
        data.pop("type")

    assert [each.sql for each in load(changed(tmp_path, older, NINE)).units] == [each.sql for each in load(NINE).units]
