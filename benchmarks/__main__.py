"""`python -m benchmarks`: measure everything and write RESULTS.md. It takes about three minutes.

Each figure is a median over processes that ran in turns; read `measure.py` first for how.
"""

from __future__ import annotations

import datetime
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

from .chain import LENGTHS
from .imports import HEAVY, IMPORT_REPEATS, heavy_imports, import_milliseconds
from .measure import REPEATS, in_turns, ratio, worker
from .moons import STEPS, samples

RESULTS = Path(__file__).with_name("RESULTS.md")
COMPANIES = {"bare": "nothing else imported", "sklearn": "scikit-learn imported, as in the demo"}
MOONS = {  # contestant, collector: what it does; ratio to micrograd that must be reached, and that is aimed for
    ("ours", "on"): ("the same scalar expressions", 10, 20),
    ("ours", "off"): ("the same scalar expressions", 2.5, 4),
    ("nn", "on"): ("through `nn.MLP`, one dot per neuron", 35, 49),
    ("nn", "off"): ("through `nn.MLP`, one dot per neuron", 6, 8),
}
COMPILED = (
    "Compiled code, against batch size and width too, stands in [COMPILE.md](COMPILE.md), and on one thread in "
    "[COMPILE_ONE_THREAD.md](COMPILE_ONE_THREAD.md)."
)
SHORT_OF_THE_AIM = """\
**Where a row falls short** (from profiles of 2026-11-21, not measured in this run). With the collector off, a step of
scalar expressions is bound by the interpreter and by memory. Nearly half of it is `backward`, and more than half of
that the topological sort, which looks up each of 65,000 nodes several times; as much again is the forward pass, where
each operation calls its rule from the table. Written into the operators, the rules would save 10 %, marks on the
nodes in place of the set of those visited 8 %, and both would be paid for: the first with rules that stand in two
places, the second with a sort that writes to the graph that it reads. Through `nn.MLP`, more than half of the step
makes the dot nodes (33 operands each in the second layer), and a third is `backward`. With the collector on, what
else is imported counts: each full collection walks those objects too."""


def main() -> None:
    try:
        version("micrograd")
    except PackageNotFoundError:
        sys.exit("the benchmark compares with micrograd, which is not installed: pip install 'micrograd>=0.1'")
    data = samples()
    sections = []
    for title, section in (
        ("the moons step", lambda: moons(data)), ("memory", lambda: memory(data)),
        ("chains", chains), ("import", imports),
    ):  # fmt: skip
        print(f"measuring {title} ...", flush=True)
        sections.append(section())
    rows = [row for table, _ in sections for row in table]
    header = ["work", "ours", "micrograd", "ratio", "must", "aim", "reached"]
    notes = [notes for _, notes in sections]
    text = "\n\n".join(["# Results", conditions(), table(header, rows), SHORT_OF_THE_AIM, *notes, COMPILED])
    RESULTS.write_text(text + "\n")
    print(text)


def table(header: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, ["---"] * len(header), *rows])


def reached(figure: float, must: float, aim: float | None = None, *, at_most: bool = False) -> str:
    """Which of its goals a figure reaches."""
    sign = -1 if at_most else 1
    if aim is not None and sign * figure >= sign * aim:
        return "aim"
    return "must" if sign * figure >= sign * must else "**no**"


def conditions() -> str:
    """The machine, the versions, the date, and how it was measured."""
    return (
        f"{conditions_of('micrograd', 'numpy', 'scikit-learn')}\n\n"
        "Written by `python -m benchmarks`. Each contestant runs in a process of its own, on one thread; the processes "
        f"take turns, {REPEATS} each, and a figure is the median over them. Times are CPU times of the process, which "
        "other programs on the machine disturb less than the clock on the wall. \"Collector\" is Python's cyclic "
        "garbage collector, in its default settings where it is on."
    )  # fmt: skip


def conditions_of(*names: str) -> str:
    """The date, the machine and the versions of Python and of what is named."""
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"{datetime.date.today().isoformat()} · {processor()}, {os.cpu_count()} cores, {platform.system()} · "
        f"{platform.python_implementation()} {platform.python_version()}, {versions}"
    )


