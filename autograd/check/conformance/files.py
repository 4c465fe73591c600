"""Files that are written whole or not at all, and standard output, in UTF-8.

This file owns how something gets to its place; it must not know what is written.
Read next: `command.py`, which writes reports.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

__all__ = ["umask", "write"]


def write(place: str, content: str) -> None:
    """Write a file whole or not at all; `-` is standard output.

    Args:
        place: Where. A link stays one; a device or a pipe is written to and not replaced.
        content: A text without half characters, which UTF-8 cannot express.

    Raises:
        OSError: If that cannot be; a file that was there before is as it was.
    """
    if place == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(content.encode("utf-8"))  # a terminal of another encoding may not know every sign
        return
    path = Path(place).resolve()
    if path.exists() and not path.is_file():
        path.write_text(content, encoding="utf-8")
        return
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
        os.chmod(temporary, 0o666 & ~umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def umask() -> int:
    """The permissions that new files of this process do not get; a temporary file has fewer than others."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
