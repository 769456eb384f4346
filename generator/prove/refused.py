"""What of the old or of the new schema refuses a statement by itself, so that no step of the migration is at fault.

Both schemas are by the new names of tables that are renamed: those are the ones that errors speak of.
"""

import re
from collections.abc import Sequence

from generator.dialects.postgres.names import aside, qname
from generator.dialects.postgres.publications import refusing
from generator.diff.domains import read_domain
from generator.model.plan import Filling
from generator.model.schema import Check, Column, QName, Schema
from generator.model.words import unquoted
from generator.prove.attempts import Attempt, Outcome
from generator.prove.forms import form_of

_STILL_OF_OLD_TYPE = re.compile(r"\(22\w{3}\)|\(42804\)")
"""Data that the type does not take (class 22), or an expression of another type."""


_DOMAIN_NOT_NULL = re.compile(r"^domain (\S+) does not allow null values")

_NO_PLACE = re.compile(r"violates partition constraint|no partition of relation|updated partition constraint")
"""A row that no partition takes, or not the one that was named."""

_ACTED_ON = re.compile(r"^touched no row: |\(P0001\)|with table that has INSERT or UPDATE rules \(0A000\)")
"""A row that a trigger or a rule keeps back, an error that a trigger raises, or what no table with rules takes."""

_UNIDENTIFIED = re.compile(r'^cannot (update|delete)(?: from)? table "(.*?)"(?: because .*)? \((?:55000|42P10)\)')
"""A row that is published and cannot be told apart."""

_GENERATED = re.compile(r'column "(.*)"(?: can only be updated to DEFAULT)? \(428C9\)')
"""A value for a column that takes none, since it is generated."""


def refused_by_new(old: Schema, new: Schema, fillings: Sequence[Filling], attempt: Attempt, outcome: Outcome) -> str:
    """What the new schema forbids and the old one did not, which an old statement runs into; empty where nothing."""
    # A foreign key to a partitioned table goes by its name and a number at each partition; what takes the place of
    # another one stands beside it at first.
    for table, _, name in _rules(new) - _rules(old) if outcome.constraint else ():
        known = "|".join(re.escape(each) for each in (name, aside(name, "new")))
        if re.fullmatch(rf"({known})(_?\d+)?", outcome.constraint) and _may_be_at(table, outcome, old, new):
            return name
    given = _given_by_default(new, old, outcome) if outcome.constraint else ""
    if given:
        return f"{given},"
    if beside := _no_longer_cascading(old, new, outcome):
        return beside
    domain = _DOMAIN_NOT_NULL.search(outcome.error or "")
    if domain and _required_domains(new) - _required_domains(old):
        return f"NOT NULL of the domain {domain[1]}"
    if _NO_PLACE.search(outcome.error or ""):
        return _bounds(new, old, outcome)
    if outcome.table is None or not outcome.column:
        return ""
    acting = _acting(new, outcome) - _acting(old, outcome)
    if acting:
        return min(acting)
    before, after = (_column(schema, outcome.table, outcome.column) for schema in (old, new))
    # Where every row is to refer to one and the same, that one is not among the rows that were made.
    if before is None and any(
        (each.table, each.column) == (outcome.table, outcome.column) and each.source and not each.reads
        for each in fillings
    ):
        return f"NOT NULL of {outcome.column}"
    filled = any(each.sync and (each.table, each.column) == (outcome.table, outcome.column) for each in fillings)
    if before is None or after is None or not before.nullable or after.nullable:
        return ""
    # A trigger fills what is left out; what is set to NULL on purpose it leaves.
    return "" if filled and not attempt.what.startswith("sets ") else f"NOT NULL of {outcome.column}"


def refused_by_old(old: Schema, new: Schema, attempt: Attempt, outcome: Outcome) -> str:
    """What only the old schema forbids, and contract takes away, since the old version may count on it until then.

    Keys, foreign keys, exclusions and unique indexes; a check goes at expand, so it is not among them, and NOT NULL
    goes at expand as well, but for the columns of a primary key. And a column that has its new type from contract on.
    """
    if _NO_PLACE.search(outcome.error or ""):
        return _bounds(old, new, outcome)
    given = _given_by_default(old, new, outcome) if outcome.constraint else ""
    if given:
        return f"{given}, still"
    checks = {each.name for table in old.tables for each in table.constraints if isinstance(each, Check)}
    for at, _, name in sorted(_rules(old) - _rules(new), key=str):
        known = name not in checks and outcome.constraint in (name, aside(name, "old"))
        if known and _may_be_at(at, outcome, old, new):
            return name
    if (
        until := _acting_at(old, new, attempt, outcome)
        or _computed(old, new, attempt, outcome)
        or _published(old, new, outcome)
    ):
        return until
    if _STILL_OF_OLD_TYPE.search(outcome.error or ""):
        return _retyped(old, new, attempt)
    if outcome.table is None or not outcome.column:
        return ""
    acting = _acting(old, outcome) - _acting(new, outcome)
    if acting:
        return min(acting)
    column = _column(new, outcome.table, outcome.column)
    if column is not None and not column.nullable:
        return ""
    for table in old.tables:
        if (
            table.name == outcome.table
            and table.primary_key is not None
            and outcome.column in table.primary_key.columns
        ):
            return table.primary_key.name
    return ""


