"""A step of a model like microgpt: one layer, embedding 16, 4 heads, documents of 7 tokens; value and all gradients.

The scalar code is microgpt's, with `max(logits).detach()` where it has `max(v.data for v in logits)`. Each step takes
the next of 32 documents, as a training does. Parameters are a dict of matrices, in this order. Read next:
`compile_scalars.py`.
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

EMBEDDING, HEADS, LENGTH, LETTERS, DOCUMENTS = 16, 4, 7, 27, 32
HEAD = EMBEDDING // HEADS


def problem() -> tuple[dict[str, Matrix], NDArray[np.int64], NDArray[np.int64]]:
    """Parameters, documents, and for each token the one that follows."""
    rng = np.random.default_rng(3)
    shapes = {
        "wte": (LETTERS, EMBEDDING), "wpe": (LENGTH, EMBEDDING), "lm_head": (LETTERS, EMBEDDING),
        "wq": (EMBEDDING, EMBEDDING), "wk": (EMBEDDING, EMBEDDING), "wv": (EMBEDDING, EMBEDDING),
        "wo": (EMBEDDING, EMBEDDING), "fc1": (4 * EMBEDDING, EMBEDDING), "fc2": (EMBEDDING, 4 * EMBEDDING),
    }  # fmt: skip
    params = {name: rng.normal(0, 0.2, shape) for name, shape in shapes.items()}
    letters = rng.integers(0, LETTERS - 1, (DOCUMENTS, LENGTH - 1))
    ends = np.full((DOCUMENTS, 1), LETTERS - 1)
    return params, np.hstack([ends, letters]), np.hstack([letters, ends])


# -------------------------------------------------------------------------------------------------- written by scalars


def linear(x: Any, w: Any) -> Any:
    return [sum(wi * xi for wi, xi in zip(row, x, strict=True)) for row in w]


def softmax(logits: Any) -> Any:
    from autograd import max

    top = max(logits).detach()
    exps = [(logit - top).exp() for logit in logits]
    total = sum(exps)
    return [e / total for e in exps]


def rmsnorm(x: Any) -> Any:
    scale = (sum(xi * xi for xi in x) / len(x) + 1e-5) ** -0.5
    return [xi * scale for xi in x]


def gpt(params: Any, token: Any, position: int, keys: Any, values: Any) -> Any:
    x = rmsnorm([t + p for t, p in zip(params["wte"][token], params["wpe"][position], strict=True)])
    residual, x = x, rmsnorm(x)
    q = linear(x, params["wq"])
    keys.append(linear(x, params["wk"]))
    values.append(linear(x, params["wv"]))
    heads = []
    for start in range(0, EMBEDDING, HEAD):
        part = slice(start, start + HEAD)
        scores = [sum(a * b for a, b in zip(q[part], k[part], strict=True)) / HEAD**0.5 for k in keys]
        weights = softmax(scores)
        heads += [sum(w * v[j] for w, v in zip(weights, values, strict=True)) for j in range(start, start + HEAD)]
    residual = x = [a + b for a, b in zip(linear(heads, params["wo"]), residual, strict=True)]
    hidden = [xi.relu() for xi in linear(rmsnorm(x), params["fc1"])]
    x = [a + b for a, b in zip(linear(hidden, params["fc2"]), residual, strict=True)]
    return linear(x, params["lm_head"])


def scalar_loss(params: Any, tokens: Any, targets: Any) -> Any:
    keys: list[Any] = []
    values: list[Any] = []
    losses = []
    for position, (token, target) in enumerate(zip(tokens, targets, strict=True)):
        losses.append(-softmax(gpt(params, token, position, keys, values))[target].log())
    return (1 / len(losses)) * sum(losses)


def values_of(params: dict[str, Matrix]) -> tuple[dict[str, Any], list[Any]]:
    """The parameters as nested lists of Values, and all of them in a row."""
    from autograd import Value

    nested = {name: [[Value(number) for number in row] for row in matrix.tolist()] for name, matrix in params.items()}
    return nested, [value for matrix in nested.values() for row in matrix for value in row]


def eager() -> Contestant:
    """Our engine, the collector off, which is its fastest."""
    import gc

    gc.disable()
    matrices, tokens, targets = problem()
    params, leaves = values_of(matrices)
    documents = list(zip(tokens.tolist(), targets.tolist(), strict=True))
    turns = itertools.cycle(documents)

    def step(document: Any) -> float:
        for value in leaves:
            value.grad = 0.0
        loss = scalar_loss(params, *document)
        loss.backward()
        return float(loss.data)

    return Contestant(lambda: (step(documents[0]), [v.grad for v in leaves]), lambda: step(next(turns)))


def ours(executor: str, how: str = "bound", batch: str = "1") -> Contestant:
    import autograd

    matrices, tokens, targets = problem()
    params, leaves = values_of(matrices)
    size = int(batch)
    batches = [(tokens[i : i + size], targets[i : i + size]) for i in range(0, DOCUMENTS, size)]
    turns = itertools.cycle(batches)
    step: Any = autograd.compile(scalar_loss, executor=executor)  # type: ignore[attr-defined]
    if how == "bound":
        bound = step.bind(params)
        return Contestant(lambda: (bound(*batches[0]), bound.gradients.tolist()), lambda: bound(*next(turns)))

    def answer() -> tuple[float, list[float]]:
        for value in leaves:
            value.grad = 0.0
        return step(params, *batches[0]), [value.grad for value in leaves]

    return Contestant(answer, lambda: step(params, *next(turns)))


# ------------------------------------------------------------------------------------------------------------- peers


def with_jax(batch: str = "1") -> Contestant:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    params, tokens, targets = jax.tree.map(jnp.asarray, problem())
    mask = jnp.tril(jnp.ones((LENGTH, LENGTH), bool))

    def norm(x: Any) -> Any:
        return x * ((x * x).mean(-1, keepdims=True) + 1e-5) ** -0.5

    def loss(params: Any, tokens: Any, targets: Any) -> Any:
        x = norm(params["wte"][tokens] + params["wpe"])
        residual, x = x, norm(x)
        q, k, v = (
            (x @ params[name].T).reshape(*x.shape[:-1], HEADS, HEAD).swapaxes(-3, -2) for name in ("wq", "wk", "wv")
        )
        weights = jax.nn.softmax(jnp.where(mask, q @ k.swapaxes(-1, -2) / HEAD**0.5, -jnp.inf))
        x = (weights @ v).swapaxes(-3, -2).reshape(residual.shape) @ params["wo"].T + residual
        x = jax.nn.relu(norm(x) @ params["fc1"].T) @ params["fc2"].T + x
        logs = jax.nn.log_softmax(x @ params["lm_head"].T)
        return -jnp.take_along_axis(logs, targets[..., None], -1).mean()

    step, size = jax.jit(jax.value_and_grad(loss)), int(batch)
    batches = [(tokens[i : i + size], targets[i : i + size]) for i in range(0, DOCUMENTS, size)]
    if size == 1:  # a dimension less, as one would write it for one document
        batches = [(tokens[i], targets[i]) for i in range(DOCUMENTS)]
    turns = itertools.cycle(batches)

    def answer() -> tuple[float, list[float]]:
        value, gradients = step(params, *batches[0])
        return float(value), flat(gradients[name] for name in problem()[0])

    return Contestant(answer, lambda: jax.block_until_ready(step(params, *next(turns))))


def with_torch(batch: str = "1", compiled: bool = False) -> Contestant:
    import torch
    from torch.nn import functional

    torch.set_num_threads(THREADS)
    matrices, tokens, targets = problem()
    params = {name: torch.tensor(matrix, requires_grad=True) for name, matrix in matrices.items()}

    def norm(x: Any) -> Any:
        return x * ((x * x).mean(-1, keepdim=True) + 1e-5) ** -0.5

    def loss(tokens: Any, targets: Any) -> Any:
        x = norm(params["wte"][tokens] + params["wpe"])
        residual, x = x, norm(x)
        q, k, v = (
            functional.linear(x, params[name]).unflatten(-1, (HEADS, HEAD)).transpose(-3, -2)
            for name in ("wq", "wk", "wv")
        )
        heads = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = functional.linear(heads.transpose(-3, -2).flatten(-2), params["wo"]) + residual
        x = functional.linear(torch.relu(functional.linear(norm(x), params["fc1"])), params["fc2"]) + x
        return functional.cross_entropy(functional.linear(x, params["lm_head"]).flatten(0, -2), targets.flatten())

    loss_of: Any = torch.compile(loss) if compiled else loss
    size = int(batch)
    pairs = [(torch.from_numpy(tokens[i : i + size]), torch.from_numpy(targets[i : i + size]))
             for i in range(0, DOCUMENTS, size)]  # fmt: skip
    turns = itertools.cycle(pairs)

    def step(pair: Any) -> Any:
        for parameter in params.values():
            parameter.grad = None
        result = loss_of(*pair)
        result.backward()
        return result

    def answer() -> tuple[float, list[float]]:
        return step(pairs[0]).item(), flat(parameter.grad.numpy() for parameter in params.values())

    return Contestant(answer, lambda: step(next(turns)))


CONTESTANTS: dict[str, Callable[..., Contestant]] = {
    "eager": eager,
    "jax": with_jax,
    "torch": with_torch,
    "torch.compile": functools.partial(with_torch, compiled=True),
    "ours numpy": functools.partial(ours, "numpy"),
    "ours numba": functools.partial(ours, "numba"),
    "ours numpy, plain call": functools.partial(ours, "numpy", "plain"),
    "ours numba, plain call": functools.partial(ours, "numba", "plain"),
    "ours numpy, batch 32": functools.partial(ours, "numpy", batch="32"),
    "ours numba, batch 32": functools.partial(ours, "numba", batch="32"),
}
