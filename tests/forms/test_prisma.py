"""What is written for Prisma is run by Prisma: by its engine in WebAssembly, over its driver adapter.

The native engine is not in the registries, and sends a file as one string. The adapter cuts it at every semicolon,
also within strings, and refuses results of the type ``name``, which the engine asks for: both are mended in the
settings here. So are timers of ten seconds that hold the program up when it is done.
"""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.forms.folder_runner import Folder
from tests.forms.journey import go
from tests.forms.world import World
from tests.tools.npm import installed

PACKAGES = ("prisma@6.19.0", "@prisma/adapter-pg@6.19.0", "pg@8")
_SETTINGS = """
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
const ask = pg.Client.prototype.query;
const mend = (r) => { for (const f of r?.fields ?? []) if (f.dataTypeID === 19) f.dataTypeID = 25; return r; };
pg.Client.prototype.query = function (...words) {
  const last = words.at(-1);
  if (typeof last === "function") {
    words[words.length - 1] = (e, r) => last(e, mend(r));
    return ask.apply(this, words);
  }
  return ask.apply(this, words).then(mend);
};
const wait = globalThis.setTimeout;
globalThis.setTimeout = (what, time, ...more) => {
  const timer = wait(what, time, ...more);
  if (time >= 5000) timer.unref();
  return timer;
};
export default {
  experimental: { adapter: true },
  engine: "js",
  schema: "prisma/schema.prisma",
  adapter: async () => {
    const factory = new PrismaPg({ connectionString: process.env.DATABASE_URL, allowExitOnIdle: true });
    const connect = factory.connect.bind(factory);
    factory.connect = async () => {
      const adapter = await connect();
      adapter.executeScript = async (script) => { await adapter.client.query(script); };
      return adapter;
    };
    return factory;
  },
};
"""
_SCHEMA = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'


@dataclass(frozen=True, kw_only=True)
class Prisma:
    """A project whose first migration is said to have been applied."""

    folder: Folder
    world: World

    def __call__(self, *words: str) -> None:
        """Run ``prisma``."""
        program = self.folder.project / "node_modules" / ".bin" / "prisma"
        none = self.folder.project / "no_engine"
        engines = {name: str(none) for name in ("PRISMA_QUERY_ENGINE_LIBRARY", "PRISMA_SCHEMA_ENGINE_BINARY")}
        env = {**os.environ, **engines, "DATABASE_URL": self.world.url(), "CHECKPOINT_DISABLE": "1"}
        argv = [str(program), *words]
        done = subprocess.run(argv, capture_output=True, text=True, cwd=self.folder.project, env=env)
        assert done.returncode == 0, done.stdout + done.stderr

    def forwards(self, stage: str) -> None:
        self.folder.bring(stage)
        self("migrate", "deploy")

    def back(self, stage: str) -> None:
        psql = [str(self.world.server.psql), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.world.database.conninfo]
        for name in reversed(self.folder.names[stage]):
            script = self.folder.path / name / "down.sql"
            if script.exists():
                subprocess.run([*psql, "-f", str(script)], check=True, capture_output=True)
        self.folder.take(stage)


def test_it_goes_all_the_way(world: World, tmp_path: Path) -> None:
    modules = installed(*PACKAGES) / "node_modules"
    (tmp_path / "node_modules").symlink_to(modules)
    (tmp_path / "no_engine").touch()
    (tmp_path / "prisma.config.mjs").write_text(_SETTINGS)
    first = tmp_path / "prisma" / "migrations" / "20240101000000_first"
    first.mkdir(parents=True)
    (first / "migration.sql").write_text("SELECT 1;\n")
    (tmp_path / "prisma" / "schema.prisma").write_text(_SCHEMA)
    (tmp_path / "prisma" / "migrations" / "migration_lock.toml").write_text('provider = "postgresql"\n')
    folder = Folder(project=tmp_path, inside="prisma/migrations", options=("--to", "prisma"))
    prisma = Prisma(folder=folder, world=world)
    prisma("migrate", "resolve", "--applied", "20240101000000_first")
    go(world, prisma)
    assert [len(folder.names[stage]) for stage in folder.names] == [2, 1, 5, 1]
