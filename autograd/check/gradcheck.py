"""The public checks: a function of Values, a module with its loss, a pair of float functions.

This file owns what is varied and what is compared; it must not know how a difference or a verdict is made.
Read next: `numeric.py`, where the numbers come from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import TYPE_CHECKING, Any

from ..engine import Value, no_grad, toposort
from ..errors import DomainError, ShapeError
from .comparison import compared
from .inputs import flat
from .lines import along, chosen, coordinates, random_directions
from .methods import METHODS, judge_by
from .result import GradcheckResult, GradientError, Row
from .second import prefix, second_rows
from .settings import Settings
from .subjects import FloatFunction, Model, ModuleLoss, Subject, ValueFunction, conditioning, gradients, numbers
from .verdict import WRONG

if TYPE_CHECKING:
    from .diagnosis import Diagnosis

__all__ = ["assert_gradients", "gradcheck", "gradcheck_module", "gradcheck_pair"]

DIAGNOSED = 200_000  # the most `work` for which a diagnosis is sought: about a second


def gradcheck(
    f: Callable[..., Any], *xs: Any,
    order: int = 1, subset: int | None = None, directions: int = 0, seed: int = 0, hints: int = 1,
) -> GradcheckResult:  # fmt: skip
    """Compare the gradient that `backward()` gives for f(*xs) with finite differences.

    ∂f/∂x = (f(x + h) - f(x - h)) / 2h + c₂h² + c₄h⁴ + ..., of which the first powers of h are extrapolated away.
    Every input is varied by itself, with steps that suit its size and the function. A row is "wrong" if the
    difference is larger than the estimated error of the comparison, "correct" if it is not and that error is
    small, and else "cannot tell", with a reason: a kink, a jump, noise, nan, a function that is not deterministic.

    Args:
        f: A function of Values, or of nested lists, tuples and dicts of them, that returns a Value, or a list of
            them, of which each is checked.
        *xs: Its arguments: Values or numbers, and lists, tuples and dicts of them. They are copied; neither their
            data nor any gradient changes. Arguments of other types are passed on.
        order: With 2, the second derivatives ∂²f/∂x∂y of all pairs of inputs are checked too, against differences of
            the gradient, in rows like `x, y`.
        subset: How many of the inputs to check, chosen at random; None for all.
        directions: How many random directions over all inputs to check beside them, in rows like `direction 0`. The
            derivative along a direction v is gradient · v, so that each takes in every entry of a large gradient; with
            order=2 also vᵀHv. `subset=0, directions=5` checks directions alone.
        seed: Of subset and directions.
        hints: How much the printed diagnosis of a wrong gradient tells: 1 what is seen, 2 also where to look, 3 also
            the solution.

    Returns:
        The result: `.ok`, `.verdict`, `.rows`, `.resolution`; where something is wrong `.diagnoses`, unless the graph
        is so large that it would take more than about a second to find them; printed, a table.

    Raises:
        TypeError: If no argument holds a number, or one is an array, or f returns something else than numbers; if
            subset or directions is no whole number.
        ValueError: If order is neither 1 nor 2, hints none of 1, 2, 3, subset or directions negative, or subset=0
            without directions.
        DomainError: If f is undefined at the point itself.

    Cost: three evaluations of f, and about eight for each input or direction whose gradient is correct; more in
    difficult cases. With order=2, as many gradients again.

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

    References:
        L. F. Richardson: The approximate arithmetical solution by finite differences. Phil. Trans. A 210 (1911).
        C. J. F. Ridders: Accurate computation of F'(x) and F'(x) F''(x). Advances in Engineering Software 4 (1982).
    """
    settings = Settings(order, subset, directions, seed, hints)
    return checked(ValueFunction(f, xs), settings)


def gradcheck_module(
    model: Model, X: Sequence[Any], y: Sequence[Any], loss: Callable[[Any, Any], Any], *,
    order: int = 1, subset: int | None = None, directions: int = 0, seed: int = 0, hints: int = 1,
) -> GradcheckResult:  # fmt: skip
    """Compare the gradient of a module's mean loss by each of its parameters with finite differences.

    The mean over the samples of `loss(model(x), target)`, which is summed over outputs.

    Args:
        model: Callable on one sample, with `parameters()`; names come from `named_parameters()` if it has that.
            Its parameters are varied in place, and have their data and gradients back afterwards.
        X: The samples.
        y: Their targets.
        loss: `loss(prediction, target)`, one Value for one sample.
        order: As for `gradcheck`, with the parameters as inputs.
        subset: How many of the parameters to check, chosen at random; None for all.
        directions: How many random directions over all parameters to check beside them.
        seed: Of subset and directions.
        hints: How much the printed diagnosis tells, from 1 to 3.

    Returns:
        The result, with one row per parameter and direction.

    Raises:
        ShapeError: If X and y differ in length, or are empty.
        TypeError: If the model has no parameters, or loss is no function; if subset or directions is no whole number.
        ValueError: If a setting is out of range, as for `gradcheck`.
        DomainError: If the loss is undefined with the parameters as they are.

    Cost: about eight passes over the samples per parameter or direction: take a few samples, and of a large network
    directions, as in `subset=20, directions=5`.

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
    settings = Settings(order, subset, directions, seed, hints)
    return checked(ModuleLoss(model, X, y, loss), settings)


