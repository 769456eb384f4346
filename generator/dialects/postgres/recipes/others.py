"""Objects that are known by their definition: views, functions, triggers, policies and the like.

What the new version needs comes at expand, after the tables and columns that it speaks of; what keeps statements from
doing what they did (policies, row-level security, rules) at contract; what the old version needs goes at contract,
before the columns that it speaks of. One that is replaced changes in one transaction, with all that hangs on it.
"""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import defined, probes
from generator.dialects.postgres.recipes import matviews, view_indexes
from generator.dialects.postgres.recipes.change_domain import change_domain
from generator.dialects.postgres.recipes.context import (
    Context,
    action,
    other_ref,
)
from generator.dialects.postgres.recipes.definitions import (
    change_statements,
    drop_statements,
    make_statements,
    read_by,
    right_for,
)
from generator.dialects.postgres.recipes.neighbours import (
    after,
    hanging,
    narrows,
    needs_of,
    stage_of,
    stored_by,
    users_kept,
)
from generator.dialects.postgres.recipes.rebuilt import Group, belonging, group_of
from generator.dialects.postgres.recipes.rights import change_rights
from generator.dialects.postgres.recipes.superuser import needs_superuser
from generator.dialects.postgres.recipes.windows import needs_window
from generator.model import change as c
from generator.model.plan import Action, CannotUndo, Hazard, Ref, Stage, Statement, Step, Undo
from generator.model.schema import Other, QName, Schema

_TYPES = ("domain", "composite type", "range type", "collation")


def add_other(change: c.OtherAdded, context: Context) -> Iterator[Step]:
    """Made at expand, or as late as what it speaks of; what forbids, at contract."""
    other = change.other
    group = group_of(other, context)
    if group is not None:
        yield from _rebuild(group, c.OtherAdded(other=other), context)
        return
    if other.kind == "index":
        yield from view_indexes.add_index(other, context)
        return
    if other.kind == "rights":
        for each in change_rights(None, other, needs_of(other, context), context):
            yield _claimed(each, other, context)
        return
    step = Step(
        stage=stage_of(other, context),
        purpose=f"Create the {called(other)}.",
        run=(action(_make(other, context.new), defined.is_there(other)),),
        undo=Undo(actions=(action(drop_statements(other), defined.is_gone(other)),)),
        makes=(other_ref(other),),
        needs=needs_of(other, context),
        waits=True,
    )
    yield _claimed(step, other, context)


def drop_other(change: c.OtherDropped, context: Context) -> Iterator[Step]:
    """At contract; a type in cleanup, when no column that was kept uses it."""
    other, users = change.other, tuple(users_kept(change.other, context))
    group = group_of(other, context)
    if group is not None:
        yield from _rebuild(group, change, context)
        return
    if other.kind == "index":
        yield from view_indexes.drop_index(other, context)
        return
    if other.kind == "rights":
        for each in change_rights(other, None, tuple(after(other, context)), context):
            yield _claimed(each, other, context)
        return
    secret = other.kind == "user mapping" and " 'secret " in other.definition
    step = Step(
        stage=Stage.CLEANUP
        if other.kind in _TYPES or users or secret or _in_tables(other, context)
        else Stage.CONTRACT,
        purpose=f"Drop the {called(other)}.",
        run=(action(drop_statements(other), defined.is_gone(other)),),
        undo=CannotUndo(because=f"the password of the {called(other)} is written down nowhere")
        if secret
        else Undo(actions=tuple(_made_again(other, context))),
        makes=(Ref(kind="other gone", of=QName(other.kind, other.name)), *hanging(other, context)),
        needs=(*after(other, context), *users),
    )
    yield _claimed(step, other, context)


def change_other(change: c.OtherChanged, context: Context) -> Iterator[Step]:
    """In one transaction: at contract where the old definition uses what goes, or has what the new one lacks.

    A domain stays, and is altered in what differs.
    """
    if change.new.kind == "domain":
        yield from change_domain(change, context)
        return
    old, new = change.old, change.new
    group = group_of(new, context)
    if group is not None:
        yield from _rebuild(group, change, context)
        return
    if new.kind == "index":
        yield from view_indexes.change_index(old, new, context)
        return
    if new.kind == "rights":
        for each in change_rights(old, new, needs_of(new, context), context):
            yield _claimed(each, new, context)
        return
    late = bool(hanging(old, context)) or narrows(old, new)
    replaced = (new.kind, new.sql_name) in context.facts.replaced
    there, back = (change_statements(*pair, replaced=replaced) for pair in ((old, new), (new, old)))
    assert there is not None
    assert back is not None
    belongs: tuple[Other, ...] = ()
    belonged: tuple[Other, ...] = ()
    if not replaced and defined.alter(old, new) is None:  # it is another one now, and what belonged to it has gone
        belongs, belonged = (
            tuple(belonging((each,), side.others)) for each, side in ((new, context.new), (old, context.old))
        )
        there += tuple(statement for each in belongs for statement in make_statements(each))
        back += tuple(statement for each in belonged for statement in make_statements(each))
    step = Step(
        stage=Stage.CONTRACT if late else stage_of(new, context),
        purpose=f"Change the {called(new)}.",
        run=(action(there, probes.both(*(defined.is_there(each) for each in (new, *belongs)))),),
        undo=Undo(actions=(action(back, probes.both(*(defined.is_there(each) for each in (old, *belonged)))),)),
        makes=(other_ref(new), *(other_ref(each) for each in belongs), *hanging(old, context)),
        needs=needs_of(new, context),
        waits=True,
    )
    yield _claimed(_warned(step, new, context), new, context)


