"""Saving and loading: one safetensors file for a network, or for a pipeline with all that belongs to it.

It owns what such a file says and in which words; it must not know how training works.
Read next: `architecture.py`, which turns a network into names and arrays, `archive.py`, the file from outside, and
`files.py`, which writes it whole or not at all.

A file holds one matrix `w` and one vector `b` for each layer, and one JSON text: format number, version of the
library, class and settings of every module, task, and of a pipeline preprocessing, target and training settings.
Nothing in it is executed: there is no pickle, and the classes that can be named are those of a table.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from os import PathLike
from typing import Any

import autograd

from ..data import DATASETS
from ..lookup import look_up
from ..modules import Module
from ..pipeline import Pipeline
from ..preprocessing import Preprocessing, Target
from ..tasks import TASKS
from .architecture import arrays_of, build, describe, freeze, frozen_in
from .archive import Arrays, FormatError, read_archive, write_archive

__all__ = ["FormatError", "load", "save"]


def save(model: Module | Pipeline, path: str | PathLike[str]) -> None:
    """Write a model to one file, whole or not at all.

    What was at that path stays until the new file is complete on the disk, also if the process is killed; a full disk
    or Ctrl-C leaves it unchanged. The same model gives the same bytes. Saved are the weights to the last bit, the
    architecture, what is frozen, and the task; of a pipeline also preprocessing, target and settings. Not saved are
    gradients, labels, attributes of your own, and the state of random generators.

    Args:
        model: A network made of the classes of this library, or a `Pipeline` with one.
        path: The name of the file, by custom `model.safetensors`.

    Raises:
        TypeError: If the model holds a class or an activation of your own, which `load` could not know: save its
            `state_dict()` as JSON, build the model in your program and give it to `load_state_dict`. Also if two
            modules share a weight, which would come back as two, or the settings of a pipeline hold what JSON cannot.
            Also if path is no name of a file.
        ValueError: If a weight is inf or nan: what was saved before is worth more. Also if the settings hold inf or
            nan, or what describes the model is so much more than its numbers that `load` would refuse it: from about
            280 layers of one neuron each, or 1,000 of ten.
        OSError: If it cannot be written; the class tells why (PermissionError, IsADirectoryError, FileNotFoundError
            for a missing directory, OSError for a full disk).

    Example:
        >>> import tempfile
        >>> from nn.modules import MLP
        >>> network = MLP(2, [3, 1], activation="tanh", seed=0)
        >>> with tempfile.TemporaryDirectory() as directory:
        ...     path = os.path.join(directory, "model.safetensors")
        ...     save(network, path)
        ...     loaded = load(path)
        >>> loaded
        MLP(2 -> 3 tanh -> 1 linear; 4 neurons, 9 weights, 13 parameters)
        >>> loaded([0.5, -1.0]).data == network([0.5, -1.0]).data
        True
    """
    _check_path(path, "save(model, 'model.safetensors')")
    write_archive(path, *_parts(model))


def _check_path(path: Any, call: str) -> None:
    if not isinstance(path, str | PathLike):
        raise TypeError(f"path must be the name of a file, got {path!r:.60}: write {call}")


def _parts(model: Module | Pipeline) -> tuple[dict[str, Any], Arrays]:
    """What is to be known about a model, and its numbers."""
    network = model.network if isinstance(model, Pipeline) else model
    contents = {
        "version": autograd.__version__,
        "kind": "pipeline" if isinstance(model, Pipeline) else "network",
        "architecture": describe(network),
        "frozen": frozen_in(network),
        "task": getattr(model, "task", None),
    }
    if isinstance(model, Pipeline):
        contents["preprocessing"] = model.preprocessing.to_json()
        contents["target"] = model.target.to_json()
        contents["settings"] = model.settings
    return contents, arrays_of(network)


def load(path: str | PathLike[str]) -> Any:
    """The model that `save` wrote, a network or a `Pipeline`, in evaluation mode.

    Everything is checked before it is built: sizes, types, names, shapes, that the numbers are finite, and a digest
    over all of it. Beyond the model, loading takes no more memory than twice the file and one MiB.

    Args:
        path: The name of the file.

    Returns:
        A model of the same classes, whose weights equal the saved ones bit for bit.

    Raises:
        FormatError: If the file is not a saved model, was damaged or changed, or is of a later version; it is a
            ValueError.
        OSError: If there is no such file (FileNotFoundError), it is a directory (IsADirectoryError), or it cannot be
            read.
        TypeError: If path is no name of a file.

    Example:
        >>> import tempfile
        >>> with tempfile.NamedTemporaryFile() as file:
        ...     n = file.write(b"a text, not a model"); file.flush()
        ...     load(file.name)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        nn.serialization.archive.FormatError: cannot load '...': it is cut off, or no safetensors file at all (19 bytes)
    """
    _check_path(path, "load('model.safetensors')")
    _check_file(os.fspath(path))
    try:
        contents, arrays = read_archive(path)
        return READERS[contents["format"]](contents, arrays)
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:  # FormatError too, which lacks the path
        raise FormatError(f"cannot load {os.fspath(path)!r}: {error!s:.400}") from error


def _check_file(path: Any) -> None:
    """That there is something to read, which is no directory; a data set's name is told from a file's."""
    if os.path.isdir(path):
        remedy = f"it is a directory: name the file in it, as {os.path.join(path, 'model.safetensors')!r}"
        raise IsADirectoryError(errno.EISDIR, f"cannot load {path!r}: {remedy}")
    if not os.path.lexists(path):
        made = f"the data set is nn.{DATASETS[path].__name__}()" if path in DATASETS else "check name and directory"
        raise FileNotFoundError(errno.ENOENT, f"cannot load {path!r}: there is no such file: {made}")


def _read_1(contents: Mapping[str, Any], arrays: Arrays) -> Module | Pipeline:
    """What a file of format 1 holds."""
    kind = contents.get("kind")
    expected = {"sha256", "format", "version", "kind", "architecture", "frozen", "task"}
    if kind == "pipeline":
        expected |= {"preprocessing", "target", "settings"}
    elif kind != "network":
        raise FormatError(f"it holds a {kind!r:.40}, not a network or a pipeline")
    if set(contents) != expected:
        raise FormatError(f"its description has {sorted(contents)!r:.200}, expected {sorted(expected)}")
    if not isinstance(contents["version"], str):
        raise FormatError(f"its version is {contents['version']!r:.40}, expected a text")
    network = build(contents["architecture"], arrays)
    freeze(network, contents["frozen"])
    if contents["task"] is not None:
        network.task = _task(contents["task"])  # type: ignore[attr-defined]
    return network if kind == "network" else _pipeline(network, contents)


def _task(name: Any) -> str:
    if not isinstance(name, str):
        raise FormatError(f"its task is {name!r:.40}, expected a text")
    return look_up("task", name, TASKS).name


def _pipeline(network: Module, contents: Mapping[str, Any]) -> Pipeline:
    if not isinstance(contents["settings"], dict):
        raise FormatError(f"its settings are {contents['settings']!r:.60}, expected an object")
    preprocessing = Preprocessing.from_json(contents["preprocessing"])
    target = Target.from_json(contents["target"])
    return Pipeline(network, preprocessing, target, _task(contents["task"]), contents["settings"])


READERS: Mapping[int, Callable[[Mapping[str, Any], Arrays], Module | Pipeline]] = {1: _read_1}
"""What reads a file of each format number; those of old numbers stay when a new one comes."""
