"""The given cases, forwards, on the oldest PostgreSQL; ``python -m tests.versions`` runs all cases on all five."""

from collections.abc import Iterator

import pytest

from generator.dialects.postgres.versions import OLDEST
from generator.server import Server, open_server
from tests.matrix.cases import FIRST, Case, all_cases
from tests.matrix.classify import Verdict, classify
from tests.versions.builds import NoBuild, programs_of


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    try:
        programs = programs_of(OLDEST)
    except NoBuild as missing:
        pytest.skip(str(missing))
    with open_server(binaries=programs) as opened:
        yield opened


CASES = [case for case in all_cases() if case.group in FIRST and not case.name.endswith(" back")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "_"))
def test_a_change_is_proved_or_asked_about_or_refused(
    case: Case, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    result = classify(case, server, tmp_path_factory.mktemp("case"))
    assert result.verdict is not Verdict.WRONG, result.detail
