"""Which tables are below which at what stage, by the names of the new schema."""

from collections.abc import Iterable
from dataclasses import dataclass

from generator.dialects.postgres.names import ASIDE, FORMER, aside, automatic_name, ident
from generator.dialects.postgres.recipes.context import Context
from generator.model import change as c
from generator.model.plan import Stage
from generator.model.schema import Constraint, Index, QName, Table

THINGS = ("key", "unique", "check", "exclusion", "index")
"""What a change calls the constraint or index that comes or goes."""


def called(change: c.Change, names: tuple[str, ...]) -> Constraint | Index | None:
    """The constraint or index that a change is about, as it was or as it becomes."""
    found = (getattr(change, name, None) for name in names)
    return next((each for each in found if isinstance(each, Constraint | Index)), None)


@dataclass(frozen=True, slots=True)
class Tree:
    """Both schemas' tables by who is above whom."""

    context: Context

    def _old(self, table: QName) -> tuple[QName, ...]:
        context = self.context
        before = {new: old for old, new in context.renamed_tables.items()}
        found = context.old.below(before.get(table, table))
        return tuple(context.renamed_tables.get(each.name, each.name) for each in found)

    def _new(self, table: QName) -> tuple[QName, ...]:
        return tuple(each.name for each in self.context.new.below(table))

    def below(self, table: QName, stage: Stage) -> tuple[QName, ...]:
        """Those that are below it when the stage's own changes of places are done or not yet: never in between."""
        old = self._old(table)
        if stage.number < Stage.CONTRACT.number or all(each.name != table for each in self.context.new.tables):
            return old
        new = self._new(table)
        come = {
            each.table for each in self.context.changes if isinstance(each, c.PartitionAttached | c.InheritanceChanged)
        }
        return tuple(each for each in new if each in old or each in come)

    def all_below(self, table: QName) -> tuple[QName, ...]:
        """Those that are below it in either schema."""
        return tuple(dict.fromkeys((*self._old(table), *self._new(table))))

    def above(self, table: QName) -> tuple[QName, ...]:
        """Those above it in either schema, at every level."""
        found: dict[QName, None] = {}
        for schema in (self.context.old, self.context.new):
            named = {each.name: each for each in schema.tables}
            todo = [table]
            while todo:
                here = named.get(todo.pop())
                for parent in here.parents if here else ():
                    if parent not in found:
                        found[parent] = None
                        todo.append(parent)
        return tuple(found)

    def sides(self, table: QName) -> tuple[Table, ...]:
        """The table as it is in the new schema, and as it was in the old one."""
        new = [each for each in self.context.new.tables if each.name == table]
        old = [self.context.old_table(table)] if self.context.was_there(table) else []
        return (*new, *old)

    def partitioned(self) -> tuple[QName, ...]:
        """Every table that holds no row itself, of either schema."""
        context = self.context
        old = (context.renamed_tables.get(each.name, each.name) for each in context.old.tables if each.partition_key)
        names = dict.fromkeys((*(each.name for each in context.new.tables if each.partition_key), *old))
        return tuple(each for each in names if self.is_partitioned(each))

    def roots(self) -> tuple[QName, ...]:
        """The partitioned tables that are no partition of another one."""
        return tuple(each for each in self.partitioned() if not any(side.partition_of for side in self.sides(each)))

    def is_partitioned(self, table: QName) -> bool:
        """Whether it holds no row itself; one that is made anew counts as what it was."""
        sides = self.sides(table)
        return bool(sides) and sides[-1].partition_key is not None

    def is_check(self, table: QName, quoted: str) -> bool:
        """Whether that is a CHECK of the table or a proof of NOT NULL, which go down to tables that inherit."""
        others = {
            ident(each.name) for side in self.sides(table) for each in side.constraints if each not in side.checks
        }
        return quoted not in others

    def is_foreign_key(self, table: QName, name: str) -> bool:
        """Whether that is a foreign key of the table in either schema."""
        return any(each.name == name for side in self.sides(table) for each in side.foreign_keys)

    def leaves(self, tables: Iterable[QName], stage: Stage) -> tuple[QName, ...]:
        """The tables with the rows: of a partitioned one its partitions, and those that inherit."""
        found: dict[QName, None] = {}
        for table in tables:
            rows = [each for each in (table, *self.below(table, stage)) if not self.is_partitioned(each)]
            found |= dict.fromkeys(rows or [table])
        return tuple(found)

    def parts(self, table: QName, stage: Stage) -> tuple[tuple[QName, QName], ...]:
        """(the partition, the table above it) at every level, while an index on ``table`` is built."""
        now = {each.name for each in self.context.new.tables}
        come = {each.table for each in self.context.changes if isinstance(each, c.PartitionAttached)}
        late = come | self.context.facts.overlapping
        late |= {
            name for each in self.context.changes if isinstance(each, c.PartitionBoundsChanged) for name in each.added
        }
        if stage is Stage.CONTRACT:  # What leaves has left before anything else of it, and comes back after it.
            late |= {each.table for each in self.context.changes if isinstance(each, c.PartitionDetached)}
        found = []
        for each in self.all_below(table):
            sides = self.sides(each)
            place = sides[-1].partition_of or sides[0].partition_of
            between = {each, *self.above(each)} - {table, *self.above(table)}
            if stage is Stage.CONTRACT and each not in now and table in now:
                continue
            if place is not None and late.isdisjoint(between):
                found.append((each, self.context.renamed_tables.get(place.parent, place.parent)))
        return tuple(found)

    def name_below(self, part: QName, index: str, names: tuple[str, ...]) -> str:
        """What the partition's index is called that is part of ``index`` above; or a name like the server's."""
        found = self.known_below(part, index)
        return found or automatic_name(part.name, "_".join(names) if names else index, "idx")

    def known_below(self, part: QName, index: str, *, former: bool = False) -> str:
        """The same by what either schema says, else empty; what stands aside above also stands aside below.

        ``former``: what it was called before goes before what it will be called.
        """
        for why in ("", *ASIDE):
            sides = self.sides(part)
            for side in reversed(sides) if former or why in FORMER else sides:
                for each in side.inherited:
                    if index == (aside(each.of, why) if why else each.of):
                        return aside(each.name, why) if why else each.name
        return ""

    def was_own(self, part: QName, name: str) -> bool:
        """Whether the partition had that index as its own before."""
        if not self.context.was_there(part):
            return False
        before = self.context.old_table(part)
        return before.inherited_from(name) is None and any(
            each.name == name for each in (*before.indexes, *before.constraints)
        )
