"""The public checks: a function of Values, a module with its loss, a pair of float functions.

This file owns what is varied and what is compared; it must not know how a difference or a verdict is made.
Read next: `numeric.py`, where the numbers come from.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Protocol

from ..engine import Value, no_grad, number, toposort
from ..errors import ShapeError
from .inputs import Inputs, flat
from .result import GradcheckResult, GradientError, Row
from .verdict import CANNOT_TELL, Judgement, judge

__all__ = ["assert_gradients", "gradcheck", "gradcheck_module", "gradcheck_pair"]


class Model(Protocol):
    """What is recognised as a module; it may offer `named_parameters()` too, for the names of the rows."""

    def __call__(self, x: Any) -> Any:
        """The prediction for one sample."""

    def parameters(self) -> Iterable[Value]:
        """The Values to differentiate by."""


def gradcheck(f: Callable[..., Any], *xs: Any) -> GradcheckResult:
    """Compare the gradient that `backward()` gives for f(*xs) with finite differences.

    Every input is varied by itself, with steps that suit its size and the function. A row is "wrong" if the
    difference is larger than the estimated error of the comparison, "correct" if it is not and that error is
    small, and else "cannot tell", with a reason: a kink, a jump, noise, nan, a function that is not deterministic.

    Args:
        f: A function of Values, or of nested lists, tuples and dicts of them, that returns a Value, or a list of
            them, of which each is checked.
        *xs: Its arguments: Values or numbers, and lists, tuples and dicts of them. They are copied; neither their
            data nor any gradient changes. Arguments of other types are passed on.

    Returns:
        The result: `.ok`, `.verdict`, `.rows`; printed, a table.

    Raises:
        TypeError: If no argument holds a number, or one is an array, or f returns something else than numbers.
        DomainError: If f is undefined at the point itself.

    Cost: two evaluations of f, and about eight for each input whose gradient is correct; more in difficult cases.

    Example:
        >>> from autograd import Value, gradcheck
        >>> result = gradcheck(lambda x, ws: (ws[0] * x + ws[1]).tanh(), 0.5, [Value(2.0, label="w"), Value(-1.5)])
        >>> result.ok, [row.name for row in result.rows if row.label == "w"]
        (True, ['ws[0]'])

        A rule with a mistake of one in a million is found:

        >>> from autograd import Op
        >>> cube = Op("cube", "³", 1, lambda x: x**3, lambda y, x: (3.000003 * x * x,))
        >>> gradcheck(cube, Value(2.0)).verdict
        'wrong'
    """
    inputs = Inputs(f, xs)
    arguments, values = inputs.copied(inputs.data, leaf)
    names, outputs = outputs_of(f(*arguments))
    analytic = [gradients(output, values) for output in outputs]

    def evaluate(data: Sequence[float]) -> list[float]:
        with no_grad():
            return [data_of(y) for y in outputs_of(f(*inputs.copied(data, leaf)[0]))[1]]

    return compared(names, inputs.names, inputs.labels, inputs.data, [data_of(y) for y in outputs], analytic, evaluate)


def gradcheck_module(
    model: Model, X: Sequence[Any], y: Sequence[Any], loss: Callable[[Any, Any], Any]
) -> GradcheckResult:
    """Compare the gradient of a module's mean loss by each of its parameters with finite differences.

    The mean over the samples of `loss(model(x), target)`, which is summed over outputs.

    Args:
        model: Callable on one sample, with `parameters()`; names come from `named_parameters()` if it has that.
            Its parameters are varied in place, and have their data and gradients back afterwards.
        X: The samples.
        y: Their targets.
        loss: `loss(prediction, target)`, one Value for one sample.

    Returns:
        The result, with one row per parameter.

    Raises:
        ShapeError: If X and y differ in length, or are empty.
        TypeError: If the model has no parameters.

    Cost: about eight passes over the samples per parameter: take a few samples and a small network.

    Example:
        >>> from autograd import Value, gradcheck_module
        >>> class Line:
        ...     def __init__(self):
        ...         self.w, self.b = Value(1.5, label="w"), Value(-0.5, label="b")
        ...     def __call__(self, x):
        ...         return self.w * x + self.b
        ...     def parameters(self):
        ...         return [self.w, self.b]
        >>> gradcheck_module(Line(), [1.0, 2.0, 4.0], [0.0, 3.0, 5.0], lambda p, t: (p - t) ** 2).verdict
        'correct'
    """
    if len(X) != len(y) or not len(X):
        raise ShapeError(f"gradcheck_module needs as many targets as samples, and one at least: got {len(X)} samples "
                         f"and {len(y)} targets")  # fmt: skip
    named = named_parameters(model)
    parameters = [parameter for _, parameter in named]

    def mean_loss() -> Any:
        return sum((loss(model(sample), target) for sample, target in zip(X, y, strict=True)), 0.0) / len(X)

    output = mean_loss()
    analytic = [gradients(output, parameters)]
    original = [parameter.data for parameter in parameters]

    def evaluate(data: Sequence[float]) -> list[float]:
        try:
            for parameter, x in zip(parameters, data, strict=True):
                parameter.data = x
            with no_grad():
                return [data_of(mean_loss())]
        finally:
            for parameter, x in zip(parameters, original, strict=True):
                parameter.data = x

    names, labels = [name for name, _ in named], [parameter.label for parameter in parameters]
    return compared([""], names, labels, original, [data_of(output)], analytic, evaluate)


def gradcheck_pair(f: Callable[..., float], df: Callable[..., Any], *xs: Any) -> GradcheckResult:
    """Compare a derivative that somebody wrote with finite differences of the function, all in plain floats.

    Args:
        f: A function of floats, or of lists of them, that returns a float.
        df: Its gradient at the same arguments: a float for one input, else one number per input, in lists or not.
        *xs: The arguments.

    Returns:
        The result, with one row per input.

    Raises:
        ShapeError: If df does not give one number per input.
        TypeError: If no argument holds a number, or one is an array.

    Example:
        >>> import math
        >>> from autograd.check import gradcheck_pair
        >>> gradcheck_pair(math.sin, math.cos, 1.0).verdict
        'correct'
        >>> print(gradcheck_pair(lambda x, y: x * y**2, lambda x, y: (y**2, x * y), 3.0, 2.0).summary)
        gradcheck: wrong (2 derivatives: 1 wrong, 1 correct)
    """
    inputs = Inputs(f, xs)

    def evaluate(data: Sequence[float]) -> list[float]:
        return [data_of(f(*inputs.copied(data, plain)[0]))]

    values = evaluate(inputs.data)
    claimed = [data_of(d) for _, d in flat(df(*inputs.copied(inputs.data, plain)[0]), "df")]
    if len(claimed) != len(inputs.data):
        raise ShapeError(f"df gives {len(claimed)} numbers for {len(inputs.data)} inputs: {', '.join(inputs.names)}")
    return compared([""], inputs.names, inputs.labels, inputs.data, values, [claimed], evaluate)


def assert_gradients(f: Callable[..., Any], *xs: Any, **settings: Any) -> GradcheckResult:
    """`gradcheck` of a function, or `gradcheck_module` of what has `parameters()`, for tests.

    Args:
        f: A function of Values, or a module.
        *xs: The further arguments of `gradcheck` or `gradcheck_module`.
        **settings: The same, by name.

    Returns:
        The result, if every derivative is correct.

    Raises:
        GradientError: If a derivative is wrong, or if that cannot be told; an AssertionError with the table.

    Example:
        >>> from autograd import assert_gradients
        >>> assert_gradients(lambda x, y: x * y + x.sin(), 2.0, 3.0)
        <GradcheckResult correct, 2 rows>
        >>> assert_gradients(abs, 0.0)
        Traceback (most recent call last):
            ...
        autograd.check.result.GradientError: gradcheck: cannot tell (1 derivative: 1 cannot tell)
        ...
    """
    __tracebackhide__ = True  # pytest shows the test's line, not this one
    check: Callable[..., GradcheckResult] = gradcheck_module if callable(getattr(f, "parameters", None)) else gradcheck
    result = check(f, *xs, **settings)
    if not result.ok:
        raise GradientError(result)
    return result


# --- the parts ---------------------------------------------------------------------------------------------


def compared(
    outputs: Sequence[str], names: Sequence[str], labels: Sequence[str], data: Sequence[float],
    values: Sequence[float], analytic: Sequence[Sequence[float]], evaluate: Callable[[Sequence[float]], list[float]],
) -> GradcheckResult:  # fmt: skip
    """The result for every output by every input.

    Args:
        outputs: The names of the outputs, "" for the only one.
        names: The names of the inputs.
        labels: Their labels.
        data: Their values.
        values: The outputs as first computed.
        analytic: The gradient of each output.
        evaluate: The outputs at other data.
    """
    again = evaluate(data)
    rows: list[tuple[int, int, Judgement]] = []
    # A sum of gradients that cancel leaves the rounding of its terms: beside these it is zero.
    largest = [max((abs(d) for d in row if math.isfinite(d)), default=0.0) for row in analytic]
    for i, x in enumerate(data):
        along = Line(evaluate, data, i, len(values))
        size = max((abs(other) for k, other in enumerate(data) if k != i), default=0.0)
        for j, value in enumerate(values):
            negligible = sys.float_info.epsilon * largest[j]
            rows.append((j, i, judge(partial(along, j), x, value, analytic[j][i], size, negligible)))
    last = evaluate(data)  # after all the others, so that hidden state has had time to show
    changing = {j: y for j, y in enumerate(values) for z in (again[j], last[j]) if y != z and (y == y or z == z)}
    found = []
    for j, i, judgement in rows:
        if j in changing:
            reason = f"not deterministic: {values[j]!r}, {again[j]!r}, {last[j]!r} at the same point"
            judgement = Judgement(judgement.numeric, math.inf, CANNOT_TELL, reason)
        name = f"{outputs[j]} / {names[i]}" if outputs[j] else names[i]
        difference = abs(analytic[j][i] - judgement.numeric)
        found.append(Row(name, labels[i], analytic[j][i], judgement.numeric, difference, judgement.error,
                         judgement.verdict, judgement.reason, judgement.resolution))  # fmt: skip
    return GradcheckResult(found)


class Line:
    """The outputs along one coordinate; each point is evaluated once for all outputs."""

    def __init__(
        self, evaluate: Callable[[Sequence[float]], list[float]], data: Sequence[float], i: int, outputs: int
    ) -> None:
        self.evaluate, self.data, self.i, self.outputs = evaluate, data, i, outputs
        self.seen: dict[float, list[float] | None] = {}

    def __call__(self, output: int, t: float) -> float | None:
        if t not in self.seen:
            moved = [*self.data]
            moved[self.i] = t
            try:
                self.seen[t] = self.evaluate(moved)
            except (ArithmeticError, ValueError):  # DomainError is both; `math` raises either
                self.seen[t] = None
        values = self.seen[t]
        if values is not None and len(values) != self.outputs:
            raise ShapeError(f"the function gives {self.outputs} outputs at the point and {len(values)} close to it")
        return None if values is None else values[output]


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


def outputs_of(y: Any) -> tuple[list[str], list[Any]]:
    """The outputs of a function with their names, "" for a single one."""
    found = [*flat(y, "out")]
    if not found:
        raise TypeError(f"the function must return a Value or a list of Values, not {type(y).__name__}")
    names = [""] if found[0][0] == "out" else [name for name, _ in found]
    return names, [x for _, x in found]


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


def data_of(x: Any) -> float:
    """The float that a Value or a number holds."""
    return x.data if isinstance(x, Value) else number(x)


def leaf(data: float, label: str) -> Value:
    """An input of a function of Values."""
    return Value(data, label=label)


def plain(data: float, label: str) -> float:
    """An input of a function of plain floats."""
    return data
