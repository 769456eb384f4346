"""The answers file (TOML), read strictly: what is not understood is told with its line, never left out."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from generator.errors import BadInput
from generator.model.answers import Answers, Backfill, Conversion, EnumValues, Unmatched

Where = Callable[[str, str], str]
"""Where the entry of a section stands: ``answers.toml:3``, or an empty text."""

_SECTIONS = ("backfill", "convert", "enum", "rename", "apart", "accept")
_BACKFILL = ("from", "match", "value", "unmatched", "create", "duplicates")
_NO_ROW_NEEDS_ONE = {"unmatched": "stop"}
_CONVERT = ("using", "back")
_ENUM = ("map", "gone")
_ACCEPT = ("loses", "locks", "breaks")


def read_answers(path: Path) -> Answers:
    """The answers in a file. Raises BadInput with file and line."""
    import tomllib

    from generator.load.toml_lines import line_of

    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise BadInput(f"{path}: there is no such answers file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read: {error}") from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # A file that ends too early is told by its last line.
        at = re.search(r"\(at line (\d+), column \d+\)|$", str(error))
        line = at[1] if at and at[1] else text.count("\n") + 1
        said = str(error).partition(" (at ")[0]
        raise BadInput(
            f"{path}:{line}: not valid TOML: {said}.", "Look at that line, and at the one above it."
        ) from None
    return to_answers(data, lambda section, key: f"{path}:{line_of(text, section, key)}")


def to_answers(data: Mapping[str, Any], where: Where) -> Answers:
    """The answers in the data of a file or of models' hints. Raises BadInput."""
    for section in data:
        if section not in _SECTIONS:
            raise _unknown(section, _SECTIONS, where(section, ""))
        if not isinstance(data[section], Mapping):
            raise BadInput(f"{where(section, '')}: {section} has to be a section: [{section}].")
    origin: dict[str, str] = {}
    backfills = {
        key: _backfill(entry, where("backfill", key))
        for key, entry in _entries(data, "backfill", _BACKFILL, where, origin)
    }
    conversions = {
        key: _conversion(entry, where("convert", key))
        for key, entry in _entries(data, "convert", _CONVERT, where, origin)
    }
    enums = {
        key: _enum_values(entry, where("enum", key)) for key, entry in _entries(data, "enum", _ENUM, where, origin)
    }
    renames = {
        key: _text(entry, where("rename", key), f'the new name of "{key}"')
        for key, entry in _entries(data, "rename", (), where, origin)
    }
    apart = {
        (key, _text(name, where("apart", key), f'what "{key}" is kept apart from'))
        for key, entry in _entries(data, "apart", (), where, origin)
        for name in (entry if isinstance(entry, list) else [entry])
    }
    accepted = {name: _accepted(data.get("accept", {}), name, where, origin) for name in _ACCEPT}
    for name in data.get("accept", {}):
        if name not in _ACCEPT:
            raise _unknown(name, _ACCEPT, where("accept", name))
    return Answers(
        backfills=backfills,
        conversions=conversions,
        enums=enums,
        renames=renames,
        keeps_apart=frozenset(apart),
        origin=origin,
        **accepted,
    )


def merge(*answers: Answers) -> Answers:
    """All answers together; where two answer the same, the later one counts."""
    merged: dict[str, Any] = {}
    for field in fields(Answers):
        values = [getattr(each, field.name) for each in answers]
        if isinstance(getattr(Answers(), field.name), frozenset):
            merged[field.name] = frozenset[Any]().union(*values)
        else:
            merged[field.name] = {key: value for each in values for key, value in each.items()}
    return Answers(**merged)


