"""The table of operations: everything that can be computed with Values, beyond the operators of `engine.py`.

One row is one operation: how it is evaluated, its local partials, its domain and what holds where it is not
differentiable; the rules are here and nowhere else, and this file knows nothing of who reads them.
Read next: `derivatives.py`, which applies the rules to Values, or `check`, which holds them against differences.

Rules are written from the input wherever the output has lost the digits: `tanh' = 4 s(2x) s(-2x)`, not `1 - y²`,
with the logistic function s, whose own rule `s' = s(x) s(-x)` keeps every digit in both tails and never overflows.
A condition that sends nan to the last alternative lets nan travel.
"""

from __future__ import annotations

import builtins
import math
import operator
from numbers import Integral, Real

from .engine import OPERATORS, REAL_LINE, Op, Value, choose, log, power, record, unary
from .errors import ShapeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from .methods import Operand

__all__ = [
    "OPS", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "binary_cross_entropy_with_logits", "cbrt",
    "ceil", "celu", "clip", "cos", "cosh", "cross_entropy_with_logits", "dot", "elu", "erf", "erfc", "exp", "exp2",
    "expm1", "floor", "gelu", "hard_sigmoid", "hard_tanh", "hypot", "leaky_relu", "log", "log10", "log1p", "log2",
    "log_sigmoid", "log_softmax", "logaddexp", "logsumexp", "maximum", "mean", "minimum", "mish", "norm", "prelu",
    "prod", "reciprocal", "relu", "selu", "sigmoid", "sign", "silu", "sin", "sinh", "softmax", "softplus", "softsign",
    "sqrt", "square", "step", "swish", "tan", "tanh", "where",
]  # fmt: skip

inf, nan, pi = math.inf, math.nan, math.pi


def row(
    name: str, arity: int | None, forward: Callable[..., float], partials: Callable[..., tuple[Any, ...]],
    rule: str | tuple[str, ...], doc: str, domain: tuple[str, ...] = (REAL_LINE,), kinks: dict[str, str] | None = None,
) -> Op:  # fmt: skip
    """A row of the table, with the name as its symbol."""
    return Op(name, name, arity, forward, partials, None, rule, domain, kinks, doc)


def documentation(op: Op) -> str:
    """What the row says of itself, completed from its derivative rule, its domain and its kinks."""
    text = f"{op.__doc__}\n\n    Derivative:\n        {', '.join(op.latex)}\n"
    if op.domain != (REAL_LINE,):
        text += f"\n    Raises:\n        DomainError: Where it is undefined; it is defined in {', '.join(op.domain)}.\n"
    for where_, convention in op.kinks.items():
        text += f"\n    At {where_}: {convention}.\n"
    return text


def documented_by(op: Op) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For the function in front of a row, which gives an operand its default or gathers a sequence."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        function.__doc__ = documentation(op)
        return function

    return decorate


def to_inf(function: Callable[[float], float]) -> Callable[[float], float]:
    """`function` with overflow giving ±inf, as IEEE arithmetic has it, where the `math` module raises."""

    def forward(x: float) -> float:
        try:
            return function(x)
        except OverflowError:
            return math.copysign(inf, function(math.copysign(1.0, x)))

    return forward


def whole(function: Callable[[float], int]) -> Callable[[float], float]:
    """`function` to a whole number as a float, with ±inf and nan unchanged."""
    return lambda x: float(function(x)) if math.isfinite(x) else x


# --- exponentials, logarithms, powers ------------------------------------------------------------------------

pow = power
LN2, LN10 = math.log(2.0), math.log(10.0)

exp = row("exp", 1, to_inf(math.exp), lambda y, x: (y,), r"e^x",
    """The exponential function, `e^x`. Overflow gives inf.

    Example:
        >>> exp(1.0), exp(1000.0)
        (2.718281828459045, inf)""")  # fmt: skip
expm1 = row("expm1", 1, to_inf(math.expm1), lambda y, x: (exp(x),), r"e^x",
    """`e^x - 1`, without the loss of digits near 0.

    Example:
        >>> expm1(1e-20)
        1e-20""")  # fmt: skip
exp2 = row("exp2", 1, to_inf(math.exp2), lambda y, x: (y * LN2,), r"2^x \ln 2",
    """`2^x`.

    Example:
        >>> exp2(10.0)
        1024.0""")  # fmt: skip
log1p = row("log1p", 1, math.log1p, lambda y, x: (1 / (1 + x),), r"\frac{1}{1 + x}",
    """`ln(1 + x)`, without the loss of digits near 0.

    Example:
        >>> log1p(1e-20)
        1e-20""", ("(-1, inf)",))  # fmt: skip
log2 = row("log2", 1, math.log2, lambda y, x: (1 / (x * LN2),), r"\frac{1}{x \ln 2}",
    """The logarithm to base 2: bits.

    Example:
        >>> log2(8.0)
        3.0""", ("(0, inf)",))  # fmt: skip
log10 = row("log10", 1, math.log10, lambda y, x: (1 / (x * LN10),), r"\frac{1}{x \ln 10}",
    """The logarithm to base 10.

    Example:
        >>> log10(1000.0)
        3.0""", ("(0, inf)",))  # fmt: skip
sqrt = row("sqrt", 1, math.sqrt, lambda y, x: (choose(x <= 0, inf, lambda: 0.5 / y),), r"\frac{1}{2 \sqrt{x}}",
    """The square root.

    Example:
        >>> sqrt(9.0)
        3.0""", ("[0, inf)",), {"x = 0": "the one-sided limit inf"})  # fmt: skip