def processor() -> str:
    """The name of the processor."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def moons(data: Any) -> tuple[list[list[str]], str]:
    """The training step, ours in both forms against micrograd's, the collector on and off."""
    rows, shares = [], []
    for company, meaning in COMPANIES.items():
        for collector in ("on", "off") if company == "bare" else ("on",):
            names = ("micrograd", "ours", "nn")
            times = in_turns({name: worker("moons", name, collector, company, data=data) for name in names})
            for name in names[1:]:
                what, must, aim = MOONS[name, collector]
                gain = ratio(times["micrograd"], times[name])
                rows.append([
                    f"moons step, {what}; collector {collector}, {meaning}",
                    f"{1e3 * median(times[name]):.1f} ms", f"{1e3 * median(times['micrograd']):.0f} ms",
                    f"{gain:.1f}x", f"{must}x", f"{aim}x", reached(gain, must, aim),
                ])  # fmt: skip
            spread = ", ".join(f"{name} {1e3 * min(times[name]):.1f} to {1e3 * max(times[name]):.1f}" for name in names)
            shares.append(f"collector {collector}, {meaning}: {spread}")
    rows.sort(key=lambda row: "nn.MLP" in row[0])
    return rows, (
        "**Moons step.** The step of micrograd's demo: MLP 2-16-16-1, 100 samples of "
        "`make_moons(n_samples=100, noise=0.1)`, hinge loss + L2 with α = 1e-4; forward, backward, `zero_grad`, SGD "
        "update and the freeing of the graph. \"The same scalar expressions\": the text of micrograd's own `nn.py` is "
        "run on both Value classes. The first loss of every process is checked to be 0.8958, the demo's, in a first "
        f"step that is not counted; the figure of a process is the mean of the {STEPS} steps that follow. Samples are "
        "Python floats in every contestant (numpy scalars, as in the demo, slow micrograd down by 1 to 30 %). "
        "With the collector off, what micrograd leaves in cycles is collected between the steps, outside the timed "
        "part. With scikit-learn imported, each full collection also walks its objects, which is a larger share of "
        "the shorter step. Shortest to longest, in ms: " + "; ".join(shares) + "."
    )  # fmt: skip


def memory(data: Any) -> tuple[list[list[str]], str]:
    """Bytes per node: exact counts, so that one process each is enough."""
    ours, peer = (worker("memory", name, data=data)() for name in ("ours", "micrograd"))
    rows = [
        [f"memory per node of the moons step, scalar expressions, {what}; collector off",
         f"{ours[key]:.0f} bytes", f"{peer[key]:.0f} bytes", f"{peer[key] / ours[key]:.1f}x",
         f"≤ {must} bytes", f"{aim} bytes" if aim else "", reached(ours[key], must, aim, at_most=True)]
        for key, what, must, aim in (("kept", "kept after `backward()`", 160, 128), ("peak", "at the peak", 208, None))
    ]  # fmt: skip
    return rows, (
        "**Memory.** What `tracemalloc` counts from the start of the forward pass: nodes with data, gradients, "
        "partials and links, and the leaves of the inputs, but not the 337 parameters, which were there before. Kept: "
        "after `backward()`, only the loss being held and garbage collected. Peak: the most until then, with the "
        f"topological sort. Nodes, counted by walking the graph: {ours['nodes']:,} and {peer['nodes']:,} "
        "(micrograd makes nodes of constants too)."
    )  # fmt: skip


def chains() -> tuple[list[list[str]], str]:
    """The cost per node over lengths."""
    rows, costs = [], []
    for collector in ("off", "on"):
        contestants = {f"{n:,}": worker("chain", "ours", collector, str(n)) for n in LENGTHS}
        times = {length: 1e9 * median(runs) for length, runs in in_turns(contestants).items()}
        spread = max(times.values()) / min(times.values())
        rows.append([
            f"chain of 10³ to 10⁶ nodes, cost per node, longest : shortest; collector {collector}",
            f"{spread:.2f}", peer_limit(collector), "", "≤ 2" if collector == "off" else "", "",
            reached(spread, 2, at_most=True) if collector == "off" else "reported",
        ])  # fmt: skip
        costs.append([f"collector {collector}", *[f"{ns:.0f} ns" for ns in times.values()]])
    return rows, (
        "**Chain.** `y = y * w` and `y = y + b` in turns; forward, backward and the freeing of the graph. A long chain "
        "does not fit the caches of the processor, and with the collector on it is walked again by each full "
        "collection. micrograd's topological sort is recursive. Cost per node:\n\n"
        + table(["nodes", *[f"{n:,}" for n in LENGTHS]], costs)
    )


def peer_limit(collector: str) -> str:
    """How micrograd fares on the shortest chain."""
    cost = worker("chain", "micrograd", collector, str(LENGTHS[0]))()
    return f"RecursionError at {LENGTHS[0]:,}" if cost is None else f"{1e9 * cost:.0f} ns at {LENGTHS[0]:,}"


def imports() -> tuple[list[list[str]], str]:
    """The time and the company of `import autograd`."""
    time, heavy = import_milliseconds(), heavy_imports()
    rows = [
        ["`import autograd`, over `python -c pass`", f"{time:.0f} ms", "", "", "≤ 50 ms", "20 ms",
         reached(time, 50, 20, at_most=True)],
        [f"what `import autograd` loads of {', '.join(HEAVY)}", ", ".join(heavy) or "none", "", "", "none", "",
         "**no**" if heavy else "must"],
    ]  # fmt: skip
    return rows, (
        f"**Import.** The difference of the medians of {IMPORT_REPEATS} processes each, in turns, by the clock on the "
        "wall, the bytecode being cached; the collector is on, as Python starts."
    )


if __name__ == "__main__":
    main()
