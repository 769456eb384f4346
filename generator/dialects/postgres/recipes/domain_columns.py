"""A column of a domain that is added to rows that are there.

Where the domain has a check or is NOT NULL, PostgreSQL writes the whole table again to try it on every row, even though
every row gets the same; a default of the domain goes to the rows that exist, unless the column has one of its own.
"""

from dataclasses import dataclass, replace

from generator.dialects.postgres.names import qname
from generator.dialects.postgres.recipes.context import Context
from generator.dialects.postgres.recipes.windows import needs_window
from generator.diff.domains import Domain, read_domain
from generator.model.plan import Pace, Statement, Step
from generator.model.schema import QName, Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """What a type brings along when a column of it is added: all of it is false where it is no domain."""

    checked: bool = False
    required: bool = False
    default: bool = False


def nature_of(type_text: str, context: Context) -> Nature:
    """The domain's own, with those of the domains below it, as it is when columns are added.

    Checks that a domain gets come later than that, and one that is made beside another has nothing yet.
    """
    if any(type_text == qname(name) for name in context.types.names.values()):
        return Nature()
    old, new = (_domain(type_text, schema) for schema in (context.old, context.new))
    domain = old or new
    if domain is None:
        return Nature()
    below = nature_of(domain.base, context)
    defaults = [each.default for each in (old, new) if each is not None and each.default is not None]
    return Nature(
        checked=bool(domain.checks) or domain.required or below.checked,
        required=domain.required or below.required,
        default=bool(defaults) or below.default,
    )


def _domain(type_text: str, schema: Schema) -> Domain | None:
    found = (each for each in schema.others if each.kind == "domain" and each.sql_name == type_text)
    return next((read_domain(each) for each in found), None)


def added(statement: Statement, table: QName, type_text: str, context: Context) -> Statement:
    """The statement that adds a column of the type, with what it does to the rows."""
    if not nature_of(type_text, context).checked:
        return statement
    return replace(statement, pace=Pace.WINDOW, scans=(table,), rewrites=(table,))


def asked(step: Step, table: QName, column: str, type_text: str) -> Step:
    """The step, with what has to be accepted where the table is written again."""
    return needs_window(
        step, table, f"adding the column {column} of the domain {type_text}, which has checks, rewrites {table}"
    )
