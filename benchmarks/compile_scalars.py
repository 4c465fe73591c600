"""Scalar programs with little to group: the same code on our Values and on the symbols of CasADi.

Each program is a function of its parameters and one sample, in numbers and the functions of a namespace. CasADi runs
its gradient in its virtual machine, or as C compiled with -O3. Read next: `compile_costs.py`.
"""

from __future__ import annotations

import functools
import itertools
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .compile_measure import Contestant, FailedError

STEPS = 2_000  # of Runge and Kutta: 100,017 nodes
COMPILER_LIMIT = 180  # seconds that the compiler of C may take; for 10⁵ nodes 400 were not enough, nor 7 GB


class Scalars(NamedTuple):
    """A program `f(params, x, y)`, the numbers of its parameters, and one sample."""

    f: Callable[[Any, Any, Any], Any]
    numbers: list[float]
    x: list[float]
    y: float


def rosenbrock(params: Any, x: Any, y: Any) -> Any:
    """`Σ 100 (pᵢ₊₁ - pᵢ²)² + (1 - pᵢ)²`, n = 100."""
    return sum((100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in itertools.pairwise(params)), x[0] + y)


def speelpenning(params: Any, x: Any, y: Any) -> Any:
    """The product of 100 numbers."""
    product = x[0] + 1 + y
    for p in params:
        product = product * p
    return product


UNITS = 8


def lstm_cell(params: Any, x: Any, y: Any) -> Any:
    """A cell of 8 units with 8 inputs; the loss is the mean square of its outputs' distance to y.

    The sample is the inputs, the outputs and the memory before; the parameters are 4 × 8 rows of 16 weights and a bias.
    """
    inputs, memory = x[: 2 * UNITS], x[2 * UNITS :]
    rows = [params[i : i + 2 * UNITS + 1] for i in range(0, len(params), 2 * UNITS + 1)]
    sums = [sum((w * v for w, v in zip(row, inputs, strict=False)), row[-1]) for row in rows]
    loss = 0.0
    for i in range(UNITS):
        forget, entry, out = (1 / (1 + (-sums[gate * UNITS + i]).exp()) for gate in range(3))
        cell = forget * memory[i] + entry * sums[3 * UNITS + i].tanh()
        loss = loss + (out * cell.tanh() - y) ** 2
    return loss * (1 / UNITS)


def predator_and_prey(params: Any, x: Any, y: Any) -> Any:
    """Lotka and Volterra's equations by the method of Runge and Kutta: squared distance to what was observed."""
    a, b, c, d, prey, predators = params

    def slope(u: Any, v: Any) -> tuple[Any, Any]:
        return u * (a - b * v), v * (c * u - d)

    h = 1e-3
    for _ in range(STEPS):
        u1, v1 = slope(prey, predators)
        u2, v2 = slope(prey + h / 2 * u1, predators + h / 2 * v1)
        u3, v3 = slope(prey + h / 2 * u2, predators + h / 2 * v2)
        u4, v4 = slope(prey + h * u3, predators + h * v3)
        prey = prey + h / 6 * (u1 + 2 * u2 + 2 * u3 + u4)
        predators = predators + h / 6 * (v1 + 2 * v2 + 2 * v3 + v4)
    return (prey - x[0]) ** 2 + (predators - y) ** 2


def program(name: str) -> Scalars:
    rng = np.random.default_rng(2)
    match name:
        case "rosenbrock":
            return Scalars(rosenbrock, rng.normal(1.0, 0.3, 100).tolist(), [0.0], 0.0)
        case "speelpenning":
            return Scalars(speelpenning, rng.uniform(0.8, 1.25, 100).tolist(), [0.0], 0.0)
        case "lstm":
            weights = rng.normal(0, 0.25, 4 * UNITS * (2 * UNITS + 1)).tolist()
            return Scalars(lstm_cell, weights, rng.normal(0, 1, 3 * UNITS).tolist(), 0.5)
        case "ode":
            return Scalars(predator_and_prey, [1.1, 0.4, 0.1, 0.4, 10.0, 10.0], [3.0], 5.0)
    raise ValueError(name)


# ------------------------------------------------------------------------------------------------------------ CasADi


class Symbol:
    """CasADi's symbol with the methods of a Value that the programs use."""

    def __init__(self, symbol: Any) -> None:
        self.symbol = symbol

    def exp(self) -> Symbol:
        import casadi

        return Symbol(casadi.exp(self.symbol))

    def tanh(self) -> Symbol:
        import casadi

        return Symbol(casadi.tanh(self.symbol))


def _operator(name: str) -> Callable[[Symbol, Any], Symbol]:
    def method(self: Symbol, other: Any) -> Symbol:
        return Symbol(getattr(self.symbol, name)(other.symbol if isinstance(other, Symbol) else other))

    return method


