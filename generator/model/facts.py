"""What a plan has to know beside the two schemas: gathered before planning, so that recipes stay pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.model.schema import QName


@dataclass(frozen=True, slots=True, kw_only=True)
class Retype:
    """What changing one column's type asks for, seen on the scratch server.

    ``rewrites``: the values are stored in another form, or an index on them has to be built anew; ``rewrites_back``: so
    it is on the way back. ``casts``: there is a cast to the new type; ``casts_back``:
    and one to the old type. ``by_time_zone``: what the cast gives depends on the session's TimeZone.
    """

    rewrites: bool
    rewrites_back: bool
    casts: bool
    casts_back: bool
    by_time_zone: bool = False


Key = tuple[str, str]
"""An object that is known by its definition: its kind, and its name as SQL. What is part of a table is one, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependent:
    """Something that hangs on a column, by itself or by way of another.

    ``kind`` and ``name`` are those of an ``Other`` (its ``sql_name``); ``kind`` is empty where the reader has none for
    it, and ``generated column`` for one of a table. ``described`` is what the server calls it. ``direct`` says that it
    hangs on the column itself.
    """

    kind: str
    name: str
    described: str
    direct: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """``version`` is the major version planned for.

    ``volatile_functions`` are the names of all functions which give another value for each row (pg_proc.provolatile);
    ``search_path`` are the namespaces in which expressions of a user look for operators and functions.
    ``retypes`` tell of every column whose type changes; ``dependents`` are what hangs on a column that is dropped,
    renamed or retyped in the old schema, by the table's new name and the column's old one, ``dependents_ahead`` what
    hangs on it in the new schema, by the new names, each after what it hangs on itself; ``type_users`` what uses a type
    that is replaced, by the type; ``stood_in`` are sentences about what stood in for an extension that the scratch
    server lacks; ``hanging`` tells what hangs directly on an object that is known by its definition, in the old
    schema; ``replaced`` are those whose two definitions take each other's place. ``widened`` are partitions whose new
    bounds take all that the old ones did; ``overlapping`` are new partitions whose bounds are another one's until that
    goes. ``extension_paths`` are the updates that an extension has: its name, from which version, to which;
    ``extension_users`` is what uses an extension that moves, and ``relocatable`` are extensions that can be moved.
    """

    version: int
    retypes: Mapping[tuple[QName, str], Retype] = field(default_factory=dict)
    dependents: Mapping[tuple[QName, str], tuple[Dependent, ...]] = field(default_factory=dict)
    dependents_ahead: Mapping[tuple[QName, str], tuple[Dependent, ...]] = field(default_factory=dict)
    type_users: Mapping[QName, tuple[str, ...]] = field(default_factory=dict)
    stood_in: tuple[str, ...] = ()
    volatile_functions: frozenset[str] = frozenset()
    search_path: tuple[str, ...] = ()
    widened: frozenset[QName] = frozenset()
    overlapping: frozenset[QName] = frozenset()
    extension_paths: frozenset[tuple[str, str, str]] = frozenset()
    extension_users: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    relocatable: frozenset[str] = frozenset()
    hanging: Mapping[Key, tuple[Key, ...]] = field(default_factory=dict)
    replaced: frozenset[Key] = frozenset()
