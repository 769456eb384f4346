"""Materialized views: built beside the one that is there, and put in its place by a change of names.

Making one reads whole tables, so it is made under another name, with its indexes, rights and comments, while the
old one is read; the swap is a moment. The old one is kept aside until cleanup. PostgreSQL knows what hangs on a view by
its number and not by its name: what hangs on it goes on with the old one, until it is made anew in its turn.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import defined, probes
from generator.dialects.postgres.names import aside, ident, qname
from generator.dialects.postgres.recipes.context import Context, action
from generator.dialects.postgres.recipes.definitions import (
    RELATIONS,
    drop_statements,
    make_statements,
    of_relation,
    read_by,
)
from generator.dialects.postgres.recipes.rebuilt import Group
from generator.dialects.postgres.recipes.view_indexes import INDEX, NAME, bare, parts_of, rename
from generator.diff.renaming import renamed_in
from generator.model.plan import Action, CannotUndo, Pace, Ref, Stage, Statement, Step, Undo
from generator.model.schema import Other, QName


def rebuild(
    group: Group, stage: Stage, makes: tuple[Ref, ...], needs: tuple[Ref, ...], context: Context
) -> Iterator[Step]:
    """Each of the group in its turn, the materialized views beside the old ones."""
    stage = max(stage, Stage.VALIDATE, key=lambda each: each.number)
    turn, kept = 0, []
    old = {each.sql_name: each for each in group.old}
    new = {each.sql_name: each for each in group.new}
    names = [each.sql_name for each in group.new]
    names = [name for name in reversed([each.sql_name for each in group.old]) if name not in new] + names
    for name in names:
        for step in _one(old.get(name), new.get(name), group, stage, context):
            before = () if turn == 0 else (_turn(group, turn - 1),)
            last = name == names[-1]
            yield replace(
                step, makes=(*step.makes, _turn(group, turn), *(makes if last else ())), needs=(*needs, *before)
            )
            turn += 1
        if name in old and _is_kept(old[name], new.get(name)):
            kept.append(old[name])
    if kept:
        yield _cleaned(kept)


def _turn(group: Group, number: int) -> Ref:
    return Ref(kind="turn", of=QName(*min(group.slots)), name=str(number))


def _is_kept(old: Other, new: Other | None) -> bool:
    return old.kind in RELATIONS


def _one(old: Other | None, new: Other | None, group: Group, stage: Stage, context: Context) -> Iterator[Step]:
    """The steps of one object."""
    if new is not None and new.kind == "materialized view":
        yield _built(new, group, stage, context)
        yield _swapped(old, new, group, stage)
        return
    leaves = _set_aside(old, group) if old is not None and old.kind in RELATIONS else ()
    returns = _taken_back(old, group) if old is not None and old.kind in RELATIONS else ()
    if old is not None and not leaves:
        leaves, returns = drop_statements(old), make_statements(old)
    belongs = _belonging(new, group.new_belongs)
    made = () if new is None else tuple(s for each in (new, *belongs) for s in make_statements(each))
    unmade = () if new is None else drop_statements(new)
    shown = new or old
    assert shown is not None
    yield Step(
        stage=stage,
        purpose=f"{'Change' if new else 'Set aside'} the {shown.kind} {shown.name}.",
        run=(action((*leaves, *made), _changed(old, new)),),
        undo=Undo(actions=(action((*unmade, *returns), _back(old, new)),)),
    )


def _changed(old: Other | None, new: Other | None) -> str:
    """SQL: the swap has been made, by the old one that is aside or by the new one that is there."""
    if old is None or old.kind not in RELATIONS:
        assert new is not None or old is not None
        return defined.is_there(new) if new is not None else defined.is_gone(old or new)  # type: ignore[arg-type]
    is_aside = probes.relation(_aside(old))
    if new is None:
        return probes.either(is_aside, defined.is_gone(old))
    return is_aside if new.definition == old.definition else probes.either(is_aside, defined.is_there(new))


def _back(old: Other | None, new: Other | None) -> str:
    if old is None or old.kind not in RELATIONS:
        return defined.is_gone(new) if old is None and new is not None else defined.is_there(old)  # type: ignore[arg-type]
    return probes.absent(probes.relation(_aside(old)))


def _named(other: Other) -> QName:
    """A relation's name."""
    found = re.match(rf"({NAME})\.({NAME})\Z", other.sql_name)
    assert found is not None, other.sql_name
    return QName(bare(found[1]), bare(found[2]))


def _aside(other: Other) -> QName:
    name = _named(other)
    return QName(name.schema, aside(name.name, "old"))


def _beside(other: Other) -> QName:
    name = _named(other)
    return QName(name.schema, aside(name.name, "new"))


def _belonging(relation: Other | None, belongs: tuple[Other, ...]) -> tuple[Other, ...]:
    """What of it belongs to this one."""
    if relation is None:
        return ()
    own = [each for each in belongs if each.table is not None and qname(each.table) == relation.sql_name]
    names = {f"on {relation.kind} {relation.sql_name}"}
    names |= {f"{kind} {relation.sql_name}" for kind in ("function", "procedure")}
    names |= {f"on {'statistics object' if each.kind == 'statistics' else each.kind} {each.sql_name}" for each in own}
    return tuple(
        each
        for each in belongs
        if each in own
        or each.sql_name in names
        or each.sql_name.startswith(f"on {relation.kind} column {relation.sql_name}.")
    )


