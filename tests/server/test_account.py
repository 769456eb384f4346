"""Root and normal users, and programs that are kept where nobody else may look."""

import json
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator.errors import ServerUnavailable
from generator.server import open_server
from generator.server.account import Account, server_account
from generator.server.binaries import find_binaries
from generator.server.reachable import reachable_programs

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another account")

_PROGRAM = """
import os
from generator.server import open_server
with open_server() as server:
    with server.create_database().connect() as connection:
        connection.execute("CREATE TABLE things (id int)")
    print("ran as", os.geteuid(), server.superuser_conninfo.split("'")[1])
"""


@as_root
def test_root_hands_the_server_to_an_account_without_rights() -> None:
    with open_server() as server:
        folder = Path(server.superuser_conninfo.split("'")[1])
        assert (folder / "data" / "postmaster.pid").stat().st_uid == server_account().uid != 0


def _run_as(uid: int, gid: int) -> "subprocess.CompletedProcess[str]":
    """Run the program as another user, with a Python that this user can get at."""
    for python in (Path(sys.executable), Path(f"/usr/bin/python3.{sys.version_info.minor}")):
        if not Account(uid=uid, gid=gid, other=True).can_read([python]) or not python.exists():
            continue
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONPATH": os.pathsep.join(sys.path)}
        return subprocess.run(
            [python, "-c", _PROGRAM], user=uid, group=gid, extra_groups=[], cwd="/", env=environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    pytest.skip("there is no Python that another user can get at")


@as_root
def test_a_normal_user_without_a_home_can_run_it() -> None:
    nobody = pwd.getpwnam("nobody")
    done = _run_as(nobody.pw_uid, nobody.pw_gid)
    if "No module named" in done.stderr:
        pytest.skip("the packages are where nobody else may look")
    assert f"ran as {nobody.pw_uid}" in done.stdout, done.stderr
    assert not Path(done.stdout.split()[-1]).exists()


@as_root
def test_an_account_without_a_name_is_told_so() -> None:
    done = _run_as(54321, 54321)
    if "No module named" in done.stderr:
        pytest.skip("the packages are where nobody else may look")
    assert "user id 54321 has no name here" in done.stderr


@as_root
def test_programs_in_a_private_folder_are_copied_and_no_mode_is_changed(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    found = find_binaries()
    package = found.folder.parent.parent
    shutil.copytree(package, private / "site" / package.name, symlinks=True)
    if Path(f"{package}.libs").exists():
        shutil.copytree(f"{package}.libs", private / "site" / f"{package.name}.libs")
    programs = private / "site" / package.name / found.folder.relative_to(package)
    modes = [path.stat().st_mode for path in (private, *private.rglob("*"))]
    with open_server(binaries=programs) as server:
        folder = Path(server.superuser_conninfo.split("'")[1])
        assert (folder / "programs").exists()
        with server.create_database().connect(superuser=True) as connection:
            connection.execute("CREATE EXTENSION citext")
    assert not folder.exists()
    assert [path.stat().st_mode for path in (private, *private.rglob("*"))] == modes


def test_missing_links_of_an_npm_package_are_made_in_a_copy(tmp_path: Path) -> None:
    native, room = tmp_path / "package" / "native", tmp_path / "room"
    for folder in ("bin", "lib", "share"):
        (native / folder).mkdir(parents=True)
    room.mkdir()
    for name in ("bin/postgres", "bin/initdb", "lib/libx.so.1.2"):
        (native / name).write_text("")
    source = {"source": "native/lib/libx.so.1.2", "target": "native/lib/libx.so.1"}
    (native / "pg-symlinks.json").write_text(json.dumps([source]))
    programs = reachable_programs(native / "bin", server_account(), room)
    assert programs == room / "programs" / "package" / "native" / "bin"
    assert os.readlink(programs.parent / "lib" / "libx.so.1") == "libx.so.1.2"
    assert not (native / "lib" / "libx.so.1").exists()
    (native / "lib" / "libx.so.1").symlink_to("libx.so.1.2")
    mine = Account(uid=os.geteuid(), gid=os.getegid(), other=False)
    assert reachable_programs(native / "bin", mine, room) == native / "bin"


def test_what_an_account_can_read_is_told_by_the_modes(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    other = Account(uid=65000, gid=65000, other=True)
    open_folder, closed = Path("/usr/bin"), tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "file").write_text("")
    assert other.can_read([open_folder])
    assert not other.can_read([closed / "file"])
    assert Account(uid=os.geteuid(), gid=os.getegid(), other=False).can_read([closed / "file"])


def test_a_user_id_without_a_name_has_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(ServerUnavailable) as raised:
        server_account()
    assert "--server" in raised.value.way_out
