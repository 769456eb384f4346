"""Random pairs of schemas through the whole program: nothing to do, refused with a reason, or a proof that holds.

How many: 60, always the same, whatever this file says; ``GEN_MIGRATION_PAIRS=500`` tries as many, and others each time.
``python -m tests.pairs COUNT SEED FOLDER`` does not stop at the first one and keeps each bad end, made small.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from generator.server import Server, open_server
from tests.pairs.found import Found, all_found
from tests.pairs.mutations import Pair, pairs
from tests.pairs.outcome import End, end_of, end_of_sql, same_names
from tests.pairs.reduce import reduced, shown

_MANY = os.environ.get("GEN_MIGRATION_PAIRS", "")
_SEED = 1


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with open_server() as opened:
        yield opened


def test_a_random_pair_ends_in_nothing_to_do_a_refusal_or_a_proof(
    server: Server, record_property: Callable[[str, object], None]
) -> None:
    ends: Counter[End] = Counter()
    bad: list[str] = []

    @settings(
        max_examples=int(_MANY or 60),
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(pairs())
    def attempt(pair: Pair) -> None:
        result = end_of(pair, server)
        ends[result.end] += 1
        if result.end is End.NOTHING and not same_names(pair):
            bad.append(shown(pair, result))
        if result.end is End.BUG and not bad:
            small = reduced(pair, lambda smaller: end_of(smaller, server).sort == result.sort)
            again = end_of(small, server)
            bad.append(shown(small, again if again.end is End.BUG else result))

    (attempt if _MANY else seed(_SEED)(attempt))()
    said = ", ".join(f"{count} {end}" for end, count in ends.most_common())
    record_property("told", f"{ends.total()} random pairs of schemas: {said}")
    assert not bad, bad[0]
    assert ends[End.PROVED] > ends.total() / 2


@pytest.mark.parametrize("found", all_found(), ids=lambda found: Path(found.name).stem)
def test_what_was_found_once_stays_mended(found: Found, server: Server) -> None:
    result = end_of_sql(found.old, found.new, renames=found.renames, server=server)
    assert result.end is found.end, result.detail
