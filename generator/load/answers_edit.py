"""Writes answers into an answers file: what is there, with its comments, stays as it is."""

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from generator.errors import BadInput


def add_answers(path: Path, lines: Sequence[str]) -> None:
    """Add TOML sections to a file (made if need be): new keys to their section, lists to lists; else the new counts.

    Raises BadInput for a file that cannot be read or written; then it is as it was.
    """
    from generator.load.answers_file import read_answers

    if path.exists():
        read_answers(path)
        text = path.read_text(encoding="utf-8-sig")
    else:
        text = ""
    for section, key, value in _assignments(lines):
        text = _with(text, section, key, value)
    try:
        handle, temporary = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            if path.exists():
                os.chmod(temporary, path.stat().st_mode & 0o777)
            else:
                os.chmod(temporary, 0o644)
            read_answers(Path(temporary))
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise BadInput(f"{path}: cannot be written: {error.strerror}") from error


def _assignments(lines: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    """(section, key, value) of every line."""
    import tomllib

    from generator.load.toml_lines import entries

    for part in _sections("\n".join(lines)):
        data: Any = tomllib.loads(part)
        for entry in entries(part):
            if entry.key:
                value = data
                for name in entry.section + entry.key:
                    value = value[name]
                yield entry.section, ".".join(entry.key), value


def _sections(lines: str) -> Iterator[str]:
    """Each section apart: two questions may both be answered in ``[accept]``, and TOML takes a section only once."""
    part: list[str] = []
    for line in lines.splitlines():
        if line.startswith("[") and part:
            yield "\n".join(part)
            part = []
        part.append(line)
    yield "\n".join(part)


def _with(text: str, section: tuple[str, ...], key: str, value: Any) -> str:
    """The text with one assignment more, or another value."""
    import tomllib

    from generator.load.toml_lines import entries

    found = entries(text)
    lines = text.split("\n")
    for entry in found:
        if entry.section == section and ".".join(entry.key) == key and entry.key:
            before: Any = tomllib.loads(text)
            for name in entry.section + entry.key:
                before = before[name]
            lines[entry.start : entry.end] = [f"{_key(key)} = {_value(_joined(section, before, value))}"]
            return "\n".join(lines)
    inside = [entry for entry in found if entry.section == section]
    if inside:
        lines.insert(inside[-1].end, f"{_key(key)} = {_value(value)}")
        return "\n".join(lines)
    header = ".".join(_key(name) for name in section)
    stripped = text.rstrip("\n")
    return (stripped + "\n\n" if stripped else "") + f"[{header}]\n{_key(key)} = {_value(value)}\n"


def _joined(section: tuple[str, ...], before: Any, value: Any) -> Any:
    if section == ("apart",):
        before, value = ([each] if isinstance(each, str) else each for each in (before, value))
    if isinstance(before, list) and isinstance(value, list) and section in (("accept",), ("apart",)):
        return list(dict.fromkeys([*before, *value]))
    return value


def _key(name: str) -> str:
    return name if name.replace("_", "a").replace("-", "a").isalnum() and name.isascii() else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, str):
        # JSON's strings are TOML's, but for a character that JSON leaves as it is.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(name)} = {_value(each)}" for name, each in value.items()) + " }"
    return str(value)
