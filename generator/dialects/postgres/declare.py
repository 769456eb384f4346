"""Runs what a source declares in a scratch database, and says where it is wrong in the words of file and line.

Many statements go to the server at once, in the implicit transaction of one message: three times as fast as one by one.
Where that fails they run one by one: either it works then (a new value of an enum can be used after a commit only), or
the statement that is to blame is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.declared_text import Text, is_script
from generator.dialects.postgres.mishaps import bad_input, unfinished
from generator.dialects.postgres.owner_text import NamedOwners, may_name
from generator.dialects.postgres.remedies import Remedies
from generator.dialects.postgres.split import Piece, split
from generator.model.declared import Declared, Unit

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.errors import Diagnostic

_AT_ONCE = 100
"""Units in one message: more than that needs more locks than a server of default settings has."""

_ENDS_TRANSACTION = re.compile(r"(commit|end|rollback|abort|prepare\s+transaction)\b(?!\s+to\b)", re.IGNORECASE)
_LOOK_AGAIN = "SAVEPOINT _gm_look; SELECT FROM pg_db_role_setting LIMIT 0; ROLLBACK TO _gm_look; RELEASE _gm_look"
"""Inside a transaction a server before PostgreSQL 18 sees a role that was just made only after it took a new lock."""


def declare(
    declared: Declared,
    connection: Connection[Any],
    superuser: Callable[[], Connection[Any]] | None = None,
    owners: NamedOwners | None = None,
) -> tuple[str, ...]:
    """Make what is declared in an empty database, over a connection in autocommit mode; sentences on what stood in.

    ``superuser`` opens a connection to the same database as a superuser, for a server of our own only: with it, roles
    that the source speaks of are made, statements run for which the owner lacks the right, and extensions that the
    server lacks are stood in for where that is sound. ``owners`` are kept as they are named; nothing is given to them
    here, since their roles are seldom there. Every unit starts from the server's own settings, whatever an
    earlier one has set. Raises BadInput naming file and line.
    """
    remedies = Remedies(connection=connection, open_superuser=superuser)
    unheard: list[str] = []
    owners = owners if owners is not None else NamedOwners()
    told = partial(_hear, unheard, owners)
    connection.add_notice_handler(told)
    try:
        for text in _texts(declared, owners):
            _run(text, connection, remedies)
            if unheard:
                remedies.give_rights(piece.sql for piece in split(text.sql))
                unheard.clear()
        return remedies.sentences(any("extension" in unit.sql.lower() for unit in declared.units))
    finally:
        connection.remove_notice_handler(told)
        remedies.close()


def _hear(unheard: list[str], owners: NamedOwners, notice: Diagnostic) -> None:
    """Note a GRANT or REVOKE that the server passed over with a warning, since the owner may not give that right."""
    owners.hear(notice)
    if notice.sqlstate in ("01006", "01007"):
        unheard.append(notice.message_primary or "")


def _texts(declared: Declared, owners: NamedOwners) -> Iterator[Text]:
    """The units' DDL in order, then their late parts: a file by itself, tables by the hundred."""
    parts = [(unit, unit.sql) for unit in declared.units] + [(unit, unit.late) for unit in declared.units]
    together: list[tuple[Unit, str]] = []
    for unit, sql in parts:
        if not sql.strip():
            continue
        if together and (is_script(unit) or len(together) == _AT_ONCE):
            yield Text.of(together)
            together = []
        together.append((unit, _without_owners(sql, owners)))
        if is_script(unit):
            yield Text.of(together)
            together = []
    if together:
        yield Text.of(together)


def _without_owners(sql: str, owners: NamedOwners) -> str:
    """The text without its statements about owners and roles; everything else stays on its line."""
    if not may_name(sql):
        return sql
    kept, end = [], 0
    for piece in split(sql):
        instead = owners.instead(piece)
        if instead is not None:
            kept += [sql[end : piece.start], instead]
            end = piece.start + len(piece.sql)
    return "".join([*kept, sql[end:]])


def _run(text: Text, connection: Connection[Any], remedies: Remedies) -> None:
    if not text.may_commit(_ENDS_TRANSACTION) and _run_at_once(text, connection, remedies):
        return
    for piece in split(text.sql):
        _run_piece(piece, text, connection, remedies)
    if _in_transaction(connection):
        connection.rollback()
        raise unfinished(text)
    connection.execute("RESET ALL", prepare=False)


def _run_at_once(text: Text, connection: Connection[Any], remedies: Remedies) -> bool:
    """Whether it worked; where not, nothing is left of it."""
    import psycopg

    while True:
        try:
            connection.execute(f"{text.sql}\n;RESET ALL".encode(), prepare=False)
        except psycopg.Error as error:
            if connection.closed:
                raise bad_input(error, text, None, connection) from None
            if _in_transaction(connection):
                connection.rollback()
            if not remedies.help(error, text, None):
                return False
            continue
        if _in_transaction(connection):
            connection.rollback()
            raise unfinished(text)
        return True


def _run_piece(piece: Piece, text: Text, connection: Connection[Any], remedies: Remedies) -> None:
    """One statement; again after each remedy, for which a savepoint is set inside the source's own transaction."""
    import psycopg

    while True:
        kept = _in_transaction(connection)
        try:
            if kept:
                connection.execute("SAVEPOINT _gm_statement", prepare=False)
            connection.execute(piece.sql.encode(), prepare=False)
        except psycopg.Error as error:
            if not connection.closed:
                if kept:
                    connection.execute("ROLLBACK TO _gm_statement", prepare=False)
                match remedies.help(error, text, piece):
                    case "again":
                        if kept:
                            connection.execute(_LOOK_AGAIN, prepare=False)
                        continue
                    case "done":
                        return
                if _in_transaction(connection):
                    connection.rollback()
            raise bad_input(error, text, piece, connection) from None
        return


def _in_transaction(connection: Connection[Any]) -> bool:
    from psycopg.pq import TransactionStatus

    return connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR)
