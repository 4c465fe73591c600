"""`show` and `datasets`: what a saved model is, and which data sets there are.

It owns these texts; it must not know how models are made.
Read next: `model.py`, which finds the model.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..data import DATASETS
from ..pipeline import Pipeline
from ..readable import Cell, number
from ..summary import summary
from .errors import DONE, BadInputError
from .files import distinct, refusal, write
from .model import FILE, load_model
from .names import isolated
from .pictures import draw_pipeline
from .text import say, table

__all__ = ["datasets", "settings_rows", "shortened", "show", "treatment"]


def show(options: argparse.Namespace) -> int:
    """Run the command `show`.

    Raises:
        BadInputError: If there is no model, or the picture cannot be written.
    """
    model = load_model(options.model)
    if options.network:
        _draw(model, options.model, options.network)
    for block in _blocks(model):
        say(f"{block}\n")
    if options.network:
        say(f"written: {options.network}")
    return DONE


def _blocks(model: Any) -> Iterator[str]:
    if not isinstance(model, Pipeline):
        yield f"A network without preprocessing; task: {getattr(model, 'task', None) or 'not known'}"
        yield str(summary(model))
        return
    target = isolated(str(model.settings.get("target", "target")))
    yield f"{_purpose(model, target)}\ntask: {model.task}"
    yield str(summary(model.network))
    rows: list[list[Cell]] = [
        [isolated(column.name), column.kind, treatment(column)] for column in model.preprocessing.columns
    ]
    yield "inputs\n" + table(["column", "kind", "what the network gets"], rows, left=3)
    if model.settings:
        yield "training\n" + table(["setting", "value"], settings_rows(model.settings), left=2)


def _purpose(model: Pipeline, target: str) -> str:
    if model.target.classes:
        return f"Predicts {target}: one of {len(model.target.classes)} classes, {shortened(model.target.class_names)}"
    return f"Predicts {target}: a number, about {number(model.target.mean)} ± {number(model.target.scale)}"


def shortened(names: Any, most: int = 10) -> str:
    """So many of the names, and how many there are besides.

    Example:
        >>> shortened(["a", "b", "c"], most=2)
        'a, b and 1 more'
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(isolated, names[:most])) + more


def treatment(column: Any) -> str:
    """What the network gets of a column.

    Example:
        >>> from nn.preprocessing import TextColumn
        >>> treatment(TextColumn("colour", ("blue", "red")))
        'one-hot: blue, red'
    """
    if column.kind == "text":
        return f"one-hot: {shortened(column.categories)}"
    if not column.scale:
        return "0: it is the same in every row of the training part"
    return f"(x - {number(column.shift)}) / {number(column.scale)}; missing: {number(column.fill)}"


def settings_rows(settings: Mapping[str, Any]) -> list[list[Cell]]:
    """Name and value of each setting, as texts.

    Example:
        >>> settings_rows({"batch_size": 16, "hidden": [8, 8], "samples": {"train": 90, "test": 30}})
        [['batch size', '16'], ['hidden', '8, 8'], ['samples', 'train 90, test 30']]
    """
    return [[isolated(name.replace("_", " ")), _plain(value)] for name, value in settings.items()]


def _plain(value: Any) -> str:
    """A setting as text."""
    if isinstance(value, dict):
        return ", ".join(f"{isolated(k)} {_plain(v)}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or "none"
    return number(value) if isinstance(value, float) else isolated(str(value))


def _draw(model: Any, source: Path, path: Path) -> None:
    if path.suffix.lower() not in (".svg", ".png"):
        raise BadInputError(f"--network {path}: a picture's name ends in .svg or .png")
    if not isinstance(model, Pipeline) and not hasattr(model, "graph"):
        raise BadInputError(f"{type(model).__name__} cannot be drawn: only layers that follow one another can")
    distinct(path, [source, source / FILE])
    drawn = draw_pipeline(model) if isinstance(model, Pipeline) else model.graph()
    try:
        write(path, drawn.pipe(path.suffix[1:].lower()))
    except OSError as error:
        raise refusal(error) from None


def datasets(options: argparse.Namespace) -> int:
    """Run the command `datasets`."""
    rows: list[list[Cell]] = []
    for name, make in DATASETS.items():
        data = make()
        target = (
            f"{len(data.class_names)} classes: {shortened(data.class_names, 3)}" if data.class_names else "a number"
        )
        rows.append([name, target, len(data.y), len(data.feature_names)])
    say(table(["name", "target", "samples", "features"], rows, left=2))
    return DONE
