"""Loading models: files, modules and packages, and everything that can be wrong with them."""

import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator.errors import BadInput
from generator.load import start
from generator.model.answers import Backfill, Conversion, Unmatched
from generator.model.declared import Declared
from tests.load.conftest import Write

USERS = """
from sqlalchemy import Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
"""


def _tables(declared: Declared) -> set[str]:
    return {unit.name.removeprefix("table ") for unit in declared.units if unit.name.startswith("table ")}


def _error(source: str) -> BadInput:
    with pytest.raises(BadInput) as raised:
        start(source).result()
    assert "Traceback" not in raised.value.message
    return raised.value


def test_a_file_is_loaded(write: Write) -> None:
    write("models.py", USERS)
    declared = start("models.py").result()
    assert _tables(declared) == {"users"}
    assert (declared.source, declared.major, declared.models) == ("models.py", None, True)
    assert declared.units[0].origin == "models.py:8"


def test_a_file_may_have_any_name(write: Write) -> None:
    for name in ("my-models.v2.py", "types.py", "enum.py", "sqlalchemy.py", "json.py", "generator.py"):
        write(f"{name.partition('.')[0]}/{name}", USERS)
        assert _tables(start(f"{name.partition('.')[0]}/{name}").result()) == {"users"}


def test_both_sides_may_have_modules_of_the_same_name(write: Write) -> None:
    for side in ("old", "new"):
        write(f"{side}/shared.py", f"NAME = 'users_{side}'")
        write(f"{side}/models.py", "from shared import NAME\n" + USERS.replace('"users"', "NAME"))
    old, new = start("old/models.py"), start("new/models.py")
    assert (_tables(old.result()), _tables(new.result())) == ({"users_old"}, {"users_new"})


def test_a_module_is_found_in_the_current_folder_or_in_src(write: Write) -> None:
    write("shop/__init__.py", "")
    write("shop/models.py", USERS)
    write("src/other/__init__.py", "")
    write("src/other/models.py", USERS.replace("users", "others"))
    assert _tables(start("shop.models").result()) == {"users"}
    assert _tables(start("other.models").result()) == {"others"}


def test_a_package_called_like_ours_is_the_users_own(write: Write) -> None:
    write("generator/__init__.py", "")
    write("generator/names.py", "NAME = 'users'")
    write("generator/models.py", "from generator.names import NAME\n" + USERS.replace('"users"', "NAME"))
    assert _tables(start("generator.models").result()) == {"users"}
    assert _tables(start("generator/models.py").result()) == {"users"}


def test_a_file_in_a_package_may_import_relatively(write: Write) -> None:
    write("app/__init__.py", "")
    write("app/db/__init__.py", "")
    write("app/db/base.py", USERS.partition("class User")[0])
    write(
        "app/db/models.py",
        "from sqlalchemy.orm import *\nfrom .base import Base\n" + "class User" + USERS.partition("class User")[2],
    )
    assert _tables(start("app/db/models.py").result()) == {"users"}


def _package(write: Write) -> None:
    write("shop/__init__.py", "")
    write("shop/base.py", USERS.partition("class User")[0])
    for name in ("users", "orders"):
        write(
            f"shop/models/{name}.py",
            f"""
            from sqlalchemy.orm import Mapped, mapped_column
            from shop.base import Base
            class Model(Base):
                __tablename__ = "{name}"
                id: Mapped[int] = mapped_column(primary_key=True)
            """,
        )
    write("shop/models/__init__.py", "")
    write("shop/models/deep/__init__.py", "")
    write(
        "shop/models/deep/core.py",
        "import sqlalchemy as s\nm = s.MetaData()\ns.Table('deep', m, s.Column('id', s.Integer))",
    )
    write("shop/models/__main__.py", "raise AssertionError('a program is not run')")


@pytest.mark.parametrize("source", ["shop.models", "shop/models", "shop/models/__init__.py", "shop"])
def test_models_may_be_spread_over_a_package(write: Write, source: str) -> None:
    _package(write)
    assert _tables(start(source).result()) == {"users", "orders", "deep"}


@pytest.mark.parametrize(
    ("source", "tables"),
    [
        ("shop.models:users.Model", {"users"}),
        ("shop/models:users.Model", {"users"}),
        ("shop.models.users:Base", {"users"}),
        ("shop:base.Base", {"users", "orders"}),
    ],
)
def test_an_attribute_of_a_package_can_be_named(write: Write, source: str, tables: set[str]) -> None:
    _package(write)
    assert _tables(start(source).result()) == tables


def test_a_base_whose_models_are_elsewhere_is_told(write: Write) -> None:
    _package(write)
    error = _error("shop.base:Base")
    assert "Base knows no table" in error.message
    assert "declares the models" in error.way_out


def test_a_broken_module_of_a_package_is_named(write: Write) -> None:
    _package(write)
    write("shop/models/broken.py", "import sqlalchemy\n\nraise ValueError('not like this')")
    error = _error("shop.models")
    assert "shop/models/broken.py:3: ValueError: not like this" in error.message


