"""The proof from top to bottom."""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from generator.errors import ProofFailed, ServerUnavailable
from generator.model.plan import Filling
from generator.model.proof import Proof
from generator.model.schema import QName
from generator.prove.application import FRESH, FRESH_BESIDE_OTHERS, Application, first_keys
from generator.prove.bench import Bench, make_runner
from generator.prove.dirty import stop_at_dirt
from generator.prove.insert import Row
from generator.prove.passes import go_back, go_forwards
from generator.prove.prepare import prepare_rows
from generator.prove.renamed import fillings_called
from generator.prove.report import Report
from generator.prove.request import ProofRequest
from generator.prove.rows import RowMaker
from generator.prove.seed import seed
from generator.prove.state import State, count_rows
from generator.prove.subjects import fillings_of, lost_columns, mirrors_of
from generator.prove.supplied import Supplies, supplies_of, that_fit
from generator.prove.user_rows import load_rows
from generator.prove.versions import Versions
from generator.prove.watch import watch


def prove(request: ProofRequest) -> Proof:
    """Run the plan's scripts in every way that is claimed, and say what held and what did not.

    Raises BadInput for a rows file that the old schema does not take, ServerUnavailable where the server goes away,
    ProofFailed where the proof itself goes wrong.
    """
    import psycopg

    try:
        return _prove(request)
    except psycopg.Error as error:
        said = str(error).splitlines()[0]
        if error.sqlstate is None or error.sqlstate.startswith(("57P", "08")):
            raise ServerUnavailable(f"The server went away during the proof: {said}", "Run it again.") from error
        raise ProofFailed(
            f"The proof could not go on: {said} ({error.sqlstate})",
            "Please report this with the two schemas. --no-proof leaves the proof out.",
        ) from error


def _prove(request: ProofRequest) -> Proof:
    began = time.monotonic()
    report = Report()
    if request.server.psql is None:
        report.note("there is no psql here: the scripts' statements were sent one by one, as psql would send them")
    request.progress("Making rows")
    parts = {table.name for table in (*request.old.tables, *request.new.tables) if table.partition_of is not None}
    fillings = tuple(each for each in fillings_of(request.plan) if each.table not in parts)
    mirrors = mirrors_of(request.plan)
    formerly = fillings_called(fillings, {after: before for before, after in request.renamed.items()})
    lost = lost_columns(request.plan, request.old)
    supplies: Supplies = ()
    seeded = request.server.create_database(request.old_database)
    with seeded.connect() as connection:
        makers = prepare_rows(
            connection,
            request.old,
            request.new,
            fillings,
            mirrors,
            request.new_database.connect,
            request.renamed,
            request.labels,
        )
        if request.rows_file is not None:
            load_rows(request.rows_file, seeded, lambda folder: make_runner(request, folder))
        else:
            for note in seed(connection, makers.old, makers.plainer, formerly):
                report.note(note)
            wanted = supplies_of(request, makers.new, {each.source for each in fillings})
            supplies = that_fit(wanted, request.new_database.connect, report)
        start = State(schema=request.old, rows=count_rows(connection, request.old.tables, lost), helpers=())
        keys = first_keys(connection, request.old.tables)
    with tempfile.TemporaryDirectory(prefix="gen-migration-proof-") as folder:
        for name, text in request.scripts.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        bench = Bench(
            request=request,
            seeded=seeded,
            start=start,
            folder=Path(folder),
            report=report,
            lost=lost,
            supplies=supplies,
        )
        keys_ahead = {request.renamed.get(name, name): row for name, row in keys.items()}
        old = _application(makers.old, request, keys, formerly)
        new = _application(makers.new, request, keys_ahead, fillings)
        versions = Versions(bench=bench, old=old, new=new, fillings=fillings, mirrors=mirrors)
        for table, column in sorted(lost):
            report.note(
                f"the values of {table}.{column} are not compared after rolling back: the plan says they are lost"
            )
        bench.ready.extend(request.server.create_database(seeded) for _ in range(4 if fillings else 3))
        _side_by_side(
            lambda: go_back(bench),
            lambda: go_forwards(bench, versions),
            lambda: watch(bench),
            lambda: stop_at_dirt(bench, old, formerly),
        )
        versions.at_the_end()
    return Proof(
        server_version=request.server.version,
        seconds=time.monotonic() - began,
        rows=_rows_in_words(start, request.rows_file),
        checks=tuple(sorted(report.counts.items())),
        findings=tuple(report.findings),
        notes=tuple(report.notes),
        observed=tuple(report.observed),
        trials=tuple(report.trials),
        verified=tuple(report.verified),
    )


def _side_by_side(*parts: Callable[[], None]) -> None:
    with ThreadPoolExecutor(max_workers=len(parts)) as pool:
        for done in [pool.submit(part) for part in parts]:
            done.result()


def _application(
    maker: RowMaker, request: ProofRequest, keys: Mapping[QName, Row], fillings: Sequence[Filling]
) -> Application:
    own = request.rows_file is None
    first = FRESH if own else FRESH_BESIDE_OTHERS
    return Application(maker=maker, keys=keys, own_rows=own, fillings=tuple(fillings), first=first)


def _rows_in_words(start: State, file: Path | None) -> str:
    counts = [count for count, _ in start.rows.values()]
    origin = f"from {file.name}" if file is not None else "made for the proof"
    return f"{sum(counts)} row{'s' * (sum(counts) != 1)} in {len(counts)} table{'s' * (len(counts) != 1)}, {origin}"
