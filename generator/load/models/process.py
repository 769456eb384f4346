"""Our side of a process that loads models: starts it, waits for it, and makes values of what it found."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import weakref
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import generator
from generator.errors import BadInput
from generator.load.answers_file import to_answers
from generator.model.answers import key_of
from generator.model.declared import Declared, Unit
from generator.model.schema import QName

PYTHON = "GEN_MIGRATION_PYTHON"
"""The environment variable that names the Python which has the models' packages, where it is not ours."""

# -P: nothing of the current folder may stand in for our modules; the child itself puts it on the path afterwards.
_START = "import sys; sys.path.insert(0, {!r}); from generator.load.models.child import main; main()"
_LAST_LINES = 5


class _Models:
    def __init__(self, source: str, request: dict[str, Any]) -> None:
        self._source = source
        # Files and no pipes: a module may print as much as it likes before anybody listens.
        self._answer: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._printed: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        root = str(Path(generator.__file__).resolve().parent.parent)
        try:
            self._process = subprocess.Popen(
                [os.environ.get(PYTHON) or sys.executable, "-P", "-c", _START.format(root),
                 json.dumps(request | {"answer": self._answer.fileno(), "root": root})],
                stdin=subprocess.PIPE, stdout=self._printed, stderr=self._printed, pass_fds=(self._answer.fileno(),),
                cwd=request["folder"],
            )  # fmt: skip
        except OSError as error:
            raise BadInput(f"The Python for the models does not start: {error}", f"Look at {PYTHON}.") from error
        # Whoever loses interest in the result, or ends, takes the process along.
        self._end = weakref.finalize(self, _end, self._process)

    def result(self) -> Declared:
        return self._declared

    @cached_property
    def _declared(self) -> Declared:
        try:
            code = self._process.wait()
        finally:
            self._end()
        answer, printed = content(self._answer), content(self._printed)
        if not answer:
            raise BadInput(f"{self._source}: {how_it_ended(code)} while it was imported.{last_lines(printed)}")
        data = json.loads(answer)
        if "error" in data:
            error = data["error"]
            if Path(self._source).name not in error.partition(":")[0]:
                error = f"{self._source}: {error}"
            raise BadInput(error + last_lines(printed), data["way_out"])
        return Declared(
            source=self._source,
            units=tuple(_unit(fields) for fields in data["units"]),
            hints=_hints(data["hints"]),
            models=True,
            printed=printed,
        )


def start_models(source: str, module: Path | str, attribute: str | None, folder: Path) -> _Models:
    """Start to load a file or a module (by its dotted name), or what ``attribute`` names in it.

    ``folder`` is the current one of the process, in which modules are looked for.
    """
    what = {"file": str(module.absolute())} if isinstance(module, Path) else {"module": module}
    return _Models(source, what | {"attribute": attribute, "folder": str(folder)})


def _hints(found: list[dict[str, Any]]) -> Any:
    """The hints as if they had been written into an answers file, so that both are checked by the same rules."""
    data: dict[str, dict[str, Any]] = {"backfill": {}, "convert": {}, "rename": {}}
    origin: dict[tuple[str, str], str] = {}
    for hint in found:
        key = key_of(QName(hint["schema"], hint["table"]), hint["column"])
        if hint["kind"] == "rename":
            schema, _, name = hint["table_before"].rpartition(".")
            before = key_of(QName(schema or hint["schema"], name), hint["value"] if hint["column"] else None)
            key, value = before, key
        else:
            value = hint["value"]
        data[hint["kind"]][key] = value
        origin[hint["kind"], key] = hint["origin"]
    return to_answers(data, lambda section, key: origin.get((section, key), ""))


def _unit(fields: dict[str, Any]) -> Unit:
    values: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in fields.items()}
    return Unit(**values)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    if process.stdin is not None:
        process.stdin.close()
    process.wait()


def content(file: IO[bytes]) -> str:
    """What a process has written there; the file is closed."""
    file.seek(0)
    with file:
        return file.read().decode(errors="replace")


def how_it_ended(code: int) -> str:
    """A process's exit code in words."""
    if code >= 0:
        return f"the process ended by itself (exit code {code})"
    return f"the process was ended by {signal.Signals(-code).name}"


def last_lines(printed: str) -> str:
    """The end of what was printed, for a message."""
    lines = printed.strip().splitlines()[-_LAST_LINES:]
    return "\nIt printed last:\n" + "\n".join(f"  {line}" for line in lines) if lines else ""
