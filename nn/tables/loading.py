"""Reading a table: one to learn from, or one to predict from.

It owns which columns are used and what a target must be; it must not know how texts became columns.
Read next: `sheet.py`, which reads the file.
"""

from __future__ import annotations

import difflib
import operator
import re
from collections.abc import Collection, Mapping, Sequence

from .cells import MISSING, check_texts, likeness
from .errors import listed, quoted
from .sheet import Path, Sheet, read_sheet
from .table import Column, Table

__all__ = ["load_csv", "load_inputs"]


def load_csv(
    path: Path,
    target: str | int | None = None,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    header: bool | None = None,
    missing: Collection[str] = MISSING,
    text: Collection[str] = (),
    ignore: Collection[str] = (),
) -> Table:
    """Read a table to learn from: inputs and a target.

    What is not given is found:

    - delimiter: what a first line as Excel's `sep=;` names, which is no row; else tab, semicolon, bar or comma, the
      first of them that cuts the first lines into equally many values, else white space. Values may be quoted; quoted
      ones may hold delimiters, quotes (doubled) and line ends.
    - encoding: UTF-8, 16 or 32 by the mark at the start, else UTF-8, else Windows' cp1252, else latin-1.
    - header: the first line, if it has texts above most columns of numbers. Where all columns hold texts, if its
      values are distinct and none of them comes again below.
    - kind: a column is numeric if its values are numbers. Texts in it are errors if they are at most a tenth of the
      values, or a single one among three or more; if there are more, the column is text. Where the delimiter is no
      comma, numbers may have a decimal comma, all of a column or none.

    Space around values and lines of nothing but space do not count, nor do rows of empty values at the end. A column
    without a name is called "column 3" after its place, a name that comes again gets a number. Not used, but listed in
    `ignored`, are columns without any value, an unnamed one that counts the rows, and texts of more different values
    than half the rows (at least 10 may differ, at most 200), as in names and notes, or in dates, percents and numbers
    with thousands separators, of which the reason says so.

    Args:
        path: The file.
        target: The column to predict: its name, or its number from 0 on, or from -1 back. None for the last one
                that has a name or a value: where lines end in a delimiter, there is an empty one behind.
        delimiter: One character; " " for any white space. None to find it.
        encoding: A name that Python knows, as "cp1252". None to find it.
        header: Whether the first line names the columns. None to find out.
        missing: What stands for a missing value, in capitals or not; the empty one always does.
        text: Names of columns to read as text, although they hold numbers, as postal codes do.
        ignore: Names of columns to leave out.

    Returns:
        The table: the target apart from the inputs.

    Raises:
        TableError: If the file cannot be read, is binary or empty, has rows of different lengths, no column of a
            given name (the nearest is suggested), a text among numbers, a number that is not finite; or if the target
            misses a value, is the same in every row, or holds texts of which each comes once only, or percents,
            numbers with thousands separators or dates without being named in text.
        TypeError: If path is no name of a file, target neither name nor number, header no bool, delimiter or encoding
            no text, or missing, text or ignore no collection of texts.

    Example:
        >>> import pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "fruit.csv")
        >>> lines = ["weight;colour;name", "1,5;red;apple", "0,2;?;plum", ';"red";apple']
        >>> _ = file.write_text(chr(10).join(lines))
        >>> table = load_csv(file)
        >>> table.rows
        [(1.5, 'red'), (0.2, None), (None, 'red')]
        >>> table.target
        Column(name='name', kind='text', values=('apple', 'plum', 'apple'))
        >>> load_csv(file, "colours")
        Traceback (most recent call last):
        ...
        nn.tables.errors.TableError: ...fruit.csv: unknown column 'colours', did you mean 'colour'? There are: ...
    """
    check_texts("text", text)
    check_texts("ignore", ignore)
    sheet = read_sheet(path, delimiter, encoding, header, missing).without_empty_end()
    place = _find_target(sheet, target)
    for name in (*text, *ignore):
        _look_up(sheet, name)
    if sheet.names[place] in ignore:
        sheet.fail(f"column {sheet.names[place]!r} is the target and cannot be ignored: name another target")
    columns, ignored = _inputs(sheet, place, text, ignore)
    wanted = sheet.column(place, "text" if sheet.names[place] in text else None)
    if wanted.kind == "text" and wanted.name not in text and (like := _likeness(wanted)):
        sheet.fail(f"the target, column {wanted.name!r}, looks like {like}; or name it in text=, if these are classes")
    _check_target(sheet, wanted)
    return Table(sheet.path, columns, wanted, ignored, sheet.header, sheet.delimiter, sheet.encoding)


