"""Whether the output layer, the loss and the targets match in shape and scale.

It owns the checks before training and their warnings, which say nothing where it is not certain; it must not know how
a network is trained. Read next: `table.py`, which says what a loss expects.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from math import inf, isfinite
from numbers import Real
from typing import Any

from autograd import DomainError, ShapeError, Value

from ..losses import Loss
from ..metrics.checks import plain
from ..module import count, evaluating
from .table import RANGES, Task, name_of, output_activation_of, task_of

__all__ = ["MismatchWarning", "check_match", "check_targets"]


class MismatchWarning(UserWarning):
    """The output layer, the loss and the targets do not match: training runs, but cannot give what is meant."""


def check_targets(model: Any, loss: str | Loss, X: Sequence[Any], y: Sequence[Any], of: str = "") -> None:
    """Raise where targets are nothing that a loss takes, or do not fit the number of outputs.

    Args:
        model: What maps one sample to its outputs; it is run on the first sample, in evaluation mode.
        loss: A name in `LOSSES` or a function; nothing is said about one of your own.
        X: The samples.
        y: Their targets, as many.
        of: What they are, for the errors: `"validation: "`.

    Raises:
        ShapeError: If the number of outputs does not fit the targets: not one for each, or too few for a class.
        ValueError: If a target is nothing that the loss takes: text, nan, a class or a count out of its range, a row
            of probabilities of classes that do not sum to 1.

    Example:
        >>> from nn.modules import Neuron
        >>> check_targets(Neuron(1), "binary_cross_entropy_with_logits", [[0.5], [1.5]], [0, 2])
        Traceback (most recent call last):
        ...
        ValueError: the target of sample 1 is 2, but binary_cross_entropy_with_logits takes 0, 1 or a probability \
