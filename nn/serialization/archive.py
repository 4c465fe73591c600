"""One file of named arrays and a JSON text about them, in the safetensors format, checked before it is believed.

It owns the file's outer form: sizes, digest, JSON, types; it must not know networks.
Read next: `files.py`, which writes it, and `__init__.py`, which says what is in it.

The format is a header, which is JSON, then the bytes of the arrays: nothing in it can be executed. The library
`safetensors` reads and writes it. The checks here are of what it leaves open: how much memory a hostile header takes,
whether the text is JSON that Python alone would write, and a SHA-256 digest over text and arrays, so that a single
changed bit is seen.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any, TypeAlias

from .files import replace_file

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

__all__ = ["Arrays", "FormatError", "read_archive", "write_archive"]

Arrays: TypeAlias = "dict[str, NDArray[float64]]"

FORMAT = 1
"""The number of the form that is written; a reader of every lower number stays in `serialization.READERS`."""

ENTRY = "scalar-autograd"  # the one entry of the metadata: of several, the library changes the order from run to run
NO_DIGEST = "0" * 64

# What a header costs in memory while it is read, at most (measured: 41 bytes for a number in a shape, 73 for each of
# these signs in the entry of an array, 72 for `{},` in our text), and what it may cost beside twice the file.
BYTES_PER_SIGN = 100
BYTES_PER_BYTE = 4
FREE_BYTES = 2**20

DEEPEST = 20  # so far the place of what JSON cannot hold is looked for


class FormatError(ValueError):
    """A file is not a saved model, or not an intact one, or one of a later version."""


def write_archive(path: str | PathLike[str], contents: Mapping[str, Any], arrays: Arrays) -> None:
    """Write arrays and what is to be known about them to one file, whole or not at all.

    The same contents and arrays give the same bytes.

    Args:
        path: The name of the file.
        contents: What JSON can hold: dicts with texts as keys, lists, texts, finite numbers, bools, None.
        arrays: Arrays of float64 by their names.

    Raises:
        TypeError: If the contents hold something else.
        ValueError: If they hold a number that is inf or nan or too large, text that UTF-8 does not have, or so much
            beside the arrays that `read_archive` would refuse the file.
        OSError: As `files.replace_file` raises it.
    """
    from safetensors.numpy import save

    try:
        text = _dumps({"sha256": NO_DIGEST, "format": FORMAT, **contents})
        text = text.replace(NO_DIGEST, _digest(text, arrays), 1)
        content = save(arrays, metadata={ENTRY: text})
        length = int.from_bytes(content[:8], "little")
        _check_cost(content[8 : 8 + length], len(content))
        _loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        why = next(_unfit(contents), f"the description could not be read again: {error}")
        raise kind(f"nothing was written: {why}") from error
    replace_file(path, content)


def read_archive(path: str | PathLike[str]) -> tuple[dict[str, Any], Arrays]:
    """What `write_archive` wrote.

    While it runs it takes, beyond what it returns, no more memory than the file has bytes and one MiB.

    Args:
        path: The name of the file.

    Returns:
        The contents and the arrays, whose bytes agree with the digest in the contents.

    Raises:
        FormatError: If the file is something else, or was changed.
        OSError: If it cannot be read.

    Example:
        >>> import tempfile, numpy
        >>> with tempfile.TemporaryDirectory() as directory:
        ...     path = os.path.join(directory, "an.archive")
        ...     write_archive(path, {"name": "two numbers"}, {"x": numpy.array([1.0, -0.0])})
        ...     contents, arrays = read_archive(path)
        >>> contents["name"], arrays["x"]
        ('two numbers', array([ 1., -0.]))
    """
    from safetensors import SafetensorError, safe_open

    _check_header(path)
    try:
        # pread: of a file that shrinks meanwhile, the default (mmap) would end the process by SIGBUS.
        with safe_open(os.fspath(path), framework="numpy", backend="pread") as file:
            text = (file.metadata() or {}).get(ENTRY)
            if text is None:
                raise FormatError("it is a safetensors file, but was not written by `save` of this library")
            contents = _loads(text)
            arrays = {name: _array(file, name) for name in file.keys()}  # noqa: SIM118  # no mapping
    except SafetensorError as error:
        raise FormatError(f"it is damaged, or no safetensors file at all: {error}") from error
    digest = contents.get("sha256")
    if not isinstance(digest, str) or digest != _digest(text.replace(digest, NO_DIGEST, 1), arrays):
        raise FormatError("it was changed after it was saved: its SHA-256 digest does not fit")
    return contents, arrays


def _check_header(path: str | PathLike[str]) -> None:
    """What must hold before the library may read the header."""
    if not stat.S_ISREG(os.stat(path).st_mode) and not os.path.isdir(path):  # a pipe would be waited for
        raise FormatError("it is not a regular file")
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        length = int.from_bytes(file.read(8), "little")
        if size < 8 or length > size - 8:
            raise FormatError(f"it is cut off, or no safetensors file at all ({size} bytes)")
        if _too_long(length, size):
            raise FormatError(_TOO_MUCH)
        header = file.read(length)
    _check_cost(header, size)


_TOO_MUCH = "its header is too large for so few numbers, as that of several hundred layers of one neuron each"


def _too_long(length: int, size: int) -> bool:
    return BYTES_PER_BYTE * length > 2 * size + FREE_BYTES


def _check_cost(header: bytes, size: int) -> None:
    signs = sum(header.count(sign) for sign in (b",", b":", b"[", b"{"))
    if BYTES_PER_SIGN * signs + BYTES_PER_BYTE * len(header) > 2 * size + FREE_BYTES:
        raise FormatError(_TOO_MUCH)


def _unfit(value: Any, place: str = "", depth: int = 0) -> Iterator[str]:
    """What of the contents JSON cannot hold, or not so that it could be read again, and where it is."""
    if isinstance(value, dict | list | tuple) and depth < DEEPEST:
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            if not isinstance(key, str | int | float | None):
                yield f"the key {key!r:.60} of {place} is no text: write one, as by str(key)"
            yield from _unfit(part, f"{place}[{key!r:.60}]" if place else str(key), depth + 1)
    elif not _is_plain(value):
        yield (
            f"{place} is {value!r:.60}, which JSON cannot hold: give a text, a finite number of at most 19 digits, "
            "True, False, None, or lists and dicts of these"
        )


def _is_plain(value: Any) -> bool:
    try:
        json.loads(_dumps(value).encode(), parse_int=_whole)
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def _array(file: Any, name: str) -> NDArray[float64]:
    kind = file.get_slice(name).get_dtype()
    if kind != "F64":
        raise FormatError(f"the array {name!r} has numbers of type {kind}, not F64")
    array: NDArray[float64] = file.get_tensor(name)
    return array


def _dumps(contents: Any) -> str:
    return json.dumps(contents, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def _loads(text: str) -> dict[str, Any]:
    """The contents; every way to write the same in other words, and every second key of one name, is an error."""
    try:
        contents = json.loads(text, parse_int=_whole)
        _check_format(contents)
        # Also what UTF-8 lacks: half of a surrogate pair, which could not even be printed
        is_ours = _dumps(contents).encode() == text.encode()
    except FormatError:
        raise
    except (ValueError, RecursionError) as error:
        raise FormatError(f"its description is no JSON that `save` writes: {error!s:.200}") from error
    if not is_ours:
        raise FormatError("its description is no JSON that `save` writes")
    return contents  # type: ignore[no-any-return]


def _check_format(contents: Any) -> None:
    """First of all, since what follows may be different in a later format."""
    number = contents.get("format") if isinstance(contents, dict) else None
    if type(number) is not int or number < 1:
        raise FormatError(f"its description has the format number {number!r:.60}, expected one of 1 to {FORMAT}")
    if number > FORMAT:
        raise FormatError(
            f"it has format {number}, and this version knows formats up to {FORMAT}: update by "
            "`pip install --upgrade scalar-autograd`"
        )


def _whole(digits: str) -> int:
    if len(digits) > 19:
        raise ValueError(f"a whole number of {len(digits)} digits")
    return int(digits)


def _digest(text: str, arrays: Arrays) -> str:
    """SHA-256 over the text (with zeros in place of the digest), and names, shapes and bytes of the arrays."""
    digest = hashlib.sha256(text.encode())
    for name in sorted(arrays):
        digest.update(f"\n{json.dumps(name)} {arrays[name].shape}\n".encode())
        digest.update(arrays[name].reshape(-1).data)
    return digest.hexdigest()
