"""Units do what the scripts do: the whole proof runs on them, for the examples and for many kinds of change."""

import hashlib
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from generator.model.plan import Pace, Plan
from generator.pipeline import Request, run
from generator.render.forms.laying_out import parts_of
from generator.render.plan_json import read_plan_json
from generator.render.units import Piece, make_units, patiently
from generator.server import Server, open_server
from tests.examples import EXAMPLES, Example
from tests.matrix.cases import Case, all_cases
from tests.matrix.classify import Verdict, classify

_ONE_OF = 12
"""Every case of the matrix was run; here one of so many is."""
CASES = [case for case in all_cases() if hashlib.sha256(case.name.encode()).digest()[0] % _ONE_OF == 0]


@pytest.fixture(scope="module")
def one_server() -> Iterator[Server]:
    with open_server() as opened:
        yield opened


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_units_of_an_example_are_proved(example: Example, one_server: Server) -> None:
    rows = example.folder / "rows.sql"
    request = Request(old=str(example.old), new=str(example.new), answers=example.answers, rows=rows, to="alembic")
    with patch("generator.server.open_server", lambda **_options: nullcontext(one_server)):
        outcome = run(request)
    assert outcome.proof is not None
    assert outcome.proof.holds, outcome.proof.findings


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "_"))
def test_the_units_of_a_change_are_proved(
    case: Case, one_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    result = classify(case, one_server, tmp_path_factory.mktemp("case"), to="alembic")
    assert result.verdict is not Verdict.WRONG, result.detail


def plan_of(name: str) -> Plan:
    (example,) = (example for example in EXAMPLES if example.name == name)
    return read_plan_json((example.folder / "expected" / "plan.json").read_text()).plan


def test_what_runs_concurrently_stands_alone_in_its_piece() -> None:
    pieces = [piece for unit in make_units(plan_of("link_customers")) for piece in (*unit.pieces, *unit.back)]
    alone = [piece for piece in pieces if piece.concurrent]
    assert [piece.sql.split(" IF ")[0] for piece in alone] == [
        "CREATE UNIQUE INDEX CONCURRENTLY",
        "DROP INDEX CONCURRENTLY",
    ]
    assert not any("CONCURRENTLY" in piece.sql for piece in pieces if not piece.concurrent)


def test_a_gate_is_recorded_together_with_what_it_guards() -> None:
    units = make_units(plan_of("link_customers"))
    gates = [step for step in plan_of("link_customers").steps if step.purpose.startswith("Stop if")]
    assert [note for unit in units for note in unit.notes] == [gate.purpose for gate in gates]
    assert len(units) == len(plan_of("link_customers").steps) - len(gates)


def test_no_hint_names_a_script() -> None:
    pieces = [piece for unit in make_units(plan_of("link_customers")) for piece in (*unit.pieces, *unit.back)]
    assert not [piece for piece in pieces if "02_backfill.sql" in piece.sql]
    assert [piece for piece in pieces if "Run the backfill stage again" in piece.sql]


def test_a_dollar_quote_in_a_statement_does_not_end_it() -> None:
    plan = plan_of("link_customers")
    step = plan.steps[0]
    (action,) = step.run
    (statement,) = action.statements
    nasty = replace(statement, sql="COMMENT ON TABLE public.customers IS $run$ $gm$ $unless$ $run$", pace=Pace.INSTANT)
    changed = replace(plan, steps=(replace(step, run=(replace(action, statements=(nasty,)),)), *plan.steps[1:]))
    (piece,) = make_units(changed)[0].pieces
    assert "$run2$\nCOMMENT ON TABLE public.customers IS $run$ $gm$ $unless$ $run$;\n$run2$" in piece.sql
    assert piece.sql.startswith("DO $gm2$")
    assert piece.sql.endswith("$gm2$")


def test_files_of_one_statement_undo_in_the_order_of_the_way_back() -> None:
    unit = make_units(plan_of("link_customers"))[4]
    back = tuple(Piece(sql=str(number)) for number in range(5))
    parts = parts_of(replace(unit, back=back))
    assert [part.back.sql for part in reversed(parts) if part.back] == ["0", "1", "2", "3", "4"]
    assert [part.piece for part in parts if part.piece] == list(unit.pieces)
    assert [part.number for part in parts] == [1, 2, 3, 4, 5]


def test_the_sessions_timeouts_are_given_back(one_server: Server, tmp_path: Path) -> None:
    database = one_server.create_database()
    ask = "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
    with database.connect() as connection:
        connection.execute("SET statement_timeout = '7min'; SET lock_timeout = '3s'")
        first, _, last = patiently((Piece(sql="SELECT 1"),))
        for _ in range(2):  # the second time as after a failure, which has not given them back
            connection.execute(first.sql.encode())
            assert connection.execute(ask).fetchone() == ("0", "0")
        connection.execute(last.sql.encode())
        assert connection.execute(ask).fetchone() == ("7min", "3s")
