"""``schema.prisma``: the project's own Prisma writes the SQL of it (``prisma migrate diff``), and asks no database."""

import json
import os
import shutil
import subprocess
import weakref
from functools import cached_property
from pathlib import Path

from generator.errors import BadInput
from generator.load.loading import Loading
from generator.load.models.process import last_lines
from generator.load.place import Place
from generator.model.declared import Declared, Unit

_WAY_OUT = "Give the folder of its migrations instead: prisma/migrations needs no Node.js."
_PATIENCE = 300
"""Seconds."""
_NOWHERE = "postgresql://nobody@127.0.0.1:1/nowhere"


def start_prisma(source: str, path: Path, place: Place) -> Loading:
    """Start Prisma on a schema's file or folder. Raises BadInput without Node.js or Prisma."""
    node = shutil.which("node")
    if node is None:
        raise BadInput(f"{source}: it is read by the project's own Prisma, and there is no Node.js here.", _WAY_OUT)
    home = place.at_home(path).parent.resolve()
    for folder in (home, *home.parents):
        package = folder / "node_modules" / "prisma" / "package.json"
        if package.is_file():
            data = json.loads(package.read_text(encoding="utf-8"))
            named = data.get("bin", {})
            program = package.parent / (named if isinstance(named, str) else named.get("prisma", "build/index.js"))
            newer = int(str(data.get("version", "0")).partition(".")[0]) >= 7
            words = ["--to-schema" if newer else "--to-schema-datamodel", str(path.absolute())]
            return _PrismaSchema(
                source, [node, str(program), "migrate", "diff", "--from-empty", *words, "--script"], folder
            )
    raise BadInput(
        f"{source}: it is read by the project's own Prisma, and there is none in node_modules of {home} or above.",
        f"Install the project's packages (npm install). {_WAY_OUT}",
    )


class _PrismaSchema:
    """A schema that Prisma is reading."""

    def __init__(self, source: str, command: list[str], folder: Path) -> None:
        self._source = source
        # Its settings may name the real database; comparing with nothing needs none.
        environment = os.environ | {"DATABASE_URL": _NOWHERE, "DIRECT_URL": _NOWHERE, "NO_COLOR": "1", "CI": "1",
                                    "PRISMA_HIDE_UPDATE_MESSAGE": "1", "CHECKPOINT_DISABLE": "1"}  # fmt: skip
        self._process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
        )  # fmt: skip
        self._end = weakref.finalize(self, _end, self._process)

    def result(self) -> Declared:
        """Wait for it. Raises BadInput with what Prisma said."""
        return self._declared

    @cached_property
    def _declared(self) -> Declared:
        try:
            sql, said = self._process.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            raise BadInput(f"{self._source}: Prisma did not end within {_PATIENCE} seconds.") from None
        finally:
            self._end()
        if self._process.returncode != 0 or not sql.strip():
            way_out = _WAY_OUT
            if "binaries.prisma.sh" in said + sql:
                way_out = f"Its engine has to be downloaded once (`npx prisma -v`). {_WAY_OUT}"
            raise BadInput(f"{self._source}: Prisma cannot read it.{last_lines(said or sql)}", way_out)
        unit = Unit(name="schema of Prisma", sql=sql, origin=self._source)
        return Declared(source=self._source, units=(unit,), models=True)


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