def test_several_bases_and_metadatas_are_collected(write: Write) -> None:
    write(
        "models.py",
        USERS
        + """
class Other(DeclarativeBase):
    pass
class Order(Other):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
from sqlalchemy import *
core = MetaData()
lone = Table("lone", MetaData(), Column("id", Integer))
Table("core", core, Column("id", Integer))
from sqlalchemy.orm import registry
mapping = registry()
Table("mapped", mapping.metadata, Column("id", Integer))
""",
    )
    assert _tables(start("models.py").result()) == {"users", "orders", "core", "lone", "mapped"}


def test_tables_of_imported_neighbours_are_collected(write: Write) -> None:
    write(
        "tables.py", "import sqlalchemy as s\n_all = s.MetaData()\nm = _all\ns.Table('t', m, s.Column('id', s.Integer))"
    )
    write("models.py", "import tables\n" + USERS)
    assert _tables(start("models.py").result()) == {"users", "t"}


@pytest.mark.parametrize(
    ("attribute", "tables"),
    [
        ("core", {"a", "b"}), ("a", {"a"}), ("b", {"a", "b"}), ("User", {"users"}), ("Base", {"users"}),
        ("some", {"a", "users"}), ("make", {"a", "b"}), ("Holder.inner", {"a"}), ("proxy", {"a", "b"}),
    ],
)  # fmt: skip
def test_an_attribute_may_be_many_things(write: Write, attribute: str, tables: set[str]) -> None:
    write(
        "models.py",
        USERS
        + """
from sqlalchemy import *
core = MetaData()
a = Table("a", core, Column("id", Integer, primary_key=True))
b = Table("b", core, Column("id", ForeignKey("a.id")))
some = [a, User]
def make():
    return core
class Holder:
    inner = a
class Proxy:
    metadata = core
proxy = Proxy()
""",
    )
    assert _tables(start(f"models.py:{attribute}").result()) == tables


def test_a_wrong_attribute_is_told_with_those_there_are(write: Write) -> None:
    write("models.py", USERS + "\nnumber = 5\nempty = type('Empty', (DeclarativeBase,), {})\n")
    assert "there is no Bass in models" in _error("models.py:Bass").message
    assert "Base" in _error("models.py:Bass").way_out
    assert "number is of type int" in _error("models.py:number").message
    assert "empty knows no table" in _error("models:empty").message


def test_a_module_without_models_says_what_was_found(write: Write) -> None:
    write("models.py", "import os\nanswer = 42\n")
    error = _error("models.py")
    assert "no SQLAlchemy model or table is found in models: it has os, answer" in error.message
    write("models.py", "from sqlalchemy import MetaData\nm = MetaData()\n")
    assert "empty" in _error("models.py").message


def test_proxies_that_raise_are_passed_over(write: Write) -> None:
    write(
        "models.py", "class P:\n    @property\n    def metadata(self):\n        raise RuntimeError\np = P()\n" + USERS
    )
    assert _tables(start("models.py").result()) == {"users"}


def test_what_a_module_prints_is_kept_and_not_printed(write: Write, capfd: pytest.CaptureFixture[str]) -> None:
    write("models.py", "import os, sys\nprint('out')\nprint('err', file=sys.stderr)\nos.system('echo shell')\n" + USERS)
    declared = start("models.py").result()
    assert set(declared.printed.split()) == {"out", "err", "shell"}
    assert capfd.readouterr() == ("", "")


def test_a_module_may_print_more_than_a_pipe_holds(write: Write) -> None:
    write("models.py", "print('x' * 1_000_000)\n" + USERS)
    assert len(start("models.py").result().printed) > 1_000_000


def test_a_module_that_raises_is_told_with_its_own_line(write: Write) -> None:
    write("settings.py", "import json\n\ndef load():\n    return json.loads('{')\n")
    write("models.py", "print('before')\nimport settings\nsettings.load()\n")
    error = _error("models.py")
    assert "settings.py:4: JSONDecodeError: Expecting property name" in error.message
    assert "before" in error.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = (\n", r"models.py:1: SyntaxError: '\(' was never closed"),
        ("\n\nimport nowhere_to_be_found", "models.py:3: ModuleNotFoundError: No module named 'nowhere_to_be_found'"),
        ("\nimport sys\nsys.exit(3)", r"models.py:3: the module ends the program \(sys.exit\)"),
        ("import os\nprint('bye')\nos._exit(0)", r"ended by itself \(exit code 0\).*bye"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "ended by SIGSEGV"),
        ("def f():\n    return f()\nf()", "models.py:2: RecursionError"),
        ("raise BaseException('odd')", "models.py:1: BaseException: odd"),
        ("from . import x", "models.py:1: ImportError"),
        ("class E(Exception):\n    pass\nraise E('a\\nb')", "models.py:3: E: a\nb"),
    ],
)
def test_whatever_a_module_does_is_told_in_a_sentence(write: Write, text: str, said: str) -> None:
    import re

    write("models.py", text)
    message = _error("models.py").message
    assert re.search(said, message, re.DOTALL), message


