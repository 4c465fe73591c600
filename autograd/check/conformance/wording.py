r"""The words of every form of a report: marks, sums, the verdict as a sentence, figures, and user text made visible.

This file owns what is said; it must not know whether it is shown in a terminal, as XML or on a page.
Read next: `text.py`, the report in a terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .report import FAILED, LEVELS, CaseResult, Figure, Report
from .sums import judgement, summed

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis

__all__ = [
    "MARKS", "MISSING", "harmless", "lines", "mark", "measured", "needed_at", "new_failures",
    "seconds", "suspicion", "tally", "told", "urgent", "verdict", "visible",
]  # fmt: skip

# Every outcome in a word that needs no colour.
MARKS = {
    "holds": "ok",
    "wrong": "WRONG",
    "time limit": "TIME LIMIT",
    "memory limit": "MEMORY LIMIT",
    "crashed": "CRASHED",
    "not offered": "-",
    "reported": "figure",
}
MISSING = "MISSING"  # not offered where the level demands it

PREFIXES = ((1.0, ""), (1e-3, "milli"), (1e-6, "micro"), (1e-9, "nano"))


def new_failures(report: Report, level: str) -> tuple[CaseResult, ...]:
    """The cases that keep the class from this level, and from none below it."""
    below = LEVELS[: LEVELS.index(level)]
    return tuple([result for result in report.failures(level) if not any(result.failed(lower) for lower in below)])


def mark(result: CaseResult, level: str) -> str:
    """The outcome of a case as a mark, in the eyes of that level."""
    is_missing = result.outcome == "not offered" and result.failed(level)
    return MISSING if is_missing else MARKS[result.outcome]


def urgent(report: Report) -> list[int]:
    """Which diagnoses concern the level asked for, by their places; all of them if none does."""
    levels = LEVELS[: LEVELS.index(report.level) + 1]
    found = [i for i, diagnosis in enumerate(report.diagnoses) if diagnosis.level in levels]
    return found or list(range(len(report.diagnoses)))


def suspicion(report: Report) -> str:
    """What stands above the probable mistakes: whether they matter for the level that was asked for."""
    levels = LEVELS[: LEVELS.index(report.level) + 1]
    if report.holds(report.level) and not any(diagnosis.level in levels for diagnosis in report.diagnoses):
        return f"not needed for {report.level}, but probably wrong"
    return "probably wrong"


def tally(results: Sequence[CaseResult], level: str) -> str:
    """The numbers of a group: what holds at the level, what does not, how it is above it, what is left out.

    Example:
        >>> from autograd.check.conformance.report import CaseResult
        >>> held = CaseResult("passes/training", "passes", "lesson", "t.", "holds")
        >>> again = CaseResult("passes/again", "passes", "complete", "t.", "wrong")
        >>> tally((held, again), "lesson"), tally((held, again), "complete")
        ('1 of 1 holds; above lesson: 1 of 1 wrong', '1 of 2 holds, 1 wrong')
    """
    at_level = [result for result in results if _is_judged(result, level)]
    above = [result for result in results if _is_judged(result, LEVELS[-1]) and result not in at_level]
    held = sum(result.outcome == "holds" for result in at_level)
    parts: list[str] = []
    if at_level:
        words = [f"{count} {word}" for word, count in _failing(at_level).items()]
        parts.append(", ".join([f"{held} of {len(at_level)} {'holds' if held == 1 else 'hold'}", *words]))
    if above:
        failing = _failing(above) or {"hold": len(above)}
        (first, count), *more = failing.items()
        words = [f"{count} of {len(above)} {first}", *[f"{number} {word}" for word, number in more]]
        parts.append(f"above {level}: {', '.join(words)}")
    absent = sum(result.outcome == "not offered" and not result.failed(LEVELS[-1]) for result in results)
    figures = sum(result.outcome == "reported" for result in results)
    parts += [f"{absent} not offered"] if absent else []
    parts += [f"{figures} reported"] if figures else []
    return "; ".join(parts)


def _is_judged(result: CaseResult, level: str) -> bool:
    """Whether the case holds or fails in the eyes of that level."""
    return result.failed(level) or (result.outcome == "holds" and result.counts(level))


def _failing(results: Sequence[CaseResult]) -> dict[str, int]:
    """How many do not hold, by the word for it."""
    words = ["missing" if r.outcome == "not offered" else r.outcome for r in results if r.outcome != "holds"]
    return {word: words.count(word) for word in words}


def needed_at(result: CaseResult, level: str) -> str:
    """The first level, from the one given on, that a case which does not hold keeps the class from."""
    return next(above for above in LEVELS[LEVELS.index(level) :] if result.failed(above))


def told(result: CaseResult) -> tuple[str, str]:
    """What was seen, and what is right in its place; in words where the case itself has none."""
    if result.seen or result.outcome not in (*FAILED, "not offered"):
        return result.seen, result.expected
    words = {
        "wrong": "something else than what is right",
        "time limit": "it did not end within the time allowed",
        "memory limit": "it needed more memory than is allowed",
        "crashed": "the Python that ran it ended",
        "not offered": "the class does not offer it",
    }
    return words[result.outcome], result.expected


def verdict(report: Report, level: str = "") -> str:
    """The verdict of a level as a sentence.

    Args:
        report: The report.
        level: The level; "" stands for the one that the report was asked for.

    Example:
        >>> from autograd.check.conformance.report import Report
        >>> verdict(Report("engine.py:Value", problem="engine.py does not exist"))
        'engine.py:Value could not be examined: engine.py does not exist'
    """
    level = level or report.level
    if report.problem:
        return f"{visible(report.target)} could not be examined: {visible(report.problem)}"
    return f"{level} {judgement(summed(report, level))}"


def measured(figure: Figure) -> str:
    """The number and the unit of a figure, with no more digits than mean something.

    Example:
        >>> from autograd.check.conformance.report import Figure
        >>> measured(Figure("time per node", 0.00000213, "seconds")), measured(Figure("memory", 1234.5, "bytes"))
        ('2.1 microseconds', '1,234 bytes')
    """
    value, unit = figure.value, visible(figure.unit)
    if unit in ("seconds", "s"):
        return seconds(value)
    return (f"{value:,.0f} {unit}" if abs(value) >= 100 else f"{value:.3g} {unit}").rstrip()


def seconds(duration: float) -> str:
    """A duration in words, with two digits, or the whole part where that has more.

    Example:
        >>> seconds(0.3149), seconds(83.0), seconds(312.4)
        ('315 milliseconds', '83 seconds', '312 seconds')
    """
    if not 1e-9 <= duration < 100.0:  # 0, and nan
        return f"{duration:.0f} seconds"
    size, prefix = next((size, prefix) for size, prefix in PREFIXES if duration >= size)
    number = duration / size
    return f"{number:.0f} {prefix}seconds" if number >= 9.95 else f"{number:.2g} {prefix}seconds"


def visible(text: str) -> str:
    r"""The text on one line, with escapes in place of everything that is no printable character.

    Example:
        >>> print(visible("a\x1b[2Jb\u202ec\n"))
        a\x1b[2Jb\u202ec\n
    """
    if text.isprintable():
        return text
    return "".join([c if c.isprintable() else c.encode("unicode_escape").decode() for c in text])


def lines(text: str) -> list[str]:
    r"""The lines of a text of several, as a program is, each made visible; tabs become blanks.

    Example:
        >>> lines("if a:\n\tb\x07")
        ['if a:', '    b\\x07']
    """
    return [visible(line.rstrip("\r").expandtabs(4)) for line in text.strip("\n").split("\n")] if text.strip() else []


def harmless(diagnosis: Diagnosis) -> Diagnosis:
    """The diagnosis with every text of it made visible; its program and its hints keep their lines."""
    return replace(
        diagnosis,
        mistake=visible(diagnosis.mistake),
        title=visible(diagnosis.title),
        where=visible(diagnosis.where),
        seen=visible(diagnosis.seen),
        program="\n".join(lines(diagnosis.program)),
        idea=visible(diagnosis.idea),
        hints=tuple(["\n".join(lines(hint)) for hint in diagnosis.hints]),
    )
