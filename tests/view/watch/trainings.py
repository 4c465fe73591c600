"""Trainings to be watched, small and the same every time, on a clock that the test moves."""

import math
from types import SimpleNamespace

from autograd.view.watcher import Watch
from nn import MLP

X = [[math.cos(i), math.sin(i)] for i in range(12)]
y = [int(x2 > 0) for _, x2 in X]


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def pass_by(self, seconds):
        self.now += seconds


class Ticking(Clock):
    """Seconds that also pass with each reading, which is counted."""

    def __init__(self, seconds):
        super().__init__()
        self.seconds, self.read = seconds, 0

    def __call__(self):
        self.read += 1
        self.pass_by(self.seconds)
        return self.now


class Slow:
    """A model, each of whose predictions takes so many seconds."""

    def __init__(self, model, clock, seconds):
        self.model, self.clock, self.seconds = model, clock, seconds
        self.asked = 0

    def __call__(self, x):
        self.asked += 1
        self.clock.pass_by(self.seconds)
        return self.model(x)

    def modules(self):
        return self.model.modules()


def network(*sizes, seed=0, **settings):
    return MLP(sizes[0], list(sizes[1:]), seed=seed, **settings)


def epochs(watch, count, clock=None, seconds=1.0, **figures):
    """A training of so many epochs as a callback sees it, without training."""
    training = SimpleNamespace(model=watch.model, epoch=0, row={}, columns=["loss"])
    watch.on_train_begin(training)
    for epoch in range(1, count + 1):
        if clock is not None:
            clock.pass_by(seconds)
        training.epoch = epoch
        training.row = {"epoch": epoch, "loss": 1.0 / epoch, **figures}
        watch.on_epoch_end(training)
    watch.on_train_end(training)
    return watch


def quiet(model, X=None, y=None, **settings):
    return Watch(model, X, y, show=False, **settings)


class Wave:
    """A screen that counts its pictures, each of which takes so many seconds."""

    def __init__(self, clock, seconds=0.0):
        self.clock, self.seconds = clock, seconds
        self.shown, self.at, self.finished = [], [], 0

    def step(self, record, row):
        pass

    def show(self, record, frame):
        self.clock.pass_by(self.seconds)
        self.shown.append(frame.row.step)
        self.at.append(self.clock.now)

    def finish(self, record):
        self.finished += 1
