"""The command: arguments in, pipeline called, words out.

Asked for help it answers from here, before anything is imported: click alone takes longer than the whole answer may.
"""

import sys
from collections.abc import Sequence

CHECK = "check"
"""The subcommand; a source of that name is given as ``./check``."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code. ``arguments`` are those of the process unless given."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if "--help" in words:
        from generator.cli.help import print_help

        return print_help(check=words[0] == CHECK)
    try:
        from generator.cli.ending import end_well

        return end_well(words)
    except KeyboardInterrupt:  # before or after all that has to be put away
        return 130
