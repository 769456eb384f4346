"""What is not a table: namespaces, extensions, enums, sequences, comments. None of it locks a table's rows."""

from generator.dialects.postgres.locks import access_share, share_update_exclusive
from generator.dialects.postgres.names import ident, literal, qname
from generator.model.change import CommentTarget
from generator.model.plan import Pace, Statement, TableLock
from generator.model.schema import EnumType, Extension, QName, Sequence, SequenceOptions


def create_namespace(name: str) -> Statement:
    """CREATE SCHEMA."""
    return Statement(sql=f"CREATE SCHEMA {ident(name)}")


def drop_namespace(name: str) -> Statement:
    """Fails, and should, while anything is in it."""
    return Statement(sql=f"DROP SCHEMA {ident(name)}")


def create_extension(extension: Extension) -> Statement:
    """Needs the right to create in the database, and for an untrusted extension a superuser."""
    version = "" if extension.usual else f" VERSION {literal(extension.version)}"
    return Statement(sql=f"CREATE EXTENSION {ident(extension.name)} WITH SCHEMA {ident(extension.schema)}{version}")


def update_extension(extension: Extension) -> Statement:
    """Runs the extension's own scripts that lead to the version."""
    return Statement(sql=f"ALTER EXTENSION {ident(extension.name)} UPDATE TO {literal(extension.version)}")


def move_extension(extension: Extension) -> Statement:
    """Only for an extension which can be moved; all its objects go along."""
    return Statement(sql=f"ALTER EXTENSION {ident(extension.name)} SET SCHEMA {ident(extension.schema)}")


def drop_extension(name: str) -> Statement:
    """Fails, and should, while anything uses it."""
    return Statement(sql=f"DROP EXTENSION {ident(name)}")


def create_enum(enum: EnumType) -> Statement:
    """CREATE TYPE … AS ENUM."""
    return Statement(sql=f"CREATE TYPE {qname(enum.name)} AS ENUM ({', '.join(map(literal, enum.values))})")


def drop_type(name: QName) -> Statement:
    """Fails, and should, while a column uses it."""
    return Statement(sql=f"DROP TYPE {qname(name)}")


def rename_type(old: QName, new: QName) -> Statement:
    """Takes no lock on a table; whatever uses the type follows by itself."""
    return Statement(sql=f"ALTER TYPE {qname(old)} RENAME TO {ident(new.name)}")


def add_enum_value(enum: QName, value: str, before: str | None) -> Statement:
    """Takes no table lock; the value may be used only once this has been committed."""
    place = f" BEFORE {literal(before)}" if before is not None else ""
    return Statement(sql=f"ALTER TYPE {qname(enum)} ADD VALUE IF NOT EXISTS {literal(value)}{place}")


def _options(options: SequenceOptions) -> str:
    return (
        f"AS {options.type} START WITH {options.start} INCREMENT BY {options.increment} MINVALUE {options.minimum}"
        f" MAXVALUE {options.maximum} CACHE {options.cache} {'CYCLE' if options.cycle else 'NO CYCLE'}"
    )


def create_sequence(sequence: Sequence) -> Statement:
    """Not yet owned by a column, which may not be there yet."""
    return Statement(sql=f"CREATE SEQUENCE {qname(sequence.name)} {_options(sequence.options)}")


def alter_sequence(sequence: Sequence) -> Statement:
    """Options only; its value stays."""
    return Statement(sql=f"ALTER SEQUENCE {qname(sequence.name)} {_options(sequence.options)}")


def own_sequence(name: QName, owner: tuple[QName, str] | None) -> Statement:
    """The sequence goes when the column goes; None sets it free."""
    column = f"{qname(owner[0])}.{ident(owner[1])}" if owner else "NONE"
    return Statement(sql=f"ALTER SEQUENCE {qname(name)} OWNED BY {column}")


def rename_sequence(old: QName, new: str) -> Statement:
    """Defaults that use it follow by themselves."""
    return Statement(sql=f"ALTER SEQUENCE {qname(old)} RENAME TO {ident(new)}")


def drop_sequence(name: QName) -> Statement:
    """IF EXISTS, since one that a dropped column owned is gone with it."""
    return Statement(sql=f"DROP SEQUENCE IF EXISTS {qname(name)}")


def continue_sequence(sequence: QName, table: QName, column: str, *, finds: bool) -> Statement:
    """Sets the sequence behind the highest value of the column: a look into an index that ``finds`` it, else a scan."""
    return Statement(
        sql=(
            f"SELECT setval({literal(qname(sequence))}, greatest((SELECT max({ident(column)}) FROM {qname(table)}),"
            f" (SELECT last_value FROM {qname(sequence)})))"
        ),
        pace=Pace.INSTANT if finds else Pace.WINDOW,
        scans=() if finds else (table,),
    )


def carry_sequence(sequence: QName, source: QName) -> Statement:
    """Sets one sequence to where another one is."""
    return Statement(sql=f"SELECT setval({literal(qname(sequence))}, last_value, is_called) FROM {qname(source)}")


def comment_on(target: CommentTarget, of: QName, name: str, text: str | None) -> Statement:
    """A comment, or none."""
    value = "NULL" if text is None else literal(text)
    locks: tuple[TableLock, ...] = ()
    match target:
        case CommentTarget.COLUMN:
            thing, locks = f"COLUMN {qname(of)}.{ident(name)}", (share_update_exclusive(of),)
        case CommentTarget.CONSTRAINT:
            thing, locks = f"CONSTRAINT {ident(name)} ON {qname(of)}", (access_share(of),)
        case CommentTarget.TABLE:
            thing, locks = f"TABLE {qname(of)}", (share_update_exclusive(of),)
        case CommentTarget.SCHEMA | CommentTarget.EXTENSION:
            thing = f"{target.value} {ident(name)}"
        case _:
            thing = f"{target.value} {qname(of)}"
    return Statement(sql=f"COMMENT ON {thing} IS {value}", locks=locks)
