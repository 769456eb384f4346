"""What numbers a column, carried over to the column that takes its place: the numbers go on where they are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from generator.dialects.postgres.names import aside, literal, qname
from generator.dialects.postgres.recipes.context import Context
from generator.dialects.postgres.statements import columns, objects
from generator.model.change import SequenceRenamed
from generator.model.plan import Statement
from generator.model.schema import Column, Identity, QName, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """An identity or a sequence, before and after; ``owned`` are the sequences that go with the column by name.

    ``finds`` says that an index gives the column's highest value, for a sequence that is ``fresh``.
    """

    old_identity: Identity | None
    new_identity: Identity | None
    old_sequence: Sequence | None
    new_sequence: Sequence | None
    owned: tuple[QName, ...]
    fresh: bool
    finds: bool

    def forth(self, table: QName, kept: str, name: str) -> Iterator[Statement]:
        """From the column that is now called ``kept`` to the one called ``name``."""
        if self.new_identity is not None:
            source = self._source()
            if source is not None:
                interim = _interim(source)
                yield objects.rename_sequence(source, interim.name)
                yield columns.add_identity(table, name, self.new_identity, had_default=False)
                yield objects.carry_sequence(self.new_identity.sequence, interim)
            else:
                yield columns.add_identity(table, name, self.new_identity, had_default=False)
                yield objects.continue_sequence(self.new_identity.sequence, table, name, finds=self.finds)
            if self.old_identity is not None:
                yield columns.drop_identity(table, kept)
        elif self.old_identity is not None:
            if self.new_sequence is not None:
                interim = _interim(self.new_sequence.name)
                yield objects.create_sequence(_named(self.new_sequence, interim))
                yield objects.carry_sequence(interim, self.old_identity.sequence)
                yield columns.drop_identity(table, kept)
                yield objects.rename_sequence(interim, self.new_sequence.name.name)
            else:
                yield columns.drop_identity(table, kept)
        elif self.fresh and self.new_sequence is not None:
            yield objects.continue_sequence(self.new_sequence.name, table, name, finds=self.finds)
        for sequence in self.owned:
            yield objects.own_sequence(sequence, (table, name))

    def back(self, table: QName, name: str, second: str) -> Iterator[Statement]:
        """To the column that is called ``name`` again from the one that is called ``second`` again."""
        if self.new_identity is not None and self.old_identity is not None:
            interim = _interim(self.new_identity.sequence)
            yield objects.rename_sequence(self.new_identity.sequence, interim.name)
            yield columns.add_identity(table, name, self.old_identity, had_default=False)
            yield objects.carry_sequence(self.old_identity.sequence, interim)
            yield columns.drop_identity(table, second)
        elif self.new_identity is not None:
            source = self._source()
            if source is not None:
                yield objects.carry_sequence(_interim(source), self.new_identity.sequence)
            yield columns.drop_identity(table, second)
            if source is not None:
                yield objects.rename_sequence(_interim(source), source.name)
        elif self.old_identity is not None:
            if self.new_sequence is not None:
                interim = _interim(self.new_sequence.name)
                yield objects.own_sequence(self.new_sequence.name, None)
                yield objects.rename_sequence(self.new_sequence.name, interim.name)
                yield columns.add_identity(table, name, self.old_identity, had_default=False)
                yield objects.carry_sequence(self.old_identity.sequence, interim)
                yield objects.drop_sequence(interim)
            else:
                yield columns.add_identity(table, name, self.old_identity, had_default=False)
                yield objects.continue_sequence(self.old_identity.sequence, table, name, finds=self.finds)
        if self.old_identity is None:
            for sequence in self.owned:
                yield objects.own_sequence(sequence, (table, name))

    def _source(self) -> QName | None:
        """What has numbered the column up to now."""
        if self.old_identity is not None:
            return self.old_identity.sequence
        return self.old_sequence.name if self.old_sequence is not None else None


def numbers_of(table: QName, old: Column, new: Column, context: Context) -> Numbers:
    """What numbers the column in the two schemas, by the names that sequences have at contract."""
    renamed = {each.old: each.sequence.name for each in context.changes if isinstance(each, SequenceRenamed)}
    sequences = [_named(each, renamed.get(each.name, each.name)) for each in context.before.sequences]
    before, after = _of_default(old, sequences), _of_default(new, context.new.sequences)
    return Numbers(
        old_identity=old.identity,
        new_identity=new.identity,
        old_sequence=before,
        new_sequence=after,
        owned=tuple(each.name for each in context.new.sequences if each.owned_by == (table, new.name)),
        fresh=after is not None and (before is None or before.name != after.name),
        finds=context.finds(table, new.name),
    )


def _of_default(column: Column, sequences: Iterable[Sequence]) -> Sequence | None:
    """The sequence whose nextval is the column's default."""
    for sequence in sequences:
        if column.default == f"nextval({literal(qname(sequence.name))}::regclass)":
            return sequence
    return None


def _named(sequence: Sequence, name: QName) -> Sequence:
    return replace(sequence, name=name)


def _interim(sequence: QName) -> QName:
    return QName(sequence.schema, aside(sequence.name, "old"))
