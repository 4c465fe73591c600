"""The activations by name: which function of the table of operations each name stands for.

It owns the names alone; it must not know any derivative, since the rules stand in `autograd.functions`.
Read next: `modules.py`, whose neurons apply them.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import autograd

from .lookup import look_up

__all__ = [
    "ACTIVATIONS", "LAYER_ACTIVATIONS", "LEARNED_ACTIVATIONS", "Activation", "as_method", "by_name", "linear",
    "resolve",
]  # fmt: skip

Activation: TypeAlias = Callable[..., Any]


def linear(z: Any) -> Any:
    """`f(z) = z`: no activation.

    Example:
        >>> linear(3.0)
        3.0
    """
    return z


ACTIVATIONS: Mapping[str, Activation] = {
    "linear": linear,
    "step": autograd.step,
    "sigmoid": autograd.sigmoid,
    "tanh": autograd.tanh,
    "relu": autograd.relu,
    "leaky_relu": autograd.leaky_relu,
    "elu": autograd.elu,
    "selu": autograd.selu,
    "celu": autograd.celu,
    "gelu": autograd.gelu,
    "silu": autograd.silu,
    "swish": autograd.swish,
    "mish": autograd.mish,
    "softplus": autograd.softplus,
    "softsign": autograd.softsign,
    "hard_sigmoid": autograd.hard_sigmoid,
    "hard_tanh": autograd.hard_tanh,
}
"""The activations of one neuron: a function of its weighted sum."""

LAYER_ACTIVATIONS: Mapping[str, Activation] = {
    "softmax": autograd.softmax,
    "log_softmax": autograd.log_softmax,
}
"""The activations of a whole layer: a function of all its weighted sums."""


LEARNED_ACTIVATIONS: Mapping[str, Activation] = {
    "prelu": autograd.prelu,
}
"""The activations with a learned slope: a function of the weighted sum and of the slope, a parameter of each neuron."""

_ALL: Mapping[str, Activation] = {**ACTIVATIONS, **LEARNED_ACTIVATIONS, **LAYER_ACTIVATIONS}


def resolve(activation: str | Activation) -> tuple[str, Activation]:
    """The name and the function of an activation.

    Args:
        activation: A name, or a function of one Value (of a list of Values for softmax and log_softmax; of a Value
            and the slope for prelu).

    Returns:
        Its name, and the function. A function that is not in the tables has the name that it was defined with.

    Raises:
        ValueError: If there is no activation of that name, or it is maxout, which is a layer.
        TypeError: If it is neither a name nor a function.

    Example:
        >>> from autograd import tanh
        >>> resolve("tanh") == resolve(tanh) == ("tanh", tanh)
        True
    """
    if activation == "maxout":
        raise ValueError("maxout is no function of one weighted sum but a layer: write Maxout(n_inputs, n_outputs)")
    if isinstance(activation, str):
        return activation, look_up("activation", activation, _ALL)
    if not callable(activation):
        raise TypeError(f"an activation is a name or a function of one Value, not {activation!r}")
    known = [name for name, function in _ALL.items() if function is activation]
    return known[0] if known else getattr(activation, "__name__", type(activation).__name__), activation


def by_name(name: str, function: Activation) -> str:
    """The name, if it stands for the function, so that a network can be built again from names alone.

    Args:
        name: The name that `resolve` gave.
        function: The function that it gave, or the method for that.

    Raises:
        TypeError: If the function is not in the tables: one of the user's own.

    Example:
        >>> by_name("tanh", autograd.tanh)
        'tanh'
    """
    if (known := _ALL.get(name)) is None or function not in (known, as_method(known)):
        raise TypeError(f"the activation {name} is a function of your own, which has no name to build a network from")
    return name


def as_method(function: Activation) -> Activation:
    """The method of Value that does what the function does, if there is one: it is several times as fast.

    Args:
        function: An activation of one neuron.

    Returns:
        The method, to be called with one Value; the function itself if it is linear or not in the table.

    Example:
        >>> from autograd import Value, relu
        >>> as_method(relu) is Value.relu
        True
    """
    names = [name for name, known in ACTIVATIONS.items() if known is function]
    method: Activation = getattr(autograd.Value, names[0], function) if names else function
    return method
