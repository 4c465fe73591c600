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
from ..tables import Table, TableError, load_csv, load_inputs
from .errors import BadInputError

__all__ = ["Source", "as_options", "find", "read_inputs"]


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
        return _of_table(load_csv(path, options.target, **_reading(options)), path, asked)
    except TableError as error:
        raise BadInputError(as_options(str(error))) from None
    except (OSError, MemoryError) as error:
        raise BadInputError(f"cannot read {path}: {error}") from None


TABLE_OPTIONS = ("target", "ignore", "text", "missing", "delimiter", "encoding", "header")
"""The options that say how a table is read."""


TARGETS = {
    "iris": "species", "wine": "grower", "breast_cancer": "tumour", "digits": "digit", "diabetes": "progression",
    "sine": "y",
}  # fmt: skip
"""What the targets of built-in data sets are called, which the data sets do not say."""


def read_inputs(options: argparse.Namespace, kinds: Mapping[str, str]) -> Table:
    """The rows to predict for.

    Raises:
        BadInputError: If the file is no table, or not one of the columns that are needed.
    """
    try:
        return load_inputs(options.data, kinds, **_reading(options, inputs=True))
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


def _of_table(table: Table, path: Path, asked: bool | None) -> Source:
    if table.target is None:  # load_csv has one always
        raise BadInputError(f"{path}: there is no target")
    if asked is False and table.target.kind == "text":
        raise BadInputError(
            f"{path}: the target {table.target.name!r} holds texts, as {str(table.target.values[0])[:40]!r}, and "
            "regression needs numbers: leave --task out, or name another --target"
        )
    return Source(
        path.stem, f"the file {path}", table.names, [column.kind for column in table.columns], table.rows,
        table.target.name, table.target.values, asked, table.ignored,
    )  # fmt: skip


def _reading(options: argparse.Namespace, inputs: bool = False) -> dict[str, Any]:
    """What was asked for about the file, as `load_csv` and `load_inputs` take it."""
    delimiter = {"tab": "\t", "space": " "}.get(options.delimiter, options.delimiter)
    reading: dict[str, Any] = {
        "delimiter": delimiter, "encoding": options.encoding, "header": {"yes": True, "no": False}.get(options.header)
    }  # fmt: skip
    if options.missing:
        reading["missing"] = options.missing
    return reading if inputs else {**reading, "text": options.text, "ignore": options.ignore}


def as_options(message: str) -> str:
    """The message with options of the command line in place of Python's arguments.

    Example:
        >>> as_options("name the column in text=, or give header=True")
        'name the column in --text, or give --header yes'
    """
    message = message.replace("header=True", "--header yes").replace("header=False", "--header no")
    names = "missing|text|ignore|delimiter|encoding|target|validation|test"
    message = re.sub(rf"\b({names})=", r"--\1 ", message).replace("set validation or test to 0", "give --test 0")
    return re.sub(r" +(?=[ ,;:.)])", "", message)
