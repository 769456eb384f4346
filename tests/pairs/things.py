"""Random pieces of a schema: columns, keys, constraints, indexes, tables."""

from dataclasses import replace

from hypothesis import strategies as st

from generator.dialects.postgres.names import literal, qname
from generator.model.schema import (
    Check,
    Column,
    EnumType,
    Exclusion,
    ForeignKey,
    Generated,
    Identity,
    Index,
    Namespace,
    PrimaryKey,
    QName,
    Schema,
    Sequence,
    SequenceOptions,
    Table,
    Unique,
)
from tests.pairs.kinds import KINDS
from tests.pairs.markers import mark, marked

NAMESPACES = ("public", "Odd Space")
NAMES = ("users", "orders", "Odd Table", "user", 'a"b', "t" * 63, "straße", "a_b", "a")
COLUMN_NAMES = (
    "a",
    "b",
    "b_c",
    "c",
    "Email",
    "select",
    "Größe",
    'quo"te',
    "with space",
    "k" * 63,
    "it's",
    "created_at",
)
COMMENTS = (None, None, None, None, "a comment", "it's\n back\\slashed")
MOOD = EnumType(name=QName("public", "mood"), values=("sad", "it's", "ok"))
WEATHER = EnumType(name=QName("public", "weather"), values=("sad", "ok", "it's", "sunny"))


def chance(draw: st.DrawFn, of: int) -> bool:
    """True once in ``of`` times."""
    return draw(st.integers(0, of - 1)) == of - 1


def cut(name: str) -> str:
    """A name as PostgreSQL would cut it."""
    return name.encode()[:63].decode(errors="ignore")


def taken(schema: Schema) -> set[str]:
    """Every name of a relation or a constraint, whatever its namespace."""
    names = {table.name.name for table in schema.tables} | {each.name.name for each in schema.sequences}
    names |= {each.name.name for each in schema.enums}
    for table in schema.tables:
        names |= {each.name for each in (*table.constraints, *table.indexes)}
        names |= {column.identity.sequence.name for column in table.columns if column.identity}
    return names


def fresh(base: str, names: set[str]) -> str:
    """A name like ``base`` that is free."""
    number, name = 0, cut(base)
    while name in names:
        number += 1
        tail = str(number)
        name = base.encode()[: 63 - len(tail)].decode(errors="ignore") + tail
    names.add(name)
    return name


def options(draw: st.DrawFn, type_: str) -> SequenceOptions:
    """Options of a sequence of an integer type."""
    bits = {"smallint": 15, "integer": 31, "bigint": 63}[type_]
    return SequenceOptions(
        type=type_,
        start=draw(st.integers(1, 4)),
        increment=draw(st.integers(1, 3)),
        minimum=1,
        maximum=2**bits - 1,
        cache=draw(st.integers(1, 2)),
        cycle=False,
    )


def gone(table: QName, column: str) -> str:
    """What is noted among the names of a column that a mutation took away."""
    return f"{table}, column {column}"


def column(draw: st.DrawFn, table: Table, names: set[str]) -> Column | None:
    """A further column of a table: plain, identity or generated."""
    # The name of a column that is gone is not taken again: between unrelated types only a person knows the way.
    free = [name for name in COLUMN_NAMES if not table.has_column(name) and gone(table.name, name) not in names]
    if not free:
        return None
    name = draw(st.sampled_from(free))
    numbers = [each for each in table.columns if each.type in ("integer", "bigint") and each.generated is None]
    if numbers and chance(draw, 8):
        used = mark(draw(st.sampled_from(numbers)).name)
        expression = draw(st.sampled_from((f"({used} + 1)", f"({used} * 2)", f"COALESCE({used}, 0)")))
        stored = draw(st.booleans())
        type_ = next(each.type for each in numbers if mark(each.name) == used)
        return Column(name=name, type=type_, generated=Generated(expression=expression, stored=stored))
    type_ = draw(st.sampled_from(tuple(KINDS)))
    made = Column(
        name=name,
        type=type_,
        nullable=draw(st.booleans()),
        default=draw(st.sampled_from((None, None, *KINDS[type_].defaults))),
        collation='"C"' if type_ == "text" and chance(draw, 4) else None,
        comment=draw(st.sampled_from(COMMENTS)),
    )
    if type_ in ("smallint", "integer", "bigint") and chance(draw, 4):
        return replace(made, identity=identity(draw, table.name, name, type_, names), default=None, nullable=False)
    return made


