"""Every kind of change is taught wherever one has to be: it has a recipe, and an effect on a schema."""

import ast
from pathlib import Path
from typing import get_args

import pytest

from generator.model.change import Change

ROOT = Path(__file__).resolve().parents[2]
RECIPES = ROOT / "generator" / "dialects" / "postgres" / "recipes"
KINDS = [kind.__name__ for kind in get_args(Change)]


def matched(path: Path) -> set[str]:
    """The names of the classes which the ``case`` lines of a file match."""
    return {
        ast.unparse(pattern.cls).rpartition(".")[2]
        for pattern in ast.walk(ast.parse(path.read_text()))
        if isinstance(pattern, ast.MatchClass)
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_has_a_recipe(kind: str) -> None:
    assert kind in matched(RECIPES / "__init__.py")


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_is_applied_to_a_schema(kind: str) -> None:
    assert kind in matched(ROOT / "generator" / "diff" / "apply.py")
