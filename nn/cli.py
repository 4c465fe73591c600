"""The command line: `python -m nn train DATASET` trains a network, shows it, and writes what it learnt.

It owns what is asked for, what is printed, where files go and the exit status; the work is done by the other modules.
Read next: `training.py`, `data.py` and `plots.py`.

Exit status: 0 done, 2 bad input (one line on stderr), 3 training not finite, 130 interrupted (what was learnt is
written first).
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, NoReturn

from .losses import binary_cross_entropy_with_logits
from .metrics import class_from_logits
from .modules import MLP
from .optimizers import SGD
from .training import NotFiniteError, evaluate, fit

if TYPE_CHECKING:
    from .data import Split
    from .training import History

__all__ = ["main"]

RECIPES = {"moons": (60, 0.3), "breast_cancer": (20, 0.05)}
"""What suits each data set where nothing else is asked for: epochs and learning rate."""

DONE, BAD_INPUT, NOT_FINITE, INTERRUPTED = 0, 2, 3, 130

EXAMPLES = """\
examples:
  python -m nn train breast_cancer
  python -m nn train moons --hidden 8,8 --epochs 100 --learning-rate 0.3
  python -m nn train moons --seed 7 --out runs/moons-7

data sets: moons (2 features, drawn by scikit-learn), breast_cancer (30 features, 569 tumours)
exit status: 0 done, 2 bad input, 3 training not finite, 130 interrupted
"""


class BadInputError(Exception):
    """What was asked for cannot be done; the message is the line that says why."""


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and leave with status 2."""
        self.exit(BAD_INPUT, f"{self.prog}: error: {message} (--help shows how)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: What stands behind the name of the program; None for those it was started with.

    Returns:
        The exit status.

    Raises:
        SystemExit: After `--help`, and if the arguments are not understood.
    """
    options = _parser().parse_args(arguments)
    try:
        return _train(options)
    except BadInputError as error:
        return _fail(BAD_INPUT, str(error))
    except NotFiniteError as error:
        return _fail(NOT_FINITE, f"training stopped, nothing was written: {error}")
    except KeyboardInterrupt:
        return _fail(INTERRUPTED, "interrupted, nothing was written")


def _fail(status: int, message: str) -> int:
    print(f"python -m nn: error: {message}", file=sys.stderr)
    return status


def _parser() -> Parser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = Parser(
        prog="python -m nn", description="Neural networks made of scalar Values.", epilog=EXAMPLES, formatter_class=raw
    )
    commands = parser.add_subparsers(title="commands", dest="command", required=True, metavar="COMMAND")
    train = commands.add_parser(
        "train", help="train a multi-layer perceptron on a data set", epilog=EXAMPLES, formatter_class=raw,
        description="Train a multi-layer perceptron and write its history, its pictures and the network drawn.",
    )  # fmt: skip
    train.add_argument("dataset", metavar="DATASET", help="moons or breast_cancer")
    train.add_argument(
        "--hidden", type=_sizes, default=[16, 16], metavar="N,N", help="sizes of the hidden layers (16,16)"
    )
    train.add_argument("--epochs", type=_count, metavar="N", help="passes over the data (moons 60, breast_cancer 20)")
    train.add_argument(
        "--learning-rate", type=_rate, metavar="X", help="size of a step (moons 0.3, breast_cancer 0.05)"
    )
    train.add_argument("--batch-size", type=_count, default=16, metavar="N", help="samples per update (16)")
    train.add_argument("--seed", type=_seed, default=1, metavar="N", help="makes a run repeat bit for bit (1)")
    train.add_argument("--out", type=Path, metavar="DIR", help="where files are written (runs/DATASET)")
    return parser


def _count(text: str) -> int:
    if not text.strip().isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def _seed(text: str) -> int:
    if not text.strip().isdecimal() or int(text) >= 2**32:  # what numpy's generators take
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to {2**32 - 1}")
    return int(text)


def _sizes(text: str) -> list[int]:
    try:
        return [_count(size) for size in text.split(",")]
    except argparse.ArgumentTypeError:
        message = f"{text!r} is not a list of layer sizes of at least 1, as in 16,16"
        raise argparse.ArgumentTypeError(message) from None


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if not (rate > 0 and math.isfinite(rate)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return rate


def _train(options: argparse.Namespace) -> int:
    from . import data

    try:
        dataset = data.load(options.dataset)
    except ValueError as error:
        raise BadInputError(str(error)) from None
    out = _writable(options.out or Path("runs", dataset.name))  # before the training, not after it
    split = data.prepare(dataset, seed=options.seed)
    epochs, learning_rate = RECIPES[dataset.name]
    epochs, learning_rate = options.epochs or epochs, options.learning_rate or learning_rate
    model = MLP(dataset.X.shape[1], [*options.hidden, 1], seed=options.seed)
    print(
        f"{dataset.name}: {len(dataset.y)} samples of {len(dataset.feature_names)} features, standardised; "
        f"{len(split.y_train)} to train on, {len(split.y_test)} to test\n"
        f"classes: {' and '.join(dataset.class_names)}\n{model!r}\n"
        f"SGD with learning rate {learning_rate:g}, {epochs} epochs, minibatches of "
        f"{options.batch_size}, seed {options.seed}",
        flush=True,
    )
    began = perf_counter()
    history = fit(
        model, split.X_train, split.y_train, loss=binary_cross_entropy_with_logits,
        optimizer=SGD(model.parameters(), learning_rate=learning_rate), epochs=epochs,
        batch_size=options.batch_size, decide=class_from_logits, validation=(split.X_test, split.y_test),
        seed=options.seed,
    )  # fmt: skip
    seconds = perf_counter() - began
    if history.interrupted:
        print(f"interrupted in epoch {len(history.rows)}: writing what was learnt", file=sys.stderr)
    _print_table(model, split, seconds)
    try:
        written = _write(out, model, split, history)
    except OSError as error:
        raise BadInputError(f"cannot write to {out}: {error.strerror or error}") from None
    print("written:", *written, sep="\n  ")
    return INTERRUPTED if history.interrupted else DONE


def _writable(directory: Path) -> Path:
    """The directory, made if need be, and known to take files."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            return directory
    except OSError as error:
        raise BadInputError(
            f"cannot write to {directory}: {error.strerror or error}; name another with --out"
        ) from None


def _print_table(model: MLP, split: Split, seconds: float) -> None:
    parts = {"train": (split.X_train, split.y_train), "test": (split.X_test, split.y_test)}
    print(f"\n{'':10}{'samples':>10}{'loss':>10}{'accuracy':>10}")
    for name, (X, y) in parts.items():
        measured = evaluate(model, X, y, loss=binary_cross_entropy_with_logits, decide=class_from_logits)
        print(f"{name:10}{len(y):>10}{measured['loss']:>10.4f}{measured['accuracy']:>10.4f}")
    print(f"{model.n_parameters} parameters, trained in {seconds:.1f} seconds\n", flush=True)


def _write(out: Path, model: MLP, split: Split, history: History) -> list[Path]:
    """Write the history and the pictures. Returns their paths."""
    from autograd import no_grad

    from . import plots

    dataset = split.dataset
    written = [out / "history.csv", out / "learning_curve.png", out / "network.svg"]
    history.to_csv(written[0])
    figure = plots.new_figure(9, 3.8)
    for ax, quantity in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        plots.learning_curve(history, quantity, ax)
    figure.suptitle(f"{dataset.name}, {model.n_parameters} parameters")
    figure.savefig(written[1])
    title = f"{dataset.name}: positive output means {dataset.class_names[1]}"
    model.graph(inputs=dataset.feature_names, outputs=dataset.class_names[1:], title=title).save(written[2])
    if len(dataset.feature_names) == 2:
        figure = plots.new_figure(7.2, 5.6)
        with no_grad():
            plots.decision_boundary(
                lambda x: float(model(x)), split.X_train, split.y_train, X_test=split.X_test, y_test=split.y_test,
                score_name="output (logit)", class_names=dataset.class_names, ax=figure.subplots(),
                feature_names=[f"{name}, standardised" for name in dataset.feature_names],
            )  # fmt: skip
        written.append(out / "decision_boundary.png")
        figure.savefig(written[-1])
    return written
