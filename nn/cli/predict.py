"""`predict`: the rows of a CSV file in, predictions and probabilities out.

It owns the table that is written; it must not know how a prediction is made.
Read next: `../pipeline.py`, which makes it.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys

from ..pipeline import Pipeline
from ..preprocessing import TextColumn
from ..tables import Table
from .errors import DONE, BadInputError, one_line, warn
from .files import distinct, refusal, write
from .model import FILE, load_model
from .names import isolated
from .source import read_inputs
from .text import say

__all__ = ["predict"]


def predict(options: argparse.Namespace) -> int:
    """Run the command.

    Raises:
        BadInputError: If the model, the rows or the place for the result cannot be used.
    """
    if options.out is not None:
        distinct(options.out, [options.data, options.model, options.model / FILE])
    pipeline = load_model(options.model)
    if not isinstance(pipeline, Pipeline):
        raise BadInputError(
            f"{options.model} holds a network without preprocessing, which takes no CSV file: call nn.predict in Python"
        )
    table = read_inputs(options, pipeline.preprocessing.kinds, pipeline.settings)
    if strange := _unseen(pipeline, table):
        warn(f"not in the training part, and so taken as missing: {strange}")
    try:
        text = _csv(pipeline, table)
    except ValueError as error:
        raise BadInputError(f"{options.data}: {one_line(error)}") from None
    if options.out is None:
        _check_encoding(text, getattr(sys.stdout, "encoding", None) or "utf-8")
        sys.stdout.write(text)
        return DONE
    try:
        write(options.out, text.encode())
    except OSError as error:
        raise refusal(error) from None
    say(f"{options.out}: {len(table.rows):,} predictions")
    return DONE


def _check_encoding(text: str, encoding: str) -> None:
    """That standard output can take the table as it is: escapes in it would be other names.

    Raises:
        BadInputError: If it lacks a sign.
    """
    try:
        text.encode(encoding)
    except UnicodeEncodeError as error:
        lacking = text[error.start]
        raise BadInputError(
            f"standard output is {encoding}, which lacks {lacking!a}: name a file with --out, or set "
            "PYTHONIOENCODING=utf-8"
        ) from None


def _unseen(pipeline: Pipeline, table: Table) -> str:
    """The texts that the network knows nothing of, with their columns; empty if there are none."""
    found = [
        f"'{isolated(text)}' in the column '{isolated(known.name)}'"
        for known, column in zip(pipeline.preprocessing.columns, table.columns, strict=True)
        if isinstance(known, TextColumn)
        for text in sorted({str(value) for value in column.values if value is not None} - set(known.categories))
    ]
    return ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")


def _csv(pipeline: Pipeline, table: Table) -> str:
    """A header, and a line for each row: the prediction and, for classes, the probability of each in six digits."""
    target = pipeline.target
    name = str(pipeline.settings.get("target", "prediction"))
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    if pipeline.task != "margin" and target.classes:
        writer.writerow([name, *[f"probability of {label}" for label in target.class_names]])
        for row in pipeline.predict_proba(table).tolist():
            writer.writerow([target.decode([row.index(max(row))])[0], *[f"{p:.6g}" for p in row]])
    else:
        writer.writerow([name])
        writer.writerows([answer] for answer in pipeline.predict(table).tolist())
    return content.getvalue()