def gradcheck_pair(
    f: Callable[..., Any], df: Callable[..., Any], *xs: Any, method: str = "differences", hints: int = 1
) -> GradcheckResult:
    """Compare a derivative that somebody wrote with finite differences of the function, all in plain floats.

    The first derivatives, by every input.

    Args:
        f: A function of floats, or of lists of them, that returns a float.
        df: Its gradient at the same arguments: a float for one input, else one number per input, in lists or not.
        *xs: The arguments.
        method: What df is compared with: "differences" of floats; "complex", the complex step, for an f written with
            operators and `cmath`; or "mpmath", differences with 60 digits and more, for an f written with operators
            and `mpmath`. The latter two see some 12 digits, which is what a derivative in floats is trusted to have.
        hints: How much the printed diagnosis of a wrong derivative tells: 1 what is seen, 2 also where to look, 3 also
            the solution.

    Returns:
        The result, with one row per input.

    Raises:
        DomainError: If f or df is undefined at the arguments.
        ImportError: If method is "mpmath" and that is not installed.
        ShapeError: If df does not give one number per input.
        TypeError: If no argument holds a number, or one is an array, or f does not take the numbers of the method.
        ValueError: If method is none of the three, or hints none of 1, 2, 3.

    Example:
        >>> import math
        >>> from autograd.check import gradcheck_pair
        >>> gradcheck_pair(math.sin, math.cos, 1.0).verdict
        'correct'
        >>> print(gradcheck_pair(lambda x, y: x * y**2, lambda x, y: (y**2, x * y), 3.0, 2.0).summary)
        gradcheck: wrong (2 derivatives: 1 wrong, 1 correct)
    """
    settings = Settings(hints=hints)
    if method not in METHODS:
        raise ValueError(f"method is one of {', '.join(map(repr, METHODS))}, not {method!r}")
    subject, derivative = FloatFunction(f, xs), FloatFunction(df, xs)
    values = at_the_point(lambda: subject.values({}), "f", subject) if method == "differences" else []
    claimed = at_the_point(lambda: numbers(d for _, d in flat(derivative.at(subject.data), "df")), "df", subject)
    if len(claimed) != len(subject.data):
        raise ShapeError(f"df gives {len(claimed)} numbers for {len(subject.data)} inputs: {', '.join(subject.names)}")
    if method == "differences":
        sizes = [[0.0] * len(claimed)]  # nothing is known of what df rounds
        lines = coordinates(subject.names, subject.labels, subject.data, range(len(claimed)), [claimed], sizes)
        judgements = [judgement for _, _, judgement in compared(values, lines, subject.values, [None])]
    else:
        judgements = [judge_by(method, subject.at, subject.data, i, d) for i, d in enumerate(claimed)]
    rows = [*map(Row.judged, subject.names, subject.labels, claimed, judgements)]
    if all(row.verdict != WRONG for row in rows):
        return GradcheckResult(rows, hints=settings.hints)
    from .diagnosis import diagnose_pair

    return GradcheckResult(
        rows,
        diagnose_pair(lambda *data: subject.at(data), lambda *data: derivative.at(data), subject.data, subject.names),
        settings.hints,
    )


