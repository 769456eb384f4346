"""Whole processes, measured in turns: wall clock, CPU and peak memory of a command and of what it started."""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

# As on anybody's machine: bytecode is written, by the first round.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What is run; ``before`` puts back what an earlier run has left, outside the measurement."""

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run. ``wall`` and ``cpu`` in seconds, ``peak`` in MiB.

    ``cpu`` counts every descendant that was waited for (a server too, where the command itself starts and ends it).
    ``peak`` is the kernel's ``ru_maxrss``: that of the largest single process, shared pages included; never less than
    what the measuring process itself holds (about 15 MiB), from which it was forked.
    """

    wall: float
    cpu: float
    peak: float


def run(command: Command) -> Run:
    """One run, which must end with exit code 0. Raises RuntimeError with what it printed where it does not."""
    command.before()
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = _start(command, output.fileno())
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            output.seek(0)
            raise RuntimeError(f"{' '.join(command.argv)}\nexit {process.returncode}\n{output.read().decode()[-4000:]}")
    return Run(wall=wall, cpu=usage.ru_utime + usage.ru_stime, peak=usage.ru_maxrss / 1024)


def tree_peak(command: Command, *, every: float = 0.02) -> float:
    """MiB that the command and all its descendants held together at most, shared pages counted once. Linux only.

    Sampling costs time, so this is a run of its own. 0.0 where there is no ``/proc``.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        return 0.0
    command.before()
    peak = 0.0
    over = threading.Event()
    with tempfile.TemporaryFile() as output:
        process = _start(command, output.fileno())

        def sample() -> None:
            nonlocal peak
            while not over.is_set():
                peak = max(peak, sum(_proportional(pid) for pid in _tree(process.pid)))
                over.wait(every)

        sampler = threading.Thread(target=sample)
        sampler.start()
        process.wait()
        over.set()
        sampler.join()
    return peak


def alternate(commands: Mapping[str, Command], rounds: int) -> dict[str, list[Run]]:
    """Every command once in every round, in the other order each round; one round before it warms up unmeasured."""
    names = list(commands)
    runs: dict[str, list[Run]] = {name: [] for name in names}
    for name in names:
        run(commands[name])
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            runs[name].append(run(commands[name]))
    return runs


def report(
    title: str,
    runs: Mapping[str, Sequence[Run]],
    ours: str,
    theirs: str,
    shown: Sequence[str] = ("wall", "cpu", "peak"),
) -> str:
    """Medians of both, and the ratio of ours to theirs: of the medians, and the range over the rounds."""
    lines = [f"{title}   ({len(runs[ours])} rounds in turns; medians; below 1 is in favour of {ours})"]
    lines.append(f"  {'':10} {ours:>16} {theirs:>22}   ratio   in single rounds")
    for what in shown:
        unit = "MiB" if what == "peak" else "s"
        mine = [getattr(one, what) for one in runs[ours]]
        other = [getattr(one, what) for one in runs[theirs]]
        pairs = sorted(a / b for a, b in zip(mine, other, strict=True))
        figures = f"{median(mine):>14.3f} {unit:3} {median(other):>16.3f} {unit:3}"
        lines.append(f"  {what:8} {figures} {median(mine) / median(other):>8.2f}   {pairs[0]:.2f} to {pairs[-1]:.2f}")
    return "\n".join(lines)


def _start(command: Command, output: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command.argv,
        cwd=command.cwd,
        env={**_ENVIRONMENT, **command.env},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
    )


def _tree(root: int) -> list[int]:
    """The process and its descendants, as far as they still live."""
    found = [root]
    for pid in found:
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                found.extend(int(child) for child in task.read_text().split())
            except OSError:
                continue
    return found


def _proportional(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:")), 0.0)
