"""``schema.prisma`` through the project's own Prisma: by its engine in WebAssembly, for the other one is a download."""

import os
from pathlib import Path

import pytest

from generator.errors import BadInput
from generator.load import start
from tests.load.conftest import Write
from tests.load.programs.conftest import ReadSource
from tests.tools.npm import installed

PACKAGES = ("prisma@6.19.0", "@prisma/adapter-pg@6.19.0", "pg@8")
CONFIG = """
import { PrismaPg } from "@prisma/adapter-pg";
export default {
  experimental: { adapter: true }, engine: "js", schema: "prisma/schema.prisma",
  adapter: async () => new PrismaPg({ connectionString: process.env.DATABASE_URL }),
};
"""
SCHEMA = """
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
enum Mood {
  sad
  ok
}
model User {
  id    Int    @id @default(autoincrement())
  email String @unique
  mood  Mood   @default(ok)
  posts Post[]
}
model Post {
  id   Int  @id
  user User @relation(fields: [uid], references: [id], onDelete: Cascade)
  uid  Int
  @@index([uid])
}
"""


@pytest.fixture
def prisma(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project with Prisma in it."""
    (tmp_path / "node_modules").symlink_to(installed(*PACKAGES) / "node_modules", target_is_directory=True)
    # Otherwise it wants to download the engines that it does not need.
    none = write("no_engine", "")
    for name in ("PRISMA_QUERY_ENGINE_LIBRARY", "PRISMA_SCHEMA_ENGINE_BINARY"):
        monkeypatch.setenv(name, str(none))
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@192.0.2.1/production")
    write("prisma.config.mjs", CONFIG)
    write("prisma/schema.prisma", SCHEMA)


@pytest.mark.usefixtures("prisma")
@pytest.mark.parametrize("source", ["prisma/schema.prisma", "prisma"])
def test_a_schema_is_read_by_prisma_itself(read_source: ReadSource, source: str) -> None:
    schema = read_source(source)
    assert [str(table.name) for table in schema.tables] == ["Post", "User"]
    assert [enum.values for enum in schema.enums] == [("sad", "ok")]
    assert [key.name for table in schema.tables for key in table.foreign_keys] == ["Post_uid_fkey"]


@pytest.mark.usefixtures("prisma")
def test_what_prisma_cannot_read_is_told(write: Write, read_source: ReadSource) -> None:
    write("prisma/schema.prisma", SCHEMA + "model Broken {")
    with pytest.raises(BadInput, match=r"(?s)prisma/schema\.prisma: Prisma cannot read it.*Broken"):
        read_source("prisma/schema.prisma")


def test_without_node_or_prisma_the_way_out_is_told(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("schema.prisma", SCHEMA)
    node = write("bin/node", "")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", str(node.parent))
    with pytest.raises(BadInput, match="there is none in node_modules") as raised:
        start("schema.prisma")
    assert "npm install" in raised.value.way_out
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(BadInput, match=r"there is no Node\.js here") as raised:
        start("schema.prisma")
    assert "prisma/migrations" in raised.value.way_out
