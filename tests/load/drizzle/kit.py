"""Runs the real drizzle-kit over a schema, in a folder of the test."""

import os
import subprocess
from pathlib import Path

from tests.tools.npm import DRIZZLE_0, DRIZZLE_1, installed

VERSIONS = {"0.31": DRIZZLE_0, "1.0": DRIZZLE_1}


def kit(version: str, project: Path, *arguments: str) -> str:
    """Run drizzle-kit in the project, to which the packages are linked; what it printed."""
    packages = installed(*VERSIONS[version])
    if not (project / "node_modules").exists():
        (project / "node_modules").symlink_to(packages / "node_modules", target_is_directory=True)
    program = packages / "node_modules" / ".bin" / "drizzle-kit"
    ran = subprocess.run(
        [program, *arguments], cwd=project, capture_output=True, text=True, timeout=300,
        stdin=subprocess.DEVNULL, env=os.environ | {"NO_COLOR": "1"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


def generate(version: str, project: Path, schema: str, name: str = "init") -> None:
    """Let drizzle-kit write a migration from the schema file into ``drizzle/``."""
    said = kit(
        version, project, "generate", "--dialect", "postgresql", "--schema", schema, "--out", "drizzle", "--name", name
    )
    assert "Your SQL migration" in said, said


def sql_of(project: Path) -> str:
    """The SQL of all migrations that are there, in order."""
    return "\n".join(file.read_text() for file in sorted((project / "drizzle").glob("**/*.sql")))
