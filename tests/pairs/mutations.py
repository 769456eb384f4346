"""One random change of a schema. Each takes a marked schema and gives another one, or the same where nothing fits."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from generator.dialects.postgres.names import literal, qname
from generator.model.schema import Column, EnumType, ForeignKey, QName, Schema, Table
from tests.pairs import things
from tests.pairs.around import Around, arounds
from tests.pairs.kinds import KINDS
from tests.pairs.markers import mark, renamed
from tests.pairs.things import chance

Mutation = Callable[[st.DrawFn, Schema, set[str]], Schema]


def with_table(schema: Schema, name: QName, table: Table) -> Schema:
    """The schema with another table in the place of one."""
    return replace(schema, tables=tuple(table if each.name == name else each for each in schema.tables))


def with_parts(table: Table, **parts: Any) -> Table:
    """The table with other constraints, indexes or columns."""
    return replace(table, **parts)


def without_table(schema: Schema, name: QName) -> Schema:
    """The schema without a table and what hangs on it."""
    tables = tuple(
        replace(each, foreign_keys=tuple(key for key in each.foreign_keys if key.references != name))
        for each in schema.tables
        if each.name != name
    )
    owned = tuple(each for each in schema.sequences if each.owned_by is None or each.owned_by[0] != name)
    return replace(schema, tables=tables, sequences=owned)


def _without_keys(schema: Schema, name: QName, column: str) -> Schema:
    """Without foreign keys that refer to the column."""
    return replace(
        schema,
        tables=tuple(
            replace(
                each,
                foreign_keys=tuple(
                    key
                    for key in each.foreign_keys
                    if not (key.references == name and column in key.referenced_columns)
                ),
            )
            for each in schema.tables
        ),
    )


def without_column(schema: Schema, name: QName, column: str) -> Schema:
    """The schema without a column and what hangs on it."""
    schema = _without_keys(schema, name, column)
    table = schema.table(name)
    marker = mark(column)

    def kept(parts: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(
            each
            for each in parts
            if column not in each.columns and marker not in getattr(each, "definition", getattr(each, "body", ""))
        )

    key = table.primary_key
    table = replace(
        table,
        columns=tuple(
            each
            for each in table.columns
            if each.name != column and not (each.generated and marker in each.generated.expression)
        ),
        primary_key=key if key and kept((key,)) else None,
        uniques=kept(table.uniques),
        foreign_keys=kept(table.foreign_keys),
        checks=kept(table.checks),
        exclusions=kept(table.exclusions),
        indexes=kept(table.indexes),
    )
    gone = {each.name for each in schema.table(name).columns} - {each.name for each in table.columns}
    made = with_table(schema, name, table)
    for other in gone - {column}:
        made = with_table(
            made, name, replace(made.table(name), columns=(*table.columns, schema.table(name).column(other)))
        )
        made = without_column(made, name, other)
        table = made.table(name)
    owned = tuple(each for each in made.sequences if each.owned_by != (name, column))
    return replace(made, sequences=owned)


def _pick(draw: st.DrawFn, schema: Schema) -> Table | None:
    return draw(st.sampled_from(schema.tables)) if schema.tables else None


def _column(draw: st.DrawFn, schema: Schema) -> tuple[Table, Column] | None:
    found = [(table, each) for table in schema.tables for each in table.columns]
    return draw(st.sampled_from(found)) if found else None


def _changed(schema: Schema, table: Table, old: str, new: Column) -> Schema:
    columns = tuple(new if each.name == old else each for each in table.columns)
    return with_table(schema, table.name, replace(table, columns=columns))


def add_column(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    table = _pick(draw, schema)
    made = things.column(draw, table, names) if table else None
    if table is None or made is None:
        return schema
    return with_table(schema, table.name, replace(table, columns=(*table.columns, made)))


def drop_column(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    found = _column(draw, schema)
    if found is None or len(found[0].columns) < 2:
        return schema
    names.add(things.gone(found[0].name, found[1].name))
    return without_column(schema, found[0].name, found[1].name)


def rename_column(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    found = _column(draw, schema)
    if found is None:
        return schema
    table, old = found
    free = [name for name in things.COLUMN_NAMES if not table.has_column(name)]
    if not free:
        return schema
    new = draw(st.sampled_from(free))

    def name(text: str) -> str:
        return new if text == old.name else text

    def parts(given: tuple[Any, ...]) -> tuple[Any, ...]:
        found = []
        for each in given:
            field = "body" if hasattr(each, "body") else "definition"
            text = renamed(getattr(each, field), old.name, new)
            found.append(replace(each, columns=tuple(map(name, each.columns)), **{field: text}))
        return tuple(found)

    def keyed(key: ForeignKey) -> ForeignKey:
        if key.references != table.name:
            return key
        return replace(key, referenced_columns=tuple(map(name, key.referenced_columns)))

    columns = tuple(
        replace(
            each,
            name=name(each.name),
            generated=replace(each.generated, expression=renamed(each.generated.expression, old.name, new))
            if each.generated
            else None,
        )
        for each in table.columns
    )
    made = replace(
        table,
        columns=columns,
        primary_key=parts((table.primary_key,))[0] if table.primary_key else None,
        uniques=parts(table.uniques),
        foreign_keys=parts(table.foreign_keys),
        checks=parts(table.checks),
        exclusions=parts(table.exclusions),
        indexes=parts(table.indexes),
    )
    schema = with_table(schema, table.name, made)
    return replace(
        schema,
        tables=tuple(replace(each, foreign_keys=tuple(map(keyed, each.foreign_keys))) for each in schema.tables),
        sequences=tuple(
            replace(each, owned_by=(table.name, new)) if each.owned_by == (table.name, old.name) else each
            for each in schema.sequences
        ),
    )


def retype_column(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    """To a related type; checks, indexes and foreign keys which may not fit it go, plain ones stay."""
    found = _column(draw, schema)
    if found is None:
        return schema
    table, old = found
    becomes = [each for each in KINDS[old.type].becomes if each in KINDS]
    if (
        not becomes
        or old.generated
        or any(mark(old.name) in (c.generated.expression if c.generated else "") for c in table.columns)
    ):
        return schema
    new = draw(st.sampled_from(becomes))
    schema = _without_keys(schema, table.name, old.name)
    table = schema.table(table.name)
    default = draw(st.sampled_from((None, *KINDS[new].defaults)))
    counts = new in ("smallint", "integer", "bigint")
    if old.identity is not None and not counts:
        return schema
    counted = replace(old.identity, options=things.options(draw, new)) if old.identity else None
    made = replace(old, type=new, default=None if counted else default, identity=counted, collation=None)
    table = replace(
        table,
        columns=tuple(made if each.name == old.name else each for each in table.columns),
        checks=tuple(each for each in table.checks if old.name not in each.columns),
        exclusions=tuple(each for each in table.exclusions if old.name not in each.columns),
        foreign_keys=tuple(each for each in table.foreign_keys if old.name not in each.columns),
        indexes=tuple(
            each
            for each in table.indexes
            if old.name not in each.columns
            or (KINDS[new].sorts and each.body.startswith(f"USING btree ({mark(old.name)})"))
        ),
    )
    owned = tuple(each for each in schema.sequences if each.owned_by != (table.name, old.name))
    return with_table(replace(schema, sequences=owned), table.name, table)


def change_null(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    found = _column(draw, schema)
    if found is None:
        return schema
    table, old = found
    in_key = table.primary_key is not None and old.name in table.primary_key.columns
    if in_key or old.identity:
        return schema
    return _changed(schema, table, old.name, replace(old, nullable=not old.nullable))


def change_default(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    found = _column(draw, schema)
    if found is None or found[1].identity or found[1].generated:
        return schema
    table, old = found
    default = draw(st.sampled_from((None, *KINDS[old.type].defaults)))
    return _changed(schema, table, old.name, replace(old, default=default))


def change_identity(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    found = _column(draw, schema)
    if found is None or found[1].generated or found[1].type not in ("smallint", "integer", "bigint"):
        return schema
    table, old = found
    if old.identity is None:
        made = things.identity(draw, table.name, old.name, old.type, names)
        new = replace(old, identity=made, default=None, nullable=False)
    elif draw(st.booleans()):
        new = replace(old, identity=None)
    else:
        new = replace(
            old, identity=replace(old.identity, always=draw(st.booleans()), options=things.options(draw, old.type))
        )
    return _changed(schema, table, old.name, new)


def change_generated(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    found = [(table, each) for table in schema.tables for each in table.columns if each.generated]
    if not found:
        return schema
    table, old = draw(st.sampled_from(found))
    assert old.generated is not None
    how = draw(st.sampled_from(("plain", "expression", "storage")))
    if how == "plain":
        return _changed(schema, table, old.name, replace(old, generated=None))
    if how == "expression":
        expression = f"({old.generated.expression} + 1)"
        return _changed(schema, table, old.name, replace(old, generated=replace(old.generated, expression=expression)))
    hangs = any(old.name in each.columns for each in (*table.constraints, *table.indexes))
    if hangs:
        return schema
    return _changed(
        schema, table, old.name, replace(old, generated=replace(old.generated, stored=not old.generated.stored))
    )


def change_collation(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    found = [(table, each) for table in schema.tables for each in table.columns if each.type == "text"]
    if not found:
        return schema
    table, old = draw(st.sampled_from(found))
    return _changed(schema, table, old.name, replace(old, collation=None if old.collation else '"C"'))


def change_comment(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    table = _pick(draw, schema)
    if table is None:
        return schema
    text = draw(st.sampled_from(("changed", "it's\n changed\\", None)))
    what = draw(st.sampled_from(("table", "columns", "uniques", "checks", "indexes", "foreign_keys", "enum")))
    if what == "enum":
        enums = tuple(replace(each, comment=text) if each.name.name == "mood" else each for each in schema.enums)
        return replace(schema, enums=enums)
    if what == "table":
        return with_table(schema, table.name, replace(table, comment=text))
    parts = getattr(table, what)
    if not parts:
        return schema
    place = draw(st.integers(0, len(parts) - 1))
    said = (*parts[:place], replace(parts[place], comment=text), *parts[place + 1 :])
    return with_table(schema, table.name, with_parts(table, **{what: said}))


def _adding(add: Callable[[st.DrawFn, Table, set[str]], Table]) -> Mutation:
    def mutation(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
        table = _pick(draw, schema)
        return schema if table is None else with_table(schema, table.name, add(draw, table, names))

    return mutation


def add_foreign_key(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    table = _pick(draw, schema)
    return schema if table is None else with_table(schema, table.name, things.foreign_key(draw, schema, table, names))


def _hung(draw: st.DrawFn, schema: Schema) -> tuple[Table, str, int] | None:
    kinds = ("uniques", "checks", "exclusions", "indexes", "foreign_keys")
    found = [
        (table, kind, place)
        for table in schema.tables
        for kind in kinds
        for place in range(len(getattr(table, kind)))
        if kind != "uniques" or not _is_referenced(schema, table, getattr(table, kind)[place].columns)
    ]
    return draw(st.sampled_from(found)) if found else None


def _is_referenced(schema: Schema, table: Table, columns: tuple[str, ...]) -> bool:
    return any(
        key.references == table.name and set(key.referenced_columns) == set(columns)
        for each in schema.tables
        for key in each.foreign_keys
    )


def drop_hung(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    """Drops a constraint or an index."""
    found = _hung(draw, schema)
    if found is None:
        return schema
    table, kind, place = found
    parts = getattr(table, kind)
    return with_table(schema, table.name, with_parts(table, **{kind: parts[:place] + parts[place + 1 :]}))


def rename_hung(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    """Renames a constraint or an index."""
    found = _hung(draw, schema)
    if found is None:
        return schema
    table, kind, place = found
    parts = getattr(table, kind)
    named = replace(parts[place], name=things.fresh(f"renamed {parts[place].name}", names))
    return with_table(schema, table.name, with_parts(table, **{kind: (*parts[:place], named, *parts[place + 1 :])}))


def change_hung(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    """Gives a constraint or an index another definition under its name."""
    found = _hung(draw, schema)
    if found is None:
        return schema
    table, kind, place = found
    parts = getattr(table, kind)
    old = parts[place]
    if kind == "foreign_keys":
        action = draw(st.sampled_from(("CASCADE", "RESTRICT", "NO ACTION")))
        tail = "" if action == "NO ACTION" else f" ON DELETE {action}"
        new = replace(old, definition=tail, on_delete=action, on_update="NO ACTION", validated=True)
        return with_table(schema, table.name, replace(table, foreign_keys=(*parts[:place], new, *parts[place + 1 :])))
    add = {"uniques": things.unique, "checks": things.check, "exclusions": things.exclusion, "indexes": things.index}
    made = getattr(add[kind](draw, with_parts(table, **{kind: ()}), names), kind)
    if not made:
        return schema
    new = replace(made[0], name=old.name)
    return with_table(schema, table.name, with_parts(table, **{kind: (*parts[:place], new, *parts[place + 1 :])}))


def change_validity(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    """NOT VALID, or no more."""
    found = _hung(draw, schema)
    if found is None or found[1] not in ("checks", "foreign_keys"):
        return schema
    table, kind, place = found
    parts = getattr(table, kind)
    made = replace(parts[place], validated=not parts[place].validated)
    return with_table(schema, table.name, with_parts(table, **{kind: (*parts[:place], made, *parts[place + 1 :])}))


def change_primary_key(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    """Drops it, or has another one."""
    table = _pick(draw, schema)
    if table is None or table.primary_key is None or _is_referenced(schema, table, table.primary_key.columns):
        return schema
    kept = table.primary_key.name
    bare = replace(table, primary_key=None)
    if draw(st.booleans()):
        bare = things.primary_key(draw, bare, names)
        if bare.primary_key and draw(st.booleans()):
            bare = replace(bare, primary_key=replace(bare.primary_key, name=kept))
    return with_table(schema, table.name, bare)


def add_table(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    free = [
        QName(namespace, name)
        for name in things.NAMES
        for namespace in things.NAMESPACES
        if all(each.name != QName(namespace, name) for each in schema.tables)
    ]
    made = things.table(draw, draw(st.sampled_from(free)), names)
    schema = replace(schema, tables=(*schema.tables, made))
    return with_table(schema, made.name, things.foreign_key(draw, schema, made, names))


def drop_table(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    table = _pick(draw, schema)
    return schema if table is None else without_table(schema, table.name)


def rename_table(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    """Another name, or another namespace; its constraints keep their names."""
    table = _pick(draw, schema)
    if table is None:
        return schema
    free = [
        QName(namespace, name)
        for name in things.NAMES
        for namespace in things.NAMESPACES
        if all(each.name != QName(namespace, name) for each in schema.tables)
    ]
    new = draw(st.sampled_from(free))

    def moved(key: ForeignKey) -> ForeignKey:
        return replace(key, references=new) if key.references == table.name else key

    def column(each: Column) -> Column:
        if each.identity is not None:
            sequence = QName(new.schema, each.identity.sequence.name)
            return replace(each, identity=replace(each.identity, sequence=sequence))
        for sequence_ in schema.sequences:
            if sequence_.owned_by == (table.name, each.name):
                name = QName(new.schema, sequence_.name.name)
                return replace(each, default=f"nextval({literal(qname(name))}::regclass)")
        return each

    schema = with_table(
        schema, table.name, replace(table, name=new, columns=tuple(column(each) for each in table.columns))
    )
    sequences = tuple(
        replace(each, name=QName(new.schema, each.name.name), owned_by=(new, each.owned_by[1]))
        if each.owned_by and each.owned_by[0] == table.name
        else each
        for each in schema.sequences
    )
    tables = tuple(replace(each, foreign_keys=tuple(map(moved, each.foreign_keys))) for each in schema.tables)
    return replace(schema, tables=tables, sequences=sequences)


def change_enum(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    """A value more, anywhere."""
    enum = draw(st.sampled_from(schema.enums))
    value = draw(st.sampled_from(("new", "quo'te", "back\\slash", "Größe")))
    if value in enum.values:
        return schema
    place = draw(st.integers(0, len(enum.values)))
    made = replace(enum, values=(*enum.values[:place], value, *enum.values[place:]))
    return replace(schema, enums=tuple(made if each.name == enum.name else each for each in schema.enums))


def add_enum(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    name = QName(draw(st.sampled_from(things.NAMESPACES)), "Odd Enum")
    if any(each.name == name for each in schema.enums):
        return replace(schema, enums=tuple(each for each in schema.enums if each.name != name))
    return replace(schema, enums=(*schema.enums, EnumType(name=name, values=("x", "it's"))))


def change_sequence(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    """One more, one less, or other options."""
    how = draw(st.sampled_from(("add", "drop", "change")))
    if how == "add" or not schema.sequences:
        return things.sequence(draw, schema, names)
    old = draw(st.sampled_from(schema.sequences))
    rest = tuple(each for each in schema.sequences if each != old)
    if how == "change":
        new = replace(old, options=replace(old.options, increment=old.options.increment + 1, cache=5))
        return replace(schema, sequences=(*rest, new))
    number = literal(qname(old.name))
    tables = tuple(
        replace(
            table,
            columns=tuple(
                replace(each, default=None) if number in (each.default or "") else each for each in table.columns
            ),
        )
        for table in schema.tables
    )
    return replace(schema, sequences=rest, tables=tables)


MUTATIONS: tuple[Mutation, ...] = (
    add_column,
    add_column,
    drop_column,
    drop_column,
    rename_column,
    rename_column,
    retype_column,
    retype_column,
    change_null,
    change_null,
    change_default,
    change_identity,
    change_generated,
    change_collation,
    change_comment,
    _adding(things.unique),
    _adding(things.check),
    _adding(things.index),
    _adding(things.exclusion),
    _adding(things.primary_key),
    add_foreign_key,
    add_foreign_key,
    drop_hung,
    rename_hung,
    change_hung,
    change_hung,
    change_validity,
    change_primary_key,
    add_table,
    drop_table,
    rename_table,
    change_enum,
    add_enum,
    change_sequence,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two marked schemas, what there is around them, and whether what may be a rename is answered to be one."""

    old: Schema
    new: Schema
    renames: bool
    old_around: tuple[Around, ...] = ()
    new_around: tuple[Around, ...] = ()


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """An old schema, and a new one that is some changes away from it; or the other way round."""
    old = draw(things.schemas())
    names = things.taken(old)
    new = old
    for _ in range(draw(st.integers(1, 4))):
        new = draw(st.sampled_from(MUTATIONS))(draw, new, names)
    if chance(draw, 4):
        old, new = new, old
    renames = draw(st.booleans())
    old_around, new_around = draw(arounds(old, new)) if chance(draw, 2) else ((), ())
    return Pair(old=old, new=new, renames=renames, old_around=old_around, new_around=new_around)
