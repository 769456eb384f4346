"""The Drizzle example: what is written for it, with the moments of writing made alike."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from tests.examples import MAJOR
from tests.forms.world import ROOT, generate

EXAMPLE = ROOT / "examples" / "drizzle_link_customers"
EXPECTED = EXAMPLE / "expected" / "drizzle"
SNAPSHOT = EXPECTED / "meta" / "0004_snapshot.json"
_MOMENT = re.compile(r"\b1[78]\d{11}\b")
_FIRST = 1767225600001


def timeless(files: dict[str, str]) -> dict[str, str]:
    """With the moments of this run (ms) replaced by fixed ones, in their order."""
    found = sorted({each for text in files.values() for each in _MOMENT.findall(text)} - {str(_FIRST - 1)})
    fixed = {each: str(_FIRST + number) for number, each in enumerate(found)}
    return {name: _MOMENT.sub(lambda each: fixed.get(each[0], each[0]), text) for name, text in files.items()}


def files_in(folder: Path) -> dict[str, str]:
    """All files by their paths inside."""
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def without_ids(snapshot: Path) -> dict[str, object]:
    """A snapshot's content."""
    return {**json.loads(snapshot.read_text()), "id": "", "prevId": ""}


def written(folder: Path) -> dict[str, str]:
    """What comes into the example's folder, all stages at once. The approved snapshot is the new schema: no Node."""
    shutil.copytree(EXAMPLE / "drizzle", folder / "drizzle")
    new = folder / "new.json"
    shutil.copy(SNAPSHOT, new)
    generate("--to", "drizzle", "--stage", "all", "--pg", str(MAJOR), cwd=folder, old=Path("drizzle"), new=new)
    before = files_in(EXAMPLE / "drizzle")
    return timeless({name: text for name, text in files_in(folder / "drizzle").items() if before.get(name) != text})


def record(files: dict[str, str]) -> None:
    """Approve what was written."""
    shutil.rmtree(EXPECTED, ignore_errors=True)
    for name, text in files.items():
        (EXPECTED / name).parent.mkdir(parents=True, exist_ok=True)
        (EXPECTED / name).write_text(text)


def kit_snapshot(folder: Path, packages: Path) -> Path:
    """What drizzle-kit itself says of the example's new schema."""
    shutil.copytree(EXAMPLE / "lib", folder / "lib")
    (folder / "node_modules").symlink_to(packages / "node_modules", target_is_directory=True)
    words = ["generate", "--dialect", "postgresql", "--schema", "lib/db/schema.ts", "--out", "scratch", "--name", "x"]
    subprocess.run(
        [str(packages / "node_modules" / ".bin" / "drizzle-kit"), *words],
        cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=300,
    )  # fmt: skip
    return folder / "scratch" / "meta" / "0000_snapshot.json"
