"""What only the server knows of bounds: tried in the empty database that holds the old schema, and taken back."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.names import qname
from generator.model.change import Change, PartitionBoundsChanged, TableAdded
from generator.model.schema import QName, Schema

if TYPE_CHECKING:
    from psycopg import Connection


def widened(connection: "Connection[tuple[Any, ...]]", changes: Iterable[Change]) -> Iterator[QName]:
    """Partitions whose new bounds take all that the old ones did.

    The server says so itself: with a CHECK of the old bounds it need not read the partition to attach it again, and
    says that in a message for the curious.
    """
    import psycopg

    said: list[str] = []

    def listen(message: psycopg.errors.Diagnostic) -> None:
        said.append(message.message_primary or "")

    connection.add_notice_handler(listen)
    for change in changes:
        if not isinstance(change, PartitionBoundsChanged):
            continue
        before, siblings = dict(change.old), [name for name, _ in change.old]
        for name, place in change.new:
            said.clear()
            try:
                with connection.transaction(force_rollback=True):
                    for each in siblings:
                        connection.execute(_sql(f"ALTER TABLE {qname(change.table)} DETACH PARTITION {qname(each)}"))
                    connection.execute(_sql(f"ALTER TABLE {qname(name)} ADD CHECK ({before[name].holds})"))
                    connection.execute("SET LOCAL client_min_messages = debug1")
                    attach = f"ALTER TABLE {qname(change.table)} ATTACH PARTITION {qname(name)} {place.bound}"
                    connection.execute(_sql(attach))
            except psycopg.Error:
                continue
            if any("is implied by existing constraints" in each for each in said):
                yield name
    connection.remove_notice_handler(listen)


def overlapping(connection: "Connection[tuple[Any, ...]]", changes: Iterable[Change], old: Schema) -> Iterator[QName]:
    """New partitions of a table that is there whose bounds overlap with those that another one has until it goes."""
    import psycopg

    there = {table.name for table in old.tables}
    for change in changes:
        place = change.table.partition_of if isinstance(change, TableAdded) else None
        if place is None or place.parent not in there or not isinstance(change, TableAdded):
            continue
        create = f"CREATE TABLE {qname(change.table.name)} PARTITION OF {qname(place.parent)} {place.bound}"
        try:
            with connection.transaction(force_rollback=True):
                connection.execute(_sql(create))
        except psycopg.errors.InvalidObjectDefinition:
            yield change.table.name
        except psycopg.Error:
            continue


def _sql(text: str) -> bytes:
    return text.encode()
