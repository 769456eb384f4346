"""A check for people at a terminal."""

from collections.abc import Iterator

from generator.model.check import Check, Finding, Observed, Severity
from generator.render.check_words import at, duration, in_short, verdict
from generator.render.paint import Paint

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan", Severity.OFF: "dim"}


def render_check_text(check: Check, paint: Paint) -> str:
    """All of it; ends with a newline."""
    parts = [
        _head(check, paint),
        *(_finding(each, paint) for each in check.findings),
        _list("As it should be", check.passed, paint, mark="✓"),
        _list("What changes", check.changes, paint),
        "\n".join(_observed(check, paint)),
        "\n".join(_staged(check, paint)),
        "\n".join(_estimates(check, paint)),
        _list("Mind", check.notes, paint),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(check: Check, paint: Paint) -> str:
    mark, colour = ("✓", "green") if check.holds else ("✗", "red")
    return paint.style(paint.plain(f"{mark} {check.subject}: {verdict(check)}"), "bold", colour)


def _finding(finding: Finding, paint: Paint) -> str:
    colour = "dim" if finding.allowed else _COLOURS[finding.severity]
    place = at(finding.where)
    title = paint.plain(f"{finding.severity} {finding.code}") + (f"  {paint.plain(place)}" if place else "")
    lines = [paint.style(title, "bold", colour), paint.wrap(finding.message, first="  ", then="  ")]
    if finding.allowed:
        return "\n".join([*lines, paint.wrap(f"Set aside: {finding.allowed}", first="  ", then="  ")])
    lines.append(paint.wrap(finding.effect, first="  ", then="  "))
    first, *more = finding.way_out.splitlines() or [""]
    lines.append(paint.wrap(first, first="  → ", then="    "))
    return "\n".join([*lines, *(f"      {paint.plain(line)}" for line in more)])


def _observed(check: Check, paint: Paint) -> Iterator[str]:
    if check.observed:
        yield paint.style(f"Statement by statement, as seen on PostgreSQL {check.server_version}", "bold")
    for each in check.observed:
        yield paint.wrap(in_short(each.sql), first=f"  {each.line:>4}  ", then="        ")
        for line in _seen(each):
            yield paint.wrap(line, first="          ", then="            ")


def _seen(each: Observed) -> Iterator[str]:
    if each.locks:
        yield "locks " + ", ".join(f"{lock.table} {lock.mode.value}" for lock in each.locks)
    strong = [lock for lock in each.kept if lock.table not in {own.table for own in each.locks}]
    if strong:
        yield "under " + ", ".join(f"{lock.table} {lock.mode.value}" for lock in strong)
    if each.rewrites:
        yield f"writes anew: {', '.join(map(str, each.rewrites))}"
    if each.empties:
        yield f"empties {', '.join(map(str, each.empties))}"
    if each.scans:
        yield f"reads all rows of {', '.join(map(str, each.scans))}"
    if each.rows:
        yield f"writes {each.rows} row{'s' * (each.rows != 1)}"
    if each.blocked:
        yield f"meanwhile the application cannot: {', '.join(each.blocked)}"
    if each.error:
        yield f"stops: {each.error}"
    if each.unwatched:
        yield each.unwatched


def _staged(check: Check, paint: Paint) -> Iterator[str]:
    if not check.stages:
        return
    yield paint.style("The staged form of this change" if check.observed else "Stages", "bold")
    for stage in check.stages:
        name = f"{stage.stage.number} {stage.stage}"
        waits = paint.wrap(f"the application waits {stage.waits}", first=" " * 14, then=" " * 14).lstrip()
        yield f"  {paint.style(f'{name:<12}', 'cyan')}{waits}"
        for step in stage.steps if check.observed else ():
            yield paint.wrap(step, first=" " * 14, then=" " * 16)
    if check.command:
        yield paint.plain(f"  {check.command}")


def _estimates(check: Check, paint: Paint) -> Iterator[str]:
    if not check.estimates:
        return
    yield paint.style("Estimates for the live database, from its statistics (not measured)", "bold")
    for each in check.estimates:
        if each.rows == 0 and not each.bytes:
            continue
        rows = "an unknown number of" if each.rows is None else f"{each.rows:,}"
        locks = ", ".join(f"{lock.table} {lock.mode.value}" for lock in each.locks) or "no table lock"
        yield paint.wrap(f"{each.stage.number} {each.stage}: {each.purpose}", first="  ", then="    ")
        yield paint.wrap(
            f"{rows} rows, {duration(each)}, holding {locks} ({each.how})", first="      ", then="        "
        )


def _list(title: str, texts: tuple[str, ...], paint: Paint, *, mark: str = "·") -> str:
    lines = [paint.wrap(text, first=f"  {mark} ", then="    ") for text in texts]
    return "\n".join([paint.style(title, "bold"), *lines]) if lines else ""
