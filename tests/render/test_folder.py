"""The output folder: all or nothing, and never over somebody else's file."""

import os
from pathlib import Path
from typing import Any

import pytest

from generator.errors import BadInput
from generator.render.folder import check_folder, write_folder, write_reviews
from generator.render.plan_json import render_plan_json
from tests.render.plans import FILES, LINK_CUSTOMERS, PROOF

MIGRATION = {**FILES, "plan.json": render_plan_json(LINK_CUSTOMERS, PROOF, FILES), "REVIEW.md": "# Review\n"}
FEWER = {"01_expand.sql": "-- other\n", "verify.sql": "-- other\n"}
SMALLER = {**FEWER, "plan.json": render_plan_json(LINK_CUSTOMERS, None, FEWER), "REVIEW.md": "# Other\n"}


def held(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_a_new_folder_is_made(tmp_path: Path) -> None:
    write_folder(tmp_path / "a" / "b", MIGRATION)
    assert held(tmp_path / "a" / "b") == MIGRATION


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    write_folder(tmp_path, MIGRATION)
    assert held(tmp_path) == MIGRATION


def test_an_earlier_run_is_replaced_and_its_stale_scripts_are_removed(tmp_path: Path) -> None:
    write_folder(tmp_path, MIGRATION)
    write_folder(tmp_path, SMALLER)
    assert held(tmp_path) == SMALLER


def test_a_script_that_was_deleted_meanwhile_is_no_hindrance(tmp_path: Path) -> None:
    write_folder(tmp_path, MIGRATION)
    (tmp_path / "02_backfill.sql").unlink()
    write_folder(tmp_path, MIGRATION)
    assert held(tmp_path) == MIGRATION


@pytest.mark.parametrize("foreign", ["notes.txt", "06_more.sql", "01_expand.sql.bak"])
def test_a_foreign_file_is_left_alone(tmp_path: Path, foreign: str) -> None:
    write_folder(tmp_path, MIGRATION)
    (tmp_path / foreign).write_text("mine")
    before = held(tmp_path)
    for refuse in (check_folder, lambda folder: write_folder(folder, SMALLER)):
        with pytest.raises(BadInput, match="has not written") as caught:
            refuse(tmp_path)
        assert foreign in caught.value.message
        assert caught.value.way_out
    assert held(tmp_path) == before


def test_scripts_of_such_names_without_a_plan_are_not_ours(tmp_path: Path) -> None:
    (tmp_path / "01_expand.sql").write_text("mine")
    with pytest.raises(BadInput, match=r"has not written \(01_expand\.sql\)"):
        write_folder(tmp_path, MIGRATION)
    assert held(tmp_path) == {"01_expand.sql": "mine"}


@pytest.mark.parametrize("plan", ["", "[]", "{}", '{"format": "tsconfig"}', '{"format": "gen-migration/plan/1"}'])
def test_another_plan_json_is_not_ours(tmp_path: Path, plan: str) -> None:
    (tmp_path / "plan.json").write_text(plan)
    with pytest.raises(BadInput, match="has not written"):
        write_folder(tmp_path, MIGRATION)
    assert held(tmp_path) == {"plan.json": plan}


def test_a_script_that_was_edited_is_not_lost(tmp_path: Path) -> None:
    write_folder(tmp_path, MIGRATION)
    (tmp_path / "02_backfill.sql").write_text("-- by hand\n")
    with pytest.raises(BadInput, match=r"02_backfill\.sql was edited"):
        write_folder(tmp_path, SMALLER)
    assert held(tmp_path) == {**MIGRATION, "02_backfill.sql": "-- by hand\n"}


def test_hidden_files_stay(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*")
    write_folder(tmp_path, MIGRATION)
    write_folder(tmp_path, SMALLER)
    assert held(tmp_path) == {**SMALLER, ".gitignore": "*"}


def test_a_file_in_the_place_of_the_folder_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(BadInput, match="this is a file"):
        check_folder(tmp_path / "out")
    with pytest.raises(BadInput, match="cannot be written"):
        write_folder(tmp_path / "out" / "inside", MIGRATION)


def test_a_link_in_the_folder_is_not_written_through(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", MIGRATION)
    (tmp_path / "elsewhere").write_text(MIGRATION["02_backfill.sql"])
    (tmp_path / "out" / "02_backfill.sql").unlink()
    (tmp_path / "out" / "02_backfill.sql").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput, match="has not written"):
        write_folder(tmp_path / "out", SMALLER)


class Killed(BaseException):
    """What no handler expects."""


def moves(folder: Path, monkeypatch: pytest.MonkeyPatch, *, most: int, error: BaseException) -> None:
    """Write the smaller migration over the other one, and fail after ``most`` moves."""
    real, count = os.replace, 0

    def replace(*arguments: Any) -> None:
        nonlocal count
        count += 1
        if count > most:
            monkeypatch.setattr(os, "replace", real)
            raise error
        real(*arguments)

    monkeypatch.setattr(os, "replace", replace)
    write_folder(folder, SMALLER)


@pytest.mark.parametrize("most", range(len(MIGRATION) + 1 + len(SMALLER)))
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), Killed()])
def test_a_failure_half_way_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, error: BaseException
) -> None:
    write_folder(tmp_path, MIGRATION)
    with pytest.raises((BadInput, Killed)):
        moves(tmp_path, monkeypatch, most=most, error=error)
    assert held(tmp_path) == MIGRATION


@pytest.mark.parametrize("most", range(len(MIGRATION) + 1 + len(SMALLER)))
def test_a_run_that_was_killed_half_way_is_taken_back_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    write_folder(tmp_path, MIGRATION)
    monkeypatch.setattr("generator.render.folder._take_back", lambda folder: None)
    with pytest.raises(Killed):
        moves(tmp_path, monkeypatch, most=most, error=Killed())
    monkeypatch.undo()
    check_folder(tmp_path)
    write_folder(tmp_path, SMALLER)
    assert held(tmp_path) == SMALLER


def test_a_new_folder_is_gone_again_after_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match="No space left"):
        moves(tmp_path / "out", monkeypatch, most=2, error=OSError(28, "No space left on device"))
    assert not (tmp_path / "out").exists()


def test_a_review_is_a_page_where_the_name_says_so(tmp_path: Path) -> None:
    reviews = {"REVIEW.md": "# Review", "review.html": "<!DOCTYPE html>"}
    write_reviews((tmp_path / "a.html", tmp_path / "b.txt"), reviews)
    assert [(tmp_path / name).read_text() for name in ("a.html", "b.txt")] == ["<!DOCTYPE html>", "# Review"]
    write_reviews((tmp_path / "c.md",), {})
    assert not (tmp_path / "c.md").exists()
    with pytest.raises(BadInput, match="cannot be written"):
        write_reviews((tmp_path / "nowhere" / "a.md",), reviews)
