"""Live databases: read whole, read only, over TLS too, and nothing of it shown that is secret."""

import gc
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from generator.errors import BadInput, GenMigrationError, ServerUnavailable
from generator.load import live, start
from generator.load.live import masked
from generator.server import Database, Server
from generator.server.binaries import embedded_program
from tests.load.catalog import read, run

TABLES = """
CREATE SCHEMA billing;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE users (id serial PRIMARY KEY, email text UNIQUE, mood mood DEFAULT 'ok');
CREATE TABLE billing.invoices (id uuid PRIMARY KEY, user_id int REFERENCES users ON DELETE CASCADE);
CREATE VIEW happy AS SELECT * FROM users WHERE mood = 'ok';
INSERT INTO users (email) VALUES ('secret@example.org');
"""


@pytest.fixture
def database(server: Server) -> Database:
    made = server.create_database()
    with made.connect() as connection:
        connection.execute(TABLES)
    return made


def _url(database: Database) -> str:
    folder = database.conninfo.split("host=")[1].split()[0].strip("'")
    return f"postgresql://gen_migration_owner@/{database.name}?host={quote(folder, safe='')}"


def test_a_database_is_read_whole_and_without_rows(server: Server, database: Database) -> None:
    declared = start(_url(database)).result()
    assert declared.major == server.major
    (unit,) = declared.units
    assert "secret@example.org" not in unit.sql
    copy = server.create_database()
    run(declared, copy)
    assert read(copy) == read(database)


def test_a_result_may_be_asked_for_twice(database: Database) -> None:
    loading = start(_url(database))
    assert loading.result() is loading.result()


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(ServerUnavailable) as raised:
        start("postgresql://me:secret@127.0.0.1:1/things").result()
    assert "127.0.0.1" in raised.value.message
    assert "secret" not in raised.value.message + raised.value.way_out


def test_a_database_that_is_not_there_is_told(database: Database) -> None:
    with pytest.raises(ServerUnavailable, match='database "nothing" does not exist'):
        start(_url(database).replace(database.name, "nothing")).result()


def test_what_the_user_may_not_read_is_told(database: Database) -> None:
    with database.connect(superuser=True) as connection:
        connection.execute("DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN")
    with pytest.raises(ServerUnavailable, match="permission denied"):
        start(_url(database).replace("gen_migration_owner", "guest")).result()


def test_without_pg_dump_there_is_a_way_out(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "embedded_program", lambda name: None)
    monkeypatch.setattr(live, "path_program", lambda name: None)
    with pytest.raises(BadInput, match="there is none for PostgreSQL") as raised:
        start(_url(database)).result()
    assert "Install" in raised.value.way_out


