"""What ``--help`` prints. A test holds that it names every option of the command, and no other."""

import os
import sys

TEXT = """\
Usage: gen-migration OLD NEW [OPTIONS]
       gen-migration check ...  checks a change, its migrations, or any SQL
                               (gen-migration check --help)

Finds what changed between two schemas, and writes the PostgreSQL migration as
plain SQL in stages that can be deployed while the application keeps running,
with a way back from each. It has run them on a scratch server before you see
them.

OLD and NEW are each one of:
  models.py           SQLAlchemy models; also package.module, module:attribute
  schema.sql          SQL that PostgreSQL takes, or a folder of such files
  drizzle/            Drizzle's migrations: the newest snapshot, or drizzle/@3
  lib/db/schema.ts    Drizzle's schema, by the project's own drizzle-kit
  alembic:alembic.ini migrations run to their head, or to @revision
  django:app.settings migrations run to their end
  migrations/         of dbmate, golang-migrate, goose, Flyway, Liquibase
                      (formatted SQL) or Prisma: what goes forward
  schema.prisma       Prisma's schema, by the project's own Prisma
  postgresql://...    a live database, which is only read
  main:models.py      any of these, as it is in a revision of Git

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
  --to RUNNER         Write for this runner into its own folder: alembic,
                      drizzle, dbmate, golang-migrate, goose, flyway,
                      liquibase, django, prisma; or psql, as without it.
  --stage STAGE       With --to: only this stage (expand ...), the next one, or
                      all; by itself next where a runner always applies
                      everything (drizzle, dbmate, prisma), else all.
  --templates DIR     Your own templates, which come before ours.
  --database URL      A live database, for the review: its sizes, and how many
                      rows find a match. It is only read.
  --code DIR          The application's code, for the review: where it uses what
                      changes. May be given several times.
  --review FILE       Write the review into this file as well: a page where its
                      name ends in .html, else Markdown. May be repeated.
  --no-proof          Write the plan without running it.
  --config FILE       The project's policy; by default gen-migration.toml, or
                      [tool.gen-migration] in pyproject.toml. With old and new
                      in it, OLD and NEW can be left out.
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
  gen-migration drizzle/ lib/db/schema.ts
"""


CHECK = """\
Usage: gen-migration check OLD NEW [OPTIONS]
       gen-migration check --sql FILE --on OLD [NEW] [OPTIONS]

Says what must not pass, for a pull request or before a deployment: questions
that are open, what is refused, lossy or locking, whether the migration holds
when it is run. OLD and NEW as for gen-migration.

What else is checked:
  --migrations PATH   These migrations, run on OLD, end exactly in NEW, can be
                      run twice, and roll back. A file or folder; repeatable.
  --database URL      This live database is what OLD says, holds no left-overs
                      of an unfinished migration; how many rows each statement
                      will touch. It is only read.
  --sql FILE          Any SQL instead of a change, run statement by statement:
                      its locks, rewrites and scans as they were observed.
  --on OLD            The schema that the SQL starts from.
  --one-transaction   Run the SQL in one transaction, as many runners do.

How:
  --format FORM       text, json, github, sarif, junit or markdown; FORM=FILE
                      writes it into a file. Repeatable.
  --review FILE       Write the review of the change into this file.
  --config FILE       The policy: by default gen-migration.toml, or
                      [tool.gen-migration] in pyproject.toml.
  --answers FILE      What the schemas cannot say (TOML).
  --rows FILE         SQL that fills the old schema with rows.
  --server URL        Use this PostgreSQL server instead of starting one.
  --pg N              Plan for this major version of PostgreSQL.
  --pg-bin DIR        Start the scratch server from this folder.
  --templates DIR     Your own templates, which come before ours.
  --no-proof          Do not run the migration.
  --quiet             Print nothing where the check holds.
  --help              Print this.

A finding is set aside where it is caused, with a reason:
  -- gen-migration: allow CODE because REASON

Exit codes: 0 holds; 1 something must not pass; 2 an input or an option cannot
be used; 3 a question is open; 4 refused.

Examples:
  gen-migration check old.py new.py --migrations migration
  gen-migration check --sql change.sql --on schema.sql
"""


def print_help(*, check: bool = False) -> int:
    """Print it, or that of ``check``; the exit code. A reader who has seen enough (``| head``) is no error."""
    try:
        sys.stdout.write(CHECK if check else TEXT)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return 0
