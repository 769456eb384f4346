"""Many things of one kind are said in one line."""

from generator.model.plan import LockMode
from generator.model.schema import QName
from generator.render.grouping import grouped_holds, grouped_losses, named
from generator.render.stages import Hold, Wait


def test_a_long_list_of_names_is_cut_but_never_by_one() -> None:
    assert named("abcde", 4) == "a, b, c, d, e"
    assert named("abcdef", 4) == "a, b, c, d and 2 more"


def test_tables_with_the_same_lock_are_one_line() -> None:
    holds = [Hold(table=QName("public", name), mode=LockMode.ACCESS_EXCLUSIVE, wait=Wait.MOMENT) for name in "abc"]
    other = Hold(table=QName("sales", "d"), mode=LockMode.ACCESS_EXCLUSIVE, wait=Wait.WINDOW)
    assert grouped_holds([*holds, other], 4) == (
        "a, b, c: ACCESS EXCLUSIVE, blocks reads and writes, 0.1 s at most",
        "sales.d: ACCESS EXCLUSIVE, blocks reads and writes, for as long as the table is read or rewritten",
    )


def test_losses_of_one_kind_are_one_line() -> None:
    losses = ["what was written into it: t.a", "rows that went", "what was written into it: t.b"]
    assert grouped_losses(losses, 4) == ("what was written into it: t.a, t.b", "rows that went")


def test_losses_that_differ_in_their_last_word_are_one_line() -> None:
    losses = ("what was written into t.a", "what was written into t.b", "the rest")
    assert grouped_losses(losses, 4) == ("what was written into: t.a, t.b", "the rest")
    assert grouped_losses(losses[:1], 4) == losses[:1]