def _no_longer_cascading(old: Schema, new: Schema, outcome: Outcome) -> str:
    """A key that took rows away with those they refer to, and now leaves them where another key holds them."""
    keys = [(table.name, key) for table in old.tables for key in table.foreign_keys]
    held = {key.references for table, key in keys if (table, key.name) == (outcome.table, outcome.constraint)}
    kept = {(key.definition, key.name) for table in new.tables for key in table.foreign_keys}
    gone = (key for _, key in keys if key.references in held and key.on_delete == "CASCADE")
    return next((key.name for key in gone if (key.definition, key.name) not in kept), "")


def _bounds(forbids: Schema, allows: Schema, outcome: Outcome) -> str:
    """The bounds of one of the schemas that take no such row, where the other one has others, or none."""
    name = outcome.table
    for schema in (forbids, allows):
        tables = {each.name: each for each in schema.tables}
        while name is not None and name in tables and tables[name].partition_of is not None:
            place = tables[name].partition_of
            name = place.parent if place else None
    if name is None:
        return ""
    before, after = (
        {each.name: (each.partition_key, each.partition_of) for each in schema.tables if each.name == name}
        | {each.name: (each.partition_key, each.partition_of) for each in schema.below(name)}
        for schema in (forbids, allows)
    )
    return f"the bounds of the partitions of {name}" if before != after else ""


def _retyped(old: Schema, new: Schema, attempt: Attempt) -> str:
    """The column of a table that the statement speaks of whose type is another in the two schemas."""
    said = " ".join(attempt.statements)
    for table in new.tables:
        for column in table.columns if qname(table.name) in said else ():
            before = _column(old, table.name, column.name)
            if before is not None and (before.type != column.type or form_of(old, before) != form_of(new, column)):
                return f"the type of {column.name}"
    return ""


def _given_by_default(has: Schema, lacks: Schema, outcome: Outcome) -> str:
    """A default that only one schema has, and that gives what a constraint does not take."""
    for table in (*has.tables, *lacks.tables):
        for each in (*table.constraints, *table.indexes) if table.name == outcome.table else ():
            for name in each.columns if each.name == outcome.constraint else ():
                with_it, without = (_column(schema, table.name, name) for schema in (has, lacks))
                if with_it is None or with_it.default is None or without is None:
                    continue
                if without.default is None:
                    return f"the default of {name}, whose value {each.name} does not take"
    return ""


def _required_domains(schema: Schema) -> frozenset[QName]:
    domains = (read_domain(each) for each in schema.others if each.kind == "domain")
    return frozenset(domain.name for domain in domains if domain.required)


def _acting(schema: Schema, outcome: Outcome) -> frozenset[str]:
    """The foreign keys that set the column when a row that it refers to changes or goes: maybe to NULL."""
    return frozenset(
        key.name
        for table in schema.tables
        if table.name == outcome.table
        for key in table.foreign_keys
        if outcome.column in key.columns
        and (key.on_update == "CASCADE" or {key.on_delete, key.on_update} & {"SET NULL", "SET DEFAULT"})
    )


def _rules(schema: Schema) -> frozenset[tuple[QName | None, str, str]]:
    """What a schema enforces under a name: the table, each constraint's or unique index's definition, and the name."""
    rules: set[tuple[QName | None, str, str]] = set()
    for table in schema.tables:
        rules |= {(table.name, each.definition, each.name) for each in table.constraints}
        rules |= {(table.name, each.body, each.name) for each in table.indexes if each.unique}
    for other in schema.others:
        if other.kind == "domain":
            rules |= {(None, check.definition, unquoted(check.name)) for check in read_domain(other).checks}
    return frozenset(rules)


def _may_be_at(table: QName | None, outcome: Outcome, *schemas: Schema) -> bool:
    """Whether the error is about the rule of this table, and not about one of the same name at another."""
    if table is None or outcome.table is None:
        return True
    below = {each.name for schema in schemas for each in schema.below(table)}
    known = {each.name for schema in schemas for each in schema.tables}
    return outcome.table in {table, *below} or outcome.table not in known


def _acting_at(old: Schema, new: Schema, attempt: Attempt, outcome: Outcome) -> str:
    """A trigger or a rule at a table of the statement that goes at contract, and acts on what the application does."""
    if not _ACTED_ON.search(outcome.error):
        return ""
    said = " ".join(attempt.statements)
    for other in old.others:
        acts = other.kind in ("trigger", "rule") and other.table is not None and qname(other.table) in said
        if acts and other not in new.others:
            return f"the {other.kind} {other.name}"
    return ""


def _published(old: Schema, new: Schema, outcome: Outcome) -> str:
    """A publication that lets no row be updated or deleted until contract."""
    refused = _UNIDENTIFIED.search(outcome.error)
    for table in old.tables if refused is not None else ():
        if (
            refused is not None
            and table.name.name == refused[2]
            and any(each.name == table.name for each in new.tables)
        ):
            found = refusing(table.name, refused[1], old)
            if found and not refusing(table.name, refused[1], new):
                return f"the publication {found}"
    return ""


def _computed(old: Schema, new: Schema, attempt: Attempt, outcome: Outcome) -> str:
    """A column that is generated until contract, and a plain one from then on."""
    told = _GENERATED.search(outcome.error)
    said = " ".join(attempt.statements)
    for table in old.tables if told is not None else ():
        if told is not None and qname(table.name) in said and table.has_column(told[1]):
            after = _column(new, table.name, told[1])
            if table.column(told[1]).generated is not None and after is not None and after.generated is None:
                return f"the expression of {told[1]}"
    return ""


def _column(schema: Schema, table: QName, column: str) -> Column | None:
    found = next((each for each in schema.tables if each.name == table), None)
    return found.column(column) if found is not None and found.has_column(column) else None
