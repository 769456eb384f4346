"""Prints what became of every case: ``python -m tests.matrix [part of a name …]``. Exit code 1 where one is WRONG."""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import get_args

from generator.model.change import Change
from generator.server import open_server
from tests.matrix.cases import all_cases
from tests.matrix.classify import Result, Verdict, classify
from tests.versions.builds import programs_of


def main() -> int:
    """One line a case as it ends, then the counts."""
    arguments = _arguments()
    wanted = arguments.parts
    results = []
    start = time.monotonic()
    binaries = programs_of(arguments.major) if arguments.major else None
    with open_server(binaries=binaries) as server, tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(all_cases()):
            if wanted and not any(part in case.name for part in wanted):
                continue
            if arguments.group and case.group not in arguments.group:
                continue
            here = Path(folder) / str(number)
            here.mkdir()
            result = classify(case, server, here)
            results.append(result)
            print(f"{case.name:40} {result.verdict:45} {_shown(result)}", flush=True)
        version = server.version
    counts = Counter(result.verdict for result in results)
    print(f"\n{len(results)} cases in {time.monotonic() - start:.0f} s on PostgreSQL {version}")
    for verdict in Verdict:
        print(f"  {counts[verdict]:4}  {verdict}")
    missed = {kind.__name__ for kind in get_args(Change)}.difference(*(result.kinds for result in results))
    print(f"kinds of change not met: {', '.join(sorted(missed)) or 'none'}")
    if arguments.json:
        arguments.json.write_text(json.dumps({"version": version, "results": [_plain(each) for each in results]}))
    return 1 if counts[Verdict.WRONG] else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help="only the cases with this in their name")
    parser.add_argument("--major", type=int, metavar="N", help="on PostgreSQL N (14 to 18), fetched from a registry")
    parser.add_argument("--group", action="append", metavar="NAME", help="only the cases of this file; repeatable")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there as well")
    return parser.parse_args()


def _plain(result: Result) -> dict[str, object]:
    return {
        "group": result.case.group,
        "name": result.case.name,
        "verdict": result.verdict.name,
        "detail": result.detail,
        "windows": result.windows,
        "loses": result.loses,
    }


def _shown(result: Result) -> str:
    """In one line; of what is WRONG the first lines, of a traceback the last ones."""
    if result.verdict is not Verdict.WRONG:
        return " ".join(result.detail.split())[:200]
    lines = result.detail.splitlines()
    return "\n".join(lines[-5:] if lines and lines[0].startswith("Traceback") else lines[:12])


if __name__ == "__main__":
    sys.exit(main())
