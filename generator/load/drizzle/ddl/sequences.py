"""Sequences, and the ways in which identity columns count."""

from generator.load.drizzle.ddl.names import qualified
from generator.load.drizzle.entities import Identity, Sequence


def create_sequence(sequence: Sequence) -> str:
    """The statement that makes it."""
    return f"CREATE SEQUENCE {qualified(sequence.schema, sequence.name)}{_options(sequence)};\n"


def identity_clause(identity: Identity) -> str:
    """What makes a column an identity column, with a blank before it."""
    sequence = identity.sequence
    name = f"SEQUENCE NAME {qualified(sequence.schema, sequence.name)}"
    return f" GENERATED {'ALWAYS' if identity.always else 'BY DEFAULT'} AS IDENTITY ({name}{_options(sequence)})"


def _options(sequence: Sequence) -> str:
    said = (
        ("INCREMENT BY", sequence.increment),
        ("MINVALUE", sequence.minimum),
        ("MAXVALUE", sequence.maximum),
        ("START WITH", sequence.start),
        ("CACHE", sequence.cache),
    )
    options = "".join(f" {words} {value}" for words, value in said if value)
    return options + " CYCLE" * sequence.cycle