def load_inputs(
    path: Path,
    kinds: Mapping[str, str],
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    header: bool | None = None,
    missing: Collection[str] = MISSING,
) -> Table:
    """Read a table to predict from: the columns that a model was trained on, and no target.

    Each row of the file is one of the table, also one of empty values; only lines of nothing but space are skipped.
    Columns are found by name, in any order; others are listed in `ignored`. Without a header they are taken by their
    place if there are as many as the model has, else by the names "column 1" and so on. What is not given is found
    as in `load_csv`; a first line that holds one of the names is a header.

    Args:
        path: The file.
        kinds: The kind of each column, "numeric" or "text", by name: `Preprocessing.kinds`.
        delimiter: One character; " " for any white space. None to find it.
        encoding: A name that Python knows, as "cp1252". None to find it.
        header: Whether the first line names the columns. None to find out.
        missing: What stands for a missing value, in capitals or not; the empty one always does.

    Returns:
        The table, with the columns in the order of kinds.

    Raises:
        TableError: If columns are missing (they are named), if a numeric one holds text, or the file is at fault as
            in `load_csv`.
        TypeError: If path is no name of a file, kinds no mapping, header no bool, delimiter or encoding no text, or
            missing no collection of texts.

    Example:
        >>> import pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "new.csv")
        >>> _ = file.write_text(chr(10).join(["colour,price,weight", "red,3,1.5"]))
        >>> table = load_inputs(file, {"weight": "numeric", "colour": "text"})
        >>> table.rows, table.ignored
        ([(1.5, 'red')], {'price': 'not an input of the model'})
    """
    if not isinstance(kinds, Mapping):
        raise TypeError(f"kinds must be a dict, as pipeline.preprocessing.kinds, got {kinds!r:.60}")
    sheet = read_sheet(path, delimiter, encoding, header, missing, frozenset(kinds))
    place = {name: j for j, name in enumerate(sheet.names)}
    if not sheet.header and len(sheet.names) == len(kinds):
        place = {name: j for j, name in enumerate(kinds)}
    absent = [name for name in kinds if name not in place]
    if absent:
        nearest = _nearest(absent[0], sheet.names)
        remedy = f"is {quoted(nearest)} meant to be {quoted(absent[0])}?" if nearest else "add what is missing"
        found = listed(sheet.names) if sheet.header else f"{len(sheet.names)} columns without a header"
        sheet.fail(f"there is no column {listed(absent)}, which the model needs; the file has {found}: {remedy}", 1)
    columns = tuple(sheet.column(place[name], kind) for name, kind in kinds.items())
    if not sheet.header:
        columns = tuple(Column(name, column.kind, column.values) for name, column in zip(kinds, columns, strict=True))
    used = {place[name] for name in kinds}
    ignored = {name: "not an input of the model" for j, name in enumerate(sheet.names) if j not in used}
    return Table(sheet.path, columns, None, ignored, sheet.header, sheet.delimiter, sheet.encoding)


def _look_up(sheet: Sheet, name: str) -> int:
    """The place of a column; names of files are shown as they are quoted, on one line, unlike those of `lookup`."""
    if name not in sheet.names:
        nearest = _nearest(name, sheet.names)
        hint = f", did you mean {quoted(nearest)}?" if nearest else "."
        sheet.fail(f"unknown column {quoted(name)}{hint} There are: {listed(sheet.names)}")
    return sheet.names.index(name)