def _entries(
    data: Mapping[str, Any], section: str, inner: Iterable[str], where: Where, origin: dict[str, str]
) -> list[tuple[str, Any]]:
    """The section's entries. ``[backfill.customers.user_id]`` means the same as ``[backfill."customers.user_id"]``."""

    def flat(prefix: str, table: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
        for name, value in table.items():
            key = f"{prefix}.{name}" if prefix else name
            if (
                isinstance(value, Mapping)
                and value
                and not value.keys() & set(inner)
                and _all_tables_below(value, inner)
            ):
                yield from flat(key, value)
            else:
                yield key, value

    found = list(flat("", data.get(section, {})))
    for key, _ in found:
        if not key.strip():
            raise BadInput(f"{where(section, key)}: an empty name in [{section}].")
        origin[key] = where(section, key)
    return found


def _all_tables_below(value: Mapping[str, Any], inner: Iterable[str]) -> bool:
    return not list(inner) or all(isinstance(each, Mapping) for each in value.values())


def _backfill(entry: Any, where: str) -> Backfill:
    if isinstance(entry, str):
        entry = {"value": entry}
    _check_keys(entry, _BACKFILL, where, "a back-fill")
    if "value" not in entry and entry != _NO_ROW_NEEDS_ONE:
        raise BadInput(
            f"{where}: the back-fill has no value.",
            'Add one, as in value = "users.id" (any SQL expression over the row).',
        )
    match = entry.get("match")
    if isinstance(match, list) and match and all(isinstance(each, str) for each in match):
        match = tuple(match)
    elif match is not None:
        match = _text(match, where, "match (one SQL condition, or a list of columns)")
    source = entry.get("from")
    if match is not None and source is None:
        raise BadInput(f"{where}: match without from.", 'Say which table is matched, as in from = "users".')
    if entry.get("duplicates", "stop") != "stop":
        raise BadInput(f'{where}: duplicates can only be "stop" for now.')
    create = entry.get("create", {})
    if not isinstance(create, Mapping):
        raise BadInput(f'{where}: create has to be a table: create = {{ email = "customers.email" }}.')
    unmatched = entry.get("unmatched", Unmatched.STOP)
    if unmatched not in list(Unmatched):
        raise _unknown(str(unmatched), tuple(Unmatched), where, "unmatched = ")
    if (unmatched == Unmatched.CREATE) != bool(create):
        raise BadInput(
            f'{where}: unmatched = "create" and the create table belong together.',
            'create = { email = "customers.email" } says what the missing row holds.',
        )
    return Backfill(
        value=_text(entry["value"], where, "value (an SQL expression)") if "value" in entry else "",
        source=None if source is None else _text(source, where, "from (a table)"),
        match=match,
        unmatched=Unmatched(unmatched),
        create={column: _text(value, where, f"create.{column}") for column, value in create.items()},
    )


def _conversion(entry: Any, where: str) -> Conversion:
    if isinstance(entry, str):
        entry = {"using": entry}
    _check_keys(entry, _CONVERT, where, "a conversion")
    if "using" not in entry:
        raise BadInput(f"{where}: the conversion has no using.", 'Add one, as in using = "old_column::integer".')
    back = entry.get("back")
    return Conversion(
        using=_text(entry["using"], where, "using (an SQL expression)"),
        back=None if back is None else _text(back, where, "back (an SQL expression)"),
    )


def _enum_values(entry: Any, where: str) -> EnumValues:
    _check_keys(entry, _ENUM, where, "what becomes of an enum's values")
    renamed, gone = entry.get("map", {}), entry.get("gone", [])
    if not isinstance(renamed, Mapping) or not all(isinstance(each, str) for each in renamed.values()):
        raise BadInput(f'{where}: map has to be a table of old values to new ones: map = {{ b = "a" }}.')
    if not isinstance(gone, list) or not all(isinstance(each, str) for each in gone):
        raise BadInput(f'{where}: gone has to be a list of values that no row has: gone = ["b"].')
    return EnumValues(map=dict(renamed), gone=tuple(gone))


def _accepted(section: Mapping[str, Any], name: str, where: Where, origin: dict[str, str]) -> frozenset[str]:
    listed = section.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(each, str) and each for each in listed):
        raise BadInput(
            f'{where("accept", name)}: {name} has to be a list of names: {name} = ["customers.legacy_code"].'
        )
    for each in listed:
        origin.setdefault(each, where("accept", name))
    return frozenset(listed)


def _check_keys(entry: Any, known: tuple[str, ...], where: str, what: str) -> None:
    if not isinstance(entry, Mapping):
        raise BadInput(f"{where}: {what} has to be a table or a text, and is {entry!r}.")
    for key in entry:
        if key not in known:
            raise _unknown(key, known, where)


def _text(value: Any, where: str, what: str) -> str:
    if isinstance(value, str) and value.strip():
        return value
    raise BadInput(f"{where}: {what} has to be a text, and is {value!r}.")


def _unknown(key: str, known: Iterable[str], where: str, before: str = "") -> BadInput:
    names = [str(each) for each in known]
    near = difflib.get_close_matches(key, names, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(names)}."
    return BadInput(f"{where}: {before}{key} is not known here.", hint)