def identity(draw: st.DrawFn, table: QName, name: str, type_: str, names: set[str]) -> Identity:
    """Identity with a sequence of its own."""
    sequence = QName(table.schema, fresh(f"{table.name[:20]}_{name[:20]}_seq", names))
    return Identity(always=draw(st.booleans()), options=options(draw, type_), sequence=sequence)


def sortable(table: Table) -> list[Column]:
    """Columns that a btree index takes; a virtual one can be in no index."""
    return [
        each for each in table.columns if KINDS[each.type].sorts and (each.generated is None or each.generated.stored)
    ]


def unique(draw: st.DrawFn, table: Table, names: set[str]) -> Table:
    """The table with a unique constraint more."""
    found = sortable(table)
    if not found:
        return table
    of = tuple(each.name for each in draw(st.lists(st.sampled_from(found), min_size=1, max_size=2, unique=True)))
    nulls = chance(draw, 4)
    rest = [each.name for each in table.columns if each.name not in of and each in found]
    include = f" INCLUDE ({mark(draw(st.sampled_from(rest)))})" if rest and chance(draw, 5) else ""
    tail = draw(st.sampled_from(("", "", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED")))
    made = Unique(
        name=fresh(f"{table.name.name}_{'_'.join(of)}_key", names),
        definition=f"UNIQUE{' NULLS NOT DISTINCT' if nulls else ''} ({marked(of)}){include}{tail}",
        columns=of,
        nulls_not_distinct=nulls,
        comment=draw(st.sampled_from(COMMENTS)),
    )
    return replace(table, uniques=(*table.uniques, made))


def check(draw: st.DrawFn, table: Table, names: set[str]) -> Table:
    """The table with a check more."""
    found = [(each.name, form) for each in table.columns for form in KINDS[each.type].checks]
    if not found:
        return table
    name, form = draw(st.sampled_from(found))
    made = Check(
        name=fresh(f"{table.name.name}_{name}_check", names),
        definition=f"CHECK (({form.format(c=mark(name))}))",
        columns=(name,),
        validated=not chance(draw, 6),
        comment=draw(st.sampled_from(COMMENTS)),
    )
    return replace(table, checks=(*table.checks, made))


def exclusion(draw: st.DrawFn, table: Table, names: set[str]) -> Table:
    """The table with an exclusion constraint more."""
    found = sortable(table)
    if not found:
        return table
    each = draw(st.sampled_from(found))
    operator = KINDS[each.type].excludes
    method = "gist" if operator else "btree"
    where = f" WHERE (({mark(each.name)} IS NOT NULL))" if chance(draw, 3) else ""
    tail = draw(st.sampled_from(("", "", " DEFERRABLE")))
    classed = f"{mark(each.name)} inet_ops" if each.type == "inet" else mark(each.name)
    made = Exclusion(
        name=fresh(f"{table.name.name}_{each.name}_excl", names),
        definition=f"EXCLUDE USING {method} ({classed} WITH {operator or '='}){where}{tail}",
        columns=(each.name,),
    )
    return replace(table, exclusions=(*table.exclusions, made))


def index(draw: st.DrawFn, table: Table, names: set[str]) -> Table:
    """The table with an index more."""
    found = [each for each in table.columns if each.generated is None or each.generated.stored]
    if not found:
        return table
    each = draw(st.sampled_from(found))
    kind = KINDS[each.type]
    plain = ("btree ({c})", "btree ({c})") if kind.sorts else ()
    if not (*plain, *kind.forms):
        return table
    form = draw(st.sampled_from((*plain, *kind.forms)))
    body = form.format(c=mark(each.name))
    used: tuple[str, ...] = (each.name,)
    others = [other.name for other in sortable(table) if other.name != each.name]
    is_btree = form.startswith("btree")
    if is_btree and others and chance(draw, 4):
        other = draw(st.sampled_from(others))
        body, used = f"{body[:-1]}, {mark(other)})", (*used, other)
    elif is_btree and others and chance(draw, 5):
        other = draw(st.sampled_from(others))
        body, used = f"{body} INCLUDE ({mark(other)})", (*used, other)
    is_unique = is_btree and chance(draw, 4)
    if is_unique and chance(draw, 4):
        body += " NULLS NOT DISTINCT"
    if is_btree and chance(draw, 6):
        body += " WITH (fillfactor='70')"
    if chance(draw, 5):
        other = draw(st.sampled_from(found)).name
        body, used = f"{body} WHERE ({mark(other)} IS NOT NULL)", tuple(dict.fromkeys((*used, other)))
    made = Index(
        name=fresh(f"{table.name.name}_{each.name}_idx", names),
        unique=is_unique,
        body=f"USING {body}",
        columns=used,
        comment=draw(st.sampled_from(COMMENTS)),
    )
    return replace(table, indexes=(*table.indexes, made))


def primary_key(draw: st.DrawFn, table: Table, names: set[str]) -> Table:
    """The table with a primary key, if it has none and a column fits."""
    found = [each for each in sortable(table) if not each.nullable and each.generated is None]
    if not found or table.primary_key is not None:
        return table
    of = tuple(each.name for each in draw(st.lists(st.sampled_from(found), min_size=1, max_size=2, unique=True)))
    tail = draw(st.sampled_from(("", "", "", " DEFERRABLE")))
    key = PrimaryKey(
        name=fresh(f"{table.name.name}_pkey", names), definition=f"PRIMARY KEY ({marked(of)}){tail}", columns=of
    )
    return replace(table, primary_key=key)


_ACTIONS = ("NO ACTION", "NO ACTION", "CASCADE", "SET NULL", "RESTRICT", "SET DEFAULT")


def foreign_key(draw: st.DrawFn, schema: Schema, table: Table, names: set[str]) -> Table:
    """The table with a foreign key more, to any table with a key, on columns made for it where none fit."""
    keys = [
        (target, each)
        for target in (*(other for other in schema.tables if other.name != table.name), table)
        for each in (*((target.primary_key,) if target.primary_key else ()), *target.uniques)
        if "DEFERRABLE" not in each.definition
    ]
    if not keys:
        return table
    target, key = draw(st.sampled_from(keys))
    columns = list(table.columns)
    ours: list[str] = []
    for name in key.columns:
        theirs = target.column(name)
        fits = [
            each.name
            for each in columns
            if each.type == theirs.type
            and each.collation == theirs.collation
            and each.generated is None
            and each.identity is None
            and each.name not in ours
        ]
        if fits and chance(draw, 2):
            ours.append(draw(st.sampled_from(fits)))
            continue
        made = cut(f"{target.name.name[:20]}_{name[:20]}_ref")
        if any(each.name == made for each in columns):
            return table
        columns.append(Column(name=made, type=theirs.type, collation=theirs.collation, nullable=not chance(draw, 3)))
        ours.append(made)
    delete, update = draw(st.sampled_from(_ACTIONS)), draw(st.sampled_from((*_ACTIONS, "NO ACTION", "NO ACTION")))
    tail = " MATCH FULL" if chance(draw, 5) else ""
    tail += "" if update == "NO ACTION" else f" ON UPDATE {update}"
    tail += "" if delete == "NO ACTION" else f" ON DELETE {delete}"
    if delete == "SET NULL" and len(ours) > 1 and draw(st.booleans()):
        tail += f" ({mark(ours[0])})"
    tail += draw(st.sampled_from(("", "", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED")))
    foreign = ForeignKey(
        name=fresh(f"{table.name.name}_{'_'.join(ours)}_fkey", names),
        definition=tail,
        columns=tuple(ours),
        references=target.name,
        referenced_columns=key.columns,
        on_delete=delete,
        on_update=update,
        validated=not chance(draw, 8),
        comment=draw(st.sampled_from(COMMENTS)),
    )
    return replace(table, columns=tuple(columns), foreign_keys=(*table.foreign_keys, foreign))


def table(draw: st.DrawFn, name: QName, names: set[str]) -> Table:
    """A table without foreign keys."""
    names.add(name.name)
    made = Table(name=name, columns=(), comment=draw(st.sampled_from(COMMENTS)))
    how = draw(st.sampled_from(("number", "number", "identity", "uuid", "text", "none")))
    if how == "identity":
        counted = identity(draw, name, "id", "bigint", names)
        made = replace(made, columns=(Column(name="id", type="bigint", nullable=False, identity=counted),))
    elif how != "none":
        type_, default = {
            "number": ("bigint", None),
            "uuid": ("uuid", draw(st.sampled_from((None, "gen_random_uuid()")))),
            "text": ("text", None),
        }[how]
        made = replace(made, columns=(Column(name="id", type=type_, nullable=False, default=default),))
    for _ in range(draw(st.integers(1, 4))):
        more = column(draw, made, names)
        made = replace(made, columns=(*made.columns, more)) if more else made
    if how != "none":
        key = PrimaryKey(
            name=fresh(f"{name.name}_pkey", names), definition=f"PRIMARY KEY ({mark('id')})", columns=("id",)
        )
        made = replace(made, primary_key=key)
    else:
        made = primary_key(draw, made, names)
    for add in (unique, check, index, exclusion):
        many = int(chance(draw, 6)) if add is exclusion else draw(st.integers(0, 2))
        for _ in range(many):
            made = add(draw, made, names)
    return made


def sequence(draw: st.DrawFn, schema: Schema, names: set[str]) -> Schema:
    """The schema with a sequence more, free or owned, and maybe a column that it numbers."""
    type_ = draw(st.sampled_from(("integer", "bigint")))
    owners = [
        (table, each)
        for table in schema.tables
        for each in table.columns
        if each.type == type_ and each.default is None and not each.identity and not each.generated
    ]
    namespace, owned = "public", None
    tables = schema.tables
    if owners and chance(draw, 2):
        table_, owner = draw(st.sampled_from(owners))
        namespace, owned = table_.name.schema, (table_.name, owner.name)
    name = QName(namespace, fresh(draw(st.sampled_from(("counter", "Odd Counter"))), names))
    if owned is not None:
        numbered = replace(owner, default=f"nextval({literal(qname(name))}::regclass)")
        tables = tuple(
            replace(each, columns=tuple(numbered if c.name == owner.name else c for c in each.columns))
            if each.name == owned[0]
            else each
            for each in tables
        )
    made = Sequence(name=name, options=options(draw, type_), owned_by=owned, comment=draw(st.sampled_from(COMMENTS)))
    return replace(schema, tables=tables, sequences=(*schema.sequences, made))


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    """A schema of one to three tables, its texts marked."""
    names: set[str] = {"mood", "weather"}
    possible = [QName(namespace, name) for name in NAMES for namespace in NAMESPACES]
    wanted = draw(st.lists(st.sampled_from(possible), min_size=1, max_size=3, unique=True))
    made = Schema(
        namespaces=tuple(Namespace(name=name) for name in NAMESPACES),
        enums=(MOOD, WEATHER),
        tables=tuple(table(draw, name, names) for name in wanted),
    )
    for each in made.tables:
        for _ in range(draw(st.sampled_from((0, 0, 1, 2)))):
            now = next(other for other in made.tables if other.name == each.name)
            keyed = foreign_key(draw, made, now, names)
            made = replace(made, tables=tuple(keyed if other.name == each.name else other for other in made.tables))
    return sequence(draw, made, names) if chance(draw, 3) else made
