"""SQL that asks the catalogs whether a state is there: the ``done`` of an action.

Each function gives one boolean expression. It tests the state that is wanted (name, type, definition, validity), never
a name alone, and is written for a session whose search_path is empty, in which the server prints definitions in
the same canonical form as the catalog reader does.
"""

from generator.dialects.postgres.names import ident, literal, qname
from generator.dialects.postgres.versions import has_not_null_not_valid
from generator.model.schema import Column, QName


def _relation(name: QName) -> str:
    return f"to_regclass({literal(qname(name))})"


def both(*conditions: str) -> str:
    """All of them hold."""
    return " AND ".join(conditions)


def either(*conditions: str) -> str:
    """One of them holds."""
    return "(" + " OR ".join(conditions) + ")"


def absent(condition: str) -> str:
    """It does not hold (the condition is one of this module's, so never NULL)."""
    return f"NOT {condition}"


def relation(name: QName) -> str:
    """A table, view, index or sequence of that name is there."""
    return f"({_relation(name)} IS NOT NULL)"


def relation_of_kind(name: QName, kind: str) -> str:
    """A relation of that name and of pg_class.relkind ``kind`` is there."""
    return f"EXISTS (SELECT FROM pg_class WHERE oid = {_relation(name)} AND relkind = {literal(kind)})"


def namespace(name: str) -> str:
    """A namespace of that name is there."""
    return f"EXISTS (SELECT FROM pg_namespace WHERE nspname = {literal(name)})"


def extension(name: str) -> str:
    """The extension is installed."""
    return f"EXISTS (SELECT FROM pg_extension WHERE extname = {literal(name)})"


def extension_version(name: str, version: str) -> str:
    """The extension is installed, in that version."""
    return f"EXISTS (SELECT FROM pg_extension WHERE extname = {literal(name)} AND extversion = {literal(version)})"


def extension_in(name: str, schema: str) -> str:
    """The extension's objects are in that namespace."""
    return (
        "EXISTS (SELECT FROM pg_extension AS x JOIN pg_namespace AS n ON n.oid = x.extnamespace"
        f" WHERE x.extname = {literal(name)} AND n.nspname = {literal(schema)})"
    )


def type_(name: QName) -> str:
    """A type of that name is there."""
    return f"(to_regtype({literal(qname(name))}) IS NOT NULL)"


def enum_value(name: QName, value: str) -> str:
    """The enum has the value."""
    return (
        f"EXISTS (SELECT FROM pg_enum WHERE enumtypid = to_regtype({literal(qname(name))})"
        f" AND enumlabel = {literal(value)})"
    )


def is_below(table: QName, parent: QName) -> str:
    """The table is a partition of the other one, or inherits from it."""
    return f"EXISTS (SELECT FROM pg_inherits WHERE inhrelid = {_relation(table)} AND inhparent = {_relation(parent)})"


def partition_is(table: QName, parent: QName, bound: str) -> str:
    """The table is a partition of the other one, with that bound."""
    return (
        f"({is_below(table, parent)} AND EXISTS (SELECT FROM pg_class WHERE oid = {_relation(table)}"
        f" AND pg_get_expr(relpartbound, oid) = {literal(bound)}))"
    )


def column(table: QName, name: str, condition: str = "") -> str:
    """The table has a column of that name, for which ``condition`` on pg_attribute holds."""
    rest = f" AND {condition}" if condition else ""
    return (
        f"EXISTS (SELECT FROM pg_attribute WHERE attrelid = {_relation(table)}"
        f" AND attname = {literal(name)} AND NOT attisdropped{rest})"
    )


def column_of_type(table: QName, wanted: Column) -> str:
    """The table has the column, of the wanted type."""
    return column(table, wanted.name, f"format_type(atttypid, atttypmod) = {literal(wanted.type)}")


def required(table: QName, name: str, version: int) -> str:
    """The column is NOT NULL, and every row has been checked."""
    if not has_not_null_not_valid(version):
        return column(table, name, "attnotnull")
    return (
        "EXISTS (SELECT FROM pg_attribute a JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'n'"
        f" AND c.conkey = ARRAY[a.attnum] AND c.convalidated WHERE a.attrelid = {_relation(table)}"
        f" AND a.attname = {literal(name)} AND NOT a.attisdropped AND a.attnotnull)"
    )


