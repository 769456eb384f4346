"""Rows that a source brings along are no part of its schema: migrations often put some in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.declared_text import is_script
from generator.model.declared import Declared

if TYPE_CHECKING:
    from psycopg import Connection

_WRITES = re.compile(r"\b(insert|copy|into|merge|as)\b", re.IGNORECASE)
"""Words without which no statement makes a row; with them one may or may not."""

_EMPTY = """
DO $$
DECLARE
    each regclass;
    filled boolean;
    all_filled text[] = '{}';
BEGIN
    FOR each IN
        SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
          AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                                                       AND d.deptype = 'e')
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM ONLY %s)', each) INTO filled;
        IF filled THEN
            all_filled = all_filled || each::text;
        END IF;
    END LOOP;
    IF cardinality(all_filled) > 0 THEN
        EXECUTE 'TRUNCATE ' || array_to_string(all_filled, ', ') || ' RESTART IDENTITY CASCADE';
    END IF;
END
$$
"""


def empty_tables(
    declared: Declared, connection: Connection[Any], superuser: Callable[[], Connection[Any]] | None
) -> None:
    """Take out the rows that the source has put in, through no trigger that would notice where ``superuser`` helps."""
    if not any(is_script(unit) and _WRITES.search(unit.sql) for unit in declared.units):
        return
    if superuser is None:
        connection.execute(_EMPTY.encode(), prepare=False)
        return
    with superuser() as able:
        able.autocommit = True
        able.execute("SET session_replication_role = replica")
        able.execute(_EMPTY.encode(), prepare=False)
