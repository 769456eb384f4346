"""goose: ``<number>_<words>.sql`` with Up and Down, marked NO TRANSACTION; a file a unit."""

import re
from pathlib import Path

from generator.render.forms.form import Job, Writing
from generator.render.forms.laying_out import lay_out_unit, refuse_lines
from generator.render.forms.naming import numbers, slug

_FILE = re.compile(r"(\d+)_.*\.(sql|go)")


class Goose:
    """See ``generator.render.forms.form.Form``."""

    folder_is = "it holds the migrations (what -dir or GOOSE_MIGRATION_DIR names)"
    at_once = False
    suffixes = (".sql",)

    def usual(self, here: Path) -> Path | None:
        """``migrations`` or ``db/migrations``, where one of the files says goose."""
        for folder in (here / "migrations", here / "db" / "migrations"):
            if folder.is_dir() and any(
                "+goose Up" in path.read_text(errors="replace") for path in folder.glob("*.sql")
            ):
                return folder
        return None

    def inside(self, out: Path) -> Path:
        """Itself."""
        return out

    def write(self, job: Job) -> Writing:
        """A file for each unit."""
        refuse_lines(job, r"^\s*--\s*\+goose.*", "goose")
        names = sorted(path.name for path in job.folder.iterdir()) if job.folder.is_dir() else []
        there = [found[1] for name in names if (found := _FILE.fullmatch(name))]
        files, last = {}, {}
        for number, unit in zip(numbers(there, len(job.chosen), job.now, width=None), job.chosen, strict=True):
            files[f"{number}_{slug(unit)}.sql"] = lay_out_unit(job, "goose.sql.j2", unit)
            last[unit.stage] = int(number)
        goes = ", ".join(f"{stage} to {number}" for stage, number in last.items())
        return Writing(folder=job.folder, new=files, then=(f"A stage at a time, by goose up-to: {goes}.",))


FORM = Goose()
