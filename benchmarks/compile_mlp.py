"""An MLP with relu and softmax cross-entropy, value and all gradients, as each contestant does it.

The digits network is 64-30-30-10 with a minibatch of 32; other widths and batch sizes are asked for by arguments.
Parameters are one matrix a layer, the bias being its last column. Read next: `compile_epoch.py`.
"""

from __future__ import annotations

import functools
import gzip
import itertools
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .compile_measure import Contestant

Matrix: TypeAlias = NDArray[np.float64]
Labels: TypeAlias = NDArray[np.int64]
DIGITS, BATCH = "64-30-30-10", "32"


def digits() -> tuple[Matrix, Labels]:
    """scikit-learn's 1,797 images, pixels between 0 and 1, without importing scikit-learn."""
    spec: Any = find_spec("sklearn")
    with gzip.open(Path(spec.origin).parent / "datasets/data/digits.csv.gz") as file:
        table = np.loadtxt(file, delimiter=",")
    return table[:, :-1] / 16, table[:, -1].astype(np.int64)


def problem(sizes: str, batch: str) -> tuple[list[Matrix], Matrix, Labels]:
    """Parameters, and a batch: the first digits, or random numbers for other widths."""
    widths, rng = [int(size) for size in sizes.split("-")], np.random.default_rng(1)
    thetas = [
        np.column_stack([rng.normal(0, np.sqrt(2 / n), (m, n)), np.zeros(m)]) for n, m in itertools.pairwise(widths)
    ]
    if widths[0] == 64 and int(batch) <= 1797:
        images, labels = digits()
        return thetas, images[: int(batch)].copy(), labels[: int(batch)].copy()
    return thetas, rng.random((int(batch), widths[0])), rng.integers(0, widths[-1], int(batch))


# ---------------------------------------------------------------------------------------------------------- by hand


class ByHand:
    """What a careful programmer writes: everything allocated once, `out=` everywhere, no copy and no temporary.

    A sample is a column, so that softmax reduces over rows, and a row of ones makes the bias part of the product.
    Other ways were tried and are slower: a sample a row (1.9 times the time), masks that are multiplied (3 times),
    `np.dot` in place of the method, `np.add.reduce` in place of a product with ones, numbers in place of small
    arrays of zeros (together 1.15 times). X as it is, with the first bias added apart, takes the same time as the one
    copy, and so does the sign as the slope of relu. The gradients are views of one array, so that an update is two
    calls.
    """

    def __init__(self, thetas: list[Matrix], batch: int) -> None:
        self.thetas, self.batch = thetas, batch
        widths = [thetas[0].shape[1] - 1, *[len(theta) for theta in thetas]]
        self.acts = [np.ones((n + 1, batch)) for n in widths[:-1]]
        self.heads = [act[:-1] for act in self.acts]
        self.act_rows = [act.T for act in self.acts]
        self.weight_rows = [theta[:, :-1].T for theta in thetas]
        self.sums = [np.empty((n, batch)) for n in widths[1:]]
        self.masks = [np.empty((n, batch), bool) for n in widths[:-1]]
        self.zeros: list[Any] = [np.zeros((n, batch)) if n * batch <= 2**13 else 0.0 for n in widths[:-1]]
        self.zero = np.zeros(1)
        self.ones, self.row_of_ones = np.ones(batch), np.ones(widths[-1])
        self.gradient = np.empty(sum(theta.size for theta in thetas))
        self.gradients = views(self.gradient, thetas)
        self.top, self.total = np.empty(batch), np.empty(batch)
        self.columns, self.places = np.arange(batch), np.empty(batch, np.intp)
        self.flat = self.sums[-1].reshape(-1)
        self.last = len(thetas) - 1

    def __call__(self, X: Matrix, Y: Labels) -> float:
        """The mean loss; the gradients are then in `gradients`."""
        np.copyto(self.heads[0], X.T)
        for i, theta in enumerate(self.thetas):
            theta.dot(self.acts[i], self.sums[i])
            if i < self.last:
                np.maximum(self.sums[i], self.zeros[i + 1], out=self.heads[i + 1])
        d, places = self.sums[-1], self.places
        np.maximum.reduce(d, axis=0, out=self.top)
        np.subtract(d, self.top, out=d)
        np.multiply(Y, self.batch, out=places)
        np.add(places, self.columns, out=places)
        right = self.ones.dot(self.flat.take(places))
        np.exp(d, out=d)
        self.row_of_ones.dot(d, self.total)
        np.log(self.total, out=self.top)
        loss = (self.ones.dot(self.top) - right) / self.batch
        np.multiply(self.total, self.batch, out=self.total)
        np.divide(d, self.total, out=d)
        self.flat[places] -= 1 / self.batch
        for i in range(self.last, -1, -1):
            d.dot(self.act_rows[i], self.gradients[i])
            if i:
                below = self.sums[i - 1]
                self.weight_rows[i].dot(d, below)
                np.less_equal(self.heads[i], self.zeros[i], out=self.masks[i])
                np.putmask(below, self.masks[i], self.zero)
                d = below
        return float(loss)