cbrt = row("cbrt", 1, math.cbrt, lambda y, x: (choose((x >= 0) & (x <= 0), inf, lambda: 1 / (3 * y) / y),),
    r"\frac{1}{3 \sqrt[3]{x}^2}",
    """The cube root, of negative numbers too.

    Example:
        >>> cbrt(-1.0)
        -1.0""", kinks={"x = 0": "the limit inf"})  # fmt: skip
square = row("square", 1, lambda x: x * x, lambda y, x: (2 * x,), r"2x",
    """`x²`.

    Example:
        >>> square(-3.0)
        9.0""")  # fmt: skip
reciprocal = row("reciprocal", 1, lambda x: 1.0 / x, lambda y, x: (-(y * y),), r"-\frac{1}{x^2}",
    """`1 / x`.

    Example:
        >>> reciprocal(4.0)
        0.25""", ("(-inf, 0) | (0, inf)",))  # fmt: skip

# --- circular and hyperbolic functions; angles in radians ----------------------------------------------------

sin = row("sin", 1, math.sin, lambda y, x: (cos(x),), r"\cos x",
    """The sine of an angle in radians. DomainError at ±inf.

    Example:
        >>> f"{sin(0.5):.6f}"
        '0.479426'""")  # fmt: skip
cos: Op = row("cos", 1, math.cos, lambda y, x: (-sin(x),), r"-\sin x",
    """The cosine of an angle in radians. DomainError at ±inf.

    Example:
        >>> cos(0.0)
        1.0""")  # fmt: skip
tan = row("tan", 1, math.tan, lambda y, x: (1 + y * y,), r"1 + \tan^2 x",
    """The tangent of an angle in radians. DomainError at ±inf.

    Example:
        >>> f"{tan(0.25):.6f}"
        '0.255342'""")  # fmt: skip
asin = row("asin", 1, math.asin, lambda y, x: (choose(x * x >= 1, inf, lambda: 1 / sqrt((1 - x) * (1 + x))),),
    r"\frac{1}{\sqrt{1 - x^2}}",
    """The angle in [-π/2, π/2] whose sine is x.

    Example:
        >>> asin(1.0) == math.pi / 2
        True""", ("[-1, 1]",), {"x = ±1": "the one-sided limit inf"})  # fmt: skip
acos = row("acos", 1, math.acos, lambda y, x: (choose(x * x >= 1, -inf, lambda: -1 / sqrt((1 - x) * (1 + x))),),
    r"-\frac{1}{\sqrt{1 - x^2}}",
    """The angle in [0, π] whose cosine is x.

    Example:
        >>> acos(-1.0) == math.pi
        True""", ("[-1, 1]",), {"x = ±1": "the one-sided limit -inf"})  # fmt: skip
atan = row("atan", 1, math.atan, lambda y, x: (1 / (1 + x * x),), r"\frac{1}{1 + x^2}",
    """The angle in (-π/2, π/2) whose tangent is x.

    Example:
        >>> atan(1.0) == math.pi / 4
        True""")  # fmt: skip
sinh = row("sinh", 1, to_inf(math.sinh), lambda y, x: (cosh(x),), r"\cosh x",
    """The hyperbolic sine, `(e^x - e^-x) / 2`.

    Example:
        >>> sinh(-1000.0)
        -inf""")  # fmt: skip
cosh: Op = row("cosh", 1, to_inf(math.cosh), lambda y, x: (sinh(x),), r"\sinh x",
    """The hyperbolic cosine, `(e^x + e^-x) / 2`.

    Example:
        >>> cosh(0.0)
        1.0""")  # fmt: skip
tanh = row("tanh", 1, math.tanh, lambda y, x: (4 * sigmoid(2 * x) * sigmoid(-2 * x),),
    r"1 - \tanh^2 x = \frac{1}{\cosh^2 x}",
    """The hyperbolic tangent, `(e^x - e^-x) / (e^x + e^-x)`: an activation with values in (-1, 1).

    Numerics:
        The derivative keeps its digits in the tails: it is computed as 4 s(2x) s(-2x), s the logistic function.

    Example:
        >>> f"{tanh(0.5):.6f}", tanh(1000.0)
        ('0.462117', 1.0)

    References:
        Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, Efficient BackProp, 1998.""")  # fmt: skip
asinh = row("asinh", 1, math.asinh, lambda y, x: (1 / hypot(1.0, x),), r"\frac{1}{\sqrt{1 + x^2}}",
    """The inverse of sinh.

    Example:
        >>> asinh(0.0)
        0.0""")  # fmt: skip
acosh = row("acosh", 1, math.acosh, lambda y, x: (choose(x <= 1, inf, lambda: 1 / (sqrt(x - 1) * sqrt(x + 1))),),
    r"\frac{1}{\sqrt{x^2 - 1}}",
    """The inverse of cosh, >= 0.

    Example:
        >>> acosh(1.0)
        0.0""", ("[1, inf)",), {"x = 1": "the one-sided limit inf"})  # fmt: skip
atanh = row("atanh", 1, math.atanh, lambda y, x: (1 / ((1 - x) * (1 + x)),), r"\frac{1}{1 - x^2}",
    """The inverse of tanh.

    Example:
        >>> f"{atanh(0.5):.6f}"
        '0.549306'""", ("(-1, 1)",))  # fmt: skip


