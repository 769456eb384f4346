"""A revision of a Git repository as a source: ``main:app/models.py``, ``HEAD~3:drizzle/``.

Its files are written into a scratch folder, with all that lies beside them, so that imports find what they found then.
The working tree, the index and the repository stay as they are: the revision is read into an index of its own.
"""

import difflib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from generator.errors import BadInput, GenMigrationError
from generator.load.loading import Loading
from generator.load.place import Place
from generator.model.declared import Declared

KINDS = ("alembic:", "django:")
"""What may stand before a path inside of a revision, as it may outside."""

_SETTINGS = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false")
_DATA = (".sql", ".json", ".prisma")
_CODE = (".py", ".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".ini", ".prisma", ".toml")
"""A folder that holds one of these may need the whole tree."""

_KEPT: "list[tempfile.TemporaryDirectory[str]]" = []

Start = Callable[[str, Place], Loading]


def names_a_revision(source: str) -> bool:
    """Whether the text, which could be something else as well, names what a revision of this repository holds."""
    name, _, rest = source.partition(":")
    try:
        repository = _Repository.here()
        return repository is not None and repository.commit(name) is not None and bool(repository.find(name, rest))
    except BadInput:
        return False


def start_revision(source: str, start: Start) -> Loading:
    """Write the revision out and begin to load what it holds. Raises BadInput."""
    name, _, rest = source.partition(":")
    kind = next((kind for kind in KINDS if rest.startswith(kind)), "")
    path = rest.removeprefix(kind)
    repository = _Repository.here()
    if repository is None:
        raise BadInput(f"{source}: there is no such file, and {Path.cwd()} lies in no Git repository.")
    commit = repository.commit(name)
    if commit is None:
        raise BadInput(f"{source}: there is no revision {name} in this repository{repository.like(name)}")
    found = repository.find(commit, path)
    if found is None:
        raise BadInput(f"{source}: {name} holds no {path}{repository.like_path(commit, path)}")
    prefix, inside = found
    scratch = tempfile.TemporaryDirectory(prefix="gen-migration-git-")
    try:
        tree = Path(scratch.name).resolve() / "tree"
        repository.write(commit, tree, () if kind else repository.enough(commit, inside))
        place = Place(folder=tree / prefix, home=repository.top / prefix)
        return _Dated(start(kind + path, place), name, source, tree / prefix, scratch)
    except GenMigrationError as error:
        scratch.cleanup()
        raise _told(error, name, tree / prefix) from None
    except BaseException:
        scratch.cleanup()
        raise


class _Dated:
    """What a revision holds, being loaded; its messages name the revision and not the scratch folder."""

    def __init__(
        self, loading: Loading, name: str, source: str, folder: Path, scratch: "tempfile.TemporaryDirectory[str]"
    ) -> None:
        self._loading, self._name, self._source, self._folder, self._scratch = loading, name, source, folder, scratch

    def result(self) -> Declared:
        try:
            declared = self._loading.result()
        except GenMigrationError as error:
            raise _told(error, self._name, self._folder) from None
        if declared.program is None:
            self._scratch.cleanup()
        else:
            # It runs later; what is kept here goes when we end.
            _KEPT.append(self._scratch)
        units = tuple(replace(unit, origin=_named(unit.origin, self._name, self._folder)) for unit in declared.units)
        return replace(declared, source=self._source, units=units)


def _told(error: GenMigrationError, name: str, folder: Path) -> GenMigrationError:
    return type(error)(_named(error.message, name, folder), error.way_out.replace(f"{folder}/", ""))


def _named(text: str, name: str, folder: Path) -> str:
    return f"{name}:{text.replace(f'{folder}/', '')}" if text else ""


class _Repository:
    """The repository that the current folder lies in; ``prefix`` is the way from ``top`` to the current folder."""

    def __init__(self, top: Path, prefix: str) -> None:
        self.top, self.prefix = top, prefix

    @classmethod
    def here(cls) -> "_Repository | None":
        """None where there is none. Raises BadInput without Git."""
        if shutil.which("git") is None:
            raise BadInput("Git is not installed, and a revision is read by it.", "Install git, or give a file.")
        said = _git(Path.cwd(), "rev-parse", "--show-toplevel", "--show-prefix")
        if said is None:
            return None
        top, _, prefix = said.partition("\n")
        return cls(Path(top), prefix.strip("\n").rstrip("/"))

    def commit(self, name: str) -> str | None:
        """The full name of the commit."""
        if not name or name.startswith("-"):
            return None
        found = _git(self.top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return found.strip() if found else None

    def find(self, commit: str, path: str) -> tuple[str, str] | None:
        """(folder, path in it) as the tree has it: beside the current folder, or from the top as Git itself counts."""
        for prefix in dict.fromkeys((self.prefix, "")):
            for inside in _files_of(path):
                whole = os.path.normpath(os.path.join(prefix, inside))
                if whole == "." or (not whole.startswith("..") and self._type(commit, whole)):
                    return prefix, whole
        return None

    def enough(self, commit: str, path: str) -> tuple[str, ...]:
        """The paths that are enough to write; none for all of them."""
        if path.endswith(_DATA):
            # A snapshot's neighbours are those it builds on.
            return (os.path.dirname(os.path.dirname(path)),) if os.path.dirname(os.path.dirname(path)) else ()
        if path == "." or self._type(commit, path) != "tree":
            return ()
        names = (_git(self.top, "ls-tree", "--name-only", commit, f"{path}/") or "").split("\n")
        return () if any(name.endswith(_CODE) for name in names) else (path,)

    def write(self, commit: str, tree: Path, paths: Sequence[str]) -> None:
        """Write the revision's files (of ``paths``, or all) into a new folder. Raises BadInput."""
        tree.mkdir()
        (tree / self.prefix).mkdir(parents=True, exist_ok=True)
        index = {"GIT_INDEX_FILE": str(tree.parent / "index"), "GIT_LFS_SKIP_SMUDGE": "1"}
        read = _git(self.top, "read-tree", commit, more=index)
        names = _git(self.top, "ls-files", "-z", "--", *paths, more=index)
        if read is not None and names is not None:
            command = ("checkout-index", "-q", "-z", "--stdin", f"--prefix={tree}/")
            if _git(self.top, *command, more=index, given=names) is not None:
                return
        raise BadInput(f"The revision {commit[:12]} cannot be written out of the repository.", "Look at `git fsck`.")

    def like(self, name: str) -> str:
        """A branch or tag that may have been meant."""
        refs = (_git(self.top, "for-each-ref", "--format=%(refname:short)") or "").split()
        close = difflib.get_close_matches(name, refs, n=1)
        return f"; did you mean {close[0]}?" if close else "."

    def like_path(self, commit: str, path: str) -> str:
        """A file that may have been meant."""
        names = (_git(self.top, "ls-tree", "-r", "-z", "--name-only", commit) or "").split("\0")
        close = difflib.get_close_matches(path, names, n=1) or [
            name for name in names if os.path.basename(name) == os.path.basename(path)
        ]
        return f"; did you mean {close[0]}?" if close else "."

    def _type(self, commit: str, path: str) -> str:
        return (_git(self.top, "cat-file", "-t", f"{commit}:{path}") or "").strip()


def _files_of(path: str) -> tuple[str, ...]:
    """The file or folder that a source may speak of: itself, before ``@`` or ``:``, or where a module would be."""
    candidates = [path, path.rpartition("@")[0], path.rpartition(":")[0]]
    module = path.partition(":")[0]
    if module.replace(".", "").isidentifier():
        inner = module.replace(".", "/")
        candidates += [f"{folder}{inner}{end}" for folder in ("", "src/") for end in (".py", "/__init__.py")]
    return tuple(dict.fromkeys(each.rstrip("/") or "." for each in candidates if each))


def _git(folder: Path, *arguments: str, more: dict[str, str] | None = None, given: str = "") -> str | None:
    """What git says, None where it fails. It is never asked for a password, and no hook of a repository runs."""
    environment = os.environ | {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"} | (more or {})
    ran = subprocess.run(
        ["git", *_SETTINGS, *arguments], cwd=folder, env=environment, input=given.encode(errors="surrogateescape"),
        capture_output=True,
    )  # fmt: skip
    return ran.stdout.decode(errors="surrogateescape") if ran.returncode == 0 else None
