"""What is written for Django is run by Django."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.forms.journey import go
from tests.forms.registry import python
from tests.forms.world import STAGES, World, command, generate

PACKAGES = ("django==5.2.*", "psycopg[binary]")
_MANAGE = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""
_SETTINGS = """
DATABASES = {{"default": {{"ENGINE": "django.db.backends.postgresql", "NAME": {name!r}, "USER": {user!r},
                          "HOST": "127.0.0.1", "PORT": {port}}}}}
INSTALLED_APPS = ["shop"]
SECRET_KEY = "none"
USE_TZ = True
"""
_MODELS = """
import uuid
from django.db import models
from django.db.models.functions import Now


class User(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.TextField(unique=True)

    class Meta:
        db_table = "users"


class Customer(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.TextField(db_index=True){field}

    class Meta:
        db_table = "customers"
"""
_FIELD = "\n    user = models.OneToOneField(User, models.CASCADE)"


@dataclass(frozen=True, kw_only=True)
class Django:
    """A project with one app, whose first migration is the old schema."""

    python: Path
    project: Path

    def __call__(self, *words: str) -> str:
        """Run ``manage.py``; what it wrote."""
        argv = [str(self.python), "manage.py", *words]
        done = subprocess.run(argv, capture_output=True, text=True, cwd=self.project)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def names(self, stage: str) -> list[str]:
        """The migrations of a stage."""
        return sorted(path.stem for path in (self.project / "shop" / "migrations").glob(f"*_{stage}_*.py"))

    def forwards(self, stage: str) -> None:
        self("migrate", "shop", self.names(stage)[-1])

    def back(self, stage: str) -> None:
        number = STAGES.index(stage)
        self("migrate", "shop", self.names(STAGES[number - 1])[-1] if number else "0001_initial")


def project(world: World, folder: Path) -> Django:
    place = urlsplit(world.url())
    made = Django(python=python("django", *PACKAGES), project=folder)
    (folder / "manage.py").write_text(_MANAGE)
    settings = _SETTINGS.format(name=world.database.name, user=place.username, port=place.port)
    (folder / "site_settings.py").write_text(settings)
    (folder / "shop" / "migrations").mkdir(parents=True)
    (folder / "shop" / "__init__.py").touch()
    (folder / "shop" / "migrations" / "__init__.py").touch()
    (folder / "shop" / "models.py").write_text(_MODELS.format(field=""))
    made("makemigrations", "shop")
    made("migrate", "--fake")
    (folder / "shop" / "models.py").write_text(_MODELS.format(field=_FIELD))
    (folder / ".venv").symlink_to(made.python.parent.parent)
    return made


def test_it_goes_all_the_way(world: World, tmp_path: Path) -> None:
    django = project(world, tmp_path)
    said = generate("--to", "django", cwd=tmp_path)
    assert "migrate shop: expand to 0003" in said
    go(world, django)
    assert "No changes detected" in django("makemigrations", "--check", "--dry-run")


def test_without_django_it_is_told_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "shop" / "migrations").mkdir(parents=True)
    done = command("--to", "django", "--out", "shop", cwd=tmp_path)
    assert done.returncode == 2
    assert "no manage.py is above it" in " ".join(done.stderr.split())
    assert list((tmp_path / "shop" / "migrations").iterdir()) == []
