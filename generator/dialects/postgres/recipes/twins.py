"""What hangs on a column, built again on the second column that will take its place.

A definition is the server's own text in which the column's name is exchanged; that it means the same is not believed
but proved, since after the swap the catalog must print exactly the definition that is wanted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from generator.dialects.postgres import probes
from generator.dialects.postgres.expressions import with_column
from generator.dialects.postgres.names import aside
from generator.dialects.postgres.recipes.checks import check_actions
from generator.dialects.postgres.recipes.comments import said_again
from generator.dialects.postgres.recipes.context import action, build_index, column_ref, filled_ref
from generator.dialects.postgres.recipes.foreign_keys import add_actions, drop_action
from generator.dialects.postgres.recipes.indexes import drop_index_action
from generator.dialects.postgres.recipes.unique_constraints import drop_actions, unique_actions
from generator.dialects.postgres.statements import constraints, indexes
from generator.model.plan import Action, Stage, Statement, Step, Undo
from generator.model.schema import Check, ForeignKey, Index, QName, Table, Unique

T = TypeVar("T", Unique, Check, ForeignKey)


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """One index or constraint under the name ``built``; after the swap it has ``name``, and the first one ``kept``."""

    name: str
    built: str
    kept: str
    is_index: bool
    build: tuple[Action, ...]
    unbuild: tuple[Action, ...]
    drop_kept: tuple[Action, ...] = ()

    def step(self, table: QName, second: str) -> Step:
        """Builds it while the application works."""
        return Step(
            stage=Stage.VALIDATE,
            purpose=f"Build {self.name} of {table} again for the new column, as {self.built} for now.",
            run=self.build,
            undo=Undo(actions=self.unbuild),
            needs=(column_ref(table, second), filled_ref(table, second)),
        )

    def forth(self, table: QName) -> tuple[Statement, ...]:
        """The renames of the swap."""
        return self._rename(table, self.name, self.kept), self._rename(table, self.built, self.name)

    def back(self, table: QName) -> tuple[Statement, ...]:
        """The renames of its undo."""
        return self._rename(table, self.name, self.built), self._rename(table, self.kept, self.name)

    def _rename(self, table: QName, old: str, new: str) -> Statement:
        rename = indexes.rename_index if self.is_index else constraints.rename_constraint
        return rename(table, old, new)


def twins_of(table: Table, column: str, second: str) -> Iterator[Twin]:
    """A twin for everything of the table that uses the column, but a primary key, which is refused before."""
    for index in table.indexes:
        if column in index.columns:
            yield _index(table.name, replace(index, body=with_column(index.body, column, second)))
    for unique in table.uniques:
        if column in unique.columns:
            yield _unique(table.name, _moved(unique, column, second))
    for check in table.checks:
        if column in check.columns:
            yield _check(table.name, _moved(check, column, second))
    for key in table.foreign_keys:
        if column in key.columns:
            head, rest = key.definition.split(" REFERENCES ", 1)
            moved = replace(
                _moved(key, column, second), definition=f"{with_column(head, column, second)} REFERENCES {rest}"
            )
            yield _foreign_key(table.name, moved)


def _moved(constraint: T, column: str, second: str) -> T:
    names = tuple(second if name == column else name for name in constraint.columns)
    return replace(constraint, columns=names, definition=with_column(constraint.definition, column, second))


def _index(table: QName, index: Index) -> Twin:
    built = aside(index.name, "new")
    return Twin(
        name=index.name,
        built=built,
        kept=aside(index.name, "dropped"),
        is_index=True,
        build=(
            *build_index(table, built, unique=index.unique, body=index.body),
            *said_again(table, replace(index, name=built)),
        ),
        unbuild=(drop_index_action(table, built),),
    )


def _unique(table: QName, unique: Unique) -> Twin:
    built = aside(unique.name, "new")
    return Twin(
        name=unique.name,
        built=built,
        kept=aside(unique.name, "dropped"),
        is_index=False,
        build=(*unique_actions(table, replace(unique, name=built)), *said_again(table, replace(unique, name=built))),
        unbuild=drop_actions(table, replace(unique, name=built)),
    )


def _check(table: QName, check: Check) -> Twin:
    built = aside(check.name, "new")
    drop = action(constraints.drop_constraint(table, built), probes.absent(probes.constraint(table, built)))
    return Twin(
        name=check.name,
        built=built,
        kept=aside(check.name, "dropped"),
        is_index=False,
        build=(*check_actions(table, replace(check, name=built)), *said_again(table, replace(check, name=built))),
        unbuild=(drop,),
    )


def _foreign_key(table: QName, key: ForeignKey) -> Twin:
    built, kept = aside(key.name, "new"), aside(key.name, "dropped")
    return Twin(
        name=key.name,
        built=built,
        kept=kept,
        is_index=False,
        build=(*add_actions(table, replace(key, name=built)), *said_again(table, replace(key, name=built))),
        unbuild=(drop_action(table, replace(key, name=built)),),
        # Dropped before its column, since both tables are locked for it, the referenced one first.
        drop_kept=(drop_action(table, replace(key, name=kept)),),
    )
