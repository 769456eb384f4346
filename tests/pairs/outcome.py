"""A pair through the whole program, every question answered, and how it ended."""

import json
import re
import tempfile
import traceback
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from unittest.mock import patch

from generator.dialects.postgres.catalog import read_schema
from generator.dialects.postgres.create import create_schema
from generator.errors import BadInput
from generator.load import add_answers, read_answers
from generator.model.answers import Answers, Question, QuestionKind, key_of
from generator.model.proof import Finding
from generator.model.schema import QName, Schema
from generator.pipeline import Outcome, Request, run
from generator.plan.planner import UNORDERED
from generator.server import Server
from tests.pairs.around import Around, sql_of_arounds
from tests.pairs.kinds import KINDS
from tests.pairs.markers import written
from tests.pairs.mutations import Pair


class End(StrEnum):
    """How a pair ended. Only BUG is bad."""

    NOTHING = "nothing to do"
    REFUSED = "refused, with a reason"
    PROVED = "proved"
    ASKED = "asked what has no answer: other values for each row, of a type that has too few"
    NO_PAIR = "no pair: PostgreSQL does not take one of the schemas"
    BUG = "BUG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """``detail`` says why; ``sort`` is the same for things of a sort: the check and the error, without names."""

    end: End
    detail: str = ""
    sort: str = ""


class NoAnswer(Exception):
    """A column is to be filled in a way that only a person knows."""


@dataclass(slots=True, kw_only=True)
class Asker:
    """Answers each question once: renames as ``renames`` says, otherwise the first suggestion that is an answer.

    ``types`` are those of the columns for which a value may be made up: not of one that refers to another row.
    """

    folder: Path
    renames: bool
    types: Mapping[str, str] = field(default_factory=dict)
    asked: dict[tuple[QuestionKind, str], int] = field(default_factory=dict)
    unanswered: list[Question] = field(default_factory=list)

    def __call__(self, questions: tuple[Question, ...]) -> Answers | None:
        """The answers so far, or None where there is none for a question."""
        lines = []
        for question in questions:
            times = self.asked.get((question.kind, question.key), 0)
            self.asked[question.kind, question.key] = times + 1
            answers = [each.lines for each in question.suggestions if each.lines.strip()]
            if question.kind is QuestionKind.BACKFILL:
                answers += self._made_up(question.key)
            if not answers and question.kind is QuestionKind.BACKFILL:
                raise NoAnswer(question.text)
            if not answers or times > 3:
                self.unanswered.append(question)
                return None
            is_rename = question.kind is QuestionKind.RENAME
            lines.append(answers[-1] if is_rename and not self.renames else answers[0])
        path = self.folder / "answers.toml"
        add_answers(path, lines)
        return read_answers(path)

    def has_too_few(self, question: Question) -> bool:
        """Whether it asks for the values of a column whose type cannot give each row another one."""
        kind = KINDS.get(self.types.get(question.key, ""))
        return question.kind is QuestionKind.BACKFILL and kind is not None and not kind.example

    def _made_up(self, key: str) -> list[str]:
        """What a person would write where nothing is suggested: other values for a column that is unique alone."""
        type_ = self.types.get(key, "")
        value = f"nextval('{DRAWN}')::{type_}" if type_ in NUMBERS else KINDS[type_].example if type_ in KINDS else ""
        return [f"[backfill.{json.dumps(key, ensure_ascii=False)}]\nvalue = {json.dumps(value)}"] if value else []


DRAWN = "public.drawn"
"""A sequence of every pair, for what has to be unique: a random number comes twice now and then."""

NUMBERS = ("smallint", "integer", "bigint", "numeric", "real", "double precision", "numeric(10,2)")


def sql_of(schema: Schema, around: tuple[Around, ...]) -> str:
    """The DDL of a marked schema, and of what there is around it."""
    plain = written(schema)
    drawn = f"CREATE SEQUENCE {DRAWN} START 1000"
    return ";\n".join((*create_schema(plain), drawn, *sql_of_arounds(around, plain), ""))


def end_of(pair: Pair, server: Server) -> Result:
    """Run it; what was made on the server is dropped again."""
    types = _types(pair.new)
    old, new = sql_of(pair.old, pair.old_around), sql_of(pair.new, pair.new_around)
    return end_of_sql(old, new, renames=pair.renames, server=server, types=types)


def same_names(pair: Pair) -> bool:
    """Whether both sides have the same tables, columns, constraints and indexes, by name."""
    return _names(pair.old) == _names(pair.new) and pair.old_around == pair.new_around


def _names(schema: Schema) -> set[tuple[QName, str]]:
    names = {each.name for each in schema.tables} | {each.name for each in schema.enums}
    names |= {each.name for each in schema.sequences}
    hung = {
        (table.name, each.name)
        for table in schema.tables
        for each in (*table.columns, *table.constraints, *table.indexes)
    }
    return hung | {(name, "") for name in names}


def end_of_sql(old: str, new: str, *, renames: bool, server: Server, types: Mapping[str, str] | None = None) -> Result:
    """The same for two files of DDL; ``types`` are as an Asker wants them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "old.sql").write_text(old, encoding="utf-8")
        (folder / "new.sql").write_text(new, encoding="utf-8")
        asker = Asker(folder=folder, renames=renames, types=_types(_read(new, server)) if types is None else types)
        try:
            with patch("generator.server.open_server", lambda **_options: nullcontext(server)):
                request = Request(old=str(folder / "old.sql"), new=str(folder / "new.sql"))
                return _judged(run(request, ask=asker), asker)
        except NoAnswer as error:
            return Result(end=End.REFUSED, detail=str(error), sort="no answer is known here")
        except BadInput as error:
            if "old.sql" in error.message or "new.sql" in error.message:
                return Result(end=End.NO_PAIR, detail=error.message, sort=_sort("", error.message.split(": ", 1)[-1]))
            return Result(end=End.BUG, detail=traceback.format_exc(), sort=f"BadInput {error.message[:60]}")
        except Exception as error:
            return Result(end=End.BUG, detail=traceback.format_exc(), sort=_sort(type(error).__name__, str(error)))
        finally:
            server.drop_all()


