"""The share of the BLAS limit that an MLP 512-512-512-10 reaches with a batch of 256.

As a program it is one contestant: products of large matrices, which are the limit, and steps in turns in one process.
Read next: `compile_costs.py`.
"""

from __future__ import annotations

import itertools
import json
import sys

import numpy as np

from .compile_measure import calibrated, timed
from .compile_mlp import CONTESTANTS

SIZES, BATCH, LARGE = "512-512-512-10", "256", 2048


def operations() -> float:
    """Multiplications and additions of the matrix products of a step: the inputs need no gradient."""
    products = [n * m for n, m in itertools.pairwise(int(size) for size in SIZES.split("-"))]
    return 2.0 * int(BATCH) * (3 * sum(products) - products[0])


def main(name: str, repeats: str, shortest: str) -> None:
    """Print operations per second: of the limit, and of the step, one for each round."""
    rng = np.random.default_rng(4)
    a, b, out = rng.random((LARGE, LARGE)), rng.random((LARGE, LARGE)), np.empty((LARGE, LARGE))
    step = CONTESTANTS[name](sizes=SIZES, batch=BATCH).run
    np.dot(a, b, out=out)
    calls = calibrated(step, float(shortest))
    rounds = []
    for _ in range(int(repeats)):
        limit = 2.0 * LARGE**3 / timed(lambda: np.dot(a, b, out=out), 2) * 2
        step()
        rounds.append((limit, operations() * calls / timed(step, calls)))
    print(json.dumps(rounds))


if __name__ == "__main__":
    main(*sys.argv[1:])
