"""Comments: set, dropped, and set again on what is made anew, since they go with the object."""

from collections.abc import Iterator

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import ident, literal, qname
from generator.dialects.postgres.recipes.context import Context, action
from generator.dialects.postgres.statements import objects
from generator.model.change import CommentChanged, CommentTarget
from generator.model.plan import Action, Ref, Stage, Step, Undo
from generator.model.schema import Column, Constraint, Index, QName


def change_comment(change: CommentChanged, context: Context) -> Iterator[Step]:
    """COMMENT ON, forth and back."""
    target, of, name = change.target, change.of, change.name
    what = {CommentTarget.COLUMN: f"column {of}.{name}", CommentTarget.CONSTRAINT: f"constraint {name} of {of}"}.get(
        target, f"{target.value.lower()} {of if of.schema else name}"
    )
    needs: tuple[Ref, ...] = ()
    if target is CommentTarget.CONSTRAINT:
        needs = (Ref(kind="constraint", of=of, name=name),)
    elif target is CommentTarget.INDEX:
        needs = (Ref(kind="any index", of=of),)
    # A constraint or an index may be one that validate makes, so its comment waits for it.
    late = target in (CommentTarget.CONSTRAINT, CommentTarget.INDEX)
    yield Step(
        stage=Stage.VALIDATE if late else Stage.EXPAND,
        purpose=f"{'Drop' if change.new is None else 'Set'} the comment on the {what}.",
        run=(comment_action(target, of, name, change.new),),
        undo=Undo(actions=(comment_action(target, of, name, change.old),)),
        needs=needs,
    )


def said_again(table: QName, thing: Constraint | Index | Column) -> tuple[Action, ...]:
    """The comment of something that has just been made anew; nothing where it has none."""
    if thing.comment is None:
        return ()
    if isinstance(thing, Index):
        return (comment_action(CommentTarget.INDEX, QName(table.schema, thing.name), "", thing.comment),)
    target = CommentTarget.COLUMN if isinstance(thing, Column) else CommentTarget.CONSTRAINT
    return (comment_action(target, table, thing.name, thing.comment),)


def comment_action(target: CommentTarget, of: QName, name: str, text: str | None) -> Action:
    """COMMENT ON; ``of`` and ``name`` as in CommentChanged."""
    relation = f"to_regclass({literal(qname(of))})"
    match target:
        case CommentTarget.COLUMN:
            number = f"(SELECT attnum FROM pg_attribute WHERE attrelid = {relation} AND attname = {literal(name)})"
            where = ("pg_class", relation, number)
        case CommentTarget.CONSTRAINT:
            oid = f"(SELECT oid FROM pg_constraint WHERE conrelid = {relation} AND conname = {literal(name)})"
            where = ("pg_constraint", oid, "0")
        case CommentTarget.TYPE:
            where = ("pg_type", f"to_regtype({literal(qname(of))})", "0")
        case CommentTarget.SCHEMA:
            where = ("pg_namespace", f"to_regnamespace({literal(ident(name))})", "0")
        case CommentTarget.EXTENSION:
            where = ("pg_extension", f"(SELECT oid FROM pg_extension WHERE extname = {literal(name)})", "0")
        case _:
            where = ("pg_class", relation, "0")
    return action(objects.comment_on(target, of, name, text), probes.comment_is(*where, text))
