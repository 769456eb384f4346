"""Lays out what became of every case on every version as the page ``docs/kinds-of-change.md``."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "docs" / "kinds-of-change.md"

_GROUPS = {
    "change_kinds": "Kinds of change",
    "dangerous_rows": "Changes over rows that break them",
}

_HEAD = """\
# Every kind of change, on every PostgreSQL

Written by `python -m tests.versions`, which runs every change below through the whole tool, in both directions and
with rows in the tables, on the registries' own builds of {releases}. Do not edit it by hand.
The SQL of each is in `tests/matrix/`, in the file of its group.

| | {heads} |
|---|{rule}|
{counts}

What the cells say:

- **online**: proved, and nothing reads or writes a whole table under a lock that stops the application.
- **window**: proved, and the lock is held while a table is read or written. It is written only where that is accepted.
- **asks**: proved once a question was answered, here with the first suggestion: how rows are filled, what was renamed.
- **loses**: the same, where what is asked is whether something may be lost.
- **stops on its rows**: the case brings rows that break the change. The scripts stop before they harm anything, name
  the rows, and go back.
- **refused**: nothing is written, and the message says why and what to do instead.
- **nothing to do**: PostgreSQL holds both to be the same.
- **not in**: this version does not take the SQL of one side.

Where the versions differ, the cell says so for each.
"""

Results = Mapping[int, Mapping[str, dict[str, Any]]]
"""By major version and then by the case's name, in the order in which they ran."""


def page(releases: Mapping[int, str], results: Results) -> str:
    """The whole page."""
    versions = sorted(releases)
    counts = [_counts(what, versions, results) for what in ("forwards", "backwards")]
    lines = [
        _HEAD.format(
            releases=_joined([releases[version] for version in versions]),
            heads=" | ".join(f"{version}" for version in versions),
            rule="|".join("---:" for _ in versions),
            counts="\n".join(line for block in counts for line in block),
        )
    ]
    newest = results[versions[-1]]
    forwards = [each for name, each in newest.items() if not name.endswith(" back")]
    for group, cases in groupby(forwards, key=lambda each: each["group"]):
        lines += [f"## {_GROUPS.get(group, group.replace('_', ' ').capitalize())}", ""]
        lines += ["| change | forwards | backwards |", "|---|---|---|"]
        for case in cases:
            both = [_cell(name, versions, results) for name in (case["name"], f"{case['name']} back")]
            lines.append(f"| {case['name']} | {both[0]} | {both[1]} |")
        lines.append("")
    return "\n".join(lines)


def _counts(direction: str, versions: Sequence[int], results: Results) -> Iterator[str]:
    """How many of the group that the project was given, the kinds of change, are proved, refused …."""
    back = direction == "backwards"
    for label, verdicts in (
        ("proved", {"PROVED", "ANSWERED", "STOPPED"}),
        ("refused", {"REFUSED", "OPEN"}),
        ("nothing to do", {"NOTHING"}),
        ("not in this version", {"UNKNOWN"}),
        ("wrong", {"WRONG"}),
    ):
        counts = [
            sum(
                each["verdict"] in verdicts
                for name, each in results[version].items()
                if each["group"] == "change_kinds" and name.endswith(" back") is back
            )
            for version in versions
        ]
        yield f"| kinds of change, {direction}: {label} | {' | '.join(map(str, counts))} |"


def _cell(name: str, versions: Sequence[int], results: Results) -> str:
    """What became of one case; once where all versions agree, else for each stretch of versions."""
    said = [(version, _said(results[version][name])) for version in versions]
    stretches = [(text, [version for version, _ in group]) for text, group in groupby(said, key=lambda each: each[1])]
    if len(stretches) == 1:
        only: str = stretches[0][0]
        return only
    return "; ".join(
        f"{found[0]}: {text}" if len(found) == 1 else f"{found[0]}–{found[-1]}: {text}" for text, found in stretches
    )


def _said(result: dict[str, Any]) -> str:
    verdict: str = result["verdict"]
    detail = _escaped(result["detail"])
    if verdict == "UNKNOWN":
        return "not in"
    if verdict == "NOTHING":
        return "nothing to do"
    if verdict in ("REFUSED", "OPEN"):
        return f"**refused**: {detail}"
    if verdict == "WRONG":
        return f"**WRONG**: {detail[:200]}"
    words = [f"**window**: {_escaped(', '.join(result['windows']))}" if result["windows"] else "online"]
    if result["loses"]:
        words.append(f"loses {_escaped(', '.join(result['loses']))}")
    if verdict == "STOPPED":
        words.append("stops on its rows")
    elif verdict == "ANSWERED" and not result["loses"] and not result["windows"]:
        words.append("asks")
    return ", ".join(words)


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _joined(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
