"""The report as one page that needs no network and no script: the verdict, the mistakes, every case, the figures.

This file owns what stands on the page and that every text on it stays text; it must not know how it looks.
Read next: `style.py`, which does.

The policy of the page forbids scripts, pictures, forms and every style sheet but its own.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from .report import LEVELS, CaseResult, Report
from .style import STYLE
from .sums import judgement, summed
from .wording import (
    harmless,
    lines,
    mark,
    measured,
    needed_at,
    seconds,
    suspicion,
    tally,
    told,
    urgent,
    verdict,
    visible,
)

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis

__all__ = ["html"]

ROLES = {"leaf": "a leaf", "data": "its number", "gradient": "its gradient", "backward": "backward", "zero": "to zero"}
HINTS = ("To think about", "Where to look", "The solution")  # what each level of hints adds


def html(report: Report, hints: int = 1) -> str:
    """The report as an HTML page.

    Args:
        report: The report.
        hints: How much the diagnoses tell: 1 no solution, 2 where to look, 3 the solution. What is not told is not in
            the page.

    Returns:
        The text of a file in UTF-8.

    Raises:
        ValueError: If hints is not 1, 2 or 3.

    Example:
        >>> from autograd.check.conformance.report import Report
        >>> page = html(Report("<script>.py:Value", problem="there is no such file"))
        >>> "<script>" in page, "&lt;script&gt;.py:Value could not be examined" in page
        (False, True)
    """
    if hints not in (1, 2, 3):
        raise ValueError(f"hints is 1, 2 or 3 (3 shows the solution), not {hints!r}")
    sections = _sections(report, hints)
    links = [f'<li><a href="#{name}">{section[0]}</a></li>' for name, section in sections.items()]
    title = f"{_text(report.target)}: gradients examined"
    return "\n".join([
        "<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{title}</title>", f"<style>{STYLE}</style>", "</head>", "<body>",
        *_header(report, links), "<main>",
        *[_section(name, *section) for name, section in sections.items()],
        "</main>", *_footer(report), "</body>", "</html>", "",
    ])  # fmt: skip


def _sections(report: Report, hints: int) -> dict[str, tuple[str, str]]:
    """The sections by their anchors: heading and content. Where there is nothing to say, there is no section."""
    found: dict[str, tuple[str, str]] = {}
    if report.problem:
        return found
    found["levels"] = ("Levels", _levels(report))
    if report.diagnoses:
        found["mistakes"] = ("Probable mistakes", _mistakes(report, hints))
    if report.results:
        found["cases"] = ("Cases", _cases(report))
    if report.figures:
        found["figures"] = ("Figures", _figures(report))
    if report.names or report.offered:
        found["names"] = ("How the class is spoken to", _names(report))
    return found


def _section(name: str, heading: str, content: str) -> str:
    return f'<section id="{name}" aria-labelledby="{name}-h">\n<h2 id="{name}-h">{heading}</h2>\n{content}\n</section>'


def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _header(report: Report, links: Sequence[str]) -> list[str]:
    sign, tone = ("✓", "good") if report.status() == 0 else ("✗", "bad")
    return [
        "<header>", '<p class="kicker">An examination of the gradients of</p>',
        f"<h1><bdi>{_text(report.target)}</bdi></h1>",
        f'<p class="verdict {tone}"><span aria-hidden="true">{sign}</span> {escape(verdict(report))}</p>',
        *(['<nav aria-label="Sections"><ul>', *links, "</ul></nav>"] if links else []), "</header>",
    ]  # fmt: skip


def _footer(report: Report) -> list[str]:
    if not report.python or report.problem:
        return []
    return [f"<footer><p>Examined with Python {_text(report.python)} in {seconds(report.seconds)}.</p></footer>"]


# --- levels and figures ----------------------------------------------------------------------------------------------


def _levels(report: Report) -> str:
    found = ['<div class="levels">']
    for total in [summed(report, level) for level in LEVELS]:
        asked = ' <span class="faint">(asked for)</span>' if total.level == report.level else ""
        tone = "bad" if total.failed else "good" if total.judged else "faint"
        absent = f'<p class="faint">{total.absent} not offered, and not needed</p>' if total.absent else ""
        found += [
            f"<div>\n<h3>{total.level}{asked}</h3>", _bar(total.held, total.failed),
            f'<p class="{tone}">{judgement(total)}</p>{absent}\n</div>',
        ]  # fmt: skip
    return "\n".join([*found, "</div>"])


def _bar(held: int, failed: int) -> str:
    """A bar of what holds and, half as high, what does not; the numbers stand below it as text."""
    share = 100.0 * held / (held + failed) if held + failed else 0.0
    rest = f'<rect class="failed" x="{share:.2f}" y="2" width="{100 - share:.2f}" height="4"/>' if failed else ""
    return (
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="all" width="100" height="8"/><rect class="held" width="{share:.2f}" height="8"/>{rest}</svg>'
    )


def _figures(report: Report) -> str:
    head = '<thead><tr><th scope="col">what</th><th scope="col">measured</th><th scope="col">how</th></tr></thead>'
    rows = [
        f'<tr><th scope="row">{_text(figure.name)}</th><td class="number">{escape(measured(figure))}</td>'
        f'<td class="faint">{_text(figure.note)}</td></tr>' for figure in report.figures
    ]  # fmt: skip
    return "\n".join(["<p>Reported, never judged.</p>", f"<table>{head}\n<tbody>", *rows, "</tbody></table>"])


def _names(report: Report) -> str:
    found = [f"<dt>{ROLES.get(role, _text(role))}</dt><dd>{_code(name)}</dd>" for role, name in report.names.items()]
    if report.offered:
        found.append(f"<dt>it offers</dt><dd>{' '.join([_code(op) for op in report.offered])}</dd>")
    return "\n".join(["<dl>", *found, "</dl>"])


# --- mistakes --------------------------------------------------------------------------------------------------------


def _mistakes(report: Report, hints: int) -> str:
    """The mistakes that concern the level asked for; folded, those that concern higher levels."""
    several = "<p>The most certain first: mend it, then run the examination again.</p>"
    cards = [_card(i, harmless(diagnosis), hints) for i, diagnosis in enumerate(report.diagnoses, 1)]
    first = urgent(report)
    rest = [card for i, card in enumerate(cards) if i not in first]
    found = [f"<p>{suspicion(report).capitalize()}.</p>"] if suspicion(report) != "probably wrong" else []
    found += [several] if len(cards) > 1 else []
    found += ['<ol class="mistakes">', *[cards[i] for i in first], "</ol>"]
    if rest:
        summary = f"{len(rest)} more, not needed for {report.level}"
        found += [f'<details><summary>{summary}</summary>\n<ol class="mistakes">', *rest, "</ol></details>"]
    return "\n".join(found)


def _card(i: int, diagnosis: Diagnosis, hints: int) -> str:
    told_hints = list(zip(HINTS, diagnosis.hints, strict=False))[:hints]
    question = [f"<p><strong>{name}:</strong> {_inline(hint)}</p>" for name, hint in told_hints[:1]]
    folded = [f"<details><summary>{name}</summary>\n{_program(hint)}</details>" for name, hint in told_hints[1:]]
    program = f"<p>The smallest program that shows it:</p>\n{_program(diagnosis.program)}" if diagnosis.program else ""
    place = f"In {_code(diagnosis.where)}; concerns {_text(diagnosis.level)}; known as {_code(diagnosis.mistake)}"
    return "\n".join([
        f"<li><h3>{i}. {_inline(diagnosis.title)}</h3>",
        f"<p><strong>Seen:</strong> {_inline(diagnosis.seen)}</p>", program,
        f"<p><strong>Idea:</strong> {_inline(diagnosis.idea)}</p>", *question, *folded,
        f'<p class="faint">{place}</p></li>',
    ])  # fmt: skip


# --- cases -----------------------------------------------------------------------------------------------------------


def _cases(report: Report) -> str:
    groups: dict[str, list[CaseResult]] = {}
    for result in report.results:
        groups.setdefault(result.group, []).append(result)
    return "\n".join([_group(group, results, report.level) for group, results in groups.items()])


def _group(group: str, results: Sequence[CaseResult], level: str) -> str:
    """A group of cases: what fails at the level asked for; folded, what fails above it, and the rest."""
    at_level = [result for result in results if result.failed(level)]
    above = [result for result in results if result.failed(LEVELS[-1]) and not result.failed(level)]
    rest = [result for result in results if not result.failed(LEVELS[-1])]
    tone = "bad" if at_level else "faint"
    return "\n".join([
        f'<div class="group"><h3>{_text(group)} <span class="{tone}">{escape(tally(results, level))}</span></h3>',
        _table(at_level, level) if at_level else "",
        _folded(f"{_counted(above)} failing above {level}", above, level),
        _folded(_counted(rest, more=len(rest) < len(results)), rest, level), "</div>",
    ])  # fmt: skip


def _counted(results: Sequence[CaseResult], more: bool = False) -> str:
    return f"{len(results)} {'more ' if more else ''}{'case' if len(results) == 1 else 'cases'}"


def _folded(summary: str, results: Sequence[CaseResult], level: str) -> str:
    return f"<details><summary>{summary}</summary>\n{_table(results, level)}</details>" if results else ""


def _table(results: Iterable[CaseResult], level: str) -> str:
    head = (
        '<th scope="col" class="first">outcome</th><th scope="col">what must hold</th>'
        '<th scope="col" class="last">evidence</th>'
    )
    rows = [_row(result, level) for result in results]
    return "\n".join([f"<table><thead><tr>{head}</tr></thead>\n<tbody>", *rows, "</tbody></table>"])


def _row(result: CaseResult, level: str) -> str:
    fails, fails_above = result.failed(level), result.failed(LEVELS[-1])
    tone = "bad" if fails else "good" if result.outcome == "holds" else "faint"
    where = needed_at(result, level) if fails_above else level
    sign = mark(result, where) + (f" ({where})" if where != level else "")
    return (
        f'<tr><td class="mark {tone}">{sign}</td><th scope="row"><p>{_inline(result.title)}</p>'
        f'<span class="faint">{_code(result.name)} at {escape(result.level)}</span></th>'
        f"<td>{''.join(_evidence(result))}</td></tr>"
    )


def _evidence(result: CaseResult) -> Iterable[str]:
    seen, right = told(result)
    if seen:
        yield f"<p><strong>seen:</strong> {_inline(seen)}</p>"
    if right:
        yield f"<p><strong>right:</strong> {_inline(right)}</p>"
    if result.program.strip():
        yield f"<details><summary>program</summary>\n{_program(result.program)}</details>"


# --- texts -----------------------------------------------------------------------------------------------------------


def _text(text: str) -> str:
    return escape(visible(text))


def _inline(text: str) -> str:
    """A text of the catalogue, in which `...` is code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape("\n".join(lines(text))))


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>"


def _program(text: str) -> str:
    return "<pre><code>" + escape("\n".join(lines(text))) + "</code></pre>"