def assert_gradients(f: Callable[..., Any], *xs: Any, **settings: Any) -> GradcheckResult:
    """`gradcheck` of a function, or `gradcheck_module` of what has `parameters()`, for tests.

    Args:
        f: A function of Values, or a module.
        *xs: The further arguments of `gradcheck` or `gradcheck_module`.
        **settings: The same by name, and the settings of both: order, subset, directions, seed, hints.

    Returns:
        The result, if every derivative is correct.

    Raises:
        GradientError: If a derivative is wrong, or if that cannot be told; an AssertionError with the table.
        TypeError, ValueError, ShapeError, DomainError: As `gradcheck` and `gradcheck_module`.

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


def at_the_point(evaluate: Callable[[], list[float]], what: str, subject: FloatFunction) -> list[float]:
    """The numbers; DomainError with the inputs if they are not defined there."""
    try:
        return evaluate()
    except (ArithmeticError, ValueError) as error:
        point = ", ".join(f"{name} = {x!r}" for name, x in zip(subject.names, subject.data, strict=True))
        raise DomainError(f"{what} is undefined at {point}: {error}") from error


def checked(subject: Subject, settings: Settings) -> GradcheckResult:
    """The result for everything that the settings ask for: inputs, directions, second derivatives."""
    with subject.graph({}) as graph:
        values = numbers(graph.outputs)
        analytic = [gradients(y, graph.inputs) for y in graph.outputs]
        conditions = [conditioning(y, graph.inputs) for y in graph.outputs]
    noises, sizes = [c.noise for c in conditions], [c.magnitudes for c in conditions]
    random = Random(settings.seed)
    positions = chosen(len(subject.data), settings.subset, random)
    vectors = random_directions(subject.data, analytic, settings.directions, random)
    lines = coordinates(subject.names, subject.labels, subject.data, positions, analytic, sizes)
    lines += [along(f"direction {k}", v, subject.data, analytic, sizes) for k, v in enumerate(vectors)]
    with no_grad():
        rows = [
            (j, Row.judged(prefix(graph.names[j]) + line.name, line.label, line.claimed[j], judgement))
            for j, line, judgement in compared(values, lines, subject.values, noises)
        ]
    if settings.order == 2:
        rows += second_rows(subject, positions, vectors)
    return GradcheckResult([row for _, row in rows], diagnosed(subject, rows), settings.hints)


def diagnosed(subject: Subject, rows: Sequence[tuple[int, Row]]) -> tuple[Diagnosis, ...]:
    """What is probably wrong, if a row is wrong; each row comes with the position of its output."""
    wrong = sorted({j for j, row in rows if row.verdict == WRONG})
    if not wrong:
        return ()
    from .diagnosis import diagnose_failure  # large, and not needed where all is well

    with subject.graph({}) as graph:
        names = dict(zip(graph.inputs, subject.names, strict=True))
        found = [
            diagnose_failure(graph.outputs[j], [row for k, row in rows if k == j], names)
            for j in wrong
            if work(graph.outputs[j]) <= DIAGNOSED
        ]
    return tuple(dict.fromkeys(diagnosis for diagnoses in found for diagnosis in diagnoses))


def work(output: Any) -> int:
    """How long it takes to look at every operand of every node by itself, in units of some microseconds."""
    nodes = toposort(output) if isinstance(output, Value) else []
    counts = [len(v.operands) for v in nodes]
    return sum(count * (120 + count) for count in counts)  # of an operation on 1,000 operands each is slow to evaluate
