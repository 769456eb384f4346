"""A given server: databases are made and dropped there, and nothing else is touched."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from generator.errors import ServerUnavailable
from generator.server import Server, open_server
from generator.server.data_folder import SUPERUSER
from generator.server.databases import MARK, OWNER


@pytest.fixture(scope="module")
def theirs() -> Iterator[Server]:
    with open_server() as server:
        yield server


def _url(server: Server, user: str = SUPERUSER, password: str = "", database: str = "/postgres") -> str:
    folder = server.superuser_conninfo.split("'")[1]
    return f"postgresql://{user}{':' + password if password else ''}@{database}?host={quote(folder, safe='')}"


def _databases(server: Server) -> set[str]:
    return {name for (name,) in server.connection.execute("SELECT datname FROM pg_database").fetchall()}


def test_databases_are_made_and_nothing_is_left(theirs: Server) -> None:
    before = _databases(theirs)
    with open_server(url=_url(theirs)) as server:
        assert not server.embedded
        assert (server.version, server.major) == (theirs.version, theirs.major)
        database = server.create_database()
        with database.connect() as connection:
            connection.execute("CREATE TABLE things (id int)")
        clone = server.create_database(database)
        with clone.connect(superuser=True) as connection:
            assert connection.execute("SELECT current_user::text, count(*) FROM things").fetchone() == (SUPERUSER, 0)
        assert database.name.startswith("gen_migration_")
        assert _databases(theirs) - before == {database.name, clone.name}
        still_open = clone.connect()
    assert _databases(theirs) == before
    still_open.close()


def test_nothing_is_left_after_an_error(theirs: Server) -> None:
    def use() -> None:
        with open_server(url=_url(theirs)) as server:
            server.create_database()
            _ = 1 / 0

    before = _databases(theirs)
    with pytest.raises(ZeroDivisionError):
        use()
    assert _databases(theirs) == before


def test_a_url_without_a_database_will_do(theirs: Server) -> None:
    theirs.connection.execute("DROP ROLE IF EXISTS maker; CREATE ROLE maker LOGIN CREATEDB")
    with open_server(url=_url(theirs, user="maker", database="")) as server:
        assert server.create_database().connect().execute("SELECT current_user::text").fetchone() == ("maker",)


def test_a_user_who_may_not_create_databases_is_told_how_to(theirs: Server) -> None:
    with (
        pytest.raises(ServerUnavailable, match=f"{OWNER} may not create databases") as raised,
        open_server(url=_url(theirs, user=OWNER)),
    ):
        pass
    assert f"ALTER ROLE {OWNER} CREATEDB" in raised.value.way_out


def test_a_server_that_is_not_there_is_told_without_the_password(theirs: Server) -> None:
    with (
        pytest.raises(ServerUnavailable) as raised,
        open_server(url="postgresql://me:secret@127.0.0.1:1/things"),
    ):
        pass
    assert "127.0.0.1" in raised.value.message
    assert "secret" not in raised.value.message + raised.value.way_out
    with pytest.raises(ServerUnavailable, match="cannot be read"), open_server(url="postgresql://me@[::1/x"):
        pass


def test_left_over_databases_are_swept_only_if_they_are_ours_beyond_doubt(theirs: Server) -> None:
    theirs.connection.execute("DROP ROLE IF EXISTS other; CREATE ROLE other LOGIN CREATEDB")
    ours = "gen_migration_20200101000000_0123abcd_1"
    kept = {
        "gen_migration_20990101000000_0123abcd_1": (MARK, SUPERUSER),
        "gen_migration_20200101000000_0123abcd_2": ("precious", SUPERUSER),
        "gen_migration_20200101000000_0123abcd_3": (MARK, "other"),
        "gen_migration_notes": (MARK, SUPERUSER),
        "gen_migration_20200101000000_0123abcd_4": (MARK, SUPERUSER),
    }
    for name, (comment, owner) in {ours: (MARK, SUPERUSER), **kept}.items():
        theirs.connection.execute(f"CREATE DATABASE {name} OWNER {owner} TEMPLATE template0")
        theirs.connection.execute(f"COMMENT ON DATABASE {name} IS '{comment}'")
    conninfo = f"{theirs.superuser_conninfo} dbname=gen_migration_20200101000000_0123abcd_4"
    with psycopg.connect(conninfo), open_server(url=_url(theirs)):
        left = _databases(theirs)
    assert ours not in left
    assert left >= set(kept)


def test_a_standby_is_refused(theirs: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    from generator.server import given

    class Connection:
        class info:
            server_version, host, port = 160000, "db.example", 5432

        def execute(self, *_: object) -> "Connection":
            return self

        def fetchone(self) -> tuple[object, ...]:
            return "me", True, True

    with pytest.raises(ServerUnavailable, match="standby"):
        given._check(Connection())  # type: ignore[arg-type]
    Connection.info.server_version = 130000
    with pytest.raises(ServerUnavailable, match="oldest that is supported"):
        given._check(Connection())  # type: ignore[arg-type]


def test_psql_can_be_used_with_its_databases(theirs: Server) -> None:
    import subprocess

    with open_server(url=_url(theirs)) as server:
        database = server.create_database()
        assert isinstance(server.psql, Path)
        subprocess.run([server.psql, "-Xq", "-d", database.conninfo, "-c", "CREATE TABLE t ()"], check=True)
