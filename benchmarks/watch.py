"""`python -m benchmarks.watch`: what watching a training costs, and how often it shows something.

Each training runs as it is and watched, in turns, in processes of their own; the ratio of the two is the cost seen
from outside, with the first and the last picture in it; the share is what the watch measured of itself up to the end
of the last step. All times are CPU times of the process. Pictures are drawn as for a notebook.
Read next: `measure.py`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

from .measure import in_turns, ratio, worker
from .moons import samples

NETWORKS = {"moons 2-16-16-1": ((16, 16, 1), 25, 3), "moons 2-40-40-1": ((40, 40, 1), 15, 3)}  # layers, epochs, pairs
LOOPS = {"1,000 steps of 10 µs": (1000, 11), "20,000 steps of 10 µs": (20_000, 11)}  # steps, pairs
LOSS = "hinge"
WORK = 190  # additions: about 10 µs


class Pictures:
    """A screen that draws each picture as the notebook's does, and counts it."""

    def __init__(self) -> None:
        self.shown = 0

    def step(self, record: Any, row: Any) -> None:
        pass

    def show(self, record: Any, frame: Any) -> None:
        from autograd.view.watcher.picture import frame_svg

        frame_svg(record, frame)
        self.shown += 1

    def finish(self, record: Any) -> None:
        pass


def watch_of(model: Any, *data: Any) -> tuple[Any, Pictures, Callable[[], None]]:
    """A watch that draws, its pictures, and what lets it draw once training has begun."""
    from autograd.view.watcher import Watch

    watch, pictures = Watch(model, *data, show=False, clock=process_time), Pictures()

    def let_it_draw() -> None:
        watch._observer.screen = pictures

    return watch, pictures, let_it_draw


def fitted(name: str, watched: bool, data: list[list[float]]) -> dict[str, float]:
    """Seconds of a training by `fit`; watched, also what the watch took and gave."""
    from nn import MLP, SGD, fit

    sizes, epochs, _ = NETWORKS[name]
    X, y = [row[:2] for row in data], [row[2] for row in data]
    model = MLP(2, list(sizes), seed=1337)
    watch, pictures, let_it_draw = watch_of(model, X, y)
    begin, end, ended = watch.on_train_begin, watch.on_train_end, dict[str, float]()

    def on_train_begin(training: Any) -> None:
        begin(training)
        let_it_draw()

    def on_train_end(training: Any) -> None:
        ended.update(share=share_of(watch))
        end(training)

    watch.on_train_begin, watch.on_train_end = on_train_begin, on_train_end
    start = process_time()
    fit(model, X, y, loss=LOSS, optimizer=SGD(model.parameters(), learning_rate=0.05), epochs=epochs, seed=0,
        callbacks=[watch] if watched else [], progress=False)  # fmt: skip
    return result(process_time() - start, watch, pictures, ended.get("share"))


def looped(name: str, watched: bool) -> dict[str, float]:
    """Seconds of a loop of cheap steps; watched, also what the watch took and gave."""
    steps, _ = LOOPS[name]
    watch, pictures, let_it_draw = watch_of(lambda x: x[0])
    share = None
    start = process_time()
    if watched:
        with watch:
            let_it_draw()
            for step in range(steps):
                watch.update(loss=work(step))
            share = share_of(watch)
    else:
        for step in range(steps):
            work(step)
    return result(process_time() - start, watch, pictures, share)


def work(step: int) -> float:
    """A step of a training that does next to nothing."""
    total = 0.0
    for i in range(WORK):
        total += i * step
    return total


def share_of(watch: Any) -> float:
    """What the watch has measured of itself, of the time of training."""
    budget = watch._observer.budget
    return float(budget.spent / budget.trained(process_time()))


def result(seconds: float, watch: Any, pictures: Pictures, share: float | None) -> dict[str, float]:
    """The figures of a run."""
    if share is None:
        return {"seconds": seconds}
    frames = list(watch.record.frames)
    return {
        "seconds": seconds, "share": share, "pictures": pictures.shown, "rows": len(watch.record.rows),
        "frames": len(frames), "grids": sum(frame.grid is not None for frame in frames),
    }  # fmt: skip


def tell(name: str, pairs: int, data: Any = None) -> None:
    """Run a training in turns, and print what came out."""
    both = in_turns({kind: worker("watch", "run", name, kind, data=data) for kind in ("watched", "alone")}, pairs)
    seconds = {key: [run["seconds"] for run in runs] for key, runs in both.items()}
    told = {key: median(run[key] for run in both["watched"]) for key in both["watched"][0]}
    print(
        f"{name}: watched {ratio(seconds['watched'], seconds['alone']):.3f} x alone ({median(seconds['alone']):.3f} s, "
        f"{pairs} pairs); measured of itself {told['share']:.1%} of the training; drew {told['pictures']:.0f} "
        f"pictures, kept {told['rows']:.0f} rows, {told['frames']:.0f} frames, {told['grids']:.0f} boundaries",
        flush=True,
    )


def main() -> None:
    for name, (_, pairs) in LOOPS.items():
        tell(name, pairs)
    data = samples()
    for name, (_, _, pairs) in NETWORKS.items():
        tell(name, pairs, data)


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        name, watched = sys.argv[2], sys.argv[3] == "watched"
        run = looped(name, watched) if name in LOOPS else fitted(name, watched, json.load(sys.stdin))
        print(json.dumps(run))
    else:
        main()
