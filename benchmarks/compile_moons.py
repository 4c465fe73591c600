"""The step of micrograd's demo: MLP 2-16-16-1, 100 samples of two moons, hinge loss + L2, value and all gradients.

The weights are the demo's first ones; parameters are ordered as `parameters()` gives them: the weights of a neuron,
its bias, the next neuron. Read next: `compile_microgpt.py`; `moons.py` has the same step without a compiler.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compile_measure import THREADS, Contestant
from .compile_mlp import Matrix, flat
from .moons import ALPHA, engine, samples, total_loss

WIDTHS = (2, 16, 16, 1)


def problem() -> tuple[list[Matrix], Matrix, Matrix]:
    """Parameters, the bias being the last column, and the samples."""
    _, model = engine("ours")
    numbers, thetas = iter([p.data for p in model.parameters()]), []
    for n, m in itertools.pairwise(WIDTHS):
        thetas.append(np.array([[next(numbers) for _ in range(n + 1)] for _ in range(m)]))
    table = np.array(samples())
    return thetas, table[:, :2].copy(), table[:, 2].copy()


class ByHand:
    """What a careful programmer writes, as in `compile_mlp.py`."""

    def __init__(self, thetas: list[Matrix], count: int) -> None:
        self.thetas, self.count = thetas, count
        self.acts = [np.ones((n + 1, count)) for n in WIDTHS[:-1]]
        self.heads = [act[:-1] for act in self.acts]
        self.act_rows = [act.T for act in self.acts]
        self.weight_rows = [theta[:, :-1].T for theta in thetas]
        self.sums = [np.empty((n, count)) for n in WIDTHS[1:]]
        self.masks = [np.empty((n, count), bool) for n in WIDTHS]
        self.gradients = [np.empty_like(theta) for theta in thetas]
        self.decays = [np.empty_like(theta) for theta in thetas]
        self.rows = [(theta.reshape(-1), theta.reshape(-1)) for theta in thetas]

    def __call__(self, X: Matrix, y: NDArray[np.float64]) -> float:
        np.copyto(self.heads[0], X.T)
        for i, theta in enumerate(self.thetas):
            np.dot(theta, self.acts[i], out=self.sums[i])
            if i < 2:
                np.maximum(self.sums[i], 0.0, out=self.heads[i + 1])
        d, mask = self.sums[2], self.masks[3]
        np.multiply(d, y, out=d)
        np.subtract(1.0, d, out=d)
        np.less_equal(d, 0.0, out=mask)
        np.maximum(d, 0.0, out=d)
        loss = np.add.reduce(d[0]) / self.count
        for left, right in self.rows:
            loss += ALPHA * np.dot(left, right)
        np.multiply(y, -1 / self.count, out=d[0])
        np.copyto(d, 0.0, where=mask)
        for i in (2, 1, 0):
            gradient = self.gradients[i]
            np.dot(d, self.act_rows[i], out=gradient)
            np.multiply(self.thetas[i], 2 * ALPHA, out=self.decays[i])
            np.add(gradient, self.decays[i], out=gradient)
            if i:
                below = self.sums[i - 1]
                np.dot(self.weight_rows[i], d, out=below)
                np.less_equal(self.heads[i], 0.0, out=self.masks[i])
                np.copyto(below, 0.0, where=self.masks[i])
                d = below
        return float(loss)


def by_hand() -> Contestant:
    thetas, X, y = problem()
    step = ByHand(thetas, len(X))
    return Contestant(lambda: (step(X, y), flat(step.gradients)), lambda: step(X, y))


def with_jax() -> Contestant:
    import jax

    jax.config.update("jax_enable_x64", True)
    thetas, X, y = jax.tree.map(jax.numpy.asarray, problem())

    def loss(thetas: Any, X: Any, y: Any) -> Any:
        for theta in thetas[:-1]:
            X = jax.nn.relu(X @ theta[:, :-1].T + theta[:, -1])
        scores = (X @ thetas[-1][:, :-1].T + thetas[-1][:, -1])[:, 0]
        return jax.nn.relu(1 - y * scores).mean() + ALPHA * sum((theta**2).sum() for theta in thetas)

    step = jax.jit(jax.value_and_grad(loss))

    def answer() -> tuple[float, list[float]]:
        value, gradients = step(thetas, X, y)
        return float(value), flat(gradients)

    return Contestant(answer, lambda: jax.block_until_ready(step(thetas, X, y)))


def with_torch(compiled: bool = False) -> Contestant:
    import torch

    torch.set_num_threads(THREADS)
    thetas, X, y = problem()
    weights = [torch.tensor(theta[:, :-1].copy(), requires_grad=True) for theta in thetas]
    biases = [torch.tensor(theta[:, -1].copy(), requires_grad=True) for theta in thetas]
    inputs, targets = torch.from_numpy(X), torch.from_numpy(y)

    def loss(x: Any, y: Any) -> Any:
        for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
            x = torch.relu(torch.nn.functional.linear(x, weight, bias))
        scores = torch.nn.functional.linear(x, weights[-1], biases[-1])[:, 0]
        return torch.relu(1 - y * scores).mean() + ALPHA * sum((p * p).sum() for p in (*weights, *biases))

    loss_of: Any = torch.compile(loss) if compiled else loss

    def run() -> Any:
        for parameter in (*weights, *biases):
            parameter.grad = None
        result = loss_of(inputs, targets)
        result.backward()
        return result

    def answer() -> tuple[float, list[float]]:
        value = run().item()
        pairs = zip(weights, biases, strict=True)
        return value, flat([np.column_stack([w.grad.numpy(), b.grad.numpy()]) for w, b in pairs])

    return Contestant(answer, run)


def scalar_by_scalar(name: str) -> Contestant:
    """As people run it: one graph for all samples, the collector as Python starts it."""
    Value, model = engine(name)
    data = samples()

    def run() -> float:
        loss = total_loss(Value, model, data)
        model.zero_grad()
        loss.backward()
        return float(loss.data)

    return Contestant(lambda: (run(), [p.grad for p in model.parameters()]), run)


def scalar_loss(model: Any, x: Any, y: Any) -> Any:
    """The demo's loss of one sample: the L2 term, the same for all, is in the mean once."""
    return (1 + -y * model(list(x))).relu() + ALPHA * sum(p * p for p in model.parameters())


def ours(executor: str, how: str = "bound") -> Contestant:
    """micrograd's own text of an MLP, on our Value class, compiled."""
    import autograd

    _, model = engine("ours")
    _, X, y = problem()
    step: Any = autograd.compile(scalar_loss, executor=executor)  # type: ignore[attr-defined]
    if how == "bound":
        bound = step.bind(model)
        return Contestant(lambda: (bound(X, y), bound.gradients.tolist()), lambda: bound(X, y))

    def answer() -> tuple[float, list[float]]:
        model.zero_grad()
        return step(model, X, y), [p.grad for p in model.parameters()]

    return Contestant(answer, lambda: step(model, X, y))


CONTESTANTS: dict[str, Callable[..., Contestant]] = {
    "numpy": by_hand,
    "jax": with_jax,
    "torch": with_torch,
    "torch.compile": functools.partial(with_torch, compiled=True),
    "eager": functools.partial(scalar_by_scalar, "ours"),
    "micrograd": functools.partial(scalar_by_scalar, "micrograd"),
    "ours numpy": functools.partial(ours, "numpy"),
    "ours numba": functools.partial(ours, "numba"),
    "ours numpy, plain call": functools.partial(ours, "numpy", "plain"),
    "ours numba, plain call": functools.partial(ours, "numba", "plain"),
}
