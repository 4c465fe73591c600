"""`python -m benchmarks.compile`: compiled code beside its peers; it writes COMPILE.md, and takes about half an hour.

`--quick` takes fewer and shorter rounds and writes nothing. `THREADS=1 python -m benchmarks.compile` measures all on
one thread of one processor, and writes COMPILE_ONE_THREAD.md. This file has the goals and makes the tables; read
`compile_measure.py` first for how a figure comes about.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from . import compile_sizes
from .__main__ import conditions_of, table
from .compile_measure import ENVIRONMENT, THREADS, Outcome, race
from .imports import HEAVY, heavy_imports, import_milliseconds

RESULTS = Path(__file__).with_name("COMPILE.md" if THREADS > 1 else "COMPILE_ONE_THREAD.md")
PICTURE = RESULTS.with_name(RESULTS.stem.lower() + ".svg")
PEERS = ("numpy", "jax", "torch", "casadi", "numba", "micrograd", "scipy")
COMMAND = "python -m benchmarks.compile" if THREADS > 1 else "THREADS=1 python -m benchmarks.compile"
CORES = f"{THREADS} threads" if THREADS > 1 else "one thread, on one processor,"
LIMIT = 900  # seconds that one measurement may take
NUMPY, NUMBA = "ours numpy", "ours numba"


class Goal(NamedTuple):
    """What `ours` must reach beside a peer: that many times its speed; or, with `at_most`, a share of its time."""

    ours: str
    peer: str
    must: float
    aim: float | None = None
    at_most: bool = False


class Work(NamedTuple):
    """A work, its contestants (the first is whom all others are compared with), and the goals."""

    title: str
    module: str
    contestants: tuple[str, ...]
    goals: tuple[Goal, ...]
    arguments: tuple[str, ...] = ()


MLP = ("numpy", "jax", "torch", "torch.compile", "casadi SX", "casadi MX", "micrograd", NUMPY, NUMBA)
PLAIN = (f"{NUMPY}, plain call", f"{NUMBA}, plain call")
SCALARS = ("eager", "casadi", "casadi, plain call", "casadi C", NUMPY, NUMBA)
SCALAR_GOALS = (
    Goal(NUMPY, "eager", 1),
    Goal(NUMBA, "eager", 20),
    Goal(NUMBA, "casadi", 1),
    Goal(NUMBA, "casadi C", 0, 1),
)
WORKS = (
    Work("digits MLP 64-30-30-10, minibatch 32", "compile_mlp", (*MLP, *PLAIN), (
        Goal(NUMPY, "numpy", 1.05, at_most=True),
        Goal(NUMBA, "numpy", 2.5), Goal(NUMBA, "torch", 4), Goal(NUMBA, "jax", 1.3, 2), Goal(NUMBA, "casadi SX", 10),
    )),
    Work("its epoch with SGD, 56 minibatches", "compile_epoch",
         ("numpy", "jax", "jax scan", "torch", NUMPY, NUMBA), (
        Goal(NUMPY, "numpy", 1.05, at_most=True), Goal(NUMBA, "jax scan", 1.3, 2),
    )),
    Work("moons MLP 2-16-16-1, 100 samples, hinge + L2", "compile_moons",
         ("eager", "numpy", "jax", "torch", "torch.compile", "micrograd", NUMPY, NUMBA, *PLAIN), (
        Goal(NUMPY, "torch", 3),
        Goal(NUMBA, "jax", 2, 4), Goal(NUMBA, "torch", 10), Goal(NUMBA, "micrograd", 20_000),
    )),
    Work("microgpt-like step, 1 layer, embedding 16, 4 heads, n = 7", "compile_microgpt",
         ("eager", "jax", "torch", "torch.compile", NUMPY, NUMBA, *PLAIN), (
        Goal(NUMPY, "eager", 30), Goal(NUMBA, "eager", 150), Goal(NUMBA, "jax", 1, 3), Goal(NUMBA, "torch", 5),
    )),
    Work("Rosenbrock, n = 100", "compile_scalars", SCALARS, SCALAR_GOALS, ("rosenbrock",)),
    Work("Speelpenning's product, n = 100", "compile_scalars", SCALARS, SCALAR_GOALS, ("speelpenning",)),
    Work("LSTM cell, 8 units", "compile_scalars", SCALARS, SCALAR_GOALS, ("lstm",)),
    Work("ODE loss, 10⁵ nodes", "compile_scalars", SCALARS, SCALAR_GOALS, ("ode",)),
)  # fmt: skip
NAMES = {
    "numpy": "numpy by hand", "jax": "JAX jit", "jax scan": "JAX jit+scan", "torch": "PyTorch eager",
    "casadi": "CasADi's machine", "casadi SX": "CasADi's machine (SX)", "casadi MX": "CasADi's machine (MX)",
    "casadi C": "CasADi's C, -O3", "eager": "our eager engine", NUMPY: "numpy executor", NUMBA: "numba executor",
}  # fmt: skip
NUMPYS = (
    "the products take the same; of what is more, about a third is a logsumexp that keeps the digits which the peer's "
    "loses, a fifth the look for what is not finite, a ninth each slopes that are factors (the peer's zeros would hide "
    "an inf) and copies (`parameters` and `gradients` are the user's own arrays), the rest Python around the calls"
)
REASONS = {  # why a goal is lost, as profiles tell it: of a work, ours and a peer
    (WORKS[0].title, NUMPY, "numpy"): NUMPYS,
    (WORKS[1].title, NUMPY, "numpy"): (
        NUMPYS + "; and an update of which an interrupt leaves all or nothing, with settings that are read each time"
    ),
    (WORKS[0].title, NUMBA, "numpy"): (
        "the eight products of BLAS, the same for both, are 0.43 of the peer's time: without all else it were 2.3x"
    ),
    (WORKS[1].title, NUMBA, "jax scan"): "JAX's loop over minibatches is compiled; ours goes through Python for each",
    **{
        (work.title, NUMBA, "casadi"): (
            "about 2.5 µs of a call are Python, three small copies and the call of native code, which itself takes 0.3 "
            "to 1.4 µs in these three"
        )
        for work in WORKS[4:7]
    },
}  # fmt: skip
BLAS_LOST = (
    "products of this size: nine tenths of the time by hand are spent in them, below half of the limit of two threads"
)
PLANS_LOST = (
    "three Python frames for each operator while f runs, which is half of it, and Python over the sums; a plan of 10^3 "
    "is several hundred small calls of numpy; at 10^7 all stages but the last take half as much again as at 10^5, as "
    "memory is touched for the first time"
)
SIZES_LOST = (
    "the tables below say where: small batches for the reasons of the first row; with two threads also where the "
    "second thread of BLAS stalls calls for milliseconds, of all that call it: those of one thread tell what is ours"
)
SHORT = (
    "**What was lost** says the last column, to whom the third; where the reason is known, it stands beside it (from "
    "profiles of 2026-11-22, not from this run)."
)


def named(contestant: str) -> str:
    name, comma, rest = contestant.partition(",")
    return NAMES.get(name, name) + comma + rest


def main() -> None:
    quick = "--quick" in sys.argv[1:]
    only = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    repeats, shortest = (3, 0.05) if quick else (7, 0.2)
    if THREADS == 1:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # of JAX, which asks how many processors there are
    sections = [f"# Compiled code beside its peers\n\n{conditions(repeats, shortest)}"]
    rows, times = [], []
    for work in WORKS:
        if not only or any(word in work.title or word in work.module for word in only):
            print(f"measuring {work.title} ...", flush=True)
            outcome = measured(work, repeats, shortest, quick)
            rows += [judged(work.title, goal, outcome) for goal in work.goals]
            times.append(details(work.title, outcome))
            print(table(HEADER, rows[-len(work.goals) :]), times[-1], sep="\n", flush=True)
    for name, section in (("blas", blas), ("costs", costs)):
        if not only or name in only:
            print(f"measuring {name} ...", flush=True)
            found = section(repeats, shortest, quick)
            print(table(HEADER, found), flush=True)
            rows += found
    if not only or "sizes" in only:
        print("measuring sizes ...", flush=True)
        sweeps = compile_sizes.sweep(repeats, shortest / 4, quick)
        text, worst = compile_sizes.tables(sweeps)
        rows += [
            [f"batch size 1 to 4096, width 8 to 512, {named(name)}", "", "numpy by hand", f"{ratio:.2f} of its time",
             f"≤ {compile_sizes.LIMIT}", "",
             because(verdict(ratio, compile_sizes.LIMIT, None, at_most=True), SIZES_LOST)]
            for name, ratio in worst.items()
        ]  # fmt: skip
        times.append(f"**Batch size and width.** ![Time against batch size and width]({PICTURE.name})\n\n{text}")
        if not quick:
            compile_sizes.draw(sweeps, PICTURE)
    text = "\n\n".join([*sections, table(HEADER, rows), SHORT, *times])
    print(text)
    if not (quick or only):
        RESULTS.write_text(text + "\n")


HEADER = ["work", "ours", "peer", "figure", "must", "aim", "reached"]


def conditions(repeats: int, shortest: float) -> str:
    """The machine, the versions, and how it was measured."""
    return (
        f"{conditions_of(*PEERS)}\n\nWritten by `{COMMAND}`. Everything is in float64, with {CORES} for every "
        "library. Each contestant lives in a process of its own; its loss and gradients "
        "must be those of all others to 1e-10 before anything is timed. Then the processes take turns, each running "
        f"its step for {shortest} s while the others wait; there are {repeats} rounds. Times are medians over them, "
        "by the clock on the wall; a ratio is the median of the rounds' ratios. Python's cyclic collector is on, as "
        "Python starts it, but for our eager engine in microgpt and the scalar programs, where it is off, which is the "
        "engine's fastest. JAX and PyTorch have their arrays in place, CasADi reads and writes arrays in place "
        "(`buffer`); ours is given numpy arrays and returns a float, and checks some samples against the engine, ever "
        "more rarely: rounds in which it does are slow ones. \"Ours\" is `bound(X, Y)` if not said otherwise."
    )  # fmt: skip


def measured(work: Work, repeats: int, shortest: float, quick: bool) -> Outcome:
    names = [name for name in work.contestants if not (quick and name == "micrograd")]
    return race({n: (work.module, n, *work.arguments) for n in names}, repeats=repeats, shortest=shortest)


def judged(title: str, goal: Goal, outcome: Outcome) -> list[str]:
    """The row of a goal."""
    row = [title, named(goal.ours)]
    if goal.ours not in outcome.times or goal.peer not in outcome.times:
        missing = goal.ours if goal.ours not in outcome.times else goal.peer
        what = outcome.failed.get(missing, "not run")
        return [*row, named(goal.peer), "", *goals(goal), f"**lost**: {what}" if missing == goal.ours else what]
    row[-1] += f": {duration(outcome.seconds(goal.ours))}"
    row.append(f"{named(goal.peer)}: {duration(outcome.seconds(goal.peer))}")
    ratio = outcome.ratio(goal.ours, goal.peer)
    figure, shown = (1 / ratio, f"{1 / ratio:.2f} of its time") if goal.at_most else (ratio, f"{ratio:,.2f}x")
    reached = verdict(figure, goal.must, goal.aim, at_most=goal.at_most)
    return [*row, shown, *goals(goal), because(reached, REASONS.get((title, goal.ours, goal.peer), ""))]


def because(reached: str, why: str) -> str:
    """What was reached, and why it was lost, if that is known."""
    return f"{reached}: {why}" if why and reached == "**lost**" else reached


def goals(goal: Goal) -> list[str]:
    """Must and aim as they are shown."""
    if goal.at_most:
        return [f"≤ {goal.must}", ""]
    return [f"{goal.must:g}x" if goal.must else "", f"{goal.aim:g}x" if goal.aim else ""]


def verdict(figure: float, must: float, aim: float | None, *, at_most: bool = False) -> str:
    """What was reached; a must that was not is lost."""
    sign = -1 if at_most else 1
    if aim is not None and sign * figure >= sign * aim:
        return "aim"
    if not must:
        return "aim missed"
    return "must" if sign * figure >= sign * must else "**lost**"


def duration(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{1e6 * seconds:.3g} µs"


def details(title: str, outcome: Outcome) -> str:
    """The times of all contestants, and who failed."""
    rows = [
        [named(name), duration(statistics.median(runs)), f"{duration(min(runs))} to {duration(max(runs))}",
         outcome.notes.get(name, "")]
        for name, runs in outcome.times.items()
    ]  # fmt: skip
    rows += [[named(name), "failed", "", reason.replace("|", "/")] for name, reason in outcome.failed.items()]
    return f"**{title[0].upper()}{title[1:]}.**\n\n" + table(["contestant", "time", "from, to", "note"], rows)


def told(module: str, *arguments: str, **environment: str) -> Any:
    """The JSON that a module of this package prints when it is run as a program."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{module}", *arguments], text=True, capture_output=True, check=False,
            env=os.environ | ENVIRONMENT | environment, timeout=LIMIT,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return RuntimeError(f"not done within {LIMIT} s")
    if done.returncode:
        return RuntimeError((done.stderr.strip().splitlines() or ["stopped"])[-1])
    return json.loads(done.stdout)


