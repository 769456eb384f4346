"""The wheel holds all that the command needs: installed into a fresh environment, it works from any folder."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "link_customers"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built without fetching anything."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(folder),
        str(ROOT),
    ]
    subprocess.run([sys.executable, *build], check=True)
    (built,) = folder.glob("gen_migration-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel in it; its dependencies are borrowed from ours, as modules only."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    install = ["-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, *install], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def test_the_wheel_puts_nothing_beside_its_package(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"generator"}


def test_the_wheel_holds_templates_schemas_and_queries(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = [path for folder in ("templates", "schemas") for path in (ROOT / folder).rglob("*") if path.is_file()]
    assert wanted
    assert {f"generator/{path.relative_to(ROOT)}" for path in wanted} <= names
    queries = {str(path.relative_to(ROOT)) for path in (ROOT / "generator").rglob("*.sql")}
    assert queries <= names


def test_it_works_from_another_folder(installed: Path, tmp_path: Path) -> None:
    argv = [str(installed / "bin" / "gen-migration"), str(EXAMPLE / "old.py"), str(EXAMPLE / "new.py"), "--out", "out"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(argv, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "out" / "01_expand.sql").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
