"""How a statement that takes a lock is run."""

import time

from generator.render.environment import environment
from tests.templates.scripts import Scratch

_DONE = "EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'public.things'::regclass AND attname = 'more')"
_ADD = "ALTER TABLE public.things ADD COLUMN more text DEFAULT 'it''s $1'"


def script(
    macro: str = "instant", add: str = _ADD, unless: str = _DONE, refuse: tuple[tuple[str, str], ...] = ()
) -> str:
    made = environment().overlay(autoescape=False)
    text = (
        "{% import 'instant.sql.j2' as steps %}{{ steps.helpers() }}\n"
        "{{ steps[macro]([add], unless, ['public.things'], refuse) }}\n"
    )
    return "SET search_path = '';\n" + made.from_string(text).render(macro=macro, add=add, unless=unless, refuse=refuse)


def test_it_runs_once(scratch: Scratch) -> None:
    scratch.do("CREATE TABLE things (id int)")
    for _ in range(2):
        ran = scratch.run(script())
        assert ran.ok, ran.said
    assert (
        scratch.one("SELECT count(*) FROM pg_attribute WHERE attrelid = 'things'::regclass AND attname = 'more'") == 1
    )


def test_it_refuses_first(scratch: Scratch) -> None:
    scratch.do("CREATE TABLE things (id int)")
    ran = scratch.run(script(refuse=(("false", "not this"), ("1 = 1", "another thing's there"))))
    assert not ran.ok
    assert "another thing's there" in ran.said


def test_it_waits_for_a_reader_without_stopping_others(scratch: Scratch) -> None:
    scratch.do("CREATE TABLE things (id int)")
    with scratch.database.connect(autocommit=False) as reader:
        reader.execute("SELECT * FROM things")
        process = scratch.start(script())
        worst = 0.0
        ends = time.monotonic() + 1.5
        while time.monotonic() < ends:
            began = time.monotonic()
            scratch.do("SELECT * FROM things")
            worst = max(worst, time.monotonic() - began)
        assert process.poll() is None
        reader.rollback()
    assert process.wait(30) == 0
    assert worst < 0.5, "never longer than its lock_timeout (and what a busy machine adds)"


def test_it_gives_up_and_names_who_is_in_the_way(scratch: Scratch) -> None:
    scratch.do("CREATE TABLE things (id int)")
    impatient = script().replace("ELSE 60 END", "ELSE 3 END")
    with scratch.database.connect(autocommit=False) as reader:
        reader.execute("SET application_name = 'the report'")
        reader.execute("SELECT * FROM things")
        ran = scratch.run(impatient)
    assert not ran.ok
    assert "gave up after 3 tries" in ran.said
    assert "AccessShareLock on public.things held by process" in ran.said
    assert "(the report, idle in transaction, for 00:00:0" in ran.said


def test_another_error_is_not_tried_again(scratch: Scratch) -> None:
    scratch.do("CREATE TABLE things (id int)")
    began = time.monotonic()
    ran = scratch.run(script(add="ALTER TABLE public.things ADD COLUMN more no_such_type"))
    assert not ran.ok
    assert 'type "no_such_type" does not exist' in ran.said
    assert time.monotonic() - began < 2


def test_a_long_one_waits_patiently(scratch: Scratch) -> None:
    scratch.do("CREATE TABLE things (id int); ALTER TABLE things ADD CONSTRAINT one CHECK (id > 0) NOT VALID")
    valid = "EXISTS (SELECT FROM pg_constraint WHERE conname = 'one' AND convalidated)"
    with scratch.database.connect(autocommit=False) as other:
        other.execute("LOCK TABLE things IN SHARE UPDATE EXCLUSIVE MODE")
        process = scratch.start(script("long", "ALTER TABLE public.things VALIDATE CONSTRAINT one", valid))
        time.sleep(0.5)
        assert process.poll() is None
        other.rollback()
    assert process.wait(30) == 0
    assert scratch.one(f"SELECT {valid}")
