"""Rights: what is given comes at expand, what is taken away at contract, when the old version has gone.

What is revoked from a role on a table takes its rights on single columns along: those are given again.
"""

import re
from collections.abc import Iterator

from generator.dialects.postgres import defined, probes
from generator.dialects.postgres.recipes.context import Context, action, other_ref
from generator.dialects.postgres.recipes.definitions import drop_statements, make_statements
from generator.dialects.postgres.recipes.neighbours import hanging, needs_of
from generator.model.plan import Ref, Stage, Statement, Step, Undo
from generator.model.schema import Other, QName, Schema

_LINE = re.compile(r"(GRANT|REVOKE) (.*) ON (.*) (?:TO|FROM) (.*?)( WITH GRANT OPTION)?\Z")


def change_rights(old: Other | None, new: Other | None, needs: tuple[Ref, ...], context: Context) -> Iterator[Step]:
    """From the one to the other; None where there are only the usual ones."""
    shown = new or old
    assert shown is not None
    given, taken = _more(old, new), _more(new, old)
    gone = () if new is not None else (Ref(kind="other gone", of=QName(shown.kind, shown.name)),)
    # Rights on single columns are given again with those on the table, so each of the columns is there.
    single = tuple(
        each for rights, side in ((old, context.old), (new, context.new)) for each in column_rights(rights, side)
    )
    going = tuple(ref for each in (*((old,) if old is not None else ()), *single) for ref in hanging(each, context))
    needs = tuple(dict.fromkeys((*needs, *(ref for each in single for ref in needs_of(each, context)))))
    makes = (other_ref(shown), *gone, *(going if taken else ()))
    if given and taken:
        yield Step(
            stage=Stage.EXPAND,
            purpose=f"Give the new rights on {shown.name}.",
            run=(action(_given(old, new), probes.absent(_is(old, shown))),),
            undo=Undo(actions=(action(_all(new, old, context.old), _is(old, shown)),)),
            needs=needs,
        )
    back = _all(new, old, context.old)
    # Back from contract both have what they need: what is taken again is the affair of the step before.
    undone = (
        action(_given(new, old), probes.absent(_is(new, shown))) if given and taken else action(back, _is(old, shown))
    )
    yield Step(
        stage=Stage.CONTRACT if taken else Stage.EXPAND,
        purpose=f"{'Take away' if taken and not given else 'Change' if taken else 'Give'} the rights on {shown.name}.",
        run=(action(_all(old, new, context.new), _is(new, shown)),),
        undo=Undo(actions=(undone,)),
        makes=makes,
        needs=needs,
    )


def lines_of(rights: Other | None) -> Iterator[tuple[str, str]]:
    """Each GRANT and REVOKE, with the role that it is about, as SQL."""
    for line in rights.definition.split(";\n") if rights is not None else ():
        read = _LINE.match(line)
        if read is not None:
            yield line, read[4]


def _is(rights: Other | None, shown: Other) -> str:
    return defined.is_gone(shown) if rights is None else defined.is_there(rights)


def _all(old: Other | None, new: Other | None, schema: Schema) -> tuple[Statement, ...]:
    """The old ones taken back, the new ones given; then those on single columns, as ``schema`` has them."""
    statements = drop_statements(old) if old is not None else ()
    statements += make_statements(new) if new is not None else ()
    return statements + tuple(
        statement for each in column_rights(old or new, schema) for statement in make_statements(each)
    )


def column_rights(rights: Other | None, schema: Schema) -> tuple[Other, ...]:
    """The rights on single columns of the table whose rights these are."""
    if rights is None or rights.table is None or not rights.name.startswith("table "):
        return ()
    return tuple(
        each
        for each in schema.others
        if each.kind == "rights" and each.table == rights.table and not each.name.startswith("table ")
    )


def _given(old: Other | None, new: Other | None) -> tuple[Statement, ...]:
    """What the new ones give, and nothing that takes away."""
    lines = [line for line in new.definition.split(";\n") if line.startswith("GRANT")] if new is not None else []
    if old is not None:
        lines += [line for line in defined.drop(old).split(";\n") if line.startswith("GRANT")]
    return tuple(Statement(sql=line) for line in lines)


def _more(old: Other | None, new: Other | None) -> set[tuple[str, ...]]:
    """What the new ones allow and the old ones do not."""
    return (_told(new, "GRANT") - _told(old, "GRANT")) | (_told(old, "REVOKE") - _told(new, "REVOKE"))


def _told(rights: Other | None, verb: str) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for line in rights.definition.split(";\n") if rights is not None else ():
        read = _LINE.match(line)
        if read is not None and read[1] == verb:
            privileges = re.sub(r" \(.*?\)", "", read[2]).split(", ")
            found |= {(privilege, read[3], read[4]) for privilege in privileges}
            found |= {(privilege, read[3], read[4], "grant") for privilege in privileges if read[5]}
    return found
