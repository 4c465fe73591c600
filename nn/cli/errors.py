"""What ends a command early, and the statuses that it can end with.

It owns the exit statuses; it must not know any command.
Read next: `__init__.py`, which turns an error into a line and a status.
"""

from __future__ import annotations

import sys

from .names import CLOSE, OPEN, visible

__all__ = ["BAD_INPUT", "DONE", "INTERRUPTED", "NOT_FINITE", "BadInputError", "complain", "one_line", "warn"]

DONE, BAD_INPUT, NOT_FINITE, INTERRUPTED = 0, 2, 3, 130


class BadInputError(Exception):
    """What was asked for cannot be done; the message is the line that says why."""


def one_line(error: object) -> str:
    r"""A message without line ends and control signs.

    Example:
        >>> one_line(ValueError("first\n  second"))
        'first second'
    """
    return visible(" ".join(str(error).split()))


def complain(error: object) -> None:
    """Print the line that says what went wrong."""
    print(f"python -m nn: error: {one_line(error)}", file=sys.stderr)


def warn(warning: str) -> None:
    """Print a line that the user should know, with the names in it made by `names.isolated`."""
    print(f"warning: {visible(' '.join(warning.split()), keep=OPEN + CLOSE)}", file=sys.stderr)