def blas(repeats: int, shortest: float, quick: bool) -> list[list[str]]:
    """The share of the limit."""
    rows = []
    for name in ("numpy", NUMPY, NUMBA):
        rounds = told("compile_blas", name, str(repeats), str(shortest))
        goal = ["50 %", "80 %"] if name != "numpy" else ["", ""]
        row = ["share of the BLAS limit, 512-512-512-10, batch 256", named(name)]
        if isinstance(rounds, RuntimeError):
            rows.append([*row, "", "", *goal, f"**lost**: {rounds}"])
            continue
        limit = statistics.median(limit for limit, _ in rounds)
        share = statistics.median(step / limit for limit, step in rounds)
        row[-1] += f": {share * limit / 1e9:.1f} GFLOP/s"
        reached = "reported" if name == "numpy" else because(verdict(share, 0.5, 0.8), BLAS_LOST)
        rows.append([*row, f"a product of 2048²: {limit / 1e9:.1f} GFLOP/s", f"{100 * share:.0f} %", *goal, reached])
    return rows


def costs(repeats: int, shortest: float, quick: bool) -> list[list[str]]:
    """Trace and plan, first calls, import."""
    del shortest
    rows = [row for kind in ("layers", "chain") for row in plans(kind, 5 if quick else 7, 1 if quick else 3)]
    with tempfile.TemporaryDirectory() as cache:
        empty: dict[str, str] = {"XDG_CACHE_HOME": cache, "NUMBA_CACHE_DIR": str(Path(cache, "numba"))}
        kinds: list[tuple[str, str, float, Callable[[], dict[str, str]]]] = [
            ("numpy executor", "numpy", 1.0, dict),
            ("numba executor, very first on a machine", "numba", 8.0, lambda: empty),
            ("numba executor, warm cache", "numba", 1.0, lambda: empty),
        ]
        for what, executor, limit, environment in kinds:
            row = ["first call, digits MLP", what, ""]
            count = 1 if "very first" in what else min(repeats, 5)
            calls = [told("compile_costs", "first", executor, **environment()) for _ in range(count)]
            if any(isinstance(call, RuntimeError) for call in calls):
                rows.append([*row, "", f"≤ {limit:g} s", "", f"**lost**: {calls[-1]}"])
                continue
            figure = statistics.median(call[0] for call in calls)
            rows.append([*row, duration(figure), f"≤ {limit:g} s", "", verdict(figure, limit, None, at_most=True)])
    heavy = heavy_imports()
    time = import_milliseconds()
    rows.append(["`import autograd`, over `python -c pass`", f"{time:.0f} ms", "", "", "", "", "reported"])
    loads = ", ".join(heavy) or "none"
    rows.append([f"what it loads of {', '.join(HEAVY)}", loads, "", "", "none", "", "**lost**" if heavy else "must"])
    return rows


