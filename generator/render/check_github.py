"""A check as workflow commands of GitHub Actions: annotations on the lines that cause them.

The form is that of https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions.
"""

from generator.model.check import Check, Finding, Severity
from generator.render.check_words import at, told, verdict

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render_check_github(check: Check) -> str:
    """A line for each finding that was not set aside, and one with the verdict."""
    shown = [each for each in check.findings if not each.allowed]
    return "".join(f"{_line(each)}\n" for each in shown) + f"{_data(check.subject)}: {verdict(check)}\n"


def _line(finding: Finding) -> str:
    where = finding.where
    given = {"title": f"gen-migration: {finding.code}"}
    if where.file:
        given = {"file": where.file, "line": str(max(where.line, 1)), **given}
        if where.end_line > where.line:
            given["endLine"] = str(where.end_line)
    properties = ",".join(f"{name}={_property(value)}" for name, value in given.items())
    about = f"{at(where)}: " if not where.file and where.object else ""
    return f"::{_COMMANDS[finding.severity]} {properties}::{_data(about + told(finding))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
