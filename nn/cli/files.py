"""Writing files for a user who may have named a wrong place, or stops the program, or has no room left.

It owns the checks beforehand and that the files of one run come together; how a single file is written whole or not at
all is the work of `serialization/files.py`. Read next: `train.py`, which writes a run.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import signal
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..serialization.files import LEFTOVER_SECONDS, replace_file
from .errors import BadInputError

__all__ = ["content_of", "distinct", "refusal", "undisturbed", "writable", "write", "write_together"]


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


def write_together(directory: Path, files: Mapping[str, bytes], stale: Collection[str] = ()) -> None:
    """Write files that belong together: all of them or, if one cannot be written, none.

    All bytes are on the disk, under other names, before the first file gets its own: what a full disk prevents, it
    prevents before anything is replaced.

    Args:
        directory: Where they go.
        files: What each is to hold, by its name.
        stale: Names of files that would not fit these: removed at the end, if they are there.

    Raises:
        OSError: If a file cannot be written; its `strerror` is a whole sentence, which tells what was replaced.

    Example:
        >>> directory = Path(tempfile.mkdtemp())
        >>> write_together(directory, {"a.txt": b"one", "b.txt": b"two"})
        >>> write_together(directory, {"a.txt": b"three"}, stale=["b.txt"])
        >>> [(path.name, path.read_bytes()) for path in directory.iterdir()]
        [('a.txt', b'three')]
    """
    targets = {name: Path(os.path.realpath(directory / name)) for name in files}
    staged: dict[str, Path] = {}
    replaced: list[str] = []
    try:
        for name, target in targets.items():
            _remove_leftovers(target)
            staged[name] = target.with_name(f".{target.name}.{secrets.token_hex(8)}.tmp")
            _stage(staged[name], target, files[name], directory / name)
        for name, target in targets.items():
            _rename(staged[name], target, replaced)
            replaced.append(name)
    finally:
        for name in set(staged) - set(replaced):
            with contextlib.suppress(OSError):
                staged[name].unlink()
    for name in stale:
        with contextlib.suppress(OSError):
            (directory / name).unlink()


def _stage(temporary: Path, target: Path, content: bytes, path: Path) -> None:
    """The content under a name beside its target, with the permissions of the file that it will replace."""
    try:
        _check_replaceable(target)
        replace_file(temporary, content)
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
    except OSError as error:
        said = (error.strerror or str(error)).replace(str(temporary), str(path))
        if not said.startswith("cannot write"):
            said = f"cannot write {str(path)!r}: {said}. What was saved before is unchanged"
        raise OSError(error.errno, said) from error


def _rename(temporary: Path, target: Path, replaced: Collection[str]) -> None:
    try:
        os.replace(temporary, target)
    except OSError as error:
        told = f"written already: {', '.join(replaced)}; the others are" if replaced else "what was saved before is"
        raise OSError(error.errno, f"cannot replace {str(target)!r}: {error.strerror}; {told} unchanged") from error


def _remove_leftovers(target: Path) -> None:
    """Remove what killed runs left beside this file; what a living one writes is younger."""
    ours = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{16}}\.tmp")
    with contextlib.suppress(OSError):
        for leftover in [target.with_name(name) for name in os.listdir(target.parent) if ours.fullmatch(name)]:
            if time.time() - leftover.stat().st_mtime > LEFTOVER_SECONDS:
                leftover.unlink()


def content_of(name: str, directory: Path, save: Callable[[Path], None]) -> bytes:
    """The bytes that a function writes to a file of that name.

    Args:
        name: The name of the file, for errors.
        directory: Where there is room for it, for a moment.
        save: What writes it.

    Raises:
        OSError: If there is no room; its `strerror` is a whole sentence.
    """
    try:
        with tempfile.TemporaryDirectory(dir=directory, prefix=".run-") as place:
            save(Path(place, name))
            return Path(place, name).read_bytes()
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        why = "the disk is full: make room or choose another directory" if full else os.strerror(error.errno or 0)
        said = f"cannot write {str(directory / name)!r}: {why}. What was saved before is unchanged"
        raise OSError(error.errno, said) from error


@contextmanager
def undisturbed() -> Iterator[None]:
    """While the block runs, which is to be short, Ctrl-C does nothing."""
    if threading.current_thread() is not threading.main_thread():  # which alone gets signals
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)


def writable(directory: Path, names: Collection[str]) -> Path:
    """The directory, made if need be, and known to take files of these names.

    Raises:
        BadInputError: If it cannot be made, or does not take one of them.
    """
    place = directory
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            pass
        for name in names:
            place = directory / name
            _check_replaceable(Path(os.path.realpath(place)))
    except OSError as error:
        raise BadInputError(f"cannot write to {place}: {error.strerror or error}; name another with --out") from None
    return directory


def _check_replaceable(target: Path) -> None:
    """That a file may be replaced, if it is there.

    Raises:
        OSError: If it is a directory, a device, or write-protected.
    """
    if target.exists():
        with target.open("r+b") as file:  # for writing, which changes nothing yet
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise OSError(errno.EINVAL, "it is a device or a pipe, not a file")


def distinct(output: Path, inputs: Collection[Path]) -> None:
    """That what is written is not what is read.

    Raises:
        BadInputError: If both are the same file, whatever they are called.
    """
    for path in inputs:
        with contextlib.suppress(OSError):
            if os.path.samefile(output, path):
                raise BadInputError(f"{output} is read here and would be overwritten: name another with --out")


def refusal(error: OSError) -> BadInputError:
    """The error that says why a file was not written."""
    return BadInputError(error.strerror or str(error))
