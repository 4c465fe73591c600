"""Writing files for a user who may have named a wrong place.

It owns the errors; how a file is written whole or not at all is the work of `serialization/files.py`.
Read next: `train.py`, which writes a run.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from ..serialization.files import replace_file
from .errors import BadInputError

__all__ = ["refusal", "writable", "write"]


def write(path: Path, content: bytes) -> None:
    """Write a file: whole or, if that fails, not at all.

    Raises:
        OSError: If it cannot be written; its `strerror` is a whole sentence.

    Example:
        >>> path = Path(tempfile.mkdtemp(), "a.txt")
        >>> write(path, b"text")
        >>> path.read_bytes()
        b'text'
    """
    if path.exists() and not path.is_file() and not path.is_dir():  # /dev/stdout: not to be replaced by a file
        path.write_bytes(content)
    else:
        replace_file(path, content)


def writable(directory: Path) -> Path:
    """The directory, made if need be, and known to take files.

    Raises:
        BadInputError: If it cannot be made, or takes none.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            return directory
    except OSError as error:
        raise BadInputError(
            f"cannot write to {directory}: {error.strerror or error}; name another with --out"
        ) from None


def refusal(error: OSError) -> BadInputError:
    """The error that says why a file was not written."""
    return BadInputError(error.strerror or str(error))
