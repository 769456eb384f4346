"""A check in Markdown, for a comment on a pull request or a job's summary."""

from collections.abc import Iterator

from generator.model.check import Check, Finding, Observed, Severity
from generator.render.check_words import at, duration, in_short, verdict
from generator.render.markdown import fence, md, sentence

_MARKS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.NOTE: "ℹ️"}


def render_check_markdown(check: Check) -> str:
    """The text; no more than a comment of GitHub's holds (65,536 characters)."""
    text = "\n".join(_parts(check))
    if len(text) <= _MOST:
        return text
    return text[: text.rindex("\n", 0, _MOST)] + "\n\n… cut here: more than a comment holds.\n"


_MOST = 60_000


def _parts(check: Check) -> Iterator[str]:
    mark = "✅" if check.holds else "❌"
    yield f"## {mark} gen-migration check: {verdict(check)}\n"
    yield f"{md(check.subject)}, on PostgreSQL {check.server_version}\n"
    if check.changes:
        yield "".join(f"- {md(each)}\n" for each in check.changes)
    for finding in check.findings:
        yield _finding(finding)
    if check.passed:
        yield "".join(f"- ✅ {sentence(each)}\n" for each in check.passed)
    if check.observed:
        yield _observed(check.observed)
    if check.stages:
        yield _stages(check)
    if check.estimates:
        yield _estimates(check)
    if check.notes:
        yield "".join(f"- {sentence(each)}\n" for each in check.notes)


def _finding(finding: Finding) -> str:
    place = f" `{at(finding.where)}`" if at(finding.where) else ""
    if finding.allowed:
        return f"- *{finding.code}*{place} is set aside: {sentence(finding.allowed)} {sentence(finding.message)}\n"
    first, *more = finding.way_out.splitlines() or [""]
    said = (
        f"{_MARKS.get(finding.severity, '')} **{finding.code}**{place}\n\n{sentence(finding.message)}"
        f" {sentence(finding.effect)}\n*Way out:* {sentence(first)}\n"
    )
    return said + (f"\n{fence(chr(10).join(more), 'toml')}\n" if more else "")


def _observed(observed: tuple[Observed, ...]) -> str:
    rows = [
        "| line | statement | locks | does | the application cannot |",
        "|---|---|---|---|---|",
    ]
    for each in observed:
        locks = ", ".join(f"{lock.table} {lock.mode.value}" for lock in each.locks)
        does = [f"reads all of {table}" for table in each.scans] + [f"rewrites {table}" for table in each.rewrites]
        does += [f"empties {table}" for table in each.empties]
        does += [f"writes {each.rows} row{'s' * (each.rows != 1)}"] if each.rows else []
        does += [f"**{each.error}**"] if each.error else []
        cells = (in_short(each.sql, 70), locks, ", ".join(does), ", ".join(each.blocked))
        rows.append(f"| {each.line} | " + " | ".join(md(cell) for cell in cells) + " |")
    table = "\n".join(rows)
    return f"<details open><summary>Statement by statement, as it was seen</summary>\n\n{table}\n\n</details>\n"


def _stages(check: Check) -> str:
    lines = []
    for stage in check.stages:
        lines.append(f"{stage.stage.number}. **{stage.stage}** (the application waits {stage.waits})")
        lines += [f"   - {sentence(step)}" for step in stage.steps]
    command = f"\n{fence(check.command, 'sh')}\n" if check.command else ""
    steps = "\n".join(lines)
    return f"<details><summary>The staged form of this change</summary>\n\n{steps}\n{command}\n</details>\n"


def _estimates(check: Check) -> str:
    rows = ["| stage | step | rows | takes about | lock |", "|---|---|---|---|---|"]
    for each in check.estimates:
        if each.rows == 0 and not each.bytes:
            continue
        locks = ", ".join(f"{lock.table} {lock.mode.value}" for lock in each.locks)
        count = "?" if each.rows is None else f"{each.rows:,}"
        rows.append(f"| {each.stage} | {md(each.purpose)} | {count} | {duration(each)} | {md(locks)} |")
    table = "\n".join(rows)
    return (
        "<details><summary>Estimates for the live database, from its statistics (not measured)</summary>\n\n"
        f"{table}\n\n</details>\n"
    )
