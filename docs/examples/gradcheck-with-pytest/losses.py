"""What is tested: losses made of Values, and one in plain floats with the derivative that somebody worked out."""

import math

from autograd import log


def relative_error(prediction, target):
    """(prediction - target)² in units of the target."""
    return (prediction - target) ** 2 / target


def cross_entropy(p, y):
    """The cross-entropy of a probability p, where the truth is y."""
    return -(y * log(p) + (1 - y) * log(1 - p))


def pseudo_huber(error):
    """About error² / 2 where it is small, and about |error| where it is large."""
    return math.sqrt(1 + error * error) - 1


def pseudo_huber_derivative(error):
    return error / math.sqrt(1 + error * error)
