"""What can be checked: a function of Values, the loss of a module, a function of plain floats.

This file owns how each of them is evaluated with some inputs moved, and the gradient that the engine gives for it; it
must not know which inputs are moved, nor what the results are compared with. Read next: `comparison.py`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple, Protocol

from ..engine import NO_GRADIENT, Value, number, toposort
from ..errors import ShapeError
from ..partials import stored_partials
from .inputs import Inputs, flat

__all__ = ["Conditioning", "FloatFunction", "Graph", "Model", "ModuleLoss", "Moves", "Subject", "ValueFunction",
           "conditioning", "gradients"]  # fmt: skip

Moves = Mapping[int, float]
"""New data for some of the inputs, by position."""


class Model(Protocol):
    """What is recognised as a module; it may offer `named_parameters()` too, for the names of the rows."""

    def __call__(self, x: Any) -> Any:
        """The prediction for one sample."""

    def parameters(self) -> Iterable[Value]:
        """The Values to differentiate by."""


class Graph(NamedTuple):
    """One recorded evaluation.

    Attributes:
        names: The names of the outputs, "" for a single one.
        outputs: The outputs: Values, and numbers where nothing was recorded.
        inputs: The inputs that they were computed from.
    """

    names: list[str]
    outputs: list[Any]
    inputs: list[Value]


class Subject(Protocol):
    """A function of numbered inputs.

    Attributes:
        names, labels, data: Of the inputs.
    """

    names: list[str]
    labels: list[str]
    data: list[float]

    def values(self, moves: Moves) -> list[float]:
        """The outputs with some inputs moved; to be called inside `no_grad()`."""

    def graph(self, moves: Moves) -> AbstractContextManager[Graph]:
        """The same, recorded; within the block the graph may be differentiated."""


class ValueFunction:
    """A function of Values, lists and dicts of them.

    Args:
        f: The function.
        xs: Its arguments, which are copied: neither their data nor any gradient changes.
    """

    def __init__(self, f: Callable[..., Any], xs: Sequence[Any]) -> None:
        self.f, self.inputs = f, Inputs(f, xs)
        self.names, self.labels, self.data = self.inputs.names, self.inputs.labels, self.inputs.data
        self.resting = self.leaves({})
        self.untouched = [NO_GRADIENT] * len(self.data)

    def leaves(self, moves: Moves) -> list[Value]:
        """A new leaf for every input."""
        data = [moves.get(i, x) for i, x in enumerate(self.data)]
        return [Value(x, label=label) for x, label in zip(data, self.labels, strict=True)]

    def values(self, moves: Moves) -> list[float]:
        """The outputs with some inputs moved.

        A moved input is a new Value: what f may have remembered of the old one is then not mistaken for the new.
        """
        inputs = self.resting.copy()
        if [v.data for v in inputs] != self.data or [v.grad for v in inputs] != self.untouched:  # f has written to them
            self.resting = self.leaves({})
            inputs = self.resting.copy()
        for i, x in moves.items():
            inputs[i] = Value(x, label=self.labels[i])
        y = self.f(*self.inputs.arranged(inputs))
        return [y.data] if y.__class__ is Value else numbers(outputs_of(y)[1])

    @contextmanager
    def graph(self, moves: Moves) -> Iterator[Graph]:
        """The outputs with some inputs moved, recorded."""
        inputs = self.leaves(moves)
        yield Graph(*outputs_of(self.f(*self.inputs.arranged(inputs))), inputs)


class ModuleLoss:
    """The mean loss of a module over samples, as a function of its parameters, which are moved in place.

    Args:
        model: The module.
        X: The samples.
        y: Their targets.
        loss: `loss(prediction, target)` of one sample.

    Raises:
        ShapeError: If X and y differ in length, or are empty.
        TypeError: If the module has no parameters, or loss is no function.
    """

    def __init__(self, model: Model, X: Sequence[Any], y: Sequence[Any], loss: Callable[[Any, Any], Any]) -> None:
        if len(X) != len(y) or not len(X):
            raise ShapeError(
                f"gradcheck_module needs as many targets as samples, and one at least: got {len(X)} samples "
                f"and {len(y)} targets"
            )
        if not callable(loss):
            raise TypeError(f"loss is a function loss(prediction, target), not {loss!r:.60}: pass the function itself")
        named = named_parameters(model)
        self.model, self.X, self.y, self.loss = model, X, y, loss
        self.parameters = [parameter for _, parameter in named]
        self.names = [name for name, _ in named]
        self.labels = [parameter.label for parameter in self.parameters]
        self.data = [parameter.data for parameter in self.parameters]

    def mean_loss(self) -> Any:
        """The mean over the samples."""
        losses = (self.loss(self.model(sample), target) for sample, target in zip(self.X, self.y, strict=True))
        return sum(losses, 0.0) / len(self.X)

    def values(self, moves: Moves) -> list[float]:
        """The mean loss with some parameters moved."""
        with self.graph(moves) as graph:
            return numbers(graph.outputs)

    @contextmanager
    def graph(self, moves: Moves) -> Iterator[Graph]:
        """The same, recorded; the parameters have their data back after the block."""
        try:
            for i, x in moves.items():
                self.parameters[i].data = x
            yield Graph([""], [self.mean_loss()], self.parameters)
        finally:
            for parameter, x in zip(self.parameters, self.data, strict=True):
                parameter.data = x


class FloatFunction:
    """A function of plain floats and lists of them.

    Args:
        f: The function.
        xs: Its arguments.
    """

    def __init__(self, f: Callable[..., Any], xs: Sequence[Any]) -> None:
        self.f, self.inputs = f, Inputs(f, xs)
        self.names, self.labels, self.data = self.inputs.names, self.inputs.labels, self.inputs.data

    def at(self, data: Sequence[Any]) -> Any:
        """The result at other inputs, which may be numbers of any kind."""
        return self.f(*self.inputs.arranged([*data]))

    def values(self, moves: Moves) -> list[float]:
        """The result with some inputs moved."""
        data = [*self.data]
        for i, x in moves.items():
            data[i] = x
        return numbers([self.at(data)])


def gradients(output: Any, inputs: Sequence[Value]) -> list[float]:
    """What `backward()` adds to the inputs; every gradient in the graph is as before afterwards."""
    if not isinstance(output, Value):  # a plain number depends on nothing
        return [0.0] * len(inputs)
    nodes = {id(v): v for v in (*toposort(output), *inputs)}.values()
    before = [(v, v.grad) for v in nodes]
    try:
        for v in inputs:
            v.grad = 0.0
        output.backward()
        return [v.grad for v in inputs]
    finally:
        for v, grad in before:
            v.grad = grad


class Conditioning(NamedTuple):
    """How far rounding may reach.

    Attributes:
        noise: Of the output: how far it may be off, if each operation rounds its result, now up, now down.
        magnitudes: Of the gradients by the inputs: what each would be if nothing in it cancelled, the sum of the
            products of |local partials| over all paths. The rounding of a gradient is a few last digits of that.
    """

    noise: float
    magnitudes: list[float]


def conditioning(output: Any, inputs: Sequence[Value]) -> Conditioning:
    """The rounding of an output and of its gradient, by a backward pass without signs.

    References:
        N. J. Higham: Accuracy and Stability of Numerical Algorithms, chapter 3, 2nd edition (2002).
    """
    if not isinstance(output, Value):
        return Conditioning(0.0, [0.0] * len(inputs))
    arrived, digits = {output: 1.0}, 0.0
    for v in reversed(toposort(output)):
        size = arrived.get(v, 0.0)
        if v.op is not None:
            digits = math.hypot(digits, size * v.data)
        for _, x, partial in stored_partials(v):
            arrived[x] = arrived.get(x, 0.0) + abs(partial) * size
    noise = sys.float_info.epsilon / 2 * digits
    return Conditioning(noise if math.isfinite(noise) else 0.0, [arrived.get(v, 0.0) for v in inputs])


def outputs_of(y: Any) -> tuple[list[str], list[Any]]:
    """The outputs of a function with their names, "" for a single one."""
    found = [*flat(y, "out")]
    if not found:
        raise TypeError(f"the function must return a Value or a list of Values, not {type(y).__name__}")
    names = [""] if found[0][0] == "out" else [name for name, _ in found]
    return names, [x for _, x in found]


def numbers(outputs: Iterable[Any]) -> list[float]:
    """The floats that Values and numbers hold."""
    return [x.data if isinstance(x, Value) else number(x) for x in outputs]


def named_parameters(model: Model) -> list[tuple[str, Value]]:
    """Each parameter of the model once, with its name."""
    named = getattr(model, "named_parameters", None)
    pairs: Iterable[tuple[str, Value]]
    if callable(named):
        found = named()
        pairs = found.items() if isinstance(found, dict) else found
    else:
        pairs = ((f"parameters()[{i}]", parameter) for i, parameter in enumerate(model.parameters()))
    unique = {id(parameter): (name, parameter) for name, parameter in reversed([*pairs])}
    if not unique:
        raise TypeError(f"there is nothing to check: {type(model).__name__}.parameters() is empty")
    return [*reversed(unique.values())]
