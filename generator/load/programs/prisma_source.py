"""``schema.prisma``: the project's own Prisma writes the SQL of it (``prisma migrate diff``).

Its engine in Rust needs no database for that; the one in WebAssembly wants to talk to one, and gets the scratch
database.
"""

import json
import shutil
from functools import partial
from pathlib import Path

from generator.errors import BadInput
from generator.load.loading import Immediate, Loading
from generator.load.place import Place
from generator.model.declared import Declared, Program

WAY_OUT = "Give the folder of its migrations instead: prisma/migrations needs no Node.js."


def start_prisma(source: str, path: Path, place: Place) -> Loading:
    """``path`` is a schema's file or folder. Raises BadInput without Node.js or Prisma."""
    node = shutil.which("node")
    if node is None:
        raise BadInput(f"{source}: it is read by the project's own Prisma, and there is no Node.js here.", WAY_OUT)
    home = place.at_home(path).parent.resolve()
    for folder in (home, *home.parents):
        package = folder / "node_modules" / "prisma" / "package.json"
        if package.is_file():
            arguments = (("arguments", json.dumps(_command(package, path))),)
            program = Program(kind="prisma", python=node, folder=str(folder), options=arguments)
            return Immediate(partial(Declared, source=source, program=program, models=True))
    raise BadInput(
        f"{source}: it is read by the project's own Prisma, and there is none in node_modules of {home} or above.",
        f"Install the project's packages (npm install). {WAY_OUT}",
    )


def _command(package: Path, path: Path) -> list[str]:
    """What node is told to run."""
    data = json.loads(package.read_text(encoding="utf-8"))
    named = data.get("bin") or {}
    program = package.parent / (named if isinstance(named, str) else named.get("prisma", "build/index.js"))
    newer = int(str(data.get("version", "0")).partition(".")[0]) >= 7
    wanted = "--to-schema" if newer else "--to-schema-datamodel"
    return [str(program), "migrate", "diff", "--from-empty", wanted, str(path.absolute()), "--script"]