def _hypot_partials(y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    return choose(y <= 0, 0.0, lambda: a / y), choose(y <= 0, 0.0, lambda: b / y)


def _atan2_partials(angle: Any, y: Any, x: Any) -> tuple[Any, Any]:
    r = hypot(x, y)  # divided by twice, since r² overflows where the result does not
    return choose(r <= 0, nan, lambda: x / r / r), choose(r <= 0, nan, lambda: -y / r / r)


hypot: Op = row("hypot", 2, math.hypot, _hypot_partials, (r"\frac{a}{y}", r"\frac{b}{y}"),
    """`sqrt(a² + b²)`, without overflow on the way.

    Example:
        >>> hypot(3.0, 4.0)
        5.0""", kinks={"a = b = 0": "both partials are 0"})  # fmt: skip
atan2 = row("atan2", 2, math.atan2, _atan2_partials, (r"\frac{x}{x^2 + y^2}", r"-\frac{y}{x^2 + y^2}"),
    """The angle of the point (x, y) in (-π, π], called `atan2(y, x)`.

    Example:
        >>> atan2(1.0, -1.0) == 3 * math.pi / 4
        True""", kinks={"x = y = 0": "no derivative: nan", "x < 0, y = 0": "the value jumps by 2π"})  # fmt: skip

# --- pieces: derivatives that are constant between jumps -----------------------------------------------------


def _sign(x: float) -> float:
    return 1.0 if x > 0 else -1.0 if x < 0 else x - x  # x - x is 0, or nan for nan


def _clip(x: float, low: float, high: float) -> float:
    if low > high:
        raise ValueError
    return low if x < low else high if x > high else x


def _clip_partials(y: Any, x: Any, low: Any, high: Any) -> tuple[Any, ...]:
    below, above = choose(x < low, 1.0, 0.0), choose(x > high, 1.0, 0.0)
    return choose(low >= high, 0.0, 1.0 - below - above), below, above  # with low = high it is constant


abs = row("abs", 1, math.fabs, lambda y, x: (sign(x),), r"\operatorname{sign} x",
    """The absolute value.

    Example:
        >>> abs(-2.0)
        2.0""", kinks={"x = 0": "the derivative is 0"})  # fmt: skip
sign: Op = row("sign", 1, _sign, lambda y, x: (0.0,), r"0",
    """-1, 0 or 1: the sign.

    Example:
        >>> sign(-2.0)
        -1.0""", kinks={"x = 0": "a jump; the derivative is 0"})  # fmt: skip
floor = row("floor", 1, whole(math.floor), lambda y, x: (0.0,), r"0",
    """The largest whole number <= x.

    Example:
        >>> floor(-1.5)
        -2.0""", kinks={"whole x": "a jump; the derivative is 0"})  # fmt: skip
ceil = row("ceil", 1, whole(math.ceil), lambda y, x: (0.0,), r"0",
    """The smallest whole number >= x.

    Example:
        >>> ceil(-1.5)
        -1.0""", kinks={"whole x": "a jump; the derivative is 0"})  # fmt: skip
round = row("round", 1, whole(builtins.round), lambda y, x: (0.0,), r"0",
    """The nearest whole number, halves to even.

    Example:
        >>> round(2.5)
        2.0""", kinks={"x halfway between whole numbers": "a jump; the derivative is 0"})  # fmt: skip
step = row("step", 1, lambda x: 1.0 if x > 0 else 0.0 if x <= 0 else x, lambda y, x: (0.0,), r"0",
    """The unit step: 1 if x > 0 else 0, the activation of the perceptron. It passes no gradient.

    Example:
        >>> step(0.0), step(0.1)
        (0.0, 1.0)

    References:
        W. S. McCulloch, W. Pitts, A logical calculus of the ideas immanent in nervous activity, 1943.""",
    kinks={"x = 0": "a jump; the derivative is 0"})  # fmt: skip
_clip_op = row("clip", 3, _clip, _clip_partials,
    (r"1 \text{ if } \mathrm{low} \le x \le \mathrm{high} \text{ else } 0",
     r"1 \text{ if } x < \mathrm{low} \text{ else } 0", r"1 \text{ if } x > \mathrm{high} \text{ else } 0"),
    """`x` limited to the interval from low to high. ValueError (DomainError) if low > high.

    Example:
        >>> clip(5.0, -1.0, 1.0)
        1.0""", kinks={"x = low, x = high": "the derivative by x is 1, by the limit 0"})  # fmt: skip
_where_op = row("where", 3, lambda c, x, y: x if c else y,
    lambda out, c, x, y: (0.0, choose(c, 1.0, 0.0), choose(c, 0.0, 1.0)),
    ("0", r"1 \text{ if } c \text{ else } 0", r"0 \text{ if } c \text{ else } 1"),
    """`x` where the condition holds (is not 0), else `y`; the other one gets no gradient.

    Example:
        >>> where(2.0 > 1.0, 10.0, 20.0)
        10.0""", kinks={"where the condition changes": "the derivative is that of the chosen operand"})  # fmt: skip


@documented_by(_clip_op)
def clip(x: Any, low: Any = -inf, high: Any = inf) -> Any:
    return _clip_op(x, low, high)


@documented_by(_where_op)
def where(condition: Any, x: Any, y: Any) -> Any:
    return _where_op(condition, x, y)


# --- activations ---------------------------------------------------------------------------------------------


def _sigmoid(x: float) -> float:
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)  # for x < 0, so that the exponential never overflows
    return e / (1.0 + e)


def _softplus(x: float) -> float:
    return builtins.max(x, 0.0) + math.log1p(math.exp(-math.fabs(x)))


sigmoid: Op = row("sigmoid", 1, _sigmoid, lambda y, x: (y * sigmoid(-x),), r"y (1 - y)",
    """The logistic function, `1 / (1 + e^-x)`: an activation with values in (0, 1).

    Numerics:
        No overflow for any x; the derivative is computed as s(x) s(-x), which keeps its digits where y is near 1.

    Example:
        >>> sigmoid(0.5), sigmoid(-1000.0), sigmoid(1000.0)
        (0.6224593312018546, 0.0, 1.0)

    References:
        D. E. Rumelhart, G. E. Hinton, R. J. Williams, Learning representations by back-propagating errors,
        1986.""")  # fmt: skip
