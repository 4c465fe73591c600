"""The command `python -m autograd.check MODULE:CLASS`: examine a `Value` class, show what was found, write reports.

This file owns the command line and the files that it writes; it must not know how a class is examined.
Read next: `conformance/runner.py`, the examination.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from .conformance.report import LEVELS, Report
from .conformance.runner import MEMORY_LIMIT, TIME_LIMIT, examine

__all__ = ["main"]

INTERRUPTED = 130  # the exit status after Ctrl-C, as shells give it
EXAMPLES = """\
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
        report = examine(options.target, level=options.level, **limits)
    except KeyboardInterrupt:  # the worker has been ended
        return INTERRUPTED
    files = ((options.json, json_of), (options.junit, junit_of), (options.html, html_of))
    try:
        for place, form in files:
            if place:
                write(place, form(report))
        place = "standard output"
        if report.problem:
            print(f"autograd.check: {report.problem}", file=sys.stderr)
        elif not options.quiet and "-" not in (options.json, options.junit, options.html):
            from .conformance.text import text

            print(text(report, hints=options.hints))
        sys.stdout.flush()
    except BrokenPipeError:  # somebody has seen enough, as `| head`
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(f"autograd.check: {place} cannot be written: {error.strerror}", file=sys.stderr)
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
                      help="1: what is seen; 2: where to look, too; 3: the solution, too (%(default)s)")  # fmt: skip
    made.add_argument("--json", metavar="FILE", help="write the report as JSON; - is standard output")
    made.add_argument("--junit", metavar="FILE", help="write it as JUnit XML, for graders")
    made.add_argument("--html", metavar="FILE", help="write it as a page")
    made.add_argument("--time-limit", type=positive(float), default=TIME_LIMIT, metavar="SECONDS",
                      help="for one case; the whole takes at most twelve times as long (%(default)g)")  # fmt: skip
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


def json_of(report: Report) -> str:
    """The report as JSON."""
    return report.to_json()


def junit_of(report: Report) -> str:
    """The report as JUnit XML."""
    from .conformance.junit import junit

    return junit(report)


def html_of(report: Report) -> str:
    """The report as a page."""
    from .conformance.html import html

    return html(report)


def write(place: str, content: str) -> None:
    """Write a file whole or not at all; `-` is standard output."""
    if place == "-":
        sys.stdout.write(content)
        return
    path = Path(place).resolve()  # a link stays one
    if path.exists() and not path.is_file():  # a device or a pipe, which must not be replaced
        path.write_text(content, encoding="utf-8")
        return
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
        os.chmod(temporary, 0o666 & ~umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def umask() -> int:
    """The permissions that new files of this process do not get; a temporary file has fewer than others."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


if __name__ == "__main__":
    sys.exit(main())
