"""Evidence as one page that needs nothing else: no network, no other file, and no script but for the filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from astrovet.judging.verdict import Verdict
from astrovet.place import Place
from astrovet.reports.escape import visible
from astrovet.reports.evidence.gathering import (
    Attested,
    Check,
    Evidence,
    Finding,
    OpenQuestion,
    Part,
    Row,
    Source,
    Standing,
)
from astrovet.reports.evidence.page import SCRIPT, STYLE
from astrovet.reports.evidence.words import (
    DISCLAIMER,
    MEANINGS,
    NONE_DECLARED,
    SIGNS,
    Alike,
    alike,
    headline,
    joined,
    label,
    model,
    named,
    numbers,
    passed,
    short,
    silent,
    spans,
    title,
)
from astrovet.reports.findings.summary import accepted, count
from astrovet.requirements.responsibilities import Party

OPEN = 12
"""Subjects of one finding that are shown at once; more are behind a fold."""

TALL = 25
"""Rows above which the overview scrolls inside of its frame, its head in sight."""

DRAWING = 1_000_000
"""Characters of a picture; what is larger nobody can follow."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
"""Whatever a name from a scanned file may say, the page loads nothing and sends nothing."""

Lines = Iterator[str]


def render(evidence: Evidence, drawing: str = "") -> str:
    """The page; `drawing` is a picture as SVG that is harmless to embed, empty for none."""
    return "\n".join(_page(evidence, drawing)) + "\n"


def _page(evidence: Evidence, drawing: str) -> Lines:
    origin = evidence.origin
    yield "<!doctype html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Evidence: {evidence.standing}, {_text(origin.today)}</title>"
    yield f"<style>{STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield '<a class="skip" href="#main">To the evidence</a>'
    yield "<header>"
    yield f"<h1>{_sign(evidence.standing)} Evidence: {evidence.standing}</h1>"
    yield f"<p>{_text(headline(evidence))}</p>"
    said = f"As of {origin.today}, by astrovet {origin.version}. {DISCLAIMER}"
    yield f'<p class="soft">{_text(said)}</p>'
    yield "</header>"
    chapters = [
        ("overview", "Overview", list(_overview(evidence))),
        ("picture", "Picture", list(_picture(drawing))),
        *((_anchor(part.requirement), title(part.requirement), list(_part(part))) for part in evidence.parts),
        ("attestations", "Attestations", list(_attestations(evidence.attestations))),
        ("responsibilities", "Responsibilities", list(_responsibilities(evidence))),
        ("waivers", "Waivers", list(_waivers(evidence.waived))),
        ("questions", "Not decided", list(_questions(evidence.questions))),
        ("inputs", "Inputs", list(_inputs(evidence))),
    ]
    filled = [each for each in chapters if each[2]]
    yield '<nav aria-label="Chapters"><ul>'
    yield from (f'<li><a href="#{anchor}">{_text(heading)}</a></li>' for anchor, heading, _ in filled)
    yield "</ul></nav>"
    yield '<main id="main">'
    for anchor, heading, lines in filled:
        yield f'<section aria-labelledby="{anchor}">'
        yield f'<h2 id="{anchor}" tabindex="-1">{_text(heading)}</h2>'
        yield from lines
        yield "</section>"
    yield "</main>"
    yield f"<footer><p>{_text(f'astrovet {origin.version}, as of {origin.today}')}</p></footer>"
    yield f"<script>{SCRIPT}</script>"
    yield "</body>"
    yield "</html>"


def _overview(evidence: Evidence) -> Lines:
    if not evidence.requirements:
        yield f"<p>{_text(NONE_DECLARED)}</p>"
    yield '<form id="filter" hidden role="search" aria-label="Filter">'
    yield '<div><label for="filter-text">Find</label><input id="filter-text" type="search" autocomplete="off"></div>'
    yield '<div><label for="filter-standing">Show</label><select id="filter-standing"><option value="">all</option>'
    yield from (f'<option value="{_class(each)}">{each}</option>' for each in Standing)
    yield '</select></div><div><button type="reset">Show all</button></div></form>'
    yield '<p id="filter-told" role="status" class="soft"></p>'
    heads = [f'<a href="#{_anchor(name)}">{_text(name)}</a>' for name in evidence.requirements]
    tall = " tall" if len(evidence.rows) > TALL else ""
    yield f'<div class="scroll{tall}" tabindex="0" role="region" aria-label="Deployments by requirements">'
    yield '<table id="matrix"><caption>The worst first. A dash: the requirement is not declared there.</caption>'
    yield f"<thead><tr>{_heads(('deployment', *heads, 'worst'))}</tr></thead>"
    yield "<tbody>"
    yield from (_row(row, evidence.requirements) for row in evidence.rows)
    yield "</tbody></table></div>"
    yield "<details><summary>What the signs mean</summary><dl>"
    yield from (f"<dt>{_sign(each)} {each}</dt><dd>{MEANINGS[each]}</dd>" for each in Standing)
    yield "</dl></details>"


