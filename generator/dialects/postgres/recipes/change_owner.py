"""Owners: the object is given to the new one last of all, and given back first of all.

Only the owner may touch an object (a member of the role counts as the owner), and whoever migrates need not be one of
the new owner's: so nothing of the plan may come after, and no rollback before it is taken back. What is made anew on
the way belongs to whoever runs the scripts, so a way back on which the object is made again gives it to its old owner.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from generator.dialects.postgres import defined, owners, probes
from generator.dialects.postgres.locks import access_exclusive
from generator.dialects.postgres.names import ident, literal, qname
from generator.dialects.postgres.recipes.context import Context
from generator.dialects.postgres.recipes.definitions import of_relation
from generator.dialects.postgres.recipes.rights import lines_of
from generator.dialects.postgres.recipes.superuser import SENTENCE, SUPERUSER
from generator.dialects.postgres.recipes.words import words_of
from generator.dialects.postgres.versions import has_set_option
from generator.model import change as c
from generator.model.answers import Refusal
from generator.model.plan import Action, Hazard, Ref, Stage, Statement, Step, TableLock, Undo
from generator.model.schema import Other, QName, Schema
from generator.model.schema import Sequence as Numbers

_MADE = re.compile(r"\b(?:CREATE|RENAME TO)\b")
_ACTING = ("view", "materialized view", "function", "procedure")
"""Kinds that act with their owner's rights: functions where they say SECURITY DEFINER."""

_SHOWN = 5
"""So many names in a sentence."""

_GRANTED = {
    "aggregate": ("function",),
    "type": ("type", "domain"),
    "server": ("foreign server",),
}
"""What GRANT calls the kinds that it calls otherwise."""


def is_owner(change: c.Change) -> bool:
    """Whether the change is another owner of something."""
    return isinstance(change, c.OtherChanged) and change.new.kind == owners.OWNER


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rights:
    """Rights on one thing as they are before and after; None where there are only the usual ones."""

    old: Other | None
    new: Other | None

    def of_others(self, roles: tuple[str, str]) -> bool:
        """Whether they differ in more than in what the two owners have of one another."""
        sides = ({line for line, role in lines_of(each) if role not in roles} for each in (self.old, self.new))
        return len(set(map(frozenset, sides))) > 1


def _role(owner: Other) -> str:
    return ident(owners.role_of(owner))


def _owners(change: c.OtherChanged) -> tuple[str, str]:
    return _role(change.old), _role(change.new)


def _rights(change: c.OtherChanged, context: Context) -> Iterator[_Rights]:
    """Those on the object, on its columns and on the sequences that belong to it, if they are of one of its owners.

    Who becomes the owner needs none any more, and who was the owner gets his with the other owner only.
    """
    before, after = _owners(change)
    old, new = ({each.name: each for each in _on(change.new, schema)} for schema in (context.before, context.new))
    for name in sorted(old.keys() | new.keys()):
        pair = _Rights(old=old.get(name), new=new.get(name))
        gone, come = ({role for _, role in lines_of(each)} for each in (pair.old, pair.new))
        own = "CURRENT_USER" in gone | come and pair.of_others(_owners(change))
        if after in gone or before in come or own:
            yield pair


def _on(other: Other, schema: Schema) -> Iterator[Other]:
    kind, name = owners.owned(other)
    words = [f"{word} {name}" for word in _GRANTED.get(kind, (kind,))]
    for sequence in schema.sequences:
        if other.table is not None and sequence.owned_by is not None and sequence.owned_by[0] == other.table:
            words.append(f"sequence {qname(sequence.name)}")
    for table in schema.tables:
        if table.name == other.table:
            words += [f"sequence {qname(each.identity.sequence)}" for each in table.columns if each.identity]
    for each in schema.others:
        on_it = other.table is not None and each.table == other.table
        if each.kind == "rights" and (on_it or each.sql_name in words):
            yield each


def rights_go_along(rights: Other, context: Context) -> bool:
    """Whether the rights are given and taken in the step that gives the object to another owner."""
    if rights.kind != "rights":
        return False
    return any(
        rights in (each.old, each.new)
        for change in context.changes
        if isinstance(change, c.OtherChanged) and is_owner(change)
        for each in _rights(change, context)
    )


