"""The examination of a class: every case is asked in a worker process, judged here, and put into a report.

This file owns the order of questions and the limits; it must not know how a case is judged or a report looks.
Read next: `report.py`, what comes out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any

from ..diagnosis import BATTERY, explain_observations
from ..programs import Observation, Program
from .case import Case, ProgramCase, Verdict, as_observation
from .cases import cases, single
from .report import FAILED, LEVELS, CaseResult, Figure, Report
from .session import Ended, Session
from .target import TargetError, found_again, parsed
from .vocabulary import NAMES, spoken_diagnosis

__all__ = ["IMPATIENCE", "IN_TOTAL", "MEMORY_LIMIT", "TIME_LIMIT", "WHILE_IMPORTING", "examine"]

TIME_LIMIT = 5.0  # seconds for a case
MEMORY_LIMIT = 2048  # megabytes: a million nodes of an engine with closures take half of it
IN_TOTAL = 12  # times the limit for a case: what is left after that is not asked any more; the deepest case is apart
SHARE = 4  # the part of the time left that one case may take
LEAST = 0.2  # seconds that every case is given
IMPATIENCE = 0.3  # seconds for a deeper program after a less deep one has failed
IN_PROPORTION = 30  # times the time of a program of a tenth of the depth
GENEROUS = 100  # times that time, for a program of ten times the depth where all went on in proportion
WHILE_IMPORTING = 4  # times the limit for a case


def examine(
    target: str | type, *, level: str = "lesson", time_limit: float = TIME_LIMIT, memory_limit: int = MEMORY_LIMIT,
    progress: Callable[[str], object] = str,
) -> Report:  # fmt: skip
    """Examine a `Value` class: run every case of the conformance suite on it, in a process of its own.

    Args:
        target: Where the class is: `"module:Class"`, `"path/to/file.py:Class"`, or the class itself. A class is found
            again by its module and name: one that was written in a notebook, at a prompt or inside a function cannot
            be, and has to be put into a file. Without a class, `Value` is meant.
        level: The level that decides `report.status()`: "lesson", "complete" or "robust". All of them are run.
        time_limit: Seconds for one case; importing the class may take four times as long, a program of 100,000
            operations twice and one of a million four times as long, and up to twelve times if the programs before
            were right in proportionate time. The whole examination takes at most twelve times as long, the deepest
            program not counted: what is left then is not asked.
        memory_limit: Megabytes that the process may take besides what it has after importing, on systems that know
            such limits (not on Windows).
        progress: Called with the name of each case before it is asked.

    Returns:
        The report. Where the class could not be examined, its `problem` says why.

    Raises:
        ValueError: If the level is none, or a limit is not positive.

    The process protects against accidents, endless loops and crashes; it is no defence against code that means harm.

    Example:
        >>> from autograd.check.conformance import examine
        >>> report = examine("autograd:Values")
        >>> report.problem.partition(";")[0], report.status()
        ('autograd has no class Values', 2)
    """
    if level not in LEVELS:
        raise ValueError(f"the levels are {', '.join(LEVELS)}, not {level!r}")
    if not (time_limit > 0 and memory_limit > 0):
        raise ValueError(f"limits are positive: {time_limit} s and {memory_limit} MB are not")
    start = time.monotonic()
    named = target if isinstance(target, str) else f"{target.__module__}:{target.__qualname__}"
    try:
        place = parsed(named) if isinstance(target, str) else found_again(target)
    except TargetError as error:
        return Report(named, level=level, problem=str(error))
    with Session(place, memory_limit * 2**20, time_limit * WHILE_IMPORTING) as session:
        try:
            greeting = session.start()
        except Ended as end:
            greeting = {"problem": f"importing {place.place}: {end.seen}"}
        if isinstance(greeting, dict) and "problem" in greeting:
            problem = str(greeting["problem"])[:1000]
            return Report(named, level=level, problem=problem, seconds=time.monotonic() - start)
        try:
            examination = Examination(session, greeting, time_limit, progress)
        except (KeyError, TypeError, AttributeError):
            problem = (
                f"importing {place.place}: what the process answers could not be understood; does the module change "
            )
            problem += "Python's own modules?"
            return Report(named, level=level, problem=problem, seconds=time.monotonic() - start)
        observations = examination.run()
    found = [spoken_diagnosis(diagnosis, examination.words) for diagnosis in explain_observations(observations)]
    return Report(
        named, examination.class_name, level, examination.names, examination.offered, tuple(examination.results),
        tuple(examination.figures), tuple(found), examination.python, time.monotonic() - start,
    )  # fmt: skip


class Examination:
    """One examination while it goes on.

    Args:
        session: The conversation with the worker.
        greeting: What the worker found out about the class.
        time_limit: Seconds for a case.
        progress: Called with the name of each case.
    """

    def __init__(
        self, session: Session, greeting: Mapping[str, Any], time_limit: float,
        progress: Callable[[str], object] = str,
    ) -> None:  # fmt: skip
        self.session, self.time_limit, self.progress = session, time_limit, progress
        self.class_name, self.python = str(greeting["class"])[:100], str(greeting["python"])[:20]
        self.names = {role: str(greeting["names"][role])[:100] for role in NAMES}
        self.words = {**self.names, **{str(op): str(form)[:100] for op, form in greeting["forms"].items()}}
        self.offered = tuple([str(op)[:100] for op in greeting["offered"]])
        self.end = time.monotonic() + IN_TOTAL * time_limit
        self.results: list[CaseResult] = []
        self.figures: list[Figure] = []
        self.deep: list[CaseResult] = []  # the deep programs that were asked for
        self.endless: set[str] = set()  # functions that did not come back: they are not asked for again

    def run(self) -> dict[str, Observation]:
        """Ask everything; returns the observations of the programs that a diagnosis needs."""
        first = single()
        self.add(first)
        asked = {case.name for case in first}
        rest = [case for case in cases(self.sound()) if case.name not in asked]
        deep = [case for case in rest if case.group in ("size", "depth")]
        self.add(case for case in rest if case not in deep)
        self.progress("diagnosis")
        observations = {program.name: self.observed(program) for program in BATTERY}
        self.add(deep)
        return observations

    def sound(self) -> set[str]:
        """The operations that are offered and right by themselves; "constants" if numbers may stand on the right."""
        failed = {op for result in self.results if result.outcome != "holds" for op in SOLE.get(result.name, ())}
        return {*self.offered, "constants"} - failed

    def add(self, some: Iterable[Case]) -> None:
        """Ask some cases and keep what comes out."""
        for case in some:
            self.progress(case.name)
            start = time.monotonic()
            verdict = self.verdict(case)
            self.figures += verdict.figures
            self.results.append(CaseResult(
                case.name, case.group, case.level, case.title, verdict.outcome, printable(verdict.seen),
                printable(verdict.expected), verdict.program, time.monotonic() - start, case.needed,
            ))  # fmt: skip
            if verdict.outcome == "time limit" and case.group == "functions":
                self.endless.update(SOLE.get(case.name, ()))
            if case.group == "depth":
                self.deep.append(self.results[-1])

    def verdict(self, case: Case) -> Verdict:
        """What became of one case."""
        missing = case.missing(self.offered)
        if missing:
            return Verdict("not offered", f"no {', '.join(missing)}")
        try:
            answer = self.asked(case.request(), case.operations(), self.limit(case))
        except Ended as end:
            return Verdict(end.outcome, end.seen, "an answer", case.code(self.words))
        try:
            verdict = case.judge(answer, self.words)
        except (ValueError, TypeError, KeyError, OverflowError):
            return Verdict("crashed", "the answer could not be read", "an answer", case.code(self.words))
        if verdict.outcome == "wrong" and "MemoryError" in verdict.seen:
            self.session.end()  # what it holds is of no use any more
            return Verdict("memory limit", verdict.seen, verdict.expected, verdict.program)
        return verdict

    def observed(self, program: Program) -> Observation:
        """What the class does with a program; where it does not come back, the error says so."""
        case = ProgramCase(program.name, LEVELS[0], "", (program,))
        try:
            (answer,) = self.asked(case.request(), case.operations(), self.limit(case))
            return as_observation(answer)
        except Ended as end:
            return Observation((), (), f"{end.outcome}: {end.seen}")
        except (ValueError, TypeError):
            return Observation((), (), "crashed: the answer could not be read")

    def limit(self, case: Case) -> float:
        """The seconds that a case may take.

        A deep program has only a short try after a less deep one has failed, and a long time if all less deep ones
        took their time in proportion: then a slow machine is no reason to call it endless.
        """
        seconds = case.patience * self.time_limit
        if case.group != "depth":
            return min(seconds, self.left() / SHARE)
        if any(result.outcome in FAILED for result in self.deep):
            return min(seconds, IMPATIENCE)
        chains = [result.seconds for result in self.deep if result.level == case.level]
        steady = all(x <= IN_PROPORTION * max(y, LEAST) for y, x in pairwise(chains))
        generous = min(GENEROUS * chains[-1], IN_TOTAL * self.time_limit) if chains and steady else 0.0
        return max(min(seconds, self.left()), generous)

    def left(self) -> float:
        """The seconds that are left for everything."""
        return self.end - time.monotonic()

    def asked(self, request: dict[str, Any], operations: Iterable[str], seconds: float) -> Any:
        """The worker's answer, within that time; raises `Ended` if there is none, or no time left to ask."""
        endless = self.endless.intersection(operations)
        if endless:
            raise Ended("time limit", f"not asked: {', '.join(sorted(endless))} did not come back")
        if self.left() <= 0:
            raise Ended("time limit", f"not asked: the examination had used its {IN_TOTAL * self.time_limit:g} s")
        return self.session.ask(request, max(LEAST, seconds))


def sole_operations() -> dict[str, tuple[str, ...]]:
    """What each case of one operation is about: the operation that is not to be used if it fails."""
    found: dict[str, tuple[str, ...]] = {}
    for case in single():
        others = tuple([op for op in case.operations() if op != "mul"])  # each result is multiplied once more
        if case.name.endswith(" 2.0"):
            found[case.name] = ("constants",)
        elif len(others) == 1 and case.level == "lesson":
            found[case.name] = others
    return found


SOLE = sole_operations()


def printable(text: str) -> str:
    """Text that a terminal and XML can show: in one line, not too long, without control characters."""
    line = " ".join(text.split())[:300]
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
