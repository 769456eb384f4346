"""Tries random pairs for long and keeps what goes wrong: ``python -m tests.pairs COUNT [SEED] [FOLDER]``."""

import sys
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from generator.server import open_server
from tests.pairs.mutations import Pair, pairs
from tests.pairs.outcome import End, end_of
from tests.pairs.reduce import reduced, shown


def main() -> int:
    """Prints each bad end of a sort once, made small, and the counts. Exit code 1 where there was one."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    start_at = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    folder = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    ends: Counter[End] = Counter()
    reasons: Counter[str] = Counter()
    began = time.monotonic()
    with open_server() as server:

        @seed(start_at)
        @settings(
            max_examples=count,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(pairs())
        def attempt(pair: Pair) -> None:
            result = end_of(pair, server)
            ends[result.end] += 1
            reasons[f"{result.end}: {result.sort}"] += 1
            if result.end is not End.BUG or reasons[f"{result.end}: {result.sort}"] > 1:
                return
            small = reduced(pair, lambda smaller: end_of(smaller, server).sort == result.sort)
            text = shown(small, end_of(small, server))
            print(f"\n######## {text}", flush=True)
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"{len(reasons):03d}.sql").write_text(text, encoding="utf-8")

        attempt()
    print(f"\n{sum(ends.values())} pairs in {time.monotonic() - began:.0f} s")
    for end, number in ends.most_common():
        print(f"  {number:5}  {end}")
    for name, number in reasons.most_common(60):
        print(f"  {number:5}  {name[:150]}")
    return 1 if ends[End.BUG] else 0


if __name__ == "__main__":
    sys.exit(main())
