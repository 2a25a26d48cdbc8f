"""JUnit's XML, which nearly every CI shows: a suite for each rule, a test for each object that it judged.

There is no standard; these are the elements and attributes that Jenkins, GitLab and Azure DevOps read
(https://github.com/testmoapp/junitxml, read 2026-11).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape

from astrovet.judging.verdict import Report, Verdict, VerdictKind
from astrovet.reports.escape import visible
from astrovet.reports.findings.display import Display
from astrovet.reports.findings.selection import for_machines
from astrovet.reports.findings.summary import accepted, conclusion, instances, remarks


def render(report: Report, display: Display) -> str:
    """What fails, fails; what is undecided or accepted is skipped, with the reason; what passes is there too."""
    suites: dict[str, list[Verdict]] = {}
    for verdict in report.verdicts:
        if verdict.kind is VerdictKind.PASS or for_machines(verdict, display):
            suites.setdefault(f"{verdict.rule} {verdict.name}", []).append(verdict)
    said = (*remarks(report, display), conclusion(report, display))
    lines = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        _element("testsuites", name="astrovet", **_numbers([one for suite in suites.values() for one in suite])),
        *(line for name, verdicts in sorted(suites.items()) for line in _suite(name, verdicts)),
        _element("testsuite", name="astrovet", **_numbers([])),
        f"<system-out>{'&#10;'.join(map(_text, said))}</system-out>",
        "</testsuite>",
        "</testsuites>",
    )
    return "".join(f"{line}\n" for line in lines)


def _numbers(verdicts: list[Verdict]) -> dict[str, str]:
    fails = sum(verdict.kind is VerdictKind.FAIL for verdict in verdicts)
    passes = sum(verdict.kind is VerdictKind.PASS for verdict in verdicts)
    skipped = len(verdicts) - fails - passes
    return {"tests": str(len(verdicts)), "failures": str(fails), "errors": "0", "skipped": str(skipped)}


def _suite(name: str, verdicts: list[Verdict]) -> Iterator[str]:
    yield _element("testsuite", name=name, **_numbers(verdicts))
    times: Counter[str] = Counter()
    for verdict in verdicts:
        about = " ".join(filter(None, (verdict.subject or verdict.place.path, verdict.place.pointer)))
        times[about] += 1
        yield from _case(verdict, f"{about} ({times[about]})" if times[about] > 1 else about)
    yield "</testsuite>"


def _case(verdict: Verdict, name: str) -> Iterator[str]:
    """A test is told by its name in two runs: no line of a file stands in it, and no two have the same."""
    place = verdict.place
    line = {"line": str(place.line)} if place.has_lines else {}
    yield _element("testcase", classname=f"astrovet.{verdict.rule}", name=name, file=place.path, **line)
    message = f"{verdict.text or verdict.subject}{instances(verdict)}"
    match verdict.kind:
        case VerdictKind.FAIL:
            details = (message, f"why: {verdict.why}", *f"fix: {verdict.remedy}".split("\n"))
            head = _element("failure", type=verdict.severity, message=message)
            yield f"{head}{'&#10;'.join(map(_text, details))}</failure>"
        case VerdictKind.UNKNOWN:
            yield f"{_element('skipped', message=f'undecided: {message}')}</skipped>"
        case VerdictKind.WAIVED:
            why = accepted(verdict.waiver) if verdict.waiver is not None else ""
            yield f"{_element('skipped', message=f'waived: {message}; {why}')}</skipped>"
        case VerdictKind.BASELINE:
            yield f"{_element('skipped', message=f'in the baseline: {message}')}</skipped>"
        case VerdictKind.NOT_APPLICABLE:
            yield f"{_element('skipped', message=f'not applicable: {message}')}</skipped>"
        case VerdictKind.PASS:
            pass
    yield "</testcase>"


def _element(tag: str, /, **attributes: str) -> str:
    given = "".join(f' {key}="{_text(value)}"' for key, value in attributes.items())
    return f"<{tag}{given}>"


def _text(text: str) -> str:
    """XML knows neither control characters nor half a surrogate pair: `visible` writes them as escapes."""
    return escape(visible(text))