softplus = row("softplus", 1, _softplus, lambda y, x: (sigmoid(x),), r"\frac{1}{1 + e^{-x}}",
    """`ln(1 + e^x)`, a smooth relu, computed as `max(x, 0) + ln(1 + e^-|x|)`.

    Example:
        >>> softplus(0.0), softplus(1000.0)
        (0.6931471805599453, 1000.0)

    References:
        C. Dugas et al., Incorporating second-order functional knowledge for better option pricing, 2001.""",
    )  # fmt: skip
log_sigmoid = row("log_sigmoid", 1, lambda x: -_softplus(-x), lambda y, x: (sigmoid(-x),), r"\frac{1}{1 + e^x}",
    """`ln sigmoid(x) = -softplus(-x)`: finite where the sigmoid is 0 in floating point.

    Example:
        >>> log_sigmoid(-1000.0)
        -1000.0""")  # fmt: skip
relu = row("relu", 1, lambda x: 0.0 if x <= 0 else x, lambda y, x: (choose(x <= 0, 0.0, 1.0),),
    r"1 \text{ if } x > 0 \text{ else } 0",
    """The rectified linear unit, `max(0, x)`.

    Example:
        >>> relu(-2.0), relu(2.0)
        (0.0, 2.0)

    References:
        V. Nair, G. E. Hinton, Rectified linear units improve restricted Boltzmann machines, 2010.""",
    kinks={"x = 0": "the derivative is 0"})  # fmt: skip


def _leaky(x: float, slope: float) -> float:
    return slope * x if x <= 0 else x


def _leaky_partials(y: Any, x: Any, slope: Any) -> tuple[Any, Any]:
    return choose(x <= 0, slope, 1.0), choose(x <= 0, x, 0.0)


def _elu(x: float, alpha: float) -> float:
    return alpha * math.expm1(x) if x <= 0 else x


def _elu_partials(y: Any, x: Any, alpha: Any) -> tuple[Any, Any]:
    return choose(x <= 0, lambda: alpha * exp(x), 1.0), choose(x <= 0, lambda: expm1(x), 0.0)


def _celu(x: float, alpha: float) -> float:
    if alpha <= 0:
        raise ValueError
    return alpha * math.expm1(x / alpha) if x <= 0 else x


def _celu_partials(y: Any, x: Any, alpha: Any) -> tuple[Any, Any]:
    def left() -> tuple[Any, Any]:
        e = exp(x / alpha)
        return e, expm1(x / alpha) - x / alpha * e

    def tail() -> tuple[Any, Any]:  # e^(x / alpha) is 0 in floating point, and the formula may be 0 * inf
        return 0.0, -1.0

    partials: tuple[Any, Any] = choose(x > 0, (1.0, 0.0), lambda: choose(x < -746 * alpha, tail, left))
    return partials


SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772  # the fixed point of mean 0 and variance 1

_leaky_relu_op = row("leaky_relu", 2, _leaky, _leaky_partials,
    (r"1 \text{ if } x > 0 \text{ else } \alpha", r"0 \text{ if } x > 0 \text{ else } x"),
    """`x` if x > 0 else `slope * x`: a relu whose units cannot die.

    Example:
        >>> leaky_relu(-2.0)
        -0.02

    References:
        A. L. Maas, A. Y. Hannun, A. Y. Ng, Rectifier nonlinearities improve neural network acoustic models, 2013.""",
    kinks={"x = 0": "the derivative by x is the slope"})  # fmt: skip
prelu = row("prelu", 2, _leaky, _leaky_partials,
    (r"1 \text{ if } x > 0 \text{ else } \alpha", r"0 \text{ if } x > 0 \text{ else } x"),
    """`x` if x > 0 else `alpha * x`, with alpha learned.

    Example:
        >>> prelu(-2.0, 0.25)
        -0.5

    References:
        K. He et al., Delving deep into rectifiers, 2015.""",
    kinks={"x = 0": "the derivative by x is alpha"})  # fmt: skip
_elu_op = row("elu", 2, _elu, _elu_partials,
    (r"1 \text{ if } x > 0 \text{ else } \alpha e^x", r"0 \text{ if } x > 0 \text{ else } e^x - 1"),
    """`x` if x > 0 else `alpha (e^x - 1)`; the derivative is continuous at alpha = 1.

    Example:
        >>> f"{elu(-1.0):.6f}"
        '-0.632121'

    References:
        D.-A. Clevert, T. Unterthiner, S. Hochreiter, Fast and accurate deep network learning by exponential linear
        units, 2015.""",
    kinks={"x = 0": "the derivative by x is alpha"})  # fmt: skip
_celu_op = row("celu", 2, _celu, _celu_partials,
    (r"1 \text{ if } x > 0 \text{ else } e^{x/\alpha}",
     r"0 \text{ if } x > 0 \text{ else } e^{x/\alpha} - 1 - \frac{x}{\alpha} e^{x/\alpha}"),
    """`x` if x > 0 else `alpha (e^(x / alpha) - 1)`; the derivative is continuous for every alpha > 0.

    Example:
        >>> f"{celu(-1.0, 2.0):.6f}"
        '-0.786939'

    References:
        J. T. Barron, Continuously differentiable exponential linear units, 2017.""",
    (REAL_LINE, "(0, inf)"), {"x = 0": "once differentiable; the second derivative is that of the left side"},
    )  # fmt: skip
