"""Objects that are known by their definition and are changed in their place, since others hang on them.

Each function takes two definitions of one object and gives the statements that make the second of the first, or None
where PostgreSQL has none for it. Definitions are the server's own, as ``catalog/others/*.sql`` write them.
"""

import re

from generator.dialects.postgres.names import QNAME, ident
from generator.model.schema import Other

_NAME = r'(?:"(?:[^"]|"")*"|[^\s"(,])+'
_TEXT = r"E?'(?:[^']|'')*'"


def options_of(definition: str) -> dict[str, str]:
    """The names and values, as SQL, of the ``OPTIONS (…)`` at a definition's end."""
    found = re.search(rf" OPTIONS \(((?:{_NAME} {_TEXT}(?:, )?)+)\)$", definition)
    return dict(re.findall(rf"({_NAME}) ({_TEXT})", found[1])) if found else {}


def altered_options(old: dict[str, str], new: dict[str, str]) -> str:
    """`` OPTIONS (ADD …, SET …, DROP …)``, or nothing."""
    parts = [f"DROP {name}" for name in old if name not in new]
    parts += [
        f"{'SET' if name in old else 'ADD'} {name} {value}" for name, value in new.items() if old.get(name) != value
    ]
    return f" OPTIONS ({', '.join(parts)})" if parts else ""


def alter_wrapper(old: Other, new: Other) -> tuple[str, ...] | None:
    """Its functions and its options."""
    parts = []
    for word in ("HANDLER", "VALIDATOR"):
        before, after = (re.search(rf" {word} ({_NAME})", each.definition) for each in (old, new))
        if (before and before[1]) != (after and after[1]):
            parts.append(f" {word} {after[1]}" if after else f" NO {word}")
    parts.append(altered_options(options_of(old.definition), options_of(new.definition)))
    return (f"ALTER FOREIGN DATA WRAPPER {ident(new.sql_name)}{''.join(parts)}",)


def alter_server(old: Other, new: Other) -> tuple[str, ...] | None:
    """Its version and its options; never its type or its wrapper, nor back to no version."""
    pattern = rf"CREATE SERVER {_NAME}( TYPE {_TEXT})?( VERSION {_TEXT})? FOREIGN DATA WRAPPER ({_NAME})"
    before, after = (re.match(pattern, each.definition) for each in (old, new))
    assert before is not None
    assert after is not None
    if (before[1], before[3]) != (after[1], after[3]) or (before[2] and not after[2]):
        return None
    version = after[2] or "" if before[2] != after[2] else ""
    options = altered_options(options_of(old.definition), options_of(new.definition))
    return (f"ALTER SERVER {ident(new.sql_name)}{version}{options}",)


def alter_publication(old: Other, new: Other) -> tuple[str, ...] | None:
    """What it publishes of each table; whether it is of all tables cannot be changed."""
    everything = [" FOR ALL TABLES" in each.definition for each in (old, new)]
    if everything[0] != everything[1]:
        return None
    return (f"ALTER PUBLICATION {ident(new.sql_name)} SET ({new.definition.split(' WITH (', 1)[1]}",)


def alter_text_search(old: Other, new: Other) -> tuple[str, ...] | None:
    """The mappings of a configuration, the options of a dictionary; never the parser, nor the template."""
    if new.kind == "text search dictionary":
        return _alter_dictionary(old, new)
    (first, *before), (second, *after) = (each.definition.split(";\n") for each in (old, new))
    if first != second:
        return None
    had, has = _mappings(before), _mappings(after)
    alter = f"ALTER TEXT SEARCH CONFIGURATION {new.sql_name}"
    changed = [f"{alter} DROP MAPPING FOR {token}" for token in had if token not in has]
    for token, dictionaries in has.items():
        if had.get(token) != dictionaries:
            changed.append(f"{alter} {'ALTER' if token in had else 'ADD'} MAPPING FOR {token} WITH {dictionaries}")
    return tuple(changed)


def _mappings(lines: list[str]) -> dict[str, str]:
    found = (re.search(r" ADD MAPPING FOR (\S+) WITH (.*)$", line) for line in lines)
    return {each[1]: each[2] for each in found if each is not None}


def _alter_dictionary(old: Other, new: Other) -> tuple[str, ...] | None:
    parts = [
        re.match(
            rf"CREATE TEXT SEARCH DICTIONARY {QNAME} \((TEMPLATE = [^,)]+)(?:, (.*))?\)$", each.definition, re.DOTALL
        )
        for each in (old, new)
    ]
    before, after = parts
    assert before is not None
    assert after is not None
    if before[1] != after[1]:
        return None
    had, has = (dict(re.findall(rf"({_NAME}) = ({_TEXT}|[^\s,]+)", each[2] or "")) for each in (before, after))
    options = [name for name in had if name not in has]
    options += [f"{name} = {value}" for name, value in has.items() if had.get(name) != value]
    return (f"ALTER TEXT SEARCH DICTIONARY {new.sql_name} ({', '.join(options)})",)
