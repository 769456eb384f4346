"""SQL that asks the catalogs about a domain: conditions for the ``done`` of an action, as in ``probes``.

Names of checks are SQL, as a definition has them.
"""

from generator.dialects.postgres.names import literal, qname
from generator.model.schema import QName


def _type(domain: QName, condition: str) -> str:
    return f"EXISTS (SELECT FROM pg_type WHERE oid = to_regtype({literal(qname(domain))}) AND {condition})"


def required(domain: QName) -> str:
    """The domain is NOT NULL."""
    return _type(domain, "typnotnull")


def default_is(domain: QName, default: str | None) -> str:
    """The domain's default is exactly that one; None: there is none."""
    return _type(domain, "typdefault IS NULL" if default is None else f"typdefault = {literal(default)}")


def has_check(domain: QName, name: str, condition: str = "") -> str:
    """The domain has a check of that name, for which ``condition`` on pg_constraint holds."""
    rest = f" AND {condition}" if condition else ""
    return (
        f"EXISTS (SELECT FROM pg_constraint WHERE contypid = to_regtype({literal(qname(domain))})"
        f" AND quote_ident(conname) = {literal(name)}{rest})"
    )


def check_is(domain: QName, name: str, definition: str) -> str:
    """The domain has the check with that definition, whether or not it has been validated."""
    texts = f"{literal(definition)}, {literal(definition + ' NOT VALID')}"
    return has_check(domain, name, f"pg_get_constraintdef(oid) IN ({texts})")


def check_valid(domain: QName, name: str, definition: str) -> str:
    """The domain has the check with that definition, and every row has been checked."""
    return has_check(domain, name, f"convalidated AND pg_get_constraintdef(oid) = {literal(definition)}")