selu = row("selu", 1, lambda x: SELU_SCALE * _elu(x, SELU_ALPHA),
    lambda y, x: (SELU_SCALE * choose(x <= 0, lambda: SELU_ALPHA * exp(x), 1.0),),
    r"\lambda \text{ if } x > 0 \text{ else } \lambda \alpha e^x",
    """`λ x` if x > 0 else `λ α (e^x - 1)`, with λ = 1.0507..., α = 1.6733...: self-normalising.

    Example:
        >>> selu(1.0)
        1.0507009873554805

    References:
        G. Klambauer et al., Self-normalizing neural networks, 2017.""",
    kinks={"x = 0": "the derivative is λα"})  # fmt: skip
silu = row("silu", 1, lambda x: x * _sigmoid(x), lambda y, x: (sigmoid(x) * (1 + x * sigmoid(-x)),),
    r"\sigma(x) + x \sigma(x) \sigma(-x)",
    """`x sigmoid(x)`, also called swish.

    Example:
        >>> f"{silu(1.0):.6f}"
        '0.731059'

    References:
        P. Ramachandran, B. Zoph, Q. V. Le, Searching for activation functions, 2017.""")  # fmt: skip
swish = silu


def _mish_partials(y: Any, x: Any) -> tuple[Any]:
    s = softplus(x)
    return (tanh(s) + 4 * x * sigmoid(2 * s) * sigmoid(-2 * s) * sigmoid(x),)


mish = row("mish", 1, lambda x: x * math.tanh(_softplus(x)), _mish_partials,
    r"\tanh p + x (1 - \tanh^2 p) \sigma(x), \quad p = \ln(1 + e^x)",
    """`x tanh(softplus(x))`.

    Example:
        >>> f"{mish(1.0):.6f}"
        '0.865098'

    References:
        D. Misra, Mish: a self regularized non-monotonic activation function, 2019.""")  # fmt: skip
softsign = row("softsign", 1, lambda x: x / (1.0 + math.fabs(x)), lambda y, x: (square(1 / (1 + abs(x))),),
    r"\frac{1}{(1 + |x|)^2}",
    """`x / (1 + |x|)`: values in (-1, 1), with slower tails than tanh.

    Example:
        >>> softsign(3.0)
        0.75

    References:
        J. Bergstra et al., Quadratic polynomials learn better image features, 2009.""",
    kinks={"x = 0": "once differentiable; the second derivative is 0"})  # fmt: skip
hard_sigmoid = row("hard_sigmoid", 1, lambda x: 0.0 if x <= -3 else 1.0 if x >= 3 else x / 6.0 + 0.5,
    lambda y, x: (choose(x <= -3, 0.0, choose(x >= 3, 0.0, 1 / 6)),),
    r"\frac{1}{6} \text{ if } -3 < x < 3 \text{ else } 0",
    """`x / 6 + 1/2` limited to [0, 1].

    Example:
        >>> hard_sigmoid(0.0), hard_sigmoid(4.0)
        (0.5, 1.0)

    References:
        M. Courbariaux, Y. Bengio, J.-P. David, BinaryConnect, 2015 (there with the slope 1/2).""",
    kinks={"x = ±3": "the derivative is 0"})  # fmt: skip
hard_tanh = row("hard_tanh", 1, lambda x: -1.0 if x <= -1 else 1.0 if x >= 1 else x,
    lambda y, x: (choose(x <= -1, 0.0, choose(x >= 1, 0.0, 1.0)),), r"1 \text{ if } -1 < x < 1 \text{ else } 0",
    """`x` limited to [-1, 1].

    Example:
        >>> hard_tanh(0.5), hard_tanh(4.0)
        (0.5, 1.0)

    References:
        R. Collobert, Large scale machine learning, 2004.""", kinks={"x = ±1": "the derivative is 0"})  # fmt: skip

# --- the error function and gelu -----------------------------------------------------------------------------

SQRT_HALF, TWO_OVER_SQRT_PI, SQRT_2_OVER_PI = math.sqrt(0.5), 2.0 / math.sqrt(pi), math.sqrt(2.0 / pi)


def _gelu_partials(y: Any, x: Any) -> tuple[Any]:
    density = 0.5 * SQRT_HALF * TWO_OVER_SQRT_PI * exp(-0.5 * x * x)
    return (0.5 * erfc(-SQRT_HALF * x) + x * density,)


def _gelu_tanh(x: float) -> float:  # 0.5 (1 + tanh u) is s(2u), which keeps its digits in the left tail
    return x * _sigmoid(2.0 * SQRT_2_OVER_PI * (x + 0.044715 * x * x * x))


def _gelu_tanh_partials(y: Any, x: Any) -> tuple[Any]:
    def formula() -> Any:
        u = 2.0 * SQRT_2_OVER_PI * (x + 0.044715 * x * x * x)
        slope = 2.0 * SQRT_2_OVER_PI * (1.0 + 3 * 0.044715 * x * x)
        return sigmoid(u) + x * slope * sigmoid(u) * sigmoid(-u)

    # beyond 30 the logistic function is 0 or 1 in floating point, and the formula would overflow
    return (choose(x > 30, 1.0, lambda: choose(x < -30, 0.0, formula)),)


erf = row("erf", 1, math.erf, lambda y, x: (TWO_OVER_SQRT_PI * exp(-x * x),), r"\frac{2}{\sqrt\pi} e^{-x^2}",
    """The error function, `2/√π ∫ e^(-t²) dt` from 0 to x.

    Example:
        >>> f"{erf(0.5):.6f}"
        '0.520500'""")  # fmt: skip
