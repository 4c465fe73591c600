"""Tables in text files: comma-separated values and their relatives, read into columns of numbers and of texts.

It owns how a file is understood and the errors that say where it cannot be; it must not know networks or scaling.
Read next: `preprocessing.py`, which makes a network's inputs of the rows.
"""

from __future__ import annotations

import csv
import difflib
import itertools
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from typing import Any, NoReturn, TypeAlias

__all__ = ["MISSING", "Column", "Table", "TableError", "load_csv", "load_inputs"]

Path: TypeAlias = str | PathLike[str]

MISSING = ("", "NA", "N/A", "#N/A", "<NA>", "NaN", "null", "?", "-", ".")
"""What stands for a missing value, in capitals or not."""

SAMPLE = 50
"""How many lines delimiter and header are told from."""


class TableError(ValueError):
    """A file that is no table, or not the table that is needed; the message names file, line, column and remedy."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: Its name in the header; "column 1" and so on where there is none.
        kind: "numeric" or "text".
        values: Finite floats, or texts without the space around them; None where a value is missing.
    """

    name: str
    kind: str
    values: tuple[float | None, ...] | tuple[str | None, ...]


@dataclass(frozen=True)
class Table:
    """What a file held.

    Attributes:
        path: The file.
        columns: The inputs, in the order of the file (of the model, from `load_inputs`).
        target: The column to predict, without missing values; None from `load_inputs`.
        ignored: The columns that are not used, by name, and why.
        header: Whether the first line named the columns.
        delimiter: What stood between values; " " for any white space.
        encoding: How the bytes were read.
    """

    path: str
    columns: tuple[Column, ...]
    target: Column | None
    ignored: Mapping[str, str]
    header: bool
    delimiter: str
    encoding: str

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each input."""
        return tuple(column.name for column in self.columns)

    @property
    def rows(self) -> list[tuple[float | str | None, ...]]:
        """The inputs of each sample: what `preprocessing.split` and `Preprocessing.fit` take."""
        return list(zip(*[column.values for column in self.columns], strict=True))


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

    - delimiter: tab, semicolon, bar or comma, the first of them that cuts the first lines into equally many values,
      else white space. Values may be quoted; quoted ones may hold delimiters, quotes (doubled) and line ends.
    - encoding: UTF-8, 16 or 32 by the mark at the start, else UTF-8, else Windows' cp1252, else latin-1.
    - header: the first line, if it has texts above most columns of numbers. Where all columns hold texts, if its
      values are distinct and none of them comes again below.
    - kind: a column is numeric if its values are numbers. Texts in it are errors if they are at most a tenth of the
      values, or a single one among three or more; if there are more, the column is text. Where the delimiter is no
      comma, numbers may have a decimal comma, all of a column or none.

    Space around values and blank lines do not count. A column without a name is called "column 3" after its place, a
    name that comes again gets a number. Not used, but listed in `ignored`, are columns without any value, an unnamed
    one that counts the rows, and texts of more different values than half the rows (at least 10 may differ, at most
    200), as in names and notes.

    Args:
        path: The file.
        target: The column to predict: its name, or its number from 0 on, or from -1 back. None for the last one.
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
            misses a value, is the same in every row, or holds texts of which each comes once only.

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
        nn.tables.TableError: ...fruit.csv: unknown column 'colours', did you mean 'colour'? There are: 'weight', ...
    """
    sheet = _read(path, delimiter, encoding, missing, header)
    place = _find_target(sheet, target)
    for name in (*text, *ignore):
        _look_up(sheet, name)
    if sheet.names[place] in ignore:
        sheet.fail(f"column {sheet.names[place]!r} is the target and cannot be ignored: name another target")
    columns, ignored = [], {}
    for j, name in enumerate(sheet.names):
        if j == place or name in ignore:
            reason = "" if j == place else "left out as asked"
        else:
            column = sheet.column(j, "text" if name in text else None)
            reason = _useless(column, unnamed=sheet.header and sheet.given[j] == "")
            columns += [] if reason else [column]
        if reason:
            ignored[name] = reason
    if not columns:
        left = "".join(f"; {_shown(name)} {reason}" for name, reason in list(ignored.items())[:5])
        what = f"besides the target {_shown(sheet.names[place])}{left}"
        sheet.fail(f"there is no column to learn from {what}: add one, or give the delimiter")
    wanted = sheet.column(place, "text" if sheet.names[place] in text else None)
    _check_target(sheet, wanted)
    return Table(sheet.path, tuple(columns), wanted, ignored, sheet.header, sheet.delimiter, sheet.encoding)


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

    Example:
        >>> import pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "new.csv")
        >>> _ = file.write_text(chr(10).join(["colour,price,weight", "red,3,1.5"]))
        >>> table = load_inputs(file, {"weight": "numeric", "colour": "text"})
        >>> table.rows, table.ignored
        ([(1.5, 'red')], {'price': 'not an input of the model'})
    """
    sheet = _read(path, delimiter, encoding, missing, header, frozenset(kinds))
    place = {name: j for j, name in enumerate(sheet.names)}
    if not sheet.header and len(sheet.names) == len(kinds):
        place = {name: j for j, name in enumerate(kinds)}
    absent = [name for name in kinds if name not in place]
    if absent:
        nearest = _nearest(absent[0], sheet.names)
        remedy = f"is {_shown(nearest)} meant to be {_shown(absent[0])}?" if nearest else "add what is missing"
        found = _list(sheet.names) if sheet.header else f"{len(sheet.names)} columns without a header"
        sheet.fail(f"there is no column {_list(absent)}, which the model needs; the file has {found}: {remedy}", 1)
    columns = tuple(sheet.column(place[name], kind) for name, kind in kinds.items())
    if not sheet.header:
        columns = tuple(Column(name, column.kind, column.values) for name, column in zip(kinds, columns, strict=True))
    used = {place[name] for name in kinds}
    ignored = {name: "not an input of the model" for j, name in enumerate(sheet.names) if j not in used}
    return Table(sheet.path, columns, None, ignored, sheet.header, sheet.delimiter, sheet.encoding)


# --- the file as texts ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Sheet:
    """The texts of a file by column, without the space around them.

    Attributes:
        path, header, delimiter, encoding: As in `Table`.
        given: What the header says, before names are made up.
        names: The name of each column.
        cells: The texts of each column.
        lines: The line that each row begins in, from 1 on.
        missing: What stands for a missing value, as given and in small letters.
    """

    path: str
    header: bool
    delimiter: str
    encoding: str
    given: Sequence[str]
    names: Sequence[str]
    cells: Sequence[Sequence[str]]
    lines: Sequence[int]
    missing: frozenset[str]

    def fail(self, message: str, line: int | None = None) -> NoReturn:
        """Raise the error, with the place in front."""
        raise TableError(_where(self.path, line) + message)

    def column(self, j: int, kind: str | None) -> Column:
        """A column as numbers or texts; `kind` None to find out."""
        cells = self.cells[j]
        if kind == "text":
            return self._texts(j)
        if floats := _floats(cells, self.missing):
            return Column(self.names[j], "numeric", floats)
        numbers, strays = _best_numbers(cells, self.missing, self.delimiter)
        if kind is None and _is_text(cells, strays, self.missing):
            return self._texts(j)
        wrong = strays | {cell for cell, number in numbers.items() if not math.isfinite(number)}
        if wrong:
            i = next(i for i, cell in enumerate(cells) if cell in wrong)
            self.fail(self._complaint(j, i, kind) if cells[i] in strays else self._overflow(j, i), self.lines[i])
        return Column(self.names[j], "numeric", tuple([numbers.get(cell) for cell in cells]))

    def _texts(self, j: int) -> Column:
        texts = tuple(None if cell.casefold() in self.missing else cell for cell in self.cells[j])
        return Column(self.names[j], "text", texts)

    def _complaint(self, j: int, i: int, kind: str | None) -> str:
        """What to say of a text among numbers."""
        remedy = "correct it"
        if kind is None:
            remedy += ", add it to missing= if it means that, or name the column in text="
        if i == 0 and not self.header:
            remedy += "; or give header=True, if this line names the columns"
        return f"column {self.names[j]!r}: {_shown(self.cells[j][i])} is no number, and the column is numeric: {remedy}"

    def _overflow(self, j: int, i: int) -> str:
        """What to say of a number that is not finite."""
        return (
            f"column {self.names[j]!r}: {_shown(self.cells[j][i])} is infinite or too large for a float: correct it, "
            "or leave it empty if it is not known"
        )


def _where(path: str, line: int | None) -> str:
    return f"{path}, line {line}: " if line else f"{path}: "


def _shown(text: str) -> str:
    """The text for a message: on one line, and short."""
    return repr(text) if len(text) <= 40 else repr(text[:37] + "...")


def _list(names: Sequence[str]) -> str:
    return ", ".join(map(_shown, names[:10])) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def _read(
    path: Path,
    delimiter: str | None,
    encoding: str | None,
    missing: Collection[str],
    header: bool | None,
    expected: frozenset[str] = frozenset(),
) -> _Sheet:
    """Read the file into texts by column; a first line that holds an expected name is a header."""
    where = str(fspath(path))
    if isinstance(missing, str):
        raise TypeError(f"missing must be a collection of texts, got {missing!r}: write ({missing!r},)")
    absent = frozenset(form for text in missing for form in (text.strip(), text.strip().casefold())) | {""}
    content, encoding = _decode(where, _bytes(where), encoding)
    if not content.strip():
        raise TableError(f"{where}: the file is empty: give one with a row for each sample")
    delimiter = _find_delimiter(content) if delimiter is None else delimiter
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise TableError(f"{where}: {delimiter!r} cannot be the delimiter: give one character, as in delimiter=';'")
    rows, lines = _records(where, content, delimiter)
    if not rows:
        raise TableError(f"{where}: the file has no values: give one with a row for each sample")
    _check_widths(where, rows, lines)
    first = [cell.strip() for cell in rows[0]]
    if header is None:
        header = not expected.isdisjoint(first) or _has_header(first, rows[1 : SAMPLE + 1], absent, delimiter)
    if header:
        rows, lines = rows[1:], lines[1:]
    if not rows:
        raise TableError(
            f"{where}, line 1: the file has a header and no rows: add a row for each sample, or give header=False"
        )
    cells = [[cell.strip() for cell in column] for column in zip(*rows, strict=True)]
    given = first if header else [""] * len(first)
    return _Sheet(where, header, delimiter, encoding, given, _names(given), cells, lines, absent)


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        raise TableError(f"{path}: there is no such file: check the name and the directory") from None
    except IsADirectoryError:
        raise TableError(f"{path}: this is a directory: name a file in it") from None
    except OSError as error:
        raise TableError(f"{path}: cannot be read, {error.strerror}: check the name and the permissions") from None
    except ValueError as error:  # a NUL in the name
        raise TableError(f"{path!r}: cannot be read, {error}: check the name") from None


MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip
"""Byte order marks and the encodings that they tell; UTF-32 first, its mark begins like that of UTF-16."""


def _decode(path: str, data: bytes, encoding: str | None) -> tuple[str, str]:
    """The text, and the encoding that was found."""
    marked = next((name for mark, name in MARKS if data.startswith(mark)), None)
    if encoding is not None or marked is not None:
        name = encoding or str(marked)
        content = _decode_as(path, data, name)
    else:
        name, content = _guess(path, data)
    if "\0" in content:
        _refuse_binary(path, data, content.count("\n", 0, content.index("\0")) + 1)
    return content.removeprefix("\ufeff"), name.removesuffix("-sig")


def _decode_as(path: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise TableError(f"{path}: unknown encoding {encoding!r}: give one that Python knows, as 'cp1252'") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1  # of what follows the mark, if there is one
        raise TableError(
            f"{path}, line {line}: byte 0x{error.object[error.start]:02x} is not {encoding}: give the right encoding, "
            "or none to have it found"
        ) from None
    except ValueError:  # what codecs of other sorts raise, as idna does
        raise TableError(f"{path}: cannot be read as {encoding!r}: give another encoding") from None


def _guess(path: str, data: bytes) -> tuple[str, str]:
    try:
        return "utf-8", data.decode("utf-8")
    except UnicodeDecodeError:
        control = re.search(rb"[\x00-\x08\x0e-\x1f]", data)
    if control:
        _refuse_binary(path, data, data.count(b"\n", 0, control.start()) + 1)
    try:
        return "cp1252", data.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1", data.decode("latin-1")


def _refuse_binary(path: str, data: bytes, line: int) -> NoReturn:
    if data.startswith(b"PK"):  # as the files of spreadsheets do
        remedy = "save the workbook as CSV"
    elif b"\0" in data:
        remedy = "give a text file, or the encoding if it is one of two bytes, as in encoding='utf-16-le'"
    else:
        remedy = "give a text file"
    raise TableError(f"{path}, line {line}: this is a binary file, with bytes that no text has: {remedy}")


def _reader(content: str, delimiter: str, strict: bool) -> Any:
    lines: Iterable[str] = (match[0] for match in re.finditer(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+", content))
    if delimiter == " ":
        lines, delimiter = map(_tabbed, lines), "\t"
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=strict)


def _tabbed(line: str) -> str:
    """The line with one tab for each run of white space that is not quoted."""
    return re.sub(r'("(?:[^"]|"")*")|\s+', lambda match: match[1] or "\t", line.strip()) + "\n"


def _find_delimiter(content: str) -> str:
    """The delimiter by the first lines. A comma comes last: there may be decimal commas between semicolons."""
    candidates = "\t;|,"
    widths = {delimiter: _widths(content, delimiter) for delimiter in candidates}
    for delimiter, found in widths.items():
        if len(set(found)) == 1 and found[0] > 1:
            return delimiter
    cut = {delimiter: sum(width > 1 for width in found) for delimiter, found in widths.items()}
    if any(cut.values()):  # rows of different lengths: an error that names the line will follow
        return max(",;\t|", key=lambda delimiter: cut[delimiter])
    spaced = _widths(content, " ")
    return " " if len(set(spaced)) == 1 and spaced[0] > 1 else ","


def _widths(content: str, delimiter: str) -> list[int]:
    """How many values the first lines have if cut by the delimiter; blank lines are left out."""
    try:
        rows = itertools.islice(_reader(content, delimiter, strict=False), SAMPLE)
        return [len(row) for row in rows if row not in ([], [""])]
    except csv.Error:  # a quote that is never closed
        return []


def _records(path: str, content: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The rows, and the line that each begins in. Blank lines are left out, at the end also rows of empty values."""
    reader = _reader(content, delimiter, strict=True)
    records, begin = [], 1
    try:
        for row in reader:
            if row:
                records.append((row, begin))
            begin = reader.line_num + 1
    except csv.Error as error:
        raise TableError(
            f'{path}, line {begin}: {error}: is a quote (") not closed, or one within a quoted value not doubled?'
        ) from None
    if any(len(row) > 1 for row, _ in records):  # else an empty value is all that a row can be
        records = [(row, line) for row, line in records if row != [""]]  # lines of space
    while records and not any(cell.strip() for cell in records[-1][0]):
        records.pop()
    return [row for row, _ in records], [line for _, line in records]


