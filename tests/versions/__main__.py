"""Runs every case of the matrix on every supported PostgreSQL and writes ``docs/kinds-of-change.md``.

It takes about half an hour on a quiet machine with two cores; ``--group change_kinds`` only a part of it. With major
versions as arguments only these are run, and nothing is written. Exit code 1 where a case went wrong.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.versions.builds import EXACT, programs_of
from tests.versions.table import PAGE, page


def main() -> int:
    """Two versions at a time where there are two cores."""
    parser = argparse.ArgumentParser(prog="python -m tests.versions", description=__doc__)
    parser.add_argument("majors", nargs="*", type=int, metavar="MAJOR", help="only these (14 to 18)")
    parser.add_argument("--group", action="append", default=[], metavar="NAME", help="only this file of tests/matrix")
    arguments = parser.parse_args()
    majors = arguments.majors or sorted(EXACT)
    for major in majors:
        programs_of(major)  # not at once: two runs would fetch the same
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        runs = list(pool.map(lambda major: _run(major, arguments.group, Path(folder)), majors))
    if majors == sorted(EXACT):
        releases = {major: run["version"] for major, run in zip(majors, runs, strict=True)}
        results = {
            major: {each["name"]: each for each in run["results"]} for major, run in zip(majors, runs, strict=True)
        }
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page(releases, results))
        print(f"written: {PAGE.name}")
    return int(any(each["verdict"] == "WRONG" for run in runs for each in run["results"]))


def _run(major: int, groups: list[str], folder: Path) -> dict[str, Any]:
    out = folder / f"{major}.json"
    command = [sys.executable, "-m", "tests.matrix", "--major", str(major), "--json", str(out)]
    command += [word for group in groups for word in ("--group", group)]
    done = subprocess.run(command, capture_output=True, text=True)
    if not out.exists():
        raise SystemExit(f"PostgreSQL {major}: {done.stderr}")
    wrong = [line for line in done.stdout.splitlines() if " WRONG " in line]
    print("\n".join([f"PostgreSQL {major}:", *wrong, *done.stdout.rsplit("\n\n", 1)[-1].splitlines()]), flush=True)
    found: dict[str, Any] = json.loads(out.read_text())
    return found


if __name__ == "__main__":
    sys.exit(main())