def refuse_owner(change: c.OtherChanged, context: Context) -> Iterator[Refusal]:
    """Why the object is not given away; nothing where it is."""
    old, new = change.old, change.new
    kind, _ = owners.owned(new)
    what = f"The {new.name} goes from {owners.role_of(old)} to {owners.role_of(new)}."
    if not kind:
        yield Refusal(
            what=what,
            because="Things of this kind belong to superusers, or are given away by them only.",
            way_out="Give it away by hand, and name the same owner in both schemas.",
        )
        return
    for each in _rights(change, context):
        if each.of_others(_owners(change)):
            shown = each.new or each.old
            assert shown is not None
            yield Refusal(
                what=what,
                because=f"The rights on {shown.name} change as well, those of its two owners and those of others: the"
                " ones can only change together with the owner, the others have to beforehand.",
                way_out="Do it in two changes: first the rights of the others, then the owner.",
            )
    for moved in context.changes:
        sequence = _linked(moved)
        if sequence is not None and sequence.owned_by is not None and sequence.owned_by[0] == new.table:
            yield Refusal(
                what=what,
                because=f"The sequence {sequence.name} comes to a column of it, and belongs to the role that the table"
                " belongs to.",
                way_out="Do it in two changes: first the sequence, then the owner.",
            )


def _linked(change: c.Change) -> Numbers | None:
    """The sequence that comes to a column."""
    match change:
        case c.SequenceAdded(sequence=sequence):
            return sequence
        case c.SequenceChanged(old=old, new=new) if old.owned_by != new.owned_by:
            return new
        case _:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gift:
    """An object given to an owner, with the rights of the one before."""

    to: Other
    statements: tuple[Statement, ...]
    done: str

    @classmethod
    def plain(cls, owner: Other) -> "_Gift":
        return cls(to=owner, statements=(_alter(owner),), done=owners.is_owner(owner))

    @property
    def sql(self) -> str:
        return "; ".join(str(each.sql) for each in self.statements)

    def action(self, told: str, context: Context) -> Action:
        """``told`` are the statements which whoever may not run them has somebody else run."""
        role = owners.role_of(self.to)
        right = _may_give(self.to, context)
        nobody = f"there is no role {role} here: make it first (CREATE ROLE {ident(role)}), then run this file again"
        asks = f"{SENTENCE}, or a member of both owners: let one run what follows in this database, then run this file"
        return Action(
            statements=self.statements,
            done=self.done,
            refuse=(
                (f"NOT ({self.done}) AND {owners.no_such_role(self.to)}", nobody),
                (f"NOT ({self.done}) AND NOT {right}", f"{asks} again: {told};"),
            ),
            right=right,
        )


def give_away(changes: Iterable[c.OtherChanged], steps: Iterable[Step], context: Context) -> Iterator[Step]:
    """The steps for all owners, in the last stage that the plan has anyway, but not before contract.

    A namespace comes first: whoever has it may create in it, so what is in it can be given to him. Who is asked for
    one of them is asked for all: a script that stops at each would be tedious.
    """
    stage = Stage.CLEANUP if any(step.stage is Stage.CLEANUP for step in steps) else Stage.CONTRACT
    ordered = sorted(changes, key=lambda each: (owners.owned(each.new)[0] != "schema", each.new.name))
    gifts = [(_gift(each, context, back=False), _gift(each, context, back=True)) for each in ordered]
    all_there = "; ".join(there.sql for there, _ in gifts)
    all_back = "; ".join(back.sql for _, back in reversed(gifts))
    for there, back in gifts:
        first, last = there is gifts[0][0], back is gifts[-1][1]
        yield Step(
            stage=stage,
            purpose=f"Give the {there.to.name} to {owners.role_of(there.to)}.",
            run=(there.action(all_there if first else there.sql, context),),
            undo=Undo(actions=(back.action(all_back if last else back.sql, context),)),
            makes=(Ref(kind="owner", of=QName(*owners.owned(there.to))),),
            hazards=(_hazard(ordered),) if first else (),
        )


