"""SQLAlchemy models and Core tables in Python files, read without running them: classes and attributes to columns."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.model.schema import QName
from generator.usage.affected import Affected

_COLUMN = ("mapped_column", "Column", "Field", "column", "deferred")
_RELATION = ("relationship", "association_proxy", "Relationship", "dynamic_loader", "backref")
_DEFAULTS = ("default", "insert_default", "default_factory")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A class, or a variable that holds a Table. ``attributes`` are its columns by the names that Python has for them.

    ``related`` are attributes that lead to other models: a foreign key may be given by one of them. ``filled`` are
    attributes that the model fills by itself. ``core`` is True for a Table.
    """

    name: str
    file: Path
    table: QName
    attributes: Mapping[str, str]
    related: frozenset[str] = frozenset()
    filled: frozenset[str] = frozenset()
    core: bool = False

    def column(self, attribute: str, affected: Affected) -> str | None:
        """The column behind an attribute: as the model says, or one of the schema's of that very name."""
        if attribute in self.attributes:
            return self.attributes[attribute]
        return attribute if attribute in affected.tables.get(self.table, ()) else None


def models_of(files: Mapping[Path, ast.Module], affected: Affected) -> tuple[Model, ...]:
    """Every model of a table that is known, in all files."""
    nodes = {
        path: [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef | ast.Assign | ast.AnnAssign)]
        for path, tree in files.items()
    }
    classes = {node.name: node for each in nodes.values() for node in each if isinstance(node, ast.ClassDef)}
    return tuple(model for path, each in nodes.items() for model in _models(path, each, classes, affected))


def _models(
    path: Path, nodes: Iterable[ast.AST], classes: Mapping[str, ast.ClassDef], affected: Affected
) -> Iterator[Model]:
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            model = _class(path, node, classes, affected)
            if model is not None:
                yield model
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            model = _core(path, node, affected)
            if model is not None:
                yield model


def _class(path: Path, node: ast.ClassDef, classes: Mapping[str, ast.ClassDef], affected: Affected) -> Model | None:
    name, schema = _table_of(node)
    table = affected.table(name, schema) if name else None
    if table is None:
        return None
    attributes: dict[str, str] = {}
    related: set[str] = set()
    filled: set[str] = set()
    for each in (*_bases(node, classes), node):
        for attribute, value, annotated in _members(each):
            called = _called(value)
            if called in _RELATION:
                related.add(attribute)
            elif called in _COLUMN or (value is None and annotated) or (annotated and called == ""):
                attributes[attribute] = _own_name(value) or attribute
                keywords = value.keywords if isinstance(value, ast.Call) else []
                if any(keyword.arg in _DEFAULTS for keyword in keywords):
                    filled.add(attribute)
    return Model(
        name=node.name,
        file=path,
        table=table,
        attributes=attributes,
        related=frozenset(related),
        filled=frozenset(filled),
    )


def _table_of(node: ast.ClassDef) -> tuple[str, str]:
    """The name of the class's table and its schema; empty where it is no model."""
    name, schema = "", ""
    for attribute, value, _ in _members(node):
        if attribute == "__tablename__" and isinstance(value, ast.Constant) and isinstance(value.value, str):
            name = value.value
        if attribute == "__table_args__" and value is not None:
            schema = _schema(value)
        if attribute == "__table__" and isinstance(value, ast.Call) and _called(value) == "Table":
            name, schema = _core_name(value)
    if not name:
        if any(keyword.arg == "table" and _is_true(keyword.value) for keyword in node.keywords):
            name = node.name.lower()  # as SQLModel does
        elif any(isinstance(base, ast.Attribute) and base.attr == "Model" for base in node.bases):
            name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", node.name).lower()  # as Flask-SQLAlchemy does
    return name, schema


def _schema(value: ast.expr) -> str:
    for each in ast.walk(value):
        if isinstance(each, ast.Dict):
            for key, item in zip(each.keys, each.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "schema" and isinstance(item, ast.Constant):
                    return str(item.value)
    return ""


def _is_true(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is True


def _bases(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> Iterator[ast.ClassDef]:
    """The classes from which a model may have columns: those in the code, the farthest first."""
    pending, seen, found = [node], {node.name}, []
    while pending:
        for base in pending.pop().bases:
            name = base.id if isinstance(base, ast.Name) else base.attr if isinstance(base, ast.Attribute) else ""
            if name in classes and name not in seen:
                seen.add(name)
                found.append(classes[name])
                pending.append(classes[name])
    yield from reversed(found)


def _members(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr | None, bool]]:
    """What a class says of itself: name, value, and whether it is annotated as a column (``Mapped[…]``, or plainly)."""
    for each in node.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            yield each.target.id, each.value, not each.target.id.startswith("__") and _may_be_column(each.annotation)
        elif isinstance(each, ast.Assign):
            for target in each.targets:
                if isinstance(target, ast.Name):
                    yield target.id, each.value, False


def _may_be_column(annotation: ast.expr) -> bool:
    text = ast.unparse(annotation)
    return "ClassVar" not in text and "Relationship" not in text


def _called(value: ast.expr | None) -> str:
    """The name of the function that is called, without its module; empty where it is no call."""
    if not isinstance(value, ast.Call):
        return ""
    function = value.func
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def _own_name(value: ast.expr | None) -> str:
    """The column's own name, where it is not the attribute's."""
    if not isinstance(value, ast.Call):
        return ""
    texts = [each for each in value.args[:1] if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    texts += [keyword.value for keyword in value.keywords
              if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)]  # fmt: skip
    return str(texts[0].value) if texts and isinstance(texts[0].value, str) else ""


def _core(path: Path, node: ast.Assign | ast.AnnAssign, affected: Affected) -> Model | None:
    """``customers = Table("customers", metadata, Column("email", …))``."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    value = node.value
    if not isinstance(target, ast.Name) or not isinstance(value, ast.Call) or _called(value) != "Table":
        return None
    table = affected.table(*_core_name(value))
    if table is None:
        return None
    columns = {name: name for each in value.args if _called(each) in _COLUMN and (name := _own_name(each))}
    return Model(name=target.id, file=path, table=table, attributes=columns, core=True)


def _core_name(call: ast.Call) -> tuple[str, str]:
    first = call.args[0] if call.args else None
    name = str(first.value) if isinstance(first, ast.Constant) else ""
    schemas: Iterable[ast.expr] = (each.value for each in call.keywords if each.arg == "schema")
    return name, next((str(each.value) for each in schemas if isinstance(each, ast.Constant)), "")
