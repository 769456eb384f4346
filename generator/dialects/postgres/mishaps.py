"""What PostgreSQL says about a declaration that it does not take, in words for the one who wrote it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.declared_text import Text
from generator.dialects.postgres.split import Piece
from generator.errors import BadInput, GenMigrationError, ServerUnavailable

if TYPE_CHECKING:
    from psycopg import Connection, Error

NO_EXTENSION = frozenset({"0A000", "58P01"})
"""An extension is not there: since PostgreSQL 15 and before that (other errors have these codes, too)."""

_EXTENSION = re.compile(r'extension "([^"]+)" is not available|/([^/"]+)\.control"')

_PROVIDED = {
    "citext": "citext",
    "cube": "cube",
    "geography": "postgis",
    "geometry": "postgis",
    "raster": "postgis_raster",
    "gin_trgm_ops": "pg_trgm",
    "gist_trgm_ops": "pg_trgm",
    "similarity": "pg_trgm",
    "hstore": "hstore",
    "ltree": "ltree",
    "lquery": "ltree",
    "vector": "vector",
    "halfvec": "vector",
    "sparsevec": "vector",
    "vector_cosine_ops": "vector",
    "vector_ip_ops": "vector",
    "vector_l2_ops": "vector",
    "unaccent": "unaccent",
    "crypt": "pgcrypto",
    "digest": "pgcrypto",
    "gen_random_bytes": "pgcrypto",
    "gen_salt": "pgcrypto",
    "hmac": "pgcrypto",
    "uuid_generate_v1": "uuid-ossp",
    "uuid_generate_v1mc": "uuid-ossp",
    "uuid_generate_v3": "uuid-ossp",
    "uuid_generate_v4": "uuid-ossp",
    "uuid_generate_v5": "uuid-ossp",
}
"""Types, operator classes and functions that schemas often use, and the extensions that bring them."""

_MISSING = re.compile(
    r'(?:type|operator class) "(?:\w+\.)?(\w+)" does not exist|function (?:\w+\.)?(\w+)\(.*does not exist'
)
_NO_VERSION = re.compile(r"has no (installation script nor )?update path")
_NO_CLASS = re.compile(r'has no default operator class for access method "(gist|gin)"')


def missing_extension(error: Error) -> str | None:
    """The extension that CREATE EXTENSION did not find."""
    found = _EXTENSION.search(error.diag.message_primary or "") if error.sqlstate in NO_EXTENSION else None
    return (found[1] or found[2]) if found else None


def wanted_extension(error: Error) -> str | None:
    """The extension that would bring what was not found."""
    message = error.diag.message_primary or ""
    if error.sqlstate not in ("42704", "42883"):
        return None
    if of_method := _NO_CLASS.search(message):
        return f"btree_{of_method[1]}"
    found = _MISSING.search(message)
    return _PROVIDED.get(found[1] or found[2]) if found else None


def bad_input(error: Error, text: Text, piece: Piece | None, connection: Connection[Any]) -> GenMigrationError:
    """The error for a person: where, what PostgreSQL says, the statement, and a way out."""
    if connection.closed:
        return ServerUnavailable(f"The scratch server went away: {error}", "Try again, or give one with --server URL.")
    diag = error.diag
    position = int(diag.statement_position) if diag.statement_position else None
    lacking = missing_extension(error)
    said = f'extension "{lacking}" is not available' if lacking else diag.message_primary or str(error)
    message = f"{text.where(piece, position)}: {said}"
    if diag.message_detail and not lacking:
        message += f"\n  {diag.message_detail}"
    if piece is not None:
        message += f"\n  in: {piece.head}"
    return BadInput(message, _way_out(error, connection))


def _way_out(error: Error, connection: Connection[Any]) -> str:
    version = connection.info.server_version
    server = f"The scratch server is PostgreSQL {version // 10000}.{version % 10000}"
    if extension := missing_extension(error):
        return f"{server} without the extension {extension}: give one that has it with --server URL."
    if _NO_VERSION.search(error.diag.message_primary or ""):
        return f"{server}, which lacks that version of it: give one that has it with --server URL."
    if extension := wanted_extension(error):
        return f"It comes with the extension {extension}: declare CREATE EXTENSION, or give a server with --server URL."
    if error.sqlstate == "42704" and "role" in (error.diag.message_primary or ""):
        return "Create the role on that server, or leave --server out: the embedded server makes it for itself."
    if error.sqlstate == "42501":
        return "Give a server on which the user may do that with --server URL, or leave the statement out."
    return error.diag.message_hint or f"{server}; another one can be given with --server URL."


def unfinished(text: Text) -> BadInput:
    """A file that begins a transaction and does not end it."""
    return BadInput(
        f"{text.where(None, len(text.sql))}: a transaction is begun and never committed.", "Add COMMIT at the end."
    )
