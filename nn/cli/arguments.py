"""What may be asked for on the command line, and how: the commands, their options, their help.

It owns names, checks and examples; it must not know what the commands do.
Read next: `__init__.py`, which runs them.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from ..activations import ACTIVATIONS, LEARNED_ACTIVATIONS
from ..lookup import look_up
from ..optimizers import OPTIMIZERS
from ..tables.errors import quoted
from .errors import BAD_INPUT, one_line

__all__ = ["parser"]

EXAMPLES = """\
examples:
  python -m nn train breast_cancer
  python -m nn train moons --hidden 8,8 --epochs 100 --learning-rate 0.01
  python -m nn train houses.csv --target price --out runs/houses
  python -m nn predict runs/houses new_houses.csv --out prices.csv
  python -m nn show runs/houses
  python -m nn datasets

exit status: 0 done, 2 bad input, 3 training not finite, 130 interrupted
"""

TRAIN = """\
examples:
  python -m nn train iris
  python -m nn train houses.csv                      the target is the last column
  python -m nn train houses.csv --target price --hidden 32,16 --dropout 0.1
  python -m nn train moons --hidden 8,8 --epochs 100 --learning-rate 0.01 --seed 7 --out runs/moons-7

What is not asked for is chosen from the target: cross-entropy for classes, squared error for numbers; inputs are
standardised, texts become one-hot columns, and training stops early when the validation loss has stopped falling;
the best weights are kept. The run's directory gets model.safetensors, history.csv, report.html and the pictures.
"""

PREDICT = """\
examples:
  python -m nn predict runs/iris flowers.csv
  python -m nn predict runs/houses new_houses.csv --out prices.csv

The CSV file needs the columns that the model was trained on, by name; others are ignored. The result has a line for
each of its rows: the prediction and, for classes, the probability of each. A text that was not among those that the
model was trained on is taken as missing, and told of. Texts are written as they are: if you do not trust the data that
the model was trained on, know that a spreadsheet takes what begins with = for a formula.
"""

SHOW = """\
examples:
  python -m nn show runs/iris
  python -m nn show runs/iris/model.safetensors --network network.svg
"""


LONGEST = 300
"""A whole number may have so many digits: what has more, Python converts slowly or not at all."""


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and leave with status 2."""
        self.exit(BAD_INPUT, f"{self.prog}: error: {one_line(message)} (--help shows how)\n")


