"""1,000 tables in 100 schemas, 500 of them changed at once: the whole command, against loading both schemas.

``python -m tests.benchmarks.large_change``. The floor is what any tool has to do that asks a server: both schemas as
DDL into an empty database each, one after the other.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from generator.server import open_server

_KINDS = 10


def main() -> None:
    """Prints the ratio, the seconds, and the peak of memory."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.large_change", description=__doc__)
    parser.add_argument("--schemas", type=int, default=100, help="with ten tables each; half of them change")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sides = [folder / "old.sql", folder / "new.sql"]
        for path in sides:
            path.write_text("\n".join(_ddl(arguments.schemas, changed=path.stem == "new")))
        answers = folder / "answers.toml"
        answers.write_text("\n".join(_answers(arguments.schemas)))
        floor = _load(sides)
        seconds = _run(sides, answers, folder / "out")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{arguments.schemas * 10} tables in {arguments.schemas} schemas, {arguments.schemas * 5} changed")
    print(f"  loading both schemas  {floor:6.1f} s")
    print(f"  the whole command     {seconds:6.1f} s = {seconds / floor:.1f} of it, the proof included")
    print(f"  peak of a process     {peak:6.0f} MiB")


def _load(sides: list[Path]) -> float:
    with open_server() as server:
        start = time.monotonic()
        for path in sides:
            with server.create_database().connect() as connection:
                connection.execute(path.read_bytes())
        return time.monotonic() - start


def _run(sides: list[Path], answers: Path, out: Path) -> float:
    start = time.monotonic()
    code = "import sys; from generator.cli import main; sys.exit(main())"
    options = ["--answers", str(answers), "--out", str(out), "--quiet"]
    subprocess.run([sys.executable, "-c", code, *map(str, sides), *options], check=True)
    return time.monotonic() - start


def _ddl(schemas: int, *, changed: bool) -> Iterator[str]:
    for number in range(schemas):
        yield f"CREATE SCHEMA schema_{number};"
        for table in range(10):
            position = number * 10 + table
            kind = position // 2 % _KINDS if changed and position % 2 == 0 else None
            yield _table(number, table, kind)


def _table(schema: int, number: int, kind: int | None) -> str:
    """Every kind is another change of the same table."""
    name = f"schema_{schema}.table_{number}"
    parts = [
        "id bigint PRIMARY KEY",
        "name text NOT NULL" if kind == 1 else "name text",
        "amount bigint" if kind == 2 else "amount int",
        "email varchar(80)" if kind == 6 else "email varchar(40)",
        "created timestamptz" if kind == 7 else "created timestamptz DEFAULT now()",
    ]
    if number:
        parts.append(f"parent bigint REFERENCES schema_{schema}.table_{number - 1} (id)")
    more = {0: "note text", 3: "UNIQUE (email)", 4: "CHECK (amount >= 0)", 9: "status text NOT NULL DEFAULT 'new'"}
    after = {5: f"CREATE INDEX ON {name} (email);", 8: f"COMMENT ON TABLE {name} IS 'changed';"}
    if kind in more:
        parts.append(more[kind])
    return f"CREATE TABLE {name} ({', '.join(parts)});{after.get(kind, '') if kind is not None else ''}"


def _answers(schemas: int) -> Iterator[str]:
    for position in range(0, schemas * 10, 2):
        if position // 2 % _KINDS == 1:
            key = f"schema_{position // 10}.table_{position % 10}.name"
            yield f'[backfill."{key}"]\nunmatched = "stop"\n'


if __name__ == "__main__":
    main()
