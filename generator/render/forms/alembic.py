"""Alembic: a revision for each unit, chained from the current head, each statement in an autocommit block.

The last revision of each stage carries a branch label, so that ``alembic upgrade <label>`` goes to the end of it.
"""

from hashlib import sha256
from pathlib import Path

from generator.model.plan import Stage
from generator.render.forms.alembic_folder import Revision, heads_of, read_revisions, versions_folder
from generator.render.forms.as_python import as_python
from generator.render.forms.form import Job, Writing
from generator.render.forms.laying_out import lay_out_unit
from generator.render.forms.naming import about, slug

_SLUG = 40
"""Alembic's own truncate_slug_length."""


class Alembic:
    """See ``generator.render.forms.form.Form``."""

    folder_is = "it holds alembic.ini, or is the versions folder itself"
    at_once = False
    suffixes = (".py",)

    def usual(self, here: Path) -> Path | None:
        """Where alembic.ini or pyproject.toml says."""
        return here if versions_folder(here) is not None else None

    def inside(self, out: Path) -> Path:
        """The versions folder."""
        return versions_folder(out) or out

    def write(self, job: Job) -> Writing:
        """A revision for each unit."""
        there = read_revisions(job.folder)
        before: str | tuple[str, ...] | None = heads_of(there, job.folder)
        labels = _labels(job, there)
        files = {}
        for unit in job.chosen:
            revision = sha256(f"{job.mark} {unit.number}".encode()).hexdigest()[:12]
            is_last = unit.number == max(each.number for each in job.units if each.stage is unit.stage)
            files[f"{revision}_{slug(unit, _SLUG)}.py"] = lay_out_unit(
                job,
                "alembic.py.j2",
                unit,
                revision=revision,
                down_revision=before,
                branch_labels=(labels[unit.stage],) if is_last else None,
                now=job.now.strftime("%Y-%m-%d %H:%M:%S"),
                as_python=as_python,
            )
            before = revision
        goes = ", ".join(f"alembic upgrade {labels[stage]}" for stage in job.stages)
        return Writing(folder=job.folder, new=files, then=(f"A stage at a time: {goes}.",))


def _labels(job: Job, there: tuple[Revision, ...]) -> dict[Stage, str]:
    """A label for each stage: what the plan is about, and the stage; with the plan's mark where others have it."""
    taken = {label for revision in there for label in revision.labels}
    name = about(job.units)
    names = {stage: f"{name}_{stage}" for stage in job.plan.stages}
    return {stage: f"{each}_{job.mark[:6]}" for stage, each in names.items()} if taken & {*names.values()} else names


FORM = Alembic()
