"""What the answers say was renamed, checked against the two schemas."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.diff.composites import is_attribute
from generator.diff.found import Note
from generator.diff.keys import columns_named, parts_of, table_of_column_key, tables_named, unknown
from generator.errors import BadInput
from generator.model.answers import Answers, key_of
from generator.model.schema import QName, Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Renames:
    """``tables`` from the old name to the new; ``columns`` by the new table's name, from the old name to the new."""

    tables: Mapping[QName, QName] = field(default_factory=dict)
    columns: Mapping[QName, Mapping[str, str]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def read_renames(old: Schema, new: Schema, answers: Answers) -> Renames:
    """The renames that are still to be made; one that both schemas have behind them is passed over.

    Raises BadInput for a name that is nowhere, and for a rename to or from something that both schemas have.
    """
    tables: dict[QName, QName] = {}
    columns: dict[QName, dict[str, str]] = {}
    notes = []
    rest = []
    for key, target in sorted(answers.renames.items()):
        if is_attribute(key, old):
            continue
        pair = _table_rename(key, target, old, new, answers)
        if pair is not None:
            tables[pair[0]] = pair[1]
        else:
            rest.append((key, target))
    for key, target in rest:
        found = _column_rename(key, target, old, new, tables, answers)
        if isinstance(found, Note):
            notes.append(found)
        elif found is not None:
            table, before, after = found
            if after in columns.get(table, {}).values():
                raise _clash(key, answers, f"Two columns are said to have become {key_of(table, after)}.")
            columns.setdefault(table, {})[before] = after
    if len(set(tables.values())) < len(tables):
        twice = sorted(str(name) for name in tables.values() if list(tables.values()).count(name) > 1)[0]
        raise BadInput(f"Two tables are said to have become {twice}.", "Take one of the two renames out.")
    return Renames(tables=tables, columns=columns, notes=tuple(notes))


def _clash(key: str, answers: Answers, message: str) -> BadInput:
    where = answers.origin.get(key, "")
    return BadInput(f"{where + ': ' if where else ''}{message}", "Take the rename out, or correct the names.")


def _table_rename(key: str, target: str, old: Schema, new: Schema, answers: Answers) -> tuple[QName, QName] | None:
    before, after = tables_named(key, old), tables_named(target, new)
    if not before or not after or before[0] == after[0]:
        return None
    # "a.b" may be a column as well; then the schemas decide.
    if columns_named(key, old) and columns_named(target, new):
        return None
    if any(table.name == before[0] for table in new.tables):
        raise _clash(key, answers, f"{key} cannot have been renamed to {target}: {key} is still there.")
    if any(table.name == after[0] for table in old.tables):
        raise _clash(key, answers, f"{key} cannot have been renamed to {target}: {target} was there before.")
    return before[0], after[0]


def _column_rename(
    key: str, target: str, old: Schema, new: Schema, tables: Mapping[QName, QName], answers: Answers
) -> tuple[QName, str, str] | Note | None:
    """(new table, old column, new column); None where it was made long ago; a Note where nothing is known of it."""
    owner = table_of_column_key(key)
    if owner is None:
        return _strange(key, target, old, new, answers)
    former = {after: before for before, after in tables.items()}
    if not any(table.name == owner for table in old.tables) and owner in former:
        owner = former[owner]
    table = next((each for each in old.tables if each.name == owner), None)
    column, new_column = parts_of(key)[-1], _new_column(target)
    after = tables.get(owner, owner)
    new_table = next((each for each in new.tables if each.name == after), None)
    if table is None or new_table is None or new_column is None:
        return _strange(key, target, old, new, answers)
    there, here = table.has_column(column), new_table.has_column(new_column)
    if not there and here and table.has_column(new_column):
        return None
    if not there:
        raise unknown(key, answers, "The column", (key_of(owner, each.name) for each in table.columns))
    if not here:
        raise unknown(target, answers, "The column", (key_of(after, each.name) for each in new_table.columns))
    taken = {_new_column(each) for each in answers.renames.values()}
    freed = {parts_of(each)[-1] for each in answers.renames if parts_of(each)}
    for side, name, moves in ((new_table, column, taken), (table, new_column, freed)):
        if side.has_column(name):
            said = f"{key} cannot have been renamed to {target}: {key_of(after, name)} "
            if name in moves:
                # Until contract both versions work, and one name cannot be two columns' for them.
                where = answers.origin.get(key, "")
                raise BadInput(
                    f"{where + ': ' if where else ''}{said}is the name of two columns, one after the other.",
                    "Rename in two changes: first to a name that no column has or had, then to the wanted one.",
                )
            raise _clash(key, answers, f"{said}{'is still there' if side is new_table else 'was there before'}.")
    return after, column, new_column


def _new_column(target: str) -> str | None:
    """``full_name`` of ``customers.full_name``, or of ``full_name`` alone."""
    parts = parts_of(target)
    return parts[-1] if parts else None


def _strange(key: str, target: str, old: Schema, new: Schema, answers: Answers) -> Note | None:
    """A key that names no table of the two schemas. They may hold only what differs, so it need not be wrong."""
    if tables_named(target, new) and tables_named(target, old):
        return None
    where = answers.origin.get(key, "")
    return Note(text=f"{where + ': ' if where else ''}the rename of {key} to {target} fits nothing that differs.")
