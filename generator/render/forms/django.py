"""Django: a migration for each unit, outside of a transaction, with RunSQL both ways.

The last one also tells Django's own state what the models say, so that ``makemigrations`` finds nothing more. What that
is, the project's own Django is asked.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from generator.errors import BadInput
from generator.render.forms import django_asks
from generator.render.forms.as_python import as_python
from generator.render.forms.form import Job, Writing
from generator.render.forms.laying_out import lay_out_unit
from generator.render.forms.naming import slug

_SLUG = 52
_PATIENCE = 120.0
_IMPORTS = ("from django.db import migrations",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the project's Django says of an app."""

    label: str
    leaf: str | None
    operations: str
    imports: tuple[str, ...]
    dependencies: tuple[tuple[str, str], ...]


class Django:
    """See ``generator.render.forms.form.Form``."""

    folder_is = "it is the migrations folder of the app, as shop/migrations is"
    at_once = False
    suffixes = (".py",)

    def usual(self, here: Path) -> Path | None:
        """The only migrations folder of the project, where there is only one."""
        found = [each for each in here.glob("*/migrations") if each.is_dir()] if (here / "manage.py").is_file() else []
        return found[0] if len(found) == 1 else None

    def inside(self, out: Path) -> Path:
        """Itself, or ``migrations`` in an app's folder."""
        return out / "migrations" if (out / "migrations").is_dir() else out

    def write(self, job: Job) -> Writing:
        """A migration for each unit."""
        asked = ask(job.folder)
        before, files = asked.leaf, {}
        first = int(found[0]) if before and (found := re.match(r"\d+", before)) else 0
        for number, unit in enumerate(job.chosen, first + 1):
            ends = job.finishes and unit is job.chosen[-1]
            name = f"{number:04}_{slug(unit, _SLUG)}"
            dependencies = (*(((asked.label, before),) if before else ()), *(asked.dependencies if ends else ()))
            files[f"{name}.py"] = lay_out_unit(
                job,
                "django.py.j2",
                unit,
                dependencies=dependencies,
                imports=asked.imports if ends and asked.operations else _IMPORTS,
                state=asked.operations if ends else "",
                as_python=as_python,
            )
            before = name
        last = {unit.stage: name.split("_")[0] for name, unit in zip(files, job.chosen, strict=True)}
        goes = ", ".join(f"{stage} to {number}" for stage, number in last.items())
        return Writing(folder=job.folder, new=files, then=(f"A stage at a time, by migrate {asked.label}: {goes}.",))


def ask(folder: Path) -> Asked:
    """Ask the project's own Django. Raises BadInput where it cannot answer."""
    project = next((each for each in folder.resolve().parents if (each / "manage.py").is_file()), None)
    way_out = "Name the app's migrations folder with --out, and run this where the project's Django is installed."
    if project is None:
        raise BadInput(f"{folder}: no manage.py is above it, so Django cannot be asked what it knows.", way_out)
    python = _python(project)
    if python is None:
        raise BadInput(f"{project}: no Python with Django in it is found (in .venv, venv, or on the PATH).", way_out)
    try:
        done = subprocess.run(
            [python, "-c", Path(django_asks.__file__).read_text(encoding="utf-8"), str(project), str(folder.resolve())],
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            stdin=subprocess.DEVNULL,
            cwd=project,
        )
        said = json.loads(done.stdout.strip().splitlines()[-1]) if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError, IndexError) as error:
        raise BadInput(f"{project}: Django does not answer: {error}", way_out) from error
    if done.returncode != 0 or "trouble" in said:
        trouble = said.get("trouble") or (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise BadInput(f"{project}: Django does not answer: {trouble}", way_out)
    leaves = said["leaves"]
    if len(leaves) > 1:
        raise BadInput(
            f"{folder}: there are {len(leaves)} last migrations ({', '.join(leaves)}).",
            "Join them with manage.py makemigrations --merge.",
        )
    return Asked(
        label=said["label"],
        leaf=leaves[0] if leaves else None,
        operations=said["operations"],
        imports=tuple(said["imports"]),
        dependencies=tuple((app, name) for app, name in said["dependencies"]),
    )


def _python(project: Path) -> str | None:
    """A Python that has Django: the project's, the one that is active, our own, that of the PATH."""
    places = [project / ".venv", project / "venv"]
    if os.environ.get("VIRTUAL_ENV"):
        places.append(Path(os.environ["VIRTUAL_ENV"]))
    found = [str(place / "bin" / "python") for place in places if (place / "bin" / "python").exists()]
    found += [each for each in (sys.executable, shutil.which("python3"), shutil.which("python")) if each]
    for each in dict.fromkeys(found):
        done = subprocess.run([each, "-c", "import django"], capture_output=True, stdin=subprocess.DEVNULL, cwd=project)
        if done.returncode == 0:
            return each
    return None


FORM = Django()
