"""The command `python -m autograd.check MODULE:CLASS`: examine a `Value` class, show what was found, write reports.

This file owns the command line and what it prints; it must not know how a class is examined.
Read next: `runner.py`, the examination.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import TextIO

from ...files import write
from .report import LEVELS, Report
from .runner import IMPATIENCE, IN_TOTAL, MEMORY_LIMIT, TIME_LIMIT, WHILE_IMPORTING, examine
from .wording import visible

__all__ = ["main"]

INTERRUPTED = 130  # the exit status after Ctrl-C, as shells give it
EXAMPLES = f"""\
examples:
  python -m autograd.check engine.py:Value
  python -m autograd.check engine.py                          the class is Value if none is named
  python -m autograd.check mypackage.engine:Scalar --level complete
  python -m autograd.check engine.py:Value --hints 3          with ready solutions
  python -m autograd.check engine.py:Value --quiet --junit results.xml --json -

levels:
  lesson    values, gradients, sharing, accumulation, order, the operators that the class offers, 500 operations deep
  complete  all that a course uses: every operator with numbers on either side, a ** b, exp, log, tanh, relu,
            second backward passes
  robust    a million operations deep, memory, freeing, numbers at the edge, refused input
All levels are reported; --level says which of them decides the exit status.

limits, with the usual --time-limit of {TIME_LIMIT:g} s:
  a case {TIME_LIMIT:g} s; 100,000 operations {2 * TIME_LIMIT:g} s, a million {4 * TIME_LIMIT:g} s; \
importing the class {WHILE_IMPORTING * TIME_LIMIT:g} s
  all of it {IN_TOTAL * TIME_LIMIT:g} s, after which no more is asked
  After a deep program has failed, the deeper ones have {IMPATIENCE:g} s each; if all before were right in
  proportionate time, the next one has up to {IN_TOTAL * TIME_LIMIT:g} s, which the limit for all does not cut.

exit status:
  0  all of it holds      1  something is wrong      2  the class could not be examined

The class runs in a process of its own with limits of time and memory, which protects against accidents; code that
means harm needs a container.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: What is given on the command line; None takes it from there.

    Returns:
        The exit status: 0 all of it holds, 1 something is wrong, 2 the class could not be examined.
    """
    options = parser().parse_args(arguments)
    limits = {"time_limit": options.time_limit, "memory_limit": options.memory_limit}
    try:
        with Line(sys.stderr) as line:
            report = examine(options.target, level=options.level, progress=line.show, **limits)
    except KeyboardInterrupt:  # the worker has been ended
        return INTERRUPTED
    except Exception:  # a mistake of this package, which says nothing about the class
        traceback.print_exc()
        return 2
    return told(report, options)


def told(report: Report, options: argparse.Namespace) -> int:
    """Write the files and the text; returns the exit status."""
    files = ((options.json, json_of), (options.junit, junit_of), (options.html, html_of))
    try:
        for place, form in files:
            if place:
                write(place, form(report, options.hints))
        place = "standard output"
        if report.problem:
            print(f"autograd.check: {visible(report.problem)}", file=sys.stderr)
        elif not options.quiet and "-" not in (options.json, options.junit, options.html):
            from .text import text

            print(text(report, hints=options.hints))
        sys.stdout.flush()
    except BrokenPipeError:  # somebody has seen enough, as `| head`
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(f"autograd.check: {visible(place)} cannot be written: {error.strerror}", file=sys.stderr)
        return 2
    return report.status()


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(
        prog="python -m autograd.check",
        description="Examine a Value class: what holds, what is wrong, and what is probably the reason.",
        epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    made.add_argument("target", metavar="MODULE:CLASS", help="a module or a path/to/file.py, and the class (Value)")
    made.add_argument("--level", choices=LEVELS, default=LEVELS[0], help="what decides the exit status (%(default)s)")
    made.add_argument("--hints", type=int, choices=(1, 2, 3), default=1, metavar="{1,2,3}",
                      help="1: what is seen, the smallest program, the idea and a question; 2: where to look, too; "
                      "3: the solution, too; files tell no more than this either (%(default)s)")  # fmt: skip
    made.add_argument("--json", metavar="FILE", help="write the report as JSON; - is standard output")
    made.add_argument("--junit", metavar="FILE", help="write it as JUnit XML, for graders")
    made.add_argument("--html", metavar="FILE", help="write it as a page")
    made.add_argument("--time-limit", type=positive(float), default=TIME_LIMIT, metavar="SECONDS",
                      help="for one case; the other limits follow it, see below (%(default)g)")  # fmt: skip
    made.add_argument("--memory-limit", type=positive(int), default=MEMORY_LIMIT, metavar="MB",
                      help="where the system knows such limits (%(default)s)")  # fmt: skip
    made.add_argument("--quiet", action="store_true", help="show no table; files and the exit status only")
    return made


def positive(number: Callable[[str], float]) -> Callable[[str], float]:
    """The type of an option whose number has to be above 0."""

    def converted(text: str) -> float:
        x = number(text)
        if not 0 < x < float("inf"):
            raise argparse.ArgumentTypeError(f"{text} is not above 0")
        return x

    converted.__name__ = "number"  # argparse says: invalid number value
    return converted


class Line:
    """A line of a terminal that says what goes on: written over, and removed at the end; elsewhere nothing is written.

    Args:
        stream: Where it stands.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.width = shutil.get_terminal_size().columns - 1 if stream.isatty() else 0

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *exception: object) -> None:
        self.put("")

    def show(self, name: str) -> None:
        """Say that this case is being examined."""
        self.put(f"examining: {name.replace('/', ' ', 1)} ...")

    def put(self, shown: str) -> None:
        """Write this in place of what stands there."""
        if self.width:
            with contextlib.suppress(OSError):
                self.stream.write(f"\r{shown[: self.width]:{self.width}}\r{shown[: self.width]}")
                self.stream.flush()


def json_of(report: Report, hints: int) -> str:
    """The report as JSON."""
    return report.to_json(hints)


def junit_of(report: Report, hints: int) -> str:
    """The report as JUnit XML."""
    from .junit import junit

    return junit(report, hints)


def html_of(report: Report, hints: int) -> str:
    """The report as a page."""
    from .html import html

    return html(report, hints)
