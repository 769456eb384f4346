"""Run by the project's own Python, with Django in it: what the migrations are, and what the models say beyond them.

It prints one JSON document. Nothing of the project's is written, and no database is asked.
"""

import json
import re
import sys
from pathlib import Path


def main(project: str, folder: str) -> None:
    """``project`` holds manage.py, ``folder`` is the app's migrations folder."""
    import os

    sys.path.insert(0, project)
    os.chdir(project)
    found = re.search(r"DJANGO_SETTINGS_MODULE['\"]\s*,\s*['\"]([\w.]+)", Path(project, "manage.py").read_text())
    if found:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", found[1])
    import django

    django.setup()
    print(json.dumps(ask(Path(folder).resolve())), file=sys.__stdout__)


def ask(folder: Path) -> dict[str, object]:
    """The app's label, its last migrations, and the operations that lead from them to the models."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.questioner import MigrationQuestioner
    from django.db.migrations.state import ProjectState
    from django.db.migrations.writer import MigrationWriter, OperationWriter

    loader = MigrationLoader(None, ignore_no_migrations=True)
    labels = [
        config.label
        for config in apps.get_app_configs()
        if (Path(config.path) / "migrations").resolve() == folder
        or _module_folder(loader.migrations_module(config.label)[0]) == folder
    ]
    if not labels:
        return {"trouble": f"no installed app has its migrations in {folder}"}
    label = labels[0]
    asked = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps), MigrationQuestioner())
    changes = asked.changes(graph=loader.graph, trim_to_apps={label}).get(label, [])
    texts, imports = [], {"from django.db import migrations"}
    for migration in changes:
        for operation in migration.operations:
            text, wanted = OperationWriter(operation, indentation=0).serialize()
            texts.append(text)
            imports |= wanted
    dependencies = {tuple(each) for migration in changes for each in migration.dependencies if each[0] != label}
    written = MigrationWriter(changes[0], include_header=False).as_string() if changes else ""
    lines = [line for line in written.splitlines() if line.startswith(("import ", "from "))]
    return {
        "label": label,
        "leaves": sorted(name for _, name in loader.graph.leaf_nodes(label)),
        "operations": "\n".join(texts),
        "imports": lines or sorted(imports),
        "dependencies": sorted(dependencies),
    }


def _module_folder(module: "str | None") -> "Path | None":
    from importlib.util import find_spec

    try:
        spec = find_spec(module) if module else None
    except ImportError:
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]).resolve() if places else None


if __name__ == "__main__":
    main(*sys.argv[1:])
