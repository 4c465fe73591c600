"""Where samples come from: a CSV file, or a built-in data set by its name.

It owns that choice and the common form of both; it must not know networks or training.
Read next: `run.py`, which trains on a source.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..data import DATASETS, Dataset
from ..lookup import look_up
from ..tables import MISSING, Table, TableError, load_csv, load_inputs
from .errors import BadInputError

__all__ = ["USUAL", "Source", "as_options", "find", "read_inputs"]


USUAL = tuple(filter(None, MISSING))
"""What stands for a missing value, beside nothing at all, unless it is told."""


@dataclass(frozen=True)
class Source:
    """Samples as they are: not split, not scaled.

    Attributes:
        name: What they are called; also the name of the run's directory.
        origin: Where they come from, in words.
        names: The name of each column.
        kinds: "numeric" or "text" for each column.
        rows: A sequence of rows, or an array; None or nan where a value is missing.
        target: The name of what is predicted.
        answers: What is to be predicted, one per sample.
        classes: Whether these are classes; None to find out.
        ignored: The columns that are not used, and why.
        missing: What stands for a missing value in the file.
    """

    name: str
    origin: str
    names: Sequence[str]
    kinds: Sequence[str]
    rows: Any
    target: str
    answers: Sequence[Any]
    classes: bool | None
    ignored: Mapping[str, str] = field(default_factory=dict)
    missing: Sequence[str] = USUAL

    def column(self, i: int) -> list[Any]:
        """The values of a column; None where one is missing."""
        return [None if row[i] is None or row[i] != row[i] else row[i] for row in self.rows]


def find(options: argparse.Namespace) -> Source:
    """The samples that were asked for.

    What has the name of a data set is that, unless it is written as a path (./iris); everything else is a file.

    Raises:
        BadInputError: If there is neither file nor data set of that name (the nearest data set is suggested), or the
            file is no table.
    """
    asked = {"classes": True, "regression": False}.get(options.task)
    if options.data in DATASETS:
        if given := [f"--{name}" for name in TABLE_OPTIONS if getattr(options, name)]:
            raise BadInputError(f"{given[0]} is for CSV files, and {options.data} is a built-in data set")
        return _of_dataset(DATASETS[options.data](), asked)
    path = Path(options.data)
    if not path.exists() and path.name == options.data and not path.suffix:
        try:
            look_up("dataset", options.data, DATASETS)
        except ValueError as error:
            raise BadInputError(f"there is no file {options.data!r}, and {error}") from None
    try:
        missing = _missing(options, USUAL)
        return _of_table(load_csv(path, options.target, **_reading(options, missing)), path, asked, missing)
    except TableError as error:
        raise BadInputError(as_options(str(error))) from None
    except (OSError, MemoryError) as error:
        raise BadInputError(f"cannot read {path}: {error}") from None


TABLE_OPTIONS = ("target", "ignore", "text", "missing", "keep", "delimiter", "encoding", "header")
"""The options that say how a table is read."""


TARGETS = {
    "iris": "species", "wine": "grower", "breast_cancer": "tumour", "digits": "digit", "diabetes": "progression",
    "sine": "y",
}  # fmt: skip
"""What the targets of built-in data sets are called, which the data sets do not say."""


def read_inputs(options: argparse.Namespace, kinds: Mapping[str, str], settings: Mapping[str, Any]) -> Table:
    """The rows to predict for; what stood for a missing value in training does so here.

    Raises:
        BadInputError: If the file is no table, or not one of the columns that are needed.
    """
    known = settings.get("missing", USUAL)
    if not isinstance(known, list | tuple) or not all(isinstance(mark, str) for mark in known):
        known = USUAL  # a model that another program made
    try:
        return load_inputs(options.data, kinds, **_reading(options, _missing(options, known), inputs=True))
    except TableError as error:
        raise BadInputError(as_options(str(error))) from None
    except (OSError, MemoryError) as error:
        raise BadInputError(f"cannot read {options.data}: {error}") from None


def _of_dataset(data: Dataset, asked: bool | None) -> Source:
    classes = bool(data.class_names)
    if asked is not None and asked != classes:
        raise BadInputError(f"{data.name} is for {'classes' if classes else 'regression'}: leave --task out")
    answers = [data.class_names[k] for k in data.y.tolist()] if classes else data.y.tolist()
    return Source(
        data.name, "a built-in data set", data.feature_names, ["numeric"] * len(data.feature_names), data.X.tolist(),
        TARGETS.get(data.name, "class" if classes else "target"), answers, classes,
    )  # fmt: skip


def _of_table(table: Table, path: Path, asked: bool | None, missing: Sequence[str]) -> Source:
    if table.target is None:  # load_csv has one always
        raise BadInputError(f"{path}: there is no target")
    if asked is False and table.target.kind == "text":
        raise BadInputError(
            f"{path}: the target {table.target.name!r} holds texts, as {str(table.target.values[0])[:40]!r}, and "
            "regression needs numbers: leave --task out, or name another --target"
        )
    return Source(
        path.stem, f"the file {path}", table.names, [column.kind for column in table.columns], table.rows,
        table.target.name, table.target.values, asked, table.ignored, missing,
    )  # fmt: skip


def _missing(options: argparse.Namespace, known: Sequence[str]) -> list[str]:
    """What stands for a missing value: what is known to, without --keep, and --missing."""
    kept = {text.strip().casefold() for text in options.keep}
    return [*[mark for mark in known if mark.casefold() not in kept], *options.missing]


def _reading(options: argparse.Namespace, missing: Sequence[str], inputs: bool = False) -> dict[str, Any]:
    """What was asked for about the file, as `load_csv` and `load_inputs` take it."""
    delimiter = {"tab": "\t", "space": " "}.get(options.delimiter, options.delimiter)
    reading: dict[str, Any] = {
        "delimiter": delimiter, "encoding": options.encoding, "header": {"yes": True, "no": False}.get(options.header)
    }  # fmt: skip
    reading["missing"] = missing
    return reading if inputs else {**reading, "text": options.text, "ignore": options.ignore}


def as_options(message: str) -> str:
    """The message with options of the command line in place of Python's arguments.

    Example:
        >>> as_options("name the column in text=, or give header=True")
        'name the column in --text, or give --header yes'
    """
    message = message.replace("header=True", "--header yes").replace("header=False", "--header no")
    message = re.sub(r"give missing= without ('.*'), if", r"give --keep \1, if", message)
    names = "missing|text|ignore|delimiter|encoding|target|validation|test"
    message = message.replace("set validation or test", "set --validation or --test")
    message = re.sub(rf"\b({names})=(?=[\s,;:.)]|$)", r"--\1", message)
    message = re.sub(rf"\b({names})=", r"--\1 ", message)
    return re.sub(r"there is no column ('[^']*', .*), which", r"there are no columns \1, which", message)
