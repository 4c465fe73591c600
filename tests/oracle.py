"""What mpmath says of every operation of the table: values and derivatives at 50 digits and more.

Independent of the rules in `autograd`: here stand the definitions alone, and mpmath differentiates them.
"""

from __future__ import annotations

import functools
import itertools
import math
import random
from collections.abc import Callable, Iterator

from mpmath import mp, mpf

from autograd.engine import Op

POINTS = [1e-300, 1e-30, 1e-12, 1e-8, 1e-5, 1e-3, 0.1, 0.3, 0.5, 0.9, 1.0, 1.1, 2.0, 2.9, 3.1, 5.0, 10.0, 19.0]
POINTS += [27.0, 40.0, 100.0, 300.0, 709.0, 720.0, 1e4, 1e8]
NEAR_EDGE = [1e-300, 1e-16, 1e-12, 1e-8, 1e-4, 0.01]


def _choice(x: mpf, left: Callable[[mpf], mpf], right: Callable[[mpf], mpf]) -> mpf:
    return left(x) if x <= 0 else right(x)


def _sigmoid(x: mpf) -> mpf:
    return 1 / (1 + mp.exp(-x))


def _softplus(x: mpf) -> mpf:
    return mp.log1p(mp.exp(x)) if x < 0 else x + mp.log1p(mp.exp(-x))


def _gelu_tanh(x: mpf) -> mpf:
    u = 2 * mp.sqrt(2 / mp.pi) * (x + mpf(0.044715) * x**3)
    return x * _sigmoid(u)


@functools.lru_cache(maxsize=1000)
def _exp(x: mpf, bits: int) -> mpf:
    return mp.exp(x)


def _log_sum_exp(*xs: mpf) -> mpf:
    """Differences move one or two of the terms: the others are known, at the precision that is asked for."""
    return mp.log(mp.fsum(_exp(x, mp.prec) for x in xs))


def _dot(*operands: mpf) -> mpf:
    n = len(operands) // 2
    return mp.fsum(w * x for w, x in zip(operands[:n], operands[n:-1], strict=True)) + operands[-1]


def _celu(x: mpf, alpha: mpf) -> mpf:
    return _choice(x, lambda x: alpha * mp.expm1(x / alpha), lambda x: x)


def _cross_entropy(z: mpf, t: mpf) -> mpf:
    return t * _softplus(-z) + (1 - t) * _softplus(z)


# the decimal constants of the definition, as the paper gives them
SELU_SCALE, SELU_ALPHA = mpf(1.0507009873554805), mpf(1.6732632423543772)

DEFINITIONS: dict[str, Callable[..., mpf]] = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
    "pow": lambda a, b: mp.power(a, b), "neg": lambda x: -x, "pos": lambda x: x,
    "exp2": lambda x: mp.power(2, x), "log2": lambda x: mp.log(x) / mp.log(2),
    "log10": lambda x: mp.log(x) / mp.log(10),
    "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)), "square": lambda x: x * x, "reciprocal": lambda x: 1 / x,
    "abs": lambda x: -x if x < 0 else x, "round": lambda x: mp.nint(x), "step": lambda x: mpf(1 if x > 0 else 0),
    "clip": lambda x, low, high: low if x < low else high if x > high else x,
    "where": lambda c, x, y: x if c else y,
    "sigmoid": _sigmoid, "softplus": _softplus, "log_sigmoid": lambda x: -_softplus(-x),
    "relu": lambda x: _choice(x, lambda x: mpf(0), lambda x: x),
    "leaky_relu": lambda x, slope: x if x > 0 else slope * x, "prelu": lambda x, alpha: x if x > 0 else alpha * x,
    "elu": lambda x, alpha: x if x > 0 else alpha * mp.expm1(x), "celu": _celu,
    "selu": lambda x: SELU_SCALE * (x if x > 0 else SELU_ALPHA * mp.expm1(x)),
    "silu": lambda x: x * _sigmoid(x), "mish": lambda x: x * mp.tanh(_softplus(x)),
    "softsign": lambda x: x / (1 + abs(x)),
    "hard_sigmoid": lambda x: mpf(0) if x <= -3 else mpf(1) if x >= 3 else x / 6 + mpf(1) / 2,
    "hard_tanh": lambda x: mpf(-1) if x <= -1 else mpf(1) if x >= 1 else x,
    "gelu": lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2, "gelu_tanh": _gelu_tanh,
    "maximum": lambda *xs: max(xs), "minimum": lambda *xs: min(xs),
    "max": lambda *xs: max(xs), "min": lambda *xs: min(xs),
    "logaddexp": _log_sum_exp, "logsumexp": _log_sum_exp,
    "binary_cross_entropy_with_logits": _cross_entropy,
    "sum": lambda *xs: mp.fsum(xs), "mean": lambda *xs: mp.fsum(xs) / len(xs), "prod": lambda *xs: mp.fprod(xs),
    "norm": lambda *xs: mp.sqrt(mp.fsum(x * x for x in xs)), "dot": _dot,
}  # fmt: skip


