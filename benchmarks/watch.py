"""`python -m benchmarks.watch`: what watching a training costs, and how often it shows something.

Each training runs as it is and watched, in turns, in processes of their own; the ratio of the two is the cost seen
from outside, the share is what the watch measured of itself. All times are CPU times of the process. Pictures are
drawn as for a notebook. Read next: `measure.py`.
"""

from __future__ import annotations

import json
import sys
from statistics import median
from time import process_time
from typing import Any

from .measure import in_turns, ratio, worker
from .moons import samples

TRAININGS = {"moons 2-16-16-1": ((16, 16, 1), 60), "moons 2-40-40-1": ((40, 40, 1), 20)}
REPEATS = 3
LOSS = "hinge"


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


def train(name: str, watched: bool, data: list[list[float]]) -> dict[str, float]:
    """Seconds of the training; watched, also what the watch took and gave."""
    from autograd.view.watcher import Watch
    from nn import MLP, SGD, fit

    sizes, epochs = TRAININGS[name]
    X, y = [row[:2] for row in data], [row[2] for row in data]
    model = MLP(2, list(sizes), seed=1337)
    pictures = Pictures()
    watch = Watch(model, X, y, show=False, clock=process_time)
    begin, ended = watch.on_train_begin, {}

    def on_train_begin(training: Any) -> None:
        begin(training)
        watch._screen = pictures

    def on_train_end(training: Any) -> None:
        ended.update(spent=watch.budget.spent, trained=watch.budget.trained)

    watch.on_train_begin, watch.on_train_end = on_train_begin, on_train_end  # type: ignore[method-assign]
    start = process_time()
    fit(model, X, y, loss=LOSS, optimizer=SGD(model.parameters(), learning_rate=0.05), epochs=epochs, seed=0,
        callbacks=[watch] if watched else [], progress=False)  # fmt: skip
    seconds = process_time() - start
    if not watched:
        return {"seconds": seconds}
    grids = sum(frame.grid is not None for frame in watch.record.frames)
    return {
        "seconds": seconds, "share": ended["spent"] / ended["trained"], "pictures": pictures.shown / seconds,
        "frames": len(watch.record.frames) / seconds, "grids": grids / seconds,
    }  # fmt: skip


def main() -> None:
    data = samples()
    for name in TRAININGS:
        both = in_turns({
            watched: worker("watch", "run", name, watched, data=data) for watched in ("watched", "alone")
        }, REPEATS)  # fmt: skip
        seconds = {key: [run["seconds"] for run in runs] for key, runs in both.items()}
        told = {key: median(run[key] for run in both["watched"]) for key in ("share", "pictures", "frames", "grids")}
        print(
            f"{name}: watched {ratio(seconds['watched'], seconds['alone']):.3f} x alone "
            f"({median(seconds['alone']):.1f} s); measured of itself {told['share']:.1%} of the training; a second has "
            f"{told['pictures']:.1f} pictures, {told['frames']:.1f} frames, {told['grids']:.1f} boundaries"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        print(json.dumps(train(sys.argv[2], sys.argv[3] == "watched", json.load(sys.stdin))))
    else:
        main()
