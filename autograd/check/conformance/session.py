"""A worker process and the conversation with it: a question, and an answer, a time limit, or its end.

This file owns starting, asking and killing; it must not know what is asked, nor judge answers.
Read next: `runner.py`, which does.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from .target import Target

__all__ = ["Ended", "Session"]

ROOT = str(Path(__file__).resolve().parents[3])  # from where the worker imports this package
LONGEST_ANSWER = 4_000_000  # characters
START = (
    "import sys; sys.path.insert(0, {root!r}); from autograd.check.conformance.worker import main; main()"
)  # fmt: skip


class Ended(Exception):  # noqa: N818  (a way in which a question ends, not a mistake of this package)
    """There was no answer, and the worker is no more.

    Attributes:
        outcome: "time limit", "memory limit" or "crashed".
        seen: What happened, in a sentence.
    """

    def __init__(self, outcome: str, seen: str) -> None:
        super().__init__(seen)
        self.outcome, self.seen = outcome, seen


class Session:
    """A worker process, which is started by the first question and again after its end.

    Args:
        target: The class that it serves.
        memory: Bytes that it may take.
        patience: Seconds for starting and importing.
    """

    def __init__(self, target: Target, memory: int, patience: float) -> None:
        self.target, self.memory, self.patience = target, memory, patience
        self.process: subprocess.Popen[str] | None = None
        self.lines: queue.Queue[str] = queue.Queue()
        self.number = 0  # of the question: an answer carries it, so that foreign lines are not taken for one

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exception: object) -> None:
        self.end()

    def start(self) -> Any:
        """Start the worker; returns its greeting. Raises `Ended` if it does not come to that."""
        self.end()
        isolated = [sys.executable, "-I", "-X", "utf8", "-c", START.format(root=ROOT)]
        self.process = subprocess.Popen(
            isolated, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            encoding="utf-8", errors="replace", start_new_session=os.name == "posix",
        )  # fmt: skip
        self.lines = queue.Queue()
        threading.Thread(target=_read, args=(self.process.stdout, self.lines), daemon=True).start()
        path = [os.getcwd(), *[place for place in sys.path if place]]
        first = {"place": self.target.place, "name": self.target.name, "path": path, "memory": self.memory}
        return self._exchange(first, self.patience)

    def ask(self, request: dict[str, Any], seconds: float) -> Any:
        """The answer to a question. Raises `Ended` if there is none within that time."""
        if self.process is None:
            self.start()
        return self._exchange(request, seconds)

    def end(self) -> None:
        """Kill the worker, and what it started."""
        process, self.process = self.process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)  # its own session: its children go with it
            else:
                process.kill()
        process.wait()
        with contextlib.suppress(OSError):
            process.stdin.close()  # type: ignore[union-attr]  # it was opened as a pipe

    def _exchange(self, request: dict[str, Any], seconds: float) -> Any:
        assert self.process is not None
        assert self.process.stdin is not None
        self.number += 1
        with contextlib.suppress(OSError):  # it has ended already: reading will tell
            self.process.stdin.write(json.dumps({**request, "number": self.number}) + "\n")
            self.process.stdin.flush()
        try:
            line = self.lines.get(timeout=seconds)
        except queue.Empty:
            self.end()
            raise Ended("time limit", f"no answer within {seconds:.3g} s") from None
        try:
            reply = json.loads(line)
            number, answer = reply["number"], reply["answer"]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise self._unreadable(line) from None
        if number != self.number:
            raise self._unreadable(line)
        if isinstance(answer, dict) and "raised" in answer:
            self.end()
            raise Ended("crashed", f"raised {answer['raised']!s:.200}")
        return answer

    def _unreadable(self, line: str) -> Ended:
        """Why there was no line of JSON: the process has ended, or wrote something else."""
        process = self.process
        assert process is not None
        if line:
            self.end()
            return Ended("crashed", "the answer could not be read")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1.0)  # its output was closed: it is about to end
        status = process.poll()
        self.end()
        if status is not None and status < 0:
            return Ended("crashed", f"the process was ended by {_signal(-status)}")
        return Ended("crashed", f"the process ended with status {status}" if status is not None else "it went silent")


def _signal(number: int) -> str:
    names = {signal.SIGSEGV: "a segmentation fault", signal.SIGABRT: "an abort of the interpreter"}
    with contextlib.suppress(ValueError):
        return names.get(signal.Signals(number), signal.Signals(number).name)
    return f"signal {number}"


def _read(stream: Any, lines: queue.Queue[str]) -> None:
    """Put every line into the queue, "" at the end; one that is too long is cut, which makes it unreadable."""
    with contextlib.suppress(OSError, ValueError), stream:
        while line := stream.readline(LONGEST_ANSWER):
            lines.put(line)
    lines.put("")