def parser() -> Parser:
    """The parser of the command line."""
    whole = Parser(
        prog="python -m nn", description="Neural networks made of scalar Values: train them, keep them, use them.",
        epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    commands = whole.add_subparsers(title="commands", dest="command", required=True, metavar="COMMAND")
    _train(_command(commands, "train", "train a network on a CSV file or a built-in data set", TRAIN))
    _predict(_command(commands, "predict", "predict the target for the rows of a CSV file", PREDICT))
    _show(_command(commands, "show", "say what a saved model is", SHOW))
    _command(commands, "datasets", "list the built-in data sets", "example:\n  python -m nn datasets\n")
    return whole


def _command(commands: Any, name: str, purpose: str, epilog: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.", epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    return made


def _train(train: argparse.ArgumentParser) -> None:
    train.add_argument("data", metavar="DATA", help="a CSV file, or the name of a built-in data set")
    data = train.add_argument_group("data")
    data.add_argument("--target", metavar="COLUMN", help="the column to predict (the last)")
    data.add_argument(
        "--task", choices=["classes", "regression"], metavar="KIND",
        help="classes or regression (classes for texts and for few different whole numbers)",
    )  # fmt: skip
    _table_options(data)
    data.add_argument("--text", metavar="COLUMN", action="append", default=[], help="read this column as text (repeat)")
    data.add_argument("--ignore", metavar="COLUMN", action="append", default=[], help="leave this column out (repeat)")
    data.add_argument("--validation", type=_share, metavar="SHARE", help="part for early stopping (0.2)")
    data.add_argument("--test", type=_share, metavar="SHARE", help="part for the final figures (0.2)")
    network = train.add_argument_group("network")
    network.add_argument("--hidden", type=_sizes, metavar="N,N", help="sizes of the hidden layers, or none (16,16)")
    network.add_argument(
        "--activation",
        type=_name("activation", {**ACTIVATIONS, **LEARNED_ACTIVATIONS}),
        metavar="NAME",
        help="of the hidden layers (relu)",
    )
    training = train.add_argument_group("training")
    training.add_argument(
        "--optimizer", type=_name("optimizer", OPTIMIZERS), metavar="NAME", help=f"{', '.join(OPTIMIZERS)} (adam)"
    )
    training.add_argument(
        "--learning-rate", type=_positive, metavar="X", help="size of a step (by the optimizer: 0.01 for adam)"
    )
    training.add_argument("--epochs", type=_count, metavar="N", help="most passes over the data (by its size)")
    training.add_argument("--batch-size", type=_count, metavar="N", help="samples per update (16; 32 from 2,000 on)")
    training.add_argument(
        "--patience",
        type=_whole,
        metavar="N",
        help="epochs without improvement to wait for; 0: never stop early (10 or more)",
    )
    training.add_argument(
        "--dropout", type=_share, default=0.0, metavar="P", help="share of hidden outputs dropped (0)"
    )
    training.add_argument("--l2", type=_not_negative, metavar="X", help="strength of the L2 penalty (by the samples)")
    training.add_argument("--seed", type=_seed, default=1, metavar="N", help="makes a run repeat bit for bit (1)")
    output = train.add_argument_group("output")
    output.add_argument("--out", type=Path, metavar="DIR", help="where files are written (runs/NAME)")
    output.add_argument("--quiet", action="store_true", help="no progress bar, and no words but errors and warnings")


def _table_options(group: argparse._ArgumentGroup) -> None:
    """How a CSV file is read; what is not given is found."""
    group.add_argument("--delimiter", metavar="C", help='what stands between values: a character, "tab" or "space"')
    group.add_argument("--encoding", metavar="NAME", help="how the file is encoded, as cp1252")
    group.add_argument("--header", choices=["yes", "no"], help="whether the first line names the columns")
    group.add_argument(
        "--missing",
        metavar="TEXT",
        action="append",
        default=[],
        help="stands for a missing value too, beside the usual NA, ? and so on; predict knows it then (repeat)",
    )
    group.add_argument(
        "--keep",
        metavar="TEXT",
        action="append",
        default=[],
        help="is a value, although it usually stands for a missing one, as NA for Namibia (repeat)",
    )


def _predict(predict: argparse.ArgumentParser) -> None:
    predict.add_argument("model", type=Path, metavar="MODEL", help="a run's directory or a .safetensors file")
    predict.add_argument("data", type=Path, metavar="DATA.csv", help="the rows to predict for")
    predict.add_argument("--out", type=Path, metavar="FILE", help="where to write the CSV (standard output)")
    _table_options(predict.add_argument_group("data"))


def _show(show: argparse.ArgumentParser) -> None:
    show.add_argument("model", type=Path, metavar="MODEL", help="a run's directory or a .safetensors file")
    show.add_argument("--network", type=Path, metavar="FILE", help="draw the network there: .svg or .png")


def _wrong(text: str, wanted: str) -> argparse.ArgumentTypeError:
    return argparse.ArgumentTypeError(f"{quoted(text)} is not {wanted}")


def _whole(text: str, least: int = 0, most: int = 10**12) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal()) or (len(digits) <= LONGEST and int(digits) < least):
        raise _wrong(text, f"a whole number of at least {least}")
    if len(digits) > LONGEST or int(digits) > most:
        raise _wrong(text, f"a whole number from {least} to {most:,}")
    return int(digits)


def _count(text: str) -> int:
    return _whole(text, 1)


def _seed(text: str) -> int:
    return _whole(text, most=2**32 - 1)  # what numpy's generators take


def _sizes(text: str) -> list[int]:
    if text == "none":
        return []
    try:
        return [_count(size) for size in text.split(",")]
    except argparse.ArgumentTypeError:
        raise _wrong(text, "a list of layer sizes of at least 1, as in 16,16, or none") from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _positive(text: str) -> float:
    if not 0 < _number(text) < math.inf:
        raise _wrong(text, "a positive number")
    return float(text)


def _not_negative(text: str) -> float:
    if not 0 <= _number(text) < math.inf:
        raise _wrong(text, "a number of at least 0")
    return float(text)


def _share(text: str) -> float:
    if not 0 <= _number(text) < 1:
        raise _wrong(text, "a share from 0 to less than 1, as 0.2")
    return float(text)


def _name(kind: str, table: Mapping[str, object]) -> Callable[[str], str]:
    def check(text: str) -> str:
        try:
            look_up(kind, text, table)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None
        return text

    return check
