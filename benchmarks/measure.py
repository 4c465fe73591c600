"""How everything here is measured: each contestant in a process of its own, and the processes in turns.

Turns (A B C A B C ...) let a machine that slows down for a while hit all of them alike. This file knows nothing of
what is measured. Read next: `moons.py`.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

REPEATS = 7
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def python(*arguments: str, data: Any = None) -> str:
    """What this Python prints when it is run on one thread with these arguments and `data` as JSON on its input."""
    done = subprocess.run(
        [sys.executable, *arguments], input=json.dumps(data), env=os.environ | ONE_THREAD,
        text=True, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return done.stdout


def worker(module: str, *arguments: str, data: Any = None) -> Callable[[], Any]:
    """A contestant: the JSON that a module of this package prints when it is run as a program."""
    return lambda: json.loads(python("-m", f"benchmarks.{module}", *arguments, data=data))


def in_turns(contestants: Mapping[str, Callable[[], Any]], repeats: int = REPEATS) -> dict[str, list[Any]]:
    """The results of each contestant, after each had its turn `repeats` times."""
    results: dict[str, list[Any]] = {name: [] for name in contestants}
    for _ in range(repeats):
        for name, run in contestants.items():
            results[name].append(run())
    return results


def seconds(work: Callable[[], object]) -> float:
    """The CPU time of `work`, which other programs on the machine disturb less than the clock on the wall.

    What `work` returns is freed before the time is taken.
    """
    start = time.process_time()
    work()
    return time.process_time() - start


def ratio(numerators: Sequence[float], denominators: Sequence[float]) -> float:
    """The ratio of two contestants' medians."""
    return statistics.median(numerators) / statistics.median(denominators)
