"""What is written for dbmate is run by dbmate."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.forms.folder_runner import Folder
from tests.forms.journey import go
from tests.forms.world import World
from tests.tools.npm import installed

VERSION = "2.36.0"


@dataclass(frozen=True, kw_only=True)
class Dbmate:
    """dbmate at work in a folder."""

    program: Path
    folder: Folder
    url: str

    def __call__(self, *words: str) -> None:
        """Run it."""
        where = ["--url", self.url, "--migrations-dir", str(self.folder.path)]
        argv = [str(self.program), *where, "--no-dump-schema", *words]
        done = subprocess.run(argv, capture_output=True, text=True, cwd=self.folder.project)
        assert done.returncode == 0, done.stdout + done.stderr

    def forwards(self, stage: str) -> None:
        self.folder.bring(stage)
        self("up")

    def back(self, stage: str) -> None:
        for _ in self.folder.names[stage]:
            self("rollback")
        self.folder.take(stage)


def test_it_goes_all_the_way(world: World, tmp_path: Path) -> None:
    program = installed(f"dbmate@{VERSION}") / "node_modules" / ".bin" / "dbmate"
    (tmp_path / "db" / "migrations").mkdir(parents=True)
    first = tmp_path / "db" / "migrations" / "20240101000000_first.sql"
    first.write_text("-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n")
    folder = Folder(project=tmp_path, inside="db/migrations", options=("--to", "dbmate"))
    dbmate = Dbmate(program=program, folder=folder, url=world.url("postgres") + "?sslmode=disable")
    dbmate("up")
    go(world, dbmate)
    assert [len(folder.names[stage]) for stage in folder.names] == [2, 1, 5, 1]
