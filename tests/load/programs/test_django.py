"""A Django project's migrations, run on the scratch server and nowhere else."""

from collections.abc import Callable

import pytest

from generator.errors import BadInput
from generator.load import start
from tests.load.conftest import Write
from tests.load.programs.conftest import ReadSource

SETTINGS = """
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "people"]
DATABASES = {
    "default": {"ENGINE": "django.db.backends.postgresql", "HOST": "192.0.2.1", "NAME": "production",
                "OPTIONS": {"connect_timeout": 2, "sslmode": "require", "options": "-c timezone=UTC"}},
    "other": {"ENGINE": "django.db.backends.sqlite3", "NAME": "production.db"},
}
USE_TZ = True
"""
ONE = """
from django.db import migrations, models

class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Person", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]),
    ]
"""
TWO = """
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connections, migrations, models

def fill(apps, schema_editor):
    apps.get_model("people", "Person").objects.create(name="x")
    with connections["other"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_person")

class Migration(migrations.Migration):
    atomic = False
    dependencies = [("people", "0001_initial")]
    operations = [
        migrations.RunPython(fill),
        AddIndexConcurrently("person", models.Index(fields=["name"], name="people_by_name")),
        migrations.RunSQL("CREATE VIEW names AS SELECT name FROM people_person"),
    ]
"""
Django = Callable[..., None]


@pytest.fixture
def django(write: Write) -> Django:
    """Write a project; the arguments replace its settings, or add migrations by their names."""

    def project(settings: str = SETTINGS, **migrations: str) -> None:
        write("shop/__init__.py", "")
        write("shop/settings.py", settings)
        write("people/__init__.py", "")
        write("people/migrations/__init__.py", "")
        for name, text in {"0001_initial": ONE, "0002_more": TWO, **migrations}.items():
            write(f"people/migrations/{name}.py", text)

    return project


def test_all_migrations_are_run(django: Django, read_source: ReadSource) -> None:
    django()
    schema = read_source("django:shop.settings")
    names = {str(table.name) for table in schema.tables}
    assert {"people_person", "auth_user", "django_content_type"} <= names
    assert "django_migrations" not in names
    assert "people_by_name" in {index.name for table in schema.tables for index in table.indexes}
    assert [other.name for other in schema.others if other.kind == "view"] == ["names"]


def test_the_project_may_lie_beside_a_manage_py_further_down(
    django: Django, write: Write, read_source: ReadSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write("backend/manage.py", "").parent
    monkeypatch.chdir(folder)
    django()
    for name in ("shop", "people"):
        (folder.parent / name).rename(folder / name)
    monkeypatch.chdir(folder.parent)
    assert "people_person" in {str(table.name) for table in read_source("django:shop.settings").tables}


@pytest.mark.parametrize(
    ("more", "source", "message"),
    [
        ({}, "django:shop.setings", "there is no module shop.setings in .*nor beside a manage.py"),
        ({}, "django:shop/settings.py", "no name of a module"),
        ({"settings": "1 / 0"}, "django:shop.settings", "shop/settings.py:1: ZeroDivisionError"),
        ({"settings": "import not_there"}, "django:shop.settings", "ModuleNotFoundError"),
        ({"n0002_other": TWO}, "django:shop.settings", "Conflicting migrations"),
        ({"n0003_bad": "1 / 0"}, "django:shop.settings", "people/migrations/n0003_bad.py:1: ZeroDivisionError"),
        (
            {"settings": "import socket\nsocket.create_connection(('192.0.2.1', 1))"},
            "django:shop.settings",
            "shop/settings.py:2: it wanted to connect to .*only the scratch database",
        ),
    ],
)
def test_what_goes_wrong_is_told(
    django: Django, read_source: ReadSource, more: dict[str, str], source: str, message: str
) -> None:
    django(**more)
    with pytest.raises(BadInput, match=message):
        read_source(source)


def test_a_wrong_name_is_told_at_once(django: Django) -> None:
    django()
    with pytest.raises(BadInput):
        start("django:")
