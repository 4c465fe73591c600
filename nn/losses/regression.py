"""Losses of numbers: how far a prediction is from the target, and how much a far one counts.

It owns these formulas alone, made of table operations; it must not know networks or data.
Read next: `classification.py`.
"""

from __future__ import annotations

from typing import Any

import autograd
from autograd import clip, exp, log1p, relu, sinh, square

from .checks import check_setting, pairs, total

__all__ = ["half_squared_error", "huber", "log_cosh", "mean_absolute_error", "mean_squared_error", "poisson"]


def mean_absolute_error(prediction: Any, target: Any) -> Any:
    """`Σₖ |yₖ - ŷₖ|`: the absolute error of one sample (L1); the mean over samples is taken by whoever has several.

    Robust to outliers: the gradient is -1 or +1 however large the error is; at 0 it is 0.

    Args:
        prediction: The outputs ŷ: a number or Value, or a sequence of them.
        target: The true values y: as many.

    Returns:
        The loss of the sample.

    Raises:
        ShapeError: If there are not as many targets as outputs.

    Example:
        >>> mean_absolute_error([0.5, 3.0], [1, 1])
        2.5

    References:
        R. J. Boscovich, De litteraria expeditione per pontificiam ditionem, 1757.
    """
    return total([autograd.abs(p - y) for p, y in pairs(prediction, target)])


def mean_squared_error(prediction: Any, target: Any) -> Any:
    """`Σₖ (yₖ - ŷₖ)²`: the squared error of one sample (L2); the mean over samples is taken by whoever has several.

    Args:
        prediction: The outputs ŷ: a number or Value, or a sequence of them.
        target: The true values y: as many.

    Returns:
        The loss of the sample.

    Raises:
        ShapeError: If there are not as many targets as outputs.

    Example:
        >>> round(mean_squared_error([0.9, 0.1], [1, 0]), 4)
        0.02

    References:
        A.-M. Legendre, Nouvelles méthodes pour la détermination des orbites des comètes, 1805.
    """
    return total([(p - y) ** 2.0 for p, y in pairs(prediction, target)])


def half_squared_error(prediction: Any, target: Any) -> Any:
    """`½ Σₖ (yₖ - ŷₖ)²`: the form of derivations, whose gradient by ŷₖ is the error `δₖ = ŷₖ - yₖ` itself.

    Args:
        prediction: The outputs ŷ: a number or Value, or a sequence of them.
        target: The true values y: as many.

    Returns:
        The loss of the sample.

    Raises:
        ShapeError: If there are not as many targets as outputs.

    Example:
        >>> half_squared_error([1.0, 3.0], [0, 1])
        2.5

    References:
        D. E. Rumelhart, G. E. Hinton, R. J. Williams, Learning representations by back-propagating errors, 1986.
    """
    return 0.5 * mean_squared_error(prediction, target)


def huber(prediction: Any, target: Any, delta: float = 1.0) -> Any:
    """`Σₖ ½eₖ²` where the error e = ŷ - y is small, |e| <= δ, and `Σₖ δ(|eₖ| - δ/2)` outside: continuous at δ.

    Squared for small errors, absolute for outliers.

    Args:
        prediction: The outputs ŷ: a number or Value, or a sequence of them.
        target: The true values y: as many.
        delta: The error δ > 0 from which on the loss is linear, in units of y.

    Returns:
        The loss of the sample.

    Raises:
        ShapeError: If there are not as many targets as outputs.
        ValueError: If delta is not positive.

    Example:
        >>> huber(0.5, 0), huber(3.0, 0), huber(3.0, 0, delta=2.0)
        (0.125, 2.5, 4.0)

    References:
        P. J. Huber, Robust estimation of a location parameter, 1964.
    """
    check_setting("huber", "delta", delta)
    terms = []
    for p, y in pairs(prediction, target):
        error = p - y
        # With c = clip(e): c (e - c/2) is e²/2 where c = e, and δ (|e| - δ/2) where c = ±δ. No branch, and the second
        # derivative at 0 is 1; by |e| it would be 0.
        limited = clip(error, -delta, delta)
        terms.append(limited * (error - 0.5 * limited))
    return total(terms)


_LINEAR_FROM = 20.0  # from here on ln cosh x is |x| - ln 2 in floating point: e^-40 = 4e-18 is what is missing


def log_cosh(prediction: Any, target: Any) -> Any:
    """`Σₖ ln cosh(yₖ - ŷₖ)`: about x²/2 for a small error x, about |x| - ln 2 for a large one.

    As huber, but smooth: the gradient is tanh x, the second derivative 1 / cosh² x.

    Args:
        prediction: The outputs ŷ: a number or Value, or a sequence of them.
        target: The true values y: as many.

    Returns:
        The loss of the sample.

    Raises:
        ShapeError: If there are not as many targets as outputs.

    Numerics:
        Computed as `ln(1 + 2 sinh²(x/2))` of the error limited to ±20, plus what it exceeds 20 by: no error
        overflows, and small ones keep their digits in value and gradient.

    Example:
        >>> round(log_cosh(1e-3, 0), 9), round(log_cosh(1000.0, 0), 4)
        (5e-07, 999.3069)

    References:
        P. J. Green, Bayesian reconstructions from emission tomography data using a modified EM algorithm, 1990.
    """
    terms = []
    for p, y in pairs(prediction, target):
        error = p - y
        limited = clip(error, -_LINEAR_FROM, _LINEAR_FROM)
        terms.append(log1p(2 * square(sinh(0.5 * limited))) + relu(autograd.abs(error) - _LINEAR_FROM))
    return total(terms)


def poisson(prediction: Any, target: Any) -> Any:
    """`Σₖ e^zₖ - yₖ zₖ`: counts y against the logarithm z of their expected rate; no rate can be negative.

    It is the negative log-likelihood of the Poisson distribution without `ln y!`, which no parameter changes; so it
    may be negative, and is smallest at `z = ln y`.

    Args:
        prediction: The logarithms z of the rates, the outputs of a linear layer: a number or Value, or a sequence.
        target: The counts y >= 0: as many. Averages of counts need not be whole.

    Returns:
        The loss of the sample.

    Raises:
        ShapeError: If there are not as many targets as outputs.
        ValueError: If a target is negative.

    Example:
        >>> poisson(0.0, 3), round(poisson(1.0986, 3), 4)
        (1.0, -0.2958)

    References:
        P. McCullagh, J. A. Nelder, Generalized linear models, 1989.
    """
    terms = []
    for z, y in pairs(prediction, target):
        if y < 0:
            raise ValueError(f"a target of poisson is a count, 0 or more, got {y!r}")
        terms.append(exp(z) - y * z)
    return total(terms)
