"""Flyway: ``V<version>__<words>.sql``, each with a ``.conf`` beside it that says not to run it in a transaction.

``U<version>__<words>.sql`` undoes it; Flyway itself runs these only in its Teams edition, psql runs them anywhere.
"""

import re
from pathlib import Path

from generator.render.forms.form import Job, Writing
from generator.render.forms.laying_out import lay_out_unit
from generator.render.forms.naming import folder_with, numbers, slug

_FILE = re.compile(r"[VB](\d+)(?:[._]\d+)*__.*\.sql")
_NO_TRANSACTION = "executeInTransaction=false\n"
_AS_IT_IS = "placeholderReplacement=false\n"
"""For texts in which something looks like one of Flyway's placeholders."""
_USUAL = ("src/main/resources/db/migration", "db/migration", "sql")


class Flyway:
    """See ``generator.render.forms.form.Form``."""

    folder_is = "it holds the migrations (one of flyway.locations)"
    at_once = False
    suffixes = (".sql",)

    def usual(self, here: Path) -> Path | None:
        """``src/main/resources/db/migration``, ``db/migration`` or ``sql``, where there are versioned migrations."""
        return folder_with((here / name for name in _USUAL), _FILE)

    def inside(self, out: Path) -> Path:
        """Itself."""
        return out

    def write(self, job: Job) -> Writing:
        """Four files for each unit: forwards and back, each with its settings."""
        names = sorted(path.name for path in job.folder.rglob("*.sql")) if job.folder.is_dir() else []
        there = [found[1] for name in names if (found := _FILE.fullmatch(name))]
        files, last = {}, {}
        run_with = "Run by flyway undo (Teams), or: psql -X -v ON_ERROR_STOP=1 -f FILE"
        for number, unit in zip(numbers(there, len(job.chosen), job.now, width=1), job.chosen, strict=True):
            name = f"{number}__{slug(unit)}.sql"
            files[f"V{name}"] = lay_out_unit(job, "statements.sql.j2", unit, undo=False)
            files[f"U{name}"] = lay_out_unit(job, "statements.sql.j2", unit, undo=True, run_with=run_with)
            for each in (f"V{name}", f"U{name}"):
                files[f"{each}.conf"] = _NO_TRANSACTION + (_AS_IT_IS if "${" in files[each] else "")
            last[unit.stage] = number
        goes = ", ".join(f"{stage} to {number}" for stage, number in last.items())
        then = (
            f"A stage at a time, by flyway migrate -target: {goes}.",
            "Set flyway.postgresql.transactional.lock=false: Flyway's own lock would keep CONCURRENTLY waiting.",
        )
        return Writing(folder=job.folder, new=files, then=then)


FORM = Flyway()
