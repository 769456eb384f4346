"""Values for text: everyday ones in the forms that checks ask for, and the edges."""

from collections.abc import Callable

from generator.prove.family import Family, edges_first

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789" + _LETTERS

EDGES = (
    "plain text",
    "Ünïcødé ✓ 数",
    'it\'s "quoted" \\ and\\n',
    "",
    " blanks around ",
    "100% _of_ {it}, $1 $$ :name %s",
    "line\nbreak\tand tab",
)
"""What breaks careless quoting; all different also in lower case and without blanks around."""


def _letters(number: int, least: int) -> str:
    digits = ""
    while number or len(digits) < least:
        number, digit = divmod(number, 26)
        digits = _LETTERS[digit] + digits
    return digits


def _short(number: int, length: int) -> str:
    digits = ""
    while len(digits) < length:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


# In the order in which they are tried against a check, after the plainest.
_FORMS: tuple[tuple[str, Callable[[int], str]], ...] = (
    ("text", lambda k: f"value {k}"),
    ("e-mail", lambda k: f"user{k}@example.org"),
    ("slug", lambda k: f"item-{k}"),
    ("word", lambda k: _letters(k, 3)),
    ("capitals", lambda k: _letters(k, 3).upper()),
    ("two capitals", lambda k: _letters(k % 676, 2).upper()),
    ("digits", lambda k: str(1000 + k)),
    ("ten digits", lambda k: f"{1000000000 + k}"),
    ("phone", lambda k: f"+1555{k:07d}"),
    ("code", lambda k: f"{_letters(k // 10000, 4).upper()}-{k % 10000:04d}"),
    ("url", lambda k: f"https://example.org/{k}"),
    ("path", lambda k: f"/srv/item-{k}"),
    ("host", lambda k: f"host{k}.example.org"),
    ("hexadecimal", lambda k: f"{k:032x}"),
    ("sha256", lambda k: f"{k:064x}"),
    ("uuid", lambda k: f"{k:08x}-0000-4000-8000-000000000000"),
    ("address", lambda k: f"10.{k >> 16 & 255}.{k >> 8 & 255}.{k & 255}"),
    ("colour", lambda k: f"#{k:06x}"),
    ("version", lambda k: f"1.0.{k}"),
    ("day", lambda k: f"{2001 + k // 336}-{k // 28 % 12 + 1:02d}-{k % 28 + 1:02d}"),
    ("identifier", lambda k: f"item_{k}"),
    ("Name", lambda k: f"Name {_letters(k, 3).capitalize()}"),
    ("json", lambda k: f'{{"id": {k}}}'),
    ("character", lambda k: _DIGITS[k % 36]),
)
_SIZES = {"two capitals": 676, "character": 36}

_HINTS = (
    ("mail", "e-mail"),
    ("url", "url"),
    ("slug", "slug"),
    ("phone", "phone"),
    ("sku", "code"),
    ("code", "code"),
    ("host", "host"),
    ("path", "path"),
    ("country", "two capitals"),
    ("currency", "capitals"),
    ("colo", "colour"),
    ("name", "Name"),
)


def text_families(length: int | None = None, hint: str = "") -> tuple[Family, ...]:
    """Families for text of at most ``length`` characters; ``hint`` is the column's name, whose form comes first."""
    limit = length if length is not None else 10**9
    wanted = next((form for part, form in _HINTS if part in hint.lower()), "text")
    forms = sorted(_FORMS, key=lambda form: form[0] != wanted)
    found = [
        Family(name=name, text=form, size=_SIZES.get(name, None if limit > 40 else _size_within(form, limit)))
        for name, form in forms
        if len(form(0)) <= limit
    ]
    if limit < 9:
        found.insert(0, Family(name="short", text=lambda k: _short(k, limit), size=36**limit))
    edges = [edge for edge in EDGES if len(edge) <= limit]
    if 7 < limit <= 10000:
        edges.append(("x" * limit)[:limit])
    rest = found[0]
    size = rest.size
    found.insert(1, edges_first("edges", edges, rest.value, size) if edges else rest)
    return tuple(found)


def _size_within(form: Callable[[int], str], limit: int) -> int:
    size = 36
    while size < 10**6 and len(form(size * 10)) <= limit:
        size *= 10
    return size
