"""What a module is called with: one sample, a list of numbers or Values; and the errors for everything else.

It owns these checks; it must not know what the module computes from its inputs.
Read next: `modules.py` and `layers.py`, which use it.
"""

from collections.abc import Sequence
from typing import Any, cast

from autograd import ShapeError, Value

from .module import Module, count

__all__ = ["listed", "no_sample", "sample", "wrong_number"]


def sample(module: Module, expected: int, x: Any) -> Sequence[Value | float]:
    """The inputs as a sequence of the right length; numpy's numbers become floats once for the whole layer.

    Args:
        module: Who is called, for the errors.
        expected: Its number of inputs.
        x: What it was called with.

    Raises:
        ShapeError: If the number of inputs is not the expected one.
        TypeError: If x is not a sequence, or is one of samples.

    Example:
        >>> from nn.modules import Neuron
        >>> sample(Neuron(2), 2, (1.0, 2.0))
        (1.0, 2.0)
    """
    values = x.tolist() if hasattr(x, "tolist") else x
    if not hasattr(values, "__len__"):
        raise _no_list(module, f"{expected} numbers", x)
    if len(values) != expected:
        raise wrong_number(module, expected, values)
    return cast(Sequence[Value | float], values)


def listed(module: Module, x: Any) -> Sequence[Value | float]:
    """The inputs of what takes any number of them; one Value is a list of one.

    Args:
        module: Who is called, for the errors.
        x: What it was called with.

    Raises:
        TypeError: If x is neither a sequence nor a Value, or is a sequence of samples.

    Example:
        >>> listed(Module(), Value(2.0))
        [Value(data=2.0, grad=0.0)]
    """
    if isinstance(x, Value):
        return [x]
    values = x.tolist() if hasattr(x, "tolist") else x
    if not hasattr(values, "__len__"):
        raise _no_list(module, "numbers", x)
    if (error := _batch(values)) is not None:
        raise error
    return cast(Sequence[Value | float], values)


def no_sample(module: Module, expected: int, x: Any) -> TypeError | None:
    """What is wrong with an input that is a number or a batch; None if it is neither.

    Args:
        module: Who is called, for the error.
        expected: Its number of inputs.
        x: What it was called with.
    """
    try:
        return _batch(x)
    except TypeError:  # it has no length
        return _no_list(module, f"{expected} numbers", x)


def wrong_number(module: Module, expected: int, x: Sequence[object]) -> Exception:
    """The error for inputs that are too many, too few, or a batch.

    Args:
        module: Who is called.
        expected: Its number of inputs.
        x: What it was called with.
    """
    return _batch(x) or ShapeError(f"{module!r} expected {count(expected, 'input')}, got {len(x)}")


def _no_list(module: Module, numbers: str, x: object) -> TypeError:
    return TypeError(f"{module!r} takes a list of {numbers}, not {type(x).__name__}: write [x]")


def _batch(x: Any) -> TypeError | None:
    """The error for a sequence of samples; None if it is a sequence of something else."""
    if len(x) and hasattr(x[0], "__len__") and not isinstance(x[0], str):
        return TypeError(f"got a batch of {len(x)} samples; one sample at a time: [model(x) for x in X]")
    return None
