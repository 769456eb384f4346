"""What a domain asks for more: a check, or NOT NULL.

ADD CONSTRAINT … NOT VALID looks at no row. VALIDATE and SET NOT NULL read every table that has a column of the domain
under SHARE, on all versions from 14 to 18: nobody can write to it meanwhile, so each such table is asked about. Rows
that stand in the way stop the script before anything is enforced.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from generator.dialects.postgres import domain_probes, probes
from generator.dialects.postgres.names import ident, qname
from generator.dialects.postgres.recipes.context import (
    Context,
    action,
    filled_ref,
    others_in,
    shown,
    stop_if,
    table_ref,
)
from generator.dialects.postgres.statements import domains
from generator.diff.domains import Domain, DomainCheck, columns_over
from generator.model.answers import QuestionKind, key_of
from generator.model.plan import Action, Consent, Hazard, Pace, Ref, Stage, Step, Undo
from generator.model.schema import QName


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A domain at validate: ``name`` is the one that it has then, ``called`` the one that it is known by.

    ``columns`` are those of it: the table, the name that the column has then, and the one that it is known by.
    """

    name: QName
    called: QName
    base: str
    columns: tuple[tuple[QName, str, str], ...]

    @property
    def tables(self) -> tuple[QName, ...]:
        """The tables, each once."""
        return tuple(dict.fromkeys(table for table, _, _ in self.columns))


def place_of(domain: Domain, context: Context) -> Place:
    """A domain that stays: its columns are those of both schemas, since what goes is still there at validate."""
    name = domain.name
    old = {(context.renamed_tables.get(table, table), column) for table, column, _ in columns_over(name, context.old)}
    new = {(table, column) for table, column, _ in columns_over(name, context.new)}
    columns = tuple((table, column, column) for table, column in sorted(old | new))
    return Place(name=name, called=name, base=domain.base, columns=columns)


def add_check(place: Place, check: DomainCheck, context: Context, *, shown_as: str = "") -> Iterator[Step]:
    """A gate for each column, NOT VALID, VALIDATE."""
    name, called = place.name, shown_as or check.name
    needs = (*_needs(place), *(ref for ref in others_in(check.definition, context.new)))
    for table, column, known_as in place.columns if check.validated else ():
        if context.was_there(table):
            yield _gate(place, check, table, column, known_as, called, context, needs)
    step = Step(
        stage=Stage.VALIDATE,
        purpose=f"Add the check {called} to the domain {place.called}{', as ' + check.name if shown_as else ''}.",
        run=_unless(check_actions(place, check), name, shown_as, check),
        undo=Undo(
            actions=(
                action(
                    domains.drop_check(name, check.name),
                    probes.absent(domain_probes.check_is(name, check.name, check.definition)),
                ),
            )
        ),
        makes=(Ref(kind="domain check", of=name, name=check.name),),
        needs=needs,
    )
    yield in_window(step, place.tables, f"validating the check {called} of the domain {place.called} reads")


def require(place: Place, context: Context) -> Iterator[Step]:
    """A gate for each column, then NOT NULL."""
    required = domain_probes.required(place.name)
    for table, column, known_as in place.columns:
        if context.was_there(table):
            yield stop_if(
                Stage.VALIDATE,
                table,
                f"Rows of {table} have no {known_as}, and the domain {place.called} is to be NOT NULL",
                f"SELECT {shown(context.old_table(table), (column,))} FROM {qname(table)} AS this"
                f" WHERE this.{ident(column)} IS NULL",
                f"Give these rows a value for {known_as}, then run this file again.",
                required,
                context,
                *_needs(place),
            )
    step = Step(
        stage=Stage.VALIDATE,
        purpose=f"Make the domain {place.called} NOT NULL.",
        run=(action(domains.set_not_null(place.name, place.tables), required),),
        undo=Undo(actions=(action(domains.drop_not_null(place.name), probes.absent(required)),)),
        makes=(Ref(kind="domain required", of=place.name),),
        needs=_needs(place),
    )
    yield in_window(step, place.tables, f"making the domain {place.called} NOT NULL reads")


def check_actions(place: Place, check: DomainCheck) -> tuple[Action, ...]:
    """NOT VALID, then VALIDATE."""
    name = place.name
    there = domain_probes.check_is(name, check.name, check.definition)
    actions = (action(domains.add_check_not_valid(name, check.name, check.definition), there),)
    if not check.validated:
        return actions
    valid = domain_probes.check_valid(name, check.name, check.definition)
    return (*actions, action(domains.validate_check(name, check.name, place.tables), valid))


def in_window(step: Step, tables: Iterable[QName], what: str) -> Step:
    """The step, with what has to be accepted for each table that nobody can write while it is read."""
    if not any(statement.pace is Pace.WINDOW for each in step.run for statement in each.statements):
        return step
    hazards, consents = list(step.hazards), list(step.consents)
    for table in tables:
        said = f"{what} {table}, to which nobody can write meanwhile"
        hazards.append(
            Hazard(
                code="long-lock",
                what=said,
                effect=f"Nobody can write to {table} while it runs, which takes as long as its size asks for.",
                way_out=f"Run it when nothing has to be written to {table}, or have the check on the table itself.",
            )
        )
        consents.append(
            Consent(
                kind=QuestionKind.LOCKS,
                key=key_of(table),
                what=f"{said[0].upper()}{said[1:]}.",
                because="PostgreSQL has no way to do this while the application writes.",
            )
        )
    return replace(step, hazards=tuple(hazards), consents=tuple(consents))


def _needs(place: Place) -> tuple[Ref, ...]:
    return tuple(ref for table, column, _ in place.columns for ref in (table_ref(table), filled_ref(table, column)))


def _gate(
    place: Place,
    check: DomainCheck,
    table: QName,
    column: str,
    known_as: str,
    called: str,
    context: Context,
    needs: tuple[Ref, ...],
) -> Step:
    return stop_if(
        Stage.VALIDATE,
        table,
        f"Rows of {table} violate the check {called} of the domain {place.called}",
        f"SELECT {shown(context.old_table(table), (column,))} FROM {qname(table)} AS this"
        f" WHERE NOT ({_over(check, f'(this.{ident(column)})::{place.base}')})",
        f"Correct these rows so that {_over(check, ident(known_as))} holds, then run this file again.",
        domain_probes.check_valid(place.name, check.name, check.definition),
        context,
        *needs,
    )


def _over(check: DomainCheck, value: str) -> str:
    """The check's expression over a column in place of VALUE."""
    pattern = r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\bVALUE\b"""
    expression = check.definition.removeprefix("CHECK ")
    return re.sub(pattern, lambda found: value if found.group() == "VALUE" else found.group(), expression)


def _unless(actions: tuple[Action, ...], name: QName, shown_as: str, check: DomainCheck) -> tuple[Action, ...]:
    """The same actions, also done once the check has the name under which it is to be known."""
    if not shown_as:
        return actions
    named = domain_probes.check_is(name, shown_as, check.definition)
    return tuple(replace(each, done=probes.either(each.done, named)) for each in actions)
