"""How good predictions are: the mean loss and the metrics of a part of the data.

It owns the step from a network's outputs to figures; it must not know how a network is trained.
Read next: `loop.py`, which asks for these figures every epoch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from .. import metrics as table
from ..lookup import look_up
from ..losses import Loss
from ..metrics.checks import plain
from ..tasks import Task
from .history import Row

__all__ = ["Decide", "Judge", "Metric"]

Decide: TypeAlias = Callable[[Any], Any]
Metric: TypeAlias = str | Callable[[Any, Any], float]


OF_NUMBERS = {"r2", "mae", "rmse"}
"""The metrics of predicted numbers, which say nothing about classes."""


class Judge:
    """A loss with the metrics that go with it.

    Args:
        loss: Maps (outputs, target) of one sample to its loss.
        task: What the loss says about the outputs.
        decide: Maps outputs to the prediction that the metrics see; None for the task's.
        metrics: Names or functions (y_true, y_pred); None for those that suit the task.

    Raises:
        ValueError: If there is no metric of a name, or one of numbers is to measure classes.
        TypeError: If a metric is neither a name nor a function, metrics is no list, or decide no function.

    Example:
        >>> from nn.losses import binary_cross_entropy
        >>> from nn.tasks import task_of
        >>> judge = Judge(binary_cross_entropy, task_of(binary_cross_entropy))
        >>> judge.measure([0.25, 0.75], [0.9, 0.4], [1, 1])
        {'loss': 0.5, 'accuracy': 0.5}
    """

    def __init__(
        self, loss: Loss, task: Task, decide: Decide | None = None, metrics: Sequence[Metric] | None = None
    ) -> None:
        self.loss, self.task = loss, task
        if decide is not None and not callable(decide):
            raise TypeError(f"decide maps outputs to a prediction: a function, as class_from_logits; got {decide!r}")
        self.decide = decide or task.decide
        if metrics is None:
            metrics = ("accuracy",) if decide else task.metrics
        if isinstance(metrics, str) or not isinstance(metrics, Sequence):
            raise TypeError(f'metrics must be a list, as ["accuracy"]; got {metrics!r}')
        self.metrics = dict(_named(metric) for metric in metrics)
        taken = {"epoch", "loss", "learning_rate", "seconds"}.intersection(self.metrics)
        if taken or len(self.metrics) < len(metrics):
            raise ValueError(
                f"every metric needs a name of its own, which a function has from its def; got {list(self.metrics)}"
            )
        if task.kind in ("binary", "multiclass") and (amiss := set(self.metrics) & OF_NUMBERS):
            raise ValueError(
                f"{min(amiss)} measures predicted numbers, and {task.name} predicts classes: take accuracy"
            )

    def columns(self, validated: bool) -> list[str]:
        """The names of what each row of a history will hold."""
        figures = ["loss", *self.metrics]
        return ["epoch", *figures, *[f"validation_{name}" for name in figures if validated], "learning_rate", "seconds"]

    def measure(self, losses: Sequence[float], outputs: Sequence[Any], targets: Sequence[Any]) -> Row:
        """The mean loss and every metric.

        Args:
            losses: The loss of each sample.
            outputs: The outputs for each, plain numbers.
            targets: The targets.
        """
        row: Row = {"loss": math.fsum(losses) / len(losses)}
        if self.metrics:
            true = [plain(self.task.truth(target)) for target in targets]
            predictions = [plain(self.decide(output)) for output in outputs]
            for name, metric in self.metrics.items():
                of_scores = name in table.SCORE_METRICS
                seen = [self._score(output) for output in outputs] if of_scores else predictions
                row[name] = _number(name, metric(true, seen))
        return row

    def measure_in_training(self, losses: Sequence[float], outputs: Sequence[Any], targets: Sequence[Any]) -> Row:
        """As `measure`; nan for metrics that are undefined for these samples, as ROC AUC of a single class.

        Training does not end for that: it may be an epoch that was interrupted.
        """
        try:
            return self.measure(losses, outputs, targets)
        except ValueError:
            return {"loss": math.fsum(losses) / len(losses), **dict.fromkeys(self.metrics, math.nan)}

    def _score(self, output: Any) -> Any:
        """What metrics of scores see: the probabilities of the classes, or of class 1 alone; else the outputs."""
        probabilities = self.task.probabilities(output)
        if probabilities is None:
            return output
        return probabilities[1] if len(probabilities) == 2 else probabilities


def _number(name: str, figure: Any) -> float:
    try:
        return float(figure)
    except TypeError:
        raise TypeError(f"the metric {name} must give a number, and gave {figure!r:.60}") from None


def _named(metric: Metric) -> tuple[str, Callable[[Any, Any], float]]:
    if isinstance(metric, str):
        return metric, look_up("metric", metric, table.METRICS)
    if not callable(metric):
        raise TypeError(f"a metric is a name or a function (y_true, y_pred), not {metric!r}")
    names = [name for name, known in table.METRICS.items() if known is metric]
    return names[0] if names else getattr(metric, "__name__", type(metric).__name__), metric
