"""A runner's folder is the old schema: before the plan until its last stage is there, and the new one after it."""

from pathlib import Path

import pytest

from tests.forms.world import SHOP, STAGES, command, generate

OLD = """
CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text NOT NULL UNIQUE, full_name text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE customers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text NOT NULL, name text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_customers_email ON customers (email);
CREATE TABLE subscriptions (
    id serial PRIMARY KEY, customer_id uuid NOT NULL REFERENCES customers ON DELETE CASCADE,
    plan text NOT NULL DEFAULT 'starter', started_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_subscriptions_customer_id ON subscriptions (customer_id);
CREATE TABLE license_keys (
    id serial PRIMARY KEY, customer_id uuid NOT NULL REFERENCES customers ON DELETE CASCADE, key text NOT NULL UNIQUE
);
CREATE INDEX ix_license_keys_customer_id ON license_keys (customer_id);
"""
FIRST = {
    "dbmate": ("20240101000000_first.sql", f"-- migrate:up\n{OLD}\n-- migrate:down\n"),
    "prisma": ("20240101000000_first/migration.sql", OLD),
    "golang-migrate": ("000001_first.up.sql", OLD),
    "goose": ("00001_first.sql", f"-- +goose Up\n{OLD}\n-- +goose Down\nSELECT 1;\n"),
    "flyway": ("V1__first.sql", OLD),
    "liquibase": ("001_first.sql", f"--liquibase formatted sql\n--changeset me:1 splitStatements:true\n{OLD}"),
}


@pytest.mark.parametrize("to", list(FIRST))
def test_a_stage_at_a_time_from_the_folder_itself(tmp_path: Path, to: str) -> None:
    name, text = FIRST[to]
    folder = tmp_path / "folder"
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_text(text)
    if to == "prisma":
        (folder / "migration_lock.toml").write_text('provider = "postgresql"\n')
    options = ("--to", to, "--out", "folder", "--stage", "next")
    for number, stage in enumerate(STAGES):
        said = generate(*options, cwd=tmp_path, old=Path("folder"), new=SHOP / "new.py")
        assert f"_{stage}_" in said
        assert ("not finished are left out" in " ".join(said.split())) == (number > 0)
    done = command(*options, cwd=tmp_path, old=Path("folder"), new=SHOP / "new.py")
    assert "Nothing to do: the two schemas are equal." in done.stdout, done.stdout + done.stderr
