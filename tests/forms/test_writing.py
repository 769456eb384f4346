"""Writing into a runner's folder is all or nothing, and a stage comes after the one before it."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest

from generator.errors import BadInput
from generator.render.forms.form import Writing
from generator.render.forms.naming import numbers, stamps
from generator.render.forms.writing import write
from tests.forms.world import command, generate

NOW = datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC)


def everything(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def told(done: "subprocess.CompletedProcess[str]") -> str:
    return " ".join(done.stderr.split())


def folder_with_a_journal(folder: Path) -> Path:
    (folder / "meta").mkdir(parents=True)
    (folder / "meta" / "journal").write_text("old")
    return folder


def writing(folder: Path) -> Writing:
    return Writing(
        folder=folder,
        new={"one.sql": "1", "deep/er/two.sql": "2"},
        replaced={"meta/journal": ("old", "new")},
    )


def test_everything_is_written(tmp_path: Path) -> None:
    folder = folder_with_a_journal(tmp_path / "to")
    write(writing(folder))
    assert everything(folder) == {"one.sql": "1", "deep/er/two.sql": "2", "meta/journal": "new"}


@pytest.mark.parametrize("name", ["link", "replace", "fsync", "mkdir"])
@pytest.mark.parametrize("kind", [OSError, KeyboardInterrupt])
def test_an_error_half_way_leaves_the_folder_as_it_was(tmp_path: Path, name: str, kind: type[BaseException]) -> None:
    folder = folder_with_a_journal(tmp_path / "to")
    before = everything(tmp_path)
    real = getattr(os, name)
    calls = 0

    def fail(*words: object, **more: object) -> object:
        nonlocal calls
        calls += 1
        if calls == (2 if name in ("link", "fsync") else 1):
            raise kind(28, "No space left on device")
        return real(*words, **more)

    with patch.object(os, name, fail), pytest.raises(BadInput if kind is OSError else kind):
        write(writing(folder))
    assert calls > 0
    assert everything(tmp_path) == before
    assert sorted(path.name for path in folder.iterdir()) == ["meta"]


def test_nothing_that_exists_is_overwritten(tmp_path: Path) -> None:
    folder = folder_with_a_journal(tmp_path / "to")
    (folder / "one.sql").write_text("mine")
    with pytest.raises(BadInput, match="is there already"):
        write(writing(folder))
    assert everything(folder) == {"one.sql": "mine", "meta/journal": "old"}


def test_a_journal_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    folder = folder_with_a_journal(tmp_path / "to")
    (folder / "meta" / "journal").write_text("another's")
    with pytest.raises(BadInput, match="was changed meanwhile"):
        write(writing(folder))
    assert everything(folder) == {"meta/journal": "another's"}


def test_numbers_follow_those_that_are_there() -> None:
    assert numbers(["000009", "000010"], 2, NOW, width=6) == ("000011", "000012")
    assert numbers([], 2, NOW, width=6) == ("000001", "000002")
    assert numbers(["7"], 1, NOW, width=6) == ("8",)
    assert numbers([], 2, NOW, width=None) == ("20261122100000", "20261122100001")
    assert numbers(["20261122235959"], 2, NOW, width=None) == ("20261123000000", "20261123000001")
    assert stamps("99999999999999", 1, NOW) == ("100000000000000",)


def test_one_stage_after_the_other(tmp_path: Path) -> None:
    out = tmp_path / "db" / "migrations"
    out.mkdir(parents=True)
    seen: list[str] = []
    for stage in ("expand", "backfill", "validate", "contract"):
        generate("--to", "dbmate", cwd=tmp_path)
        new = sorted(set(everything(out)) - set(seen))
        assert new
        assert all(f"_{stage}_" in name for name in new)
        assert sorted([*seen, *new]) == [*seen, *new], "what comes later has a later number"
        seen += new
    done = command("--to", "dbmate", cwd=tmp_path)
    assert done.returncode == 2
    assert "all stages of this migration are there already" in told(done)
    assert sorted(everything(out)) == seen


def test_a_stage_is_not_left_out_nor_written_twice(tmp_path: Path) -> None:
    (tmp_path / "db" / "migrations").mkdir(parents=True)
    early = command("--to", "dbmate", "--stage", "validate", cwd=tmp_path)
    assert early.returncode == 2
    assert "the stage expand comes first" in told(early)
    generate("--to", "dbmate", "--stage", "expand", cwd=tmp_path)
    twice = command("--to", "dbmate", "--stage", "expand", cwd=tmp_path)
    assert twice.returncode == 2
    assert "the stage expand is there already" in told(twice)
    assert "--stage backfill" in told(twice)
    rest = generate("--to", "dbmate", "--stage", "all", cwd=tmp_path)
    assert "_expand_" not in rest
    assert "_contract_" in rest


def test_a_plan_that_is_not_finished_comes_before_another(tmp_path: Path) -> None:
    (tmp_path / "db" / "migrations").mkdir(parents=True)
    generate("--to", "dbmate", cwd=tmp_path)
    old, new = tmp_path / "old.sql", tmp_path / "new.sql"
    old.write_text("CREATE TABLE things (id int PRIMARY KEY);")
    new.write_text("CREATE TABLE things (id int PRIMARY KEY, note text);")
    done = command("--to", "dbmate", cwd=tmp_path, old=old, new=new)
    assert done.returncode == 2
    assert "not finished: its next stage is backfill" in told(done)


def test_without_a_folder_it_is_asked_for(tmp_path: Path) -> None:
    done = command("--to", "goose", cwd=tmp_path)
    assert done.returncode == 2
    assert "no folder of its migrations is found here" in told(done)
    assert "--out" in told(done)


def test_a_stage_without_a_runner_is_no_option(tmp_path: Path) -> None:
    done = command("--stage", "expand", cwd=tmp_path)
    assert done.returncode == 2
    assert "name a runner with --to" in told(done)