def views(numbers: Matrix, like: list[Matrix]) -> list[Matrix]:
    """Matrices of the shapes of others, one after the other in a flat array."""
    ends = list(itertools.accumulate(matrix.size for matrix in like))
    return [numbers[end - matrix.size : end].reshape(matrix.shape) for end, matrix in zip(ends, like, strict=True)]


def by_hand(sizes: str = DIGITS, batch: str = BATCH) -> Contestant:
    thetas, X, Y = problem(sizes, batch)
    step = ByHand(thetas, len(X))
    return Contestant(lambda: (step(X, Y), flat(step.gradients)), lambda: step(X, Y))


def flat(matrices: Any) -> list[float]:
    """All numbers of some matrices in a row."""
    return np.concatenate([np.asarray(matrix).ravel() for matrix in matrices]).tolist()


# ------------------------------------------------------------------------------------------------------------- peers


def jax_loss(thetas: Any, X: Any, Y: Any) -> Any:
    import jax

    for theta in thetas[:-1]:
        X = jax.nn.relu(X @ theta[:, :-1].T + theta[:, -1])
    logits = X @ thetas[-1][:, :-1].T + thetas[-1][:, -1]
    picked = jax.numpy.take_along_axis(logits, Y[:, None], axis=1)[:, 0]
    return (jax.nn.logsumexp(logits, axis=1) - picked).mean()


def with_jax(sizes: str = DIGITS, batch: str = BATCH) -> Contestant:
    import jax

    jax.config.update("jax_enable_x64", True)
    thetas, X, Y = jax.tree.map(jax.numpy.asarray, problem(sizes, batch))
    step = jax.jit(jax.value_and_grad(jax_loss))

    def answer() -> tuple[float, list[float]]:
        loss, gradients = step(thetas, X, Y)
        return float(loss), flat(gradients)

    return Contestant(answer, lambda: jax.block_until_ready(step(thetas, X, Y)))


def torch_step(thetas: list[Matrix], compiled: bool) -> tuple[Any, list[Any], list[Any]]:
    """The step in PyTorch, weights and biases; a weight and a bias for each layer, as `nn.Linear` has them."""
    import torch

    from .compile_measure import THREADS

    torch.set_num_threads(THREADS)
    weights = [torch.tensor(theta[:, :-1].copy(), requires_grad=True) for theta in thetas]
    biases = [torch.tensor(theta[:, -1].copy(), requires_grad=True) for theta in thetas]

    def loss(X: Any, Y: Any) -> Any:
        for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
            X = torch.relu(torch.nn.functional.linear(X, weight, bias))
        return torch.nn.functional.cross_entropy(torch.nn.functional.linear(X, weights[-1], biases[-1]), Y)

    loss_of: Any = torch.compile(loss) if compiled else loss

    def step(X: Any, Y: Any) -> Any:
        for parameter in (*weights, *biases):
            parameter.grad = None
        result = loss_of(X, Y)
        result.backward()
        return result

    return step, weights, biases


def with_torch(sizes: str = DIGITS, batch: str = BATCH, compiled: bool = False) -> Contestant:
    import torch

    thetas, X, Y = problem(sizes, batch)
    step, weights, biases = torch_step(thetas, compiled)
    samples, labels = torch.from_numpy(X), torch.from_numpy(Y)

    def answer() -> tuple[float, list[float]]:
        loss = step(samples, labels).item()
        pairs = zip(weights, biases, strict=True)
        return loss, flat([np.column_stack([w.grad.numpy(), b.grad.numpy()]) for w, b in pairs])

    return Contestant(answer, lambda: step(samples, labels))


def with_casadi(form: str, sizes: str = DIGITS, batch: str = BATCH) -> Contestant:
    """CasADi's virtual machine: of scalars (SX), one sample mapped over the batch, or of matrices (MX)."""
    import casadi

    from .compile_scalars import buffered

    thetas, X, Y = problem(sizes, batch)
    kind = getattr(casadi, form)
    symbols = [kind.sym(f"theta{i}", *theta.shape) for i, theta in enumerate(thetas)]
    count = 1 if form == "SX" else len(X)
    x, hot = kind.sym("x", X.shape[1], count), kind.sym("hot", len(thetas[-1]), count)
    values = x
    for i, theta in enumerate(symbols):
        values = theta[:, :-1] @ values + casadi.repmat(theta[:, -1], 1, count)
        values = casadi.fmax(values, 0) if i < len(symbols) - 1 else values
    top = casadi.repmat(casadi.mmax(values), len(thetas[-1]), 1) if form == "SX" else casadi.mmax(values)
    exps = casadi.exp(values - (top if form == "SX" else casadi.repmat(top, *values.shape)))
    sums = casadi.log(casadi.sum1(exps)) + (top[0] if form == "SX" else top)
    loss = casadi.sum2(sums - casadi.sum1(values * hot)) / len(X)
    gradients = [casadi.gradient(loss, theta) for theta in symbols]
    function = casadi.Function("step", [*symbols, x, hot], [loss, *gradients])
    if form == "SX":  # the gradients are summed over the batch, as `map` does for what is not mapped
        function = function.map(len(X), [True] * len(symbols) + [False] * 2, [True] * (len(symbols) + 1))
    hots = np.zeros((len(X), len(thetas[-1])))
    hots[np.arange(len(X)), Y] = 1.0
    run, results = buffered(function, [*[theta.T for theta in thetas], X, hots])

    def answer() -> tuple[float, list[float]]:
        run()
        shapes = [theta.T.shape for theta in thetas]
        return results[0][0], flat([g.reshape(shape).T for g, shape in zip(results[1:], shapes, strict=True)])

    return Contestant(answer, run)


