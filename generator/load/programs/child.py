"""What every process has in common that runs a program of the user's project."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from generator.load.models.child import end_with_the_parent
from generator.load.models.trouble import Trouble
from generator.load.programs.containment import Target, contain


def answer(run: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Put up the walls, run what the first argument (JSON) asks for, write what came of it, end."""
    request = json.loads(sys.argv[1])
    sys.argv = [request["name"]]
    end_with_the_parent()
    contain(Target(request["database"]))
    # A user's own package may be called like ours.
    for name in [name for name in sys.modules if name.partition(".")[0] == "generator"]:
        del sys.modules[name]
    sys.path.remove(request["root"])
    sys.path.insert(0, request["folder"])
    try:
        outcome: dict[str, Any] = run(request)
    except Trouble as trouble:
        outcome = {"error": trouble.message, "way_out": trouble.way_out}
    sys.stdout.flush()
    sys.stderr.flush()
    with os.fdopen(request["answer"], "w", encoding="utf-8", errors="surrogateescape") as file:
        json.dump(outcome, file)
    # A user's threads and exit handlers have no say any more.
    os._exit(0)
