"""Every consecutive pair of a Drizzle project's snapshots through the command, with and without its proof.

    python -m tests.benchmarks.drizzle_history [--snapshots 240] [--tables 112] [--every 1] [--proof]

One server serves all pairs, as ``--server`` would; what a run of its own adds (Python, a server started and ended) is
printed at the end, from whole processes.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from statistics import median

from generator.load import narrow, start
from generator.pipeline import Request, run
from generator.server import open_server
from tests.benchmarks.drizzle_project import write_project
from tests.benchmarks.measure import Command
from tests.benchmarks.measure import run as run_command


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="every pair of a Drizzle history")
    parser.add_argument("--snapshots", type=int, default=240)
    parser.add_argument("--tables", type=int, default=112)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--proof", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, open_server() as server:
        folder = Path(temporary) / "drizzle"
        tags = write_project(folder, snapshots=arguments.snapshots, tables=arguments.tables)
        pairs = list(pairwise(tags))[:: arguments.every]
        loads, runs, units, ends = [], [], [], Counter[str]()
        for before, after in pairs:
            old, new = f"{folder}@{before}", f"{folder}@{after}"
            began = time.perf_counter()
            narrowed = narrow(start(old).result(), start(new).result())
            loads.append(time.perf_counter() - began)
            units.append(len(narrowed[1].units))
            began = time.perf_counter()
            outcome = run(Request(old=old, new=new, prove=arguments.proof, server=server.superuser_conninfo))
            runs.append(time.perf_counter() - began)
            ends[_end(outcome)] += 1
        print(f"{len(pairs)} pairs, the last of {arguments.tables} tables: {dict(ends)}")
        print(f"units that go to the server: median {median(units)}, most {max(units)}")
        for what, times in (("both snapshots read", loads), ("the pipeline on a server that is up", runs)):
            print(f"{what}: median {median(times):.3f} s, most {max(times):.3f} s")
        old, new = (f"{folder}@{tag}" for tag in tags[-2:])
        for options in (("--no-proof",), ()):
            argv = (str(Path(sys.executable).parent / "gen-migration"), old, new, "--quiet", *options)
            command = Command(argv=argv, cwd=Path(temporary))
            times = [run_command(command).wall for _ in range(3)]
            print(f"the last pair, the whole command {' '.join(options)}: {median(times):.2f} s")


def _end(outcome: object) -> str:
    from generator.pipeline import Outcome

    assert isinstance(outcome, Outcome)
    if outcome.plan is not None:
        return "planned"
    return "asked" if outcome.questions else "refused" if outcome.refusals else "nothing to do"


if __name__ == "__main__":
    main()
