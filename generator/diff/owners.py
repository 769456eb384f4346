"""Owners that both sides name, each another one."""

from collections.abc import Iterable
from dataclasses import replace

from generator.diff.compare import compare
from generator.diff.renaming import renamed_in
from generator.model.answers import Answers
from generator.model.change import OtherChanged, SequenceRenamed, TableRenamed
from generator.model.schema import Other, Schema


def owners_that_differ(
    old: Schema, old_named: Iterable[Other], new: Schema, new_named: Iterable[Other], answers: Answers
) -> tuple[tuple[Other, ...], tuple[Other, ...]]:
    """Those of the old side and those of the new one, each by the names that the objects have there."""
    old_named = tuple(old_named)
    changes = compare(_with(old, old_named), _with(new, new_named), answers).changes
    differ = [each for each in changes if isinstance(each, OtherChanged) and each.new.kind == "owner"]
    renamed = [
        (each.old, each.table.name if isinstance(each, TableRenamed) else each.sequence.name)
        for each in changes
        if isinstance(each, TableRenamed | SequenceRenamed)
    ]
    wanted = {each.old.sql_name for each in differ}

    def called(name: str) -> str:
        for before, after in renamed:
            name = renamed_in(name, before, after)
        return name

    return tuple(each for each in old_named if called(each.sql_name) in wanted), tuple(each.new for each in differ)


def _with(schema: Schema, owners: Iterable[Other]) -> Schema:
    return replace(schema, others=(*(each for each in schema.others if each.kind != "owner"), *owners))
