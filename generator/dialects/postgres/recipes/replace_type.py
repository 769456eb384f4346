"""A type in another form under the same name, where PostgreSQL cannot alter the one into the other.

The new type is made beside the old one, and every column of it moves as to any other type (``retype_column``). At
contract the two types change names in one transaction with the columns: whatever speaks of a type is bound to the type
itself and not to its name, so all that was made for the new one follows by itself.
"""

from collections.abc import Iterator

from generator.dialects.postgres import defined, probes
from generator.dialects.postgres.beside import new_name, old_name
from generator.dialects.postgres.names import aside, qname
from generator.dialects.postgres.recipes.context import Context, action, object_ref, other_ref, others_in
from generator.dialects.postgres.recipes.domain_checks import Place, add_check, require
from generator.dialects.postgres.statements import domains, objects
from generator.diff.domains import Domain, columns_over, read_domain
from generator.diff.replaced import name_of, uses
from generator.model import change as c
from generator.model.change import CommentTarget
from generator.model.plan import Hazard, Ref, Stage, Statement, Step, Undo
from generator.model.schema import EnumType, Other, QName, Schema


def replace_type(change: c.TypeReplaced, context: Context) -> Iterator[Step]:
    """Beside at expand; by the wanted name at contract; the old one dropped in cleanup."""
    name = name_of(change)
    beside, kept = new_name(name), old_name(name)
    kind = "enum" if isinstance(change.new, EnumType) else change.new.kind
    yield Step(
        stage=Stage.EXPAND,
        purpose=f"Create the new {kind} {name}, as {beside.name} for now.",
        run=(action(_make(change, context.new, context, kept=False), probes.type_(beside)),),
        undo=Undo(actions=(action(objects.drop_type(beside), probes.absent(probes.type_(beside))),)),
        makes=(object_ref(beside), *_made(change, context)),
        needs=tuple(_needs(change, context)),
    )
    domain = _domain(change, context)
    if domain is not None:
        yield from _enforce(domain, change, context)
    if not any(change in swap.types(context) for swap in context.swaps):
        yield Step(
            stage=Stage.CONTRACT,
            purpose=f"Let {name} be the new {kind}; the old one is kept as {kept.name} until cleanup.",
            run=(action(put_in_place(change, context), probes.type_(kept)),),
            undo=Undo(actions=(action(put_back(change, context), probes.absent(probes.type_(kept))),)),
            makes=(Ref(kind="type replaced", of=name),),
            hazards=type_hazards(change),
        )
    columns = tuple(columns_of(change, context))
    held_by = (name_of(each) for each in context.types.changes if each is not change and _uses(each.old, name))
    yield Step(
        stage=Stage.CLEANUP,
        purpose=f"Drop the old {kind} {name}.",
        run=(action(objects.drop_type(kept), probes.absent(probes.type_(kept))),),
        undo=Undo(actions=(action(_make(change, context.old, context, kept=True), probes.type_(kept)),)),
        makes=(Ref(kind="type dropped", of=name),),
        needs=(
            *(Ref(kind="dropped", of=table) for table in sorted({table for table, _ in columns})),
            *(Ref(kind="type dropped", of=other) for other in held_by),
        ),
    )


def _domain(change: c.TypeReplaced, context: Context) -> Domain | None:
    """The new domain as it is made beside, by the names that types have until contract; None for another kind."""
    if isinstance(change.new, EnumType) or change.new.kind != "domain":
        return None
    return read_domain(context.types.staged(change.new))


def _bare(domain: Domain) -> str:
    """Without checks and default: a column of it is then added without a look at the rows, and stays empty."""
    return f"CREATE DOMAIN {qname(domain.name)} AS {domain.base}"


def _enforce(domain: Domain, change: c.TypeReplaced, context: Context) -> Iterator[Step]:
    """The checks and NOT NULL of a domain, when its columns have been filled."""
    place = Place(name=domain.name, called=name_of(change), base=domain.base, columns=tuple(_seconds(domain, context)))
    for check in domain.checks:
        yield from add_check(place, check, context)
    if domain.required:
        yield from require(place, context)


def _seconds(domain: Domain, context: Context) -> Iterator[tuple[QName, str, str]]:
    """The columns of the new domain at validate; one that takes another's place does so at contract."""
    places = {
        (each.table, each.new.name)
        for each in context.changes
        if isinstance(each, c.ColumnTypeChanged) and context.facts.retypes[each.table, each.new.name].rewrites
    }
    for table, column, _ in columns_over(domain.name, context.new):
        yield table, aside(column, "new") if (table, column) in places else column, column


