"""``django:project.settings``: what the migrations of a Django project make."""

import re
from pathlib import Path

from generator.errors import BadInput
from generator.load.loading import Immediate, Loading
from generator.load.place import Place
from generator.load.programs.python import find_python
from generator.model.declared import Declared, Program

_MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


def start_django(source: str, settings: str, place: Place) -> Loading:
    """``settings`` is the name of the settings' module. Raises BadInput."""
    if not _MODULE.fullmatch(settings):
        raise BadInput(
            f"{source}: no name of a module.", "Give what DJANGO_SETTINGS_MODULE says: django:project.settings"
        )
    folder = _folder(source, settings, place.folder.absolute())
    program = Program(
        kind="django",
        python=find_python("django", place.at_home(folder)),
        folder=str(folder),
        options=(("settings", settings),),
    )
    return Immediate(lambda: Declared(source=source, program=program))


def _folder(source: str, settings: str, folder: Path) -> Path:
    """The folder of the project: where the settings can be imported from, as manage.py does beside itself."""
    inner = settings.replace(".", "/")
    below = sorted(each.parent for each in folder.glob("*/manage.py"))
    for candidate in (folder, *below, folder / "src"):
        if (candidate / f"{inner}.py").is_file() or (candidate / inner / "__init__.py").is_file():
            return candidate
    raise BadInput(
        f"{source}: there is no module {settings} in {folder}, nor beside a manage.py below it.",
        "Run gen-migration in the folder of manage.py.",
    )