between: several classes take a categorical loss and one output for each
    """
    try:
        _checked_outputs(model, loss, X, y)
    except ValueError as error:
        raise type(error)(f"{of}{error}") from None


def _checked_outputs(model: Any, loss: str | Loss, X: Sequence[Any], y: Sequence[Any]) -> list[Any] | None:
    """The outputs for the first sample, if they and the loss can be judged; the targets are checked against both."""
    name, task = name_of(loss), task_of(loss)
    if name is None or not len(X) or not len(y):
        return None
    targets = [plain(target) for target in y]
    for i, target in enumerate(targets):
        _check_target(name, task, i, target)
    outputs = _outputs(model, X[0])
    if outputs is not None:
        _check_sizes(name, task, len(outputs), targets)
    return outputs


def check_match(model: Any, loss: str | Loss, X: Sequence[Any], y: Sequence[Any]) -> None:
    """Warn or raise where the outputs of a model, a loss and targets do not match in shape or scale.

    The model is run on the first sample, in evaluation mode. A loss of your own is not judged, nor are outputs whose
    activation is not certain: those of a function, or of a network that goes on computing after its last layer.

    Args:
        model: What maps one sample to its outputs.
        loss: A name in `LOSSES` or a function.
        X: The samples.
        y: Their targets, as many.

    Raises:
        ShapeError: As `check_targets` raises it.
        ValueError: As `check_targets` raises it; or if two samples or more are all of one class.

    Warns:
        MismatchWarning: If the output activation does not suit the loss, or cannot reach a target.

    Example:
        >>> import textwrap, warnings
        >>> from nn.modules import Neuron
        >>> with warnings.catch_warnings(record=True) as caught:
        ...     warnings.simplefilter("always")
        ...     check_match(Neuron(1, activation="sigmoid"), "binary_cross_entropy_with_logits", [[0.5], [1.5]], [0, 1])
        >>> print(textwrap.fill(str(caught[0].message), 100))
        binary_cross_entropy_with_logits takes logits, any numbers, but the output activation sigmoid gives
        only numbers in [0, 1]: write output_activation="linear", or take the loss binary_cross_entropy
    """
    name, task, outputs = name_of(loss), task_of(loss), _checked_outputs(model, loss, X, y)
    if name is None or outputs is None:
        return
    targets = [plain(target) for target in y]
    if complaint := _one_class(task, targets):
        raise ValueError(complaint)
    activation = _certain(output_activation_of(model), outputs)
    if activation and (complaint := _complaint(name, task, activation, len(outputs), targets)):
        warnings.warn(complaint, MismatchWarning, stacklevel=3)  # the line that calls `fit`


# --- the targets ---------------------------------------------------------------------------------------------


def _row(target: Any) -> list[Any]:
    return target if isinstance(target, list) else [target]


def _check_target(name: str, task: Task, i: int, target: Any) -> None:
    """That one target is something that the loss takes, whatever the number of outputs."""
    if task.kind == "multiclass" and isinstance(target, list) and len(target) == 1:
        raise ValueError(f"the target of sample {i} is {target!r:.60}: give the index of the class alone, as y.ravel()")
    for y in _row(target):
        if not isinstance(y, Real):
            remedy = "number the classes 0, 1, 2, ..." if task.kind != "regression" else "targets are numbers"
            raise ValueError(f"the target of sample {i} is {target!r:.60}, but {name} takes no {_kind(y)}: {remedy}")
        if not isfinite(y):
            raise ValueError(f"the target of sample {i} is {target!r:.60}: fill in what is missing or leave it out")
        if problem := _out_of_range(task, isinstance(target, list), float(y)):
            raise ValueError(f"the target of sample {i} is {target!r:.60}, but {name} takes {problem}")
    if task.kind == "multiclass" and isinstance(target, list) and abs(sum(target) - 1) > 1e-6:
        raise ValueError(f"the target of sample {i} is {target!r:.60}: the probabilities of its classes sum to 1")


def _kind(y: Any) -> str:
    return "text" if isinstance(y, str) else type(y).__name__


def _out_of_range(task: Task, in_row: bool, y: float) -> str:
    """What the task takes in place of this number; "" if it is right."""
    if task.name == "margin":
        return "" if y in (-1, 1) else "-1 and +1: from 0 and 1 write 2 * y - 1"
    if task.name == "log_rate":
        return "" if y >= 0 else "counts, 0 or more: take a loss of errors, as mean_squared_error, for other numbers"
    if task.kind == "binary":
        from_signs = "from -1 and +1 write (y + 1) / 2"
        more = "several classes take a categorical loss and one output for each"
        return "" if 0 <= y <= 1 else f"0, 1 or a probability between: {from_signs if y == -1 else more}"
    if task.kind == "multiclass" and in_row:
        return "" if 0 <= y <= 1 else "a class index, or a row of probabilities in [0, 1]"
    if task.kind == "multiclass":
        return "" if y >= 0 and y == int(y) else "the index of a class: number the classes 0, 1, 2, ..."
    return ""


# --- the outputs ---------------------------------------------------------------------------------------------


def _outputs(model: Any, x: Any) -> list[Any] | None:
    """The outputs for a sample; None if there are none that can be counted."""
    try:
        with evaluating(model):
            outputs = model(x.tolist() if hasattr(x, "tolist") else x)
    except DomainError:  # the training loop says where
        return None
    outputs = outputs.tolist() if hasattr(outputs, "tolist") else outputs
    outputs = [outputs] if isinstance(outputs, (Value, Real)) else outputs
    if not isinstance(outputs, (list, tuple)) or not all(isinstance(output, (Value, Real)) for output in outputs):
        return None
    return list(outputs) or None


def _check_sizes(name: str, task: Task, n: int, targets: list[Any]) -> None:
    if task.kind == "multiclass" and n == 1:
        raise ShapeError(
            f"{name} needs one output for each class, 2 at least, and the model gives 1: give its last layer an output "
            "for each class, or take the loss binary_cross_entropy_with_logits"
        )
    of_classes = task.kind == "multiclass"
    for i, target in enumerate(targets):
        if of_classes and not isinstance(target, list):
            if target >= n:
                raise ShapeError(_class_without_output(i, int(target), n, targets))
        elif len(_row(target)) != n:
            raise ShapeError(
                f"{name} needs one target for each output: the model gives {count(n, 'output')}, and sample {i} has "
                f"{count(len(_row(target)), 'target')}: give the last layer as many outputs as there are targets"
            )


def _class_without_output(i: int, label: int, n: int, targets: list[Any]) -> str:
    numbers = [int(target) for target in targets if not isinstance(target, list)]
    remedy = (
        "number the classes from 0" if min(numbers) == 1 and max(numbers) == n else "give the last layer more outputs"
    )
    return f"sample {i} has the class {label}, but the model gives {n} outputs, for the classes 0 to {n - 1}: {remedy}"


# --- the activation ------------------------------------------------------------------------------------------

# The op that computes an output of each activation, where it is not named as the activation.
_LAST_OP = {"linear": "dot", "swish": "silu", "softmax": "div", "log_softmax": "sub"}


def _certain(activation: str | None, outputs: list[Any]) -> str | None:
    """The activation of the last layer, if it is what computed the outputs: the model may have gone on from there."""
    expected = _LAST_OP.get(activation or "", activation)
    computed = all(
        isinstance(output, Value) and output.op is not None and output.op.name == expected for output in outputs
    )
    return activation if activation in RANGES and computed else None


_TAKES = {
    "binary_logits": "logits, any numbers",
    "binary_probabilities": "probabilities in [0, 1]",
    "margin": "scores, below -1 for one class and above 1 for the other",
    "classes_logits": "logits, any numbers",
    "classes_probabilities": "probabilities that sum to 1",
    "classes_margin": "scores, that of the true class larger by 1 than the others",
    "log_rate": "logarithms of rates, any numbers",
}

_WITH_LOGITS = {
    "binary_cross_entropy": "binary_cross_entropy_with_logits",
    "categorical_cross_entropy": "categorical_cross_entropy_with_logits",
    "kl_divergence": "categorical_cross_entropy_with_logits, whose gradients are the same",
}


def _complaint(name: str, task: Task, activation: str, n: int, targets: list[Any]) -> str:
    """What is wrong with the output activation; "" if nothing is."""
    if activation == "step":
        return f"the output activation step passes no gradient, so that no weight learns: {_remedy(name, activation)}"
    if task.kind == "regression" and task.name != "log_rate":
        return _out_of_reach(name, activation, targets)
    if activation == "softmax" and n == 1:
        return f"softmax of one output is always 1, whatever {name} asks for: {_remedy(name, 'sigmoid')}"
    if activation in task.fitting_activations:
        return ""
    gives = f"the output activation {activation} gives {_range(activation)}"
    return f"{name} takes {_TAKES[task.name]}, but {gives}: {_remedy(name, activation)}"


def _range(activation: str) -> str:
    low, high = RANGES[activation]
    if low == -inf and high == inf:
        return "any number"
    if low > -inf and high < inf:
        return f"only numbers in [{low:g}, {high:g}]"
    return f"only numbers of at least {low:g}" if high == inf else f"only numbers of at most {high:g}"


def _remedy(name: str, activation: str) -> str:
    linear = 'write output_activation="linear"'
    if name in _WITH_LOGITS:
        suits = "sigmoid" if name == "binary_cross_entropy" else "softmax"
        return f'write output_activation="{suits}", or "linear" and the loss {_WITH_LOGITS[name]}'
    without = {
        ("binary_cross_entropy_with_logits", "sigmoid"): ", or take the loss binary_cross_entropy",
        ("categorical_cross_entropy_with_logits", "softmax"): ", or take the loss categorical_cross_entropy",
    }
    return linear + without.get((name, activation), "")


def _out_of_reach(name: str, activation: str, targets: list[Any]) -> str:
    """The target that the activation cannot give and that is farthest away; "" if there is none."""
    low, high = RANGES[activation]
    far, i, y = max((max(low - y, y - high), -i, y) for i, target in enumerate(targets) for y in _row(target))
    if far <= 1e-6 * max(1.0, abs(y)):  # rounding of targets that were scaled to the range
        return ""
    return (
        f"{name}: the output activation {activation} gives {_range(activation)} and cannot reach the target of sample "
        f'{-i}, {y!r}: write output_activation="linear", or scale the targets'
    )


def _one_class(task: Task, targets: list[Any]) -> str:
    """That all samples are of one class; "" if they are not, or the targets are no classes."""
    if task.kind == "regression" or len(targets) < 2:
        return ""
    first = targets[0]
    certain = not isinstance(first, list) or len(first) == 1 or (task.kind == "multiclass" and 1 in first)
    if not certain or any(target != first for target in targets):
        return ""
    return (
        f"all {len(targets)} samples are of one class, {task.truth(first)}: the network will learn to say that always; "
        "take data of all classes"
    )
