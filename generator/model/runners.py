"""What ``--to`` and ``--stage`` take."""

PSQL = "psql"
RUNNERS = ("alembic", "drizzle", "dbmate", "golang-migrate", "goose", "flyway", "liquibase", "django", "prisma")
"""The runners in whose form a migration can be written, beside psql."""

NEXT, ALL = "next", "all"
"""The first stage that is not there yet; all of those."""