erfc = row("erfc", 1, math.erfc, lambda y, x: (-TWO_OVER_SQRT_PI * exp(-x * x),), r"-\frac{2}{\sqrt\pi} e^{-x^2}",
    """`1 - erf(x)`, without the loss of digits at large x.

    Example:
        >>> f"{erfc(10.0):.6e}"
        '2.088488e-45'""")  # fmt: skip
_gelu_op = row("gelu", 1, lambda x: 0.5 * x * math.erfc(-SQRT_HALF * x), _gelu_partials, r"\Phi(x) + x \varphi(x)",
    """`x Φ(x)`, with the normal distribution Φ; `approximate="tanh"` is `x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))`.

    Example:
        >>> f"{gelu(1.0):.6f}", f"{gelu(1.0, approximate='tanh'):.6f}"
        ('0.841345', '0.841192')

    References:
        D. Hendrycks, K. Gimpel, Gaussian error linear units (GELUs), 2016.""")  # fmt: skip
_gelu_tanh_op = row("gelu_tanh", 1, _gelu_tanh, _gelu_tanh_partials,
    r"\sigma(2u) + 2 u' x \sigma(2u) \sigma(-2u), \quad u = \sqrt{2/\pi} (x + 0.044715 x^3)",
    """The tanh form of `gelu`, `x s(2u)` with u = √(2/π) (x + 0.044715 x³).

    Example:
        >>> f"{gelu(1.0, approximate='tanh'):.6f}"
        '0.841192'""")  # fmt: skip


@documented_by(_leaky_relu_op)
def leaky_relu(x: Any, slope: Any = 0.01) -> Any:
    return _leaky_relu_op(x, slope)


@documented_by(_elu_op)
def elu(x: Any, alpha: Any = 1.0) -> Any:
    return _elu_op(x, alpha)


@documented_by(_celu_op)
def celu(x: Any, alpha: Any = 1.0) -> Any:
    return _celu_op(x, alpha)


@documented_by(_gelu_op)
def gelu(x: Any, approximate: str = "none") -> Any:
    if approximate not in ("none", "tanh"):
        raise ValueError(f'gelu: approximate is "none" or "tanh", not {approximate!r}')
    return _gelu_op(x) if approximate == "none" else _gelu_tanh_op(x)


# --- two or more operands ------------------------------------------------------------------------------------


def _ties(y: Any, xs: tuple[Any, ...], reached: list[bool]) -> tuple[Any, ...]:
    """The gradient of a maximum or minimum, shared equally by the operands that reach it."""
    number = builtins.sum(reached)
    return tuple([choose(r, lambda: 1.0 / number, choose(number > 0, 0.0, nan)) for r in reached])


def _extreme(pick: Callable[..., float]) -> Callable[..., float]:
    return lambda *xs: nan if any(map(math.isnan, xs)) else pick(xs)


def _prod_partials(y: Any, *xs: Any) -> tuple[Any, ...]:
    """The product of the others, from those before and those after: no division, so zeros need no special case."""
    before, after = [1.0], [1.0]
    for x in xs[:-1]:
        before.append(before[-1] * x)
    for x in xs[:0:-1]:
        after.append(after[-1] * x)
    return tuple([b * a for b, a in zip(before, reversed(after), strict=True)])


def _logsumexp(*xs: float) -> float:
    i = builtins.max(range(len(xs)), key=xs.__getitem__)
    m = xs[i]
    if math.isinf(m):
        return nan if any(map(math.isnan, xs)) else m
    others = builtins.sum([math.exp(x - m) for x in xs[:i] + xs[i + 1 :]])
    return m + math.log1p(others)


def _logsumexp_partials(y: Any, *xs: Any) -> tuple[Any, ...]:
    m = _constant(max(xs))  # shifting changes no quotient, so the shift is a constant
    exps = [exp(x - m) for x in xs]
    total = sum(exps)
    return tuple([e / total for e in exps])


def _dot(*operands: float) -> float:
    n = len(operands) // 2
    return builtins.sum(map(operator.mul, operands[:n], operands[n:]), operands[-1])


def _dot_partials(y: Any, *operands: Any) -> tuple[Any, ...]:
    n = len(operands) // 2
    return operands[n:-1] + operands[:n] + (1.0,)  # half the time of unpacking


def _norm_partials(y: Any, *xs: Any) -> tuple[Any, ...]:
    return tuple([choose(y <= 0, 0.0, lambda x=x: x / y) for x in xs])


def _maximum_partials(y: Any, *xs: Any) -> tuple[Any, ...]:
    return _ties(y, xs, [x >= y for x in xs])


def _minimum_partials(y: Any, *xs: Any) -> tuple[Any, ...]:
    return _ties(y, xs, [x <= y for x in xs])


def _cross_entropy(z: float, t: float) -> float:
    return t * _softplus(-z) + (1.0 - t) * _softplus(z)


TIES = {"ties": "the gradient is shared equally"}
maximum = row("maximum", 2, _extreme(builtins.max), _maximum_partials,
    (r"1 \text{ if } a > b \text{ else } 0", r"1 \text{ if } b > a \text{ else } 0"),
    """The larger of two; nan if one is nan.

    Example:
        >>> maximum(1.0, 3.0)
        3.0""", kinks=TIES)  # fmt: skip
minimum = row("minimum", 2, _extreme(builtins.min), _minimum_partials,
    (r"1 \text{ if } a < b \text{ else } 0", r"1 \text{ if } b < a \text{ else } 0"),
    """The smaller of two; nan if one is nan.

    Example:
        >>> minimum(1.0, 3.0)
        1.0""", kinks=TIES)  # fmt: skip
logaddexp = row("logaddexp", 2, lambda a, b: _logsumexp(a, b), lambda y, a, b: (sigmoid(a - b), sigmoid(b - a)),
    (r"\sigma(a - b)", r"\sigma(b - a)"),
    """`ln(e^a + e^b)`, without overflow on the way.

    Example:
        >>> logaddexp(1000.0, 1000.0)
        1000.6931471805599""")  # fmt: skip
