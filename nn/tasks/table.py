"""The table of tasks: which class or number outputs stand for, and which activations suit it.

It owns the step from the outputs of one sample to a prediction and probabilities; it must not know optimizers or
training. Read next: `matching.py`, which warns where a network and a loss do not match.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf
from numbers import Real
from typing import Any

from autograd import Value, exp, sigmoid, softmax

from .. import losses
from ..losses import Loss

__all__ = ["RANGES", "TASKS", "Task", "name_of", "output_activation_of", "task_of"]

RANGES: Mapping[str, tuple[float, float]] = {
    "linear": (-inf, inf),
    "step": (0.0, 1.0),
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "relu": (0.0, inf),
    "leaky_relu": (-inf, inf),
    "prelu": (-inf, inf),
    "elu": (-1.0, inf),
    "selu": (-1.7581, inf),
    "celu": (-1.0, inf),
    "gelu": (-0.17, inf),
    "silu": (-0.2785, inf),
    "swish": (-0.2785, inf),
    "mish": (-0.3089, inf),
    "softplus": (0.0, inf),
    "softsign": (-1.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "hard_tanh": (-1.0, 1.0),
    "softmax": (0.0, 1.0),
    "log_softmax": (-inf, 0.0),
}
"""The outputs that each activation can give, from the lowest to the highest."""


@dataclass(frozen=True)
class Task:
    """What outputs mean: how they become a prediction and probabilities.

    Outputs are those of one sample: a Value or a number, or a sequence of them.

    Attributes:
        name: The name in `TASKS`.
        kind: `"binary"`, `"multiclass"`, `"regression"` or `"raw"`.
        decide: Outputs to the prediction: an int for a class (-1 or +1 for margins), a number for regression; of
            several outputs that stand each for itself, a list of them.
        probabilities: Outputs to the probability of every class, a list, `[1 - p, p]` for one output. Of several
            labels, each with its own output: the probability of every label, as scikit-learn's MLPClassifier gives
            them. None where the outputs are no probabilities: scores, numbers.
        truth: A target to the form of a prediction: a one-hot row to its class, a list of one to the one,
            a probability to the likelier class.
        fitting_activations: The output activations that suit the losses of this task.
        metrics: The names in `METRICS` of what is measured unless told.

    Example:
        >>> task = TASKS["classes_logits"]
        >>> task.decide([0.5, 2.0, 0.0]), [round(p, 2) for p in task.probabilities([0.5, 2.0, 0.0])]
        (1, [0.16, 0.74, 0.1])
        >>> task.truth([0, 0, 1])
        2
    """

    name: str
    kind: str
    decide: Callable[[Any], Any]
    probabilities: Callable[[Any], list[float] | None]
    truth: Callable[[Any], Any]
    fitting_activations: tuple[str, ...]
    metrics: tuple[str, ...]


def _numbers(outputs: Any) -> list[float]:
    """The outputs as floats, also of one that is alone."""
    if type(outputs) is list and set(map(type, outputs)) == {float}:
        return outputs
    plain = outputs.tolist() if hasattr(outputs, "tolist") else outputs
    return [float(plain)] if isinstance(plain, (Value, Real)) else [float(x) for x in plain]


def _alone(numbers: list[Any]) -> Any:
    """What a list of one holds; longer lists as they are."""
    return numbers[0] if len(numbers) == 1 else numbers


def _above(limit: float, below: int) -> Callable[[Any], Any]:
    """1 for outputs above the limit, else what stands for the other class."""
    return lambda outputs: _alone([1 if x > limit else below for x in _numbers(outputs)])


def _largest(outputs: Any) -> int:
    numbers = _numbers(outputs)
    return numbers.index(max(numbers))


def _from_probabilities(outputs: Any) -> list[float]:
    p = _numbers(outputs)
    return [1.0 - p[0], p[0]] if len(p) == 1 else p


def _from_logits(outputs: Any) -> list[float]:
    z = _numbers(outputs)
    # s(-z), not 1 - s(z): the digits of a small probability
    return [sigmoid(-z[0]), sigmoid(z[0])] if len(z) == 1 else [sigmoid(x) for x in z]


def _none(outputs: Any) -> None:
    return None


def _class_of(target: Any) -> int:
    """The class that a target names: itself, or the place of the largest in a row."""
    plain = target.tolist() if hasattr(target, "tolist") else target
    return int(plain) if isinstance(plain, (int, float)) else _largest(plain)


def _as_numbers(outputs: Any) -> Any:
    return _alone(_numbers(outputs))


def _fitting(suits: Callable[[float, float], bool]) -> tuple[str, ...]:
    """The activations whose lowest and highest output suit; step passes no gradient and suits no loss."""
    return tuple(name for name, (low, high) in RANGES.items() if name != "step" and suits(low, high))


_ANY_NUMBER = _fitting(lambda low, high: low == -inf and high == inf)

TASKS: Mapping[str, Task] = {
    task.name: task
    for task in (
        Task(
            "binary_logits", "binary", _above(0.0, 0), _from_logits, _above(0.5, 0), _ANY_NUMBER, ("accuracy",)
        ),
        Task(
            "binary_probabilities", "binary", _above(0.5, 0), _from_probabilities, _above(0.5, 0),
            ("sigmoid", "hard_sigmoid", "softmax"), ("accuracy",),
        ),
        Task(
            "margin", "binary", _above(0.0, -1), _none, _above(0.0, -1),
            _fitting(lambda low, high: low <= -1 and high >= 1), ("accuracy",),
        ),
        Task(
            "classes_logits", "multiclass", _largest, lambda outputs: softmax(_numbers(outputs)), _class_of,
            _fitting(lambda low, high: low == -inf or high == inf), ("accuracy",),
        ),
        Task("classes_probabilities", "multiclass", _largest, _numbers, _class_of, ("softmax",), ("accuracy",)),
        Task(
            "classes_margin", "multiclass", _largest, _none, _class_of,
            _fitting(lambda low, high: high - low > 1), ("accuracy",),
        ),
        Task(
            "log_rate", "regression", lambda outputs: _alone([exp(z) for z in _numbers(outputs)]), _none, _as_numbers,
            _fitting(lambda low, high: low < 0 and high == inf), ("mae",),
        ),
        Task("regression", "regression", _as_numbers, _none, _as_numbers, _fitting(lambda low, high: True), ("mae",)),
        Task("raw", "raw", _as_numbers, _none, lambda target: target, tuple(RANGES), ()),
    )
}  # fmt: skip
"""The tasks by name, so that a saved model can name its own."""

_TASK_OF_LOSS = {
    "mean_absolute_error": "regression",
    "mean_squared_error": "regression",
    "half_squared_error": "regression",
    "huber": "regression",
    "log_cosh": "regression",
    "binary_cross_entropy": "binary_probabilities",
    "binary_cross_entropy_with_logits": "binary_logits",
    "categorical_cross_entropy": "classes_probabilities",
    "categorical_cross_entropy_with_logits": "classes_logits",
    "hinge": "margin",
    "squared_hinge": "margin",
    "multiclass_hinge": "classes_margin",
    "kl_divergence": "classes_probabilities",
    "poisson": "log_rate",
}


def task_of(loss: str | Loss, output_activation: str | None = None, targets: Sequence[Any] | None = None) -> Task:
    """What the outputs mean, going by the loss that they are trained with.

    A loss of errors, as the squared one, says that they are numbers. They are classes after all if the output
    activation and every target say so: a sigmoid and 0 or 1, softmax and one-hot rows, tanh and -1 or +1.

    Args:
        loss: A name in `LOSSES` or a function, with settings in a `functools.partial` or without.
        output_activation: The activation of the outputs, as `output_activation_of` tells it; None if not known.
        targets: The targets of the samples; None if not known.

    Returns:
        The task; for a loss that is not in `LOSSES` the task "raw", which says nothing.

    Raises:
        ValueError: If there is no loss of that name.
        TypeError: If it is neither a name nor a function.

    Example:
        >>> task_of("hinge").name, task_of(lambda prediction, target: 0.0).name
        ('margin', 'raw')
        >>> task_of("mean_squared_error").name, task_of("mean_squared_error", "sigmoid", [0, 1, 1]).name
        ('regression', 'binary_probabilities')
    """
    name = name_of(loss)
    task = TASKS[_TASK_OF_LOSS[name] if name else "raw"]
    if task.name == "regression" and output_activation is not None and targets is not None and len(targets):
        return TASKS[_classes_after_all(output_activation, targets)]
    return task


def name_of(loss: str | Loss) -> str | None:
    """The name in `LOSSES` of a loss, seen through `functools.partial`; None for a function of your own."""
    function = losses.resolve(loss)
    if isinstance(function, partial):  # one of a partial is one too
        function = function.func
    return next((name for name, known in losses.LOSSES.items() if known is function), None)


def _classes_after_all(output_activation: str, targets: Sequence[Any]) -> str:
    """The name of the task of a loss of errors."""
    try:
        rows = [_numbers(target) for target in targets]
    except (TypeError, ValueError):  # text, for instance: whoever computes the loss says so
        return "regression"
    if output_activation in ("sigmoid", "hard_sigmoid") and all(y in (0, 1) for row in rows for y in row):
        return "binary_probabilities"
    if output_activation in ("tanh", "hard_tanh", "softsign") and all(y in (-1, 1) for row in rows for y in row):
        return "margin"
    if output_activation == "softmax" and all(sum(row) == 1 and set(row) <= {0, 1} for row in rows):
        return "classes_probabilities"
    return "regression"


def output_activation_of(model: Any) -> str | None:
    """The name of the activation that a model's outputs come from.

    Args:
        model: A Neuron, a Layer, or what holds them in a sequence `layers`, as MLP and Sequential do.

    Returns:
        The name; None where it cannot be told, as for a function or a network of your own.

    Example:
        >>> from nn.modules import MLP
        >>> output_activation_of(MLP(2, [3, 1], output_activation="sigmoid")), output_activation_of(max)
        ('sigmoid', None)
    """
    while isinstance(layers := getattr(model, "layers", None), (list, tuple)) and layers:
        model = layers[-1]
    activation = getattr(model, "activation", None)
    return activation if isinstance(activation, str) else None
