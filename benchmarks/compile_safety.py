"""`python -m benchmarks.compile_safety`: compiled code under attack, written to COMPILE_SAFETY.md.

It takes half an hour, and runs what the tests have not the time for: 5,000 random programs with each executor, and
1,000 faults of the cache of native code. Read `compile_faults.py` and `tests/compiler/test_equality.py` first.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .__main__ import conditions_of

RESULTS = Path(__file__).with_name("COMPILE_SAFETY.md")
RUNS = {
    "tests.compiler.test_equality": "5,000 random programs with each executor: losses and gradients, of a batch and of "
    "each sample, must be those of the eager engine; differences are relative to the largest number, or to 1",
    "benchmarks.compile_faults 1000 1": "random faults of the cache of native code (files damaged, cut off, exchanged, "
    "or in the way; a full disk, a folder that cannot be written, the cache of another machine, two processes at once, "
    "`kill -9`): each time a process must compute what it would without",
}


def report(printed: Sequence[str]) -> str:
    """The text of COMPILE_SAFETY.md.

    Args:
        printed: What each of the runs has printed.
    """
    sections = [
        f"`python -m {command}`: {what}.\n\n```text\n{text.strip()}\n```\n"
        for (command, what), text in zip(RUNS.items(), printed, strict=True)
    ]
    head = f"# Compiled code under attack\n\n{conditions_of('numpy', 'numba')}\n\n"
    return "\n".join([f"{head}Written by `python -m benchmarks.compile_safety`, which runs two programs.\n", *sections])


def main() -> int:
    """Run everything, print what was found, and write it down; 1 if a result was wrong or a run has ended early."""
    printed, status = [], 0
    for command in RUNS:
        done = subprocess.run([sys.executable, "-m", *command.split()], text=True, stdout=subprocess.PIPE, check=False)
        print(done.stdout, end="", flush=True)
        printed.append(done.stdout)
        status = status or done.returncode
    RESULTS.write_text(report(printed))
    return int(bool(status))


if __name__ == "__main__":
    sys.exit(main())
