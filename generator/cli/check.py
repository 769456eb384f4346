"""The options of ``gen-migration check``, and what is done with them."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.model.check import CheckForm

if TYPE_CHECKING:
    from generator.check import CheckResult
    from generator.cli.settled import Settled
    from generator.cli.terminal import Terminal

_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_EITHER = click.Path(path_type=Path)


@click.command(name="check", add_help_option=False)
@click.argument("sources", nargs=-1)
@click.option("--migrations", type=_EITHER, multiple=True)
@click.option("--database", metavar="URL")
@click.option("--sql", type=_FILE)
@click.option("--on", "start", metavar="OLD")
@click.option("--one-transaction", is_flag=True)
@click.option("--format", "forms", multiple=True)
@click.option("--review", type=_FILE)
@click.option("--config", type=_FILE)
@click.option("--answers", type=_FILE)
@click.option("--rows", type=_FILE)
@click.option("--server", metavar="URL")
@click.option("--pg", type=click.IntRange(min=14))
@click.option("--pg-bin", type=_FOLDER)
@click.option("--templates", type=_FOLDER)
@click.option("--no-proof", is_flag=True)
@click.option("--quiet", is_flag=True)
@click.option("--help", "helped", is_flag=True, expose_value=False)
@click.pass_context
def check_command(
    context: click.Context,
    sources: tuple[str, ...],
    migrations: tuple[Path, ...],
    database: str | None,
    sql: Path | None,
    start: str | None,
    one_transaction: bool,
    forms: tuple[str, ...],
    review: Path | None,
    config: Path | None,
    answers: Path | None,
    rows: Path | None,
    server: str | None,
    pg: int | None,
    pg_bin: Path | None,
    templates: Path | None,
    no_proof: bool,
    quiet: bool,
) -> int:
    """Check, tell it in every form that was asked for; the exit code. Raises GenMigrationError."""
    from generator.check import CheckRequest, check
    from generator.cli.progress import Progress
    from generator.cli.settled import Settled
    from generator.pipeline import Request

    terminal: Terminal = context.obj
    terminal.quiet = quiet
    settled = Settled(config)
    wanted_forms = _forms(forms or settled.policy.format or (CheckForm.TEXT.value,))
    old, new = _sides(sources, start, sql, settled)
    if sql is not None and not sql.is_file():
        raise click.BadParameter(f"{sql}: there is no such file.", param_hint="--sql")
    request = Request(
        old=old,
        new=new if new is not None else old,
        answers=settled.path(answers, "answers"),
        rows=settled.path(rows, "rows"),
        server=server or settled.policy.server,
        major=pg or settled.policy.pg,
        binaries=pg_bin,
        templates=settled.path(templates, "templates"),
        prove=settled.policy.prove and not no_proof,
    )
    wanted = CheckRequest(
        request=request,
        policy=settled.policy,
        script=sql,
        one_transaction=one_transaction,
        new_known=new is not None,
        migrations=() if sql is not None else settled.paths(migrations, "migrations"),
        database=database,
        command=shlex.join(["gen-migration", old, new, "--out", "migration"]) if new is not None else "",
    )
    with Progress(terminal) as progress:
        result = check(wanted, progress=progress)
    _tell(result, wanted_forms, review, terminal)
    return result.check.exit_code


def _sides(sources: tuple[str, ...], start: str | None, sql: Path | None, settled: "Settled") -> tuple[str, str | None]:
    """OLD, and NEW where one is known: a script may go without it."""
    if start is not None and sql is None:
        raise click.UsageError("--on names the schema that --sql FILE starts from.")
    given = ((start,) if start is not None else ()) + sources
    if len(given) > 2:
        raise click.UsageError(f"Two schemas are compared, and these are {len(given)}: {' '.join(given)}.")
    old = settled.source(given[0] if given else None, "old")
    if sql is not None and len(given) == 1:
        return old, None
    new = given[1] if len(given) == 2 else None
    if sql is not None and new is None and settled.policy.new is None:
        return old, None
    return old, settled.source(new, "new")


def _forms(given: tuple[str, ...]) -> tuple[tuple[CheckForm, Path | None], ...]:
    found = []
    for each in given:
        name, _, file = each.partition("=")
        try:
            found.append((CheckForm(name), Path(file) if file else None))
        except ValueError:
            known = ", ".join(form.value for form in CheckForm)
            raise click.BadParameter(f"{name} is none of {known}.", param_hint="--format") from None
    if len([each for each in found if each[1] is None]) > 1:
        raise click.BadParameter("one form goes to standard output; give the others a file: FORM=FILE.")
    return tuple(found)


def _tell(
    result: "CheckResult",
    forms: tuple[tuple[CheckForm, Path | None], ...],
    review: Path | None,
    terminal: "Terminal",
) -> None:
    from generator.errors import BadInput
    from generator.render.check_forms import render_check
    from generator.render.folder import write_reviews
    from generator.render.paint import Paint

    try:
        for form, file in forms:
            if file is not None:
                file.write_text(render_check(result.check, form, Paint()), encoding="utf-8")
            elif not (terminal.quiet and result.check.exit_code == 0):
                terminal.write(render_check(result.check, form, terminal.paint(terminal.stdout)))
        if review is not None and "REVIEW.md" in result.files:
            write_reviews((review,), result.files)
    except OSError as error:
        raise BadInput(f"{error.filename}: cannot be written: {error.strerror}.") from None
