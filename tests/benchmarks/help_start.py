"""How long ``gen-migration --help`` takes against an interpreter that does nothing.

python -m tests.benchmarks.help_start [rounds]
"""

import sys
from pathlib import Path

from tests.benchmarks.measure import Command, alternate, report


def main() -> None:
    """Print the ratio of 20 rounds, or of as many as the first argument says."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    here = Path.cwd()
    commands = {
        "gen-migration": Command(argv=(str(Path(sys.executable).parent / "gen-migration"), "--help"), cwd=here),
        "python -c pass": Command(argv=(sys.executable, "-c", "pass"), cwd=here),
    }
    print(
        report("gen-migration --help", alternate(commands, rounds), "gen-migration", "python -c pass", ("wall", "cpu"))
    )


if __name__ == "__main__":
    main()