binary_cross_entropy_with_logits = row("binary_cross_entropy_with_logits", 2, _cross_entropy,
    lambda y, z, t: ((1 - t) * sigmoid(z) - t * sigmoid(-z), -z), (r"\sigma(z) - t", "-z"),
    """`-t ln s(z) - (1 - t) ln(1 - s(z))`, with the logistic function s: the logit z against the target t in [0, 1].

    Numerics:
        Computed as `t softplus(-z) + (1 - t) softplus(z)`, so that no logit gives infinity or loses digits.

    Example:
        >>> binary_cross_entropy_with_logits(1000.0, 0.0)
        1000.0""", (REAL_LINE, "[0, 1]"))  # fmt: skip
_sum_op = row("sum", None, lambda *xs: builtins.sum(xs), lambda y, *xs: (1.0,) * len(xs), r"1",
    """The sum of a sequence, as one node; 0.0 for an empty one.

    Example:
        >>> sum([1.0, 2.0, 3.0])
        6.0""")  # fmt: skip
_mean_op = row("mean", None, lambda *xs: builtins.sum(xs) / len(xs), lambda y, *xs: (1 / len(xs),) * len(xs),
    r"\frac{1}{n}",
    """The arithmetic mean of a sequence, as one node. ValueError if it is empty.

    Example:
        >>> mean([1.0, 2.0, 6.0])
        3.0""")  # fmt: skip
_prod_op = row("prod", None, lambda *xs: math.prod(xs), _prod_partials, r"\prod_{j \ne i} x_j",
    """The product of a sequence, as one node; 1.0 for an empty one.

    Example:
        >>> prod([2.0, 3.0, 4.0])
        24.0""")  # fmt: skip
_max_op = row("max", None, _extreme(builtins.max), _maximum_partials, r"1 \text{ if } x_i = y \text{ else } 0",
    """The largest of a sequence, or of several arguments, as one node; nan if one is nan. ValueError if empty.

    Example:
        >>> max([1.0, 3.0, 2.0]), max(1.0, 2.0)
        (3.0, 2.0)""", kinks=TIES)  # fmt: skip
_min_op = row("min", None, _extreme(builtins.min), _minimum_partials, r"1 \text{ if } x_i = y \text{ else } 0",
    """The smallest of a sequence, or of several arguments, as one node; nan if one is nan. ValueError if empty.

    Example:
        >>> min([1.0, 3.0, 2.0]), min(1.0, 2.0)
        (1.0, 1.0)""", kinks=TIES)  # fmt: skip
_norm_op = row("norm", None, math.hypot, _norm_partials, r"\frac{x_i}{y}",
    """The Euclidean norm of a sequence, `sqrt(Σ x²)`, as one node, without overflow on the way; 0.0 for an empty one.

    Example:
        >>> norm([2.0, 3.0, 6.0])
        7.0""", kinks={"all x = 0": "the partials are 0"})  # fmt: skip
_logsumexp_op = row("logsumexp", None, _logsumexp, _logsumexp_partials, r"\frac{e^{x_i}}{\sum_j e^{x_j}}",
    """`ln Σ e^x` of a sequence, as one node, without overflow on the way. ValueError if it is empty.

    Example:
        >>> logsumexp([1000.0, 1000.0])
        1000.6931471805599""")  # fmt: skip
_dot_op = row("dot", None, _dot, _dot_partials, ("x_i", "w_i", "1"),
    """`Σ wᵢ xᵢ + bias`: the weighted sum of a neuron, as one node. ShapeError if the lengths differ.

    Example:
        >>> dot([1.0, -1.0], [3.0, 2.0], bias=-0.5)
        0.5""")  # fmt: skip


def _sequence(name: str, values: Iterable[Operand]) -> tuple[Operand, ...]:
    try:
        return tuple(values)
    except TypeError:
        raise TypeError(f"{name} takes a sequence of numbers, not {type(values).__name__}") from None


def _gathered(op: Op, values: Iterable[Operand], empty: float | None = None) -> Any:
    """`op` of the elements of a sequence; of an empty one `empty`, or ValueError where it has no value."""
    operands = _sequence(op.name, values)
    if operands:
        return op(*operands)
    if empty is None:
        raise ValueError(f"{op.name} of an empty sequence: give at least one number")
    return empty


@documented_by(_sum_op)
def sum(values: Iterable[Operand]) -> Any:
    return _gathered(_sum_op, values, 0.0)


@documented_by(_mean_op)
def mean(values: Iterable[Operand]) -> Any:
    return _gathered(_mean_op, values)


@documented_by(_prod_op)
def prod(values: Iterable[Operand]) -> Any:
    return _gathered(_prod_op, values, 1.0)


@documented_by(_max_op)
def max(*values: Any) -> Any:
    return _gathered(_max_op, values if len(values) != 1 else values[0])


@documented_by(_min_op)
def min(*values: Any) -> Any:
    return _gathered(_min_op, values if len(values) != 1 else values[0])


@documented_by(_norm_op)
def norm(values: Iterable[Operand]) -> Any:
    return _gathered(_norm_op, values, 0.0)


@documented_by(_logsumexp_op)
def logsumexp(values: Iterable[Operand]) -> Any:
    return _gathered(_logsumexp_op, values)