def definition(op: Op) -> Callable[..., mpf]:
    """The operation as mpmath has it: by the same name, or as written above."""
    if op.name in DEFINITIONS:
        return DEFINITIONS[op.name]
    assert hasattr(mp, op.name), f"new op {op.name!r}: write its definition for mpmath in tests/oracle.py"
    found: Callable[..., mpf] = getattr(mp, op.name)
    return found


def intervals(domain: str) -> list[tuple[float, float]]:
    """The intervals of a domain like "(-inf, 0) | (0, inf)"."""
    return [tuple(map(float, part.strip()[1:-1].split(","))) for part in domain.split("|")]  # type: ignore[misc]


def contains(domain: str, x: float) -> bool:
    """Whether x lies inside the domain, edges excluded."""
    return any(low < x < high for low, high in intervals(domain))


def points_in(domain: str, rng: random.Random) -> list[float]:
    """Points of a domain: over the whole of it, near its edges, and at large arguments."""
    edges = [e for interval in intervals(domain) for e in interval if math.isfinite(e)]
    near = [e + s * d for e in edges for d in NEAR_EDGE for s in (-1, 1)]
    spread = [s * p for p in POINTS for s in (-1, 1)] + [rng.uniform(-5, 5) for _ in range(20)]
    return sorted({x for x in near + spread if contains(domain, x)})


def operands_of(op: Op) -> Iterator[tuple[float, ...]]:
    """Operands to try the operation on."""
    rng = random.Random(op.name)
    if op.arity == 1:
        for x in points_in(op.domain[0], rng):
            yield (x,)
        return
    for n in (op.arity,) if op.arity else (1, 3, 5) if op.name == "dot" else (1, 2, 3, 6):
        choices = [points_in(op.domain[min(i, len(op.domain) - 1)], rng) for i in range(n)]
        for _ in range(60 if n < 6 else 20):  # of six operands each costs much
            xs = tuple(rng.choice([x for x in c if 1e-12 < abs(x) < 50]) for c in choices)
            if op.name != "clip" or xs[1] <= xs[2]:
                yield xs
        extremes = [[x for x in c if abs(x) <= 1e-30 or abs(x) >= 100] for c in choices]
        for _ in range(12):
            xs = tuple(map(rng.choice, extremes))
            if op.name != "clip" or xs[1] <= xs[2]:
                yield xs


KINKS: dict[str, Callable[..., bool]] = {
    "floor": lambda x: x.is_integer(), "ceil": lambda x: x.is_integer(), "round": lambda x: (2 * x).is_integer(),
    "hard_tanh": lambda x: abs(x) == 1, "hard_sigmoid": lambda x: abs(x) == 3,
    "clip": lambda x, low, high: x in (low, high),
}  # fmt: skip
KINKS |= dict.fromkeys(("max", "min", "maximum", "minimum"), lambda *xs: len(set(xs)) < len(xs))


def is_kink(op: Op, xs: tuple[float, ...]) -> bool:
    """Whether the operation is not differentiable there: the conventions have tests of their own."""
    return op.name in KINKS and KINKS[op.name](*xs)


def derivative(f: Callable[..., mpf], xs: tuple[float, ...], orders: tuple[int, ...]) -> mpf:
    """The partial derivative of the given orders, by mpmath's differences with 400 digits or 1,100.

    The step is measured by the distance to 0, where most edges and kinks are; the digits make up for the differences
    of numbers that are all but equal: tanh(300) is 1 - 1e-260.
    """
    scales = [min(abs(mpf(x)), mpf(1)) or mpf(1) for x in xs]

    def scaled(*ts: mpf) -> mpf:
        return f(*[mpf(x) + s * t for x, s, t in zip(xs, scales, ts, strict=True)])

    with mp.workdps(400 if min(scales) > 1e-50 else 1100):
        zeros = tuple(mpf(0) for _ in xs)
        slope = mp.diff(scaled, zeros if len(xs) > 1 else zeros[0], orders if len(xs) > 1 else orders[0])
        return slope / mp.fprod(s**n for s, n in zip(scales, orders, strict=True))


def pairs(n: int) -> Iterator[tuple[int, int]]:
    """The second derivatives of n operands: every one for few, the first ones for many."""
    return itertools.islice(itertools.combinations_with_replacement(range(n), 2), 6)
