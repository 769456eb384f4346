"""Foreign keys that hang on a key which changes: let go, and added again to the new one, in the same transaction.

PostgreSQL ties a foreign key to one unique index, which cannot go before it. Added again it is NOT VALID for a moment:
new and changed rows are checked without a gap, and the rows that exist are read while the application goes on.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import ident
from generator.dialects.postgres.recipes.comments import said_again
from generator.dialects.postgres.recipes.context import Context, action
from generator.dialects.postgres.statements import constraints
from generator.model.plan import Action, LockMode, Statement
from generator.model.schema import ForeignKey, Index, PrimaryKey, QName, Schema, Unique


@dataclass(frozen=True, slots=True, kw_only=True)
class Hung:
    """A foreign key of ``table`` as it is before and after the key that it hangs on changes; None where there is none.

    Both are as they are written when they are added: with the names that the columns have then.
    """

    table: QName
    before: ForeignKey | None
    after: ForeignKey | None

    @property
    def turned(self) -> "Hung":
        """The same on the way back."""
        return replace(self, before=self.after, after=self.before)


def hung_on(table: QName, keys: Iterable[PrimaryKey | Unique | Index], schema: Schema) -> tuple[Hung, ...]:
    """The foreign keys of a schema that may hang on one of these keys of ``table``."""
    wanted = [_key_columns(key) for key in keys]
    return tuple(
        Hung(table=each.name, before=foreign, after=foreign)
        for each in schema.tables
        for foreign in each.foreign_keys
        if foreign.references == table
        and set(foreign.referenced_columns) in wanted
        and each.inherited_from(foreign.name) is None  # It goes and comes with the one above.
    )


def _key_columns(key: PrimaryKey | Unique | Index) -> set[str]:
    """The columns that it makes unique together; none where that is not the whole table, or an expression."""
    if not isinstance(key, Index):
        return set(key.columns)
    found = re.match(r"USING btree \(([^()]*)\)", key.body)
    if found is None or " WHERE " in key.body:
        return set()
    listed = {re.sub(r"( DESC)?( NULLS (FIRST|LAST))?\Z", "", each) for each in found[1].split(", ")}
    return {name for name in key.columns if ident(name) in listed}


def locked(tables: Iterable[QName], hung: Iterable[Hung], context: Context) -> tuple[Statement, ...]:
    """All tables of it locked in one statement, each after those that it refers to as far as they form no circle."""
    wanted = dict.fromkeys(tables)
    for each in hung:
        for key in (each.before, each.after):
            if key is not None:
                wanted |= dict.fromkeys((key.references, each.table))
    if len(wanted) < 2:
        return ()
    refers = {
        table.name: {key.references for key in table.foreign_keys} & wanted.keys() - {table.name}
        for table in context.new.tables
        if table.name in wanted
    }
    ordered: list[QName] = []
    left = list(wanted)
    while left:
        ready = next((name for name in left if refers.get(name, set()) <= set(ordered)), left[0])
        left.remove(ready)
        ordered.append(ready)
    return (constraints.lock_tables(tuple(ordered), LockMode.ACCESS_EXCLUSIVE),)


def let_go(hung: Iterable[Hung]) -> tuple[Statement, ...]:
    """Drops them as they are before."""
    return tuple(
        constraints.drop_foreign_key(each.table, each.before.name, each.before.references)
        for each in hung
        if each.before is not None
    )


def hung_again(hung: Iterable[Hung]) -> tuple[Statement, ...]:
    """Adds them as they are to be, NOT VALID."""
    return tuple(
        constraints.add_foreign_key_not_valid(each.table, each.after) for each in hung if each.after is not None
    )


def validated(hung: Iterable[Hung]) -> tuple[Action, ...]:
    """Reads the rows that exist, and sets the comments, which went with the foreign keys."""
    actions: list[Action] = []
    for each in hung:
        key = each.after
        if key is None:
            continue
        if key.validated:
            valid = probes.constraint_validated(each.table, key.name, key.definition)
            actions.append(action(constraints.validate_foreign_key(each.table, key), valid))
        actions += said_again(each.table, key)
    return tuple(actions)
