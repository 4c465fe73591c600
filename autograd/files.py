"""Files that are written whole or not at all, standard output in UTF-8, and the cache.

This file owns how something gets to its place; it must not know what is written.
Read next: `view/page.py`, which writes pages, and `check/conformance/command.py`, which writes reports.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from stat import S_IMODE

__all__ = ["cache_folder", "keep", "kept", "put", "umask", "write"]

DIGEST = 32  # bytes at the beginning of a file of the cache


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


def cache_folder() -> Path | None:
    """Where files may be kept that can be made again; None if the user has no such place.

    Returns:
        A folder in `$XDG_CACHE_HOME`, or else in `~/.cache`; it need not exist.
    """
    asked = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(asked):  # the specification: a relative path is to be ignored
        return Path(asked, "autograd")
    try:
        home = Path.home()
    except RuntimeError:  # no $HOME, and no entry for the user
        return None
    return home / ".cache" / "autograd" if home.is_absolute() else None


def kept(place: Path, purpose: str = "") -> bytes | None:
    """The content of a file of the cache, if it is as `keep` wrote it, for the same purpose."""
    try:
        found = place.read_bytes()
    except OSError:
        return None
    content = found[DIGEST:]
    return content if sha256(purpose.encode() + content).digest() == found[:DIGEST] else None


def keep(place: Path, content: bytes, purpose: str = "") -> None:
    """Put a file into the cache, with its digest; where that cannot be, there is none."""
    with suppress(OSError, RuntimeError):  # read-only, full, a link to itself: then it is made every time
        put(place, sha256(purpose.encode() + content).digest() + content)
