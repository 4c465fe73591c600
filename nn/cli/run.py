"""One training run: split, preprocess, train, and what came out.

It owns the order of these steps and the record of the run; it must not know how it is printed or written.
Read next: `measures.py`, which judges the run, and `results.py`, which reports it.
"""

from __future__ import annotations

import argparse
import warnings
from dataclasses import asdict, dataclass, field, replace
from time import perf_counter
from typing import Any

from ..modules import MLP
from ..optimizers import OPTIMIZERS
from ..pipeline import Pipeline
from ..preprocessing import Preprocessing, Target, split
from ..regularizers import L2
from ..tasks import task_of
from ..training import EarlyStopping, History, NotFiniteError, Training, fit
from .errors import one_line
from .pace import Pace, pace
from .recipes import Recipe, n_parameters, recipe
from .source import USUAL, Source

__all__ = ["Part", "Plan", "Run", "plan", "train"]

MOST_PARAMETERS = 1_000_000
"""What takes a Gigabyte or so, and minutes for each epoch of a small data set."""

FEW = 12
"""With fewer samples than that, a split is not worth while."""


@dataclass(frozen=True)
class Part:
    """Samples with their targets, raw."""

    name: str
    rows: Any
    answers: Any


@dataclass(frozen=True)
class Plan:
    """What will be trained, on what, and how.

    Attributes:
        source: All samples.
        parts: "train" and, unless their shares are 0, "validation" and "test".
        pipeline: The network, not trained yet, with what was fitted on the training part.
        recipe: How to train; where something was asked for, it is that.
        dropout: The share of hidden outputs that are dropped.
        seed: What makes weights, split and orders repeat.
    """

    source: Source
    parts: tuple[Part, ...]
    pipeline: Pipeline
    recipe: Recipe
    dropout: float
    seed: int

    def part(self, name: str) -> Part | None:
        """The part of that name, if there is one."""
        return next((part for part in self.parts if part.name == name), None)


@dataclass
class Run:
    """What came out.

    Attributes:
        plan: What was asked for; its pipeline is trained now.
        history: One row per epoch.
        best_epoch: The epoch whose weights were kept; 0 if the last ones were.
        seconds: How long training took.
        failure: What stopped it, if something was not finite; "" otherwise.
        warnings: What libraries had to say.
        pace: How long an epoch takes, if training was compiled.
    """

    plan: Plan
    history: History
    best_epoch: int = 0
    seconds: float = 0.0
    failure: str = ""
    warnings: list[str] = field(default_factory=list)
    pace: Pace | None = None


def plan(source: Source, options: argparse.Namespace) -> Plan:
    """Split the samples, fit the preprocessing on the training part, build the network.

    Raises:
        ValueError: If there are too few samples of a class, or one class only, the target does not suit the task, or
            the network would be too large.
    """
    whole = Target.fit(source.answers, source.classes)
    parts = _parts(source, bool(whole.classes), options)
    train = parts[0]
    target = whole if whole.classes else Target.fit(train.answers, classes=False)
    preprocessing = Preprocessing.fit(train.rows, names=source.names)
    n_features = len(preprocessing.feature_names)
    suits = recipe(
        len(train.answers), n_features, len(target.classes) or None, options.hidden, options.optimizer or "adam"
    )
    _check_size(n_parameters(n_features, [*suits.hidden, suits.n_outputs]))
    chosen = _as_asked(suits, options, any(part.name == "validation" for part in parts))
    network = MLP(
        n_features, [*chosen.hidden, chosen.n_outputs], activation=chosen.activation, dropout=options.dropout,
        seed=options.seed,
    )  # fmt: skip
    pipeline = Pipeline(network, preprocessing, target, task_of(chosen.loss).name)
    return Plan(source, parts, pipeline, chosen, options.dropout, options.seed)


def _check_size(parameters: int) -> None:
    """That the network can be built and trained at all.

    Raises:
        ValueError: If there are too many weights and biases.
    """
    if parameters > MOST_PARAMETERS:
        raise ValueError(
            f"a network of {parameters:,} weights and biases is too large: each is a Value of its own, of hundreds "
            f"of bytes and a microsecond or two for every sample. Up to {MOST_PARAMETERS:,} are built: take smaller "
            "--hidden layers, or fewer columns and classes"
        )


