"""A network together with what is done to raw rows before it and to its outputs after it.

It owns the way from a raw row to a class name or a number in its unit; it must not know files or training.
Read next: `preprocessing/`, which is its first part, and `prediction.py`, which asks the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from autograd import ShapeError

from .lookup import look_up
from .metrics import METRICS
from .prediction import outputs_of, probabilities_of
from .preprocessing import Preprocessing, Target
from .preprocessing.values import shown
from .tasks import TASKS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .modules import Module

__all__ = ["Pipeline"]


class Pipeline:
    """Preprocessing, a network and the meaning of its outputs: raw rows in, class names or numbers out.

    Args:
        network: The trained network.
        preprocessing: What was fitted on the training part; it gives as many numbers as the network takes.
        target: What was fitted on the targets of the training part. Of a data set, whose targets are class indices,
            `Target.fit(data.y, names=data.class_names)` keeps the names.
        task: The name of the task in `TASKS`: what the outputs stand for. It must suit the target. None for that of
            the network, which `fit` has set.
        settings: How the network was trained, for the record: what JSON can hold.

    Attributes:
        network: The network; its `task` is set, but `task` here is what counts.
        preprocessing: The `Preprocessing`.
        target: The `Target`.
        task: The name of the task.
        settings: A dict.

    Raises:
        TypeError: If network, preprocessing, target or settings is something else, as when two change places.
        ShapeError: If the network does not take what the preprocessing gives, or has not one output per class (one
            in all for tasks of two classes and for a quantity).
        ValueError: If there is no such task, or none is named and `fit` has set none, or it is one of classes and the
            target is a quantity, or the reverse.

    Example:
        >>> from nn.modules import Neuron
        >>> rows, ripe = [[1.0, "green"], [3.0, "red"], [2.0, "red"]], ["no", "yes", "yes"]
        >>> network = Neuron(3, activation="linear", weights=[1.0, -2.0, 2.0])
        >>> preprocessing = Preprocessing.fit(rows, names=["size", "colour"])
        >>> pipeline = Pipeline(network, preprocessing, Target.fit(ripe), "binary_logits")
        >>> pipeline
        Pipeline(size, colour -> no, yes; binary_logits)
        >>> pipeline.predict([{"colour": "red", "size": 1.5}, {"size": None, "colour": "green"}])
        array(['yes', 'no'], dtype='<U3')
        >>> pipeline.predict_proba([[2.0, "red"]]).round(3)
        array([[0.119, 0.881]])
    """

    def __init__(
        self, network: Module, preprocessing: Preprocessing, target: Target, task: str | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        _check_parts(network, preprocessing, target, settings)
        task = getattr(network, "task", None) if task is None else task
        if task is None:
            raise ValueError('nobody has said what the outputs stand for: name the task, as "binary_logits"')
        look_up("task", task, TASKS)
        self.network, self.preprocessing, self.target, self.task = network, preprocessing, target, task
        self.settings = dict(settings or {})
        _check_task(task, target)
        _check_widths(self)
        network.task = task  # type: ignore[attr-defined]

    def predict(self, rows: Any) -> NDArray[Any]:
        """The class of each row, or a number in the target's unit.

        Args:
            rows: Raw rows: dicts with the names of the columns, lists in the order of the columns, or a `Table`, as
                `nn.tables.load_inputs(path, pipeline.preprocessing.kinds)` reads it. Other names in a dict or a
                table, such as the target's, are left aside. None or nan is a missing value, and so is a category
                that the training part did not hold.

        Returns:
            An array with one entry per row.

        Raises:
            ShapeError: If there are no rows, one has another width, or rows is one row, not a list of them.
            TypeError: If rows is no list at all, as the name of a file.
            ValueError: If a column is missing, there is a text in a column of numbers or the reverse, or a number is
                not finite.
        """
        import numpy as np

        decide = TASKS[self.task].decide
        predictions = [decide(outputs) for outputs in self._outputs(rows)]
        if self.task == "margin":  # classes are -1 and +1 for the loss, the first and the second of the target
            predictions = [(prediction + 1) // 2 for prediction in predictions]
        return np.array(self.target.decode(predictions))

    def predict_proba(self, rows: Any) -> NDArray[Any]:
        """The probability of each class, in the order of `target.classes`.

        Args:
            rows: Raw rows, as for `predict`.

        Returns:
            An array rows x classes.

        Raises:
            ValueError: If the target is a quantity, or the network was trained by a margin; otherwise as `predict`.
            ShapeError: As `predict` raises it.
            TypeError: As `predict` raises it.
        """
        return probabilities_of(self._outputs(rows), TASKS[self.task])

    def evaluate(self, rows: Any, targets: Any) -> dict[str, float]:
        """How good the predictions are: accuracy for classes, the mean absolute error in the target's unit for numbers.

        Args:
            rows: Raw rows, as for `predict`.
            targets: The truth, one per row, as it was given to `Target.fit`.

        Returns:
            The metrics that suit the task, by their names in `METRICS`.

        Raises:
            ShapeError: As `predict` raises it.
            TypeError: As `predict` raises it, or if targets is no list.
            ValueError: As `predict` raises it; if a target is none of the classes, or there are not as many as rows.

        Example:
            >>> from nn.modules import Neuron
            >>> rows, ripe = [[1.0], [3.0], [2.5], [1.5]], ["no", "yes", "yes", "yes"]
            >>> network = Neuron(1, activation="linear", weights=[1.0])
            >>> Pipeline(network, Preprocessing.fit(rows), Target.fit(ripe), "binary_logits").evaluate(rows, ripe)
            {'accuracy': 0.75}
        """
        true, predicted = targets, self.predict(rows)
        if self.target.classes:
            true, predicted = self.target.encode(true), self.target.encode(predicted.tolist())
        return {name: METRICS[name](true, predicted) for name in TASKS[self.task].metrics}

    def _outputs(self, rows: Any) -> list[list[float]]:
        return outputs_of(self.network, self.preprocessing.transform(rows))

    def __repr__(self) -> str:
        answers = ", ".join(self.target.class_names) or "a number"
        return f"Pipeline({', '.join(self.preprocessing.names)} -> {answers}; {self.task})"


def _check_parts(network: Any, preprocessing: Any, target: Any, settings: Any) -> None:
    """Each part of its own kind."""
    for name, value, fits, kind in (
        ("network", network, callable(network) and not isinstance(network, type), "a network, as MLP(4, [8, 3])"),
        ("preprocessing", preprocessing, isinstance(preprocessing, Preprocessing), "what Preprocessing.fit(rows) gave"),
        ("target", target, isinstance(target, Target), "what Target.fit(y) gave"),
        ("settings", settings, settings is None or isinstance(settings, Mapping), "a dict"),
    ):
        if not fits:
            raise TypeError(
                f"Pipeline(network, preprocessing, target, task, settings): {name} must be {kind}, got "
                f"{type(value).__name__}: {shown(value)}"
            )


def _check_task(task: str, target: Target) -> None:
    """Classes for a task of classes, two for one of two."""
    kind, n_classes = TASKS[task].kind, len(target.classes)
    fits = n_classes == 2 if kind == "binary" else n_classes > 0 if kind == "multiclass" else n_classes == 0
    if not fits:
        what = f"{n_classes} classes" if n_classes else "a quantity"
        raise ValueError(f"the task {task!r} is of kind {kind!r}, but the target is {what}: take a task that fits")


def _check_widths(pipeline: Pipeline) -> None:
    """As many inputs as there are features, and as many outputs as the task needs, if the network tells its widths."""
    n_classes = len(pipeline.target.classes)
    n_outputs = n_classes if TASKS[pipeline.task].kind == "multiclass" else 1
    for name, needed, source in (
        ("n_inputs", len(pipeline.preprocessing.feature_names), "the preprocessing gives"),
        ("n_outputs", n_outputs, f"the task {pipeline.task!r} with this target needs"),
    ):
        told = getattr(pipeline.network, name, None)
        if told is not None and told != needed:
            raise ShapeError(f"the network has {name}={told}, but {source} {needed}: build it with {name}={needed}")
