"""Python: attributes of models and rows, constructors, statements, comparisons, SQL in strings."""

import pytest

from tests.usage.shop import in_python

MODELS = """
class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    short: Mapped[str] = mapped_column("nick", Text)
    plan: Mapped[str] = mapped_column(Text, default="free")
    code: Mapped[str]
    orders: Mapped[list["Order"]] = relationship(back_populates="customer")

class User(Base):
    __tablename__ = "users"
    email = Column(Text)

class Log(Base):
    __tablename__ = "logs"
    line: Mapped[str]
"""
IMPORT = "from app.models import Customer, User, Log\n"
WITHOUT = "a new row of customers without user_id"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("select(Customer.email)", []),
        ("select(Customer.code)", ["2 customers.code"]),
        ("select(Customer.short)", ["2 customers.nick"]),
        ("select(Log)\nselect(Log.line)", ["3 logs.line"]),
        ("other = aliased(Customer)\nselect(other.code)", ["3 customers.code"]),
        ("def f(row: Customer): return row.code", ["2 customers.code"]),
        ("def f(row: 'Customer | None'): return row.code", ["2 customers.code"]),
        ("def f(row): return row.code", []),
        ("def f(row: User): return row.code", []),
        ("row = session.get(Customer, 1)\nprint(row.code)", ["3 customers.code?"]),
        ("for row in session.scalars(select(Customer)):\n    row.code", ["3 customers.code?"]),
        ("[row.code for row in session.query(Customer)]", ["2 customers.code?"]),
        ("row = session.execute(select(Customer.id, User.id))\nrow.code", []),
        ("session.query(Customer).filter_by(code=1)", ["2 customers.code"]),
        ("session.execute(update(Customer).values(code='x'))", ["2 customers.code"]),
        ("import app.models as m\nm.Customer.code", ["3 customers.code"]),
        ("x = Customer\nx = User\nx.code", []),
    ],
)
def test_attributes_are_found_where_their_class_is_known(code: str, found: list[str]) -> None:
    assert in_python(IMPORT + code, MODELS) == found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("Customer(email='x')", [f"2 {WITHOUT}"]),
        ("Customer(email='x', user_id=1)", []),
        ("Customer(**values)", [f"2 {WITHOUT}?"]),
        ("Customer(user=user)", [f"2 {WITHOUT}?"]),
        ("row = Customer(email='x')\nrow.user_id = 1", []),
        ("insert(Customer).values(email='x')", [f"2 {WITHOUT}"]),
        ("insert(Customer).values([{'email': 1}, {'email': 2}]).returning(Customer.id)", [f"2 {WITHOUT}"]),
        ("insert(Customer).values(rows)", [f"2 {WITHOUT}?"]),
        ("Customer(user_id=1, plan=None)", ["2 NULL for customers.plan"]),
        ("def f(row: Customer):\n    row.plan = None", ["3 NULL for customers.plan"]),
    ],
)
def test_a_new_row_has_to_give_what_is_required_now_and_no_default_fills(code: str, found: list[str]) -> None:
    assert in_python(IMPORT + code, MODELS) == found


@pytest.mark.parametrize(
    "code",
    [
        "select(User).where(User.email == Customer.email)",
        "select(User).where(func.lower(Customer.email) == func.lower(User.email))",
        "def f(row: Customer): return select(User).where(User.email == row.email)",
        "relationship(User, primaryjoin='User.email == foreign(Customer.email)')",
    ],
)
def test_rows_that_are_matched_as_the_back_fill_matched_them_are_found(code: str) -> None:
    assert in_python(IMPORT + code, MODELS) == ["2 customers.email = users.email"]


def test_a_conflict_on_a_constraint_that_is_gone_is_found() -> None:
    code = "insert(Customer).values(user_id=1).on_conflict_do_nothing(index_elements=['email', 'code'])"
    assert in_python(IMPORT + code, MODELS) == ["2 ON CONFLICT (code, email) of customers"]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('"""SELECT code FROM customers"""', []),
        ('x = """\nSELECT id,\n  code\nFROM customers"""', ["3 customers.code"]),
        ('x = ("SELECT id, "\n     "code FROM customers")', ["2 customers.code"]),
        ('x = f"SELECT code FROM customers WHERE id = {key}"', ["1 customers.code?"]),
        ('x = ForeignKey("customers.code")', ["1 customers.code?"]),
        ('x = "customers.codebook"', []),
        ('x = "Delete the code of customers"', []),
    ],
)
def test_strings_are_read(code: str, found: list[str]) -> None:
    assert in_python(code) == found


def test_core_tables_are_read() -> None:
    code = """
customers = Table("customers", metadata, Column("email", Text), Column("code", Text))
select(customers.c.code)
select(customers.c["code"])
select(customers.c.email)
insert(customers).values(email=1, plan=2)
"""
    assert in_python(code) == ["3 customers.code", "4 customers.code", f"6 {WITHOUT}"]


def test_a_table_of_another_schema_is_not_ours() -> None:
    other = 'class Other(Base):\n    __tablename__ = "customers"\n    __table_args__ = {"schema": "billing"}\n'
    assert in_python(other + "Other.code") == []


def test_columns_of_a_mixin_and_table_names_of_other_libraries_are_known() -> None:
    code = """
class Coded:
    secret: Mapped[str] = mapped_column("code")

class Customer(Coded, SQLModel, table=True):
    __tablename__ = "customers"

class Users(SQLModel, table=True):
    email: str

Customer.secret
Users.email == Customer.email
"""
    assert in_python(code) == ["11 customers.code", "12 customers.email = users.email"]
