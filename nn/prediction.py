"""What a trained model says about samples: classes or numbers, and probabilities.

It owns the way from samples to an array of predictions and the checks of the samples; it must not know losses or
training. Read next: `tasks/`, which says what outputs stand for, and `pipeline.py`, which takes raw rows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from autograd import ShapeError, no_grad

from .finite import MEND_INPUT, check_finite
from .lookup import look_up
from .module import evaluating
from .preprocessing.values import shown
from .tables import Table
from .tasks import TASKS, Task, output_activation_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["outputs_of", "predict", "predict_proba", "probabilities_of", "task_of_model"]

# What the outputs of a model stand for that no `fit` has told, by the activation that they come from.
_TASK_OF_ACTIVATION = {
    "sigmoid": "binary_probabilities",
    "hard_sigmoid": "binary_probabilities",
    "softmax": "classes_probabilities",
    "log_softmax": "classes_logits",  # softmax of ln p is p
}


def predict(model: Any, X: Any) -> NDArray[Any]:
    """The prediction for each sample.

    What the outputs stand for is said by `model.task`, the name that `fit` has set; if there is none, by the output
    activation: probabilities after sigmoid and softmax, else numbers. Dropout and noise are off meanwhile, and nothing
    is recorded for gradients.

    Args:
        model: A network, or anything that maps one sample to its outputs; or a `Pipeline`, which takes raw rows.
        X: The samples: a list of rows, or an array samples x features, of finite numbers.

    Returns:
        One class per sample (its index; -1 or +1 for margins), or one number, or a row of them if there are several
        outputs that stand each for itself. Of a pipeline: the classes themselves, or numbers in the target's unit.

    Raises:
        ShapeError: If there are no samples, or one has another width than the first or than the model takes, or holds
            lists where the model takes numbers.
        TypeError: If X is one sample, not a list of them, or no list at all, or its samples are dicts; if model is no
            function.
        ValueError: If something in X is no finite number, or `model.task` is not the name of a task.

    Example:
        >>> from nn.modules import Neuron
        >>> conjunction = Neuron(2, activation="sigmoid", weights=[10.0, 10.0], bias=-15.0)
        >>> predict(conjunction, [[0, 0], [0, 1], [1, 0], [1, 1]])
        array([0, 0, 0, 1])
        >>> predict(Neuron(1, activation="linear", weights=[2.0], bias=1.0), [[0.5], [1.0]])
        array([2., 3.])
    """
    if hasattr(model, "preprocessing"):
        return model.predict(X)  # type: ignore[no-any-return]
    import numpy as np

    decide = task_of_model(model).decide
    return np.array([decide(outputs) for outputs in outputs_of(model, X)])


def predict_proba(model: Any, X: Any) -> NDArray[Any]:
    """The probability of each class for each sample.

    Args:
        model: As for `predict`; its outputs are probabilities or logits.
        X: The samples, as for `predict`.

    Returns:
        An array samples x classes whose rows sum to 1; of several labels that are independent of each other, each
        with its own sigmoid: the probability of each.

    Raises:
        ValueError: If the model gives no probabilities: it was trained by a margin or for numbers; otherwise as
            `predict` raises it.
        ShapeError: As `predict` raises it.
        TypeError: As `predict` raises it.

    Example:
        >>> from nn.modules import Neuron
        >>> neuron = Neuron(1, activation="sigmoid", weights=[1.0])
        >>> predict_proba(neuron, [[0.0], [2.0]]).round(3)
        array([[0.5  , 0.5  ],
               [0.119, 0.881]])
        >>> predict_proba(Neuron(1, activation="linear"), [[0.0]])
        Traceback (most recent call last):
        ...
        ValueError: the task 'regression' has no probabilities: its outputs are numbers or scores. Use predict
    """
    if hasattr(model, "preprocessing"):
        return model.predict_proba(X)  # type: ignore[no-any-return]
    return probabilities_of(outputs_of(model, X), task_of_model(model))


def probabilities_of(outputs: list[list[float]], task: Task) -> NDArray[Any]:
    """The probability of each class for each sample, from its outputs.

    Args:
        outputs: What `outputs_of` gave.
        task: What they stand for.

    Raises:
        ValueError: If that is no probability.

    Example:
        >>> probabilities_of([[0.0]], TASKS["binary_logits"])
        array([[0.5, 0.5]])
    """
    import numpy as np

    rows = [task.probabilities(row) for row in outputs]
    if rows[0] is None:
        raise ValueError(f"the task {task.name!r} has no probabilities: its outputs are numbers or scores. Use predict")
    return np.array(rows)


def outputs_of(model: Any, X: Any) -> list[list[float]]:
    """The outputs for each sample, as they are.

    All modules are in evaluation mode meanwhile; afterwards, also after an error, each has the mode that it had. To
    predict in several threads at once, put the model into that mode before: `model.eval()`.

    Args:
        model: What maps one sample to its outputs: a Value or a number, or a sequence of them.
        X: The samples, as for `predict`.

    Returns:
        A list of floats for each sample.

    Raises:
        ValueError: If an output is nan; otherwise as `predict` raises it.
        ShapeError: As `predict` raises it.
        TypeError: As `predict` raises it.

    Example:
        >>> from nn.modules import Neuron
        >>> outputs_of(Neuron(2, activation="linear", weights=[1.0, 2.0], bias=0.5), [[0, 0], [1, 1]])
        [[0.5], [3.5]]
    """
    if not callable(model) or isinstance(model, type):
        kind = f"the class {model.__name__}" if isinstance(model, type) else f"{type(model).__name__}: {shown(model)}"
        raise TypeError(f"model must be a network, as MLP(4, [8, 3]), or a Pipeline, got {kind}")
    rows = _samples(X)
    if hasattr(model, "n_inputs"):
        _check_flat(rows)
    with no_grad(), evaluating(model):
        return [_checked(_floats(model(row)), i) for i, row in enumerate(rows)]


def task_of_model(model: Any) -> Task:
    """What the outputs of a model stand for.

    Args:
        model: A model; the name in its attribute `task` counts, else its output activation.

    Raises:
        ValueError: If `task` is not a name in `TASKS`; the nearest is suggested.

    Example:
        >>> from nn.modules import MLP
        >>> network = MLP(2, [3, 1])
        >>> task_of_model(network).name
        'regression'
        >>> network.task = "binary_logits"
        >>> task_of_model(network).name
        'binary_logits'
    """
    named = getattr(model, "task", None)
    return look_up("task", named or _TASK_OF_ACTIVATION.get(output_activation_of(model) or "", "regression"), TASKS)


def _samples(X: Any) -> list[Any]:
    """The samples as rows of finite numbers, all of one width."""
    table = X.to_numpy() if hasattr(X, "to_numpy") else X  # iterating over a DataFrame gives the names of its columns
    plain = table.tolist() if hasattr(table, "tolist") else table
    message = "X must be a list of samples, each a list of numbers"
    if isinstance(plain, (str, bytes, Mapping)) or not hasattr(plain, "__iter__"):
        raise TypeError(f"{message}, got {shown(plain)}{_ENCODE if isinstance(plain, Mapping | Table) else ''}")
    rows = list(plain)
    if not rows:
        raise ShapeError("there are no samples to predict from")
    for i, row in enumerate(rows):
        if isinstance(row, Mapping):
            raise TypeError(f"{message}; X[{i}] is the dict {shown(row)}{_ENCODE}")
        if not hasattr(row, "__len__") or isinstance(row, (str, bytes)):
            raise TypeError(f"{message}; X[{i}] is {shown(row)}: for one sample x write [x]")
        if len(row) != len(rows[0]):
            raise ShapeError(f"sample {i} has {_features(row)}, sample 0 has {_features(rows[0])}")
    rows = [row.tolist() if hasattr(row, "tolist") else row for row in rows]
    check_finite("X", rows, MEND_INPUT)
    return rows


_ENCODE = ": Preprocessing.fit(rows).transform(rows) makes numbers of rows, and a Pipeline takes them as they are"


def _check_flat(rows: list[Any]) -> None:
    """That a sample holds numbers alone, for a model that takes a list of them."""
    for i, row in enumerate(rows):
        for x in row:
            if isinstance(x, (list, tuple)):
                raise ShapeError(f"sample {i} of X holds the list {x!r:.40}: flatten it, each input is one number")


def _floats(outputs: Any) -> list[float]:
    plain = outputs.tolist() if hasattr(outputs, "tolist") else outputs
    return [float(x) for x in plain] if hasattr(plain, "__len__") else [float(plain)]


def _checked(outputs: list[float], sample: int) -> list[float]:
    """No nan: every comparison with it is false, so that it would pass for a class."""
    if any(map(math.isnan, outputs)):
        raise ValueError(
            f"the outputs for sample {sample} are {outputs!r:.80}: its numbers, or the weights, are too large; "
            "standardise the inputs"
        )
    return outputs


def _features(row: Any) -> str:
    return f"{len(row)} feature{'s' if len(row) != 1 else ''}"
