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
from ..tables import Table
from .errors import DONE, BadInputError, one_line
from .files import distinct, refusal, write
from .model import FILE, load_model
from .source import read_inputs

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
    table = read_inputs(options, pipeline.preprocessing.kinds)
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
    print(f"{options.out}: {text.count(chr(10)) - 1} predictions")
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


def _csv(pipeline: Pipeline, table: Table) -> str:
    """A header, and a line for each row: the prediction and, for classes, the probability of each."""
    target = pipeline.target
    name = str(pipeline.settings.get("target", "prediction"))
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    if pipeline.task != "margin" and target.classes:
        writer.writerow([name, *[f"probability of {label}" for label in target.class_names]])
        for row in pipeline.predict_proba(table).tolist():
            writer.writerow([target.decode([row.index(max(row))])[0], *row])
    else:
        writer.writerow([name])
        writer.writerows([answer] for answer in pipeline.predict(table).tolist())
    return content.getvalue()
