"""SQL files as they are: one unit a file, read by PostgreSQL itself. Only what psql alone understands is looked at."""

import re
from pathlib import Path

from generator.errors import BadInput
from generator.load.quoting import code_only
from generator.model.declared import Declared, Unit

_HARMLESS = re.compile(
    r"\\(restrict|unrestrict|echo|qecho|warn|timing|pset|x|q"
    r"|set\s+(ON_ERROR_STOP|ON_ERROR_ROLLBACK|QUIET|VERBOSITY|ECHO)|encoding\s+'?utf-?8'?)\b",
    re.IGNORECASE,
)
_COPY = re.compile(r"\bcopy\b[^;]*?\bfrom\s+(stdin|pstdin)\b", re.IGNORECASE)


def load_sql(file: Path) -> Declared:
    """A .sql file. Raises BadInput."""
    unit = Unit(name=f"file {file.name}", sql=read_sql(file), origin=f"{file}:1")
    return Declared(source=str(file), units=(unit,))


def read_sql(file: Path) -> str:
    """The text of a file, without psql's harmless commands; every line keeps its number. Raises BadInput."""
    return without_commands(_decoded(file), str(file))


def _decoded(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file}: cannot be read ({error.strerror}).") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadInput(
            f"{file}:{line}: not UTF-8 (byte 0x{raw[error.start]:02x}).",
            "Save the file as UTF-8 (pg_dump does with --encoding=UTF8).",
        ) from None
    text = text.replace("\r\n", "\n")
    if "\0" in text:
        raise BadInput(f"{file}:{text.count(chr(10), 0, text.index(chr(0))) + 1}: a zero byte; not an SQL file.")
    return text


def without_commands(text: str, file: str) -> str:
    """The SQL without psql's harmless commands; ``file`` names it. Raises BadInput for any other command."""
    code = code_only(text)
    copied = _COPY.search(code)
    if copied:
        raise BadInput(
            f"{file}:{code.count(chr(10), 0, copied.start()) + 1}: COPY … FROM stdin brings rows along; "
            "a schema has none.",
            "Leave the rows out (pg_dump --schema-only), or give them with --rows.",
        )
    lines = text.split("\n")
    for number, coded in enumerate(code.split("\n")):
        command = coded.strip()
        if not command.startswith("\\"):
            continue
        if not _HARMLESS.match(command):
            raise BadInput(
                f"{file}:{number + 1}: {command.split()[0]} is a command of psql, not SQL.",
                "Take the line out; for \\i give a folder of .sql files, for \\connect the database's own dump.",
            )
        lines[number] = ""
    return "\n".join(lines)
