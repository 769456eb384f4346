"""Triggers and their functions: a function is replaced without any lock on the table."""

from generator.dialects.postgres.locks import access_exclusive
from generator.dialects.postgres.names import ident, qname
from generator.model.plan import Statement
from generator.model.schema import QName


def drop_trigger(table: QName, name: str) -> Statement:
    """A change in the catalog only."""
    return Statement(sql=f"DROP TRIGGER {ident(name)} ON {qname(table)}", locks=(access_exclusive(table),))


OFF = " BEGIN RETURN NEW; END "
"""The body of a trigger function that does nothing."""


def switch_off(function: QName) -> Statement:
    """A trigger function that does nothing any more: at once, since it takes no lock on the table."""
    return Statement(
        sql=f"CREATE OR REPLACE FUNCTION {qname(function)}() RETURNS trigger LANGUAGE plpgsql AS $off${OFF}$off$"
    )


def drop_function(function: QName) -> Statement:
    """Fails, and should, while a trigger uses it."""
    return Statement(sql=f"DROP FUNCTION IF EXISTS {qname(function)}()")
