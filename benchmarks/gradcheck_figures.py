"""`python -m benchmarks.gradcheck_figures`: what gradcheck says of what is right and of what is not, in GRADCHECK.md.

Every operation of the table at 200 random points, and 2,000 random programs of 5 to 200 operations: as they are, which
it must never call wrong, and with an error of a millionth planted in one partial, which it must find where that can be
seen. Read `tests/check/random_programs.py` first. It takes about a quarter of an hour.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from autograd.functions import OPS
from tests.check.random_programs import (
    LONGEST,
    PLANTED,
    SHORTEST,
    VISIBLE,
    Figures,
    honesty,
    of_operation,
    of_program,
    totals,
)  # fmt: skip

from .__main__ import conditions_of, table

RESULTS = Path(__file__).with_name("GRADCHECK.md")
POINTS, PROGRAMS, EXACT = 200, 2_000, 400
PROCESSES = 2
TARGET = 0.999


def operation(i: int) -> Figures:
    """The figures of the i-th operation of the table."""
    return of_operation(OPS[i], POINTS)


def right(cases: dict[str, Figures]) -> str:
    """What was said of derivatives that are right."""
    rows = []
    for name, figures in cases.items():
        checks, derivatives = figures.results.total(), figures.verdicts.total()
        cuts = quantiles(figures.resolutions, n=20)
        rows.append([
            name, f"{checks:,}", f"{derivatives:,}", f"{figures.verdicts['correct'] / derivatives:.1%}",
            f"{figures.verdicts['cannot tell'] / derivatives:.1%}", f"{figures.verdicts['wrong']}",
            f"{cuts[9]:.0e}", f"{cuts[18]:.0e}", "yes" if not figures.wrong else "**no**",
        ])  # fmt: skip
    header = ["derivatives that are right", "checks", "derivatives", "correct", "cannot tell", "wrong",
              "resolution, median", "resolution, 95 %", "none called wrong"]  # fmt: skip
    return table(header, rows)


def planted(cases: dict[str, Figures]) -> str:
    """What was said of planted errors."""
    rows = []
    for name, figures in cases.items():
        share = figures.found / figures.visible
        rows.append([
            name, f"{figures.visible + figures.below:,}", f"{figures.below:,}", f"{figures.visible:,}",
            f"{figures.found:,}", f"{math.floor(share * 1e4) / 1e2:g} %", "yes" if share >= TARGET else "**no**",
        ])  # fmt: skip
    header = ["an error in one partial", "cases", "cannot be seen", "must be seen", "found", "share", "99.9 %"]
    return table(header, rows)


def honest(pairs: Iterable[tuple[int, int]]) -> str:
    """How often the stated error covers the distance to the exact derivative."""
    told, covered = map(sum, zip(*pairs, strict=True))
    return (
        f"Of {told:,} derivatives of {EXACT:,} other programs, {covered:,} ({covered / told:.2%}) are "
        "as near as their stated error to the exact derivative, by mpmath with 90 digits; those that have none there "
        'and those that "cannot tell" are not counted.'
    )


def write_part(title: str, text: str) -> None:
    """Put a part of the results into the file, in the place of the one with the same title."""
    parts = RESULTS.read_text("utf-8").split("\n## ") if RESULTS.exists() else ["# The checker, checked\n"]
    kept = [part for part in parts[1:] if not part.startswith(f"{title}\n")]
    parts = [parts[0].rstrip("\n"), *sorted([*[part.strip("\n") for part in kept], f"{title}\n\n{text}"])]
    RESULTS.write_text("\n\n## ".join(parts) + "\n", "utf-8")


def main() -> None:
    began = perf_counter()
    with ProcessPoolExecutor(PROCESSES) as pool:
        operations = totals(pool.map(operation, range(len(OPS)), chunksize=4))
        print(f"operations: {operations.results}, planted {operations.found} of {operations.visible}", flush=True)
        pairs = [*pool.map(of_program, range(PROGRAMS), chunksize=20)]
        exactness = honest(pool.map(honesty, [f"honest {i}" for i in range(EXACT)], chunksize=20))
    whole, nodes = (totals(parts) for parts in zip(*pairs, strict=True))
    cases = {
        f"{len(OPS)} operations of the table × {POINTS} points": operations,
        f"{PROGRAMS:,} programs, the gradients of their inputs": whole,
        f"{PROGRAMS:,} programs, every node (white box)": nodes,
    }
    for name, figures in cases.items():
        for what in figures.wrong:
            print(f"FALSELY WRONG, {name}: {what}")
        for what in figures.missed:
            print(f"NOT FOUND, {name}: {what}")
    text = "\n\n".join([
        conditions_of().removesuffix(", "),
        "Written by `python -m benchmarks.gradcheck_figures`. Points of the operations: ordinary, tiny, huge, on the "
        f"edge of the domain and close to it. Programs: {SHORTEST} to {LONGEST} operations drawn from the whole table, "
        "on 1 to 10 inputs, numbers shared, some constants; those that overflow, end on a kink or are too rough for "
        "differences are kept: there the verdict may be \"cannot tell\", but never \"wrong\". The resolution, the "
        "smallest error that the same comparison was seen to reject, is given relative to the gradient.",
        right(cases),
        f"One partial of one operation is wrong by {PLANTED:g} of itself. Such an error must be seen if it changes a "
        f"gradient by {VISIBLE:g} times the resolution that the check of the right function states, or more; found is "
        "what is called wrong, in the white box at the very node and operand.",
        planted(cases),
        exactness,
    ])  # fmt: skip
    write_part("Verdicts", text)
    print(text)
    print(f"{perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
