"""Values for PostgreSQL's own types other than text."""

from collections.abc import Callable
from datetime import date, timedelta

from generator.prove.family import Family, cycle, edges_first

_DAY = date(2024, 1, 1)


def _plain(name: str, text: Callable[[int], str], size: int | None = None) -> Family:
    return Family(name=name, text=text, size=size)


def _integers(bits: int) -> tuple[Family, ...]:
    top = 2 ** (bits - 1) - 1
    return (
        _plain("counting", lambda k: str(k + 1), min(top, 10**9)),
        edges_first(f"{bits} bits", ("1", "-1", "0", str(top), str(-top - 1)), lambda k: str(k + 1), min(top, 10**9)),
        _plain("from zero", str, min(top, 10**9)),
        _plain("negative", lambda k: str(-k - 1), min(top, 10**9)),
        _plain("tens", lambda k: str(10 * (k + 1)), min(top // 10, 10**9)),
        _plain("hundreds", lambda k: str(100 * (k + 1)), min(top // 100, 10**9)),
        _plain("thousands", lambda k: str(1000 + k), min(top - 1000, 10**9)),
        _plain("years", lambda k: str(2000 + k), 100),
        cycle("zero or one", ("0", "1")),
    )


def _numeric(precision: int | None, scale: int) -> tuple[Family, ...]:
    if precision is None:
        return (
            _plain("halves", lambda k: f"{k}.5"),
            edges_first("digits", ("0", "-1.25", "12345678901234567890.0123456789"), lambda k: f"{k}.5"),
            _plain("fractions", lambda k: f"0.{k + 1:06d}", 10**6 - 2),
            _plain("counting", lambda k: str(k + 1)),
            _plain("negative", lambda k: str(-k - 1)),
        )
    size = 10 ** min(precision, 9) - 1

    def scaled(units: int) -> str:
        if scale <= 0:
            return str(units * 10**-scale)
        sign, digits = ("-" if units < 0 else ""), f"{abs(units):0{scale + 1}d}"
        return f"{sign}{digits[:-scale]}.{digits[-scale:]}"

    step = 10**scale if precision - scale >= 4 and scale > 0 else 1
    room = max(2, size // step)
    most = 10**precision - 1
    return (
        _plain("amounts", lambda k: scaled((k + 1) * step + (k % 100 if step > 100 else 0)), room - 1),
        edges_first("digits", (scaled(most), "0", scaled(-most), scaled(-1)), lambda k: scaled((k + 1) * step), room),
        _plain("units", lambda k: scaled(k + 1), size),
        _plain("negative", lambda k: scaled(-k - 1), size),
    )


def _floats() -> tuple[Family, ...]:
    return (
        _plain("halves", lambda k: f"{k}.5", 10**6),
        edges_first("floats", ("0", "-0.25", "1e+30", "-1e-30", "0.1"), lambda k: f"{k}.5", 10**6),
        _plain("fractions", lambda k: f"0.{k + 1:05d}", 99999),
        _plain("negative", lambda k: f"-{k}.5", 10**6),
    )


def _day(number: int) -> str:
    return (_DAY + timedelta(days=number)).isoformat()


def _moment(number: int, zone: str) -> str:
    return f"{_day(number)} {number % 24:02d}:30:15{zone}"


def _moments(zone: str) -> tuple[Family, ...]:
    edges = ("1999-12-31 23:59:59.999" + zone, "2024-02-29 00:00:00" + zone, "1900-01-01 00:00:00" + zone)
    return (
        _plain("moments", lambda k: _moment(k, zone), 10**6),
        edges_first("moments at the edge", edges, lambda k: _moment(k, zone), 10**6),
        _plain("moments long ago", lambda k: _moment(-k - 10000, zone), 10**5),
        _plain("moments ahead", lambda k: _moment(k + 20000, zone), 10**5),
    )


def _times(zone: str) -> tuple[Family, ...]:
    return (_plain("times", lambda k: f"{k // 60 % 24:02d}:{k % 60:02d}:00{zone}", 1440),)


def _bits(length: int | None) -> tuple[Family, ...]:
    width = length if length is not None else 8
    return (_plain("bits", lambda k: f"{k % 2**width:0{width}b}", 2 ** min(width, 30)),)


def _ranges(lower: Callable[[int], str]) -> tuple[Family, ...]:
    # Apart from one another, as exclusion constraints on ranges ask for.
    return (
        _plain("ranges", lambda k: f"[{lower(10 * k)},{lower(10 * k + 5)})"),
        edges_first("ranges at the edge", ("empty",), lambda k: f"[{lower(10 * k)},{lower(10 * k + 5)})"),
    )


_RANGES: dict[str, Callable[[int], str]] = {
    "int4": str,
    "int8": str,
    "num": str,
    "date": _day,
    "ts": lambda k: f'"{_moment(k, "")}"',
    "tstz": lambda k: f'"{_moment(k, "+00")}"',
}

_JSON = (
    '{"id": 0, "tags": ["a", "b"]}',
    "null",
    "[]",
    '"it\'s \\"text\\" \\\\"',
    "{}",
    '{"a": {"b": null}, "ü": 1.50}',
)

_MADE: dict[str, Callable[[], tuple[Family, ...]]] = {
    "smallint": lambda: _integers(16),
    "integer": lambda: _integers(32),
    "bigint": lambda: _integers(64),
    "oid": lambda: (_plain("counting", lambda k: str(k + 1)),),
    "real": _floats,
    "double precision": _floats,
    "boolean": lambda: (cycle("booleans", ("true", "false")), cycle("false", ("false",)), cycle("true", ("true",))),
    "money": lambda: (_plain("amounts", lambda k: f"{k}.25"),),
    "date": lambda: (
        _plain("days", _day, 10**6),
        edges_first("days at the edge", ("1999-12-31", "2023-02-28", "1900-01-01"), _day, 10**6),
        _plain("days long ago", lambda k: _day(-k - 10000), 10**5),
        _plain("days ahead", lambda k: _day(k + 20000), 10**5),
    ),
    "timestamp without time zone": lambda: _moments(""),
    "timestamp with time zone": lambda: _moments("+00"),
    "time without time zone": lambda: _times(""),
    "time with time zone": lambda: _times("+02"),
    "interval": lambda: (
        _plain("hours", lambda k: f"{k + 1} hours"),
        edges_first("intervals", ("1 mon -2 days 00:00:03.5", "0", "-1 days"), lambda k: f"{k + 1} hours"),
    ),
    "uuid": lambda: (_plain("uuids", lambda k: f"{k + 1:08x}-0000-4000-8000-{k * 7919 % 16**12:012x}", 16**8 - 1),),
    "bytea": lambda: (
        _plain("bytes", lambda k: f"\\x{k:08x}"),
        edges_first("bytes at the edge", ("\\x", "\\x00ff5c27"), lambda k: f"\\x{k:08x}"),
    ),
    "json": lambda: (_plain("objects", lambda k: f'{{"id": {k}}}'), edges_first("json", _JSON, lambda k: f"[{k}]")),
    "jsonb": lambda: (_plain("objects", lambda k: f'{{"id": {k}}}'), edges_first("json", _JSON, lambda k: f"[{k}]")),
    "jsonpath": lambda: (_plain("paths", lambda k: f"$.a[{k}]"),),
    "inet": lambda: (
        _plain("addresses", lambda k: f"10.{k >> 16 & 255}.{k >> 8 & 255}.{k & 255}", 2**24),
        edges_first("inet", ("2001:db8::1", "192.0.2.0/24"), lambda k: f"10.0.{k >> 8 & 255}.{k & 255}", 2**16),
    ),
    "cidr": lambda: (_plain("networks", lambda k: f"10.{k >> 8 & 255}.{k & 255}.0/24", 2**16),),
    "macaddr": lambda: (_plain("macs", lambda k: f"08:00:2b:{k >> 16 & 255:02x}:{k >> 8 & 255:02x}:{k & 255:02x}"),),
    "macaddr8": lambda: (
        _plain("macs", lambda k: f"08:00:2b:01:02:{k >> 16 & 255:02x}:{k >> 8 & 255:02x}:{k & 255:02x}"),
    ),
    "tsvector": lambda: (_plain("lexemes", lambda k: f"'word{k}':1"),),
    "tsquery": lambda: (_plain("queries", lambda k: f"'word{k}'"),),
    "point": lambda: (_plain("points", lambda k: f"({k},{k + 1})"),),
    "line": lambda: (_plain("lines", lambda k: f"{{1,{k + 1},2}}"),),
    "lseg": lambda: (_plain("segments", lambda k: f"[(0,0),({k},1)]"),),
    "box": lambda: (_plain("boxes", lambda k: f"({10 * k + 1},1),({10 * k},0)"),),
    "path": lambda: (_plain("paths", lambda k: f"[(0,0),({k},1)]"),),
    "polygon": lambda: (_plain("polygons", lambda k: f"((0,0),({k},1),(1,{k}))"),),
    "circle": lambda: (_plain("circles", lambda k: f"<({10 * k},0),1>"),),
    "xml": lambda: (_plain("elements", lambda k: f"<item>{k}</item>"),),
    "pg_lsn": lambda: (_plain("positions", lambda k: f"0/{k + 1:X}"),),
    "regclass": lambda: (cycle("relations", ("pg_class", "pg_type", "pg_proc")),),
    "regtype": lambda: (cycle("types", ("integer", "text", "boolean")),),
    "regrole": lambda: (cycle("roles", ("pg_monitor",)),),
    "hstore": lambda: (_plain("pairs", lambda k: f'"id"=>"{k}"'),),
    "ltree": lambda: (_plain("labels", lambda k: f"top.item{k}"),),
    "cube": lambda: (_plain("cubes", lambda k: f"({k}, 1, 2)"),),
}


def scalar_families(name: str, arguments: tuple[int, ...]) -> tuple[Family, ...]:
    """Families for a type of PostgreSQL, or of a well-known extension, by its bare name; empty if it is another."""
    if name == "numeric":
        return _numeric(arguments[0] if arguments else None, arguments[1] if len(arguments) > 1 else 0)
    if name in ("bit", "bit varying"):
        return _bits(arguments[0] if arguments else (1 if name == "bit" else None))
    if name == "vector":
        wide = arguments[0] if arguments else 3
        return (_plain("vectors", lambda k: "[" + ",".join([str(k + 1)] * wide) + "]"),)
    if name.endswith("multirange") and name[:-10] in _RANGES:
        inner = _ranges(_RANGES[name[:-10]])[0]
        return (_plain("multiranges", lambda k: f"{{{inner.text(k)}}}"),)
    if name.endswith("range") and name[:-5] in _RANGES:
        return _ranges(_RANGES[name[:-5]])
    made = _MADE.get(name)
    return made() if made else ()
