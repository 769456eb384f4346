"""What one major version of PostgreSQL can do and another cannot, as named facts."""

OLDEST, NEWEST = 14, 18


def has_not_null_not_valid(version: int) -> bool:
    """``ADD CONSTRAINT … NOT NULL c NOT VALID``: no proof by a CHECK is needed (release notes of 18)."""
    return version >= 18


def has_set_expression(version: int) -> bool:
    """``ALTER COLUMN … SET EXPRESSION`` (release notes of 17)."""
    return version >= 17


def has_security_invoker_views(version: int) -> bool:
    """``WITH (security_invoker)`` (release notes of 15)."""
    return version >= 15
