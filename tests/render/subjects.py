"""What reviews are made of in tests: the shop of tests/render/plans.py with its two schemas."""

from generator.model.change import Change, ColumnAdded, ForeignKeyAdded, UniqueAdded
from generator.model.plan import Plan
from generator.model.proof import Proof
from generator.model.schema import Column, ForeignKey, PrimaryKey, QName, Schema, Table, Unique
from generator.render.review import Subject
from tests.render.plans import CUSTOMERS, USERS

ID = Column(name="id", type="uuid", nullable=False)
EMAIL = Column(name="email", type="text", nullable=False)
USER_ID = Column(name="user_id", type="uuid", nullable=False)
UNIQUE = Unique(name="customers_user_id_key", definition="UNIQUE (user_id)", columns=("user_id",))


def key(table: str) -> PrimaryKey:
    return PrimaryKey(name=f"{table}_pkey", definition="PRIMARY KEY (id)", columns=("id",))


def reference(name: str, column: str, to: QName) -> ForeignKey:
    return ForeignKey(
        name=name,
        definition=f"FOREIGN KEY ({column}) REFERENCES {to.name}(id) ON DELETE CASCADE",
        columns=(column,),
        references=to,
        referenced_columns=("id",),
        on_delete="CASCADE",
    )


FOREIGN_KEY = reference("customers_user_id_fkey", "user_id", USERS)
USERS_TABLE = Table(name=USERS, columns=(ID, EMAIL), primary_key=key("users"))
OLD_CUSTOMERS = Table(name=CUSTOMERS, columns=(ID, EMAIL), primary_key=key("customers"))
NEW_CUSTOMERS = Table(
    name=CUSTOMERS,
    columns=(ID, EMAIL, USER_ID),
    primary_key=key("customers"),
    uniques=(UNIQUE,),
    foreign_keys=(FOREIGN_KEY,),
)
ORDERS = Table(
    name=QName("public", "orders"),
    columns=(ID, Column(name="customer_id", type="uuid", nullable=False), Column(name="total", type="numeric(12,2)")),
    primary_key=key("orders"),
    foreign_keys=(reference("orders_customer_id_fkey", "customer_id", CUSTOMERS),),
)
FAR = Table(name=QName("public", "settings"), columns=(ID,), primary_key=key("settings"))
OLD = Schema(tables=(OLD_CUSTOMERS, ORDERS, FAR, USERS_TABLE))
NEW = Schema(tables=(NEW_CUSTOMERS, ORDERS, FAR, USERS_TABLE))
CHANGES: tuple[Change, ...] = (
    ColumnAdded(table=CUSTOMERS, column=USER_ID),
    UniqueAdded(table=CUSTOMERS, unique=UNIQUE),
    ForeignKeyAdded(table=CUSTOMERS, key=FOREIGN_KEY),
)


def subject(plan: Plan, proof: Proof | None) -> Subject:
    return Subject(plan=plan, proof=proof, old=OLD, new=NEW, changes=CHANGES)
