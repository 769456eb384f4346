"""The project's policy: ``gen-migration.toml``, or ``[tool.gen-migration]`` in ``pyproject.toml``; read strictly."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.errors import BadInput
from generator.model.check import CheckForm, Severity
from generator.model.hazards import codes
from generator.model.plan import LockMode
from generator.model.policy import Allowed, Policy
from generator.model.runners import PSQL, RUNNERS

FILE = "gen-migration.toml"
"""A file of its own comes before the section of ``pyproject.toml``."""

_PYPROJECT = "pyproject.toml"
_TEXTS = ("old", "new", "answers", "rows", "out", "to", "templates", "server")
_LISTS = ("migrations", "code", "format", "small")
_SECTIONS = ("hazards", "locks", "allow")
_KEYS = (*_TEXTS, "pg", "prove", *_LISTS, "longest", *_SECTIONS)
_SEE = "The keys are told in docs/check.md, under “Policy”."


def read_policy(folder: Path, named: Path | None = None) -> Policy:
    """The policy of a folder, or of the file ``named``; an empty one where there is none. Raises BadInput."""
    if named is not None:
        if not named.is_file():
            raise BadInput(f"--config {named}: there is no such file.")
        return _read(named, required=True)
    for name in (FILE, _PYPROJECT):
        if (folder / name).is_file():
            found = _read(folder / name, required=name == FILE)
            if found.file:
                return found
    return Policy()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A policy's text, and where its section begins: what stands where is looked up only for an error."""

    path: Path
    text: str
    prefix: tuple[str, ...]

    def at(self, *keys: str) -> str:
        """``file:line`` of a key, or of what it stands in."""
        from generator.load.toml_lines import entries

        best, line = 0, 1
        for entry in entries(self.text):
            place = entry.section + entry.key
            wanted = self.prefix + keys
            same = next((n for n, pair in enumerate(zip(place, wanted, strict=False)) if pair[0] != pair[1]), None)
            length = min(len(place), len(wanted)) if same is None else same
            if length > best and (same is None or entry.key == ()):
                best, line = length, entry.start + 1
        return f"{self.path}:{line}"


def _read(path: Path, *, required: bool) -> Policy:
    import tomllib

    try:
        text = path.read_bytes().decode("utf-8-sig")
        data: Any = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = found[1] if found else text.count("\n") + 1
        said = str(error).partition(" (at ")[0]
        raise BadInput(f"{path}:{line}: not valid TOML: {said}.", "Look at that line, and at the one above.") from None
    prefix: tuple[str, ...] = ()
    if path.name == _PYPROJECT or "tool" in data:
        prefix = ("tool", "gen-migration")
        data = data.get("tool", {}).get("gen-migration")
        if data is None:
            if required:
                raise BadInput(f"{path}: has no section [tool.gen-migration].", _SEE)
            return Policy()
    where = _Text(path=path, text=text, prefix=prefix)
    if not isinstance(data, Mapping):
        raise BadInput(f"{where.at()}: has to be a section: [tool.gen-migration].", _SEE)
    _known(data, _KEYS, where, ())
    return _policy(data, where)


def _policy(data: Mapping[str, Any], where: _Text) -> Policy:
    texts = {key: _of(data[key], str, "a text", where, key) for key in _TEXTS if key in data}
    lists = {key: _texts(data[key], where, key) for key in _LISTS if key in data}
    pg = _of(data["pg"], int, "a number, as in pg = 17", where, "pg") if "pg" in data else None
    if pg is not None and pg < 14:
        raise BadInput(f"{where.at('pg')}: pg = {pg}: PostgreSQL 14 is the oldest that is written for.", _SEE)
    if texts.get("to", PSQL) not in (PSQL, *RUNNERS):
        raise BadInput(f"{where.at('to')}: {texts['to']!r} is none of: {', '.join((PSQL, *RUNNERS))}.", _SEE)
    if "format" in lists:
        _check_formats(lists["format"], where)
    longest = _of(data.get("longest", 1.0), (int, float), "a number of seconds", where, "longest")
    return Policy(
        file=str(where.path),
        **texts,
        code=lists.get("code", ()),
        migrations=lists.get("migrations", ()),
        format=lists.get("format", ()),
        small=frozenset(lists.get("small", ())),
        pg=pg,
        prove=_of(data.get("prove", True), bool, "true or false", where, "prove"),
        longest=float(longest),
        hazards={
            code: _word(text, Severity, where, ("hazards", code))
            for code, text in _section(data, "hazards", where, known=codes())
        },
        locks={table: _word(text, LockMode, where, ("locks", table)) for table, text in _section(data, "locks", where)},
        allow=tuple(_allowed(key, reason, where) for key, reason in _section(data, "allow", where)),
    )


def _section(data: Mapping[str, Any], name: str, where: _Text, known: Iterable[str] = ()) -> Iterable[tuple[str, Any]]:
    section = data.get(name, {})
    if not isinstance(section, Mapping):
        raise BadInput(f"{where.at(name)}: {name} has to be a section.", _SEE)
    if known:
        _known(section, tuple(known), where, (name,))
    return section.items()


def _allowed(key: str, reason: Any, where: _Text) -> Allowed:
    code, _, thing = key.partition(" ")
    if code not in codes():
        raise _unknown(code, codes(), where.at("allow", key))
    if not isinstance(reason, str) or not reason.strip():
        raise BadInput(
            f"{where.at('allow', key)}: {code} is set aside without a reason.",
            f'Say why: "{key}" = "because …".',
        )
    return Allowed(code=code, object=thing.strip(), reason=reason.strip())


def _check_formats(given: tuple[str, ...], where: _Text) -> None:
    forms = tuple(each.value for each in CheckForm)
    for each in given:
        if each.partition("=")[0] not in forms:
            raise _unknown(each, forms, where.at("format"))


def _word(text: Any, words: type[Severity] | type[LockMode], where: _Text, keys: tuple[str, ...]) -> Any:
    allowed = tuple(each.value for each in words)
    if not isinstance(text, str) or text not in allowed:
        raise BadInput(f"{where.at(*keys)}: {text!r} is none of: {', '.join(allowed)}.", _SEE)
    return words(text)


def _of(value: Any, kind: Any, called: str, where: _Text, key: str) -> Any:
    if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
        raise BadInput(f"{where.at(key)}: {key} has to be {called}.", _SEE)
    return value


def _texts(value: Any, where: _Text, key: str) -> tuple[str, ...]:
    given = value if isinstance(value, list) else [value]
    return tuple(_of(each, str, "a text or a list of texts", where, key) for each in given)


def _known(section: Mapping[str, Any], known: tuple[str, ...], where: _Text, path: tuple[str, ...]) -> None:
    for key in section:
        if key not in known:
            raise _unknown(key, known, where.at(*path, key))


def _unknown(word: str, known: Iterable[str], where: str) -> BadInput:
    close = difflib.get_close_matches(word, known, n=1)
    meant = f"; did you mean {close[0]}?" if close else "."
    return BadInput(f"{where}: {word} is not known{meant}", _SEE)
