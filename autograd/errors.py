"""The errors that the package raises of its own, and the warnings that it gives.

Each is also a builtin one (`ValueError`, `RuntimeWarning`), so that code which catches those keeps working.
This module imports nothing and everybody may import it.
Read next: `engine.py`, which raises most of them.
"""

__all__ = [
    "AutogradError",
    "DivisionByZeroError",
    "DomainError",
    "NotFiniteWarning",
    "PathsWarning",
    "ShapeError",
    "StaleGraphError",
    "TraceError",
]


class AutogradError(Exception):
    """Base class of every error that this package raises of its own."""


class DomainError(AutogradError, ValueError, ArithmeticError):
    """An operation was asked for a value where it has none, as `log(0)` or `(-2) ** 0.5`."""


class DivisionByZeroError(DomainError, ZeroDivisionError):
    """A division by zero: a `DomainError` that `except ZeroDivisionError` catches too."""


class ShapeError(AutogradError, ValueError):
    """Two things have lengths that do not fit, as 2 weights and 3 inputs."""


class StaleGraphError(AutogradError, ValueError):
    """A leaf's `.data` was changed after the graph was computed, and a rule must be read again there."""


class TraceError(AutogradError, TypeError):
    """A function that is compiled does what cannot be followed, as reading `.data`: another number for each sample."""


class NotFiniteWarning(RuntimeWarning):
    """The loss of a compiled function, or its gradient, is inf or nan."""


class PathsWarning(RuntimeWarning):
    """A compiled function has more paths than are compiled, so that some samples are run eagerly.

    Args:
        text: What is said.
        line: The line that computes what is compared; empty if it is not known.
    """

    def __init__(self, text: str, line: str = "") -> None:
        super().__init__(text)
        self.line = line
