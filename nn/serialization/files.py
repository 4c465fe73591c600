"""Writing a file so that it is whole at every moment: the one that was there, then the new one, never a part of it.

It owns the steps from bytes to a name on the disk; it must not know what the bytes mean.
Read next: `__init__.py`, which writes models with it.

The bytes go to a temporary file beside the target, are flushed to the disk, and only then get the target's name, which
the operating system changes in one step. A process that is killed before that leaves the old file and a temporary one.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import time
from os import PathLike
from pathlib import Path

__all__ = ["replace_file"]

LEFTOVER_SECONDS = 600.0  # nobody needs ten minutes between two writes to a temporary file: its writer is dead


def replace_file(path: str | PathLike[str], content: bytes) -> None:
    """Write a whole file or none.

    A new file has the permissions that the umask gives, one that is replaced keeps its own. Of a symbolic link, the
    file that it points to is replaced. What killed writers left beside this file is removed once it is ten minutes
    old.

    Args:
        path: The name of the file; its directory must exist.
        content: All that the file is to hold.

    Raises:
        OSError: If it cannot be written, of the class that tells why (PermissionError, IsADirectoryError,
            FileNotFoundError for a missing directory, plain OSError for a full disk), with the first error as its
            cause. A file that was there is unchanged, and the temporary one is gone.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as directory:
        ...     path = Path(directory, "notes.txt")
        ...     replace_file(path, b"first")
        ...     replace_file(path, b"second")
        ...     path.read_bytes(), [file.name for file in path.parent.iterdir()]
        (b'second', ['notes.txt'])
    """
    target = Path(os.path.realpath(path))
    try:
        permissions = _permissions(target)
        _remove_leftovers(target)
        _write(target, content, permissions)
    except OSError as error:
        raise _explained(error, os.fspath(path), target) from error


def _permissions(target: Path) -> int | None:
    """Those of the file that is replaced; None if there is none."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):  # as root, /dev/null would be replaced for everybody
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    if not os.access(target, os.W_OK):  # the directory alone would allow it, but this file is not to be changed
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
    return mode & 0o7777


def _write(target: Path, content: bytes, permissions: int | None) -> None:
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}.tmp")
    # Not `tempfile`: its files are readable by their owner alone, and what the umask says could not be found out.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if permissions is not None:
            os.chmod(temporary, permissions)
        os.replace(temporary, target)
    except BaseException:  # Ctrl-C too
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _flush_directory(target.parent)


def _flush_directory(directory: Path) -> None:
    """Make the new name outlive a power failure, where a directory can be flushed; the file itself is whole already."""
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove_leftovers(target: Path) -> None:
    """Remove the temporary files of killed writers; those of living ones are younger."""
    ours = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{16}}\.tmp")
    for leftover in [target.with_name(name) for name in os.listdir(target.parent) if ours.fullmatch(name)]:
        with contextlib.suppress(OSError):  # another process may have been first
            if time.time() - leftover.stat().st_mtime > LEFTOVER_SECONDS:
                leftover.unlink()


def _explained(error: OSError, path: str, target: Path) -> OSError:
    """The same kind of error, which names the file and says what to do."""
    remedies = {
        errno.ENOENT: f"{str(target.parent)!r} takes no new files: choose another directory"  # as /proc
        if target.parent.is_dir()
        else f"there is no directory {str(target.parent)!r}: make it first",
        errno.ENOTDIR: f"{str(target.parent)!r} is not a directory",
        errno.EINVAL: "it is a device or a pipe, not a file: choose another name",
        errno.EISDIR: "it is a directory: name a file in it",
        errno.EPERM: "it is write-protected: choose another name, or change its permissions",
        errno.EACCES: f"no permission to write in {str(target.parent)!r}: choose another directory",
        errno.EROFS: "the disk is read-only: choose another directory",
        errno.ENOSPC: "the disk is full: make room or choose another directory",
        errno.EDQUOT: "your quota of the disk is used up: make room or choose another directory",
        errno.EFBIG: "files of that size are not allowed here: see `ulimit -f`",
        errno.ENAMETOOLONG: "its name is too long: choose a shorter one",
        errno.ELOOP: "its symbolic links lead in a circle",
    }
    reason = remedies.get(error.errno or 0) or error.strerror or str(error)
    return OSError(error.errno or errno.EIO, f"cannot write {path!r}: {reason}. What was saved before is unchanged")
