"""What hangs on a column, built again on the second column that will take its place.

A definition is the server's own text in which the column's name is exchanged; that it means the same is not believed
but proved, since after the swap the catalog must print exactly the definition that is wanted.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from generator.dialects.postgres import probes
from generator.dialects.postgres.expressions import with_columns
from generator.dialects.postgres.names import aside
from generator.dialects.postgres.recipes.checks import check_actions
from generator.dialects.postgres.recipes.comments import said_again
from generator.dialects.postgres.recipes.context import (
    action,
    build_index,
    column_ref,
    filled_ref,
    table_ref,
    unique_ref,
)
from generator.dialects.postgres.recipes.foreign_keys import add_actions, drop_action
from generator.dialects.postgres.recipes.indexes import drop_index_action
from generator.dialects.postgres.recipes.unique_constraints import drop_actions, unique_actions
from generator.dialects.postgres.recipes.windows import needs_window
from generator.dialects.postgres.statements import constraints, indexes
from generator.model.plan import Action, Ref, Stage, Statement, Step, Undo
from generator.model.schema import Check, Exclusion, ForeignKey, Index, QName, Table, Unique
from generator.model.uses import uses

T = TypeVar("T", Unique, Check, ForeignKey, Exclusion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """One index or constraint under the name ``built``; after the swap it has ``name``.

    What it takes the place of is called ``former`` before, and ``kept`` after; both are empty where there is nothing.
    """

    name: str
    built: str
    former: str
    kept: str
    is_index: bool
    columns: tuple[str, ...]
    build: tuple[Action, ...]
    unbuild: tuple[Action, ...]
    drop_kept: tuple[Action, ...] = ()
    hangs_on: tuple[Ref, ...] = ()

    def step(self, table: QName) -> Step:
        """Builds it while the application works, where PostgreSQL can."""
        step = Step(
            stage=Stage.VALIDATE,
            purpose=f"Build {self.name} of {table} again for the new column, as {self.built} for now.",
            run=self.build,
            undo=Undo(actions=self.unbuild),
            needs=(
                *(ref for name in self.columns for ref in (column_ref(table, name), filled_ref(table, name))),
                *self.hangs_on,
            ),
        )
        return needs_window(step, table, f"building {self.name} again reads the whole table")

    def forth(self, table: QName) -> tuple[Statement, ...]:
        """The renames of the swap."""
        aside_first = (self._rename(table, self.former, self.kept),) if self.former else ()
        return (*aside_first, self._rename(table, self.built, self.name))

    def back(self, table: QName) -> tuple[Statement, ...]:
        """The renames of its undo."""
        again = (self._rename(table, self.kept, self.former),) if self.former else ()
        return (self._rename(table, self.name, self.built), *again)

    def _rename(self, table: QName, old: str, new: str) -> Statement:
        rename = indexes.rename_index if self.is_index else constraints.rename_constraint
        return rename(table, old, new)


def twins_of(
    table: Table, before: Table, seconds: Mapping[str, str], former: Mapping[str, str], rehung: Collection[str]
) -> Iterator[Twin]:
    """A twin for everything of the new table that uses one of the columns.

    ``seconds`` are the columns with the names of their second ones; ``former`` gives renamed things their old names.
    Left out are the primary key, and foreign keys that are let go and added again (``rehung``).
    """

    def wanted(things: Iterable[T]) -> Iterator[tuple[T, T | None]]:
        """The things of the new table that use a column, each with what it takes the place of."""
        for thing in things:
            if set(uses(thing)) & seconds.keys() and thing.name not in rehung:
                was = former.get(thing.name, thing.name)
                old = [each for each in (*before.constraints, *before.indexes) if each.name == was]
                yield thing, next((each for each in old if isinstance(each, type(thing))), None)

    for index in table.indexes:
        if set(index.columns) & seconds.keys():
            was = former.get(index.name, index.name)
            moved_index = replace(
                index, body=with_columns(index.body, seconds), columns=_renamed(index.columns, seconds)
            )
            old_index = next((each for each in before.indexes if each.name == was), None)
            yield _index(table.name, moved_index, old_index, seconds)
    for unique, old_unique in wanted(table.uniques):
        yield _unique(table.name, _moved(unique, seconds), old_unique, seconds)
    for check, old_check in wanted(table.checks):
        yield _check(table.name, _moved(check, seconds), old_check, seconds)
    for exclusion, old_exclusion in wanted(table.exclusions):
        yield _exclusion(table.name, _moved(exclusion, seconds), old_exclusion, seconds)
    for key, old_key in wanted(table.foreign_keys):
        yield _foreign_key(table.name, moved_key(key, seconds, {}), old_key)


def moved_key(key: ForeignKey, seconds: Mapping[str, str], theirs: Mapping[str, str]) -> ForeignKey:
    """The foreign key with other names for some of its columns, and for some of those that it refers to."""
    head, rest = key.definition.split(" REFERENCES ", 1)
    parent, tail = rest.split(")", 1)
    parent = parent.rsplit("(", 1)[0] + "(" + with_columns(parent.rsplit("(", 1)[1], theirs)
    return replace(
        key,
        columns=_renamed(key.columns, seconds),
        referenced_columns=_renamed(key.referenced_columns, theirs),
        definition=f"{with_columns(head, seconds)} REFERENCES {parent}){with_columns(tail, seconds)}",
    )


def _renamed(names: tuple[str, ...], seconds: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(seconds.get(name, name) for name in names)


def _moved(constraint: T, seconds: Mapping[str, str]) -> T:
    return replace(
        constraint,
        columns=_renamed(constraint.columns, seconds),
        definition=with_columns(constraint.definition, seconds),
    )


def _goes_along(old: Unique | Check | Exclusion | Index, seconds: Mapping[str, str]) -> bool:
    """Whether what is kept goes with a column that cleanup drops."""
    return bool(set(uses(old)) & seconds.keys())


def _index(table: QName, index: Index, old: Index | None, seconds: Mapping[str, str]) -> Twin:
    built, former = aside(index.name, "new"), old.name if old else ""
    kept = aside(former, "dropped") if former else ""
    return Twin(
        name=index.name,
        built=built,
        former=former,
        kept=kept,
        is_index=True,
        columns=index.columns,
        build=(
            *build_index(table, built, unique=index.unique, body=index.body),
            *said_again(table, replace(index, name=built)),
        ),
        unbuild=(drop_index_action(table, built),),
        drop_kept=(drop_index_action(table, kept),) if old and not _goes_along(old, seconds) else (),
    )


def _constraint(
    table: QName,
    new: Unique | Check | ForeignKey | Exclusion,
    old: Unique | Check | ForeignKey | Exclusion | None,
    build: tuple[Action, ...],
    unbuild: tuple[Action, ...],
    drop_kept: tuple[Action, ...],
) -> Twin:
    former = old.name if old else ""
    return Twin(
        name=new.name,
        built=aside(new.name, "new"),
        former=former,
        kept=aside(former, "dropped") if former else "",
        is_index=False,
        columns=uses(new),
        build=(*build, *said_again(table, replace(new, name=aside(new.name, "new")))),
        unbuild=unbuild,
        drop_kept=drop_kept,
    )


def _drop(table: QName, name: str) -> Action:
    return action(constraints.drop_constraint(table, name), probes.absent(probes.constraint(table, name)))


def _drop_kept(table: QName, old: Unique | Check | Exclusion | None, seconds: Mapping[str, str]) -> tuple[Action, ...]:
    return () if old is None or _goes_along(old, seconds) else (_drop(table, aside(old.name, "dropped")),)


def _unique(table: QName, unique: Unique, old: Unique | None, seconds: Mapping[str, str]) -> Twin:
    built = replace(unique, name=aside(unique.name, "new"))
    kept = _drop_kept(table, old, seconds)
    return _constraint(table, unique, old, unique_actions(table, built), drop_actions(table, built), kept)


def _check(table: QName, check: Check, old: Check | None, seconds: Mapping[str, str]) -> Twin:
    built = replace(check, name=aside(check.name, "new"))
    kept = _drop_kept(table, old, seconds)
    return _constraint(table, check, old, check_actions(table, built), (_drop(table, built.name),), kept)


def _exclusion(table: QName, exclusion: Exclusion, old: Exclusion | None, seconds: Mapping[str, str]) -> Twin:
    """PostgreSQL can neither build one concurrently nor add one NOT VALID."""
    built = aside(exclusion.name, "new")
    add = action(
        constraints.add_constraint(table, built, exclusion.definition),
        probes.constraint_is(table, built, exclusion.definition),
    )
    return _constraint(table, exclusion, old, (add,), (_drop(table, built),), _drop_kept(table, old, seconds))


def _foreign_key(table: QName, key: ForeignKey, old: ForeignKey | None) -> Twin:
    """What is kept is dropped before its column, since both tables are locked for it, the referenced one first."""
    built = replace(key, name=aside(key.name, "new"))
    kept = (drop_kept_key(table, replace(old, name=aside(old.name, "dropped"))),) if old else ()
    twin = _constraint(table, key, old, add_actions(table, built), (drop_action(table, built),), kept)
    return replace(twin, hangs_on=(table_ref(key.references), unique_ref(key.references, key.referenced_columns)))


def drop_kept_key(table: QName, key: ForeignKey) -> Action:
    """Drops it whatever its columns are called by now."""
    return replace(drop_action(table, key), done=probes.absent(probes.constraint(table, key.name)))
