"""No change, in either direction, is done wrong or passed over in silence: here on the embedded PostgreSQL."""

from collections.abc import Iterator
from typing import get_args

import pytest

from generator.model.change import Change
from generator.server import Server, open_server
from tests.matrix.cases import Case, all_cases
from tests.matrix.classify import Verdict, classify


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with open_server() as opened:
        yield opened


CASES = all_cases()
met: dict[str, frozenset[str]] = {}
"""The kinds of change found in each case that ran here."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "_"))
def test_a_change_is_proved_or_asked_about_or_refused(
    case: Case, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    result = classify(case, server, tmp_path_factory.mktemp("case"))
    met[case.name] = result.kinds
    assert result.verdict not in (Verdict.WRONG, Verdict.UNKNOWN), result.detail


def test_every_kind_of_change_is_met() -> None:
    if len(met) < len(CASES):
        pytest.skip("not all cases ran in this process")
    assert {kind.__name__ for kind in get_args(Change)} - frozenset[str]().union(*met.values()) == set()


def test_a_case_has_one_name() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))
