"""Imports what a user named, as Python itself would, and says in one sentence what went wrong."""

import importlib
import importlib.util
import os
import pkgutil
import re
import site
import sys
import sysconfig
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from generator.load.models.trouble import Trouble

_NOT_THE_USERS = tuple(
    {
        *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        *site.getsitepackages(),
        str(Path(__file__).parent.parent),
    }
)


def import_source(request: dict[str, Any]) -> list[ModuleType]:
    """The module that was asked for, and every other one that belongs to it. Raises Trouble."""
    folder = request["folder"]
    if "file" in request:
        module = _import_file(Path(request["file"]), folder)
    else:
        _search_in(folder, os.path.join(folder, "src"))
        module = _guarded(lambda: _import_module(request["module"], folder), request["module"])
    if hasattr(module, "__path__"):
        for found in pkgutil.walk_packages(module.__path__, module.__name__ + ".", onerror=_told_later):
            if not found.name.endswith(".__main__"):
                _guarded(lambda name=found.name: importlib.import_module(name), found.name)  # type: ignore[misc]
    return [module, *_relatives(module)]


def is_users(file: str) -> bool:
    """Whether a file is the user's, and none of Python's, of an installed package or ours."""
    return not file.startswith(("<", *_NOT_THE_USERS))


def shown(file: str) -> str:
    """A path as messages show it: relative where it is below the current folder."""
    relative = os.path.relpath(file)
    return file if relative.startswith("..") else relative


def _import_file(file: Path, folder: str) -> ModuleType:
    top = file.parent
    names = [] if file.name == "__init__.py" else [file.stem]
    while (top / "__init__.py").exists():
        names.insert(0, top.name)
        top = top.parent
    _search_in(str(top), folder)
    if len(names) > 1 or file.name == "__init__.py":
        name = ".".join(names)
        return _guarded(lambda: importlib.import_module(name), shown(str(file)))
    name = re.sub(r"\W", "_", file.stem)
    if name in sys.modules or name in sys.stdlib_module_names:
        name = f"models_{name}"

    def run() -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        # Declarative models look their own module up by its name.
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module

    return _guarded(run, shown(str(file)))


def _import_module(name: str, folder: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if name == missing or name.startswith(missing + "."):
            raise Trouble(
                f"there is no module {missing} in {folder}, nor among the installed packages.",
                "Run gen-migration where `import` finds it, or name the file.",
            ) from None
        raise


def _told_later(_: str) -> None:
    """What a package raises is told when it is imported by name."""


def _search_in(*folders: str) -> None:
    """Let imports look there first."""
    sys.path[:0] = [folder for folder in dict.fromkeys(folders) if os.path.isdir(folder)]


def _guarded(run: Callable[[], ModuleType], what: str) -> ModuleType:
    try:
        return run()
    except Trouble:
        raise
    except BaseException as error:
        raise Trouble(*said(error, what)) from None


def said(error: BaseException, what: str) -> tuple[str, str]:
    """What a user's module raised, and the way out."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{shown(error.filename)}:{error.lineno}: {type(error).__name__}: {error.msg}", ""
    frames = traceback.extract_tb(error.__traceback__)
    users = [frame for frame in frames if is_users(frame.filename)]
    where = f"{shown(users[-1].filename)}:{users[-1].lineno}" if users else what
    if isinstance(error, SystemExit):
        return f"{where}: the module ends the program (sys.exit) while it is imported.", ""
    if isinstance(error, KeyboardInterrupt):
        return f"{where}: interrupted.", ""
    text = "".join(traceback.format_exception_only(error)).strip()
    first, _, rest = text.partition("\n")
    first = re.sub(r"^[\w.]*\.(\w+(:|$))", r"\1", first)
    way_out = ""
    if isinstance(error, ModuleNotFoundError):
        way_out = f"Install {error.name} beside gen-migration, or let GEN_MIGRATION_PYTHON name the Python that has it."
    return f"{where}: {first}" + (f"\n{rest}" if rest else ""), way_out


def _relatives(module: ModuleType) -> list[ModuleType]:
    """The modules of the same top package, or for a lone file those of its folder, that have been imported."""
    top = module.__name__.partition(".")[0]
    in_package = hasattr(sys.modules.get(top), "__path__")
    folder = os.path.dirname(getattr(module, "__file__", None) or "") + os.sep
    return [
        other
        for name, other in list(sys.modules.items())
        if other is not module
        and isinstance(other, ModuleType)
        and (
            name.partition(".")[0] == top
            if in_package
            else (getattr(other, "__file__", None) or "").startswith(folder) and is_users(other.__file__ or "")
        )
    ]