def _read(ddl: str, server: Server) -> Schema:
    database = server.create_database()
    with database.connect(superuser=server.embedded) as connection:
        connection.execute(ddl.encode())
        return read_schema(connection)


def _types(schema: Schema) -> Mapping[str, str]:
    """The types of all columns that refer to no other row."""
    return {
        key_of(table.name, column.name): column.type
        for table in schema.tables
        for column in table.columns
        if all(column.name not in key.columns for key in table.foreign_keys)
    }


def _judged(outcome: Outcome, asker: Asker) -> Result:
    if outcome.refusals:
        first = outcome.refusals[0]
        assert all((first.what, first.because, first.way_out))
        if UNORDERED in (each.because for each in outcome.refusals):
            return Result(end=End.BUG, detail=first.what, sort=UNORDERED)
        return Result(end=End.REFUSED, detail=f"{first.what} {first.because}", sort=first.because)
    if outcome.questions:
        open_ = asker.unanswered
        said = "; ".join(f"{each.kind} {each.key}: {each.text} {each.because}" for each in open_)
        end = End.ASKED if open_ and all(asker.has_too_few(each) for each in open_) else End.BUG
        return Result(end=end, detail=f"no answer: {said}", sort=f"no answer: {outcome.questions[0].because}")
    if outcome.plan is None:
        return Result(end=End.NOTHING, detail="; ".join(outcome.notes))
    assert outcome.proof is not None
    if outcome.proof.holds:
        return Result(end=End.PROVED, detail="; ".join(outcome.proof.notes))
    findings = outcome.proof.findings
    said = "\n".join(
        f"{each.check}, {each.where}\n  {_short(each.statement)}"
        f"\n  expected {each.expected}\n  seen {_short(each.seen)}"
        for each in findings[:4]
    )
    # The findings come in any order, since the parts of the proof run side by side.
    return Result(end=End.BUG, detail=said, sort=min(_sort(each.check, _seen(each)) for each in findings))


def _short(text: str) -> str:
    return text if len(text) < 400 else f"{text[:200]} … {text[-150:]}"


def _seen(finding: Finding) -> str:
    if "ERROR:" in finding.seen:
        return finding.seen.split("ERROR:", 1)[1]
    if ", " in finding.where and ": table" in finding.where:
        return finding.where.split(": table", 1)[1].rsplit(", ", 1)[-1].split(" ")[0]
    return finding.seen


def _sort(kind: str, text: str) -> str:
    plain = re.sub(r'"[^"]*"|\d+|: .*', "", text.strip().splitlines()[0] if text.strip() else "")
    return f"{kind}: {plain.strip()[:80]}"