def plans(kind: str, largest: int, repeats: int) -> list[list[str]]:
    """Microseconds a node for 10³ to 10⁷ nodes, and bytes a node."""
    costs_a_node: dict[int, float] = {}
    shares = ""
    for power in range(3, largest + 1):
        runs = [told("compile_costs", "plan", kind, str(10**power), "no") for _ in range(1 if power == 7 else repeats)]
        good = [run for run in runs if not isinstance(run, RuntimeError)]
        if not good:
            return [[f"trace and plan, {kind}, 10^{power} nodes", "", "", "", "≤ 3 µs", "", f"**lost**: {runs[-1]}"]]
        run = sorted(good, key=lambda run: sum(run["stages"]))[len(good) // 2]
        costs_a_node[power] = 1e6 * sum(run["stages"]) / run["nodes"]
        shares = " + ".join(f"{1e6 * stage / run['nodes']:.2f}" for stage in run["stages"])
    worst, spread = max(costs_a_node.values()), max(costs_a_node.values()) / min(costs_a_node.values())
    rows = [
        [f"trace and plan, {kind}: µs a node, 10^3 to 10^{largest} nodes",
         ", ".join(f"{cost:.2f}" for cost in costs_a_node.values()), "", f"{worst:.2f} µs", "≤ 3 µs", "",
         because(verdict(worst, 3, None, at_most=True), PLANS_LOST)],
        [f"the same, dearest : cheapest; trace + simplify + fuse + group of 10^{largest} are {shares} µs", "", "",
         f"{spread:.2f}", "≤ 2", "", verdict(spread, 2, None, at_most=True)],
    ]  # fmt: skip
    for power, how in ((5, "count"), (largest, "resident")):
        run = told("compile_costs", "plan", kind, str(10**power), how)
        if isinstance(run, RuntimeError):
            rows.append([f"bytes a node, {kind}", "", "", "", "≤ 300", "", f"**lost**: {run}"])
            continue
        figure = run["bytes"] / run["nodes"]
        what = "by tracemalloc" if how == "count" else "resident"
        rows.append([f"bytes a node at the peak, {kind}, 10^{power}, {what}", "", "", f"{figure:.0f}", "≤ 300", "",
                     verdict(figure, 300, None, at_most=True)])  # fmt: skip
    return rows


if __name__ == "__main__":
    main()
