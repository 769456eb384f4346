"""A domain that stays: its checks, its NOT NULL and its default.

Looser at expand, since the new version counts on it; stricter at validate, when what was there has been looked at; and
names, and what goes, at contract.
"""

from collections.abc import Iterator

from generator.dialects.postgres import defined, domain_probes, probes
from generator.dialects.postgres.names import aside, ident, qname
from generator.dialects.postgres.recipes.context import Context, action
from generator.dialects.postgres.recipes.domain_checks import Place, add_check, check_actions, place_of, require
from generator.dialects.postgres.statements import domains
from generator.diff.domains import Domain, DomainCheck, read_domain
from generator.model.change import OtherChanged
from generator.model.plan import Action, Ref, Stage, Statement, Step, Undo
from generator.model.schema import QName, Schema
from generator.model.words import unquoted


def change_domain(change: OtherChanged, context: Context) -> Iterator[Step]:
    """Whatever differs between the two, one after the other."""
    old, new = read_domain(change.old), read_domain(change.new)
    place = place_of(new, context)
    renamed = dict(_renamed(old, new))
    if old.default != new.default:
        yield _default(old, new)
    for check in old.checks:
        if new.check(check.name) is None and check.name not in renamed:
            yield _drop(place, check)
    for before, after in renamed.items():
        yield _rename(new.name, before, after)
    if old.required and not new.required:
        yield _optional(place)
    for check in new.checks:
        former = old.check(check.name)
        if former is None and check.name not in renamed.values():
            yield from add_check(place, check, context)
        elif former is not None and former.definition != check.definition:
            yield from _exchange(place, former, check, context)
        elif former is not None and former != check:
            yield from _validated(place, former, check, context)
    if new.required and not old.required:
        yield from require(place, context)


def _renamed(old: Domain, new: Domain) -> Iterator[tuple[str, str]]:
    """Checks that go by another name; where several are alike, in their order."""
    come = [check for check in new.checks if old.check(check.name) is None]
    for check in old.checks:
        same = [one for one in come if (one.definition, one.validated) == (check.definition, check.validated)]
        if same and new.check(check.name) is None:
            come.remove(same[0])
            yield check.name, same[0].name


def _default(old: Domain, new: Domain) -> Step:
    """As a column's: a new one at expand, one that goes at contract."""
    name, default = new.name, new.default
    return Step(
        stage=Stage.CONTRACT if default is None else Stage.EXPAND,
        purpose=f"Drop the default of the domain {name}."
        if default is None
        else f"Set the default of the domain {name} to {default}.",
        run=(action(domains.set_default(name, default), domain_probes.default_is(name, default)),),
        undo=Undo(
            actions=(action(domains.set_default(name, old.default), domain_probes.default_is(name, old.default)),)
        ),
    )


def _drop(place: Place, check: DomainCheck) -> Step:
    return Step(
        stage=Stage.EXPAND,
        purpose=f"Drop the check {check.name} of the domain {place.name}.",
        run=(
            action(
                domains.drop_check(place.name, check.name),
                probes.absent(domain_probes.has_check(place.name, check.name)),
            ),
        ),
        undo=Undo(
            actions=check_actions(place, check),
            loses="values that violate it and were written since: it stops until they are corrected",
        ),
    )


def _rename(name: QName, old: str, new: str) -> Step:
    return Step(
        stage=Stage.CONTRACT,
        purpose=f"Rename the check {old} of the domain {name} to {new}.",
        run=(action(domains.rename_check(name, old, new), domain_probes.has_check(name, new)),),
        undo=Undo(actions=(action(domains.rename_check(name, new, old), domain_probes.has_check(name, old)),)),
    )


def _optional(place: Place) -> Step:
    required = domain_probes.required(place.name)
    return Step(
        stage=Stage.EXPAND,
        purpose=f"Let values of the domain {place.name} be NULL.",
        run=(action(domains.drop_not_null(place.name), probes.absent(required)),),
        undo=Undo(
            actions=(action(domains.set_not_null(place.name, place.tables), required),),
            loses="NULLs that were written since: it stops until they are corrected",
        ),
    )


def _exchange(place: Place, old: DomainCheck, new: DomainCheck, context: Context) -> Iterator[Step]:
    """Another definition: the new one beside the old one, then in its place."""
    name = place.name
    beside = DomainCheck(name=_beside(new.name), definition=new.definition, validated=new.validated)
    yield from add_check(place, beside, context, shown_as=new.name)
    again = (
        domains.rename_check(name, new.name, beside.name),
        domains.add_check_not_valid(name, old.name, old.definition),
    )
    is_old = domain_probes.check_is(name, old.name, old.definition)
    yield Step(
        stage=Stage.VALIDATE,
        purpose=f"Let the new check have the place and the name of {old.name} of the domain {name}.",
        run=(
            action(
                (domains.drop_check(name, old.name), domains.rename_check(name, beside.name, new.name)),
                domain_probes.check_is(name, new.name, new.definition),
            ),
            *_said_again(name, new.name, context.new),
        ),
        undo=Undo(
            actions=(
                action(again, is_old),
                *check_actions(place, old)[1:],
                *_said_again(name, old.name, context.old),
            ),
            loses=f"values that violate the old {old.name} and were written since: it stops until they are corrected",
        ),
        needs=(Ref(kind="domain check", of=name, name=beside.name),),
    )


def _validated(place: Place, old: DomainCheck, new: DomainCheck, context: Context) -> Iterator[Step]:
    """From NOT VALID to validated; or the other way, by a new one that is NOT VALID."""
    name = place.name
    valid = domain_probes.check_valid(name, new.name, new.definition)
    again = (domains.drop_check(name, new.name), domains.add_check_not_valid(name, new.name, new.definition))
    anew = (action(again, probes.absent(valid)), *_said_again(name, new.name, context.new))
    if new.validated:
        *gates, added = add_check(place, new, context)
        yield from gates
        yield Step(
            stage=Stage.VALIDATE,
            purpose=f"Validate the check {new.name} of the domain {name}.",
            run=added.run[1:],
            undo=Undo(actions=anew),
            needs=added.needs,
            hazards=added.hazards,
            consents=added.consents,
        )
    else:
        yield Step(
            stage=Stage.CONTRACT,
            purpose=f"Make the check {new.name} of the domain {name} NOT VALID again.",
            run=anew,
            undo=Undo(actions=check_actions(place, old)[1:]),
        )


def _said_again(name: QName, check: str, schema: Schema) -> tuple[Action, ...]:
    """The comment on a check that was made anew."""
    wanted = f"on domain constraint {check} on {qname(name)}"
    return tuple(
        action(Statement(sql=defined.make(other)), defined.is_there(other))
        for other in schema.others
        if other.kind == "comment" and other.sql_name == wanted
    )


def _beside(name: str) -> str:
    return ident(aside(unquoted(name), "new"))
