"""The project's policy: read strictly, each mistake told with file, line and a way out."""

from pathlib import Path

import pytest

from generator.errors import BadInput
from generator.load.policy import read_policy
from generator.model.check import Severity
from generator.model.plan import LockMode
from generator.model.policy import Allowed, Policy

WHOLE = """
old = "schema/main.sql"
new = "shop.models"
answers = "answers.toml"
out = "migration"
to = "dbmate"
pg = 17
prove = false
format = ["github", "sarif=check.sarif"]
migrations = "migrations"
small = ["countries"]
longest = 0.5

[hazards]
data-lost = "error"

[locks]
"*" = "SHARE ROW EXCLUSIVE"
orders = "ACCESS SHARE"

[allow]
lock-kept = "one small table"
"data-lost customers.legacy" = "empty for a year"
"""


def test_everything_that_may_stand_there_is_read(tmp_path: Path) -> None:
    (tmp_path / "gen-migration.toml").write_text(WHOLE)
    assert read_policy(tmp_path) == Policy(
        file=str(tmp_path / "gen-migration.toml"),
        old="schema/main.sql",
        new="shop.models",
        answers="answers.toml",
        out="migration",
        to="dbmate",
        pg=17,
        prove=False,
        format=("github", "sarif=check.sarif"),
        migrations=("migrations",),
        small=frozenset({"countries"}),
        longest=0.5,
        hazards={"data-lost": Severity.ERROR},
        locks={"*": LockMode.SHARE_ROW_EXCLUSIVE, "orders": LockMode.ACCESS_SHARE},
        allow=(
            Allowed(code="lock-kept", object="", reason="one small table"),
            Allowed(code="data-lost", object="customers.legacy", reason="empty for a year"),
        ),
    )


def test_it_may_stand_in_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n\n[tool.gen-migration]\nold = "a.sql"\n')
    assert read_policy(tmp_path).old == "a.sql"
    (tmp_path / "gen-migration.toml").write_text('old = "b.sql"\n')
    assert read_policy(tmp_path).old == "b.sql"


def test_without_one_all_is_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    assert read_policy(tmp_path) == Policy()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('\nodl = "a.sql"\n', 4, "odl is not known; did you mean old?"),
        ("pg = 17\nold = 3\n", 4, "old has to be a text"),
        ("pg = true\n", 3, "pg has to be a number"),
        ("pg = 9\n", 3, "PostgreSQL 14 is the oldest"),
        ('prove = "no"\n', 3, "prove has to be true or false"),
        ('format = "xml"\n', 3, "xml is not known"),
        ('[tool.gen-migration.hazards]\n\ndata-lots = "error"\n', 5, "data-lots is not known; did you mean data-lost?"),
        ('[tool.gen-migration.hazards]\ndata-lost = "fatal"\n', 4, "'fatal' is none of: off, note, warning, error"),
        ('[tool.gen-migration.locks]\norders = "SHARED"\n', 4, "'SHARED' is none of: ACCESS SHARE"),
        ('[tool.gen-migration.allow]\ndata-lost = ""\n', 4, "data-lost is set aside without a reason"),
        ('[tool.gen-migration.allow]\n"lost orders" = "so"\n', 4, "lost is not known"),
        ("hazards = 1\n", 3, "hazards has to be a section"),
        ('to = "rails"\n', 3, "'rails' is none of: psql, alembic"),
        ("pg = = 1\n", 3, "not valid TOML"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(f"\n[tool.gen-migration]\n{text}")
    with pytest.raises(BadInput) as raised:
        read_policy(tmp_path)
    assert said in raised.value.message
    assert raised.value.message.startswith(f"{path}:{line}: ")
    assert raised.value.way_out


def test_a_file_that_is_named_must_be_there_and_have_the_section(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_policy(tmp_path, tmp_path / "nowhere.toml")
    (tmp_path / "pyproject.toml").write_text("")
    with pytest.raises(BadInput, match="no section"):
        read_policy(tmp_path, tmp_path / "pyproject.toml")
