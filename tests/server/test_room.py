"""Private folders: what is swept, and what never is."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator.server import open_server
from generator.server.account import server_account
from generator.server.room import make_room, sweep


def test_the_folder_of_a_running_server_is_never_swept() -> None:
    with open_server() as server:
        folder = Path(server.superuser_conninfo.split("'")[1])
        sweep(server_account(), (folder.parent,))
        assert server.create_database().connect().execute("SELECT 1").fetchone() == (1,)


def test_a_folder_left_behind_is_swept_at_the_next_start(tmp_path: Path) -> None:
    account = server_account()
    room = make_room(account)
    (room.folder / "data").mkdir()
    sweep(account, (room.folder.parent,))
    assert room.folder.exists()
    os.close(room.lock)
    sweep(account, (room.folder.parent,))
    assert not room.folder.exists()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
def test_the_folder_is_swept_although_its_keeper_was_killed_with_the_program() -> None:
    program = (
        "import os, time\n"
        "from generator.server import open_server\n"
        "with open_server() as server:\n"
        '    print(server.superuser_conninfo.split("\'")[1], flush=True)\n'
        "    time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    keeper = int(Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(keeper, signal.SIGKILL)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{server}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    # The keeper's other half has stopped the server; the folder is left to the next start.
    assert not Path(f"/proc/{server}").exists()
    with open_server():
        assert not folder.exists()


def test_folders_of_others_and_links_are_not_touched(tmp_path: Path) -> None:
    account = server_account()
    precious = tmp_path / "precious"
    precious.mkdir()
    link = tmp_path / "gen-migration-linked"
    link.symlink_to(precious)
    young = tmp_path / "gen-migration-young"
    young.mkdir()
    os.chown(young, account.uid, account.gid)
    old = tmp_path / "gen-migration-old"
    old.mkdir()
    os.chown(old, account.uid, account.gid)
    os.utime(old, (0, 0))
    if os.geteuid() == 0:
        (tmp_path / "gen-migration-roots").mkdir()
        os.utime(tmp_path / "gen-migration-roots", (0, 0))
    sweep(account, (tmp_path,))
    assert precious.exists()
    assert young.exists()
    assert not old.exists()
    if os.geteuid() == 0:
        assert (tmp_path / "gen-migration-roots").exists()


def test_a_long_temporary_folder_is_not_used_for_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    long = tmp_path / ("x" * 90)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    room = make_room(server_account())
    try:
        assert len(str(room.folder / ".s.PGSQL.5432")) < 104
    finally:
        room.remove()
