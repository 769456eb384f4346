"""The options of the command, and what is done with them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.model.plan import Stage
from generator.model.runners import ALL, NEXT, PSQL, RUNNERS

if TYPE_CHECKING:
    from generator.cli.terminal import Terminal

_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_CODE = click.Path(path_type=Path)


def _version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"gen-migration {version('gen-migration')}")
        context.exit()


@click.command(name="gen-migration", add_help_option=False)
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--out", type=_FOLDER)
@click.option("--answers", type=_FILE)
@click.option("--rows", type=_FILE)
@click.option("--server", metavar="URL")
@click.option("--pg", type=click.IntRange(min=14))
@click.option("--pg-bin", type=_FOLDER)
@click.option("--to", type=click.Choice((PSQL, *RUNNERS)))
@click.option("--stage", type=click.Choice((NEXT, ALL, *(str(stage) for stage in Stage))))
@click.option("--templates", type=_FOLDER)
@click.option("--database", metavar="URL")
@click.option("--code", type=_CODE, multiple=True)
@click.option("--review", type=_FILE, multiple=True)
@click.option("--no-proof", is_flag=True)
@click.option("--config", type=_FILE)
@click.option("--quiet", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version)
@click.option("--help", "helped", is_flag=True, expose_value=False)
@click.pass_context
def command(
    context: click.Context,
    old: str | None,
    new: str | None,
    out: Path | None,
    answers: Path | None,
    rows: Path | None,
    server: str | None,
    pg: int | None,
    pg_bin: Path | None,
    to: str | None,
    stage: str | None,
    templates: Path | None,
    database: str | None,
    code: tuple[Path, ...],
    review: tuple[Path, ...],
    no_proof: bool,
    config: Path | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Run the pipeline, write the folder, report; the exit code. Raises GenMigrationError for what a user can mend."""
    from generator.cli.asking import Asking
    from generator.cli.progress import Progress
    from generator.cli.reporting import exit_code, report
    from generator.cli.settled import Settled
    from generator.pipeline import Request, run
    from generator.render.folder import check_folder, write_folder, write_reviews
    from generator.render.forms import find_folder
    from generator.render.forms.writing import write

    terminal: Terminal = context.obj
    terminal.quiet, terminal.as_json = quiet, as_json
    settled = Settled(config)
    to, out = settled.runner(to, out)
    answers, rows = settled.path(answers, "answers"), settled.path(rows, "rows")
    code = settled.paths(code, "code")
    if rows is not None and not rows.is_file():
        raise click.BadParameter(f"{rows}: there is no such file.", param_hint="--rows")
    for folder in code:
        if not folder.exists():
            raise click.BadParameter(f"{folder}: there is no such folder.", param_hint="--code")
    if stage is not None and to == PSQL:
        raise click.BadParameter(
            "psql has a file for each stage already; name a runner with --to.", param_hint="--stage"
        )
    own = find_folder(to, out, Path.cwd()) if to != PSQL else None
    if out is not None and own is None:
        check_folder(out)
    with Progress(terminal) as progress:
        asking = Asking(terminal, answers, progress)
        request = Request(
            old=settled.source(old, "old"),
            new=settled.source(new, "new"),
            answers=asking.file_to_read,
            rows=rows,
            server=server or settled.policy.server,
            major=pg or settled.policy.pg,
            binaries=pg_bin,
            templates=settled.path(templates, "templates"),
            prove=settled.policy.prove and not no_proof,
            database=database,
            code=code,
            to=to,
            folder=own,
            stage=stage,
        )
        outcome = run(request, ask=asking, progress=progress)
        if exit_code(outcome) == 0:
            write_reviews(review, outcome.reviews)
        if outcome.writing is not None and exit_code(outcome) == 0:
            write(outcome.writing)
        elif out is not None and outcome.files and exit_code(outcome) == 0:
            write_folder(out, outcome.files)
    return report(outcome, terminal, out=own or out, asking=asking)
