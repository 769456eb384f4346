"""A piece of the shop's code, written for the schema before the change."""

from shop.models import Customer, Subscription, User
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session


def sign_up(session: Session, email: str, name: str) -> Customer:
    customer = Customer(email=email, name=name)
    session.add(customer)
    return customer


def import_customers(session: Session, rows: list[dict[str, str]]) -> None:
    for row in rows:
        session.execute(insert(Customer).values(email=row["email"], name=row["name"]))


def user_of(session: Session, customer: Customer) -> User | None:
    return session.scalar(select(User).where(func.lower(User.email) == func.lower(customer.email)))


def subscribers(session: Session) -> list[str]:
    found = session.execute(
        text(
            """
            SELECT u.full_name, s.plan
            FROM subscriptions s
            JOIN customers c ON c.id = s.customer_id
            JOIN users u ON u.email = c.email
            """
        )
    )
    return [row.full_name for row in found]


def plans(session: Session, customer: Customer) -> list[Subscription]:
    return list(session.scalars(select(Subscription).where(Subscription.customer_id == customer.id)))
