"""After it: an address stands once in ``addresses``, and every sign-in points there."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, DateTime, ForeignKey, Identity, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)


class Address(Base):
    """Every address from which anyone ever signed in."""

    __tablename__ = "addresses"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    address: Mapped[str] = mapped_column(INET, unique=True)
    banned: Mapped[bool] = mapped_column(Boolean, server_default="false")
    first_seen: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class SignIn(Base):
    """An account has signed in from an address: one row for the two, its date moved on each time."""

    __tablename__ = "sign_ins"
    __table_args__ = (UniqueConstraint("account_id", "address_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("addresses.id"))
    last_seen: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
