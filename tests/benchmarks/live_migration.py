"""The scripts of ``examples/link_customers`` on a large table, while the old application goes on.

    python -m tests.benchmarks.live_migration [--rows 1000000] [--scripts DIR] [--keys ordered|random] [--rounds 1]

Against them, in the same run: one bare UPDATE on an idle server, and the usual guide's script in one transaction under
the same load. Ours also with a snapshot that another session holds open until the back-fill is done, which keeps the
server from clearing away dead rows (CREATE INDEX CONCURRENTLY, which comes then, would wait for its end). Without
``--scripts`` they are written by ``gen-migration`` for this run.

The server is one of its own, as production has it (fsync on, autovacuum on), or ``--server CONNINFO``.
Prints ratios; asserts nothing about time.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from generator.server.binaries import embedded_psql, path_psql
from tests.benchmarks import shop
from tests.benchmarks.durable_server import durable_server

_ROOT = Path(__file__).resolve().parents[2]
_UPDATE = "UPDATE customers SET user_id = users.id FROM users WHERE users.email = customers.email"
_GUIDE = f"""
BEGIN;
ALTER TABLE customers ADD COLUMN user_id uuid;
{_UPDATE};
ALTER TABLE customers ALTER COLUMN user_id SET NOT NULL;
ALTER TABLE customers ADD CONSTRAINT customers_user_id_key UNIQUE (user_id);
ALTER TABLE customers ADD CONSTRAINT customers_user_id_fkey FOREIGN KEY (user_id) REFERENCES users ON DELETE CASCADE;
COMMIT;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One contender's run. ``wal`` and ``heap`` in bytes; ``application`` is what the load saw, empty without one.

    ``longest`` says of its longest transactions what they did, and when: during which script, and how far into it.
    """

    seconds: float
    wal: int
    heap: int
    parts: dict[str, float] = field(default_factory=dict)
    application: dict[str, Any] = field(default_factory=dict)
    longest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The application at work, if there is one, and what it saw once it has ended."""

    process: "subprocess.Popen[str] | None" = None
    seen: dict[str, Any] = field(default_factory=dict)

    def renew(self) -> None:
        """From now on it is the new version."""
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.write("new\n")
            self.process.stdin.flush()
            time.sleep(0.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where it is measured."""

    server: str
    psql: Path
    rows: int
    keys: str
    rate: float

    @property
    def conninfo(self) -> str:
        """The database of the contender whose turn it is."""
        return f"{self.server} dbname=live"

    def fresh(self) -> None:
        """The same rows for every contender."""
        with psycopg.connect(f"{self.server} dbname=postgres", autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS live WITH (FORCE)")
            connection.execute("CREATE DATABASE live TEMPLATE shop STRATEGY file_copy")
            connection.execute("CHECKPOINT")

    def prepare(self) -> None:
        """The template of every contender's database."""
        with psycopg.connect(f"{self.server} dbname=postgres", autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS shop")
            connection.execute("CREATE DATABASE shop")
        with psycopg.connect(f"{self.server} dbname=shop", autocommit=True) as connection:
            connection.execute(shop.TABLES)
            connection.execute(shop.FILL.format(rows=self.rows, key=shop.KEYS[self.keys]))
            for statement in shop.SETTLE.split(";"):
                connection.execute(statement)

    @contextmanager
    def load(self) -> Iterator["Load"]:
        """The application, started a second before and stopped half a second after."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.shop", self.conninfo, str(self.rate), str(self.rows), self.keys],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT,
        )  # fmt: skip
        time.sleep(1.5)
        load = Load(process=process)
        try:
            yield load
            time.sleep(0.5)
        finally:
            output, _ = process.communicate()
        load.seen.update(json.loads(output))

    def run(self, scripts: dict[str, str], *, loaded: bool, snapshot: bool = False) -> Seen:
        """Every script with a psql of its own, one after the other; with an old ``snapshot`` until the third."""
        with psycopg.connect(self.conninfo, autocommit=True) as connection, tempfile.TemporaryDirectory() as folder:
            connection.prepare_threshold = None
            parts: dict[str, float] = {}
            starts: dict[str, float] = {}
            with self.load() if loaded else nullcontext(Load()) as load:
                start = _one(connection, "SELECT pg_current_wal_insert_lsn()")
                with ExitStack() as held:
                    if snapshot:
                        held.enter_context(self._old_snapshot())
                    for name, text in scripts.items():
                        if name.startswith("03"):
                            held.close()
                        if name.startswith("04"):
                            load.renew()
                        (Path(folder) / name).write_text(text)
                        starts[name] = time.time()
                        parts[name] = self._psql(Path(folder) / name)
                wal = int(_one(connection, "SELECT pg_current_wal_insert_lsn() - %s::pg_lsn", start))
            heap = _one(connection, "SELECT pg_relation_size('customers')")
        return Seen(
            seconds=sum(parts.values()),
            wal=wal,
            heap=heap,
            parts=parts,
            application=load.seen,
            longest=_placed(load.seen, starts),
        )

    def _psql(self, script: Path) -> float:
        command: list[str | Path] = [self.psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.conninfo, "-f", script]
        began = time.monotonic()
        while (done := subprocess.run(command, capture_output=True, text=True, check=False)).returncode != 0:
            # The guide's script locks customers before users, and the application the other way round.
            if script.name != "guide.sql" or "deadlock detected" not in done.stderr:
                raise SystemExit(f"{script.name}: {done.stderr}")
            print("guide.sql: deadlock detected; run again")
        return time.monotonic() - began

    @contextmanager
    def _old_snapshot(self) -> Iterator[None]:
        """A session elsewhere which holds a snapshot, and no lock on the tables."""
        with psycopg.connect(self.conninfo) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            connection.execute("SELECT count(*) FROM subscriptions")
            yield
            connection.rollback()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rate", type=float, default=400, help="transactions a second of the old application")
    parser.add_argument("--keys", choices=sorted(shop.KEYS), default="ordered")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--scripts", type=Path, help="a folder with 01_expand.sql … instead of writing them anew")
    parser.add_argument("--server", help="conninfo of a superuser, without a database, instead of a server of its own")
    parser.add_argument("--only", help="contenders, by comma: bare,guide,ours,snapshot")
    arguments = parser.parse_args()
    scripts = _read(arguments.scripts) if arguments.scripts else _written()
    chosen = (arguments.only or "bare,guide,ours,snapshot").split(",")
    psql = embedded_psql() or path_psql()
    assert psql is not None, "there is no psql"
    with nullcontext(arguments.server) if arguments.server else durable_server() as server:
        stand = Stand(server=server, psql=psql, rows=arguments.rows, keys=arguments.keys, rate=arguments.rate)
        stand.prepare()
        seen: dict[str, list[Seen]] = {}
        for number in range(arguments.rounds):
            for name in chosen if number % 2 == 0 else reversed(chosen):
                stand.fresh()
                seen.setdefault(name, []).append(_contend(name, stand, scripts))
    print(_report(arguments, seen))


def _placed(seen: dict[str, Any], starts: dict[str, float]) -> tuple[str, ...]:
    """The longest transactions of the application, each with the script that ran when it began."""
    told = []
    for seconds, when, did in reversed(seen.get("longest", [])):
        name, start = next(((n, s) for n, s in reversed(starts.items()) if s <= when), ("before", when))
        told.append(f"{did} {seconds * 1000:.0f} ms, {when - start:.1f} s into {name}")
    return tuple(told)


def _contend(name: str, stand: Stand, scripts: dict[str, str]) -> Seen:
    if name == "bare":
        with psycopg.connect(stand.conninfo, autocommit=True) as connection:
            connection.execute("ALTER TABLE customers ADD COLUMN user_id uuid")
        return stand.run({"update.sql": f"{_UPDATE};"}, loaded=False)
    if name == "guide":
        return stand.run({"guide.sql": _GUIDE}, loaded=True)
    return stand.run(scripts, loaded=True, snapshot=name == "snapshot")


def _read(folder: Path) -> dict[str, str]:
    """The stages, without their rollbacks; cleanup is for days later."""
    files = sorted(path for path in folder.glob("0[1-4]_*.sql") if ".rollback." not in path.name)
    return {path.name: path.read_text() for path in files}


def _written() -> dict[str, str]:
    example = _ROOT / "examples" / "link_customers"
    with tempfile.TemporaryDirectory() as folder:
        program = Path(sys.executable).parent / "gen-migration"
        command: list[str | Path] = [
            program,
            example / "old.py",
            example / "new.py",
            "--out",
            folder,
            "--no-proof",
            "--quiet",
        ]
        subprocess.run(command, check=True)
        return _read(Path(folder))


def _one(connection: "psycopg.Connection[Any]", query: str, *values: object) -> Any:
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return row[0]


_WORDS = {
    "bare": "one bare UPDATE, idle server",
    "guide": "the guide's one transaction",
    "ours": "our scripts, all stages",
    "snapshot": "ours, old snapshot elsewhere",
}


def _report(arguments: argparse.Namespace, seen: dict[str, list[Seen]]) -> str:
    lines = [
        f"{arguments.rows:,} rows, {arguments.keys} keys, {arguments.rate:g} transactions a second;"
        f" medians of {arguments.rounds}",
        f"  {'':34} {'s':>7} {'WAL MB':>7} {'heap MB':>7} {'p99 ms':>7} {'worst':>7} {'errors':>7}"
        "   of the UPDATE: time, WAL",
    ]
    bare = seen.get("bare")
    for name, runs in seen.items():
        middle = [median(getattr(run, what) for run in runs) for what in ("seconds", "wal", "heap")]
        line = f"  {_WORDS[name]:34} {middle[0]:7.2f} {middle[1] / 1e6:7.0f} {middle[2] / 1e6:7.0f}"
        if runs[0].application:
            p99, worst = (max(run.application[what] for run in runs) for what in ("p99", "worst"))
            errors = sum(sum(run.application["errors"].values()) for run in runs)
            line += f" {p99:7.1f} {worst:7.1f} {errors:7d}"
            kinds = {kind: number for run in runs for kind, number in run.application["errors"].items()}
        else:
            line += " " * 24
        if bare:
            pairs = sorted(run.seconds / idle.seconds for run, idle in zip(runs, bare, strict=True))
            wal = middle[1] / median(run.wal for run in bare)
            line += f"   {median(pairs):5.2f} ({pairs[0]:.2f} to {pairs[-1]:.2f})  {wal:5.2f}"
        lines.append(line)
        if runs[0].application and kinds:
            lines.append("      errors by SQLSTATE: " + ", ".join(f"{kind} {number}" for kind, number in kinds.items()))
        lines += [
            f"      {part}: {median(run.parts[part] for run in runs):.2f} s"
            for part in runs[0].parts
            if len(runs[0].parts) > 1
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
