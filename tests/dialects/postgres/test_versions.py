import pytest

from generator.dialects.postgres.versions import lacking


@pytest.mark.parametrize(
    ("sql", "since"),
    [
        ("ALTER TABLE t ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a)", 15),
        ("ALTER TABLE t ADD FOREIGN KEY (a, b) REFERENCES p ON DELETE SET NULL (b)", 15),
        ("CREATE VIEW v WITH (security_invoker = true) AS SELECT 1", 15),
        ("CREATE PUBLICATION p FOR TABLE public.t WHERE (a > 1)", 15),
        ("ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (a + 1) VIRTUAL", 18),
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED", 18),
    ],
)
def test_what_a_version_lacks_is_named_with_the_first_that_has_it(sql: str, since: int) -> None:
    found = lacking(since - 1, sql)
    assert found is not None
    assert found[1] == since
    assert lacking(since, sql) is None


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE t ADD COLUMN c text DEFAULT 'NULLS NOT DISTINCT'",
        'ALTER TABLE t ADD COLUMN "NOT ENFORCED" int',
        "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)",
        "CREATE PUBLICATION p FOR TABLE public.t",
        "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id) ON DELETE SET NULL",
    ],
)
def test_what_every_version_has_is_passed(sql: str) -> None:
    assert lacking(14, sql) is None
