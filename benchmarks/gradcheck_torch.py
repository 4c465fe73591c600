"""`python -m benchmarks.gradcheck_torch`: beside torch.autograd.gradcheck on the same functions, in GRADCHECK.md.

Both are given the same forward function, that of the table in plain floats, and the same derivative, with the same
planted error: what is compared is the checking. PyTorch's is taken with its default settings, and once more with
settings that nobody has without knowing the answer: those that are tightest of all that still accept the right
derivative. It takes about five minutes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import torch

from autograd.check import gradcheck
from autograd.engine import Op
from autograd.functions import OPS
from tests.check.random_programs import ordinary, with_error

from .__main__ import conditions_of, table
from .gradcheck_figures import write_part

POINTS = 5
LOWEST, STEPS = -16.0, 14  # powers of ten, and halvings of the interval: to a factor of 1.01 at the end
EPS = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7]
MISTAKES = {
    "right": 0.0, "sign": -2.0, "zero": -1.0, "twice too large": 1.0, "1e-2": 1e-2, "1e-3": 1e-3, "1e-4": 1e-4,
    "1e-6": 1e-6, "1e-8": 1e-8, "1e-10": 1e-10,
}  # fmt: skip
AIM = 100.0


@dataclass(frozen=True)
class Case:
    """An operation at a point, and the operand whose partial is to be wrong."""

    op: Op
    xs: tuple[float, ...]
    k: int


def cases(op: Op) -> list[Case]:
    """Points at which a relative error makes a difference; none for what is constant between jumps."""
    rng, found = random.Random(f"torch {op.name}"), []
    for _ in range(POINTS):
        xs = ordinary(rng, op)
        partials = op.partials(op.forward(*xs), *xs)
        told = [k for k, d in enumerate(partials) if d != 0]
        if told:
            found.append(Case(op, tuple(xs), rng.choice(told)))
    return found


def as_torch(op: Op) -> Callable[..., torch.Tensor]:
    """The operation as a function of PyTorch: the same forward and the same partials, in plain floats."""

    class Function(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *xs: torch.Tensor) -> torch.Tensor:
            ctx.save_for_backward(*xs)
            return torch.tensor(op.forward(*[x.item() for x in xs]), dtype=torch.float64)

        @staticmethod
        def backward(ctx: Any, *gradients: torch.Tensor) -> Any:
            xs = [x.item() for x in ctx.saved_tensors]
            return tuple([gradients[0] * d for d in op.partials(op.forward(*xs), *xs)])

    applied: Callable[..., torch.Tensor] = Function.apply
    return applied


def ours_rejects(case: Case, error: float) -> bool:
    """Whether gradcheck calls it wrong."""
    return gradcheck(with_error(case.op, case.k, error), *case.xs).verdict == "wrong"


def torch_rejects(case: Case, error: float, **settings: float) -> bool:
    """Whether torch.autograd.gradcheck does."""
    xs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in case.xs]
    f = as_torch(with_error(case.op, case.k, error))
    return not torch.autograd.gradcheck(f, xs, raise_exception=False, **settings)


def smallest(holds: Callable[[float], bool]) -> float:
    """The smallest power of ten, not a whole one, from which on it holds; inf if it never does."""
    low, high = LOWEST, 1.0
    if not holds(10**high):
        return float("inf")
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(10**middle) else (middle, high)
    return 10.0**high


def tightest(of: Sequence[Case]) -> dict[str, float]:
    """The settings of PyTorch's check with the smallest tolerance that accepts the right derivative in every case."""

    def tolerance(eps: float) -> float:
        return smallest(lambda rtol: not any(torch_rejects(case, 0.0, eps=eps, atol=0.0, rtol=rtol) for case in of))

    best = min(EPS, key=tolerance)
    return {"eps": best, "atol": 0.0, "rtol": tolerance(best)}


def row(op: Op, of: Sequence[Case]) -> list[float]:
    """The smallest error that is found in every case: by ours, by PyTorch's, by its tightest settings."""
    settings = tightest(of)
    return [
        max(smallest(lambda error, case=case: ours_rejects(case, error)) for case in of),  # type: ignore[misc]
        max(smallest(lambda error, case=case: torch_rejects(case, error)) for case in of),  # type: ignore[misc]
        max(smallest(lambda error, case=case: torch_rejects(case, error, **settings)) for case in of),  # type: ignore[misc]
        settings["eps"], settings["rtol"],
    ]  # fmt: skip


def main() -> None:
    found = {op.name: of for op in OPS if (of := cases(op))}
    every = [case for of in found.values() for case in of]
    verdicts = []
    for name, error in MISTAKES.items():
        pairs = [(ours_rejects(case, error), torch_rejects(case, error)) for case in every]
        verdicts.append([
            name, f"{len(pairs)}", f"{sum(a for a, _ in pairs)}", f"{sum(b for _, b in pairs)}",
            f"{sum(a == b for a, b in pairs)}", f"{sum(b and not a for a, b in pairs)}",
        ])  # fmt: skip
        print(*verdicts[-1], sep="\t", flush=True)
    rows, ratios = [], []
    for name, of in found.items():
        ours, default, tuned, eps, rtol = row(of[0].op, of)
        ratios.append((default / ours, tuned / ours))
        rows.append([
            name, f"{ours:.0e}", f"{default:.0e}", f"{tuned:.0e}", f"eps {eps:g}, rtol {rtol:.0e}",
            f"{default / ours:.0e}", f"{tuned / ours:.2g}", "yes" if default / ours >= AIM else "**no**",
        ])  # fmt: skip
        print(*rows[-1], sep="\t", flush=True)
    none = sorted({op.name for op in OPS} - found.keys())
    text = "\n\n".join([
        conditions_of("torch"),
        "Written by `python -m benchmarks.gradcheck_torch`. The same functions for both, forward and partials in "
        f"plain floats (float64): each operation of the table at {POINTS} points between 0 and 2 (without "
        f"{', '.join(none)}, whose derivative is 0 there). PyTorch's defaults are eps 1e-6, atol 1e-5, rtol 1e-3.",
        table(["planted in one partial", "cases", "we reject", "PyTorch rejects", "same verdict", "only PyTorch"],
              verdicts),
        "The smallest relative error that is rejected at each of the points. The tightest settings are searched for "
        "each operation with the right derivative in hand: the tolerance is the smallest, over all eps, with which "
        "PyTorch's check accepts it at each point. Nobody has these settings without knowing the answer, least of all "
        "the large eps that makes differences of linear and quadratic functions exact; "
        "ours has no settings. Median ratio to PyTorch's defaults: "
        f"{median(a for a, _ in ratios):.1e}; to the tightest settings: {median(b for _, b in ratios):.2g}, smallest "
        f"{min(b for _, b in ratios):.2g}.",
        table(["operation", "ours", "PyTorch", "PyTorch, tightest", "which are", "ratio", "ratio to the tightest",
               f"≥ {AIM:g} × smaller"], rows),
    ])  # fmt: skip
    write_part("Beside PyTorch", text)


if __name__ == "__main__":
    main()