def _rebuild(group: Group, change: c.OtherAdded | c.OtherDropped | c.OtherChanged, context: Context) -> Iterator[Step]:
    """The steps of the whole group come with the first of its changes; the others have none."""
    done = context.kept.setdefault("rebuilt", set())
    assert isinstance(done, set)
    if group.slots in done:
        return
    done.add(group.slots)
    pairs = [(old, new) for old in group.old for new in group.new if (old.kind, old.name) == (new.kind, new.name)]
    late = any(hanging(old, context) for old in group.old) or any(narrows(old, new) for old, new in pairs)
    stage = (
        Stage.CONTRACT
        if late
        else max((stage_of(each, context) for each in group.new), key=_number, default=Stage.CONTRACT)
    )
    made = {other_ref(each) for each in (*group.new, *group.new_belongs)}
    gone = [each for each in group.old if all(each.name != new.name or each.kind != new.kind for new in group.new)]
    makes = (
        *sorted(made),
        *(Ref(kind="other gone", of=QName(each.kind, each.name)) for each in gone),
        *(ref for old in group.old for ref in hanging(old, context)),
    )
    everything = (*group.new, *group.new_belongs)
    needs = tuple(dict.fromkeys(ref for new in everything for ref in needs_of(new, context) if ref not in made))
    if group.has_rows:
        yield from matviews.rebuild(group, stage, makes, needs, context)
        return
    step = Step(
        stage=stage,
        purpose=f"Change the {', the '.join(called(each) for each in group.new or group.old)}.",
        run=(action(_anew(group, back=False), _is_as(group.new, group.new_belongs, gone)),),
        undo=Undo(actions=(action(_anew(group, back=True), _is_as(group.old, group.old_belongs, _only(group))),)),
        makes=makes,
        needs=needs,
        waits=True,
    )
    for each in (*group.old, *group.new):
        right = right_for(each, context.new)
        if right:
            step = needs_superuser(step, f"Changing the {called(each)}", right)
            break
    yield step


def _number(stage: Stage) -> int:
    return stage.number


def _only(group: Group) -> list[Other]:
    """The objects that only the new schema has."""
    return [each for each in group.new if all(each.name != old.name or each.kind != old.kind for old in group.old)]


def _anew(group: Group, *, back: bool) -> tuple[Statement, ...]:
    """What goes from the last to the first, what comes from the first to the last, with what belongs to each."""
    gone, come = (group.new, group.old) if back else (group.old, group.new)
    belongs = group.old_belongs if back else group.new_belongs
    statements = [statement for each in reversed(gone) for statement in drop_statements(each)]
    statements += [statement for each in (*come, *belongs) for statement in make_statements(each)]
    return tuple(statements)


def _is_as(there: tuple[Other, ...], belongs: tuple[Other, ...], gone: list[Other]) -> str:
    return probes.both(
        *(defined.is_there(each) for each in (*there, *belongs)), *(defined.is_gone(each) for each in gone)
    )


def _claimed(step: Step, other: Other, context: Context) -> Step:
    """With the window or the right that it needs."""
    if other.table is not None:
        step = needs_window(step, other.table, f"writing {other.table} to the log, or no longer, rewrites it")
    right = right_for(other, context.new)
    return needs_superuser(step, f"The {called(other)}", right) if right else step


def _warned(step: Step, other: Other, context: Context) -> Step:
    """With a word on what was stored by the old definition, and stays so."""
    if other.kind not in ("function", "text search configuration", "text search dictionary"):
        return step
    stale = [name for name in stored_by(other, context) if not name.startswith("default value")]
    if not stale:
        return step
    hazard = Hazard(
        code="stored-values-stale",
        what=f"What was computed by the old {called(other)} stays as it is in {', '.join(stale)}.",
        effect="Indexes and stored values go on holding what the old definition gave: searches by them miss rows.",
        way_out="Where results differ, REINDEX INDEX CONCURRENTLY, and update the rows that hold old values.",
    )
    return replace(step, hazards=(*step.hazards, hazard))


def _in_tables(other: Other, context: Context) -> bool:
    """Whether indexes, checks or defaults of tables hang on it: they go at contract."""
    return any(not name.startswith("default value for column") for name in stored_by(other, context))


def called(other: Other) -> str:
    """What a person calls it."""
    return f"rights on {other.name}" if other.kind == "rights" else f"{other.kind} {other.name}"


def _made_again(other: Other, context: Context) -> Iterator[Action]:
    """What was dropped, with all that went with it."""
    yield action(_make(other, context.old), defined.is_there(other))
    belongs = tuple(belonging((other,), context.old.others))
    if belongs:
        statements = tuple(statement for each in belongs for statement in make_statements(each))
        yield action(statements, probes.both(*(defined.is_there(each) for each in belongs)))


def _make(other: Other, schema: Schema) -> tuple[Statement, ...]:
    if other.kind != "materialized view":
        return make_statements(other)
    return tuple(replace(each, scans=read_by(other, schema)) for each in make_statements(other))
