"""Finding the model that a command is to use.

It owns the step from what was typed to a loaded pipeline; it must not know what is done with it.
Read next: `predict.py` and `show.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..serialization import load
from .errors import BadInputError, one_line

__all__ = ["FILE", "load_model"]

FILE = "model.safetensors"
"""The name of the model in the directory of a run."""


def load_model(path: Path) -> Any:
    """The model in a file, or in the directory of a run: a `Pipeline`, or a network that was saved without one.

    Raises:
        BadInputError: If there is none, or it is no model.
    """
    if path.is_dir():
        if not (path / FILE).exists():
            raise BadInputError(f"there is no {FILE} in the directory {path}: name the directory of a run, or a file")
        path = path / FILE
    try:
        return load(path)
    except FileNotFoundError:
        raise BadInputError(f"there is no file {path}: name the directory of a run, or a .safetensors file") from None
    except OSError as error:
        raise BadInputError(f"cannot read {path}: {error.strerror or error}") from None
    except ValueError as error:
        raise BadInputError(one_line(error)) from None
