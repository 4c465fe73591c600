"""A network as a description that JSON can hold and one matrix and one vector for each layer; and back.

It owns which classes can be saved, and the names and shapes of their arrays; it must not know files.
Read next: `archive.py`, where both go.

The matrix `w` of a layer has a row for each neuron and a column for each input, the vector `b` the biases, and with
prelu the vector `slope` the slopes: `layers.0.w`, `layers.0.b`; of a layer or neuron that stands alone, `w` and `b`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from ..activations import LEARNED_ACTIVATIONS
from ..modules import MLP, Layer, Module, Neuron
from ..noise import Dropout, GaussianNoise
from .archive import Arrays, FormatError

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

__all__ = ["CLASSES", "arrays_of", "build", "describe", "freeze", "frozen_in"]

Description: TypeAlias = dict[str, Any]

CLASSES: Mapping[str, Any] = {kind.__name__: kind for kind in (MLP, Layer, Neuron, Dropout, GaussianNoise)}
"""The classes that can be saved, by the names that a file may have for them."""


# --- from a network ------------------------------------------------------------------------------------------


def describe(network: Module) -> Description:
    """The classes of a network and what each is made from, without the weights.

    Args:
        network: A module of the classes in `CLASSES`.

    Raises:
        TypeError: If it is of another class, or holds one, or an activation of the user's own, or shares parameters.

    Example:
        >>> describe(MLP(2, [3, 1], activation="tanh"))["n_outputs"]
        [3, 1]
    """
    if type(network) not in CLASSES.values():
        raise TypeError(
            f"{type(network).__name__} is no class that a file can name ({', '.join(CLASSES)}): write "
            "its state_dict() as JSON, and give that to load_state_dict() of a model that your program builds"
        )
    return {"class": type(network).__name__, **network.config()}  # type: ignore[attr-defined]


def arrays_of(network: Module) -> Arrays:
    """The parameters of a network, as arrays by their names.

    Args:
        network: A module that `describe` can describe.

    Raises:
        ValueError: If one is inf or nan.
        TypeError: If the network has parameters beyond those of its layers, or two layers share some.

    Example:
        >>> {name: array.shape for name, array in arrays_of(MLP(2, [3, 1])).items()}
        {'layers.0.w': (3, 2), 'layers.0.b': (3,), 'layers.1.w': (1, 3), 'layers.1.b': (1,)}
    """
    arrays = {name: _finite(name, array) for name, array in _arrays(network)}
    if sum(array.size for array in arrays.values()) != network.n_parameters:
        raise TypeError(
            f"{network!r:.60} has parameters beside those of its layers, or two layers share some: a file could not "
            "say so. Write its state_dict() as JSON"
        )
    return arrays


def frozen_in(network: Module) -> list[str]:
    """The paths of the layers that are frozen, and of single neurons in others; "" is the network itself.

    Args:
        network: A module that `describe` can describe.

    Example:
        >>> network = MLP(2, [3, 1])
        >>> _ = network.layers[0].freeze()
        >>> frozen_in(network)
        ['layers.0']
    """
    trainable = {id(x) for x in network.trainable_parameters()}
    frozen: list[str] = []
    for path, module in _freezable(network):
        covered = any(path.startswith(f"{above}." if above else "") for above in frozen[-1:])
        if not covered and not any(id(x) in trainable for x in module.parameters()):
            frozen.append(path)
    return frozen


def freeze(network: Module, paths: Any) -> None:
    """Freeze what `frozen_in` named.

    Args:
        network: A module that `build` built.
        paths: What `frozen_in` gave.

    Raises:
        FormatError: If it is not a list of such paths.
    """
    freezable = dict(_freezable(network))
    for path in paths if isinstance(paths, list) else [paths]:
        if not isinstance(path, str) or path not in freezable:
            raise FormatError(f"it says that {path!r:.40} is frozen, which its architecture does not have")
        freezable[path].freeze()


def _freezable(network: Module) -> Iterator[tuple[str, Module]]:
    """The modules that have parameters, by their paths: layers, and after each its neurons."""
    for prefix, unit in _units(network):
        if unit.parameters():
            yield prefix.rstrip("."), unit
            yield from ((f"{prefix}neurons.{i}", x) for i, x in enumerate(_neurons(unit)) if x is not unit)


def _units(network: Module, prefix: str = "") -> Iterator[tuple[str, Module]]:
    """The modules that have parameters, with what stands before the names of their arrays."""
    layers = getattr(network, "layers", None)
    if layers is None:
        yield prefix, network
    else:
        for i, layer in enumerate(layers):
            yield from _units(layer, f"{prefix}layers.{i}.")


def _neurons(unit: Module) -> list[Neuron]:
    return [unit] if isinstance(unit, Neuron) else getattr(unit, "neurons", [])


def _arrays(network: Module) -> Iterator[tuple[str, NDArray[float64]]]:
    import numpy as np

    for prefix, unit in _units(network):
        if neurons := _neurons(unit):
            yield f"{prefix}w", np.array([[w.data for w in neuron.w] for neuron in neurons], dtype=np.float64)
            for name in ("b", "slope") if hasattr(neurons[0], "slope") else ("b",):
                values = [getattr(neuron, name).data for neuron in neurons]
                yield f"{prefix}{name}", np.array(values, dtype=np.float64)


def _finite(name: str, array: NDArray[float64]) -> NDArray[float64]:
    import numpy as np

    if not (finite := np.isfinite(array)).all():
        place = tuple(int(i) for i in np.argwhere(~finite)[0])
        raise ValueError(f"{name}[{', '.join(map(str, place))}] is {array[place]}: a model with such weights is broken")
    return array


# --- to a network --------------------------------------------------------------------------------------------


def build(description: Any, arrays: Arrays) -> Module:
    """The network that a description names, with the weights in the arrays, in evaluation mode.

    Names and shapes are compared before anything is made, so that a large number in the description costs nothing.

    Args:
        description: What `describe` gave.
        arrays: What `arrays_of` gave.

    Raises:
        FormatError: If names or shapes differ, or a number is inf or nan.
        ValueError: If a setting has a wrong value.
        TypeError: If a setting has a wrong type.

    Example:
        >>> layer = Layer(2, 3, activation="tanh")
        >>> build(describe(layer), arrays_of(layer))
        Layer(2 -> 3 tanh)
    """
    expected = dict(_shapes(description))
    for name in sorted(expected.keys() | arrays.keys()):
        if name not in arrays:
            raise FormatError(f"it has no array {name!r}, which its architecture needs")
        if name not in expected:
            raise FormatError(f"it has an array {name!r:.60}, which its architecture does not know")
        if arrays[name].shape != expected[name]:
            raise FormatError(f"the array {name!r} has the shape {arrays[name].shape}, expected {expected[name]}")
        _finite(name, arrays[name])
    network = _made(description, arrays)
    if describe(network) != description:
        raise FormatError(f"its architecture has settings that no network has: {description!r:.200}")
    return network.eval()


def _shapes(description: Any, prefix: str = "") -> Iterator[tuple[str, tuple[int, ...]]]:
    """The names and shapes of the arrays that belong to a description, which may be anything that JSON can say."""
    kind = description.get("class") if isinstance(description, dict) else None
    if not isinstance(kind, str) or kind not in CLASSES:
        raise FormatError(f"its architecture names the class {kind!r:.40}; there are: {', '.join(CLASSES)}")
    if kind == "MLP":
        outputs = description.get("n_outputs")
        if not isinstance(outputs, list) or not outputs:
            raise FormatError(f"its architecture has n_outputs={outputs!r:.60}, expected a list of whole numbers")
        sizes = [description.get("n_inputs"), *outputs]
        hidden, output = description.get("activation"), description.get("output_activation")
        for i, (n_inputs, n_outputs) in enumerate(pairwise(sizes)):
            activation = output if i == len(outputs) - 1 else hidden
            yield from _dense_shapes(n_inputs, n_outputs, activation, f"{prefix}layers.{i}.")
    elif kind in ("Layer", "Neuron"):
        n_outputs = description.get("n_outputs") if kind == "Layer" else 1
        yield from _dense_shapes(description.get("n_inputs"), n_outputs, description.get("activation"), prefix)


def _dense_shapes(n_inputs: Any, n_outputs: Any, activation: Any, prefix: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    for size in (n_inputs, n_outputs):
        if type(size) is not int or size < 1:
            raise FormatError(f"its architecture has a layer of size {size!r:.40}, expected a whole number from 1")
    yield f"{prefix}w", (n_outputs, n_inputs)
    yield f"{prefix}b", (n_outputs,)
    if isinstance(activation, str) and activation in LEARNED_ACTIVATIONS:
        yield f"{prefix}slope", (n_outputs,)


def _made(description: Description, arrays: Arrays, prefix: str = "") -> Module:
    """The network; nothing random is drawn, and the numbers of a matrix become those of the Values as they are."""
    kind = CLASSES[description["class"]]
    settings = {name: setting for name, setting in description.items() if name != "class"}
    if kind in (Dropout, GaussianNoise):
        return kind(**settings)
    matrices = iter([arrays[name] for name in _names(description, prefix) if name.endswith("w")])
    network = kind(**settings, initializer=lambda fan_in, fan_out, rng: next(matrices).tolist())
    for start, unit in _units(network, prefix):
        for name in ("b", "slope") if hasattr(_neurons(unit)[0], "slope") else ("b",):
            for neuron, number in zip(_neurons(unit), arrays[f"{start}{name}"].tolist(), strict=True):
                getattr(neuron, name).data = number
    return network


def _names(description: Description, prefix: str) -> list[str]:
    return [name for name, _ in _shapes(description, prefix)]
