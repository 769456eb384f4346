"""Policies of row-level security."""

from generator.dialects.postgres.names import ident
from generator.load.drizzle.entities import Policy

_WORDS = ("current_user", "current_role", "session_user", "public")
"""What stands for a role, and is no role's name."""


def create_policy(policy: Policy) -> str:
    """The statement that makes it."""
    text = f"CREATE POLICY {ident(policy.name)} ON {policy.on} AS {policy.kind} FOR {policy.command}"
    if policy.roles:
        text += f" TO {', '.join(role if role in _WORDS else ident(role) for role in policy.roles)}"
    if policy.using:
        text += f" USING ({policy.using})"
    if policy.check:
        text += f" WITH CHECK ({policy.check})"
    return text + ";\n"
