"""What ``--to`` and ``--stage`` take, and by what a file is known that was written for a runner."""

import re

PSQL = "psql"
RUNNERS = ("alembic", "drizzle", "dbmate", "golang-migrate", "goose", "flyway", "liquibase", "django", "prisma")
"""The runners in whose form a migration can be written, beside psql."""

MARK = re.compile(r"gen-migration: plan ([0-9a-f]{12}), stage ([a-z]+) of ([a-z, ]+)")
"""The line in the head of a file that was written for a runner: the plan, the stage, and all stages of the plan."""

HEAD = 2000
"""The mark stands within so many bytes of a file's beginning."""

NEXT, ALL = "next", "all"
"""The first stage that is not there yet; all of those."""
