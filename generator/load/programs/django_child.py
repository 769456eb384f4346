"""The process that runs a project's Django migrations. Every database of its settings is the scratch database."""

import io
import os
import sys
from typing import Any

from generator.load.models.importing import said
from generator.load.models.trouble import Trouble
from generator.load.programs.child import answer
from generator.load.programs.containment import Elsewhere

_ENGINE = "django.db.backends.postgresql"


def main() -> None:
    """Do what the first argument (JSON) asks for, write the answer, end."""
    answer(_migrate)


def _migrate(request: dict[str, Any]) -> dict[str, Any]:
    """All apps up to their last migrations; the table in which Django keeps its state."""
    try:
        import django
        from django.core.management import CommandError, call_command
    except ImportError as error:
        raise Trouble(f"Django cannot be imported by {sys.executable}: {error}") from error
    settings = request["settings"]
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    try:
        _aim(request["database"])
        django.setup()
        call_command("migrate", verbosity=0, interactive=False, stdout=io.StringIO())
    except CommandError as error:
        raise Trouble(f"Django says: {error}") from error
    except Elsewhere as error:
        where = said(error, settings)[0].partition(": ")[0]
        raise Trouble(
            f"{where}: {error}; only the scratch database can be reached here.",
            "Take that out of what the settings and the migrations do, or give a migrated database's URL.",
        ) from None
    except BaseException as error:
        raise Trouble(*said(error, settings)) from None
    return {"tables": [(None, "django_migrations")]}


def _aim(database: dict[str, str]) -> None:
    """Let every database of the settings be the scratch database, before anybody connects."""
    from django.conf import settings

    named = {"NAME": "dbname", "USER": "user", "HOST": "host", "PORT": "port"}
    scratch = {key: database[name] for key, name in named.items()} | {"PASSWORD": database.get("password", "")}
    databases: dict[str, dict[str, Any]] = settings.DATABASES or {"default": {}}
    settings.DATABASES = {
        alias: {**given, "ENGINE": _engine(given), "OPTIONS": _options(given), **scratch}
        for alias, given in databases.items()
    }


def _engine(given: dict[str, Any]) -> str:
    """A project's own engine, as long as it is one for PostgreSQL."""
    engine = str(given.get("ENGINE") or "")
    return engine if "postg" in engine else _ENGINE


def _options(given: dict[str, Any]) -> dict[str, Any]:
    options = dict(given.get("OPTIONS") or {}) if "postg" in str(given.get("ENGINE")) else {}
    for name in ("pool", "service", "passfile"):
        options.pop(name, None)
    return options
