"""Compiled: a function of parameters and one sample becomes a function of parameters and a batch.

This file owns what users call; it must not know how programs are found or executed.
Read next: `plan.py`; `calls/paths.py` finds the program for each sample.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from functools import update_wrapper
from operator import is_
from types import MethodType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..engine import Value
from .calls.bound import Bound
from .calls.path import Options
from .calls.plans import Plans, alike, equal
from .plan import Plan
from .trace.leaves import add_gradients, data_of, exhaust
from .trace.outside import LIMIT as LARGE
from .trace.tracing import flatten_parameters

__all__ = ["Compiled", "compile"]


class Compiled:
    """What `compile` returns: call it with parameters and a batch, or ask for one of its methods.

    Whatever is asked for, it raises what `compile` names.
    """

    LIMIT = 8

    def __init__(self, f: Callable[..., Any], options: Options) -> None:
        self.f, self.options = f, options
        self._lock = threading.RLock()  # the arrays are those of one call at a time
        self._known: dict[tuple[Value, ...], tuple[Plans, Bound]] = {}
        self._last: tuple[Plans, Bound] | None = None
        update_wrapper(self, f)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """In a class a method, as a function is: `self` is the parameters."""
        return self if instance is None else MethodType(self, instance)

    def __reduce__(self) -> Any:
        """A copy compiles anew; what is known by its name in a module is pickled as that, as a function is."""
        found: Any = sys.modules.get(self.__module__)
        for part in (name := getattr(self.f, "__qualname__", "")).split("."):
            found = getattr(found, part, None)
        return name if found is self else (Compiled, (self.f, self.options))

    def __repr__(self) -> str:
        name = getattr(self.f, "__qualname__", type(self.f).__name__)
        return f"<compiled {name}, paths: {len(self.plan.paths)}>"

    def __call__(self, params: Any, X: Any = None, Y: Any = None) -> Any:
        """The loss of a batch, whose gradient is added to `.grad` of the parameters; or the results of a prediction.

        Raises:
            TypeError: If there is no Value in params, or if f returns an array of one number and Y is given; and what
                `compile` names.

        Example:
            >>> w = Value(3.0)
            >>> Compiled(lambda w, x, y: (w * x - y) ** 2, Options())(w, [1.0, 2.0], [3.0, 4.0]), w.grad
            (2.0, 4.0)
        """
        with self._lock:
            bound = self._bound(params)
            found = bound.loss_or_results(X, Y)
            if isinstance(found, float):
                exhaust(add_gradients(bound.values, bound.gradients))
            return found

    def bind(self, params: Any) -> Bound:
        """The function with these parameters in flat arrays, for the steps of a training.

        A plain call looks whether what f reads outside of its arguments is as it was, but for what `compile` says stays
        unseen. A bound call looks at the first 16 places where numbers stand: globals, what a closure holds, Values,
        and lists, dicts and objects of up to 16 elements; at all else only so often that looking takes a hundredth of
        the time, and where samples are run eagerly: a change is seen after a hundred times the time of a look at most,
        a few milliseconds for a small model, and at `read()`. Of what is large parts are looked at in turn. After a
        change all is compiled anew: what changes in every step belongs in params or in x.

        Example:
            >>> w = [Value(3.0)]
            >>> bound = Compiled(lambda w, x: w[0] * x, Options()).bind(w)
            >>> bound([1.0, 2.0]), bound.losses, bound.gradients
            (4.5, array([3., 6.]), array([1.5]))
        """
        with self._lock:
            return Bound(self._of(params)[0])

    def value_and_grad(self, params: Any, X: Any = None, Y: Any = None) -> tuple[float, Any]:
        """The loss of a batch, and its gradient in the structure of the parameters; no `.grad` is changed.

        Raises:
            TypeError: If f returns a list or an array, or if there is no Value in params; and as a call, see `compile`.

        Example:
            >>> step = Compiled(lambda p, x: p["w"] * x + p["b"][0], Options())
            >>> step.value_and_grad({"w": Value(3.0), "b": [Value(1.0)]}, [1.0, 2.0])
            (5.5, {'w': 1.5, 'b': [1.0]})
        """
        with self._lock:
            bound = self._bound(params)
            loss = bound(X, Y)
            return loss, _mirrored(params, dict(zip(bound.values, bound.gradients.tolist(), strict=True)))

    def grad(self, params: Any, X: Any = None, Y: Any = None) -> Any:
        """The gradient of the loss of a batch, in the structure of the parameters: see `value_and_grad`.

        Raises:
            TypeError: As `value_and_grad`; and as a call, see `compile`.

        Example:
            >>> Compiled(lambda w, x: w[0] * x, Options()).grad([Value(3.0)], [1.0, 2.0])
            [1.5]
        """
        return self.value_and_grad(params, X, Y)[1]

    def predict(self, params: Any, X: Any = None, Y: Any = None) -> NDArray[Any]:
        """What the function returns for each sample: an array (samples,); of several results (samples, results).

        Of several results inf and nan are returned without a warning, if they are what running f eagerly gives.

        Raises:
            As a call, see `compile`; params need no Values.

        Example:
            >>> Compiled(lambda w, x: w * x, Options()).predict(Value(3.0), [1.0, 2.0])
            array([3., 6.])
        """
        with self._lock:
            bound = self._bound(params)
            bound.evaluate(X, Y)
            return bound.losses if len(bound.losses) else bound.outputs

    def per_sample(self, params: Any, X: Any = None, Y: Any = None) -> tuple[NDArray[Any], NDArray[Any]]:
        """For each sample its loss, and the gradient of it: arrays (samples,) and (samples, parameters).

        Results of inf and nan are returned without a warning, if they are what running f eagerly gives.

        Raises:
            TypeError: If f returns a list or an array; and as a call, see `compile`.

        Example:
            >>> Compiled(lambda w, x: w[0] * x, Options()).per_sample([Value(3.0)], [1.0, 2.0])
            (array([3., 6.]), array([[1.],
                   [2.]]))
        """
        with self._lock:
            rows, gradients = self._bound(params).each(X, Y, 1)
            return rows[0], gradients[0]

    def jacobian(self, params: Any, X: Any = None, Y: Any = None) -> NDArray[Any]:
        """The derivatives of every result by every parameter: an array (samples, results, parameters).

        Results of inf and nan are returned without a warning, if they are what running f eagerly gives.

        Raises:
            As a call, see `compile`.

        Example:
            >>> Compiled(lambda w, x: [w[0] * x, w[0] * w[1]], Options()).jacobian([Value(3.0), Value(5.0)], [2.0])
            array([[[2., 0.],
                    [5., 3.]]])
        """
        with self._lock:
            return self._bound(params).each(X, Y)[1].swapaxes(0, 1)

    @property
    def plan(self) -> Plan:
        """What was compiled so far, to print.

        Example:
            >>> step = Compiled(lambda w, x: w * x, Options())
            >>> print(step.plan)
            nothing is compiled yet: the first call does it
        """
        return Plan([plans for plans, _ in self._known.values()])

    def _bound(self, params: Any) -> Bound:
        """The arrays of the plain calls for these parameters, with the numbers that the Values hold now."""
        plans, bound = self._of(params, equal)
        bound.parameters[...] = data_of(plans.values)
        return bound

    def _of(self, params: Any, is_same: Callable[[Any, Any], bool] = is_) -> tuple[Plans, Bound]:
        """What is known of the function with these parameters, if that holds still; what is bound keeps its own."""
        last = self._last
        if last is not None and last[0].params is params and len(last[0].values) < LARGE:
            if last[0].is_as_it_was():
                return last  # so are the Values in the parameters: they need not be looked for
            last[0].forget()  # now: the next look may be at another part of what is large
        values = tuple(flatten_parameters(params))
        found = self._known.get(values)
        if found is None or not alike(params, found[0].params, is_same):
            self._known.pop(values, None)
            while len(self._known) >= self.LIMIT:
                del self._known[next(iter(self._known))]
            plans = Plans(self.f, params, list(values), self.options)
            self._known[values] = found = plans, Bound(plans)
        self._last = found
        found[0].renew()
        return found


def _mirrored(params: Any, numbers: Mapping[Value, float]) -> Any:
    """The structure of the parameters with a number for each Value; of a module a dict by name, or a list."""
    if isinstance(params, Value):
        return numbers[params]
    if isinstance(params, Mapping):
        return {key: _mirrored(x, numbers) for key, x in params.items()}
    if isinstance(params, (list, tuple)):
        parts = [_mirrored(x, numbers) for x in params]
        return parts if isinstance(params, list) else tuple(parts)
    if isinstance(params, np.ndarray):
        flat = [_mirrored(x, numbers) for x in params.ravel().tolist()]
        return np.array(flat, np.float64).reshape(params.shape)
    if hasattr(params, "named_parameters"):
        return {name: numbers[p] for name, p in dict(params.named_parameters()).items()}
    return [numbers[p] for p in params.parameters()] if hasattr(params, "parameters") else params


def compile(
    f: Callable[..., Any] | None = None, /, *, reduce: str = "mean", executor: str = "auto", dtype: str = "float64",
    paths: int = 16, has_aux: bool = False,
) -> Any:  # fmt: skip
    """A function of parameters and one sample, made into one of parameters and a batch that runs as array operations.

    `f(params, x, y)` is written for one sample, with Values. It is run once, on the first sample, and what it computes
    is written down; equal operations become one array operation over the batch. `step = compile(f)` then gives

        step(params, X, Y) = 1/B Σᵢ f(params, xᵢ, yᵢ)

    as a float (with `reduce="sum"` the sum), and adds its derivatives to `.grad` of the parameters, as `backward()`
    does. Values and derivatives are those of the engine, at nan and inf too, but for the order in which sums are
    rounded (one that is 0 but for rounding may lie on the other side of a kink) and the sign of a zero, which `atan2`
    alone tells, where its angle jumps from π to -π: numpy's functions and `x + 0` keep another. A derivative that is
    nan since terms of it are 0 · inf or inf - inf may lack these: that of `floor` is 0, whatever arrives. What cannot
    be followed is an error that names the line; comparisons of Values are checked for every sample, and one that goes
    another way is traced too; its first sample, and one or two of the batches 1, 2, 4, 8, ... are run eagerly, and must
    come out the same, to a millionth of the largest number. Arrays of float32 are taken as float64, where the engine
    rounds products of their numbers. In a class it makes a method, whose `self` is the parameters.

    What stays unseen, unless a sample that is run eagerly shows it: that f asks for the type of x, as
    `type(x) is float`, `isinstance(x[0], np.floating)`, `x.dtype`, `x.tobytes()` or `x[0] is x[1]`, since Values and
    arrays of objects stand for x while f is traced; what is too large for numpy's int32, int64, float16 or float32, or
    less than 0 in its unsigned ones, whose ends are not those of what is compiled; that a nan wins in numpy's `argmax`
    and `maximum`, and that its `logical_and` and `logical_or` give a bool, not an operand: write `bool(a and b)`; that
    a negative power of a whole number is an error in numpy's arrays; and changes in files, in objects of C, in what
    `eval` reads, and within a row of a list of more than 10,000. Of a list or an array that is longer each call looks
    at another part of 10,000: a change in it is seen after as many calls as there are parts.

    Args:
        f: The function. params: a Value, a module, or nested lists, tuples, dicts and arrays of Values. x, and y where
            it is given: one sample, numbers or nested lists, tuples, dicts and arrays of numbers. It returns a Value,
            the loss; or lists of Values, a prediction. Values that are not in params are constants. Of a number that it
            returns in the place of a Value the derivatives are 0.
        reduce: `"mean"` or `"sum"`, over the samples.
        executor: `"numpy"`; `"numba"`, of the extra `fast`; or `"auto"`, numba's where it is installed and can.
        dtype: `"float64"`, or `"float32"` for half the memory and 7 digits.
        paths: How many ways through the function, by its comparisons, are compiled; samples of others run eagerly.
        has_aux: Whether f returns `(loss, aux)`, with numbers to be looked at in aux, which have no gradient.

    Returns:
        `step`; without f a decorator. X and Y are arrays or lists of B samples; without X, f is called as `f(params)`.

        - `step(params, X, Y)`: the loss, a float: `autograd.grad` and `gradcheck` of what calls it find no derivative,
          ask it for its own. Of an f that returns lists: `predict`. A model with one output, that returns a Value, is
          taken for a loss here: ask for `step.predict`.
        - `step.value_and_grad(params, X, Y)`: the loss, and its gradient in the structure of params, of a module by
          name; `step.grad` the gradient alone. `.grad` is not changed.
        - `step.per_sample(params, X, Y)`: the losses, (B,), and their gradients, (B, parameters).
        - `step.predict(params, X)`: what f returns, (B,) for one Value, (B, results) for more.
        - `step.jacobian(params, X)`: the derivatives of all of it, (B, results, parameters).
        - `step.bind(params)`: the function with its parameters in flat arrays, for a training: `bound(X, Y)` is the
          loss, then `bound.gradients`, `bound.losses`, `bound.update(optimizer)`, not `optimizer.step()`, which knows
          the Values alone; `bound.sync()` writes all back.
        - `step.plan`: what was compiled, to print: `z3` is a number of each sample, `w3` one that all samples share
          (parameters come first), `w0[16x3, steps 3, 1]` the matrix that begins there, and how far its next row and
          column are; `@` is a matrix product.

    Raises:
        TraceError: At a call, if f reads the number of a Value (`.data`, `float()`, `math.exp(v)`), makes a text of it
            but to print it, also where f catches that error; draws random numbers, changes what is outside of it, or
            computes with numpy's bools, or whole numbers of 8 or 16 bits, alone, whose sums may wrap around; if there
            are other Values in params than were bound; or if a sample that is run eagerly comes out otherwise.
        DomainError: At a call, if an operation is undefined for a sample; a note says for which, and in which line.
        ShapeError: At a call, if there are no samples, not as many of X as of Y, or results are not of one number.
        TypeError: If f is no function; at a call, if something in X or Y is not a number, or if there is a gradient to
            compute and no Value in params.
        ValueError: If another argument is none of those above.
        OverflowError: At a call, if a whole number in a list is 2**53 or more, which arrays of whole numbers may hold;
            with `dtype="float32"`, if a number of a sample or a parameter is beyond 3.4e38.
        AutogradError: At a call, with `executor="numba"`, if numba is not installed or cannot run what f computes; it
            is an `Untraceable` of `autograd.expressions`.

        What f itself raises, it raises at a call, with a note of the sample and the line. Whatever a call raises,
        parameters and gradients are then as before it.

    Warns:
        NotFiniteWarning: If the loss, or its gradient, is inf or nan: the first operation that is, or whose derivative
            is, with its line; once for each of them, later ones when their sample's turn comes: 8 are run in a call.
        PathsWarning: If f has more paths than are compiled. Both are RuntimeWarnings.

    Cost: the first call some tens of microseconds for each operation of one sample, since f runs several times in it,
        and some hundreds where whole numbers pick, since f is traced for others of them too; the first one with samples
        of another form, as of another length, the same. Every other one costs that of the arrays; a call without `bind`
        reads and writes every Value in addition. Products of matrices use the cores that numpy's BLAS does; nothing
        else runs in more than one thread.

    Example:
        >>> import autograd
        >>> from autograd import Value, tanh
        >>> @autograd.compile
        ... def step(w, x, y):
        ...     return (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
        >>> w = [Value(0.5), Value(-1.0), Value(0.25)]
        >>> X, Y = [[2.0, 3.0], [0.0, 0.25]], [1.0, 0.0]
        >>> round(step(w, X, Y), 6), [round(v.grad, 6) for v in w]
        (1.884469, [-0.441904, -0.662856, -0.220952])

        A training keeps its numbers in arrays:

        >>> bound = step.bind(w)
        >>> for _ in range(100):
        ...     loss = bound(X, Y)
        ...     bound.parameters -= 0.5 * bound.gradients
        >>> loss < 0.001
        True
        >>> bound.sync()  # now the Values have these numbers

        Several results are a prediction:

        >>> predict = autograd.compile(lambda w, x: [w[0] * x, w[1] * x])
        >>> predict([Value(2.0), Value(3.0)], [1.0, 10.0])
        array([[ 2.,  3.],
               [20., 30.]])

    References:
        A. Griewank, A. Walther, Evaluating Derivatives, 2nd edition, 2008, chapters 4 and 6.
        R. Frostig, M. Johnson, C. Leary, Compiling machine learning programs via high-level tracing, 2018.
    """
    for name, given, possible in (
        ("reduce", reduce, ("mean", "sum")),
        ("executor", executor, ("auto", "numpy", "numba")),
        ("dtype", dtype, ("float64", "float32")),
    ):
        if given not in possible:
            raise ValueError(f"{name} is one of {', '.join(map(repr, possible))}, not {given!r}")
    if isinstance(paths, bool) or not isinstance(paths, int) or paths < 1:
        raise ValueError(f"paths is a whole number of at least 1, not {paths!r}")
    options = Options(reduce, executor, dtype, paths, has_aux)
    if f is None:
        return lambda f: compile(f, **options._asdict())
    if not callable(f):
        raise TypeError(f"compile takes a function of parameters and one sample, not {type(f).__name__}")
    return Compiled(f, options)
