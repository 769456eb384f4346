"""Packages of npm, each set in a folder of its own below the cache. Without npm or a registry a test is skipped."""

import fcntl
import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

DRIZZLE_0 = ("drizzle-kit@0.31.11", "drizzle-orm@0.45.4")
DRIZZLE_1 = ("drizzle-kit@1.0.0-rc.5", "drizzle-orm@1.0.0-rc.5")

_PATIENCE = 600


@cache
def installed(*packages: str) -> Path:
    """The folder whose ``node_modules`` hold the packages. Skips the test with a reason where that cannot be."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("there is no npm or no node here")
    folder = _cache() / "_".join(packages).replace("/", "-")
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            (folder / "package.json").write_text(json.dumps({"private": True}))
            command = [npm, "install", "--no-audit", "--no-fund", "--no-progress", *packages]
            ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_PATIENCE)
            if ran.returncode != 0:
                said = [line for line in ran.stderr.splitlines() if "error" in line][:1]
                pytest.skip(f"npm cannot install {', '.join(packages)} here: {' '.join(said)}")
            (folder / "complete").touch()
    return folder


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gen-migration" / "tests"
