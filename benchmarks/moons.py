"""The training step of micrograd's demo: MLP 2-16-16-1 on 100 samples of two moons, hinge loss + L2.

As a program it is one contestant: it reads the samples from its input and prints the mean seconds of a step, which is
forward, backward, zero_grad, the SGD update and the freeing of the graph. Read next: `memory.py`.
"""

from __future__ import annotations

import gc
import json
import random
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .measure import seconds

FIRST_LOSS = 0.8958  # what micrograd's demo.ipynb prints before its first step
STEPS = 4
ALPHA = 1e-4

Samples = list[list[float]]  # rows (x₁, x₂, y), y being -1 or 1


def samples() -> Samples:
    """The demo's 100 samples, as plain floats."""
    import numpy as np
    from sklearn.datasets import make_moons

    np.random.seed(1337)
    X, y = make_moons(n_samples=100, noise=0.1)
    return [[float(x1), float(x2), float(2 * label - 1)] for (x1, x2), label in zip(X, y, strict=True)]


def engine(name: str) -> tuple[Any, Any]:
    """The contestant's Value class, and its 2-16-16-1 model with the demo's first weights."""
    random.seed(1337)
    if name == "nn":  # our own nn: one dot node per neuron
        import nn
        from autograd import Value

        return Value, nn.MLP(2, [16, 16, 1], initializer="uniform")
    if name == "ours":
        from autograd import Value
    else:
        from micrograd.engine import Value
    return Value, micrograd_mlp(Value)


def micrograd_mlp(Value: type) -> Any:
    """The MLP of micrograd's own nn.py, whose text is run on any Value class."""
    spec: Any = find_spec("micrograd.nn")
    text = Path(spec.origin).read_text().replace("from micrograd.engine import Value", "")
    names: dict[str, Any] = {"Value": Value, "__name__": "micrograd.nn"}
    exec(compile(text, "micrograd/nn.py", "exec"), names)
    return names["MLP"](2, [16, 16, 1])


def total_loss(Value: Any, model: Any, samples: Samples) -> Any:
    """The loss as the demo writes it."""
    inputs = [list(map(Value, (x1, x2))) for x1, x2, _ in samples]
    scores = list(map(model, inputs))
    losses = [(1 + -y * score).relu() for (_, _, y), score in zip(samples, scores, strict=True)]
    data_loss = sum(losses) * (1.0 / len(losses))
    return data_loss + ALPHA * sum(p * p for p in model.parameters())


def train(Value: Any, model: Any, samples: Samples, step: int) -> float:
    """One step of the demo; the loss before it. The graph is dropped on return."""
    loss = total_loss(Value, model, samples)
    model.zero_grad()
    loss.backward()
    learning_rate = 1.0 - 0.9 * step / 100
    for p in model.parameters():
        p.data -= learning_rate * p.grad
    return float(loss.data)


def main(name: str, collector: str, company: str) -> None:
    """Print the mean seconds of a step, after one that is not counted and whose loss must be the demo's."""
    data = json.load(sys.stdin)
    if company == "sklearn":  # its objects are walked by every full collection, as in the demo
        import sklearn.datasets  # noqa: F401
    contestant = engine(name)
    if collector == "off":
        gc.disable()
    loss = train(*contestant, data, 0)
    assert round(loss, 4) == FIRST_LOSS, f"{name}: the first loss is {loss}, not {FIRST_LOSS}"
    times = []
    for step in range(1, STEPS + 1):
        if collector == "off":
            gc.collect()  # what lies in cycles must not pile up; outside the timed part
        times.append(seconds(partial(train, *contestant, data, step)))
    print(sum(times) / STEPS)


if __name__ == "__main__":
    main(*sys.argv[1:])
