"""What one major version of PostgreSQL can do and another cannot, as named facts."""

import re

OLDEST, NEWEST = 14, 18


def has_not_null_not_valid(version: int) -> bool:
    """``ADD CONSTRAINT … NOT NULL c NOT VALID``: no proof by a CHECK is needed (release notes of 18)."""
    return version >= 18


def has_set_expression(version: int) -> bool:
    """``ALTER COLUMN … SET EXPRESSION`` (release notes of 17)."""
    return version >= 17


def has_identity_in_partitions(version: int) -> bool:
    """The identity of a partitioned table is that of its partitions (release notes of 17)."""
    return version >= 17


def has_set_option(version: int) -> bool:
    """``GRANT role TO role WITH SET``: not every member may become the role (release notes of 16)."""
    return version >= 16


def has_security_invoker_views(version: int) -> bool:
    """``WITH (security_invoker)`` (release notes of 15)."""
    return version >= 15


def has_foreign_keys_not_valid_on_partitioned(version: int) -> bool:
    """``ADD FOREIGN KEY … NOT VALID`` on a partitioned table (release notes of 18)."""
    return version >= 18


_SINCE = (
    (15, r"\bNULLS NOT DISTINCT\b", "NULLS NOT DISTINCT"),
    (15, r"\bON (DELETE|UPDATE) SET (NULL|DEFAULT) \(", "a list of columns after SET NULL or SET DEFAULT"),
    (15, r"\bsecurity_invoker\b", "views with security_invoker"),
    (15, r"\bTABLES IN SCHEMA\b", "publications of whole schemas"),
    (15, r"(?s)\bPUBLICATION\b.*\bTABLE\b.*(\(| WHERE )", "publications of some columns or rows"),
    (15, r"\bUNLOGGED SEQUENCE\b", "unlogged sequences"),
    (17, r"(?s)\bPARTITION OF\b.*\bGENERATED\b.*\bAS IDENTITY\b", "identity columns in partitions"),
    (18, r"\) VIRTUAL\b", "virtual generated columns"),
    (18, r"\bNOT ENFORCED\b", "constraints that are not enforced"),
    (18, r"\bWITHOUT OVERLAPS\b|\bPERIOD\b", "keys over periods"),
)
"""What DDL has since which major version, by how it is written (the release notes of each)."""


def lacking(version: int, sql: str) -> tuple[str, int] | None:
    """What ``sql`` uses that ``version`` does not have yet, and the version that has it; None where there is nothing.

    Texts in quotes do not count. It is asked where the scratch server is newer than the one that is planned for, which
    would say so itself.
    """
    unknown = [each for each in _SINCE if version < each[0]]
    if not unknown:
        return None
    bare = re.sub(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"", "''", sql)
    return next(((words, since) for since, how, words in unknown if re.search(how, bare)), None)
