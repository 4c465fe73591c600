"""Files that are written whole or not at all, and standard output, in UTF-8.

This file owns how something gets to its place; it must not know what is written.
Read next: `view/page.py`, which writes pages, and `check/conformance/command.py`, which writes reports.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from stat import S_IMODE

__all__ = ["put", "umask", "write"]


def write(place: str, content: str | bytes) -> None:
    """Write a file whole or not at all; `-` is standard output.

    Args:
        place: Where. A link stays one; a device or a pipe is written to and not replaced. A file that is replaced
            leaves its permissions to the new one.
        content: Bytes, or a text without half characters, which UTF-8 cannot express.

    Raises:
        OSError: If that cannot be; a file that was there before is as it was.

    Example:
        >>> import os, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write(os.path.join(folder, "note.txt"), "done")
        ...     os.listdir(folder)
        ['note.txt']
    """
    octets = content if isinstance(content, bytes) else content.encode("utf-8")  # before anything is touched
    if place == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(octets)  # a terminal of another encoding may not know every sign
        return
    path = Path(place).resolve()
    if path.exists() and not path.is_file():
        path.write_bytes(octets)
        return
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(octets)
        os.chmod(temporary, S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def put(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file whole or not at all, in a folder that is made if it is missing.

    Args:
        path: Where; a lone `-` is a file of that name.
        content: Bytes, or a text without half characters.

    Raises:
        OSError: If that cannot be; a file that was there before is as it was.
    """
    target = Path(path).absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    write(str(target), content)


def umask() -> int:
    """The permissions that new files of this process do not get; a temporary file has fewer than others."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
