"""Sequences that go by another name since their table or column does: PostgreSQL does not rename them by itself.

Made anew they would count from the start again, over the keys that are taken.
"""

from collections.abc import Iterator, Mapping

from generator.model.change import SequenceRenamed
from generator.model.schema import QName, Schema, Sequence


def sequence_renames(old: Schema, new: Schema, columns: Mapping[QName, Mapping[str, str]]) -> Iterator[SequenceRenamed]:
    """``old`` has its tables' new names already; ``columns`` are its renamed columns, by table."""
    before, after = _owned(old), _owned(new)
    taken = {each.name for each in (*old.sequences, *before.values())}
    wanted = {each.name for each in (*new.sequences, *after.values())}
    for (table, column), sequence in sorted(before.items(), key=lambda each: each[0]):
        now = after.get((table, columns.get(table, {}).get(column, column)))
        if now is not None and sequence.name not in wanted and now.name not in taken:
            yield SequenceRenamed(old=sequence.name, sequence=now)


def _owned(schema: Schema) -> dict[tuple[QName, str], Sequence]:
    """Sequences by the column that owns them; those behind identity columns too. None where a column owns two."""
    found: dict[tuple[QName, str], Sequence] = {}
    twice = set()
    for sequence in schema.sequences:
        if sequence.owned_by is not None:
            if sequence.owned_by in found:
                twice.add(sequence.owned_by)
            found[sequence.owned_by] = sequence
    for table in schema.tables:
        for column in table.columns:
            if column.identity is not None:
                owner = (table.name, column.name)
                found[owner] = Sequence(name=column.identity.sequence, options=column.identity.options, owned_by=owner)
    return {owner: sequence for owner, sequence in found.items() if owner not in twice}
