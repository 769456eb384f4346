"""What is said about a stage."""

import re
from dataclasses import replace

from generator.model.plan import CannotUndo, LockMode, Pace, Stage
from generator.render.stages import LONGEST_WAIT_MS, Wait, WayBack, blocks, holds_of, in_words, statements_of
from generator.resources import folder
from tests.render.plans import ADD_COLUMN, CUSTOMERS, FOREIGN_KEY, LINK_CUSTOMERS, USERS, WITH_CLEANUP


def test_every_lock_is_said_in_words() -> None:
    assert [blocks(mode) for mode in LockMode]
    assert blocks(LockMode.ACCESS_EXCLUSIVE) == "blocks reads and writes"
    assert blocks(LockMode.SHARE_ROW_EXCLUSIVE) == "blocks writes"


def test_the_strongest_lock_of_each_table_is_told() -> None:
    holds = holds_of(statements_of(FOREIGN_KEY))
    assert [(hold.table, hold.mode, hold.wait) for hold in holds] == [
        (CUSTOMERS, LockMode.SHARE_ROW_EXCLUSIVE, Wait.MOMENT),
        (USERS, LockMode.SHARE_ROW_EXCLUSIVE, Wait.MOMENT),
    ]


def test_a_statement_in_a_window_is_as_long_as_its_table() -> None:
    statements = tuple(replace(statement, pace=Pace.WINDOW) for statement in statements_of(ADD_COLUMN))
    assert holds_of(statements)[0].wait is Wait.WINDOW


def test_a_stage_is_as_hard_to_undo_as_its_hardest_step() -> None:
    ways = {words.stage: words.way_back for words in in_words(WITH_CLEANUP)}
    assert ways == {
        Stage.EXPAND: WayBack.LOSSY,
        Stage.BACKFILL: WayBack.FREE,
        Stage.VALIDATE: WayBack.LOSSY,
        Stage.CONTRACT: WayBack.FREE,
        Stage.CLEANUP: WayBack.IMPOSSIBLE,
    }


def test_a_stage_of_which_the_rest_is_undone_says_so() -> None:
    stuck = replace(ADD_COLUMN, undo=CannotUndo(because="an enum's value stays"))
    (words,) = in_words(replace(LINK_CUSTOMERS, steps=(ADD_COLUMN, stuck)))
    assert words.way_back_words == "in part impossible"
    (words,) = in_words(replace(LINK_CUSTOMERS, steps=(stuck,)))
    assert words.way_back_words == "impossible"


def test_a_stage_with_nothing_to_do_is_not_told() -> None:
    assert [words.file for words in in_words(LINK_CUSTOMERS)] == [
        "01_expand.sql",
        "02_backfill.sql",
        "03_validate.sql",
        "04_contract.sql",
    ]


def test_the_longest_wait_that_is_told_is_the_longest_that_the_scripts_allow() -> None:
    tries = re.findall(r"'(\d+)ms'", (folder("templates") / "instant.sql.j2").read_text())
    assert max(int(each) for each in tries) == LONGEST_WAIT_MS
