"""The command line: `python -m nn train`, `predict`, `show` and `datasets`.

This package owns what may be asked for, what is printed, where files go and the exit status; the work is done by the
other modules of `nn`, which do not know it. Read next: `arguments.py`, then `train.py`.

Exit status: 0 done, 2 bad input (one line on stderr), 3 training not finite, 130 interrupted (what whole epochs have
taught is written first).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence

from .errors import BAD_INPUT, INTERRUPTED, BadInputError, complain
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
        try:
            options = _options(arguments)
            status = _commands()[options.command](options)
            sys.stdout.flush()
            return status
        except BadInputError as error:
            return _fail(BAD_INPUT, str(error))
        except OSError as error:  # standard output: a full disk
            return _fail(BAD_INPUT, f"cannot write: {error.strerror or error}")
        except MemoryError:
            return _fail(BAD_INPUT, "there is not enough memory: take fewer or smaller --hidden layers, or less data")
        except KeyboardInterrupt as interruption:
            return _fail(INTERRUPTED, str(interruption) or "interrupted")


def _options(arguments: list[str]) -> argparse.Namespace:
    """What was asked for; the parser, which knows all activations and optimizers, is imported only here."""
    from .arguments import parser

    options = parser().parse_args(arguments)
    options.arguments = arguments
    return options


def _commands() -> Mapping[str, Callable[[argparse.Namespace], int]]:
    """The commands by name, imported only when one is run."""
    from .predict import predict
    from .show import datasets, show
    from .train import train_command

    return {"train": train_command, "predict": predict, "show": show, "datasets": datasets}


def _fail(status: int, message: str) -> int:
    complain(message)
    return status
