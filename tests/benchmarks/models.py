"""Model files of any size: a schema as one meets it, before and after a change of some of its tables."""

from pathlib import Path

_HEAD = '''"""{tables} tables, {changed} of them changed."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Boolean, DateTime, ForeignKey, Identity, Index, Integer, Numeric, String, Text, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass

'''

_TABLE = """
class Thing{n}(Base):
    __tablename__ = "thing_{n}"
    __table_args__ = (Index("thing_{n}_state_idx", "state", "created_at"),{indexes})

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(String({width}), unique=True)
    name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), server_default="open")
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2), server_default="0")
    quantity: Mapped[int | None] = mapped_column(Integer)
    active: Mapped[bool] = mapped_column(Boolean, server_default="true")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    note: Mapped[str | None] = mapped_column(Text)
{more}"""

_REFERENCE = '    {name}: Mapped[int] = mapped_column(ForeignKey("thing_{of}.id", ondelete="CASCADE"), index=True)\n'
_NULLABLE = "    tracking_number: Mapped[str | None] = mapped_column(Text)\n"
_DEFAULTED = '    priority: Mapped[int] = mapped_column(Integer, server_default="3")\n'
_LINK = '    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("thing_0.id"), index=True)\n'


def write_models(folder: Path, tables: int, changed: int) -> tuple[Path, Path]:
    """Write ``old.py`` and ``new.py``: ``tables`` tables of ten or more columns, ``changed`` of them different.

    The changes are of four kinds in turn, all of which Alembic's autogenerate finds as well, and none asks a question:
    a nullable column with an index, a required one with a default, a longer varchar, a nullable foreign key.
    """
    folder.mkdir(parents=True, exist_ok=True)
    step = max(1, tables // max(1, changed))
    different = {number * step + step // 2: number % 4 for number in range(changed)}
    paths = folder / "old.py", folder / "new.py"
    for path, kinds in zip(paths, ({}, different), strict=True):
        text = _HEAD.format(tables=tables, changed=changed)
        path.write_text(text + "\n".join(_table(number, kinds.get(number)) for number in range(tables)))
    return paths


def _table(number: int, change: int | None) -> str:
    more = ""
    if number:
        more += _REFERENCE.format(name="parent_id", of=(number - 1) // 3)
    if number > 10:
        more += _REFERENCE.format(name="owner_id", of=number % 10)
    more += {0: _NULLABLE, 1: _DEFAULTED, 3: _LINK}.get(-1 if change is None else change, "")
    indexes = f' Index("thing_{number}_tracking_idx", "tracking_number"),' if change == 0 else ""
    return _TABLE.format(n=number, width=80 if change == 2 else 40, indexes=indexes, more=more)
