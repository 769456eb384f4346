"""A Python file: attributes of models and of their rows, constructors, inserts, comparisons, and SQL in its strings."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from generator.usage.affected import Affected, Name
from generator.usage.found import Found
from generator.usage.python_models import Model
from generator.usage.python_names import SCOPES, Meaning, Names, within
from generator.usage.python_strings import Lines, uses_in_strings

_CONDITIONS = ("primaryjoin", "secondaryjoin")
_INSERTS = ("insert", "pg_insert")


def uses_in_python(
    path: Path, source: str, tree: ast.Module, models: Sequence[Model], affected: Affected
) -> Iterator[Found]:
    """What a file uses."""
    lines = Lines(source)
    reader = _Reader(Names(path, tree, models), affected, lines)
    yield from reader.scope(tree, {})
    yield from uses_in_strings(tree, lines, affected)


class _Reader:
    def __init__(self, names: Names, affected: Affected, lines: Lines) -> None:
        self._names = names
        self._affected = affected
        self._lines = lines

    def scope(self, function: ast.AST, outer: Mapping[str, Meaning]) -> Iterator[Found]:
        """A module, a class or a function, and all inside."""
        local = self._names.local(function, outer)
        nodes = tuple(within(function))
        given = {
            (node.value.id, node.attr)
            for node in nodes
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name)
        }
        for node in nodes:
            if isinstance(node, ast.Attribute):
                yield from self._attribute(node, local)
            elif isinstance(node, ast.Subscript):
                yield from self._subscript(node, local)
            elif isinstance(node, ast.Compare):
                yield from self._compare(node, local)
            elif isinstance(node, ast.Call):
                yield from self._call(node, local)
            elif isinstance(node, ast.Assign):
                yield from self._assign(node, local)
        yield from self._made_without(nodes, local, given)
        for node in nodes:
            if isinstance(node, SCOPES):
                yield from self.scope(node, local)

    def _column(self, node: ast.AST, local: Mapping[str, Meaning]) -> tuple[Name, bool] | None:
        """The column that ``Customer.email`` or ``row.email`` is."""
        if not isinstance(node, ast.Attribute):
            return None
        meaning = self._names.of(node.value, local)
        if meaning is None or (meaning.model.core and not isinstance(node.value, ast.Attribute)):
            return None
        column = meaning.model.column(node.attr, self._affected)
        return ((meaning.model.table, column), meaning.certain) if column is not None else None

    def _attribute(self, node: ast.Attribute, local: Mapping[str, Meaning]) -> Iterator[Found]:
        found = self._column(node, local)
        if found is not None:
            yield from self._used(found[0], node, node.attr, certain=found[1])

    def _subscript(self, node: ast.Subscript, local: Mapping[str, Meaning]) -> Iterator[Found]:
        """``customers.c["email"]``."""
        key = node.slice
        if isinstance(node.value, ast.Attribute) and isinstance(key, ast.Constant) and isinstance(key.value, str):
            meaning = self._names.of(node.value, local)
            if meaning is not None and meaning.model.core:
                yield from self._used((meaning.model.table, key.value), key, key.value, certain=meaning.certain)

    def _used(self, name: Name, node: ast.expr, word: str, *, certain: bool) -> Iterator[Found]:
        why = self._affected.columns.get(name) or self._affected.gone.get(name[0])
        if why is not None:
            yield self._found(self._lines.end(node) - len(word), word, f"{name[0]}.{name[1]}", why, certain)

    def _compare(self, node: ast.Compare, local: Mapping[str, Meaning]) -> Iterator[Found]:
        """Rows matched as a back-fill matched them."""
        if len(node.ops) != 1 or not isinstance(node.ops[0], ast.Eq):
            return
        sides = [
            [found for each in ast.walk(side) if (found := self._column(each, local)) is not None]
            for side in (node.left, node.comparators[0])
        ]
        for one, sure in sides[0]:
            for other, surely in sides[1]:
                why = self._affected.joins.get(frozenset((one, other)))
                if why is not None:
                    what = " = ".join(f"{table}.{column}" for table, column in sorted((one, other)))
                    yield self._found(self._lines.start(node), "", what, why, sure and surely)

    def _call(self, node: ast.Call, local: Mapping[str, Meaning]) -> Iterator[Found]:
        yield from self._conflict(node, local)
        for keyword in node.keywords:
            if keyword.arg in _CONDITIONS and isinstance(keyword.value, ast.Constant):
                yield from self._condition(keyword.value)
        meaning, kind = self._statement(node, local)
        if meaning is None:
            return
        for name, value in _given(node):
            column = meaning.model.column(name, self._affected)
            if column is None:
                continue
            what = (meaning.model.table, column)
            place = value if isinstance(value, ast.Constant) else node
            why = self._affected.columns.get(what)
            if why is not None:
                yield self._found(self._lines.find(name, node), name, f"{what[0]}.{column}", why, meaning.certain)
            yield from self._null(what, value, place, meaning.certain)
        if kind == "insert":
            yield from self._left_out(node, meaning, set())

    def _condition(self, text: ast.Constant) -> Iterator[Found]:
        """``primaryjoin="User.email == Customer.email"``: the classes by their names, whatever is imported."""
        try:
            tree = ast.parse(str(text.value), mode="eval")
        except SyntaxError:
            return
        by_name = self._names.classes
        for node in ast.walk(tree):
            found = list(self._compare(node, by_name)) if isinstance(node, ast.Compare) else []
            found += self._attribute(node, by_name) if isinstance(node, ast.Attribute) else []
            for each in found:
                yield replace(each, start=self._lines.start(text), word="", certain=each.certain)

    def _conflict(self, node: ast.Call, local: Mapping[str, Meaning]) -> Iterator[Found]:
        """``.on_conflict_do_update(index_elements=["email"])`` after a unique constraint that is gone."""
        if not isinstance(node.func, ast.Attribute) or not node.func.attr.startswith("on_conflict_do_"):
            return
        keys = next((each.value for each in node.keywords if each.arg == "index_elements"), None)
        if not isinstance(keys, ast.List | ast.Tuple):
            return
        for call in _chain(node.func.value):
            meaning = self._names.of(call.args[0], local) if call.args else None
            if meaning is None:
                continue
            names = [str(getattr(each, "value", "")) if isinstance(each, ast.Constant) else getattr(each, "attr", "")
                     for each in keys.elts]  # fmt: skip
            columns = frozenset(meaning.model.column(name, self._affected) or name for name in names)
            why = self._affected.keys.get((meaning.model.table, columns))
            if why is not None:
                what = f"ON CONFLICT ({', '.join(sorted(columns))}) of {meaning.model.table}"
                yield self._found(self._lines.start(keys), "", what, why, meaning.certain)

    def _statement(self, node: ast.Call, local: Mapping[str, Meaning]) -> tuple[Meaning | None, str]:
        """The model whose columns a call gives by name: a constructor, ``.values(…)``, ``.filter_by(…)``."""
        made = self._names.of(node.func, local)
        if made is not None and not made.row and not made.model.core:
            return made, "made"
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("values", "filter_by"):
            for call in _chain(node.func.value):
                name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
                if call.args and name in (*_INSERTS, "update", "select", "query"):
                    meaning = self._names.of(call.args[0], local)
                    if meaning is not None and not meaning.row:
                        return meaning, "insert" if name in _INSERTS and node.func.attr == "values" else name
        return None, ""

    def _made_without(
        self, nodes: Sequence[ast.AST], local: Mapping[str, Meaning], given: Iterable[tuple[str, str]]
    ) -> Iterator[Found]:
        """Constructors that leave out what has to be given now, also not given afterwards by assignment."""
        named = {
            id(node.value): {attribute for name, attribute in given if name == target.id}
            for node in nodes
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in nodes:
            if isinstance(node, ast.Call):
                meaning, kind = self._statement(node, local)
                if meaning is not None and kind == "made":
                    yield from self._left_out(node, meaning, named.get(id(node), set()))

    def _left_out(self, node: ast.Call, meaning: Meaning, later: set[str]) -> Iterator[Found]:
        model = meaning.model
        names = {name for name, _ in _given(node)} | later
        columns = {model.column(name, self._affected) for name in names}
        open_ended = bool(_unseen(node))
        related = bool(names & model.related) or any(model.column(name, self._affected) is None for name in names)
        filled = {model.attributes[name] for name in model.filled}
        for column, why in self._affected.must_give(model.table):
            if column not in columns and column not in filled and not (open_ended and model.core):
                word = model.name
                sure = meaning.certain and not open_ended and not related
                what = f"a new row of {model.table} without {column}"
                yield self._found(self._lines.start(node), word, what, why, sure)

    def _assign(self, node: ast.Assign, local: Mapping[str, Meaning]) -> Iterator[Found]:
        for target in node.targets:
            found = self._column(target, local)
            if found is not None:
                yield from self._null(found[0], node.value, target, found[1])

    def _null(self, name: Name, value: ast.expr, place: ast.expr, certain: bool) -> Iterator[Found]:
        why = self._affected.never_null.get(name)
        if why is not None and isinstance(value, ast.Constant) and value.value is None:
            yield self._found(self._lines.start(place), "", f"NULL for {name[0]}.{name[1]}", why, certain)

    def _found(self, start: int, word: str, what: str, why: str, certain: bool) -> Found:
        return Found(start=start, word=word, what=what, why=why, certain=certain)


def _chain(node: ast.expr) -> Iterator[ast.Call]:
    """The calls of ``insert(x).returning(y)``, the last first."""
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Call):
            yield node
            node = node.func
        else:
            node = node.value


def _given(node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """The names that a call gives values for, by keyword or in a literal dict (or a list of them)."""
    for keyword in node.keywords:
        if keyword.arg is not None:
            yield keyword.arg, keyword.value
    for argument in node.args:
        for each in argument.elts if isinstance(argument, ast.List | ast.Tuple) else (argument,):
            if isinstance(each, ast.Dict):
                for key, value in zip(each.keys, each.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield key.value, value
                    elif isinstance(key, ast.Attribute):
                        yield key.attr, value


def _unseen(node: ast.Call) -> list[ast.AST]:
    """What a call gives that cannot be read here: ``**values``, a variable, a dict that is unpacked."""
    found: list[ast.AST] = [keyword for keyword in node.keywords if keyword.arg is None]
    for argument in node.args:
        parts = argument.elts if isinstance(argument, ast.List | ast.Tuple) else (argument,)
        found += [each for each in parts if not isinstance(each, ast.Dict) or None in each.keys]
    return found
