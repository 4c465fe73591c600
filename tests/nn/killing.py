"""Kills processes while they save a model, with SIGKILL at random moments, and looks at the file each time.

    python -m tests.nn.killing 200

A parent makes two models and forks a child that saves them in turns, over and over, to one path. After a random time it
kills the child, and the file must be, byte for byte, one of the two. Whether the kill hit between the first byte and
the new name is told by the temporary file that then lies there.

Two kinds of children take turns: one saves small networks by `save`, where most of the time is spent in waiting for the
disk; the other large arrays by what `save` ends in, where most of it is spent in writing. (To collect 10^6 numbers
from Values takes a hundred times longer than to write them, so that `save` alone would hardly ever be hit there.)
"""

import json
import os
import random
import signal
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from nn.modules import MLP
from nn.serialization import load, save
from nn.serialization.archive import write_archive


def small():
    """Two networks as calls that save them; what is loaded must then have these numbers."""
    return [partial(save, MLP(4, [8, 3], seed=seed)) for seed in (1, 2)]


def large(numbers):
    import numpy as np

    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=numbers) for _ in range(2)]
    return [lambda path, array=array: write_archive(path, {"kind": "numbers"}, {"w": array}) for array in arrays]


def keep_saving(savers, path):
    """What the child does until it is killed."""
    try:
        while True:
            for save_to in savers:
                save_to(path)
    finally:
        os._exit(1)  # reached by an error alone


def kill_at_random(savers, path, longest, rng):
    child = os.fork()
    if child == 0:
        keep_saving(savers, path)
    time.sleep(rng.uniform(0.0, longest))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the child ended by itself"


class Target:
    """A path, the two files that it may hold, and what was found there."""

    def __init__(self, directory, savers):
        self.path, self.savers, self.whole = Path(directory, "model.safetensors"), savers, []
        start = time.perf_counter()
        for save_to in savers:
            save_to(self.path)
            self.whole.append(self.path.read_bytes())
        self.longest = 2 * (time.perf_counter() - start)  # about two rounds of the child
        self.before, self.seen = self.whole[1], set()
        self.found = {"file bytes": len(self.before), "kills": 0, "old": 0, "new": 0, "neither": 0}
        self.found |= {"hit while writing": 0, "temporary file cut off": 0}

    def kill(self, rng):
        kill_at_random(self.savers, self.path, self.longest, rng)
        now = self.path.read_bytes()
        left = {file for file in self.path.parent.iterdir() if file != self.path} - self.seen
        self.seen |= left
        self.found["kills"] += 1
        self.found["neither" if now not in self.whole else "old" if now == self.before else "new"] += 1
        self.found["hit while writing"] += bool(left)
        self.found["temporary file cut off"] += any(file.stat().st_size < len(now) for file in left)
        self.before = now

    def clean(self):
        """Save once more, as if eleven minutes had passed."""
        for file in self.seen:
            os.utime(file, (time.time() - 660,) * 2)
        self.savers[0](self.path)
        self.found["left after the next save"] = len(list(self.path.parent.iterdir())) - 1


def run(kills, numbers=10**6, seed=0):
    """The figures of so many kills, half of each kind; the large arrays hold so many numbers."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        targets = {"network": Target(first, small()), "large arrays": Target(second, large(numbers))}
        for i in range(kills):
            list(targets.values())[i % 2].kill(rng)
        networks = [saver.args[0].state_dict() for saver in targets["network"].savers]
        loads = load(targets["network"].path).state_dict() in networks
        for target in targets.values():
            target.clean()
        return {"loads": loads} | {name: target.found for name, target in targets.items()}


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]))))