def _check_widths(path: str, rows: Sequence[Sequence[str]], lines: Sequence[int]) -> None:
    width = len(rows[0])
    for row, line in zip(rows, lines, strict=True):
        if len(row) != width:
            raise TableError(
                f"{path}, line {line}: {len(row)} value{'s' * (len(row) != 1)}, but line {lines[0]} has {width} (the "
                f"last is {_shown(row[-1])}): add or remove values, quote those that hold the delimiter, or give the "
                "delimiter"
            )


def _names(given: Sequence[str]) -> list[str]:
    """Names for all columns, each once: made up where there is none, numbered where one comes again."""
    names: dict[str, None] = {}  # in order
    taken = set(given)
    number: dict[str, int] = {}
    for j, name in enumerate(given):
        if name == "" or name in names:
            stem = name = name or f"column {j + 1}"
            while name in names or name in taken:
                number[stem] = number.get(stem, 1) + 1
                name = f"{stem}.{number[stem]}"
        names[name] = None
    return list(names)


def _has_header(first: Sequence[str], below: Sequence[Sequence[str]], missing: frozenset[str], delimiter: str) -> bool:
    """Whether the first row names the columns, told by the rows below it."""
    if not below:
        return not any(_numbers([cell], missing, decimal)[0] for cell in first for decimal in ".,")
    columns = [[cell.strip() for cell in column] for column in zip(*below, strict=True)]
    texts = numbers = 0
    for name, cells in zip(first, columns, strict=True):
        strays = _best_numbers(cells, missing, delimiter)[1]
        if not _is_text(cells, strays, missing) and name.casefold() not in missing:
            is_text = bool(_best_numbers([name], missing, delimiter)[1])
            texts, numbers = texts + is_text, numbers + (not is_text)
    if texts or numbers:
        return texts > numbers
    return len(set(first)) == len(first) and all(name not in cells for name, cells in zip(first, columns, strict=True))


