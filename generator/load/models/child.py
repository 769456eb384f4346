"""The process that loads models: imports them, and writes units and hints as JSON to the file that it was given.

Nothing of it runs in the program itself, and it is the only place where SQLAlchemy and a user's code are imported.
"""

import gc
import json
import os
import sys
import threading
from typing import Any

from generator.load.models.trouble import Trouble


def main() -> None:
    """Load what the first argument (JSON) asks for, write the answer, end."""
    request = json.loads(sys.argv[1])
    sys.argv = [request.get("file") or request["module"]]
    # Models are many objects that live to the end: looking through them again and again takes half of the time.
    gc.disable()
    end_with_the_parent()
    try:
        answer: dict[str, Any] = _load(request)
    except Trouble as trouble:
        answer = {"error": trouble.message, "way_out": trouble.way_out}
    sys.stdout.flush()
    sys.stderr.flush()
    with os.fdopen(request["answer"], "w", encoding="utf-8", errors="surrogateescape") as file:
        json.dump(answer, file)
    # A user's threads and exit handlers have no say any more.
    os._exit(0)


def _load(request: dict[str, Any]) -> dict[str, Any]:
    try:
        import sqlalchemy  # noqa: F401
    except ImportError as error:
        raise Trouble(f"SQLAlchemy cannot be imported by {sys.executable}: {error}") from error
    from generator.load.models.collecting import collect
    from generator.load.models.hints import find_hints
    from generator.load.models.importing import import_source
    from generator.load.models.origins import Origins
    from generator.load.models.units import make_units

    origins = Origins()
    # A user's own package may be called like ours.
    for name in [name for name in sys.modules if name.partition(".")[0] == "generator"]:
        del sys.modules[name]
    sys.path.remove(request["root"])
    modules = import_source(request)
    gc.freeze()
    tables = collect(modules, request["attribute"])
    return {"units": make_units(tables, origins), "hints": find_hints(tables, origins)}


def end_with_the_parent() -> None:
    """End when the program does, whatever way it went: it holds the other end of our input."""
    line = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def wait() -> None:
        while os.read(line, 1):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
