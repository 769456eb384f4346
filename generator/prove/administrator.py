"""The superuser of the proof: he runs what a script says needs one, and nothing else.

The scripts run as the tables' owner, as in production. Where one stops because a step needs a superuser, the
statements of that step are run as one, as its message asks, and the script is run again.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.recipes.superuser import SENTENCE
from generator.model.plan import Action, Plan, Stage, Step, Undo
from generator.prove.request import ProofRequest

if TYPE_CHECKING:
    from psycopg import Connection

    from generator.prove.psql import Failure
    from generator.server import Database


def asks_for_superuser(failure: "Failure") -> bool:
    """Whether a script stopped because a step needs a superuser."""
    return failure.error.startswith(SENTENCE)


def run_told(failure: "Failure", database: "Database") -> bool:
    """Run as a superuser what a script says that one has to. False where it says nothing, or that does not run."""
    import psycopg

    told = re.search(r"\brun this file again: (.*?)(?=\n(?:CONTEXT|DETAIL|HINT):|\Z)", failure.output, re.DOTALL)
    if told is None or not asks_for_superuser(failure):
        return False
    with database.connect(superuser=True, autocommit=False) as superuser:
        try:
            superuser.execute(told[1].encode())
        except psycopg.Error:
            return False
    return True


def actions_of(plan: Plan, file: str) -> tuple[Action, ...]:
    """The actions of a script, in the order in which it runs them."""
    stage = next((each for each in Stage if file.startswith(f"{each.number:02d}_{each}.")), None)
    if stage is None:
        return ()
    steps = plan.steps_of(stage)
    if ".rollback." not in file:
        return tuple(action for step in steps for action in step.run)
    undone: Iterable[Step] = reversed(steps)
    return tuple(action for step in undone if isinstance(step.undo, Undo) for action in step.undo.actions)


def run_next(request: ProofRequest, database: "Database", file: str) -> bool:
    """Run the first action of the script that is not done and that its user may not run, and those right after it.

    False where there is none.
    """
    ran = False
    with database.connect() as connection, database.connect(superuser=True) as superuser:
        for each in (connection, superuser):
            each.execute("SET search_path = ''")
            if request.prelude:
                each.execute(request.prelude.encode())
        for action in actions_of(request.plan, file):
            if not (ran or action.right) or _is_true(connection, action.done):
                continue
            if action.right and not _is_true(connection, action.right):
                run(request, superuser, action)
                ran = True
            elif ran:
                break
    return ran


def run(request: ProofRequest, superuser: "Connection[tuple[Any, ...]]", action: Action) -> None:
    """Run an action's statements in one transaction."""
    with superuser.transaction():
        for statement in action.statements:
            superuser.execute(request.render_statement(statement).encode())


def _is_true(connection: "Connection[tuple[Any, ...]]", expression: str) -> bool:
    row = connection.execute(f"SELECT {expression}".encode()).fetchone()
    return row is not None and bool(row[0])
