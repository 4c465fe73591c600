"""The step of an MLP 64-w-w-10 against the size of the batch and against the width w: a picture and two tables.

Read next: `compile.py`, which measures everything.
"""

from __future__ import annotations

from pathlib import Path

from .compile_measure import Outcome, race

BATCHES, WIDTHS = (1, 4, 16, 64, 256, 1024, 4096), (8, 16, 32, 64, 128, 256, 512)
LIMIT = 1.2  # of the time of hand-written numpy
LABELS = {"numpy": "numpy, by hand", "jax": "JAX", "torch": "PyTorch", "ours numpy": "ours, numpy",
          "ours numba": "ours, numba"}  # fmt: skip


def sweep(repeats: int, shortest: float, quick: bool) -> dict[str, dict[int, Outcome]]:
    """The outcomes by batch size (width 30) and by width (batch 32)."""
    every = 3 if quick else 1

    def measured(width: int, batch: int) -> Outcome:
        sizes = f"64-{width}-{width}-10", str(batch)
        return race({name: ("compile_mlp", name, *sizes) for name in LABELS}, repeats=repeats, shortest=shortest)

    return {
        "batch size (width 30)": {batch: measured(30, batch) for batch in BATCHES[::every]},
        "width (batch 32)": {width: measured(width, 32) for width in WIDTHS[::every]},
    }


def tables(sweeps: dict[str, dict[int, Outcome]]) -> tuple[str, dict[str, float]]:
    """The times as tables of Markdown, and the largest ratio of each of ours to hand-written numpy."""
    texts, worst = [], {}
    for axis, outcomes in sweeps.items():
        lines = [f"| {axis} | " + " | ".join(map(str, outcomes)) + " |", "|" + " --- |" * (len(outcomes) + 1)]
        for name, label in LABELS.items():
            cells = [f"{1e6 * o.seconds(name):.0f} µs" if name in o.times else "failed" for o in outcomes.values()]
            lines.append(f"| {label} | " + " | ".join(cells) + " |")
            if name.startswith("ours"):
                ratios = [1 / o.ratio(name, "numpy") if name in o.times else float("inf") for o in outcomes.values()]
                lines.append(f"| {label} : numpy by hand | " + " | ".join(f"{r:.2f}" for r in ratios) + " |")
                worst[name] = max(worst.get(name, 0.0), *ratios)
        texts.append("\n".join(lines))
    return "\n\n".join(texts), worst


def draw(sweeps: dict[str, dict[int, Outcome]], picture: Path) -> None:
    """Both sweeps, side by side."""
    import matplotlib

    matplotlib.use("agg")
    matplotlib.rcParams["svg.hashsalt"] = "compile"  # the same names in each file
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(sweeps), figsize=(11, 4.5), layout="constrained")
    for plot, (axis, outcomes) in zip(axes, sweeps.items(), strict=True):
        for name, marker in zip(LABELS, "osv^D", strict=True):
            points = [
                (size, 1e6 * outcome.seconds(name)) for size, outcome in outcomes.items() if name in outcome.times
            ]
            if points:
                plot.loglog(*zip(*points, strict=True), marker=marker, label=LABELS[name])
        plot.set(xlabel=axis, ylabel="µs for value and gradients")
        plot.grid(alpha=0.3)
    axes[0].legend()
    figure.savefig(picture, metadata={"Date": None})
    pyplot.close(figure)
