"""The command line: `python -m nn train`, `predict`, `show` and `datasets`.

This package owns what may be asked for, what is printed, where files go and the exit status; the work is done by the
other modules of `nn`, which do not know it. Read next: `arguments.py`, then `train.py`.

Exit status: 0 done, 2 bad input (one line on stderr), 3 training not finite, 130 interrupted (what was learnt is
written first).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence

from .arguments import parser
from .errors import BAD_INPUT, INTERRUPTED, BadInputError, one_line
from .text import patient_streams

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: What stands behind the name of the program; None for those it was started with.

    Returns:
        The exit status.

    Raises:
        SystemExit: After `--help`, and if the arguments are not understood.
    """
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    with patient_streams(sys.stdout, sys.stderr):
        options = parser().parse_args(arguments)
        options.arguments = arguments
        try:
            status = _commands()[options.command](options)
            sys.stdout.flush()
            return status
        except BadInputError as error:
            return _fail(BAD_INPUT, one_line(error))
        except OSError as error:  # standard output: a full disk
            return _fail(BAD_INPUT, f"cannot write: {error.strerror or error}")
        except KeyboardInterrupt:
            return _fail(INTERRUPTED, "interrupted; what is not listed as written was not written")


def _commands() -> Mapping[str, Callable[[argparse.Namespace], int]]:
    """The commands by name, imported only when one is run."""
    from .predict import predict
    from .show import datasets, show
    from .train import train_command

    return {"train": train_command, "predict": predict, "show": show, "datasets": datasets}


def _fail(status: int, message: str) -> int:
    print(f"python -m nn: error: {message}", file=sys.stderr)
    return status