def _parts(source: Source, classes: bool, options: argparse.Namespace) -> tuple[Part, ...]:
    validation, test = options.validation, options.test
    if len(source.answers) < FEW:
        validation, test = validation or 0.0, test or 0.0
    else:
        validation, test = (0.2 if share is None else share for share in (validation, test))
    parts = split(source.rows, source.answers, validation, test, seed=options.seed, classes=classes)
    names = ("train", "validation", "test")
    return tuple(Part(name, rows, answers) for name, (rows, answers) in zip(names, parts, strict=True) if len(answers))


def _as_asked(chosen: Recipe, options: argparse.Namespace, validated: bool) -> Recipe:
    """The recipe with what was asked for in its place."""
    names = ("epochs", "batch_size", "patience", "activation", "learning_rate", "l2")
    asked: dict[str, Any] = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    return replace(chosen, **{"patience": chosen.patience if validated else 0, **asked})


def train(plan: Plan, progress: bool = True) -> Run:
    """Train the network of the plan.

    Training that is not finite, or is interrupted, gives a run too: with the epochs until then and the last good
    weights.
    """
    chosen, validated = plan.recipe, plan.part("validation")
    train = plan.parts[0]
    stopping = [EarlyStopping(chosen.patience)] if chosen.patience and validated else []
    network: Any = plan.pipeline.network
    record, failure, began = _Record(), "", perf_counter()
    optimizer = OPTIMIZERS[chosen.optimizer](network.parameters(), learning_rate=chosen.learning_rate)
    encoded = _encoded(plan.pipeline, train)
    options: dict[str, Any] = {
        "loss": chosen.loss, "batch_size": chosen.batch_size, "seed": plan.seed,
        "regularizer": L2(chosen.l2) if chosen.l2 else None,
    }  # fmt: skip
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", UserWarning)
        try:
            history = fit(
                network, *encoded, optimizer=optimizer, epochs=chosen.epochs, progress=progress,
                callbacks=[record, *stopping],
                validation=_encoded(plan.pipeline, validated) if validated else None, compiled="auto", **options,
            )  # fmt: skip
        except NotFiniteError as error:
            history, failure = error.history or History(), one_line(error)
        except KeyboardInterrupt:  # the second Ctrl-C: the epochs until then count
            history = record.history
            history.interrupted = True
    run = Run(plan, history, stopping[0].best_epoch if stopping else 0, perf_counter() - began, failure)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # as of a few samples that are all of one class
        run.pace = _paced(run, encoded, options)
    run.warnings = list(dict.fromkeys(one_line(warning.message) for warning in said))
    plan.pipeline.settings = _settings(run)
    return run


def _paced(run: Run, encoded: tuple[Any, Any], options: dict[str, Any]) -> Pace | None:
    """How long an epoch takes; None if training was not compiled, or ended too soon to compare."""
    if run.failure or run.history.interrupted:
        return None
    network: Any = run.plan.pipeline.network
    return pace(run.history, network, *encoded, optimizer=run.plan.recipe.optimizer, **options)


class _Record:
    """A callback that knows the history, also if training ends without giving it."""

    def __init__(self) -> None:
        self.history = History()

    def on_epoch_end(self, training: Training) -> None:
        self.history = training.history


def _encoded(pipeline: Pipeline, part: Part) -> tuple[Any, Any]:
    return pipeline.preprocessing.transform(part.rows), pipeline.target.encode(part.answers)


def _settings(run: Run) -> dict[str, Any]:
    """How the network was trained, for the record: everything but the time that it took."""
    plan = run.plan
    return {
        "data": _storable(plan.source.name), "target": plan.source.target,
        "samples": {part.name: len(part.answers) for part in plan.parts},
        **asdict(plan.recipe), "hidden": list(plan.recipe.hidden), "dropout": plan.dropout, "seed": plan.seed,
        **({"missing": list(plan.source.missing)} if tuple(plan.source.missing) != USUAL else {}),
        "epochs_trained": len(run.history.rows), "best_epoch": run.best_epoch,
    }  # fmt: skip


def _storable(name: str) -> str:
    """The name of a file, without what UTF-8 does not have."""
    return name.encode("utf-8", "backslashreplace").decode()
