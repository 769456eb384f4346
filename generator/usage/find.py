"""Every file of some folders, read for what the application uses of a schema."""

import ast
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from generator.errors import BadInput
from generator.model.usage import Certainty, Usage
from generator.usage.affected import Affected
from generator.usage.found import Found
from generator.usage.python_code import uses_in_python
from generator.usage.python_models import models_of
from generator.usage.sql_texts import looks_like_sql, uses_in_sql
from generator.usage.typescript_code import uses_in_typescript
from generator.usage.typescript_tables import tables_of
from generator.usage.typescript_tokens import Token, tokens

_TYPESCRIPT = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_ENDINGS = (".py", ".sql", *_TYPESCRIPT)
_PASSED_OVER = frozenset(
    (
        "node_modules", "site-packages", "venv", "env", "__pycache__", "dist", "build", "target", "coverage", "vendor",
        "migrations", "alembic", "htmlcov",
    )
)  # fmt: skip
"""Folders that hold no code of the application: what is installed or made, and migrations, which are history."""

_MODELS = re.compile(r"\b(?:__tablename__|mapped_column|Mapped|Column|Table|SQLModel|Model)\b")
"""What a file has to hold for models, or what they inherit from, to be in it: other files need not be parsed."""

_MOST_BYTES = 1_000_000
_LONGEST_TEXT = 160


def find_usages(folders: Sequence[Path], affected: Affected, models: Sequence[Path] = ()) -> tuple[Usage, ...]:
    """Every place, by file and line. Raises BadInput for a folder that is not there.

    Files are named as the folder was: ``app/shop.py`` for ``--code app``. ``models`` are files that declare models and
    may lie elsewhere: they are read for what classes and attributes mean, and not for what they use.
    """
    for folder in folders:
        if not folder.exists():
            raise BadInput(f"--code {folder}: there is no such folder.", "Name a folder that holds the code.")
        if next(iter(_files(folder)), None) is None:
            kinds = "Python, TypeScript, JavaScript or SQL"
            raise BadInput(
                f"--code {folder}: holds no {kinds} that could be read.", "Name a folder that holds the code."
            )
    texts = {path: text for folder in folders for path in _files(folder) if (text := _read(path)) is not None}
    found: dict[tuple[str, int, str, str], Usage] = {}
    elsewhere = {path: text for path in models if path not in texts and (text := _read(path)) is not None}
    for path, text, each in _all(texts, elsewhere, affected):
        usage = _usage(path, text, each)
        key = (usage.file, usage.line, usage.what, usage.why)
        known = found.get(key)
        if known is None or (known.certainty is Certainty.LIKELY and usage.certainty is Certainty.CERTAIN):
            found[key] = usage
    return tuple(sorted(found.values(), key=lambda usage: (usage.file, usage.line, usage.column, usage.what)))


def _all(
    texts: Mapping[Path, str], elsewhere: Mapping[Path, str], affected: Affected
) -> Iterator[tuple[Path, str, Found]]:
    tables_named = _any_of(table.name for table in affected.touched)
    both = {**texts, **elsewhere}
    trees = {
        path: tree
        for path, text in both.items()
        if path.suffix == ".py" and (_MODELS.search(text) or tables_named.search(text)) and (tree := _parsed(text))
    }
    models = tuple(each for each in models_of(trees, affected) if each.table in affected.touched)
    of_interest = _any_of((*(table.name for table in affected.touched), *(model.name for model in models)))
    for path, text in texts.items():
        if path.suffix == ".py" and of_interest.search(text):
            tree = trees.get(path) or _parsed(text)
            if tree is not None:
                yield from ((path, text, each) for each in uses_in_python(path, text, tree, models, affected))
    taken_apart: dict[Path, tuple[Token, ...]] = {
        path: tokens(text) for path, text in texts.items() if path.suffix in _TYPESCRIPT
    }
    tables = [table for path, each in taken_apart.items() for table in tables_of(path, each, affected)]
    for path, each in taken_apart.items():
        yield from ((path, texts[path], found) for found in uses_in_typescript(path, each, tables, affected))
    for path, text in texts.items():
        if path.suffix == ".sql":
            yield from ((path, text, each) for each in _in_file(text, affected))


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """One of these words; nothing, where there are none."""
    return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(set(names))) or r"(?!)")


def _in_file(text: str, affected: Affected) -> Iterator[Found]:
    """A file of statements; those that define tables are no use of them."""
    from generator.dialects.postgres.split import split

    for piece in split(text):
        if looks_like_sql(piece.sql):
            for found in uses_in_sql(piece.sql, affected):
                yield Found(
                    start=piece.start + found.start,
                    word=found.word,
                    what=found.what,
                    why=found.why,
                    certain=found.certain,
                )


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _usage(path: Path, text: str, found: Found) -> Usage:
    line = text.count("\n", 0, found.start) + 1
    start = text.rfind("\n", 0, found.start) + 1
    end = text.find("\n", found.start)
    whole = text[start : end if end >= 0 else len(text)].strip()
    return Usage(
        file=path.as_posix(),
        line=line,
        column=found.start - start + 1,
        what=found.what,
        why=found.why,
        certainty=Certainty.CERTAIN if found.certain else Certainty.LIKELY,
        text=whole if len(whole) <= _LONGEST_TEXT else whole[: _LONGEST_TEXT - 1] + "…",
    )


def _read(path: Path) -> str | None:
    """The text of a file; None for one that is too large to be written by people, or is no text."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        return path.read_bytes().decode().replace("\r\n", "\n")
    except (OSError, ValueError):
        return None


def _files(folder: Path) -> Iterator[Path]:
    """The files to read, in the order of their names: in a checkout those that git does not ignore."""
    if folder.is_file():
        yield folder
        return
    known = _known_to_git(folder)
    for path in sorted(_walked(folder) if known is None else known):
        if path.suffix in _ENDINGS and not _is_passed_over(path.relative_to(folder)) and path.is_file():
            yield path


def _is_passed_over(path: Path) -> bool:
    return any(part in _PASSED_OVER or part.startswith(".") for part in path.parts[:-1])


def _known_to_git(folder: Path) -> list[Path] | None:
    """What git knows or would add; None where the folder is in no checkout, or git is not here."""
    command = ["git", "-C", str(folder), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError:
        return None
    if done.returncode != 0:
        return None
    # Where git ignores the folder itself, it was named on purpose.
    return [folder / name for name in dict.fromkeys(os.fsdecode(done.stdout).split("\0")) if name] or None


def _walked(folder: Path) -> Iterable[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _PASSED_OVER and not name.startswith("."))
        yield from (Path(root, name) for name in names)
