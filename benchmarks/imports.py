"""What `import autograd` costs over a bare Python, and which heavy packages it brings in.

Read next: `__main__.py`, which makes the table.
"""

from __future__ import annotations

import json
import statistics
import time

from .measure import in_turns, python

HEAVY = ("numpy", "graphviz", "matplotlib")
IMPORT_REPEATS = 15


def import_milliseconds() -> float:
    """The difference of the medians of `import autograd` and `pass`, each a new process, by the clock on the wall."""

    def wall(code: str) -> float:
        start = time.perf_counter()
        python("-c", code)
        return time.perf_counter() - start

    wall("import autograd")  # writes the bytecode
    times = in_turns({"bare": lambda: wall("pass"), "import": lambda: wall("import autograd")}, IMPORT_REPEATS)
    difference: float = statistics.median(times["import"]) - statistics.median(times["bare"])
    return 1e3 * difference


def heavy_imports() -> list[str]:
    """The heavy packages that are loaded after `import autograd`."""
    loaded = python("-c", f"import autograd, json, sys; print(json.dumps([m for m in {HEAVY} if m in sys.modules]))")
    result: list[str] = json.loads(loaded)
    return result