def test_an_older_pg_dump_is_passed_over(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump: error: aborting because of server version mismatch' >&2\nexit 1\n")
    old.chmod(0o755)
    newer = embedded_program("pg_dump")
    monkeypatch.setattr(live, "embedded_program", lambda name: old)
    monkeypatch.setattr(live, "path_program", lambda name: newer)
    assert start(_url(database)).result().units
    monkeypatch.setattr(live, "path_program", lambda name: None)
    with pytest.raises(BadInput, match="version mismatch"):
        start(_url(database)).result()


def test_a_reading_that_nobody_waits_for_is_ended(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "pg_dump"
    slow.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 600\n")
    slow.chmod(0o755)
    monkeypatch.setattr(live, "embedded_program", lambda name: slow)
    loading = start(_url(database))
    deadline = time.monotonic() + 20
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    pid = int((tmp_path / "pid").read_text())
    del loading
    gc.collect()
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    raise AssertionError("pg_dump is still running")


def test_no_password_is_shown() -> None:
    assert masked("postgresql://u:p@h:1/d?sslmode=require") == "postgresql://u:***@h:1/d?sslmode=require"
    assert masked("postgresql://u@/d?host=/tmp&password=secret&x=1") == "postgresql://u@/d?host=/tmp&password=***&x=1"
    assert masked("postgresql:///d") == "postgresql:///d"


@pytest.fixture(scope="module")
def over_tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The URL of a server that takes nothing but TLS and a password, and its certificate."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found or not shutil.which("openssl"):
        pytest.skip("no PostgreSQL with TLS is here")
    programs = found[-1].parent
    folder = Path("/tmp") / f"gm-test-tls-{os.getpid()}"
    folder.mkdir(mode=0o700)
    account = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    certificate, key = folder / "server.crt", folder / "server.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", names, "-out", certificate, "-keyout", key],
        check=True, capture_output=True,
    )  # fmt: skip
    key.chmod(0o600)
    (folder / "password").write_text("open sesame")
    for path in (folder, certificate, key, folder / "password"):
        if account:
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
    options = {"check": True, "capture_output": True, "cwd": folder, **account}
    subprocess.run(
        [programs / "initdb", "-N", "-U", "boss", f"--pwfile={folder / 'password'}", "-A", "scram-sha-256",
         "-D", folder / "data", "--locale=C", "-E", "UTF8"], **options,
    )  # type: ignore[call-overload]  # fmt: skip
    (folder / "data" / "pg_hba.conf").write_text("hostssl all all all scram-sha-256\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [programs / "postgres", "-D", folder / "data", "-k", folder, "-h", "127.0.0.1", "-p", str(port), "-F",
         "-c", "ssl=on", "-c", f"ssl_cert_file={certificate}", "-c", f"ssl_key_file={key}"],
        stderr=subprocess.DEVNULL, cwd=folder, **account,
    )  # type: ignore[call-overload]  # fmt: skip
    url = f"postgresql://boss:open%20sesame@localhost:{port}/postgres?hostaddr=127.0.0.1&sslmode=require"
    try:
        import psycopg

        deadline = time.monotonic() + 30
        while True:
            try:
                with psycopg.connect(url) as connection:
                    connection.execute(TABLES)
                break
            except psycopg.OperationalError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        yield url, certificate
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def _without_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "path_program", lambda name: None)


def test_a_server_that_takes_nothing_but_tls_is_read(over_tls: tuple[str, Path]) -> None:
    assert "CREATE TABLE billing.invoices" in start(over_tls[0]).result().units[0].sql


def test_without_a_pg_dump_that_speaks_tls_ours_does_it(
    over_tls: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _without_the_path(monkeypatch)
    declared = start(over_tls[0]).result()
    assert "CREATE TABLE billing.invoices" in declared.units[0].sql
    assert "sesame" not in declared.source
    assert not list(Path("/tmp").glob("gm-tls-????????"))


@pytest.mark.parametrize("mode", ["verify-ca", "verify-full"])
def test_the_certificate_is_looked_at_as_libpq_does(
    over_tls: tuple[str, Path], monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    _without_the_path(monkeypatch)
    url = over_tls[0].replace("sslmode=require", f"sslmode={mode}&sslrootcert={over_tls[1]}")
    assert start(url).result().units


def test_a_wrong_certificate_is_refused_on_both_ways(
    over_tls: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ssl

    from generator.load.tunnel import open_tunnel

    _without_the_path(monkeypatch)
    url = (
        over_tls[0]
        .replace("@localhost", "@wrong.example")
        .replace("sslmode=require", f"sslmode=verify-full&sslrootcert={over_tls[1]}")
    )
    with pytest.raises(ServerUnavailable, match="does not match host name"):
        start(url).result()
    port = int(over_tls[0].split(":")[3].split("/")[0])
    settings = {"sslmode": "verify-full", "sslrootcert": str(over_tls[1])}
    with open_tunnel(host="wrong.example", address="127.0.0.1", port=port, settings=settings) as folder:
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(folder / f".s.PGSQL.{port}"))
        client.settimeout(10)
        assert client.recv(1) == b""
    settings["sslrootcert"] = str(tmp_path / "nothing.crt")
    with pytest.raises((OSError, ssl.SSLError)), open_tunnel(host="h", address="a", port=1, settings=settings):
        pass


def test_who_asks_for_channel_binding_gets_no_tunnel(
    over_tls: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _without_the_path(monkeypatch)
    with pytest.raises(GenMigrationError, match="there is none"):
        start(over_tls[0] + "&channel_binding=require").result()
