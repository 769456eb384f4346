"""Liquibase: formatted SQL, a file a stage and a changeset a unit, outside of a transaction.

Each changeset carries a label with the stage, so that ``--label-filter`` can choose.
"""

import re
from pathlib import Path

from generator.render.environment import environment, render_template
from generator.render.forms.form import Job, Writing
from generator.render.forms.laying_out import refuse_lines, words_of
from generator.render.forms.marks import mark_line
from generator.render.forms.naming import about, numbers
from generator.render.unit_scripts import backwards, forwards

_FILE = re.compile(r"(\d+).*\.(sql|xml|ya?ml|json)")
_OWN_LINES = (
    r"^\s*gm_end_of_statement\s*$|^\s*--\s*(liquibase formatted|changeset\b|rollback\b|precondition|property\b|"
    r"validCheckSum|ignoreLines|comment\b).*"
)


class Liquibase:
    """See ``generator.render.forms.form.Form``."""

    folder_is = "it holds the changelog files"
    at_once = False
    suffixes = (".sql",)

    def usual(self, here: Path) -> Path | None:
        """``src/main/resources/db/changelog`` or ``db/changelog``; there what is numbered may be in ``changes``."""
        for name in ("src/main/resources/db/changelog", "db/changelog", "changelog"):
            for folder in (here / name / "changes", here / name):
                if folder.is_dir():
                    return folder
        return None

    def inside(self, out: Path) -> Path:
        """Itself."""
        return out

    def write(self, job: Job) -> Writing:
        """A file for each stage."""
        refuse_lines(job, _OWN_LINES, "Liquibase")
        names = sorted(path.name for path in job.folder.iterdir()) if job.folder.is_dir() else []
        there = [found[1] for name in names if (found := _FILE.fullmatch(name))]
        name = about(job.units)
        files = {
            f"{number}_{stage}_{name}.sql": self._stage(job, stage, f"{name}_{stage}")
            for number, stage in zip(numbers(there, len(job.stages), job.now, width=None), job.stages, strict=True)
        }
        goes = ", ".join(f"{name}_{stage}" for stage in job.stages)
        then = (
            f"The root changelog must include {'it' if len(files) == 1 else 'them'} (includeAll does).",
            f"A stage at a time, by liquibase update --label-filter: {goes}.",
        )
        return Writing(folder=job.folder, new=files, then=then)

    def _stage(self, job: Job, stage: str, label: str) -> str:
        own = [unit for unit in job.chosen if unit.stage == stage]
        units = [
            (unit, f"{job.mark}-{unit.number}", forwards(unit, job.templates), backwards(unit, job.templates))
            for unit in own
        ]
        return render_template(
            environment(job.templates),
            "liquibase.sql.j2",
            units=units,
            words=words_of(job, own[0]),
            mark=mark_line(job.plan, job.mark, own[0].stage),
            label=label,
        )


FORM = Liquibase()
