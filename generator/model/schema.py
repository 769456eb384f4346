"""What a database holds, as PostgreSQL itself says it.

Every text in these values (a type, a default, a definition) is the server's own canonical form, read with an empty
search_path, so every name that is not in ``pg_catalog`` is schema-qualified and two schemas compare as plain values.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class QName:
    """A name in a schema, unquoted: the only positional value, since it is written everywhere."""

    schema: str
    name: str

    def __str__(self) -> str:
        """How people are shown it: ``customers``, or ``billing.invoices`` outside ``public``. Never SQL."""
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceOptions:
    """What a sequence does: shared by sequences and identity columns."""

    type: str
    start: int
    increment: int
    minimum: int
    maximum: int
    cache: int
    cycle: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """``GENERATED { ALWAYS | BY DEFAULT } AS IDENTITY``; ``sequence`` is the name of the sequence behind it."""

    always: bool
    options: SequenceOptions
    sequence: QName


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """``GENERATED ALWAYS AS (expression) STORED``, or ``VIRTUAL`` (since PostgreSQL 18)."""

    expression: str
    stored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column. ``type`` is ``format_type``'s text; ``collation`` is set only where it is not the type's own."""

    name: str
    type: str
    nullable: bool = True
    default: str | None = None
    identity: Identity | None = None
    generated: Generated | None = None
    collation: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryKey:
    """``definition`` is ``pg_get_constraintdef``: with INCLUDE and DEFERRABLE where they are."""

    name: str
    definition: str
    columns: tuple[str, ...]
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique:
    """A unique constraint; ``definition`` also says INCLUDE, NULLS NOT DISTINCT and DEFERRABLE."""

    name: str
    definition: str
    columns: tuple[str, ...]
    nulls_not_distinct: bool = False
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A foreign key, from ``columns`` to ``referenced_columns`` of ``references``.

    ``on_delete`` and ``on_update`` are the SQL words (``NO ACTION``, ``CASCADE``, …); every other detail
    (MATCH, DEFERRABLE, the column list of SET NULL) is in ``definition``.
    ``definition`` never holds ``NOT VALID``: that is ``validated``.
    """

    name: str
    definition: str
    columns: tuple[str, ...]
    references: QName
    referenced_columns: tuple[str, ...]
    on_delete: str = "NO ACTION"
    on_update: str = "NO ACTION"
    validated: bool = True
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check constraint; ``columns`` are those its expression uses; ``definition`` without ``NOT VALID``."""

    name: str
    definition: str
    columns: tuple[str, ...]
    validated: bool = True
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """An exclusion constraint; ``columns`` are those it uses, also inside expressions and the predicate."""

    name: str
    definition: str
    columns: tuple[str, ...]
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index that no constraint owns.

    ``body`` is ``pg_get_indexdef``'s text after the table's name: ``USING btree (lower(email)) WHERE …``.
    ``columns`` are all that it uses, also inside expressions and the predicate.
    """

    name: str
    unique: bool
    body: str
    columns: tuple[str, ...]
    valid: bool = True
    comment: str | None = None


Constraint = PrimaryKey | Unique | ForeignKey | Check | Exclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionOf:
    """Which rows of which table a partition holds.

    ``bound`` is the server's text (``FOR VALUES FROM (0) TO (10)``, ``DEFAULT``). ``holds`` is the condition that
    follows from it and from those of the tables above, as ``pg_get_partition_constraintdef`` gives it: of a default
    partition it also depends on its siblings, so it is not compared.
    """

    parent: QName
    bound: str
    holds: str = field(default="", compare=False)

    @property
    def is_default(self) -> bool:
        """Whether it holds what no other partition does."""
        return self.bound == "DEFAULT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """A constraint or an index of a table that it has only because the table above has ``of``."""

    name: str
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table. Columns are in the table's own order, everything else by name.

    ``partition_key`` is ``pg_get_partkeydef``'s text (``RANGE (a)``) of a partitioned table; ``partition_of`` is set
    for a partition, ``inherits`` are the parents of a table that inherits, in their order. A table below another has
    here all that PostgreSQL gives it from above, too: ``inherited`` says which constraints and indexes those are, and
    ``inherited_columns`` which columns it has only from above. Neither is compared: they follow from the rest.
    """

    name: QName
    columns: tuple[Column, ...]
    primary_key: PrimaryKey | None = None
    uniques: tuple[Unique, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    indexes: tuple[Index, ...] = ()
    comment: str | None = None
    partition_key: str | None = None
    partition_of: PartitionOf | None = None
    inherits: tuple[QName, ...] = ()
    inherited: tuple[Inherited, ...] = field(default=(), compare=False)
    inherited_columns: tuple[str, ...] = field(default=(), compare=False)

    @property
    def parents(self) -> tuple[QName, ...]:
        """The tables above: the one that it is a partition of, or those that it inherits from."""
        return (self.partition_of.parent,) if self.partition_of else self.inherits

    def inherited_from(self, name: str) -> str | None:
        """What of the table above the constraint or index of that name comes from; None for one of its own."""
        return next((each.of for each in self.inherited if each.name == name), None)

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def has_column(self, name: str) -> bool:
        """Whether there is a column of that name."""
        return any(column.name == name for column in self.columns)

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """Every constraint: the primary key first."""
        first: tuple[Constraint, ...] = (self.primary_key,) if self.primary_key else ()
        return first + self.uniques + self.exclusions + self.checks + self.foreign_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumType:
    """An enum; its values in their order."""

    name: QName
    values: tuple[str, ...]
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A sequence which is not an identity column's; ``owned_by`` is (table, column)."""

    name: QName
    options: SequenceOptions
    owned_by: tuple[QName, str] | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace:
    """A schema in PostgreSQL's sense: called a namespace here, since a Schema is the whole."""

    name: str
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """An installed extension (never plpgsql), its objects' namespace; ``usual``: its version need not be named."""

    name: str
    schema: str
    version: str
    usual: bool = field(default=True, compare=False)
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """An object, or a property of one, that is known by its definition, the server's own text.

    ``kind`` is PostgreSQL's word (``view``, ``row-level security``); ``name`` says which, to people; ``table`` is the
    table it belongs to, if it does; ``sql_name`` is the catalog query's name, and of a storage that of the type.
    """

    kind: str
    name: str
    definition: str
    table: QName | None = None
    sql_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Everything read from one database, each tuple sorted by name."""

    namespaces: tuple[Namespace, ...] = ()
    extensions: tuple[Extension, ...] = ()
    enums: tuple[EnumType, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    tables: tuple[Table, ...] = ()
    others: tuple[Other, ...] = ()

    def table(self, name: QName) -> Table:
        """The table of that name. Raises KeyError."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)

    def below(self, name: QName) -> "tuple[Table, ...]":
        """The tables below it, at every level, each after the one that it is below of."""
        found = tuple(each for each in self.tables if name in each.parents)
        return tuple(dict.fromkeys(deeper for each in found for deeper in (each, *self.below(each.name))))
