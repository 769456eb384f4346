"""Files of folders: which are read, and how places are named."""

import subprocess
from pathlib import Path

import pytest

from generator.errors import BadInput
from generator.model.usage import Certainty
from generator.usage import affected_by, find_usages
from tests.usage.shop import AFFECTED, CHANGES, NEW, OLD

SQL = "SELECT id,\n  code FROM customers"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_place_is_named_by_file_line_and_column(tmp_path: Path) -> None:
    write(tmp_path / "app" / "report.sql", f"SELECT 1;\n\n{SQL};\n")
    (usage,) = find_usages((tmp_path / "app",), AFFECTED)
    assert usage.file == (tmp_path / "app" / "report.sql").as_posix()
    assert (usage.line, usage.column, usage.text) == (4, 3, "code FROM customers;")
    assert usage.certainty is Certainty.CERTAIN


def test_what_is_installed_made_or_history_is_passed_over(tmp_path: Path) -> None:
    for folder in ("node_modules/x", ".venv/lib", "migrations", "src/__pycache__", "dist"):
        write(tmp_path / folder / "a.sql", SQL)
    write(tmp_path / "src" / "a.sql", SQL)
    write(tmp_path / "src" / "a.txt", SQL)
    assert [Path(usage.file).name for usage in find_usages((tmp_path,), AFFECTED)] == ["a.sql"]


def test_in_a_checkout_what_git_ignores_is_passed_over(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    write(tmp_path / ".gitignore", "made/\n")
    write(tmp_path / "made" / "a.sql", SQL)
    write(tmp_path / "src" / "b.sql", SQL)
    assert [Path(usage.file).name for usage in find_usages((tmp_path,), AFFECTED)] == ["b.sql"]


def test_a_file_that_cannot_be_read_as_what_it_should_be_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "a.py", "def f(:")
    (tmp_path / "b.sql").write_bytes(b"SELECT code FROM customers \xff\xfe")
    write(tmp_path / "c.ts", "`${")
    assert find_usages((tmp_path,), AFFECTED) == ()


def test_models_may_lie_elsewhere(tmp_path: Path) -> None:
    write(tmp_path / "models.py", 'class Customer(Base):\n    __tablename__ = "customers"\n    code: Mapped[str]\n')
    write(tmp_path / "app" / "a.py", "from shop.models import Customer\nCustomer.code\n")
    assert find_usages((tmp_path / "app",), AFFECTED) == ()
    (usage,) = find_usages((tmp_path / "app",), AFFECTED, (tmp_path / "models.py",))
    assert usage.what == "customers.code"


def test_a_folder_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        find_usages((tmp_path / "nowhere",), AFFECTED)


def test_where_nothing_of_it_changes_nothing_is_found(tmp_path: Path) -> None:
    write(tmp_path / "a.sql", SQL)
    nothing = affected_by((), (), OLD, OLD)
    assert not nothing.touched
    assert find_usages((tmp_path,), nothing) == ()
    assert affected_by(CHANGES, (), OLD, NEW).joins == {}


def test_a_folder_that_git_ignores_is_read_where_it_is_named(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    write(tmp_path / ".gitignore", "made/\n")
    write(tmp_path / "made" / "a.sql", SQL)
    assert len(find_usages((tmp_path / "made",), AFFECTED)) == 1


def test_a_folder_without_code_is_told_rather_than_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", SQL)
    with pytest.raises(BadInput, match="holds no Python"):
        find_usages((tmp_path,), AFFECTED)