def _nearest(name: str, names: Sequence[str]) -> str:
    """The name that is most like it, capitals or not; "" if there is none."""
    folded = {other.casefold(): other for other in names}
    nearest = difflib.get_close_matches(name.casefold(), folded, n=1)
    return folded[nearest[0]] if nearest else ""


def _find_target(sheet: Sheet, target: str | int | None) -> int:
    """The place of the target; a text that is no column's name may be a number."""
    if isinstance(target, str) and (target in sheet.names or not re.fullmatch(r"-?[0-9]{1,9}", target)):
        return _look_up(sheet, target)
    if target is None:
        return _last_used(sheet)
    try:
        if isinstance(target, bool):  # a slip, although Python counts with it
            raise TypeError
        place = int(target) if isinstance(target, str) else operator.index(target)
    except TypeError:
        raise TypeError(f"target must be the name or the number of a column, got {target!r:.60}") from None
    width = len(sheet.names)
    if not -width <= place < width:
        sheet.fail(f"there is no column {place}: its {width} columns are 0 to {width - 1}, or -1 back to {-width}")
    return place % width


def _last_used(sheet: Sheet) -> int:
    """The place of the last column that has a name or a value; of the last if none has."""
    places = range(len(sheet.names) - 1, -1, -1)
    return next((j for j in places if sheet.given[j] or any(sheet.cells[j])), places[0])


def _inputs(
    sheet: Sheet, target: int, text: Collection[str], ignore: Collection[str]
) -> tuple[tuple[Column, ...], dict[str, str]]:
    """The columns to learn from, and why the others are not used."""
    columns: list[Column] = []
    ignored: dict[str, str] = {}
    for j, name in enumerate(sheet.names):
        if j == target:
            continue
        if name in ignore:
            ignored[name] = "left out as asked"
            continue
        column = sheet.column(j, "text" if name in text else None)
        if reason := _useless(column, unnamed=sheet.header and sheet.given[j] == ""):
            ignored[name] = reason
        else:
            columns.append(column)
    if not columns:
        left = "".join(f"; {quoted(name)} {reason}" for name, reason in list(ignored.items())[:5])
        what = f"besides the target {quoted(sheet.names[target])}{left}"
        sheet.fail(f"there is no column to learn from {what}: add one, or give the delimiter")
    return tuple(columns), ignored


def _useless(column: Column, unnamed: bool) -> str:
    """Why nothing is to be learnt of a column; "" if there is something."""
    if all(value is None for value in column.values):
        return "has no values"
    n = len(column.values)
    if unnamed and n > 2 and column.values in (tuple(range(n)), tuple(range(1, n + 1))):
        return "has no name and counts the rows"
    different, given = len(set(column.values) - {None}), n - column.values.count(None)
    if column.kind == "text" and different > min(200, max(10, given // 2)):
        if like := _likeness(column):
            return f"looks like {like}"
        return f"has {different} different texts in {given} rows, as names or notes have"
    return ""


def _likeness(column: Column) -> str:
    """What its texts look like that are meant as numbers, and what to do."""
    return likeness(str(value) for value in column.values if value is not None)


def _check_target(sheet: Sheet, target: Column) -> None:
    """A target must be known in every row, and differ between rows, and be the same in some."""
    what = f"the target, column {target.name!r},"
    gaps = [i for i, value in enumerate(target.values) if value is None]
    if len(gaps) == len(target.values):
        sheet.fail(f"{what} has no values: name another target")
    if gaps:
        cell = sheet.cells[sheet.names.index(target.name)][gaps[0]]
        sheet.fail(
            f"{what} is missing ({quoted(cell)}) in this row"
            + (f" and {len(gaps) - 1} more" if len(gaps) > 1 else "")
            + ": fill it in or remove the row"
            + (f"; or give missing= without {cell!r}, if it is a class" if cell else ""),
            sheet.lines[gaps[0]],
        )
    different = len(set(target.values))
    if different == 1:
        sheet.fail(f"{what} is {target.values[0]!r} in every row: there is nothing to learn, name another target")
    if target.kind == "text" and different == len(target.values):
        sheet.fail(
            f"{what} has another text in each of its {different} rows, as ids and names have: name another target"
        )