def test_a_missing_dependency_has_a_way_out(write: Write) -> None:
    write("models.py", "import psycopg9000\n")
    assert "Install psycopg9000" in _error("models.py").way_out


def test_a_missing_module_is_told(write: Write) -> None:
    write("shop/__init__.py", "")
    assert "there is no module shop.models" in _error("shop.models").message
    assert "there is no module nowhere" in _error("nowhere.models").message


def test_the_input_of_the_program_is_left_alone(write: Write) -> None:
    write("models.py", "import sys\nassert sys.stdin.read() == ''\n" + USERS)
    assert _tables(start("models.py").result()) == {"users"}


def test_modules_do_not_see_our_arguments(write: Write) -> None:
    write("models.py", "import sys\nassert len(sys.argv) == 1\n" + USERS)
    assert _tables(start("models.py").result()) == {"users"}


def test_a_hanging_module_is_given_up_with_the_program(write: Write, tmp_path: Path) -> None:
    write("models.py", "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(600)\n")
    program = "from generator.load import start\nstart('models.py').result()\n"
    for how in (signal.SIGINT, signal.SIGKILL):
        process = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL, start_new_session=True)
        child = _await_pid(tmp_path / "pid")
        process.send_signal(how)
        process.wait(timeout=10)
        _await_end(child)
        (tmp_path / "pid").unlink()


def test_a_loading_that_nobody_waits_for_is_ended(write: Write, tmp_path: Path) -> None:
    write("models.py", "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(600)\n")
    loading = start("models.py")
    child = _await_pid(tmp_path / "pid")
    del loading
    gc.collect()
    _await_end(child)


def _await_pid(path: Path) -> int:
    deadline = time.monotonic() + 20
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return int(path.read_text())


def _await_end(pid: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    raise AssertionError("the process is still there")


def test_hints_in_info_become_answers(write: Write) -> None:
    write(
        "models.py",
        """
        from sqlalchemy import ForeignKey, MetaData, Table, Column, Integer, Text
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
        class Base(DeclarativeBase):
            pass
        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
        class Customer(Base):
            __tablename__ = "customers"
            __table_args__ = {"info": {"renamed_from": "clients", "owner": object()}}
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str] = mapped_column(info={"renamed_from": "full_name"})
            kind: Mapped[str] = mapped_column(info={"backfill": "'plain'"})
            size: Mapped[int] = mapped_column(info={"convert": {"using": "size::int", "back": "size::text"}})
            user_id: Mapped[int] = mapped_column(
                ForeignKey("users.id"),
                info={"backfill": {"from": "users", "match": ["email"], "value": "users.id", "unmatched": "leave"}},
            )
        m = MetaData(schema="Billing")
        Table("Odd", m, Column("x", Integer, info={"backfill": "1"}), info={"renamed_from": "plain.things"})
        """,
    )
    hints = start("models.py").result().hints
    assert hints.renames == {
        "clients": "customers",
        "clients.full_name": "customers.name",
        "plain.things": '"Billing"."Odd"',
    }
    assert hints.conversions == {"customers.size": Conversion(using="size::int", back="size::text")}
    assert hints.backfills == {
        "customers.kind": Backfill(value="'plain'"),
        "customers.user_id": Backfill(source="users", match=("email",), value="users.id", unmatched=Unmatched.LEAVE),
        '"Billing"."Odd".x': Backfill(value="1"),
    }
    assert hints.origin["customers.kind"] == "models.py:9"


@pytest.mark.parametrize(
    ("info", "said"),
    [
        ("{'backfill': 5}", "info of t.c: backfill is 5"),
        ("{'renamed_from': ['a']}", r"info of t.c: renamed_from is \['a'\]; it has to be the old name"),
        ("{'backfill': {'value': '1', 'unmatchd': 'stop'}}", "models.py:2.*unmatchd is not known here"),
        ("{'backfill': {'value': object}}", "is no text"),
    ],
)
def test_a_wrong_hint_is_told_with_its_place(write: Write, info: str, said: str) -> None:
    write(
        "models.py",
        f"import sqlalchemy as s\ns.Table('t', m := s.MetaData(), s.Column('c', s.Integer, info={info}))\n",
    )
    with pytest.raises(BadInput, match=said):
        start("models.py").result()


def test_sqlmodel_is_understood_where_it_is_installed(write: Write) -> None:
    pytest.importorskip("sqlmodel")
    write(
        "models.py",
        """
        from sqlmodel import Field, SQLModel
        class Hero(SQLModel, table=True):
            id: int | None = Field(default=None, primary_key=True)
            name: str = Field(index=True)
        """,
    )
    declared = start("models.py").result()
    assert _tables(declared) == {"hero"}
    assert declared.units[0].origin == "models.py:3"


def test_another_python_can_be_named_for_the_models(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("models.py", USERS)
    monkeypatch.setenv("GEN_MIGRATION_PYTHON", sys.executable)
    assert _tables(start("models.py").result()) == {"users"}
    monkeypatch.setenv("GEN_MIGRATION_PYTHON", "no-such-python")
    assert "GEN_MIGRATION_PYTHON" in _error("models.py").way_out
