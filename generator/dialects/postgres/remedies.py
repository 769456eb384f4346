"""What can be done where a scratch server lacks something that a source takes for granted.

Roles: empty ones are made; one that the other side has made already is taken for this side's. Extensions that models
use without saying so: installed. Extensions that the server does not have: stood in for by extensions of the same name
and the same functions, written in SQL; where a function's result cannot be had that way it raises an error when it is
called, so nothing is ever computed wrongly.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from generator.dialects.postgres.declared_text import Text
from generator.dialects.postgres.mishaps import missing_extension, wanted_extension
from generator.dialects.postgres.names import ident
from generator.dialects.postgres.split import Piece

if TYPE_CHECKING:
    from psycopg import Connection, Error

_STAND_INS = Path(__file__).parent / "stand_ins"
_MARK = "Stand-in of gen-migration"
"""How the comments of their control files begin."""
_SINCE = 180000
"""The first version that looks for extensions outside of its own folder (extension_control_path)."""
_ROLE = re.compile(r'role "(.+)" does not exist')
_CREATE_ROLE = re.compile(r"create\s+(role|user|group)\b", re.IGNORECASE)

Outcome = Literal["", "again", "done"]


@dataclass(slots=True, kw_only=True)
class Remedies:
    """What was lacking while one side was declared, and what was done about it, each thing at most once."""

    connection: Connection[Any]
    open_superuser: Callable[[], Connection[Any]] | None
    _superuser: Connection[Any] | None = None
    _said: dict[str, str] = field(default_factory=dict)

    def help(self, error: Error, text: Text, piece: Piece | None) -> Outcome:
        """What came of it: the statements may be tried ``again``, this one is ``done``, or (empty) there is no help."""
        role = _ROLE.search(error.diag.message_primary or "") if error.sqlstate == "42704" else None
        if role is not None:
            return self._once(f"role {role[1]}", lambda: self._make_role(role[1]))
        extension = missing_extension(error)
        if extension is not None:
            return self._once(f"stand-in {extension}", lambda: self._offer_stand_in(extension))
        wanted = None if text.is_script else wanted_extension(error)
        if wanted is not None:
            return self._once(f"extension {wanted}", lambda: self._install(wanted))
        if piece is None:
            return ""
        if error.sqlstate == "42501":
            return self._run_as_superuser(piece.sql)
        # Roles belong to the server, on which both sides are: the other one was first.
        return "done" if error.sqlstate == "42710" and self._is_a_role(piece.sql) else ""

    def _is_a_role(self, statement: str) -> bool:
        return self.open_superuser is not None and bool(_CREATE_ROLE.match(statement))

    def give_rights(self, statements: Iterable[str]) -> None:
        """Run the GRANTs and REVOKEs once more as a superuser: the owner cannot give what is an extension's."""
        for statement in statements:
            if re.match(r"\s*(grant|revoke)\b", statement, re.IGNORECASE):
                self._run_as_superuser(statement)

    def _once(self, key: str, remedy: Callable[[], str | None]) -> Outcome:
        """The remedy for one thing, unless it was tried before and did not help."""
        if key in self._said:
            return ""
        sentence = remedy()
        if sentence is None:
            return ""
        self._said[key] = sentence
        return "again"

    def sentences(self, look_for_stand_ins: bool) -> tuple[str, ...]:
        """What stood in for what."""
        said = [sentence for sentence in self._said.values() if sentence]
        if look_for_stand_ins or any(key.startswith("extension ") for key in self._said):
            said += installed_stand_ins(self.connection)
        return tuple(said)

    def close(self) -> None:
        """Close the superuser's connection, if it was opened."""
        if self._superuser is not None:
            self._superuser.close()

    def _as_superuser(self) -> Connection[Any] | None:
        if self._superuser is None and self.open_superuser is not None:
            self._superuser = self.open_superuser()
            self._superuser.autocommit = True
        return self._superuser

    def _make_role(self, name: str) -> str | None:
        import psycopg

        superuser = self._as_superuser()
        if superuser is None:
            return None
        try:
            superuser.execute(f"CREATE ROLE {ident(name)} NOLOGIN".encode())
        except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            pass  # The other side needed it at the same time.
        except psycopg.Error:
            return None
        superuser.execute(f"GRANT {ident(name)} TO {ident(self.connection.info.user)}".encode())
        return f"The role {name} is not on the scratch server: an empty one stood in for it."

    def _install(self, extension: str) -> str | None:
        """An extension that models need: its objects go where a plain CREATE EXTENSION puts them."""
        import psycopg

        statement = f"CREATE EXTENSION IF NOT EXISTS {ident(extension)} WITH SCHEMA public CASCADE"
        for _ in range(2):
            try:
                self.connection.execute(statement.encode())
            except psycopg.Error as error:
                if error.sqlstate == "42501" and self._run_as_superuser(statement) == "done":
                    break
                if missing_extension(error) != extension or self._offer_stand_in(extension) is None:
                    return None
            else:
                break
        return f"The models use the extension {extension} and do not say so: it was installed on the scratch server."

    def _run_as_superuser(self, statement: str) -> Outcome:
        """In the superuser's session, which looks for names where the owner's does."""
        import psycopg

        superuser = self._as_superuser()
        if superuser is None:
            return ""
        path = self.connection.execute("SELECT current_setting('search_path')", prepare=False).fetchone()
        assert path is not None
        try:
            superuser.execute("SELECT set_config('search_path', %s, false)", path)
            superuser.execute(statement.encode(), prepare=False)
        except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            return "done" if self._is_a_role(statement) else ""
        except psycopg.Error:
            return ""
        return "done"

    def _offer_stand_in(self, extension: str) -> str | None:
        """Let the server find our extension of that name."""
        files = sorted((_STAND_INS / "extension").glob(f"{extension}.control")) + sorted(
            (_STAND_INS / "extension").glob(f"{extension}--*.sql")
        )
        superuser = self._as_superuser()
        if not files or superuser is None or self.connection.info.server_version < _SINCE:
            return None
        # Our own server's folder, which the server can read when it may not read ours.
        row = superuser.execute("SELECT current_setting('data_directory'), current_setting('unix_socket_directories')")
        found = row.fetchone()
        assert found is not None
        folder = Path(found[0]).parent / "stand_ins"
        try:
            (folder / "extension").mkdir(parents=True, exist_ok=True)
            for path in (folder, folder / "extension"):
                path.chmod(0o755)
            for file in files:
                copy = folder / "extension" / file.name
                copy.write_bytes(file.read_bytes())
                copy.chmod(0o644)
        except OSError:
            return None
        superuser.execute(f"ALTER SYSTEM SET extension_control_path = '$system:{folder}'".encode())
        superuser.execute("SELECT pg_reload_conf()")
        for _ in range(500):
            there = "SELECT true FROM pg_available_extensions() AS a WHERE a.name = %s"
            if self.connection.execute(there, (extension,)).fetchone() is not None:
                return ""
            time.sleep(0.002)
        return None


def offer_stand_ins(superuser: Connection[Any]) -> None:
    """Let the server find all of our stand-ins, for programs that create extensions by themselves."""
    remedies = Remedies(connection=superuser, open_superuser=None, _superuser=superuser)
    for file in sorted((_STAND_INS / "extension").glob("*.control")):
        known = "SELECT FROM pg_available_extensions WHERE name = %s"
        if superuser.execute(known, (file.stem,)).fetchone() is None:
            remedies._offer_stand_in(file.stem)


def installed_stand_ins(connection: Connection[Any]) -> list[str]:
    """A sentence for each installed extension that is a stand-in."""
    rows = connection.execute(
        "SELECT x.extname FROM pg_extension AS x JOIN pg_available_extensions() AS a ON a.name = x.extname"
        " WHERE a.comment LIKE %s ORDER BY 1",
        (f"{_MARK}%",),
    ).fetchall()
    return [
        f"The scratch server lacks the extension {name}: functions of the same names stood in for its own; "
        "those whose results cannot be had without it stop with an error when they are called."
        for (name,) in rows
    ]
