"""The bytes of a file as text: which encoding it has, and whether it is text at all.

It owns encodings and the refusal of what cannot be read; it must not know rows or columns.
Read next: `dialect.py`, which tells the delimiter of the text.
"""

from __future__ import annotations

import re
from typing import NoReturn

from .errors import TableError

__all__ = ["read_text"]

MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip
"""Byte order marks and the encodings that they tell; UTF-32 first, its mark begins like that of UTF-16."""


def read_text(path: str, encoding: str | None) -> tuple[str, str]:
    """The text of a file without its mark, and the encoding: the one told, or the one found if None.

    Raises:
        TableError: If the file cannot be read or is binary or empty, or the encoding is none or not the right one.
        TypeError: If the encoding is no text.
    """
    if not isinstance(encoding, str | None):
        raise TypeError(f"encoding must be a text, as 'utf-8', or None, got {encoding!r:.60}")
    content, encoding = _decode(path, _bytes(path), encoding)
    if not content.strip():
        raise TableError(f"{path}: the file is empty: give one with a row for each sample")
    return content, encoding


def _bytes(path: str) -> bytes:
    """What the file holds."""
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


def _decode(path: str, data: bytes, encoding: str | None) -> tuple[str, str]:
    """The text, and the encoding that was found."""
    marked = next((name for mark, name in MARKS if data.startswith(mark)), None)
    if encoding is not None or marked is not None:
        name = str(marked) if encoding is None else encoding
        content = _decode_as(path, data, name)
    else:
        name, content = _guess(path, data)
    if "\0" in content:
        _refuse_binary(path, data, content.count("\n", 0, content.index("\0")) + 1)
    return content.removeprefix("\ufeff"), name.removesuffix("-sig")


def _decode_as(path: str, data: bytes, encoding: str) -> str:
    """The text by an encoding that is known."""
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
    """The encoding that is found without a mark, and the text."""
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