@documented_by(_dot_op)
def dot(weights: Sequence[Operand], inputs: Sequence[Operand], bias: Operand = 0.0) -> Any:
    try:
        fits = len(weights) == len(inputs)
    except TypeError:
        kinds = f"{type(weights).__name__} and {type(inputs).__name__}"
        raise TypeError(f"dot takes two sequences of numbers, not {kinds}") from None
    if not fits:
        raise ShapeError(f"dot needs as many inputs as weights: {len(weights)} weights, {len(inputs)} inputs")
    if isinstance(bias, Value):  # always so in a neuron: the result is a Value, no need to look for another
        return record(_dot_op, (*weights, *inputs, bias))
    return _dot_op(*weights, *inputs, bias)


# --- compositions of rows ------------------------------------------------------------------------------------


def _constant(x: Any) -> Any:
    return x.detach() if isinstance(x, Value) else x


def _shifted(logits: Iterable[Operand]) -> list[Any]:
    """The logits less their largest: nothing that depends on their differences alone changes."""
    values = _sequence("softmax", logits)
    if not values:
        raise ValueError("softmax of an empty sequence: give at least one logit")
    largest = _constant(max(values))
    return [x - largest for x in values]


def softmax(logits: Iterable[Operand]) -> list[Any]:
    """`e^xₖ / Σ e^xⱼ`: logits to probabilities, which sum to 1. Without overflow on the way.

    Example:
        >>> softmax([0.0, 0.0]), softmax([1000.0, 0.0])
        ([0.5, 0.5], [1.0, 0.0])

    References:
        J. S. Bridle, Probabilistic interpretation of feedforward classification network outputs, 1990.
    """
    exps = [exp(x) for x in _shifted(logits)]
    total = sum(exps)
    return [e / total for e in exps]


def log_softmax(logits: Iterable[Operand]) -> list[Any]:
    """`xₖ - ln Σ e^xⱼ`: the logarithms of `softmax`, finite where it is 0 in floating point.

    Example:
        >>> log_softmax([1000.0, 0.0])
        [0.0, -1000.0]

    References:
        J. S. Bridle, Probabilistic interpretation of feedforward classification network outputs, 1990.
    """
    shifted = _shifted(logits)
    total = logsumexp(shifted)
    return [x - total for x in shifted]


def cross_entropy_with_logits(logits: Sequence[Operand], target: Any) -> Any:
    """`-Σ tₖ ln softmax(logits)ₖ`: logits against the index of the true class, or a probability for every class.

    Raises:
        ShapeError: If the index is not one of the logits', or there is not one probability for each.

    Numerics:
        For an index t it is `ln Σ e^(xₖ - xₜ)`: exact to rounding also where the true class is all but certain.

    Example:
        >>> cross_entropy_with_logits([0.0, 0.0], 1), cross_entropy_with_logits([0.0, 0.0], [0.5, 0.5])
        (0.6931471805599453, 0.6931471805599453)
    """
    if isinstance(target, Real):
        if isinstance(target, Integral):  # read as an index alone, so that traces of all classes can be merged
            index, is_whole = operator.index(target), True
        else:
            index = int(float(target))
            is_whole = index == target
        if not is_whole or not 0 <= index < len(logits):
            raise ShapeError(f"the class index is {target}, but there are {len(logits)} logits: 0 to {len(logits) - 1}")
        return logsumexp([x - logits[index] for x in logits])
    if len(target) != len(logits):
        raise ShapeError(f"{len(target)} target probabilities for {len(logits)} logits")
    return dot(target, [-x for x in log_softmax(logits)])


# --- the table, and the methods of Value ---------------------------------------------------------------------

OPS: tuple[Op, ...] = (
    *OPERATORS, exp, expm1, exp2, log1p, log2, log10, sqrt, cbrt, square, reciprocal,
    sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh, hypot, atan2,
    abs, sign, floor, ceil, round, step, _clip_op, _where_op,
    sigmoid, softplus, log_sigmoid, relu, _leaky_relu_op, prelu, _elu_op, _celu_op, selu, silu, mish, softsign,
    hard_sigmoid, hard_tanh, erf, erfc, _gelu_op, _gelu_tanh_op,
    maximum, minimum, logaddexp, binary_cross_entropy_with_logits,
    _sum_op, _mean_op, _prod_op, _max_op, _min_op, _norm_op, _logsumexp_op, _dot_op,
)  # fmt: skip

EXAMPLES = {  # of the rows that `engine.py` needs
    "add": "(Value(6.0) + 2).data\n        8.0", "sub": "(Value(6.0) - 2).data\n        4.0",
    "mul": "(Value(6.0) * 2).data\n        12.0", "div": "(Value(6.0) / 2).data\n        3.0",
    "neg": "(-Value(6.0)).data\n        -6.0", "pos": "(+Value(6.0)).data\n        6.0",
    "pow": "pow(9.0, 0.5), pow(10.0, 400)\n        (3.0, inf)", "log": "log(1.0)\n        0.0",
}  # fmt: skip
for _op in OPERATORS:
    _op.__doc__ = f"{_op.__doc__}\n\n    Example:\n        >>> {EXAMPLES[_op.name]}"
for _op in OPS:
    _op.__doc__ = documentation(_op)


def _two_operands(op: Op) -> Callable[[Value, Any], Any]:
    return lambda self, other: op(self, other)


for _op in (*(op for op in OPS if op.arity == 1), pow, hypot, atan2, maximum, minimum, logaddexp, prelu):
    _method: Any = unary(_op) if _op.arity == 1 else _two_operands(_op)
    _method.__name__, _method.__doc__ = _op.name, _op.__doc__
    setattr(Value, _op.name, _method)
for _function in (clip, leaky_relu, elu, celu, gelu):
    setattr(Value, _function.__name__, _function)
Value.swish, Value.__abs__ = Value.silu, Value.abs  # type: ignore[method-assign]
