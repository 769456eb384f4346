"""``schema.ts`` through the project's own drizzle-kit, of both layouts; and what is said where that cannot be."""

import os
import subprocess
from pathlib import Path

import pytest

from generator.errors import BadInput
from generator.load import narrow, start
from generator.model.declared import Declared
from generator.pipeline import Request, run
from generator.server import Server
from tests.load.conftest import Write
from tests.load.drizzle.kit import VERSIONS, generate
from tests.tools.npm import installed

SCHEMA = """
import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { NAME } from "@/lib/names";
export const people = pgTable(NAME, { id: integer("id").primaryKey(), fullName: text() });
"""
TSCONFIG = '{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["./*"]}}}'


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest, write: Write, tmp_path: Path) -> str:
    """A project with its packages and a schema that imports by an alias."""
    version = str(request.param)
    (tmp_path / "node_modules").symlink_to(installed(*VERSIONS[version]) / "node_modules", target_is_directory=True)
    write("package.json", '{"private": true}')
    write("tsconfig.json", TSCONFIG)
    write("lib/names.ts", 'export const NAME = "people";')
    write("lib/db/schema.ts", SCHEMA)
    return version


def load(source: str) -> Declared:
    return start(source).result()


def sql(declared: Declared) -> str:
    return " ".join(" ".join(unit.sql.split()) for unit in declared.units)


def test_the_code_is_compared_with_what_was_last_generated(
    version: str, write: Write, tmp_path: Path, server: Server
) -> None:
    generate(version, tmp_path, "lib/db/schema.ts")
    before = sorted(tmp_path.rglob("*"))
    assert [side.units for side in narrow(load("drizzle/"), load("lib/db/schema.ts"))] == [(), ()]
    assert sorted(tmp_path.rglob("*")) == before
    write("lib/db/schema.ts", SCHEMA.replace("text() }", "text(), born: integer() }"))
    outcome = run(Request(old="drizzle/", new="lib/db/schema.ts", prove=False, server=server.superuser_conninfo))
    assert outcome.plan is not None
    assert "ADD COLUMN born integer" in outcome.files["01_expand.sql"]


def test_a_folder_of_files_is_one_schema(version: str, write: Write) -> None:
    write(
        "lib/db/more.ts",
        'import { pgTable, text } from "drizzle-orm/pg-core";\nexport const b = pgTable("b", { a: text() });',
    )
    names = [unit.name for unit in load("lib/db").units]
    assert sorted(names) == ["table public.b", "table public.people"]


def test_messages_name_the_file(version: str) -> None:
    declared = load("lib/db/schema.ts")
    assert (declared.source, declared.units[0].origin) == ("lib/db/schema.ts", "lib/db/schema.ts: table people")
    assert declared.snapshot


def test_a_revision_of_the_code_finds_the_packages_that_are_installed(
    version: str, write: Write, tmp_path: Path
) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True)

    write(".gitignore", "node_modules\n")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "one")
    write("lib/names.ts", 'export const NAME = "renamed";')
    assert [unit.name for unit in load("HEAD:lib/db/schema.ts").units] == ["table public.people"]
    assert [unit.name for unit in load("lib/db/schema.ts").units] == ["table public.renamed"]


def test_the_settings_that_matter_are_respected(write: Write, tmp_path: Path) -> None:
    packages = installed(*VERSIONS["0.31"])
    (tmp_path / "node_modules").symlink_to(packages / "node_modules", target_is_directory=True)
    write(
        "schema.ts",
        'import { pgTable, text } from "drizzle-orm/pg-core";\nexport const b = pgTable("b", { fullName: text() });',
    )
    assert '"fullName" text' in sql(load("schema.ts"))
    config = """
    import { defineConfig } from "drizzle-kit";
    if (!process.env.DATABASE_URL) throw new Error("no database");
    export default defineConfig({ dialect: "postgresql", casing: "snake_case", schema: "./other.ts", out: "./x" });
    """
    write("drizzle.config.ts", config)
    assert "full_name text" in sql(load("schema.ts"))
    (tmp_path / "drizzle.config.ts").unlink()
    write("drizzle.config.json", '{"dialect": "postgresql", "casing": "snake_case"}')
    assert "full_name text" in sql(load("schema.ts"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("export const x = 1;", "finds no table or anything else"),
        ("export const x = {;", r"(?s)lib/db/schema.ts: drizzle-kit cannot read it.*schema.ts:1"),
        ('throw new Error("settings are missing");', "(?s)cannot read it.*settings are missing"),
        (
            'import { x } from "not-installed-anywhere"; export const y = x;',
            "(?s)cannot read it.*not-installed-anywhere",
        ),
    ],
)
def test_what_the_kit_cannot_read_is_told(version: str, write: Write, text: str, message: str) -> None:
    write("lib/db/schema.ts", text)
    with pytest.raises(BadInput, match=message):
        load("lib/db/schema.ts")


def test_without_node_the_way_out_is_told(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("schema.ts", SCHEMA)
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(BadInput, match=r"schema\.ts: .*there is no Node\.js here") as raised:
        start("schema.ts")
    assert "Give the folder of its migrations instead" in raised.value.way_out


def test_without_the_kit_the_way_out_is_told(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = write("bin/node", "")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", str(node.parent))
    write("schema.ts", SCHEMA)
    with pytest.raises(BadInput, match="there is none in node_modules") as raised:
        start("schema.ts")
    assert "npm install" in raised.value.way_out
    with pytest.raises(BadInput, match="there is no such file"):
        start("schemas.ts")
