"""The report as text for a terminal: the figures, what does not hold, the levels, the probable mistakes, the verdict.

This file owns the order of that text and its lines; it must not know how the cases were run.
Read next: `html.py`, the report as a page.

A terminal shows the end of what is printed, so what helps most stands there: the probable mistakes and the verdict.
"""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Sequence

from .report import LEVELS, CaseResult, Report
from .sums import summed
from .wording import (
    harmless,
    lines,
    mark,
    measured,
    new_failures,
    seconds,
    suspicion,
    tally,
    told,
    urgent,
    verdict,
    visible,
)

__all__ = ["printable", "text"]

NARROWEST, WIDEST = 40, 110
LONGEST_PROGRAM = 16  # lines of a program shown for a failing case

# What plain ASCII has for signs that are common in explanations.
PLAIN = str.maketrans({
    "−": "-", "–": "-", "—": "-", "×": "*", "·": "*", "…": "...", "µ": "u", "²": "^2", "³": "^3", "√": "sqrt",
    "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "→": "->", "∂": "d", "“": '"', "”": '"', "‘": "'", "’": "'",
})  # fmt: skip


def text(report: Report, hints: int = 1, width: int | None = None, limit: int = 6) -> str:
    """The report as text for a terminal.

    Args:
        report: The report.
        hints: How much the diagnoses tell: 1 no solution, 2 where to look, 3 the solution.
        width: The width in characters; left out, that of the terminal. Code is never broken.
        limit: How many failing cases are shown with their programs, the first of each group before others. The rest
            has one line each.

    Raises:
        ValueError: If hints is not 1, 2 or 3, and there is a diagnosis.

    Example:
        >>> from autograd.check.conformance.report import CaseResult, Report
        >>> held = CaseResult("sharing/a + a", "sharing", "lesson", "a + a has the gradient 2", "holds")
        >>> print(text(Report("engine.py:Value", results=(held,), python="3.11.4", seconds=0.31), width=80))
        engine.py:Value, examined with Python 3.11.4 in 310 milliseconds
        <BLANKLINE>
        ok  sharing  1 of 1 holds
        <BLANKLINE>
        lesson    1 of 1 hold  ok  <- this level was asked for
        complete  1 of 1 hold  ok
        robust    1 of 1 hold  ok
        <BLANKLINE>
        lesson holds: 1 of 1 cases
    """
    width = min(max(width or shutil.get_terminal_size((100, 24)).columns, NARROWEST), WIDEST)
    parts: list[list[str]] = []
    if not report.problem:
        parts += [_head(report, width), _groups(report, width), _figures(report, width)]
        parts += [*_failing(report, width, limit), _levels(report, width), *_diagnoses(report, width, hints)]
    parts.append(_wrapped(verdict(report), width))
    return printable("\n\n".join(["\n".join(part) for part in parts if part]), getattr(sys.stdout, "encoding", ""))


def printable(shown: str, encoding: str | None) -> str:
    r"""The text with what the encoding cannot express replaced by plain signs, or by escapes.

    Example:
        >>> printable("1 − y² ≈ λ", "ascii")
        '1 - y^2 ~ \\u03bb'
    """
    try:
        shown.encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return shown.translate(PLAIN).encode("ascii", "backslashreplace").decode("ascii")
    return shown


def _head(report: Report, width: int) -> list[str]:
    run = (
        f", examined with Python {visible(report.python)} in {seconds(report.seconds)}"
        if report.python and not report.problem
        else ""
    )
    head = _wrapped(visible(report.target) + run, width)
    if report.names:
        head += _wrapped("spoken to:  " + "  ".join([visible(name) for name in report.names.values()]), width, " " * 12)
    if report.offered:
        head += _wrapped("offers:     " + " ".join([visible(op) for op in report.offered]), width, " " * 12)
    return head


def _groups(report: Report, width: int) -> list[str]:
    """A line per group: the worst mark in the eyes of the level asked for, and how many had which outcome."""
    members: dict[str, list[CaseResult]] = {}
    for result in report.results:
        members.setdefault(visible(result.group), []).append(result)
    level = report.level
    rows = [(_worst(results, level), group, tally(results, level)) for group, results in members.items()]
    left = max([len(row[0]) for row in rows], default=0)
    middle = max([len(row[1]) for row in rows], default=0)
    found: list[str] = []
    for sign, group, outcomes in rows:
        found += _wrapped(f"{sign:{left}}  {group:{middle}}  {outcomes}", width, " " * (left + middle + 4))
    return found


def _worst(results: Sequence[CaseResult], level: str) -> str:
    marks = [mark(result, level) for result in results if result.failed(level)]
    if marks:
        return marks[0]
    if any(result.outcome == "holds" and result.counts(level) for result in results):
        return "ok"
    return "figure" if all(result.outcome == "reported" for result in results) else "-"


