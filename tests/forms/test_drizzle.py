"""What is written for Drizzle is run by Drizzle: the project of examples/drizzle_link_customers, in both layouts."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from generator.server import Database, Server
from tests.forms import drizzle_example
from tests.forms.drizzle_example import EXAMPLE
from tests.forms.journey import go
from tests.forms.test_trouble import leave_an_invalid_index
from tests.forms.world import ROWS, World, command, declared, generate
from tests.tools.npm import DRIZZLE_0, DRIZZLE_1, installed

DRIVERS = ("pg@8.16.3", "postgres@3.4.7", "tsx@4.20.6")
VERSIONS = {"0.31": DRIZZLE_0, "1.0": DRIZZLE_1}
NEW = Path("lib/db/schema.ts")
"""The project's own drizzle-kit reads it: ``gen-migration drizzle lib/db/schema.ts`` is the whole command."""

_MIGRATE = """
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
const sql = postgres(process.env.DATABASE_URL, { max: 1, onnotice: () => {} });
await migrate(drizzle(sql%s), { migrationsFolder: "drizzle" });
await sql.end();
"""
_RELATIONS = """
import { defineRelations } from "drizzle-orm";
import * as schema from "./schema";
export const relations = defineRelations(schema, (r) => ({
  users: { customer: r.one.customers({ from: r.users.id, to: r.customers.userId }) },
  customers: { subscriptions: r.many.subscriptions(), licenseKeys: r.many.licenseKeys() },
  subscriptions: { customer: r.one.customers({ from: r.subscriptions.customerId, to: r.customers.id }) },
  licenseKeys: { customer: r.one.customers({ from: r.licenseKeys.customerId, to: r.customers.id }) },
}));
"""
_QUERY = """
import { drizzle } from "drizzle-orm/node-postgres";
import { Client } from "pg";
import { relations } from "./db/relations";
const client = new Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
const db = drizzle({ client, relations });
const user = await db.query.users.findFirst({
  where: { email: process.argv[2] },
  with: { customer: { with: { subscriptions: true, licenseKeys: true } } },
});
console.log(JSON.stringify(user));
await client.end();
"""


