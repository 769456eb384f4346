"""A check as JUnit XML, which most servers for continuous integration show as tests: one for each finding."""

import re
from xml.etree import ElementTree

from generator.model.check import Check, Finding, Severity
from generator.render.check_words import at, heading, told

_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def render_check_junit(check: Check) -> str:
    """The text of the file. Errors are failures, what was set aside is skipped, all else passes."""
    failures = sum(each.fails for each in check.findings)
    skipped = sum(bool(each.allowed) for each in check.findings)
    cases = len(check.findings) + len(check.passed)
    suites = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(
        suites,
        "testsuite",
        name="gen-migration",
        tests=str(cases),
        failures=str(failures),
        errors="0",
        skipped=str(skipped),
    )
    for passed in check.passed:
        ElementTree.SubElement(suite, "testcase", classname=_text(check.subject), name=_text(passed))
    for finding in check.findings:
        _case(suite, finding)
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _case(suite: ElementTree.Element, finding: Finding) -> None:
    where = f"{at(finding.where)}: " if at(finding.where) else ""
    name = _text(heading(f"{where}{finding.message}"))
    case = ElementTree.SubElement(suite, "testcase", classname=finding.code, name=name)
    if finding.where.file:
        case.set("file", finding.where.file)
        case.set("line", str(finding.where.line))
    if finding.allowed:
        ElementTree.SubElement(case, "skipped", message=_text(finding.allowed))
    elif finding.severity is Severity.ERROR:
        failure = ElementTree.SubElement(case, "failure", message=_text(finding.message), type=finding.code)
        failure.text = _text(told(finding))
    else:
        said = ElementTree.SubElement(case, "system-out")
        said.text = _text(f"{finding.severity}: {told(finding)}")


def _text(text: str) -> str:
    return _NOT_XML.sub("�", text)