def _failing(report: Report, width: int, limit: int) -> list[list[str]]:
    """The failing cases of the level asked for: some in full, a line for every other one."""
    failures = report.failures(report.level)
    if not failures:
        return []
    groups = [result.group for result in failures]
    is_first = [group not in groups[:i] for i, group in enumerate(groups)]
    order = [i for i, first in enumerate(is_first) if first] + [i for i, first in enumerate(is_first) if not first]
    in_full = [failures[i] for i in order[:limit]]
    rest = [failures[i] for i in sorted(order[limit:])]
    count = "1 case does" if len(failures) == 1 else f"{len(failures)} cases do"
    parts = [_title(f"{count} not hold at {report.level}", width)]
    parts += [_in_full(result, report.level, width) for result in in_full]
    if rest:
        short = [line for result in rest for line in _in_short(result, report.level, width)]
        more = _wrapped(f"and {len(rest)} more, whose programs are on the page that --html FILE writes:", width)
        parts.append([*more, *short])
    return parts


def _in_full(result: CaseResult, level: str, width: int) -> list[str]:
    seen, right = told(result)
    head = f"{mark(result, level)}  {visible(result.name)}  [{result.level}]  {visible(result.title)}"
    program = lines(result.program)
    cut = [f"... and {len(program) - LONGEST_PROGRAM} more lines"] if len(program) > LONGEST_PROGRAM else []
    found = [*_wrapped(head, width, "  "), *[f"    {line}" for line in [*program[:LONGEST_PROGRAM], *cut]]]
    found += _wrapped(f"  seen:   {visible(seen)}", width, " " * 10)
    return found + (_wrapped(f"  right:  {visible(right)}", width, " " * 10) if right else [])


def _in_short(result: CaseResult, level: str, width: int) -> list[str]:
    seen, right = told(result)
    after = f"; right: {visible(right)}" if right else ""
    return _wrapped(f"  {mark(result, level)}  {visible(result.name)}: {visible(seen)}{after}", width, "      ")


def _levels(report: Report, width: int) -> list[str]:
    sums = [summed(report, level) for level in LEVELS]
    counts = {total.level: f"{total.held} of {total.judged} hold" for total in sums}
    column = max(len(count) for count in counts.values())
    found: list[str] = []
    for total in sums:
        sign = "WRONG" if total.failed else "ok" if total.judged else "-"
        asked = "  <- this level was asked for" if total.level == report.level else ""
        found += _wrapped(f"{total.level:9} {counts[total.level]:{column}}  {sign}{asked}".rstrip(), width, " " * 10)
        if total.level in LEVELS[LEVELS.index(report.level) + 1 :]:
            found += _above(report, total.level, width)
    absent = summed(report, report.level).absent
    if absent:
        note = f"left out at {report.level}: {absent} that the class does not offer, and need not offer there"
        found += _wrapped(note, width, "  ")
    return found


def _above(report: Report, level: str, width: int) -> list[str]:
    """What keeps the class from a level above the one that was asked for, by name: a line for every mark."""
    named: dict[str, list[str]] = {}
    for result in new_failures(report, level):
        named.setdefault(mark(result, level), []).append(visible(result.name))
    found = [_wrapped(f"{'':10}{sign}: {'; '.join(names)}", width, " " * 14) for sign, names in named.items()]
    return [line for lines_of_mark in found for line in lines_of_mark]


def _figures(report: Report, width: int) -> list[str]:
    if not report.figures:
        return []
    names = [visible(figure.name) for figure in report.figures]
    column, numbers = max(map(len, names)), [measured(figure) for figure in report.figures]
    wide = max(map(len, numbers))
    found = _title("figures: reported, never judged", width)
    for name, number, figure in zip(names, numbers, report.figures, strict=True):
        found += _wrapped(f"  {name:{column}}  {number:>{wide}}  {visible(figure.note)}".rstrip(), width, "      ")
    return found


def _diagnoses(report: Report, width: int, hints: int) -> list[list[str]]:
    """The mistakes that concern the level asked for, in full; of those that concern higher levels, the titles."""
    if not report.diagnoses:
        return []
    several = ", the most certain first: mend it, then run this again" if len(report.diagnoses) > 1 else ""
    parts, in_full = [_title(f"{suspicion(report)}{several}", width)], urgent(report)
    for i in in_full:
        found: list[str] = []
        for line in lines(f"{i + 1}. {harmless(report.diagnoses[i]).text(hints)}"):
            indent = len(line) - len(line.lstrip())
            found += [line] if indent >= 4 else _wrapped(line, width, " " * (indent + 4))  # 4 and more is code
        parts.append(found)
    rest = [i for i in range(len(report.diagnoses)) if i not in in_full]
    if rest:
        found = _wrapped(f"not needed for {report.level}; --level {LEVELS[-1]} tells more:", width)
        for i in rest:
            found += _wrapped(f"{i + 1}. {visible(report.diagnoses[i].title)}", width, "    ")
        parts.append(found)
    if hints < 3:
        place = "--hints 2 tells where to look, " if hints == 1 else ""
        parts.append(_wrapped(f"({place}--hints 3 tells the solution)", width))
    if len(in_full) > 1:
        parts.append(
            _wrapped(f"begin with number {in_full[0] + 1}: {visible(report.diagnoses[in_full[0]].title)}", width)
        )
    return parts


def _title(title: str, width: int) -> list[str]:
    line = f"-- {title} "
    return [line.ljust(width, "-")] if len(line) < width else _wrapped(line.rstrip(), width)


def _wrapped(line: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(line, width, subsequent_indent=indent, break_on_hyphens=False, replace_whitespace=False) or [
        ""
    ]
