"""Partitions and inheritance are read as the places of tables, and made again from what was read."""

import pytest

from generator.dialects.postgres.create import create_schema
from generator.model.schema import Inherited, PartitionOf, QName
from tests.dialects.postgres.conftest import Read

TREES = {
    "three levels": """
        CREATE TABLE r (id int PRIMARY KEY);
        CREATE TABLE p (a int, b int REFERENCES r, c text DEFAULT 'x', CHECK (a > -5), PRIMARY KEY (a))
            PARTITION BY RANGE (a);
        CREATE INDEX pi ON p (b);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
        CREATE TABLE p2 PARTITION OF p (c DEFAULT 'y') FOR VALUES FROM (10) TO (20) PARTITION BY LIST (a);
        CREATE TABLE p2a PARTITION OF p2 FOR VALUES IN (11, 12);
        CREATE TABLE p2d PARTITION OF p2 DEFAULT;
        CREATE TABLE t (a int REFERENCES p)
    """,
    "hash": """
        CREATE TABLE p (id int PRIMARY KEY, at date) PARTITION BY HASH (id);
        CREATE TABLE p0 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 0)
    """,
    "other order of columns": """
        CREATE TABLE p (a text, n int) PARTITION BY LIST (a);
        CREATE TABLE p1 (n int, a text);
        ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN ('u')
    """,
    "inheritance": """
        CREATE TABLE p (a int DEFAULT 1, CHECK (a > 0));
        CREATE TABLE c (b int NOT NULL) INHERITS (p);
        CREATE TABLE d (b int) INHERITS (c);
        ALTER TABLE d ALTER a SET DEFAULT 2
    """,
}


@pytest.mark.parametrize("tree", TREES)
def test_what_was_read_is_made_again(read: Read, tree: str) -> None:
    schema = read(TREES[tree])
    again = read(";\n".join(create_schema(schema)))
    assert again == schema
    # These two are not compared with the rest, since they follow from it.
    for before, after in zip(schema.tables, again.tables, strict=True):
        assert after.inherited == before.inherited
        assert after.inherited_columns == before.inherited_columns


def test_a_partition_says_which_rows_it_holds_and_what_it_has_from_above(read: Read) -> None:
    schema = read(TREES["three levels"])
    part = schema.table(QName("public", "p1"))
    assert part.partition_of == PartitionOf(parent=QName("public", "p"), bound="FOR VALUES FROM (0) TO (10)")
    assert part.partition_of is not None
    assert part.partition_of.holds == "((a IS NOT NULL) AND (a >= 0) AND (a < 10))"
    assert Inherited(name="p1_b_idx", of="pi") in part.inherited
    assert Inherited(name="p1_pkey", of="p_pkey") in part.inherited
    assert part.inherited_columns == ("a", "b", "c")


def test_the_bounds_of_a_hash_partition_name_the_table_and_not_its_number(read: Read) -> None:
    part = read(TREES["hash"]).table(QName("public", "p0"))
    assert part.partition_of is not None
    assert part.partition_of.holds == "satisfies_hash_partition('public.p'::regclass, 2, 0, id)"
