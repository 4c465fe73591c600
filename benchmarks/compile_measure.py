"""How compiled code is measured beside its peers: a process for each, kept alive, and rounds in turns.

A contestant is made once (that is where JAX and CasADi compile), tells its loss and gradients, which must be those of
all others to 1e-10, and then runs a round whenever it is asked, while all others wait. As a program this file is one
contestant. It knows nothing of what is measured. Read next: `compile_mlp.py`.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

THREADS = int(os.environ.get("THREADS", "2"))
ENVIRONMENT = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), str(THREADS)
)
TOLERANCE = 1e-10  # of the largest gradient, and of the loss


class Contestant(NamedTuple):
    """What one contestant does.

    Attributes:
        answer: The loss and the flat gradients, in the order that all contestants of a work agree on.
        run: The work that is timed.
        note: What else is worth telling.
    """

    answer: Callable[[], tuple[float, Sequence[float]]]
    run: Callable[[], object]
    note: str = ""


class FailedError(Exception):
    """A contestant that cannot run here, or not in the time allowed."""


class Process:
    """A contestant in a process of its own: `module.CONTESTANTS[name](*arguments)`."""

    def __init__(self, module: str, name: str, *arguments: str, limit: float = 900.0) -> None:
        self.limit = limit
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.compile_measure", module, name, *arguments],
            env=os.environ | ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, question: Any = None) -> Any:
        """The answer to a question; to None, the note of the contestant once it is made."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        timer = threading.Timer(self.limit, self.process.kill)
        timer.start()
        try:
            if question is not None:
                with contextlib.suppress(BrokenPipeError):
                    print(json.dumps(question), file=self.process.stdin, flush=True)
            line = self.process.stdout.readline()
        finally:
            timer.cancel()
        answer = json.loads(line) if line else {"failed": f"stopped, or not done within {self.limit:.0f} s"}
        if "failed" in answer:
            raise FailedError(answer["failed"])
        return answer["answer"]

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


@dataclass
class Outcome:
    """What came of a work.

    Attributes:
        times: Seconds of a call for each contestant that ran, one for each round.
        failed: Why the others did not.
        notes: What contestants tell besides.
    """

    times: dict[str, list[float]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def seconds(self, name: str) -> float:
        return statistics.median(self.times[name])

    def ratio(self, name: str, peer: str) -> float:
        """How many times as long as `name` the peer takes: the median over the rounds of their ratio in the round."""
        return statistics.median(theirs / own for own, theirs in zip(self.times[name], self.times[peer], strict=True))


def race(contestants: Mapping[str, tuple[str, ...]], *, repeats: int, shortest: float, limit: float = 900.0) -> Outcome:
    """Make all contestants, compare their answers with the first one's, and let them run in turns.

    Args:
        contestants: For each label the module, the name in its `CONTESTANTS`, and arguments.
        repeats: How many rounds.
        shortest: How many seconds a round of one contestant takes at least.
        limit: How many seconds it may take to be made, or to run a round.
    """
    outcome, running = Outcome(), {}
    reference: tuple[float, list[float]] | None = None
    try:
        for label, description in contestants.items():
            process = Process(*description, limit=limit)
            try:
                outcome.notes[label] = process.ask()
                answer = process.ask("answer")
                reference = reference or answer
                compare(answer, reference)
                calls = process.ask({"calibrate": shortest})
            except FailedError as failed:
                outcome.failed[label] = str(failed)
                process.close()
            else:
                running[label] = (process, calls)
                outcome.times[label] = []
        for _ in range(repeats):
            for label, (process, calls) in running.items():
                outcome.times[label].append(process.ask({"run": calls}))
    finally:
        for process, _ in running.values():
            process.close()
    return outcome


def compare(answer: Sequence[Any], reference: Sequence[Any]) -> None:
    """Loss and gradients must be those of the reference.

    Raises:
        FailedError: Where they are not.
    """
    (loss, gradients), (expected, expected_gradients) = answer, reference
    if len(gradients) != len(expected_gradients):
        raise FailedError(f"gives {len(gradients)} gradients, not {len(expected_gradients)}")
    scale = max([abs(g) for g in expected_gradients], default=1.0)
    off = max([abs(a - b) for a, b in zip(gradients, expected_gradients, strict=True)], default=0.0)
    if not (abs(loss - expected) <= TOLERANCE * max(1.0, abs(expected)) and off <= TOLERANCE * scale):
        raise FailedError(
            f"differs: loss {loss!r}, not {expected!r}; gradients by {off:.1e} where the largest is {scale:.1e}"
        )


def calibrated(run: Callable[[], object], shortest: float) -> int:
    """How many calls take `shortest` seconds, after two that are not counted.

    Each number of calls is timed three times and the fastest counts: ours checks some calls, the early ones most often,
    and one check takes as long as a thousand calls.
    """
    run()
    run()
    calls = 1
    while True:
        elapsed = min(timed(run, calls) for _ in range(3))
        if elapsed >= shortest / 2:
            return max(1, round(calls * shortest / elapsed))
        calls *= max(2, min(50, int(shortest / max(elapsed, 1e-7) / 2)))


def timed(run: Callable[[], object], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        run()
    return time.perf_counter() - start


def serve(module: str, name: str, *arguments: str) -> None:
    """Be a contestant: one line of JSON for each on the input."""
    answers, sys.stdout = sys.stdout, sys.stderr  # whatever a peer prints does not disturb

    def tell(**answer: Any) -> None:
        print(json.dumps(answer), file=answers, flush=True)

    try:
        contestant: Contestant = importlib.import_module(f"benchmarks.{module}").CONTESTANTS[name](*arguments)
        contestant.run()  # what is compiled at the first call is compiled now
    except Exception as error:
        tell(failed=f"{type(error).__name__}: {' '.join(str(error).split())[:300]}")
        return
    tell(answer=contestant.note)
    for line in sys.stdin:
        try:
            match json.loads(line):
                case "answer":
                    loss, gradients = contestant.answer()
                    tell(answer=[float(loss), [float(g) for g in gradients]])
                case {"calibrate": shortest}:
                    tell(answer=calibrated(contestant.run, shortest))
                case {"run": calls}:
                    contestant.run()  # wakes threads and fills caches
                    gc.collect()
                    tell(answer=timed(contestant.run, calls) / calls)
        except Exception as error:
            tell(failed=f"{type(error).__name__}: {' '.join(str(error).split())[:300]}")


if __name__ == "__main__":
    serve(*sys.argv[1:])
