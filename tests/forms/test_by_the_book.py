"""goose, golang-migrate and Flyway are not in the registries: their files are read here as their documents say."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from generator.dialects.postgres.split import split
from tests.forms.journey import go
from tests.forms.world import World, generate


@dataclass(kw_only=True)
class ByTheBook:
    """Files in the order of their numbers; ``done`` are those that were applied."""

    world: World
    folder: Path
    done: list[str] = field(default_factory=list)

    def forwards(self, stage: str) -> None:
        for name in self.names(stage):
            self.run(self.statements(name, up=True))
            self.done.append(name)

    def back(self, stage: str) -> None:
        for name in reversed(self.names(stage)):
            assert self.done.pop() == name
            self.run(self.statements(name, up=False))

    def run(self, statements: list[str]) -> None:
        """Each as one string, outside of a transaction."""
        with self.world.database.connect() as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def names(self, stage: str) -> list[str]:
        """The files of a stage that are applied."""
        return sorted((path.name for path in self.folder.glob(f"*_{stage}_*.sql")), key=_number)

    def statements(self, name: str, *, up: bool) -> list[str]:
        """What of a file is sent, string by string."""
        raise NotImplementedError


def _number(name: str) -> int:
    found = re.search(r"\d+", name)
    assert found
    return int(found[0])


class Goose(ByTheBook):
    """A file with NO TRANSACTION, and statements between StatementBegin and StatementEnd."""

    def statements(self, name: str, *, up: bool) -> list[str]:
        text = (self.folder / name).read_text()
        assert text.startswith("-- +goose NO TRANSACTION\n")
        forwards, back = re.split(r"^-- \+goose Down$", text, flags=re.M)
        assert forwards.count("-- +goose Up\n") == 1
        section = (forwards if up else back).split("-- +goose Up\n")[-1]
        found = re.findall(r"^-- \+goose StatementBegin\n(.*?)^-- \+goose StatementEnd$", section, re.M | re.S)
        rest = re.sub(r"^-- \+goose StatementBegin\n.*?^-- \+goose StatementEnd$", "", section, flags=re.M | re.S)
        assert all(not line or line.startswith("--") for line in rest.splitlines())
        return found


class GolangMigrate(ByTheBook):
    """A file is one string."""

    def names(self, stage: str) -> list[str]:
        return sorted(path.name for path in self.folder.glob(f"*_{stage}_*.up.sql"))

    def statements(self, name: str, *, up: bool) -> list[str]:
        path = self.folder / (name if up else name.replace(".up.", ".down."))
        assert re.fullmatch(r"([0-9]+)_(.*)\.(down|up)\.(.*)", path.name)
        return [path.read_text()]


class Flyway(ByTheBook):
    """Statements of a file one by one; the .conf beside it says that there is no transaction."""

    def names(self, stage: str) -> list[str]:
        return sorted((path.name for path in self.folder.glob(f"V*__{stage}_*.sql")), key=_number)

    def statements(self, name: str, *, up: bool) -> list[str]:
        path = self.folder / (name if up else f"U{name[1:]}")
        assert (self.folder / f"{path.name}.conf").read_text() == "executeInTransaction=false\n"
        return [piece.sql for piece in split(path.read_text())]


@pytest.mark.parametrize(
    ("to", "reader", "first", "next_number"),
    [
        ("goose", Goose, {"00007_first.sql": "-- +goose Up\nSELECT 1;\n"}, "00008"),
        ("golang-migrate", GolangMigrate, {"000041_first.up.sql": "SELECT 1;", "000041_first.down.sql": ""}, "000042"),
        ("flyway", Flyway, {"V3.1__first.sql": "SELECT 1;"}, "V4"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_it_goes_all_the_way(
    world: World, tmp_path: Path, to: str, reader: type[ByTheBook], first: dict[str, str], next_number: str
) -> None:
    for name, text in first.items():
        (tmp_path / name).write_text(text)
    generate("--to", to, "--out", str(tmp_path), cwd=tmp_path)
    runner = reader(world=world, folder=tmp_path)
    assert runner.names("expand")[0].startswith(f"{next_number}_")
    go(world, runner)


def test_what_golang_migrate_sends_as_one_string_is_one_statement(world: World, tmp_path: Path) -> None:
    generate("--to", "golang-migrate", "--out", str(tmp_path), cwd=tmp_path)
    files = sorted(tmp_path.glob("*.sql"))
    assert len(files) == 18
    assert [len(split(path.read_text())) for path in files] == [1] * 18
    two = "SELECT 1; CREATE INDEX CONCURRENTLY i ON customers (name);"
    with world.database.connect() as connection, pytest.raises(psycopg.errors.ActiveSqlTransaction):
        connection.execute(two)