# --------------------------------------------------------------------------------------------------- written by scalars


def logits_of(thetas: Any, x: Any) -> list[Any]:
    """The scalar code, of any Value class: numbers only, one sample. A row is the weights of a neuron and its bias."""
    for theta in thetas[:-1]:
        x = [sum((w * v for w, v in zip(row, x, strict=False)), row[-1]).relu() for row in theta]
    return [sum((w * v for w, v in zip(row, x, strict=False)), row[-1]) for row in thetas[-1]]


def scalar_loss(thetas: Any, x: Any, y: int) -> Any:
    """The loss of one sample; softmax in the form that does not overflow, as all others have it."""
    from autograd import logsumexp

    logits = logits_of(thetas, x)
    return logsumexp(logits) - logits[y]


def micrograd_loss(thetas: Any, x: Any, y: int) -> Any:
    """With what micrograd has."""
    logits = logits_of(thetas, x)
    return sum(logit.exp() for logit in logits).log() - logits[y]


def values_of(thetas: list[Matrix], Value: Callable[[float], Any]) -> Any:
    return [[[Value(number) for number in row] for row in theta.tolist()] for theta in thetas]


def scalar_by_scalar(Value: Any, loss_of: Any, sizes: str, batch: str) -> Contestant:
    """A graph of scalars for the whole batch, made and gone through in each step."""
    thetas, X, Y = problem(sizes, batch)
    params = values_of(thetas, Value)
    leaves = [value for theta in params for row in theta for value in row]
    samples = list(zip(X.tolist(), Y.tolist(), strict=True))

    def run() -> float:
        for value in leaves:
            value.grad = 0.0
        loss = sum(loss_of(params, x, y) for x, y in samples) * (1 / len(samples))
        loss.backward()
        return loss.data

    return Contestant(lambda: (run(), [value.grad for value in leaves]), run)


def eager(sizes: str = DIGITS, batch: str = BATCH) -> Contestant:
    from autograd import Value

    return scalar_by_scalar(Value, scalar_loss, sizes, batch)


def micrograd(sizes: str = DIGITS, batch: str = BATCH) -> Contestant:
    return scalar_by_scalar(extended_micrograd(), micrograd_loss, sizes, batch)


def extended_micrograd() -> Any:
    """micrograd's Value with `exp` and `log`, which it lacks, written in its way."""
    import math
    import sys

    from micrograd.engine import Value

    sys.setrecursionlimit(10**6)

    def unary(self: Any, data: float, slope: float, name: str) -> Any:
        out = Value(data, (self,), name)

        def backward() -> None:
            self.grad += slope * out.grad

        out._backward = backward
        return out

    Value.exp = lambda self: unary(self, math.exp(self.data), math.exp(self.data), "exp")
    Value.log = lambda self: unary(self, math.log(self.data), 1 / self.data, "log")
    return Value


# -------------------------------------------------------------------------------------------------------------- ours


def ours(executor: str, sizes: str = DIGITS, batch: str = BATCH, how: str = "bound") -> Contestant:
    """The scalar code compiled: `bound(X, Y)`, or the plain call, which also adds to `.grad` of the Values."""
    import autograd
    from autograd import Value

    thetas, X, Y = problem(sizes, batch)
    params = values_of(thetas, Value)
    step: Any = autograd.compile(scalar_loss, executor=executor)  # type: ignore[attr-defined]
    if how == "bound":
        bound = step.bind(params)
        return Contestant(lambda: (bound(X, Y), bound.gradients.tolist()), lambda: bound(X, Y))
    leaves = [value for theta in params for row in theta for value in row]

    def answer() -> tuple[float, list[float]]:
        for value in leaves:
            value.grad = 0.0
        return step(params, X, Y), [value.grad for value in leaves]

    return Contestant(answer, lambda: step(params, X, Y))


CONTESTANTS: dict[str, Callable[..., Contestant]] = {
    "numpy": by_hand,
    "jax": with_jax,
    "torch": with_torch,
    "torch.compile": functools.partial(with_torch, compiled=True),
    "casadi SX": functools.partial(with_casadi, "SX"),
    "casadi MX": functools.partial(with_casadi, "MX"),
    "eager": eager,
    "micrograd": micrograd,
    "ours numpy": functools.partial(ours, "numpy"),
    "ours numba": functools.partial(ours, "numba"),
    "ours numpy, plain call": functools.partial(ours, "numpy", how="plain"),
    "ours numba, plain call": functools.partial(ours, "numba", how="plain"),
}
