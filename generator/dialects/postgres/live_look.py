"""A look at a live database before anything is run there: its statistics, and the counts that the preflights ask for.

It only reads, in read-only transactions: the statistics from the catalogs, the counts from the tables themselves.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from generator.dialects.postgres.statistics import read_statistics
from generator.errors import ServerUnavailable
from generator.model.live import Count, Live

PATIENCE = "5min"
"""How long one counting query may take; it holds no lock that anybody feels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """A query that gives what, rows and what is expected, to be read with ``search_path`` (as SQL)."""

    query: str
    search_path: str


def look_at(url: str, preflights: Mapping[str, Preflight]) -> Live:
    """What is there. Raises ServerUnavailable, in whose message no password stands.

    A count that fails (a value that cannot be read as the match wants it, a table that is not there) is left out, with
    the reason.
    """
    import psycopg

    shown = re.sub(r"(?<=:)[^:/@]*(?=@)|(?<=password=)[^&\s]*", "***", url)
    counts: dict[str, tuple[Count, ...]] = {}
    uncounted: dict[str, str] = {}
    try:
        with psycopg.connect(url, autocommit=True, fallback_application_name="gen-migration") as connection:
            connection.execute("SET default_transaction_read_only = on")
            connection.execute("SET lock_timeout = '2s'")
            with connection.transaction():
                connection.execute("SET LOCAL search_path = ''")
                statistics = read_statistics(connection, connection.info.dbname)
            connection.execute(f"SET statement_timeout = '{PATIENCE}'".encode())
            for name, each in preflights.items():
                try:
                    with connection.transaction():
                        connection.execute(f"SET LOCAL search_path = {each.search_path}".encode())
                        rows = connection.execute(each.query.encode()).fetchall()
                    counts[name] = tuple(Count(what=what, rows=found, expected=want) for what, found, want in rows)
                except psycopg.Error as error:
                    if connection.closed:
                        raise
                    uncounted[name] = str(error).splitlines()[0]
    except psycopg.Error as error:
        said = str(error).strip()
        raise ServerUnavailable(f"{shown}: {said}", "Look at the URL, and whether the server is up.") from None
    return Live(statistics=statistics, counts=counts, uncounted=uncounted)
