"""Which Python has the packages of a user's project."""

import importlib.util
import os
import sys
from pathlib import Path

from generator.errors import BadInput
from generator.load.models.process import PYTHON


def find_python(package: str, home: Path) -> str:
    """The one that is named, or ours if it has the package, or that of a virtual environment of the project.

    ``home`` is a folder of the project. Raises BadInput.
    """
    named = os.environ.get(PYTHON)
    if named:
        return named
    if importlib.util.find_spec(package):
        return sys.executable
    active = os.environ.get("VIRTUAL_ENV")
    candidates = [Path(active)] if active else []
    for folder in (home, *home.parents):
        candidates += [folder / ".venv", folder / "venv"]
    for candidate in candidates:
        if any(candidate.glob(f"lib/python*/site-packages/{package}/__init__.py")):
            return str(candidate / "bin" / "python")
    raise BadInput(
        f"{package} is installed neither beside gen-migration nor in a virtual environment of {home}.",
        f"Install gen-migration where it is, or let {PYTHON} name the Python that has it.",
    )
