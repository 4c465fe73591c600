"""Training on a stream: 10^6 rows of 20 columns that are never in memory together.

    python -m benchmarks.streaming [--rows 1000000]

It prints the time and the largest memory of the process, which must not grow with the number of rows.
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Iterator
from time import perf_counter, process_time

import numpy as np

import nn

COLUMNS, CHUNK, LIMIT = 20, 4096, 500


class Rows:
    """Rows that are made when they are asked for, as a file is read: two classes, and noise."""

    def __init__(self, n: int) -> None:
        self.n = n

    def __iter__(self) -> Iterator[tuple[list[float], int]]:
        generator = np.random.default_rng(0)
        for start in range(0, self.n, CHUNK):
            x = generator.normal(size=(min(CHUNK, self.n - start), COLUMNS))
            y = x[:, 0] * x[:, 1] + x[:, 2] + 0.1 * generator.normal(size=len(x)) > 0
            yield from zip(x.tolist(), y.astype(int).tolist(), strict=True)


def largest_memory() -> float:
    """The most that this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    network = nn.MLP(COLUMNS, [16, 16, 1], seed=0)
    began, busy = perf_counter(), process_time()
    history = nn.fit(
        network, Rows(rows), loss="binary_cross_entropy_with_logits", optimizer="adam", epochs=1, batch_size=256,
        seed=0, progress=False, compiled="auto",
    )  # fmt: skip
    time, busy, memory = perf_counter() - began, process_time() - busy, largest_memory()
    row = history.rows[0]
    print(f"{history.compiled}")
    print(f"{rows:,} rows of {COLUMNS} columns: {time:.1f} s, of which {busy:.1f} s of the processor")
    print(f"largest memory {memory:.0f} MB, {LIMIT} MB at most: {'held' if memory <= LIMIT else 'NOT HELD'}")
    print(f"loss {row['loss']:.4f}; accuracy of the last rows {row['accuracy']:.4f}")


if __name__ == "__main__":
    main()