def _built(new: Other, group: Group, stage: Stage, context: Context) -> Step:
    """Under its other name, with all that belongs to it."""
    name, beside = _named(new), _beside(new)
    statements = []
    for each in (new, *_belonging(new, group.new_belongs)):
        for statement in make_statements(_renamed(each, name, beside)):
            scans = read_by(new, context.new) if each is new else ()
            statements.append(replace(statement, pace=Pace.LONG, scans=scans, locks=()))
    there = probes.relation(beside)
    done = probes.either(there, _changed(*_pair(new, group)))
    return Step(
        stage=stage,
        purpose=f"Build the materialized view {new.name} beside the one that is there.",
        run=(Action(statements=tuple(statements), done=done),),
        undo=Undo(actions=(action(Statement(sql=f"DROP MATERIALIZED VIEW {qname(beside)}"), probes.absent(there)),)),
    )


def _pair(new: Other, group: Group) -> tuple[Other | None, Other]:
    return next((each for each in group.old if each.sql_name == new.sql_name), None), new


def _renamed(other: Other, name: QName, beside: QName) -> Other:
    """The object as it is made for the view beside; its indexes have other names, too."""
    definition = renamed_in(other.definition, name, beside)
    sql_name = renamed_in(other.sql_name, name, beside)
    if other.kind == "index":
        found = INDEX.match(definition)
        assert found is not None
        own = ident(aside(bare(found[2]), "new"))
        definition = f"CREATE {found[1] or ''}INDEX {own}{definition[found.end(2) :]}"
    if other.kind == "clustered index":
        before, index = definition.rsplit(" CLUSTER ON ", 1)
        definition = f"{before} CLUSTER ON {ident(aside(bare(index), 'new'))}"
    if other.kind == "comment" and sql_name.startswith("on index "):
        schema, index = re.match(rf"on index ({NAME})\.({NAME})\Z", sql_name).groups()  # type: ignore[union-attr]
        sql_name = f"on index {schema}.{ident(aside(bare(index), 'new'))}"
    table = beside if other.table == name else other.table
    return replace(other, definition=definition, sql_name=sql_name, table=table)


def _swapped(old: Other | None, new: Other, group: Group, stage: Stage) -> Step:
    """A change of names in one transaction."""
    name, beside = _named(new), _beside(new)
    leaves = _set_aside(old, group) if old is not None else ()
    returns = _taken_back(old, group) if old is not None else ()
    comes = [rename("MATERIALIZED VIEW", name.schema, beside.name, name.name)]
    goes = [rename("MATERIALIZED VIEW", name.schema, name.name, beside.name)]
    for index in _indexes(new, group.new_belongs):
        comes.append(rename("INDEX", name.schema, aside(index, "new"), index))
        goes.append(rename("INDEX", name.schema, index, aside(index, "new")))
    return Step(
        stage=stage,
        purpose=f"Put the new materialized view {new.name} in the place of the old one, which is kept aside.",
        run=(action((*leaves, *comes), _changed(old, new)),),
        undo=Undo(actions=(action((*goes, *returns), _back(old, new)),)),
    )


def _indexes(relation: Other, belongs: tuple[Other, ...]) -> tuple[str, ...]:
    own = (each for each in _belonging(relation, belongs) if each.kind == "index")
    return tuple(parts_of(each)[1] for each in own)


def _set_aside(old: Other, group: Group) -> tuple[Statement, ...]:
    name, kept = _named(old), _aside(old)
    renames = [rename(old.kind.upper(), name.schema, name.name, kept.name)]
    renames += [rename("INDEX", name.schema, each, aside(each, "old")) for each in _indexes(old, group.old_belongs)]
    return tuple(renames)


def _taken_back(old: Other, group: Group) -> tuple[Statement, ...]:
    name, kept = _named(old), _aside(old)
    renames = [rename(old.kind.upper(), name.schema, kept.name, name.name)]
    renames += [rename("INDEX", name.schema, aside(each, "old"), each) for each in _indexes(old, group.old_belongs)]
    return tuple(renames)


def _cleaned(kept: list[Other]) -> Step:
    """All that was kept aside, what hangs on another first."""
    drops = [
        Statement(
            sql=f"DROP {each.kind.upper()} {qname(_aside(each))}",
            locks=(of_relation(_aside(each)),) if each.kind == "materialized view" else (),
        )
        for each in reversed(kept)
    ]
    names = ", ".join(each.name for each in kept)
    return Step(
        stage=Stage.CLEANUP,
        purpose=f"Drop what was kept aside of {names}.",
        run=(action(drops, probes.both(*(probes.absent(probes.relation(_aside(each))) for each in kept))),),
        undo=CannotUndo(because=f"the old {names} {'was' if len(kept) == 1 else 'were'} kept until here"),
    )
