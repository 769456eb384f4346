"""``schema.ts``: the project's own drizzle-kit writes a snapshot of it, into a scratch folder and without a network.

With no history beside it, drizzle-kit has nothing to ask. It runs in the project's folder, where the paths of its
tsconfig hold, and is told to write elsewhere.
"""

import json
import os
import re
import subprocess
import tempfile
import weakref
from functools import cached_property
from pathlib import Path

from generator.errors import BadInput
from generator.load.drizzle.project import Project, find_project
from generator.load.drizzle.snapshot import load_snapshot
from generator.load.loading import Loading
from generator.load.place import Place
from generator.model.declared import Declared

_ERROR = re.compile(r"\b\w*Error\b|\berror\b|\bERROR\b")
_LINES = 5
_PATIENCE = 300
"""Seconds."""
_NOWHERE = "postgresql://nobody@127.0.0.1:1/nowhere"
"""For configurations that end where no database is named; none is ever asked."""


def start_schema_file(source: str, path: Path, place: Place) -> Loading:
    """Start drizzle-kit on a file or a folder. Raises BadInput without Node.js or drizzle-kit."""
    return _SchemaFile(source, path, find_project(source, path, place))


class _SchemaFile:
    """A schema that drizzle-kit is reading."""

    def __init__(self, source: str, path: Path, project: Project) -> None:
        self._source = source
        self._scratch = tempfile.TemporaryDirectory(prefix="gen-migration-drizzle-")
        scratch = Path(self._scratch.name).resolve()
        self._out = scratch / "out"
        environment = {"DATABASE_URL": _NOWHERE, "NO_COLOR": "1", "CI": "1", "NO_UPDATE_NOTIFIER": "1"} | os.environ
        environment.pop("FORCE_COLOR", None)
        try:
            self._process = subprocess.Popen(
                [project.node, str(project.program), "generate", *_arguments(path, self._out, scratch, project)],
                cwd=project.root, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
            )  # fmt: skip
        except OSError as error:
            raise BadInput(f"{source}: Node.js does not start: {error}") from error
        # Whoever loses interest in the result, or ends, takes the process along.
        self._end = weakref.finalize(self, _end, self._process)

    def result(self) -> Declared:
        """Wait for it. Raises BadInput with what drizzle-kit said."""
        return self._declared

    @cached_property
    def _declared(self) -> Declared:
        try:
            printed = self._process.communicate(timeout=_PATIENCE)[0]
        except subprocess.TimeoutExpired:
            raise BadInput(f"{self._source}: drizzle-kit did not end within {_PATIENCE} seconds.") from None
        finally:
            self._end()
        with self._scratch:
            snapshots = [*self._out.glob("meta/*_snapshot.json"), *self._out.glob("*/snapshot.json")]
            if not snapshots and self._process.returncode == 0 and "No schema changes" in printed:
                raise BadInput(
                    f"{self._source}: drizzle-kit finds no table or anything else of PostgreSQL there.",
                    "Name the file that exports them, or the folder of such files.",
                )
            if not snapshots:
                raise BadInput(f"{self._source}: drizzle-kit cannot read it.{_said(printed)}")
            return load_snapshot(snapshots[0], source=self._source, origin=self._source)


def _arguments(path: Path, out: Path, scratch: Path, project: Project) -> list[str]:
    """What is to be read and where the snapshot goes; with a configuration of our own around the user's."""
    settings = {"dialect": "postgresql", "schema": str(path.absolute()), "out": os.path.relpath(out, project.root)}
    if project.config is None:
        return [word for name, value in settings.items() for word in (f"--{name}", value)] + ["--name", "schema"]
    if project.config.suffix == ".json":
        config = scratch / "drizzle.config.json"
        config.write_text(json.dumps(json.loads(project.config.read_text(encoding="utf-8")) | settings))
    else:
        config = scratch / "drizzle.config.ts"
        config.write_text(
            f"import given from {json.dumps(str(project.config))};\n"
            f"export default {{ ...(given as any), ...{json.dumps(settings)} }};\n"
        )
    return ["--config", os.path.relpath(config, project.root), "--name", "schema"]


def _said(printed: str) -> str:
    """What drizzle-kit said of the error: from where it names one, without the stack below it."""
    lines = [line for line in printed.splitlines() if line.strip() and not line.strip().startswith(("at ", "Reading"))]
    first = next((number for number, line in enumerate(lines) if _ERROR.search(line)), max(0, len(lines) - _LINES))
    shown = "\n".join(f"  {line}" for line in lines[first : first + _LINES])
    return f"\nIt printed:\n{shown}" if shown else ""


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
