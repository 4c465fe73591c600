"""An epoch of the digits network: 56 minibatches of 32, each with an update by gradient descent.

Every call starts from the same parameters and gives the loss of the last minibatch and, as "gradients", the parameters
that come out. Read next: `compile_moons.py`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from .compile_measure import Contestant
from .compile_mlp import BATCH, DIGITS, ByHand, Labels, Matrix, digits, flat, jax_loss, problem, scalar_loss, views

SIZE, BATCHES, RATE = int(BATCH), 56, 0.1


def epoch() -> tuple[list[Matrix], Matrix, Labels]:
    """Parameters, and the minibatches, one after the other."""
    images, labels = digits()
    count = BATCHES * SIZE
    return problem(DIGITS, BATCH)[0], images[:count].reshape(BATCHES, SIZE, -1), labels[:count].reshape(BATCHES, SIZE)


def by_hand() -> Contestant:
    start, X, Y = epoch()
    initial = np.array(flat(start))
    parameters = initial.copy()
    step, batches = ByHand(views(parameters, start), SIZE), list(zip(X, Y, strict=True))

    def run() -> float:
        np.copyto(parameters, initial)
        for images, labels in batches:
            loss = step(images, labels)
            np.multiply(step.gradient, RATE, out=step.gradient)
            np.subtract(parameters, step.gradient, out=parameters)
        return loss

    return Contestant(lambda: (run(), parameters.tolist()), run)


def with_jax(scan: bool) -> Contestant:
    import jax

    jax.config.update("jax_enable_x64", True)
    start, X, Y = jax.tree.map(jax.numpy.asarray, epoch())

    def update(thetas: Any, batch: Any) -> Any:
        loss, gradients = jax.value_and_grad(jax_loss)(thetas, *batch)
        return jax.tree.map(lambda theta, gradient: theta - RATE * gradient, thetas, gradients), loss

    whole = jax.jit(lambda thetas, X, Y: jax.lax.scan(update, thetas, (X, Y)))
    step, batches = jax.jit(update), list(zip(X, Y, strict=True))

    def run() -> Any:
        if scan:
            thetas, losses = whole(start, X, Y)
            return jax.block_until_ready((thetas, losses[-1]))
        thetas = start
        for batch in batches:
            thetas, loss = step(thetas, batch)
        return jax.block_until_ready((thetas, loss))

    def answer() -> tuple[float, list[float]]:
        thetas, loss = run()
        return float(loss), flat(thetas)

    return Contestant(answer, run)


def with_torch() -> Contestant:
    import torch

    from .compile_mlp import torch_step

    start, X, Y = epoch()
    step, weights, biases = torch_step(start, compiled=False)
    optimizer = torch.optim.SGD([*weights, *biases], lr=RATE)
    first = [parameter.detach().clone() for parameter in (*weights, *biases)]
    batches = list(zip(torch.from_numpy(X), torch.from_numpy(Y), strict=True))

    def run() -> Any:
        with torch.no_grad():
            for parameter, initial in zip((*weights, *biases), first, strict=True):
                parameter.copy_(initial)
        for images, labels in batches:
            loss = step(images, labels)
            optimizer.step()
        return loss

    def answer() -> tuple[float, list[float]]:
        loss = run().item()
        pairs = zip(weights, biases, strict=True)
        return loss, flat([np.column_stack([w.detach().numpy(), b.detach().numpy()]) for w, b in pairs])

    return Contestant(answer, run)


def ours(executor: str) -> Contestant:
    import autograd
    import nn
    from autograd import Value

    from .compile_mlp import values_of

    start, X, Y = epoch()
    params = values_of(start, Value)
    bound: Any = autograd.compile(scalar_loss, executor=executor).bind(params)  # type: ignore[attr-defined]
    leaves = [value for theta in params for row in theta for value in row]
    optimizer, initial = nn.SGD(leaves, learning_rate=RATE), np.array(flat(start))
    batches = list(zip(X, Y, strict=True))

    def run() -> float:
        bound.parameters[:] = initial
        for images, labels in batches:
            loss: float = bound(images, labels)
            bound.update(optimizer)
        return loss

    return Contestant(lambda: (run(), bound.parameters.tolist()), run)


CONTESTANTS: dict[str, Callable[..., Contestant]] = {
    "numpy": by_hand,
    "jax": functools.partial(with_jax, scan=False),
    "jax scan": functools.partial(with_jax, scan=True),
    "torch": with_torch,
    "ours numpy": functools.partial(ours, "numpy"),
    "ours numba": functools.partial(ours, "numba"),
}
