"""Prints what became of every case: ``python -m tests.matrix [part of a name …]``. Exit code 1 where one is WRONG."""

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


def main() -> int:
    """One line a case as it ends, then the counts."""
    wanted = sys.argv[1:]
    counts: Counter[Verdict] = Counter()
    met: set[str] = set()
    start = time.monotonic()
    with open_server() as server, tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(all_cases()):
            if wanted and not any(part in case.name for part in wanted):
                continue
            here = Path(folder) / str(number)
            here.mkdir()
            result = classify(case, server, here)
            counts[result.verdict] += 1
            met |= result.kinds
            detail = _shown(result)
            print(f"{case.name:40} {result.verdict:45} {detail}", flush=True)
    print(f"\n{sum(counts.values())} cases in {time.monotonic() - start:.0f} s")
    for verdict in Verdict:
        print(f"  {counts[verdict]:4}  {verdict}")
    missed = sorted({kind.__name__ for kind in get_args(Change)} - met)
    print(f"kinds of change not met: {', '.join(missed) or 'none'}")
    return 1 if counts[Verdict.WRONG] else 0


def _shown(result: Result) -> str:
    """In one line; of what is WRONG the first lines, of a traceback the last ones."""
    if result.verdict is not Verdict.WRONG:
        return " ".join(result.detail.split())[:200]
    lines = result.detail.splitlines()
    return "\n".join(lines[-5:] if lines and lines[0].startswith("Traceback") else lines[:12])


if __name__ == "__main__":
    sys.exit(main())