def _row(row: Row, requirements: Sequence[str]) -> str:
    cells = {cell.requirement: cell for cell in row.cells}
    standings = dict.fromkeys((_class(row.standing), *(_class(cell.standing) for cell in row.cells)))
    under = [model(row)] + ([row.id] if label(row) != row.id else [])
    below = "".join(f'<span class="soft">{_text(each)}</span>' for each in under)
    columns = []
    for name in requirements:
        if (cell := cells.get(name)) is None:
            columns.append('<td class="soft">–</td>')
            continue
        why = f' <span class="soft">{_text("whether it holds here is unknown")}</span>' if cell.why else ""
        link = f'<a href="#{_anchor(name)}">{_text(short(cell))}</a>'
        columns.append(f'<td class="{_class(cell.standing)}">{link}{why}</td>')
    worst = f'<td class="fails">{row.worst}</td>' if row.worst is not None else '<td class="soft">–</td>'
    head = f'<th scope="row">{_text(label(row))}{below}</th>'
    return f'<tr data-standing="{" ".join(standings)}">{head}{"".join(columns)}{worst}</tr>'


def _picture(drawing: str) -> Lines:
    if len(drawing) > DRAWING:
        yield "<p>The picture is too large to be of use here; <code>astrovet model</code> has it.</p>"
    elif drawing:
        yield '<figure class="scroll tall" tabindex="0" role="region" aria-label="The picture of the architecture">'
        yield f"{drawing}</figure>"


def _part(part: Part) -> Lines:
    yield f"<p>{_sign(part.standing)} {_text(numbers(part.count))}</p>"
    yield from (line for check in part.checks for line in _check(check, part.requirement))
    if part.silent:
        yield f'<p class="soft">{_text(silent(part))}</p>'


def _check(check: Check, requirement: str) -> Lines:
    anchor = f"{_anchor(requirement)}-{_text(check.rule)}"
    worst = f", {check.worst}" if check.worst is not None else ""
    yield f'<details class="check" id="{anchor}"{" open" if check.standing is Standing.FAILS else ""}>'
    yield (
        f"<summary><h3>{_sign(check.standing)} {_text(check.rule)} {_text(check.law)}</h3>"
        f' <span class="soft">{_text(numbers(check.count) + worst)}</span></summary>'
    )
    groups = list(alike(check))
    if groups:
        yield '<ul class="findings">'
        yield from (line for each in groups for line in _alike(each))
        yield "</ul>"
    kept = passed(check)
    if kept:
        yield f'<details class="kept" data-standing="passes"><summary>{count(len(kept), "pass", "passes")}</summary>'
        yield from _subjects(kept)
        yield "</details>"
    yield "<dl>"
    if check.supports:
        yield f"<dt>A pass supports</dt><dd>{_text('; '.join(check.supports))}</dd>"
    if check.sources:
        yield f"<dt>Sources</dt><dd>{'<br>'.join(map(_source, check.sources))}</dd>"
    yield "</dl></details>"


def _alike(each: Alike) -> Lines:
    verdict = each.first
    severity = f", {verdict.severity}" if each.standing in {"fails", "waived"} else ""
    yield f'<li data-standing="{each.standing}">'
    yield f'<p><span class="tag {each.standing}">{each.standing}{severity}</span> {_text(verdict.text)}</p>'
    if verdict.waiver is not None:
        yield f"<p>Accepted: {_text(accepted(verdict.waiver))}</p>"
    elif verdict.remedy:
        yield f"<p>To do: {_text(verdict.remedy)}</p>"
    if len(each.findings) > OPEN:
        yield f"<details><summary>{len(each.findings)} places</summary>"
        yield from _subjects(each.findings)
        yield "</details>"
    else:
        yield from _subjects(each.findings)
    yield "</li>"


def _subjects(findings: Iterable[Finding]) -> Lines:
    yield '<ul class="subjects">'
    yield from (f"<li>{_subject(each.verdict)}</li>" for each in findings)
    yield "</ul>"


def _subject(verdict: Verdict) -> str:
    related = [f"{note.message} ({note.place})" for note in verdict.related]
    if len(verdict.instances) > 1:
        related.insert(0, joined(verdict.instances))  # all of them: the filter finds each by its name
    more = "".join(f'<br><span class="soft">{_text(each)}</span>' for each in related)
    return f'{_code(named(verdict))} <span class="soft">at</span> {_place(verdict.place)}{more}'


def _source(source: Source) -> str:
    shown = _text(source.tag)
    if source.address.startswith("https://"):
        shown = f'<a href="{escape(source.address)}" rel="noreferrer">{shown}</a>'
    return f"{shown} {_text(source.what)}" if source.what else shown


