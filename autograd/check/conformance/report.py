"""The report of an examination as plain data: a result per case, figures, diagnoses, and what they mean for a level.

This file owns that data and its JSON form; it must not know how cases are run or how a report looks on a page.
Read next: `runner.py`, which fills it.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .sums import judgement, summed

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis

__all__ = ["CaseResult", "FAILED", "FORMAT", "Figure", "LEVELS", "OUTCOMES", "Report"]

LEVELS = ("lesson", "complete", "robust")  # each includes those before it
FAILED = ("wrong", "time limit", "memory limit", "crashed")
FORMAT = 1  # of the data: another number where a reader of this one would misread it
OUTCOMES = ("holds", *FAILED, "not offered", "reported")


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case.

    Attributes:
        name: What the case is known by, as `"functions/tanh"`: unique, the same in every run.
        group: What it belongs to, as `"functions"`.
        level: The lowest level that it counts for.
        title: One plain sentence: what must hold.
        outcome: "holds", "wrong", "not offered", "time limit", "memory limit", "crashed" or "reported" (a figure, which
            is never judged).
        seen: What the class did, where that is not what must hold, as `"a.grad is 1.0"`.
        expected: What is right in that place, as `"4.0"`.
        program: The program as code that can be pasted, "" if the case is none.
        seconds: How long it took.
        needed: The level at which a class has to offer it: there, "not offered" is a failure. "" means at none.
    """

    name: str
    group: str
    level: str
    title: str
    outcome: str
    seen: str = ""
    expected: str = ""
    program: str = ""
    seconds: float = 0.0
    needed: str = ""

    def counts(self, level: str) -> bool:
        """Whether that level asks for this case."""
        return LEVELS.index(self.level) <= LEVELS.index(level)

    def failed(self, level: str) -> bool:
        """Whether this case keeps the class from that level."""
        if self.outcome == "not offered":
            return bool(self.needed) and LEVELS.index(self.needed) <= LEVELS.index(level)
        return self.outcome in FAILED and self.counts(level)


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that was measured, and is reported without being judged.

    Attributes:
        name: What was measured, as `"memory per node"`.
        value: The number.
        unit: Its unit, as `"bytes"`.
        note: How it was measured.
    """

    name: str
    value: float
    unit: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What an examination of a class found.

    Attributes:
        target: What was asked for, as `"engine.py:Value"`.
        class_name: The name of the class, "" if it was not reached.
        level: The level that decides the exit status.
        names: What the class calls things, by role: "leaf", "data", "gradient", "backward", "zero".
        offered: The operations that it offers, by their names in the table; reflected operators as "radd".
        results: One entry per case, in the order in which they were run.
        figures: What was measured.
        diagnoses: What is probably wrong, the most certain first.
        python: The version of Python that ran it, as `"3.11.4"`.
        seconds: How long the whole examination took.
        problem: Why the class could not be examined; "" if it was.

    Example:
        >>> from autograd.check.conformance.report import CaseResult, Report
        >>> held = CaseResult("sharing/a + a", "sharing", "lesson", "a + a has the gradient 2", "holds")
        >>> missing = CaseResult("functions/exp", "functions", "lesson", "exp", "not offered", needed="complete")
        >>> report = Report("engine.py:Value", "Value", results=(held, missing))
        >>> report.holds("lesson"), report.status("lesson"), report.status("complete")
        (True, 0, 1)
    """

    target: str
    class_name: str = ""
    level: str = "lesson"
    names: Mapping[str, str] = field(default_factory=dict)
    offered: tuple[str, ...] = ()
    results: tuple[CaseResult, ...] = ()
    figures: tuple[Figure, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    python: str = ""
    seconds: float = 0.0
    problem: str = ""

    def of_level(self, level: str) -> tuple[CaseResult, ...]:
        """The cases that this level asks for and the lower ones do not."""
        return tuple(result for result in self.results if result.level == level)

    def failures(self, level: str) -> tuple[CaseResult, ...]:
        """The cases that keep the class from that level, those of the lower levels included."""
        return tuple(result for result in self.results if result.failed(level))

    def counts(self, level: str) -> dict[str, int]:
        """How many of the cases that count for that level had which outcome; outcomes that none had are left out."""
        outcomes = [result.outcome for result in self.results if result.counts(level)]
        return {outcome: outcomes.count(outcome) for outcome in OUTCOMES if outcome in outcomes}

    def holds(self, level: str) -> bool:
        """Whether everything that the level asks for holds."""
        return not self.problem and not self.failures(level)

    def status(self, level: str = "") -> int:
        """The exit status: 0 all of it holds, 1 something is wrong, 2 the class could not be examined.

        Args:
            level: The level that decides; "" stands for the one of the report.
        """
        if self.problem:
            return 2
        return 0 if self.holds(level or self.level) else 1

    def to_dict(self, hints: int = 1) -> dict[str, Any]:
        """The report as data that JSON can hold, for others to read: the verdict of every level stands in it, too.

        Args:
            hints: How much the diagnoses tell: 1 no solution, 2 where to look, 3 the solution. What is not told is not
                in the data.

        Returns:
            The fields of the report; `format`, the number of this form; `package`, the version that wrote it; `hints`;
            `verdict`, of every level in words; `holds` and `counts` (of outcomes), of every level; `status`, the exit
            status. A number that is infinite or not one is None.

        Raises:
            ValueError: If hints is not 1, 2 or 3.
        """
        if hints not in (1, 2, 3):
            raise ValueError(f"hints is 1, 2 or 3 (3 shows the solution), not {hints!r}")
        shown = [replace(diagnosis, hints=diagnosis.hints[:hints]) for diagnosis in self.diagnoses]
        version = sys.modules[__name__.partition(".")[0]].__version__  # of the package around this one
        found: dict[str, Any] = {"format": FORMAT, "package": f"scalar-autograd {version}", "hints": hints}
        found |= asdict(replace(self, diagnoses=tuple(shown)))
        for entry in (found, *found["results"]):
            entry["seconds"] = _finite(entry["seconds"])
        for figure in found["figures"]:
            figure["value"] = _finite(figure["value"])
        words = {level: f"{level} {judgement(summed(self, level))}" for level in LEVELS}
        found["verdict"] = dict.fromkeys(LEVELS, f"could not be examined: {self.problem}") if self.problem else words
        found["holds"] = {level: self.holds(level) for level in LEVELS}
        found["counts"] = {level: self.counts(level) for level in LEVELS}
        found["status"] = self.status()
        return found

    def to_json(self, hints: int = 1) -> str:
        """The report as JSON text, which UTF-8 can express: half characters stand there as escapes; see `to_dict`."""
        text = json.dumps(self.to_dict(hints), indent=2, ensure_ascii=False, allow_nan=False)
        return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"  # \\ud800 is an escape of JSON, too

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """The report that `to_dict` was called on, with the hints that were told; other entries are left out."""
        from ..diagnosis import Diagnosis

        kept = {name: value for name, value in data.items() if name in cls.__dataclass_fields__}
        kept["seconds"] = _number(data.get("seconds", 0.0))
        kept["offered"] = tuple(data.get("offered", ()))
        kept["results"] = tuple(
            CaseResult(**{**result, "seconds": _number(result.get("seconds", 0.0))})
            for result in data.get("results", ())
        )
        kept["figures"] = tuple(
            Figure(**{**figure, "value": _number(figure["value"])}) for figure in data.get("figures", ())
        )
        kept["diagnoses"] = tuple(
            Diagnosis(**{**diagnosis, "hints": tuple(diagnosis["hints"])}) for diagnosis in data.get("diagnoses", ())
        )
        return cls(**kept)

    @classmethod
    def from_json(cls, text: str) -> Report:
        """The report that `to_json` was called on, with the hints that were told."""
        return cls.from_dict(json.loads(text))


def _finite(x: float) -> float | None:
    """A number that JSON has; None in place of one that it has not."""
    return x if math.isfinite(x) else None


def _number(x: float | None) -> float:
    return math.nan if x is None else x
