"""Finds templates/ and schemas/, in a checkout and in an installed wheel, and where work may be kept for later runs."""

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder ``templates`` or ``schemas``: inside the package (a wheel), else beside it (a checkout)."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def cache_folder(name: str) -> Path:
    """A folder in the user's cache, which need not be there: whatever is in it may be gone at any time."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home and os.path.isabs(home) else Path.home() / ".cache") / "gen-migration" / name