def put_in_place(change: c.TypeReplaced, context: Context) -> tuple[Statement, ...]:
    """The new type by the wanted name: with its columns, where it has any."""
    name = name_of(change)
    renamed = objects.rename_type(name, old_name(name)), objects.rename_type(new_name(name), name)
    return *renamed, *(domains.set_default(name, text) for text in _default(change, context))


def put_back(change: c.TypeReplaced, context: Context) -> tuple[Statement, ...]:
    """The old type by its name again."""
    name = name_of(change)
    none = (domains.set_default(name, None) for _ in _default(change, context))
    return *none, objects.rename_type(name, new_name(name)), objects.rename_type(old_name(name), name)


def _default(change: c.TypeReplaced, context: Context) -> tuple[str, ...]:
    """A domain's, which it gets only now: before, it could not be told from a value that was given."""
    domain = _domain(change, context)
    return () if domain is None or domain.default is None else (domain.default,)


def makes_type(step: Step) -> bool:
    """Whether a type gets the name of the one that it replaces in this step."""
    return any(ref.kind == "type replaced" for ref in step.makes)


def columns_of(change: c.TypeReplaced, context: Context) -> Iterator[tuple[QName, str]]:
    """The columns that were of the old form of the type, in tables that stay or go, by the tables' new names."""
    name = name_of(change)
    for table in context.old.tables:
        for column in table.columns:
            if uses(column.type, name):
                yield context.renamed_tables.get(table.name, table.name), column.name


def _uses(type_: EnumType | Other, name: QName) -> bool:
    return isinstance(type_, Other) and uses(type_.definition, name)


def _make(change: c.TypeReplaced, schema: Schema, context: Context, *, kept: bool) -> tuple[Statement, ...]:
    """The statements that make the type under a name of its own, with its comment and the rights on it."""
    name = name_of(change)
    named = context.types.kept if kept else context.types.text
    if isinstance(change.new, EnumType):
        called = old_name(name) if kept else new_name(name)
        enum = change.old if kept else change.new
        assert isinstance(enum, EnumType)
        made = [objects.create_enum(EnumType(name=called, values=enum.values))]
        if enum.comment is not None:
            made.append(objects.comment_on(CommentTarget.TYPE, called, called.name, enum.comment))
    else:
        type_ = change.old if kept else change.new
        assert isinstance(type_, Other)
        domain = None if kept else _domain(change, context)
        made = [Statement(sql=named(defined.make(type_)) if domain is None else _bare(domain))]
    for other in schema.others:
        if other.kind in ("rights", "comment") and _is_on(other, name, context):
            made.append(Statement(sql=named(defined.make(other))))
    return tuple(made)


def _is_on(other: Other, name: QName, context: Context) -> bool:
    """Whether rights or a comment are on the type itself; ``other`` may be staged."""
    kind, _, of = other.sql_name.removeprefix("on ").partition(" ")
    return kind in ("type", "domain") and of in (_sql(name), _sql(new_name(name)))


def _sql(name: QName) -> str:
    return qname(name)


def _made(change: c.TypeReplaced, context: Context) -> Iterator[Ref]:
    if isinstance(change.new, Other):
        yield other_ref(context.types.staged(change.new))


def _needs(change: c.TypeReplaced, context: Context) -> Iterator[Ref]:
    yield object_ref(QName("", name_of(change).schema))
    if isinstance(change.new, Other):
        mine = context.types.staged(change.new)
        yield from (object_ref(new_name(name)) for name in context.types.names if uses(change.new.definition, name))
        yield from (ref for ref in others_in(mine.definition, context.new) if ref != other_ref(mine))


def type_hazards(change: c.TypeReplaced) -> tuple[Hazard, ...]:
    """What a process that writes a value which goes has to expect."""
    if not isinstance(change.new, EnumType) or not isinstance(change.old, EnumType):
        return ()
    gone = [value for value in change.old.values if value not in change.new.values]
    if not gone:
        return ()
    become = dict(change.values)
    said = ", ".join(f"{value} (then {become[value]})" if value in become else value for value in gone)
    return (
        Hazard(
            code="enum-values-go",
            what=f"{change.new.name} has the values {said} until contract, and not any more from then on.",
            effect="A process that writes one of them after that is refused; one that reads both has to know both.",
            way_out="Let no process that writes them be left at contract.",
        ),
    )
