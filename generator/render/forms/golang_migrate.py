"""golang-migrate: ``<number>_<words>.up.sql`` and ``.down.sql``.

It sends a file as one string, which PostgreSQL takes as one transaction where it holds more than one statement: so
there is a pair of files for each statement.
"""

import re
from pathlib import Path

from generator.render.forms.form import Job, Writing
from generator.render.forms.laying_out import lay_out_part, parts_of
from generator.render.forms.naming import folder_with, numbers, slug

_FILE = re.compile(r"(\d+)_.*\.(up|down)\..*")
_WIDTH = 6


class GolangMigrate:
    """See ``generator.render.forms.form.Form``."""

    folder_is = "it holds the migrations (what -path or -source names)"
    at_once = False
    suffixes = (".sql",)

    def usual(self, here: Path) -> Path | None:
        """``migrations`` or ``db/migrations``, where files of its kind are there."""
        return folder_with((here / "migrations", here / "db" / "migrations"), _FILE)

    def inside(self, out: Path) -> Path:
        """Itself."""
        return out

    def write(self, job: Job) -> Writing:
        """Two files for each statement."""
        parts = [part for unit in job.chosen for part in parts_of(unit)]
        names = sorted(path.name for path in job.folder.iterdir()) if job.folder.is_dir() else []
        there = [found[1] for name in names if (found := _FILE.fullmatch(name))]
        files = {}
        for number, part in zip(numbers(there, len(parts), job.now, width=_WIDTH), parts, strict=True):
            name = f"{number}_{slug(part.unit)}{f'_{part.number}' if part.of > 1 else ''}"
            files[f"{name}.up.sql"] = lay_out_part(job, "one_statement.sql.j2", part, undo=False)
            files[f"{name}.down.sql"] = lay_out_part(job, "one_statement.sql.j2", part, undo=True)
        last = {part.unit.stage: name.split("_")[0] for name, part in zip(list(files)[::2], parts, strict=True)}
        goes = ", ".join(f"{stage} to {int(number)}" for stage, number in last.items())
        return Writing(folder=job.folder, new=files, then=(f"A stage at a time, by migrate goto: {goes}.",))


FORM = GolangMigrate()