def _gift(change: c.OtherChanged, context: Context, *, back: bool) -> _Gift:
    """ALTER … OWNER TO takes from the new owner the rights that he had, and leaves the old one none."""
    old, new = (change.new, change.old) if back else (change.old, change.new)
    given, states = [], [owners.is_owner(new)]
    for each in _rights(change, context):
        had, wanted = (each.new, each.old) if back else (each.old, each.new)
        given += [line for line, role in lines_of(wanted) if role == _role(old) and line.startswith("GRANT")]
        if wanted is not None:
            states.append(defined.is_there(wanted))
        elif had is not None:
            states.append(defined.is_gone(had))
    return _Gift(to=new, statements=(_alter(new), *(Statement(sql=line) for line in given)), done=probes.both(*states))


def _may_give(other: Other, context: Context) -> str:
    """SQL: whoever asks may give the object to that owner (the documentation of ALTER TABLE, and its like).

    A member of both the present and the new owner may, if the new one may create in the object's namespace; a
    namespace is given by who may create in the database.
    """
    kind, name = owners.owned(other)
    row = owners.KINDS[kind]
    if row.namespace:
        create = f"has_schema_privilege(r.oid, o.{row.namespace}, 'CREATE')"
    elif kind == "schema":
        create = "has_database_privilege(current_database(), 'CREATE')"
    else:
        return SUPERUSER
    return (
        f"({SUPERUSER} OR EXISTS (SELECT {owners.row_of(kind, name, 'pg_roles AS r')}"
        f" AND r.rolname = {literal(owners.role_of(other))} AND pg_has_role(o.{row.owner}, 'USAGE')"
        f" AND pg_has_role(r.oid, '{'SET' if has_set_option(context.version) else 'MEMBER'}') AND {create}))"
    )


def _alter(other: Other) -> Statement:
    kind = owners.owned(other)[0]
    locks: tuple[TableLock, ...] = ()
    if other.table is not None and kind in ("table", "materialized view"):
        locks = (access_exclusive(other.table) if kind == "table" else of_relation(other.table),)
    return Statement(sql=other.definition, locks=locks)


def given_back(step: Step, old: Iterable[Other], changes: Iterable[c.OtherChanged], context: Context) -> Step:
    """The step; where its undo may make one of the objects again, that goes to its ``old`` owner then.

    ``old`` are by the names that their objects have when all is undone. The new owner gets the rights that he had.
    """
    if not isinstance(step.undo, Undo):
        return step
    texts = [each.sql for action in step.undo.actions for each in action.statements if isinstance(each.sql, str)]
    made = frozenset[str]().union(*(words_of(text) for text in texts if _MADE.search(text)))
    again = []
    for each in old:
        if ident(owners.last_name(owners.owned(each)[1])) in made:
            change = next((one for one in changes if one.old.sql_name == each.sql_name), None)
            gift = _gift(change, context, back=True) if change is not None else _Gift.plain(each)
            gift = replace(gift, done=probes.either(gift.done, owners.is_absent(each)))
            again.append(gift.action(gift.sql, context))
    return replace(step, undo=replace(step.undo, actions=(*step.undo.actions, *again))) if again else step


def _hazard(changes: Sequence[c.OtherChanged]) -> Hazard:
    names = _few(each.new.name for each in changes)
    acting = [each.new for each in changes if owners.owned(each.new)[0] in _ACTING]
    acts = (
        f" From then on {_few(other.name for other in acting)} may do what the new owner may, and the proof let owners"
        " read and write everything: see that he has the rights."
        if acting
        else ""
    )
    if any(owners.owned(each.new)[0] == "schema" for each in changes):
        acts += " Who is no member of a schema's new owner needs USAGE on it, or verify.sql stops there."
    return Hazard(
        code="needs-superuser",
        what=f"Other owners, of {names}, need a superuser, there and back: or a member of both the old one and the new"
        " one, where the new one may create in the object's schema.",
        effect="Run by anybody else the script stops at the first of them, which come last of all. Afterwards only the"
        f" new owner and members of it can change these objects.{acts}",
        way_out="Let a superuser run the statements that the message names, then run the script again: it goes on.",
    )


def _few(names: Iterable[str]) -> str:
    shown = sorted(names)
    return ", ".join(shown[:_SHOWN]) + (f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else "")
