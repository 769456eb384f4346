"""Tries random pairs for long and keeps what goes wrong: ``python -m tests.pairs COUNT [SEED] [FOLDER]``."""

import sys
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from generator.model.schema import Schema
from generator.server import open_server
from tests.pairs.mutations import pairs
from tests.pairs.outcome import End, end_of, sql_of
from tests.pairs.reduce import reduced


def main() -> int:
    """Prints each bad end of a sort once, made small, and the counts. Exit code 1 where there was one."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    start_at = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    folder = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    ends: Counter[End] = Counter()
    sorts: Counter[str] = Counter()
    refused: Counter[str] = Counter()
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
        def attempt(pair: tuple[Schema, Schema, bool]) -> None:
            old, new, renames = pair
            result = end_of(old, new, renames=renames, server=server)
            ends[result.end] += 1
            if result.end is End.REFUSED:
                refused[result.sort[:110]] += 1
            if result.end is End.NO_PAIR:
                refused["NO PAIR " + result.detail.splitlines()[0].split(": ", 1)[-1][:80]] += 1
            if result.end is not End.BUG:
                return
            sorts[result.sort] += 1
            if sorts[result.sort] > 1:
                return

            def same(old: Schema, new: Schema) -> bool:
                now = end_of(old, new, renames=renames, server=server)
                return now.end is End.BUG and now.sort == result.sort

            small_old, small_new = reduced(old, new, same)
            last = end_of(small_old, small_new, renames=renames, server=server)
            text = f"-- {result.sort}\n-- renames: {renames}\n/*\n{last.detail}\n*/\n{sql_of(small_old)}\n-- NEW\n{sql_of(small_new)}"
            print(f"\n######## {text}", flush=True)
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"{len(sorts):03d}.sql").write_text(text)

        attempt()
    print(f"\n{sum(ends.values())} pairs in {time.monotonic() - began:.0f} s")
    for end, number in ends.most_common():
        print(f"  {number:5}  {end}")
    for name, number in (*sorts.most_common(), *refused.most_common(40)):
        print(f"  {number:5}  {name}")
    return 1 if ends[End.BUG] else 0


if __name__ == "__main__":
    sys.exit(main())
