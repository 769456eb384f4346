"""Names of files: words made of a sentence, and numbers that follow those which are there."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from generator.render.units import Unit

_STAMP = "%Y%m%d%H%M%S"
_LONGEST = 60


def slug(unit: Unit, most: int = _LONGEST) -> str:
    """The unit's stage and purpose in words for a file's name: ``expand_add_customers_user_id_uuid_nullable``."""
    words = re.sub(r"[^a-z0-9]+", "_", f"{unit.stage} {unit.title}".lower()).strip("_")
    return words if len(words) <= most else words[: most + 1].rsplit("_", 1)[0]


def about(units: Iterable[Unit]) -> str:
    """What a plan is about, in a word or two: ``customers_user_id``, the first name that its first purpose holds."""
    title = next(iter(units)).title
    found = re.search(r"\b[a-z_]\w*\.[\w.]*\w", title) or re.search(r"\b\w+_\w+\b", title)
    return re.sub(r"\W+", "_", found[0] if found else title.lower()).strip("_")[:40]


def numbers(there: Iterable[str], count: int, now: datetime, *, width: int | None) -> tuple[str, ...]:
    """``count`` numbers that come after those which are ``there`` (digits), of the same kind.

    Timestamps of 14 digits are followed by timestamps, each a second later; other numbers by the next ones, as wide as
    the widest. Where there are none: numbers of ``width`` digits from 1 on, or timestamps where ``width`` is None.
    """
    digits = [each for each in there if each.isdigit()]
    last = max(digits, key=int, default="")
    if len(last) == 14 or (not last and width is None):
        return stamps(last, count, now)
    first = int(last or "0") + 1
    padded = max((len(each) for each in digits if each.startswith("0")), default=0) if last else width or 0
    return tuple(str(first + number).zfill(padded) for number in range(count))


def stamps(last: str, count: int, now: datetime) -> tuple[str, ...]:
    """Timestamps a second apart, from ``now`` on, and after ``last``."""
    first = now
    if last:
        try:
            first = max(now, datetime.strptime(last, _STAMP).replace(tzinfo=now.tzinfo) + timedelta(seconds=1))
        except ValueError:  # 14 digits that are no time
            return tuple(str(int(last) + 1 + number) for number in range(count))
    return tuple((first + timedelta(seconds=number)).strftime(_STAMP) for number in range(count))


def folder_with(folders: Iterable[Path], file: re.Pattern[str]) -> Path | None:
    """The first of the folders in which a file has such a name; None where none has."""
    for folder in folders:
        if folder.is_dir() and any(file.fullmatch(path.name) for path in folder.iterdir()):
            return folder
    return None