for _name in ("add", "sub", "mul", "truediv", "pow"):
    setattr(Symbol, f"__{_name}__", _operator(f"__{_name}__"))
    setattr(Symbol, f"__r{_name}__", _operator(f"__r{_name}__"))
Symbol.__neg__ = lambda self: Symbol(-self.symbol)  # type: ignore[attr-defined]


def symbolic(scalars: Scalars) -> Any:
    """CasADi's function of (parameters, sample) to (loss, gradients)."""
    import casadi

    params, sample = casadi.SX.sym("p", len(scalars.numbers)), casadi.SX.sym("x", len(scalars.x) + 1)
    leaves = [Symbol(params[i]) for i in range(len(scalars.numbers))]
    loss = scalars.f(leaves, [Symbol(sample[i]) for i in range(len(scalars.x))], Symbol(sample[len(scalars.x)])).symbol
    return casadi.Function("step", [params, sample], [loss, casadi.gradient(loss, params)])


def buffered(function: Any, arguments: Sequence[Any]) -> tuple[Callable[[], None], list[Any]]:
    """A call of CasADi's without conversions: its machine reads and writes these arrays."""
    buffer, run = function.buffer()
    arrays = [np.ascontiguousarray(argument, dtype=np.float64) for argument in arguments]
    results = [np.zeros(function.nnz_out(i)) for i in range(function.n_out())]
    for i, array in enumerate(arrays):
        assert array.size == function.nnz_in(i)
        buffer.set_arg(i, memoryview(array))
    for i, array in enumerate(results):
        buffer.set_res(i, memoryview(array))
    run.kept = (buffer, arrays)  # it has their addresses alone
    return run, results


def with_casadi(name: str) -> Contestant:
    return casadi_contestant(symbolic(program(name)), name)


def casadi_contestant(function: Any, name: str) -> Contestant:
    scalars = program(name)
    run, results = buffered(function, [scalars.numbers, [*scalars.x, scalars.y]])

    def answer() -> tuple[float, list[float]]:
        run()
        return float(results[0][0]), results[1].tolist()

    return Contestant(answer, run)


def with_plain_calls(name: str) -> Contestant:
    """The same machine, called as people call it, with arrays: CasADi converts them at each call."""
    scalars = program(name)
    function = symbolic(scalars)
    p, x = np.array(scalars.numbers), np.array([*scalars.x, scalars.y])

    def answer() -> tuple[float, list[float]]:
        loss, gradients = function(p, x)
        return float(loss), np.asarray(gradients).ravel().tolist()

    return Contestant(answer, lambda: function(p, x))


def with_c(name: str) -> Contestant:
    """The same in C, compiled with -O3."""
    import casadi

    if not shutil.which("gcc"):
        raise FailedError("there is no gcc here")
    function = symbolic(program(name))
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder, "step.c"), Path(folder, "step.so")
        generator = casadi.CodeGenerator("step.c")
        generator.add(function)
        source.write_text(generator.dump())
        start = time.perf_counter()
        command = ["gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", str(library), str(source)]
        try:
            subprocess.run(command, check=True, timeout=COMPILER_LIMIT, capture_output=True)
        except subprocess.TimeoutExpired:
            raise FailedError(f"gcc -O3 was not done after {COMPILER_LIMIT} s") from None
        took = time.perf_counter() - start
        contestant = casadi_contestant(casadi.external("step", str(library)), name)
    return contestant._replace(note=f"gcc -O3 took {took:.1f} s")


# -------------------------------------------------------------------------------------------------------------- ours


def eager(name: str) -> Contestant:
    """Our engine, the collector off, which is its fastest."""
    import gc

    from autograd import Value

    gc.disable()
    scalars = program(name)
    params = [Value(number) for number in scalars.numbers]

    def run() -> float:
        for p in params:
            p.grad = 0.0
        loss = scalars.f(params, scalars.x, scalars.y)
        loss.backward()
        return loss.data

    return Contestant(lambda: (run(), [p.grad for p in params]), run)


def ours(executor: str, name: str) -> Contestant:
    import autograd
    from autograd import Value

    scalars = program(name)
    bound: Any = autograd.compile(scalars.f, executor=executor).bind(  # type: ignore[attr-defined]
        [Value(number) for number in scalars.numbers]
    )
    X, Y = np.array([scalars.x]), np.array([scalars.y])
    return Contestant(lambda: (bound(X, Y), bound.gradients.tolist()), lambda: bound(X, Y))


CONTESTANTS: dict[str, Callable[..., Contestant]] = {
    "eager": eager,
    "casadi": with_casadi,
    "casadi, plain call": with_plain_calls,
    "casadi C": with_c,
    "ours numpy": functools.partial(ours, "numpy"),
    "ours numba": functools.partial(ours, "numba"),
}
