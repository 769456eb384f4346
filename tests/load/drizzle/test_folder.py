"""A folder of Drizzle's migrations, in both layouts, and one migration found in it."""

import json
from pathlib import Path

import pytest

from generator.errors import BadInput
from generator.load import read_drizzle_folder
from generator.load.drizzle.folder import find_migration, is_drizzle_folder, newest_migration


def journal(path: Path, *tags: str, without: tuple[str, ...] = ()) -> Path:
    """A folder as drizzle-kit 0.31 leaves it; the tags of ``without`` have no snapshot."""
    (path / "meta").mkdir(parents=True)
    entries = [
        {"idx": index, "version": "7", "when": 1000 + index, "tag": tag, "breakpoints": True}
        for index, tag in enumerate(tags)
    ]
    text = json.dumps({"version": "7", "dialect": "postgresql", "entries": entries})
    (path / "meta" / "_journal.json").write_text(text)
    for tag in tags:
        (path / f"{tag}.sql").write_text("")
        if tag not in without:
            (path / "meta" / f"{tag.split('_')[0]}_snapshot.json").write_text("{}")
    return path


def folders(path: Path, *tags: str) -> Path:
    """A folder as drizzle-kit 1.0 leaves it."""
    for tag in tags:
        (path / tag).mkdir(parents=True)
        (path / tag / "migration.sql").write_text("")
        (path / tag / "snapshot.json").write_text("{}")
    return path


def test_the_journal_gives_the_order_and_what_comes_next(tmp_path: Path) -> None:
    folder = read_drizzle_folder(
        journal(tmp_path, "0000_init", "0001_add_user", "0002_by_hand", without=("0002_by_hand",))
    )
    assert folder.layout == "journal"
    assert [each.tag for each in folder.migrations] == ["0000_init", "0001_add_user", "0002_by_hand"]
    assert folder.newest is not None
    assert folder.newest.tag == "0001_add_user"
    assert (folder.next_number, folder.last_when, folder.prefixes) == (3, 1002, "index")


def test_folders_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    folder = read_drizzle_folder(folders(tmp_path, "20260102000000_b", "20260101000000_a"))
    assert folder.layout == "folders"
    assert [each.name for each in folder.migrations] == ["a", "b"]
    assert folder.migrations[1].sql == tmp_path / "20260102000000_b" / "migration.sql"
    assert folder.prefixes == "timestamp"


@pytest.mark.parametrize(
    ("tag", "prefixes"),
    [("20260101000000_x", "timestamp"), ("1795329547_x", "unix"), ("_x", "none"), ("0009_x", "index")],
)
def test_the_prefix_is_that_of_the_last_tag(tmp_path: Path, tag: str, prefixes: str) -> None:
    assert read_drizzle_folder(journal(tmp_path, tag)).prefixes == prefixes


def test_an_empty_or_a_missing_folder_has_no_migrations(tmp_path: Path) -> None:
    folder = read_drizzle_folder(tmp_path / "drizzle")
    assert (folder.migrations, folder.next_number, folder.newest, folder.prefixes) == ((), 0, None, "index")
    assert not is_drizzle_folder(tmp_path)
    with pytest.raises(BadInput, match="there is no snapshot in this folder"):
        newest_migration(folder)


@pytest.mark.parametrize(
    ("wanted", "tag"),
    [
        ("0001_add_user", "0001_add_user"),
        ("0001", "0001_add_user"),
        ("1", "0001_add_user"),
        ("add_user", "0001_add_user"),
        ("0000_in", "0000_init"),
    ],
)
def test_a_migration_is_found_by_its_tag_its_number_or_its_name(tmp_path: Path, wanted: str, tag: str) -> None:
    folder = read_drizzle_folder(journal(tmp_path, "0000_init", "0001_add_user", "0010_more"))
    assert find_migration(folder, wanted).tag == tag


@pytest.mark.parametrize(
    ("wanted", "said"),
    [("0007", "no migration is called so"), ("again", "may be each of 0003_again, 0004_again"),
     ("0002", "0002_by_hand has no snapshot"), ("", "no migration is called so")],
)  # fmt: skip
def test_what_is_not_there_is_told_with_what_is(tmp_path: Path, wanted: str, said: str) -> None:
    folder = read_drizzle_folder(
        journal(
            tmp_path,
            "0000_init",
            "0001_add_user",
            "0002_by_hand",
            "0003_again",
            "0004_again",
            without=("0002_by_hand",),
        )
    )
    with pytest.raises(BadInput, match=said) as raised:
        find_migration(folder, wanted)
    assert wanted == "again" or "0001_add_user" in raised.value.way_out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", r"_journal.json:1: no JSON"),
        ("[]", "not a journal of drizzle-kit"),
        ('{"entries": [{"tag": "0000_x"}]}', "entry 0 has no tag, no idx or no when"),
        ('{"dialect": "mysql", "entries": []}', "for mysql, not for PostgreSQL"),
        ('{"entries": [\n<<<<<<< HEAD\n', r"_journal.json:2: no JSON: .*merge"),
    ],
)
def test_a_broken_journal_is_told(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "meta").mkdir()
    (tmp_path / "meta" / "_journal.json").write_text(text)
    with pytest.raises(BadInput, match=said):
        read_drizzle_folder(tmp_path)


def test_a_snapshot_that_the_journal_does_not_know_is_told(tmp_path: Path) -> None:
    journal(tmp_path, "0000_init")
    (tmp_path / "meta" / "0001_snapshot.json").write_text("{}")
    with pytest.raises(BadInput, match="0001_snapshot.json: no entry".replace(".", r"\.")):
        read_drizzle_folder(tmp_path)
