"""What ``--help`` prints. A test holds that it names every option of the command, and no other."""

import os
import sys

TEXT = """\
Usage: gen-migration OLD NEW [OPTIONS]

Finds what changed between two schemas, and writes the PostgreSQL migration as
plain SQL in stages that can be deployed while the application keeps running,
with a way back from each. It has run them on a scratch server before you see
them.

OLD and NEW are each one of:
  models.py           SQLAlchemy models; also package.module, module:attribute
  schema.sql          SQL that PostgreSQL takes, or a folder of such files
  postgresql://...    a live database, which is only read

Options:
  --out DIR           Write the files into this folder: new, empty, or of an
                      earlier run. Without it the script goes to standard out.
  --answers FILE      What the schemas cannot say: how a column is filled, what
                      was renamed, what may be lost (TOML).
  --rows FILE         SQL that fills the old schema with rows for the proof.
  --server URL        Use this PostgreSQL server instead of starting one;
                      databases are made there and dropped again.
  --pg N              Plan for this major version of PostgreSQL.
  --pg-bin DIR        Start the scratch server from this folder, which holds
                      postgres and initdb.
  --templates DIR     Your own templates, which come before ours.
  --no-proof          Write the plan without running it.
  --quiet             Print nothing but errors and questions.
  --json              Print the outcome as one JSON document.
  --version           Print the version.
  --help              Print this.

Stages, each a script with its rollback beside it:
  01_expand     adds what the new version needs and the old one does not mind
  02_backfill   fills the rows that exist, in batches, once it has checked them
  03_validate   builds indexes and proves constraints while everybody works
  04_contract   takes away what only the old version needed
  05_cleanup    drops what was set aside for the way back

Exit codes: 0 written, or nothing to do; 1 the proof failed; 2 an input or an
option cannot be used; 3 a question is open; 4 refused.

Examples:
  gen-migration old.py new.py --out migration
  gen-migration postgresql://localhost/shop shop.models --answers answers.toml
"""


def print_help() -> int:
    """Print it; the exit code. A reader who has seen enough (``| head``) is no error."""
    try:
        sys.stdout.write(TEXT)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return 0
