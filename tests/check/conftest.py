from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from generator.check import CheckRequest, CheckResult, check
from generator.load.policy import read_policy
from generator.pipeline import Request
from generator.server import Server, open_server

Checked = Callable[..., CheckResult]

SHOP = """
CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id), note text, total integer);
"""


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with open_server() as opened:
        yield opened


@pytest.fixture
def checked(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checked:
    """Checks files of a scratch folder, named as they are given: ``old.sql``, ``new.sql``, ``migration.sql`` …"""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("generator.server.open_server", lambda **_options: nullcontext(server))

    def run(files: Mapping[str, str], **options: Any) -> CheckResult:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        old = next(name for name in files if name.startswith("old."))
        new = next((name for name in files if name.startswith("new.")), None)
        answers = Path("answers.toml") if "answers.toml" in files else None
        script = Path("migration.sql") if "migration.sql" in files else None
        migrations = (Path("migrations"),) if any(name.startswith("migrations/") for name in files) else ()
        rows = Path("rows.sql") if "rows.sql" in files else None
        prove = options.pop("prove", False)
        return check(
            CheckRequest(
                request=Request(old=old, new=new or old, answers=answers, rows=rows, prove=prove),
                policy=read_policy(Path()),
                script=script,
                new_known=new is not None,
                **{"migrations": migrations, **options},
            )
        )

    return run


def codes(result: CheckResult) -> list[str]:
    """The codes of what was found, each once, without the ones that every run without a proof has."""
    found = dict.fromkeys(each.code for each in result.check.findings)
    return [code for code in found if code not in ("not-proved", "no-way-back")]