# --- texts as numbers ----------------------------------------------------------------------------------------


def _floats(cells: Sequence[str], missing: frozenset[str]) -> tuple[float | None, ...]:
    """The texts as numbers if all of them are plain ones, which is soon told; else ()."""
    try:
        numbers = tuple([None if cell in missing else float(cell) for cell in cells])
    except ValueError:
        return ()
    finite = all(map(math.isfinite, [number for number in numbers if number is not None]))
    return numbers if finite and "_" not in "".join(cells) else ()


def _numbers(cells: Iterable[str], missing: frozenset[str], decimal: str) -> tuple[dict[str, float], set[str]]:
    """What the texts are as numbers, and those that are none; missing ones are in neither."""
    numbers: dict[str, float] = {}
    strays = set()
    for cell in set(cells):
        if cell.casefold() in missing:
            continue
        try:
            if "_" in cell or (decimal == "," and "." in cell):
                raise ValueError
            numbers[cell] = float(cell.replace(decimal, "."))
        except ValueError:
            strays.add(cell)
    return numbers, strays


def _best_numbers(cells: Sequence[str], missing: frozenset[str], delimiter: str) -> tuple[dict[str, float], set[str]]:
    """The reading with fewer strays: with decimal points or, where the delimiter leaves them free, with commas."""
    points = _numbers(cells, missing, ".")
    if delimiter == "," or not any("," in stray for stray in points[1]):
        return points
    return min(points, _numbers(cells, missing, ","), key=lambda reading: len(reading[1]))


