"""The fillings of these tests: a link by e-mail, created parents, and values made of the row itself."""

from dataclasses import replace
from typing import Any

from generator.model.answers import Backfill, Unmatched
from generator.model.plan import Filling
from generator.model.schema import QName

SHOP = """
CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL);
CREATE TABLE customers (id int PRIMARY KEY, email text, name text, user_id int);
"""
LOG = """
CREATE TABLE addresses (id serial PRIMARY KEY, address inet NOT NULL UNIQUE);
CREATE TABLE sign_ins (id int PRIMARY KEY, address text, address_id int);
"""


def link(unmatched: Unmatched = Unmatched.STOP, **changes: Any) -> Filling:
    """``customers.user_id``, required and unique, from the user with the same e-mail."""
    filling = Filling(
        table=QName("public", "customers"),
        table_alias="customers",
        column="user_id",
        type="integer",
        key=(("id", "integer"),),
        value="users.id",
        reads=("email",),
        backfill=Backfill(value="users.id", source="users", match=("email",), unmatched=unmatched),
        source=QName("public", "users"),
        source_alias="users",
        match="customers.email = users.email",
        source_reads=("id", "email"),
        source_key=(("id", "integer"),),
        required=True,
        unique=True,
        search_path=("public",),
        helpers="_gm_customers_user_id",
        near_match="lower(trim(customers.email)) = lower(trim(users.email))",
        blank="coalesce(trim(customers.email), '') = ''",
    )
    return replace(filling, **changes)


def created(**changes: Any) -> Filling:
    """``sign_ins.address_id``, from an address which is made where it is missing."""
    filling = Filling(
        table=QName("public", "sign_ins"),
        table_alias="sign_ins",
        column="address_id",
        type="integer",
        key=(("id", "integer"),),
        value="addresses.id",
        reads=("address",),
        backfill=Backfill(value="addresses.id", source="addresses", unmatched=Unmatched.CREATE),
        source=QName("public", "addresses"),
        source_alias="addresses",
        match="sign_ins.address::inet = addresses.address",
        source_reads=("id", "address"),
        source_key=(("id", "integer"),),
        create=(("address", "sign_ins.address::inet"),),
        required=True,
        search_path=("public",),
        helpers="_gm_sign_ins_address_id",
    )
    return replace(filling, **changes)


def computed(value: str = "lower(customers.email)", **changes: Any) -> Filling:
    """``customers.name`` of the row itself."""
    filling = Filling(
        table=QName("public", "customers"),
        table_alias="customers",
        column="name",
        type="text",
        key=(("id", "integer"),),
        value=value,
        reads=("email",),
        backfill=Backfill(value=value),
        search_path=("public",),
        helpers="_gm_customers_name",
        required=True,
    )
    return replace(filling, **changes)
