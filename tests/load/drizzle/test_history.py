"""A project with many snapshots: every one can be the old schema of the next."""

from itertools import pairwise
from pathlib import Path

from generator.load import narrow, start
from generator.pipeline import Request, run
from generator.server import Server
from tests.benchmarks.drizzle_project import write_project


def test_every_pair_of_snapshots_is_planned(tmp_path: Path, server: Server) -> None:
    tags = write_project(tmp_path / "drizzle", snapshots=16, tables=6)
    ended = []
    for old, new in pairwise(tags):
        outcome = run(
            Request(
                old=f"{tmp_path}/drizzle@{old}",
                new=f"{tmp_path}/drizzle@{new}",
                prove=False,
                server=server.superuser_conninfo,
            )
        )
        ended.append((new, outcome.plan is not None))
    assert [name for name, planned in ended if not planned] == []


def test_one_changed_table_of_112_takes_few_along(tmp_path: Path) -> None:
    folder = tmp_path / "drizzle"
    tags = write_project(folder, snapshots=60)
    sizes = []
    for old, new in pairwise(tags[-12:]):
        narrowed = narrow(start(f"{folder}@{old}").result(), start(f"{folder}@{new}").result())
        changed = {unit.name for unit in narrowed[1].units} - {"type public.state"}
        if not new.endswith("add_value"):
            sizes.append(len(changed))
    assert sizes
    assert max(sizes) < 40
