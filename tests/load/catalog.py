"""What a database holds, as one text: to see whether two ways lead to the same."""

from typing import Any

from generator.model.declared import Declared
from generator.server import Database

_OURS = "namespace::regnamespace::text !~ '^(pg_|information_)'"
_QUERIES = (
    f"""SELECT 'column', c.oid::regclass, attnum, a.attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
              attgenerated, pg_get_expr(adbin, adrelid), col_description(c.oid, attnum)
       FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
       LEFT JOIN pg_attrdef d ON (adrelid, adnum) = (c.oid, attnum)
       WHERE attnum > 0 AND relkind IN ('r', 'v', 'p') AND rel{_OURS}""",
    f"""SELECT 'constraint', coalesce(conrelid::regclass::text, contypid::regtype::text), conname,
              pg_get_constraintdef(oid), obj_description(oid, 'pg_constraint')
       FROM pg_constraint WHERE con{_OURS}""",
    f"""SELECT 'index', indexrelid::regclass, pg_get_indexdef(indexrelid)
       FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE rel{_OURS}""",
    f"""SELECT 'type', t.oid::regtype, typtype, format_type(typbasetype, typtypmod),
              (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)
       FROM pg_type t WHERE typtype IN ('e', 'd') AND typ{_OURS}""",
    """SELECT 'sequence', seqrelid::regclass, seqtypid::regtype, seqstart, seqincrement,
              pg_get_serial_sequence(d.refobjid::regclass::text, a.attname)
       FROM pg_sequence LEFT JOIN pg_depend d ON d.objid = seqrelid AND deptype IN ('a', 'i') AND refobjsubid > 0
       LEFT JOIN pg_attribute a ON (attrelid, attnum) = (refobjid, refobjsubid)""",
    f"""SELECT 'relation', oid::regclass, relkind, reloptions, obj_description(oid), relpersistence
       FROM pg_class WHERE rel{_OURS} AND relkind IN ('r', 'v', 'S', 'p')""",
    f"SELECT 'view', oid::regclass, pg_get_viewdef(oid) FROM pg_class WHERE relkind = 'v' AND rel{_OURS}",
    "SELECT 'trigger', tgrelid::regclass, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT 'extension', extname FROM pg_extension",
)


def run(declared: Declared, database: Database) -> None:
    """Make what is declared, as the proof's room does."""
    with database.connect() as connection:
        for unit in declared.units:
            connection.execute(unit.sql.encode())
        for unit in declared.units:
            if unit.late:
                connection.execute(unit.late.encode())


def read(database: Database) -> list[tuple[Any, ...]]:
    """What the database holds, sorted."""
    with database.connect() as connection:
        found = [row for query in _QUERIES for row in connection.execute(query.encode()).fetchall()]
    return sorted(tuple(str(value) for value in row) for row in found)
