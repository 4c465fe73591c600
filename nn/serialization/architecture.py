"""A network as a description that JSON can hold and one matrix and one vector for each layer; and back.

It owns which classes can be saved, and the names and shapes of their arrays; it must not know files.
Read next: `archive.py`, where both go.

The matrix `w` of a layer has a row for each neuron and a column for each input, the vector `b` the biases, and with
prelu the vector `slope` the slopes: `layers.0.w`, `layers.0.b`; of a layer or neuron that stands alone, `w` and `b`.
Those of maxout have an axis more in front, the pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from ..activations import LEARNED_ACTIVATIONS
from ..layers import Maxout, Sequential
from ..modules import MLP, Layer, Module, Neuron
from ..noise import Dropout, GaussianNoise
from .archive import Arrays, FormatError

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

__all__ = ["CLASSES", "arrays_of", "build", "describe", "freeze", "frozen_in"]

Description: TypeAlias = dict[str, Any]

CLASSES: Mapping[str, Any] = {
    kind.__name__: kind for kind in (MLP, Layer, Neuron, Maxout, Sequential, Dropout, GaussianNoise)
}
"""The classes that can be saved, by the names that a file may have for them."""

SETTINGS: Mapping[str, frozenset[str]] = {
    name: frozenset({"class", *settings.split()})
    for name, settings in {
        "MLP": "n_inputs n_outputs activation output_activation dropout",
        "Layer": "n_inputs n_outputs activation",
        "Neuron": "n_inputs activation",
        "Maxout": "n_inputs n_outputs pieces",
        "Sequential": "modules",
        "Dropout": "p",
        "GaussianNoise": "deviation",
    }.items()
}
"""What a description of each class holds: the keys of its `config()`."""


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
    if not isinstance(network, Module):
        raise TypeError(
            f"{type(network).__name__} is no class of networks, got {network!r:.60}: give a network or a Pipeline, as "
            "save(model, path)"
        )
    if type(network) not in CLASSES.values():
        raise TypeError(
            f"{type(network).__name__} is no class that a file can name ({', '.join(CLASSES)}): {_OTHERWISE}"
        )
    if isinstance(network, Sequential):
        return {"class": "Sequential", "modules": [describe(module) for module in network.layers]}
    try:
        return {"class": type(network).__name__, **network.config()}  # type: ignore[attr-defined]
    except TypeError as error:  # an activation of the user's own
        raise TypeError(f"{error}: {_OTHERWISE}") from error


_OTHERWISE = "write its state_dict() as JSON, and give that to load_state_dict() of a model that your program builds"


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
    return _frozen(network, "")


def _frozen(module: Module, path: str) -> list[str]:
    parts = [(inner, part) for inner, part in _parts(module, path) if not isinstance(part, Dropout | GaussianNoise)]
    if not parts:
        return [path] if module._frozen else []
    frozen = [_frozen(part, inner) for inner, part in parts]
    if all(found == [inner] for found, (inner, _) in zip(frozen, parts, strict=True)):
        return [path]
    return [inner for found in frozen for inner in found]


_CONTAINERS = ("layers", "neurons", "pieces")
_STEP = rf"({'|'.join(_CONTAINERS)})\.(0|[1-9]\d{{0,9}})"


def _parts(module: Module, path: str) -> Iterator[tuple[str, Module]]:
    """What a module is made of: layers, neurons, the pieces of a maxout neuron."""
    for name in _CONTAINERS:
        for i, part in enumerate(getattr(module, name, ())):
            yield f"{path}.{name}.{i}".lstrip("."), part


def freeze(network: Module, paths: Any) -> None:
    """Freeze what `frozen_in` named.

    Args:
        network: A module that `build` built.
        paths: What `frozen_in` gave.

    Raises:
        FormatError: If it is not a list of such paths.
    """
    if not isinstance(paths, list):
        raise FormatError(f"it says that {paths!r:.40} is frozen, expected a list")
    for path in paths:
        frozen = _at(network, path)
        if frozen is None or frozen._frozen:
            raise FormatError(f"it says that {path!r:.40} is frozen, which its architecture does not have, or twice")
        for module in _all(frozen):
            module._frozen = True


def _at(network: Module, path: Any) -> Module | None:
    """What a path leads to, as "layers.0.neurons.3"; None if there is no such thing."""
    if not isinstance(path, str) or not re.fullmatch(rf"({_STEP}(\.{_STEP})*)?", path, re.ASCII):
        return None
    module: Any = network
    for name, i in re.findall(r"([a-z]+)\.(\d+)", path):
        parts = getattr(module, name, ())
        if int(i) >= len(parts):
            return None
        module = parts[int(i)]
    return module  # type: ignore[no-any-return]


def _all(module: Module) -> Iterator[Module]:
    """A module and all that it is made of. `Module.modules` looks at every weight too, which costs memory."""
    yield module
    if isinstance(module, MLP):
        yield module.dropout
    for _, part in _parts(module, ""):
        yield from _all(part)


def _units(network: Module, prefix: str = "") -> Iterator[tuple[str, Module]]:
    """The modules that have parameters, with what stands before the names of their arrays."""
    layers = getattr(network, "layers", None)
    if layers is None:
        yield prefix, network
    else:
        for i, layer in enumerate(layers):
            yield from _units(layer, f"{prefix}layers.{i}.")


def _rows(unit: Module) -> list[list[Neuron]]:
    """The neurons whose weights make a matrix: those of a layer, or of each piece of maxout; none of a dropout."""
    if isinstance(unit, Maxout):
        return [list(piece) for piece in zip(*[neuron.pieces for neuron in unit.neurons], strict=True)]
    if isinstance(unit, Layer):
        return [unit.neurons]
    return [[unit]] if isinstance(unit, Neuron) else []


def _vectors(rows: list[list[Neuron]]) -> tuple[str, ...]:
    return ("b", "slope") if hasattr(rows[0][0], "slope") else ("b",)


def _arrays(network: Module) -> Iterator[tuple[str, NDArray[float64]]]:
    import numpy as np

    for prefix, unit in _units(network):
        if rows := _rows(unit):
            w = np.array([[[w.data for w in neuron.w] for neuron in row] for row in rows], dtype=np.float64)
            yield f"{prefix}w", w if isinstance(unit, Maxout) else w[0]
            for name in _vectors(rows):
                v = np.array([[getattr(neuron, name).data for neuron in row] for row in rows], dtype=np.float64)
                yield f"{prefix}{name}", v if isinstance(unit, Maxout) else v[0]


def _finite(name: str, array: NDArray[float64]) -> NDArray[float64]:
    import numpy as np

    if not (finite := np.isfinite(array)).all():
        place = tuple(int(i) for i in np.argwhere(~finite)[0])
        raise ValueError(
            f"{name}[{', '.join(map(str, place))}] is {array[place]}: a model with such weights is broken; train it "
            "again with a smaller learning rate"
        )
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
    for module in _all(network):
        module.training = False
    return network


def _shapes(description: Any, prefix: str = "") -> Iterator[tuple[str, tuple[int, ...]]]:
    """The names and shapes of the arrays that belong to a description, which may be anything that JSON can say."""
    kind = description.get("class") if isinstance(description, dict) else None
    if not isinstance(kind, str) or kind not in CLASSES:
        raise FormatError(f"its architecture names the class {kind!r:.40}; there are: {', '.join(CLASSES)}")
    if description.keys() != SETTINGS[kind]:
        raise FormatError(
            f"its architecture has {', '.join(description)!s:.80} for {kind}, not {sorted(SETTINGS[kind])}"
        )
    if kind == "Sequential":
        for i, part in enumerate(_list(description, "modules")):
            yield from _shapes(part, f"{prefix}layers.{i}.")
    elif kind == "MLP":
        sizes = [description["n_inputs"], *_list(description, "n_outputs")]
        names = [description["activation"]] * (len(sizes) - 2) + [description["output_activation"]]
        for i, (shape, activation) in enumerate(zip(pairwise(sizes), names, strict=True)):
            yield from _layer_shapes(shape[::-1], activation, f"{prefix}layers.{i}.")
    elif kind in ("Layer", "Neuron", "Maxout"):
        activation = description.get("activation")
        n_outputs = 1 if kind == "Neuron" else description["n_outputs"]
        pieces = [description["pieces"]] if kind == "Maxout" else []
        yield from _layer_shapes((*pieces, n_outputs, description["n_inputs"]), activation, prefix)


def _list(description: Description, name: str) -> list[Any]:
    parts = description[name]
    if not isinstance(parts, list) or not parts:
        raise FormatError(f"its architecture has {name}={parts!r:.40}, expected a list of at least one")
    return parts


def _layer_shapes(shape: tuple[Any, ...], activation: Any, prefix: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    for size in shape:
        if type(size) is not int or size < 1:
            raise FormatError(f"its architecture has a layer of size {size!r:.40}, expected a whole number from 1")
    yield f"{prefix}w", shape
    yield f"{prefix}b", shape[:-1]
    if isinstance(activation, str) and activation in LEARNED_ACTIVATIONS:
        yield f"{prefix}slope", shape[:-1]


def _made(description: Description, arrays: Arrays, prefix: str = "") -> Module:
    """The network; nothing random is drawn, and the numbers of a matrix become those of the Values as they are."""
    kind = CLASSES[description["class"]]
    settings = {name: setting for name, setting in description.items() if name != "class"}
    if kind is Sequential:
        parts = enumerate(description["modules"])
        return Sequential(*[_made(part, arrays, f"{prefix}layers.{i}.") for i, part in parts])
    names = [name for name, _ in _shapes(description, prefix)]
    if not names:
        return kind(**settings)  # type: ignore[no-any-return]
    weights = [arrays[name] for name in names if name.endswith("w")]
    matrices = iter([matrix for w in weights for matrix in (w if w.ndim == 3 else [w])])
    network: Module = kind(**settings, initializer=lambda fan_in, fan_out, rng: next(matrices).tolist())
    for start, unit in _units(network, prefix):
        _set_vectors(_rows(unit), start, arrays)
    return network


def _set_vectors(rows: list[list[Neuron]], prefix: str, arrays: Arrays) -> None:
    for name in _vectors(rows):
        numbers = iter(arrays[f"{prefix}{name}"].reshape(-1).tolist())
        for neuron in [neuron for row in rows for neuron in row]:
            getattr(neuron, name).data = next(numbers)
