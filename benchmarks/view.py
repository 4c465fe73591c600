"""What drawing costs: a network warm and in a new process, and a million nodes with the memory that they take.

`python -m benchmarks.view` prints the table line by line, within about three minutes on an idle machine. The times
are CPU times, as in `measure.seconds`: drawing waits for nothing, so that on an idle machine they are those of the
clock. "first" means a new process, from `import autograd.view` to the picture, without the start of Python itself.
As a program with an argument it is one contestant, and prints its figures as JSON.
Read next: `measure.py`.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

from .measure import in_turns, worker

WARM = 7
PROCESSES = 3
MILLION = 10**6
SHAPES = ("chain", "fan", "grid", "dots", "2 ** 60 paths")
WIDTH = 576  # three layers of so many neurons, each a dot of so many operands: 999,936 nodes


def first() -> dict[str, float]:
    """Milliseconds from the first import to the first picture of the 41 parameters' 62 nodes."""
    start = time.process_time()
    import autograd.view  # noqa: F401  (what is measured)

    imported = time.process_time()
    output = _network()([1.0, -2.0, 0.5])
    built = time.process_time()
    from autograd import draw

    draw(output).svg  # noqa: B018  (painted when asked for)
    drawn = time.process_time()
    return {"import": 1e3 * (imported - start), "all": 1e3 * (drawn - built + imported - start)}


def warm() -> dict[str, float]:
    """Milliseconds for pictures in a process that has made some before: medians."""
    from autograd import draw

    network = _network()
    output = network([1.0, -2.0, 0.5])
    works: dict[str, Callable[[], Any]] = {
        "nodes": lambda: draw(output).svg,
        "nodes as PNG": lambda: draw(output).pipe("png"),
        "network": lambda: draw(network).svg,
        "network in a notebook": lambda: draw(network)._repr_mimebundle_(),
    }
    return {name: _median(work) for name, work in works.items()}


def million(shape: str) -> dict[str, float]:
    """Seconds for a picture in boxes of 10^6 nodes and for one of the nearest nodes, and the peak of memory in MB."""
    import resource

    from autograd import draw

    output, model = _million(shape)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.process_time()
    draw(output, collapse="blocks").svg  # noqa: B018
    collapsed = time.process_time()
    draw(output).svg  # noqa: B018
    nearest = time.process_time()
    found = {"in boxes": collapsed - start, "the nearest 500": nearest - collapsed}
    if model is not None:
        for by in ("layer", "module"):
            start = time.process_time()
            draw(output, collapse=by, modules=model).svg  # noqa: B018
            found[f"in boxes by {by}"] = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found | {"before": before, "peak": peak}


def _network() -> Any:
    from nn import MLP

    return MLP(3, [4, 4, 1], activation="tanh", seed=0)  # 41 parameters


def _million(shape: str) -> tuple[Any, Any]:
    """A computation, and the model that it is of, if any."""
    import autograd
    from autograd import Value

    x = y = Value(1.0)
    if shape == "dots":
        from nn import MLP

        model = MLP(WIDTH, [WIDTH] * 3, seed=0)
        return model([Value(1.0) for _ in range(WIDTH)]), model
    if shape == "chain":
        for _ in range(MILLION):
            y = y.tanh()
    elif shape == "fan":
        y = autograd.sum([Value(1.0) for _ in range(MILLION)])
    elif shape == "grid":
        row = [x] * 1000
        for _ in range(1000):
            before, row = row, []
            for above in before:
                x = x * above
                row.append(x)
        y = row[-1]
    else:
        for _ in range(60):
            y = y + y
    return y, None


def _median(work: Callable[[], Any]) -> float:
    work()
    times = []
    for _ in range(WARM):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return 1e3 * statistics.median(times)


def _medians(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median([run[name] for run in runs]) for name in runs[0]}


def rows() -> Iterator[str]:
    """The figures as lines of Markdown, each as soon as it is known: medians of 3 new processes for small pictures."""
    yield "| picture | time | limit |"
    yield "| --- | ---: | ---: |"
    found = in_turns({"first": worker("view", "first"), "warm": worker("view", "warm")}, PROCESSES)
    times = {name: _medians(runs) for name, runs in found.items()}
    yield f"| `import autograd.view` | {times['first']['import']:.0f} ms | |"
    yield f"| 41 parameters, every node, first of a process | {times['first']['all']:.0f} ms | 1500 ms |"
    yield f"| the same, nothing in the cache | {_without_cache():.0f} ms | |"
    for name, milliseconds in times["warm"].items():
        limit = "300 ms" if "PNG" not in name else ""  # 6.5 million pixels, which are packed by resvg
        yield f"| 41 parameters, {name}, warm | {milliseconds:.0f} ms | {limit} |"
    for shape in SHAPES:
        run: dict[str, float] = worker("view", "million", shape)()
        before, peak = run.pop("before"), run.pop("peak")
        size = shape if "paths" in shape else f"10^6 nodes, {shape}"
        for name, seconds in run.items():
            yield f"| {size}, {name} | {seconds:.1f} s | 10 s |"
        yield f"| its peak of memory (before drawing {before:.0f} MB) | {peak:.0f} MB | 1500 MB |"


def _without_cache() -> float:
    """Milliseconds of the first picture of a process that compiles Graphviz's WebAssembly build."""
    import os

    before = os.environ.get("XDG_CACHE_HOME")
    with tempfile.TemporaryDirectory() as empty:
        os.environ["XDG_CACHE_HOME"] = empty
        try:
            milliseconds: float = worker("view", "first")()["all"]
        finally:
            del os.environ["XDG_CACHE_HOME"]
            if before is not None:
                os.environ["XDG_CACHE_HOME"] = before
    return milliseconds


if __name__ == "__main__":
    contestants: dict[str, Callable[..., dict[str, float]]] = {"first": first, "warm": warm, "million": million}
    if len(sys.argv) > 1:
        print(json.dumps(contestants[sys.argv[1]](*sys.argv[2:])))
    else:
        for row in rows():
            print(row, flush=True)
