"""Drizzle: one migration a stage, in either layout; with the last stage comes the snapshot of the new schema.

Its migrator runs everything that is pending in one transaction, which each migration ends and begins anew. It has no
way back: a script for psql stands beside each migration, and takes it out of Drizzle's record.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from generator.dialects.postgres.names import literal
from generator.errors import BadInput
from generator.model.drizzle_folder import DrizzleFolder
from generator.model.drizzle_state import DrizzleState
from generator.model.plan import Stage
from generator.render.environment import environment, render_template
from generator.render.forms.form import Job, Writing
from generator.render.forms.laying_out import refuse_lines, words_of
from generator.render.forms.marks import mark_line
from generator.render.forms.naming import about, stamps
from generator.render.unit_scripts import backwards, forwards

_BREAKPOINT = "--> statement-breakpoint"
_ORIGIN = "00000000-0000-0000-0000-000000000000"
_JOURNAL = "meta/_journal.json"
_VERSIONS = {"journal": "7", "folders": "8 or 9"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A migration's names: its tag, its files inside the folder, and how Drizzle records it."""

    stage: Stage
    tag: str
    when: int
    sql: str
    rollback: str
    snapshot: str
    record: str


class Drizzle:
    """See ``generator.render.forms.form.Form``."""

    folder_is = "it holds the migrations (``out`` in drizzle.config.ts), as drizzle/ does"
    at_once = True
    suffixes = (".sql",)

    def usual(self, here: Path) -> Path | None:
        """``drizzle``, or ``supabase/migrations`` and the like where Drizzle's journal is in it."""
        for name in ("drizzle", "src/drizzle", "drizzle/migrations", "supabase/migrations", "migrations"):
            folder = here / name
            if (folder / _JOURNAL).is_file() or any(folder.glob("*/snapshot.json")):
                return folder
        return here / "drizzle" if (here / "drizzle").is_dir() else None

    def inside(self, out: Path) -> Path:
        """Itself."""
        return out

    def write(self, job: Job) -> Writing:
        """A migration for each stage."""
        assert isinstance(job.new_state, DrizzleState)
        refuse_lines(job, _BREAKPOINT, "Drizzle")
        folder, snapshot = job.new_state.folder, _snapshot(job.new_state)
        places = _places(job, folder)
        files: dict[str, str] = {}
        for place in places:
            files[place.sql] = _laid_out(job, place, "drizzle.sql.j2")
            files[place.rollback] = _laid_out(job, place, "drizzle_rollback.sql.j2")
        if job.finishes:
            files[places[-1].snapshot] = _chained(job, folder, snapshot)
        replaced = {}
        if folder.layout == "journal":
            before, after = _journal(job.folder, folder, places)
            if before is None:
                files[_JOURNAL] = after
            else:
                replaced[_JOURNAL] = (before, after)
        then = ["Commit and deploy each stage by itself: drizzle-kit migrate applies everything that is pending."]
        if not job.finishes:
            then.append(
                "Until the last stage is written the folder has no snapshot of the new schema: do not run drizzle-kit"
                " generate before."
            )
        return Writing(folder=job.folder, new=files, replaced=replaced, then=tuple(then))


def _snapshot(state: DrizzleState) -> dict[str, object]:
    """The new schema's snapshot. Raises BadInput where there is none, or one of another layout than the folder's."""
    if not state.snapshot:
        raise BadInput(
            "--to drizzle: NEW must be the project's schema.ts, or a snapshot of drizzle-kit's.",
            "With the last stage Drizzle needs the snapshot of the new schema; without it the next drizzle-kit generate"
            " would write the whole change a second time.",
        )
    found: dict[str, object] = json.loads(state.snapshot)
    if ("tables" in found) != (state.folder.layout == "journal"):
        raise BadInput(
            f"--to drizzle: the new schema's snapshot has version {found.get('version')}, and {state.folder.path} is"
            f" kept by a drizzle-kit whose snapshots have version {_VERSIONS[state.folder.layout]}.",
            "Run drizzle-kit up in the project, or use the drizzle-kit that the folder was made with.",
        )
    return found


def _places(job: Job, folder: DrizzleFolder) -> tuple[_Place, ...]:
    name = about(job.units)
    moment = int(job.now.timestamp() * 1000)
    first = max(moment, folder.last_when + 1)
    digits = [each.prefix for each in folder.migrations if each.prefix.isdigit()]
    times = stamps(max((each for each in digits if len(each) == 14), default=""), len(job.stages), job.now)
    return tuple(
        _place(folder, stage, f"{stage}_{name}", number, first + number, times[number])
        for number, stage in enumerate(job.stages)
    )


def _place(folder: DrizzleFolder, stage: Stage, name: str, number: int, when: int, time: str) -> _Place:
    if folder.layout == "folders":
        tag = f"{time}_{name}"
        return _Place(
            stage=stage,
            tag=tag,
            when=when,
            sql=f"{tag}/migration.sql",
            rollback=f"{tag}/rollback.sql",
            snapshot=f"{tag}/snapshot.json",
            record=f"name = {literal(tag)}",
        )
    prefix = {
        "index": f"{folder.next_number + number:04}",
        "timestamp": time,
        "unix": str(when // 1000 + number),
        "none": "",
    }[folder.prefixes]
    tag = f"{prefix}_{name}"
    return _Place(
        stage=stage,
        tag=tag,
        when=when,
        sql=f"{tag}.sql",
        rollback=f"{tag}.rollback.sql",
        snapshot=f"meta/{prefix}_snapshot.json",
        record=f"created_at = {when}",
    )


def _laid_out(job: Job, place: _Place, template: str) -> str:
    own = [unit for unit in job.chosen if unit.stage is place.stage]
    ways = forwards if template == "drizzle.sql.j2" else backwards
    units = [(unit, ways(unit, job.templates)) for unit in own]
    return render_template(
        environment(job.templates),
        template,
        units=units,
        words=words_of(job, own[0]),
        mark=mark_line(job.plan, job.mark, place.stage),
        name=place.tag,
        record=place.record,
    )


def _chained(job: Job, folder: DrizzleFolder, snapshot: dict[str, object]) -> str:
    """The new schema's snapshot, with an id of its own, after the newest one."""
    newest = folder.newest
    before = _ORIGIN
    if newest is not None and newest.snapshot is not None:
        before = json.loads(newest.snapshot.read_text(encoding="utf-8-sig"))["id"]
    own = str(uuid5(NAMESPACE_URL, f"gen-migration {job.mark} after {before}"))
    chain: dict[str, object] = {"prevId": before} if folder.layout == "journal" else {"prevIds": [before]}
    return json.dumps({**snapshot, "id": own, **chain}, indent=2, ensure_ascii=False)


def _journal(path: Path, folder: DrizzleFolder, places: tuple[_Place, ...]) -> tuple[str | None, str]:
    """The journal as it is (None where there is none yet) and as it will be."""
    file = path / _JOURNAL
    before = file.read_bytes().decode() if file.exists() else None
    empty: dict[str, Any] = {"version": "7", "dialect": "postgresql", "entries": []}
    journal: dict[str, list[object]] = json.loads(before) if before is not None else empty
    entries = [
        {"idx": folder.next_number + number, "version": "7", "when": place.when, "tag": place.tag, "breakpoints": True}
        for number, place in enumerate(places)
    ]
    journal["entries"] = [*journal["entries"], *entries]
    text = json.dumps(journal, indent=2, ensure_ascii=False)
    return before, text + ("\n" if before is not None and before.endswith("\n") else "")


FORM = Drizzle()