def default_is(table: QName, name: str, default: str | None) -> str:
    """The column's default (or generation expression) is exactly that one; None: there is none."""
    text = (
        "(SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a JOIN pg_attrdef d ON d.adrelid = a.attrelid"
        f" AND d.adnum = a.attnum WHERE a.attrelid = {_relation(table)} AND a.attname = {literal(name)})"
    )
    return f"({text} IS NULL)" if default is None else f"coalesce({text} = {literal(default)}, false)"


def identity_is(table: QName, name: str, kind: str) -> str:
    """The column's pg_attribute.attidentity is ``kind``: ``a`` (always), ``d`` (by default) or empty."""
    return column(table, name, f"attidentity = {literal(kind)}")


def constraint(table: QName, name: str, condition: str = "") -> str:
    """The table has a constraint of that name, for which ``condition`` on pg_constraint holds."""
    rest = f" AND {condition}" if condition else ""
    return f"EXISTS (SELECT FROM pg_constraint WHERE conrelid = {_relation(table)} AND conname = {literal(name)}{rest})"


def constraint_is(table: QName, name: str, definition: str) -> str:
    """The table has the constraint with that definition, whether or not it has been validated."""
    return constraint(
        table, name, f"pg_get_constraintdef(oid) IN ({literal(definition)}, {literal(definition + ' NOT VALID')})"
    )


def constraint_validated(table: QName, name: str, definition: str) -> str:
    """The table has the constraint with that definition, and every row has been checked."""
    return constraint(table, name, f"pg_get_constraintdef(oid) = {literal(definition)}")


def index_is(table: QName, name: str, *, unique: bool, body: str, valid_only: bool = True) -> str:
    """The index of that name is on that table, has that definition and (unless ``valid_only`` is off) is valid."""
    index = QName(table.schema, name)
    definition = f"CREATE {'UNIQUE ' if unique else ''}INDEX {ident(name)} ON {qname(table)} {body}"
    valid = " AND indisvalid" if valid_only else ""
    return (
        f"EXISTS (SELECT FROM pg_index WHERE indexrelid = {_relation(index)}"
        f" AND pg_get_indexdef(indexrelid) = {literal(definition)}{valid})"
    )


def index_free(table: QName, name: str, *, unique: bool, body: str) -> str:
    """The index has that definition, valid or not, and belongs to no constraint."""
    index = _relation(QName(table.schema, name))
    return (
        f"({index_is(table, name, unique=unique, body=body, valid_only=False)}"
        f" AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = {index} AND contype IN ('p', 'u', 'x')))"
    )


def index_invalid(table: QName, name: str) -> str:
    """An index of that name is there but a concurrent build of it did not come to its end."""
    return f"EXISTS (SELECT FROM pg_index WHERE indexrelid = {_relation(QName(table.schema, name))} AND NOT indisvalid)"


def trigger(table: QName, name: str) -> str:
    """The table has a trigger of that name."""
    return (
        f"EXISTS (SELECT FROM pg_trigger WHERE tgrelid = {_relation(table)} AND tgname = {literal(name)}"
        " AND NOT tgisinternal)"
    )


def function(name: QName) -> str:
    """A function of that name (whatever its arguments) is there."""
    return (
        "EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        f" WHERE n.nspname = {literal(name.schema)} AND p.proname = {literal(name.name)})"
    )


def function_body_is(name: QName, body: str) -> str:
    """A function of that name has exactly that body."""
    return (
        "EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        f" WHERE n.nspname = {literal(name.schema)} AND p.proname = {literal(name.name)}"
        f" AND p.prosrc = {literal(body)})"
    )


def comment_is(catalog: str, oid: str, subid: str, text: str | None) -> str:
    """The comment on an object (its catalog, oid and column number as SQL) is exactly that one; None: there is none."""
    seen = (
        f"(SELECT description FROM pg_description WHERE classoid = {literal(catalog)}::regclass"
        f" AND objoid = {oid} AND objsubid = {subid})"
    )
    return f"({seen} IS NULL)" if text is None else f"coalesce({seen} = {literal(text)}, false)"