def _is_text(cells: Sequence[str], strays: set[str], missing: frozenset[str]) -> bool:
    """Whether texts are what the column holds, and not slips among its numbers."""
    if not strays:
        return False
    n_strays = sum(cell in strays for cell in cells)
    n_given = sum(cell.casefold() not in missing for cell in cells)
    return 10 * n_strays > n_given and not (n_strays == 1 and n_given >= 3)


# --- the columns to learn from -------------------------------------------------------------------------------


def _look_up(sheet: _Sheet, name: str) -> int:
    """The place of a column; names of files are shown as they are quoted, on one line, unlike those of `lookup`."""
    if name not in sheet.names:
        nearest = _nearest(name, sheet.names)
        hint = f", did you mean {_shown(nearest)}?" if nearest else "."
        sheet.fail(f"unknown column {_shown(name)}{hint} There are: {_list(sheet.names)}")
    return sheet.names.index(name)


def _nearest(name: str, names: Sequence[str]) -> str:
    """The name that is most like it, capitals or not; "" if there is none."""
    folded = {other.casefold(): other for other in names}
    nearest = difflib.get_close_matches(name.casefold(), folded, n=1)
    return folded[nearest[0]] if nearest else ""


def _find_target(sheet: _Sheet, target: str | int | None) -> int:
    """The place of the target; a text that is no column's name may be a number."""
    if isinstance(target, str) and (target in sheet.names or not re.fullmatch(r"-?[0-9]{1,9}", target)):
        return _look_up(sheet, target)
    place = -1 if target is None else int(target)
    width = len(sheet.names)
    if not -width <= place < width:
        sheet.fail(f"there is no column {place}: its {width} columns are 0 to {width - 1}, or -1 back to {-width}")
    return place % width


def _useless(column: Column, unnamed: bool) -> str:
    """Why nothing is to be learnt of a column; "" if there is something."""
    if all(value is None for value in column.values):
        return "has no values"
    n = len(column.values)
    if unnamed and n > 2 and column.values in (tuple(range(n)), tuple(range(1, n + 1))):
        return "has no name and counts the rows"
    different, given = len(set(column.values) - {None}), n - column.values.count(None)
    if column.kind == "text" and different > min(200, max(10, given // 2)):
        return f"has {different} different texts in {given} rows, as names or notes have"
    return ""


def _check_target(sheet: _Sheet, target: Column) -> None:
    """A target must be known in every row, and differ between rows, and be the same in some."""
    what = f"the target, column {target.name!r},"
    gaps = [i for i, value in enumerate(target.values) if value is None]
    if len(gaps) == len(target.values):
        sheet.fail(f"{what} has no values: name another target")
    if gaps:
        cell = sheet.cells[sheet.names.index(target.name)][gaps[0]]
        sheet.fail(
            f"{what} is missing ({_shown(cell)}) in this row"
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