def _attestations(attested: Sequence[Attested]) -> Lines:
    if not attested:
        return
    yield "<p>What no file can show, and people answer for.</p>"
    heads = ("what", "standing", "for the sake of", "for", "who acts", "owner", "signed", "until", "evidence", "where")
    rows = (
        (
            _text(each.what),
            f'<span class="tag {"passes" if each.standing == "valid" else "fails"}">{each.standing}</span>',
            _text(joined(each.asked_by)),
            _few(each.needed_for),
            _text(joined(each.parties)),
            _text(each.owner or "–"),
            _text(each.signed or "–"),
            _text(each.until or "–"),
            _text(each.evidence or "–"),
            _place(each.place) if each.place is not None else "–",
        )
        for each in attested
    )
    yield from _table("Attestations", heads, rows)


def _few(names: Sequence[str]) -> str:
    """Some names; many are counted."""
    return _text(joined(names)) if len(names) <= OPEN else f"{len(names)} deployments"


def _responsibilities(evidence: Evidence) -> Lines:
    yield "<p>Who answers for what in the deployment models that are there, as the source documents say.</p>"
    yield '<div class="parties">'
    for party in Party:
        duties = [each for each in evidence.duties if each.party is party]
        if duties:
            yield f"<div><h3>{_text(party[:1].upper() + party[1:])}</h3><ul>"
            for each in duties:
                where = _text(f"{joined(each.models)} [{each.source}]")
                yield f'<li>{_text(each.what)} <span class="soft">{where}</span></li>'
            yield "</ul></div>"
    yield "</div>"


def _waivers(waived: Sequence[Verdict]) -> Lines:
    if not waived:
        return
    heads = ("rule", "severity", "of", "reason", "owner", "until", "where")
    rows = (
        (_text(each.rule), each.severity, _code(named(each)), _text(waiver.reason or "no reason is given"),
         _text(waiver.owner or "–"), _text(waiver.until or "no end"), _place(waiver.place))
        for each in waived if (waiver := each.waiver) is not None
    )  # fmt: skip
    yield from _table("Waivers", heads, rows)


def _questions(questions: Sequence[OpenQuestion]) -> Lines:
    for each in questions:
        yield f'<details><summary>{_text(each.why)} <span class="soft">({count(len(each.verdicts), "verdict")})</span>'
        yield "</summary>"
        yield f"<p>To decide it: {_text(each.how)}</p>"
        yield "<ul>"
        yield from (f"<li>{_text(verdict.rule)}: {_subject(verdict)}</li>" for verdict in each.verdicts)
        yield "</ul></details>"


def _inputs(evidence: Evidence) -> Lines:
    origin = evidence.origin
    if evidence.notes:
        yield "<ul>"
        yield from (f"<li>{_text(note)}</li>" for note in evidence.notes)
        yield "</ul>"
    packs = joined(f"{each.name} {each.version}" for each in origin.packs)
    yield f"<p>{_text(packs)}; {count(len(evidence.rules_run), 'rule')} ran. To make this report again:</p>"
    yield f"<pre><code>{_plain(origin.command)}</code></pre>"
    rows = (
        (_code(each.path), _text(each.kind), _code(each.sha256) if each.sha256 else _text(each.problem))
        for each in origin.files
    )
    yield f"<details><summary>{count(len(origin.files), 'file')} and their contents' hashes</summary>"
    yield from _table("Files", ("file", "kind", "sha256"), rows)
    yield "</details>"
    yield f"<details><summary>The {count(len(evidence.rules_run), 'rule')} that ran</summary>"
    yield f"<p>{_text(joined(evidence.rules_run))}</p></details>"


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Lines:
    """A table whose rows become blocks on a phone. The cells are HTML; their first is the row's head."""
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table class="stack">'
    yield f"<thead><tr>{_heads(heads)}</tr></thead><tbody>"
    for first, *others in rows:
        cells = (f'<td data-head="{head}">{cell}</td>' for head, cell in zip(heads[1:], others, strict=True))
        yield f'<tr><th scope="row">{first}</th>{"".join(cells)}</tr>'
    yield "</tbody></table></div>"


def _heads(heads: Iterable[str]) -> str:
    return "".join(f'<th scope="col">{each}</th>' for each in heads)


def _sign(standing: Standing) -> str:
    return f'<span class="{_class(standing)}" aria-hidden="true">{SIGNS[standing]}</span>'


def _class(standing: Standing) -> str:
    return standing.replace(" ", "-")


def _anchor(requirement: str) -> str:
    return f"requirement-{requirement}" if requirement else "other-checks"


def _place(place: Place) -> str:
    return _code(str(place))


def _code(text: str) -> str:
    return f"<code>{_plain(text)}</code>" if text else ""


def _text(text: str) -> str:
    """The text with all that means something in HTML escaped; what stands between backticks is code."""
    return "".join(_code(piece) if is_code else _plain(piece) for piece, is_code in spans(text))


def _plain(text: str) -> str:
    return escape(visible(text))