@dataclass(kw_only=True)
class Drizzle:
    """A copy of the example's project. ``by`` is what applies the migrations: drizzle-kit, or the ORM itself."""

    project: Path
    version: str
    world: World
    by: str = "drizzle-kit"
    tags: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ("--to", "drizzle")

    def __call__(self, *words: str, program: str = "drizzle-kit") -> str:
        """Run a program of the project's; what it wrote."""
        argv = [str(self.project / "node_modules" / ".bin" / program), *words]
        env = {**os.environ, "DATABASE_URL": self.world.url(), "NO_COLOR": "1"}
        done = subprocess.run(
            argv, cwd=self.project, capture_output=True, text=True, env=env, stdin=subprocess.DEVNULL, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def migrate(self) -> None:
        """Apply everything that is pending."""
        if self.by == "drizzle-kit":
            self("migrate")
        else:
            self("migrate.ts", program="tsx")

    def write(self, stage: str) -> None:
        """The next stage comes into the folder."""
        before = self.listing()
        generate(*self.options, cwd=self.project, old=Path("drizzle"), new=NEW)
        (rollback,) = (name for name in self.listing() - before if name.endswith("rollback.sql"))
        assert f"_{stage}_" in rollback
        self.tags[stage] = rollback

    def listing(self) -> set[str]:
        """All files of the folder."""
        folder = self.project / "drizzle"
        return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    def forwards(self, stage: str) -> None:
        if stage not in self.tags:
            self.write(stage)
        self.migrate()  # once everything is written it applies all of it at once

    def back(self, stage: str) -> None:
        psql = [str(self.world.server.psql), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.world.database.conninfo]
        script = str(self.project / "drizzle" / self.tags[stage])
        done = subprocess.run([*psql, "-f", script], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def find(self, email: str) -> dict[str, object]:
        """The guide's query."""
        found: dict[str, object] = json.loads(self("lib/query.ts", email, program="tsx"))
        return found


def project(folder: Path, version: str, world: World, by: str = "drizzle-kit") -> Drizzle:
    """The example with the old schema's migration applied and filled with rows; ``new.json`` is the new snapshot."""
    packages = installed(*VERSIONS[version], *DRIVERS)
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules", "expected"), dirs_exist_ok=True)
    (folder / "node_modules").symlink_to(packages / "node_modules", target_is_directory=True)
    made = Drizzle(project=folder, version=version, world=world, by=by)
    schema = folder / NEW
    if version == "1.0":
        _as_of_1(folder)
        shutil.rmtree(folder / "drizzle")
        _generate(made, "lib/db/schema.before.ts", "drizzle")
    _generate(made, str(NEW), "scratch")
    (snapshot,) = (folder / "scratch").rglob("*snapshot.json")
    shutil.copy(snapshot, folder / "new.json")
    assert schema.exists()
    (folder / "migrate.ts").write_text(_MIGRATE % (", {}" if version == "0.31" else ""))
    if version == "1.0":
        (folder / "migrate.ts").write_text(_MIGRATE.replace("drizzle(sql%s)", "drizzle({ client: sql })"))
    made.migrate()
    world.fill()
    return made


def _generate(drizzle: Drizzle, schema: str, out: str) -> None:
    said = drizzle("generate", "--dialect", "postgresql", "--schema", schema, "--out", out, "--name", "init")
    assert "Your SQL migration" in said


def _as_of_1(folder: Path) -> None:
    """Relations are told apart from tables in 1.0."""
    for path in (folder / "lib" / "db").glob("schema*.ts"):
        text = path.read_text().split("export const usersRelations")[0].split("export const customersRelations")[0]
        path.write_text(text.replace('import { relations } from "drizzle-orm";\n', ""))
    (folder / "lib" / "db" / "relations.ts").write_text(_RELATIONS)
    (folder / "lib" / "query.ts").write_text(_QUERY)


def world_of(server: Server, port: int, database: Database, new: Path) -> World:
    return World(server=server, database=database, port=port, new=declared(new, server)[1])


@pytest.mark.parametrize(
    ("version", "by"),
    [("0.31", "drizzle-kit"), ("0.31", "postgres.js"), ("1.0", "drizzle-kit"), ("1.0", "postgres.js")],
)
def test_it_goes_all_the_way(server: Server, port: int, tmp_path: Path, version: str, by: str) -> None:
    drizzle = project(tmp_path, version, world_of(server, port, server.create_database(), EXAMPLE / "drizzle"), by)
    world = drizzle.world = world_of(server, port, drizzle.world.database, tmp_path / "new.json")
    go(world, drizzle)

    assert "Everything's fine" in drizzle("check")
    assert "No schema changes" in drizzle("generate", "--name", "again")
    customer = drizzle.find("user7@example.org")["customer"]
    assert isinstance(customer, dict)
    assert customer["email"] == "user7@example.org"
    assert len(customer["subscriptions"]) == len(customer["licenseKeys"]) == 1
    assert world.one("SELECT count(*) FROM drizzle.__drizzle_migrations") == 5
    assert world.one("SELECT count(*) FROM customers") == ROWS


def test_the_approved_snapshot_of_the_example_is_drizzle_kits(tmp_path: Path) -> None:
    said = drizzle_example.kit_snapshot(tmp_path, installed(*DRIZZLE_0, *DRIVERS))
    assert drizzle_example.without_ids(said) == drizzle_example.without_ids(drizzle_example.SNAPSHOT)


def test_what_stops_a_stage_is_mended_and_the_stage_run_again(server: Server, port: int, tmp_path: Path) -> None:
    drizzle = project(tmp_path, "0.31", world_of(server, port, server.create_database(), EXAMPLE / "drizzle"))
    world = drizzle.world = world_of(server, port, drizzle.world.database, tmp_path / "new.json")
    drizzle.forwards("expand")
    world.run("UPDATE customers SET email = 'nobody@example.org' WHERE email = 'user3@example.org'")
    with pytest.raises(AssertionError):
        drizzle.forwards("backfill")
    assert world.one("SELECT count(*) FROM drizzle.__drizzle_migrations") == 2
    world.run("UPDATE customers SET email = 'user3@example.org' WHERE email = 'nobody@example.org'")
    drizzle.forwards("backfill")
    leave_an_invalid_index(world, "customers_user_id_unique")
    drizzle.forwards("validate")
    drizzle.forwards("contract")
    world.is_new()


def test_without_a_snapshot_it_is_told_what_is_missing(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE / "drizzle", tmp_path / "drizzle")
    before = sorted(path.name for path in (tmp_path / "drizzle").rglob("*"))
    new = tmp_path / "new.sql"
    new.write_text("CREATE TABLE things (id int PRIMARY KEY);")
    old = tmp_path / "old.sql"
    old.write_text("")
    done = command("--to", "drizzle", cwd=tmp_path, old=old, new=new)
    assert done.returncode == 2
    assert "NEW must be the project's schema.ts, or a snapshot of drizzle-kit's" in " ".join(done.stderr.split())
    assert sorted(path.name for path in (tmp_path / "drizzle").rglob("*")) == before
