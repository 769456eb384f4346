"""What columns may be: types with their defaults and checks, and the types that one may turn into.

``{c}`` stands for the column in a check.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A type: defaults and checks that fit it, index forms beside the plain one, and what it is retyped to.

    ``sorts`` says that it has a btree operator class; ``excludes`` the operator of an exclusion constraint with gist;
    ``example`` is an expression that gives another value for each row; there is none where the values are too few.
    """

    defaults: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    becomes: tuple[str, ...] = ()
    sorts: bool = True
    example: str = "md5(random()::text)"
    excludes: str = ""


# Every default below, and whatever is suggested for the type, satisfies every check: a schema whose default its own
# check refuses can be had by no migration of a table with rows.
_TEXT_CHECKS = ("length({c}) < 200", "{c} <> 'nobody'", "{c} IS NULL OR {c} <> 'never'", "{c} ~ '^[^#]*$'")
_TEXT_FORMS = ("btree (lower({c}))", "btree ({c} text_pattern_ops)", 'btree ({c} COLLATE "C" DESC)', "hash ({c})")
_NUMBER_CHECKS = ("{c} > '-2'::integer", "{c} >= '-1'::integer AND {c} < 1000000", "{c} IS NULL OR {c} <> 13")
_NUMBER_FORMS = ("btree ({c} DESC NULLS LAST)", "btree (({c} + 1))", "brin ({c})", "hash ({c})")

KINDS: dict[str, Kind] = {
    "integer": Kind(
        defaults=("42", "'-1'::integer", "(random() * 1000000000)::integer"),
        checks=_NUMBER_CHECKS,
        forms=_NUMBER_FORMS,
        becomes=("bigint", "smallint", "text", "numeric", "boolean"),
    ),
    "bigint": Kind(
        defaults=("0", "1"), checks=_NUMBER_CHECKS, forms=_NUMBER_FORMS, becomes=("integer", "text", "numeric(10,2)")
    ),
    "smallint": Kind(defaults=("7",), forms=_NUMBER_FORMS, becomes=("integer", "bigint")),
    "numeric(10,2)": Kind(defaults=("1.5",), checks=("{c} >= 0",), becomes=("numeric(12,2)", "numeric", "integer")),
    "numeric": Kind(defaults=("0",), becomes=("numeric(10,2)", "double precision")),
    "double precision": Kind(defaults=("1.5",), checks=("{c} > '-1'::integer",), becomes=("real", "numeric")),
    "real": Kind(becomes=("double precision",)),
    "text": Kind(
        defaults=("'x'", "'it''s'", "E'back\\\\slash'", "''", "md5(random()::text)"),
        checks=_TEXT_CHECKS,
        forms=_TEXT_FORMS,
        becomes=("character varying(50)", "integer", "uuid", "public.mood", "jsonb", "bytea", "text[]", "date"),
    ),
    "character varying(50)": Kind(
        defaults=("'v'",),
        checks=_TEXT_CHECKS,
        forms=("btree (lower({c}))", "hash ({c})"),
        becomes=("text", "character varying(20)", "character varying(80)", "character varying"),
    ),
    "character varying(20)": Kind(
        example="left(md5(random()::text), 20)", becomes=("character varying(50)", "text", "integer")
    ),
    "character(3)": Kind(example="left(md5(random()::text), 3)", defaults=("'abc'",), becomes=("text", "character(5)")),
    "boolean": Kind(
        example="", defaults=("true", "false"), checks=("{c} IN (true, false)",), becomes=("integer", "text")
    ),
    "uuid": Kind(
        example="gen_random_uuid()", defaults=("gen_random_uuid()",), forms=("hash ({c})",), becomes=("text",)
    ),
    "timestamp with time zone": Kind(
        example="now() + random() * interval '1 year'",
        defaults=("now()", "'2020-01-01 00:00:00+00'", "clock_timestamp()"),
        checks=("{c} > '1999-01-01 00:00:00+00'",),
        forms=("btree ({c} DESC)", "brin ({c})"),
        becomes=("timestamp without time zone", "date", "timestamp(3) with time zone"),
    ),
    "timestamp without time zone": Kind(
        example="now()::timestamp + random() * interval '1 year'",
        defaults=("now()",),
        becomes=("timestamp with time zone", "date"),
    ),
    "date": Kind(
        example="(now() + random() * interval '100 years')::date",
        defaults=("CURRENT_DATE",),
        becomes=("timestamp without time zone", "text"),
    ),
    "interval": Kind(example="random() * interval '1 year'", defaults=("'1 day'",), becomes=("text",)),
    "time without time zone": Kind(
        example="(now() + random() * interval '1 day')::time", defaults=("'10:00'",), becomes=("text",)
    ),
    "jsonb": Kind(
        example="to_jsonb(random())",
        defaults=("'{}'",),
        forms=("gin ({c})", "gin ({c} jsonb_path_ops)", "btree (({c} ->> 'a'))"),
        becomes=("json", "text"),
    ),
    "json": Kind(example="to_json(random())", defaults=("'{}'",), becomes=("jsonb",), sorts=False),
    "bytea": Kind(example="md5(random()::text)::bytea", defaults=("''",), becomes=("text",)),
    "text[]": Kind(
        example="ARRAY[random()::text]",
        defaults=("'{}'", "ARRAY['a','b']"),
        forms=("gin ({c})",),
        checks=("cardinality({c}) < 20",),
        becomes=("text",),
    ),
    "integer[]": Kind(example="ARRAY[(random() * 1000000)::integer]", forms=("gin ({c})",), becomes=("bigint[]",)),
    "inet": Kind(
        example="'10.0.0.0'::inet + (random() * 1000000)::bigint",
        forms=("gist ({c} inet_ops)",),
        becomes=("text", "cidr"),
        excludes="&&",
    ),
    "int4range": Kind(
        example="int4range((random() * 1000000)::integer, NULL)",
        defaults=("'empty'",),
        forms=("gist ({c})",),
        becomes=("text",),
        excludes="&&",
    ),
    "point": Kind(example="point(random(), 0)", forms=("gist ({c})",), sorts=False),
    "public.mood": Kind(example="", defaults=("'sad'",), checks=("{c} <> 'ok'",), becomes=("text", "public.weather")),
    "public.mood[]": Kind(
        example="array_fill('sad'::public.mood, ARRAY[nextval('public.drawn')::integer % 1000])", becomes=("text[]",)
    ),
}
"""Types by the server's names for them."""
