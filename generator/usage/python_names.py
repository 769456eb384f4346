"""What a name in a Python file stands for: a model, an alias of one, or a row of one."""

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from generator.usage.python_models import Model

_ENTITIES = ("select", "query", "get", "aliased", "insert", "update", "delete", "scalars", "get_one", "pg_insert")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
SCOPES = (*_FUNCTIONS, ast.ClassDef)
"""What has names of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """``row`` is True for a row of the model, and False for the model itself. ``certain`` as in Found."""

    model: Model
    row: bool
    certain: bool


class Names:
    """The models that a file knows by name, and what its variables hold, function by function."""

    def __init__(self, path: Path, tree: ast.Module, models: Sequence[Model]) -> None:
        """Read the imports and the definitions of the file."""
        self.everywhere: dict[str, Meaning] = {}
        self._models = models
        self.classes = {model.name: Meaning(model=model, row=False, certain=True) for model in reversed(models)}
        self._modules = {
            (each.asname or each.name.partition(".")[0])
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for each in node.names
        }
        for model in models:
            if model.file == path:
                self.everywhere[model.name] = Meaning(model=model, row=False, certain=True)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                self._import(node)

    def _import(self, node: ast.ImportFrom) -> None:
        tail = (node.module or "").split(".")[-1]
        for each in node.names:
            named = [model for model in self._models if model.name == each.name]
            near = [model for model in named if model.file.stem == tail or model.file.parent.name == tail] or named
            if near:
                sure = len({model.table for model in near}) == 1
                self.everywhere[each.asname or each.name] = Meaning(model=near[0], row=False, certain=sure)

    def of(self, node: ast.expr, local: Mapping[str, Meaning]) -> Meaning | None:
        """What an expression stands for, if that is a model or a row of one."""
        if isinstance(node, ast.Name):
            return local.get(node.id) or self.everywhere.get(node.id)
        if isinstance(node, ast.Attribute):
            if node.attr in ("c", "columns"):
                inner = self.of(node.value, local)
                return inner if inner is not None and inner.model.core else None
            named = [model for model in self._models if model.name == node.attr]
            if named and isinstance(node.value, ast.Name) and node.value.id in self._modules:
                return Meaning(model=named[0], row=False, certain=len({model.table for model in named}) == 1)
        if isinstance(node, ast.Call):
            made = self.of(node.func, local)
            if made is not None and not made.row and not made.model.core:
                return replace(made, row=True)
        if isinstance(node, ast.Await):
            return self.of(node.value, local)
        return None

    def local(self, function: ast.AST, outer: Mapping[str, Meaning]) -> dict[str, Meaning]:
        """What the variables of a function hold. One that holds different things is left out."""
        found: dict[str, Meaning | None] = dict(outer)
        if isinstance(function, _FUNCTIONS):
            arguments = function.args
            for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                found[argument.arg] = self._annotated(argument.annotation, outer)
        own: dict[str, list[Meaning | None]] = {}
        for name, meaning in self._assigned(function, {k: v for k, v in found.items() if v is not None}):
            own.setdefault(name, []).append(meaning)
        for name, meanings in own.items():
            same = len({id(each.model) if each else 0 for each in meanings}) == 1
            found[name] = meanings[0] if same else None
        return {name: meaning for name, meaning in found.items() if meaning is not None}

    def _assigned(self, function: ast.AST, known: Mapping[str, Meaning]) -> Iterable[tuple[str, Meaning | None]]:
        holding = dict(known)
        for node in within(function):
            pairs: list[tuple[ast.expr, ast.expr | None, ast.expr | None]] = []
            if isinstance(node, ast.Assign):
                pairs = [(target, node.value, None) for target in node.targets]
            elif isinstance(node, ast.AnnAssign):
                pairs = [(node.target, node.value, node.annotation)]
            elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
                pairs = [(node.target, node.iter, None)]
            elif isinstance(node, ast.NamedExpr):
                pairs = [(node.target, node.value, None)]
            for target, value, annotation in pairs:
                if isinstance(target, ast.Name):
                    meaning = self._annotated(annotation, known) or self._held(value, holding)
                    if meaning is not None:
                        holding[target.id] = meaning
                    yield target.id, meaning

    def _annotated(self, annotation: ast.expr | None, local: Mapping[str, Meaning]) -> Meaning | None:
        """``Customer``, ``"Customer"``, ``Customer | None``, ``Optional[Customer]``: a row."""
        if annotation is None:
            return None
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            try:
                annotation = ast.parse(annotation.value, mode="eval").body
            except SyntaxError:
                return None
        parts = [annotation]
        if isinstance(annotation, ast.BinOp):
            parts = [annotation.left, annotation.right]
        elif isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value).endswith("Optional"):
            parts = [annotation.slice]
        for part in parts:
            meaning = self.of(part, local)
            if meaning is not None and not meaning.row:
                return replace(meaning, row=True)
        return None

    def _held(self, value: ast.expr | None, local: Mapping[str, Meaning]) -> Meaning | None:
        """What a variable holds that this is assigned to: a row just made, an alias, or rows that a query gives."""
        if value is None:
            return None
        if isinstance(value, ast.Await):
            return self._held(value.value, local)
        if isinstance(value, ast.Name):
            return local.get(value.id)
        made = self.of(value, local)
        if made is not None:
            return made
        entities = [
            meaning
            for call in ast.walk(value)
            if isinstance(call, ast.Call) and _function(call) in _ENTITIES
            for argument in call.args[:1]
            if (meaning := self.of(argument, local)) is not None and not meaning.row and len(call.args) < 3
        ]
        if isinstance(value, ast.Call) and _function(value) == "aliased" and entities:
            return entities[0]
        if len({id(each.model) for each in entities}) == 1 and not entities[0].model.core:
            several = any(
                isinstance(call, ast.Call) and _function(call) in ("select", "query") and len(call.args) > 1
                for call in ast.walk(value)
            )
            return None if several else replace(entities[0], row=True, certain=False)
        return None


def within(function: ast.AST) -> Iterable[ast.AST]:
    """Everything inside a function or a module, but not inside the functions and classes in it."""
    for node in ast.iter_child_nodes(function):
        yield node
        if not isinstance(node, SCOPES):
            yield from within(node)


def _function(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
