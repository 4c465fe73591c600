"""Training on a stream takes the same memory however long the stream is."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROGRAM = """
import nn
from benchmarks.streaming import Rows, largest_memory
from nn.training import tally

tally.RECENT = 2_000  # so that a short stream is long


def train(n):
    model = nn.MLP(20, [4, 1], seed=0)
    history = nn.fit(model, Rows(n), loss="binary_cross_entropy_with_logits", epochs=1, batch_size=256, seed=0,
                     progress=False, compiled=True)
    return history.compiled


train(20_000)
before = largest_memory()
told = train(100_000)
print(largest_memory() - before, told)
"""


def test_a_longer_stream_takes_no_more_memory():
    run = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    grown, _, told = run.stdout.partition(" ")
    assert told.startswith("compiled")
    assert float(grown) < 12  # MB: if all 80,000 more were kept, it would be 24
