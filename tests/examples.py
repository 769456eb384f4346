"""The examples, and how their scripts are made and run: shared by the tests that use them."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from generator.server import Database, Server

ROOT = Path(__file__).resolve().parents[1]
MAJOR = 18
"""The version that the golden files are planned for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A folder of ``examples/``."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def old(self) -> Path:
        """The old schema's source."""
        return next(self.folder.glob("old.*"))

    @property
    def new(self) -> Path:
        """The new schema's source."""
        return next(self.folder.glob("new.*"))

    @property
    def answers(self) -> Path | None:
        """The answers file, where there is one."""
        path = self.folder / "answers.toml"
        return path if path.exists() else None

    def scripts(self, suffix: str = ".sql") -> list[Path]:
        """The golden scripts of the stages in their order; with ``.rollback.sql`` their rollbacks."""
        pattern = re.compile(r"\d\d_[a-z]+" + re.escape(suffix))
        return sorted(path for path in (self.folder / "expected").iterdir() if pattern.fullmatch(path.name))


EXAMPLES = [
    Example(folder=folder)
    for folder in sorted((ROOT / "examples").iterdir())
    # Those of `check` have a script that is judged, and none that is written; Drizzle's have their own test.
    if folder.is_dir() and not folder.name.startswith(("check_", "drizzle_"))
]


def write(example: Example, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command on an example, from the project's folder, as a person would."""
    sources = [str(path.relative_to(ROOT)) for path in (example.old, example.new)]
    answers = ["--answers", str(example.answers.relative_to(ROOT))] if example.answers else []
    program = str(Path(sys.executable).parent / "gen-migration")
    code = ["--code", str((example.folder / "app").relative_to(ROOT))] if (example.folder / "app").is_dir() else []
    argv = [program, *sources, *answers, *code, "--out", str(out), "--pg", str(MAJOR), *options]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def psql(server: Server, database: Database, script: Path) -> subprocess.CompletedProcess[str]:
    """Run a script as the README says."""
    assert server.psql is not None
    argv = [str(server.psql), "-X", "-v", "ON_ERROR_STOP=1", "-d", database.conninfo, "-f", script.name]
    return subprocess.run(argv, cwd=script.parent, capture_output=True, text=True, stdin=subprocess.DEVNULL)
