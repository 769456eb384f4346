"""dbmate: ``<timestamp>_<words>.sql`` with an up and a down block, outside of a transaction.

It sends a block as one string, which PostgreSQL takes as one transaction where it holds more than one statement: so
there is a file for each statement. ``dbmate up`` applies everything that is pending.
"""

import re
from pathlib import Path

from generator.render.forms.form import Job, Writing
from generator.render.forms.laying_out import lay_out_part, parts_of, refuse_lines
from generator.render.forms.naming import numbers, slug

_FILE = re.compile(r"(\d+).*\.sql")


class Dbmate:
    """See ``generator.render.forms.form.Form``."""

    folder_is = "it holds the migrations, as db/migrations does"
    at_once = True
    suffixes = (".sql",)

    def usual(self, here: Path) -> Path | None:
        """``db/migrations``."""
        return here / "db" / "migrations" if (here / "db" / "migrations").is_dir() else None

    def inside(self, out: Path) -> Path:
        """Itself."""
        return out

    def write(self, job: Job) -> Writing:
        """A file for each statement."""
        refuse_lines(job, r"^\s*--\s*migrate:(up|down).*", "dbmate")
        parts = [part for unit in job.chosen for part in parts_of(unit)]
        there = [found[1] for path in _files(job.folder) if (found := _FILE.fullmatch(path.name))]
        files = {
            f"{number}_{slug(part.unit)}{f'_{part.number}' if part.of > 1 else ''}.sql": lay_out_part(
                job, "dbmate.sql.j2", part
            )
            for number, part in zip(numbers(there, len(parts), job.now, width=None), parts, strict=True)
        }
        then = ("Commit and deploy each stage by itself: dbmate up applies everything that is pending.",)
        return Writing(folder=job.folder, new=files, then=then)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


FORM = Dbmate()
