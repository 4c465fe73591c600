"""The code that CONTRIBUTING.md shows to whoever adds something does what it says."""

import math
import re

import pytest

from autograd import Value, functions, gradients
from nn import Neuron, Optimizer

from .distributions import ROOT


@pytest.fixture(scope="module")
def shown() -> dict[str, object]:
    """The names that the blocks of Python define, where the table's names are known as in `functions.py`."""
    text = ROOT.joinpath("CONTRIBUTING.md").read_text(encoding="utf-8")
    names = {**vars(functions), "Optimizer": Optimizer, "__name__": "contributing"}
    for block in re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        exec(block, names)
    return names


def test_the_operation(shown) -> None:
    p = Value(0.25)
    y = shown["logit"](p)
    y.backward()
    assert y.data == pytest.approx(-1.0986122886681098, rel=1e-15)  # -ln 3
    assert p.grad == pytest.approx(16 / 3, rel=1e-15)
    with pytest.raises(ValueError, match=r"logit is undefined at 2\.0; .*\(0, 1\)"):
        shown["logit"](2.0)
    (slope,) = gradients(shown["logit"](p := Value(1e-300)), [p])
    (second,) = gradients(slope, [p])
    assert slope.data == pytest.approx(1e300, rel=1e-15)
    assert second.data == -math.inf  # the shorter rule 1 / (p (1 - p)) gives nan here


def test_the_activation(shown) -> None:
    neuron = Neuron(1, activation=shown["gaussian"], weights=[2.0])
    y = neuron([0.5])
    y.backward()
    assert y.data == pytest.approx(0.36787944117144233, rel=1e-15)  # 1/e
    assert neuron.w[0].grad == pytest.approx(-0.36787944117144233, rel=1e-15)  # -2z e^(-z²) x with z = 1, x = 1/2


def test_the_loss(shown) -> None:
    first, second = Value(0.75), Value(0.5)
    loss = shown["absolute_error"]([first, second], [1, 0])
    loss.backward()
    assert (loss.data, first.grad, second.grad) == (0.75, -1.0, 1.0)


def test_the_optimizer(shown) -> None:
    """By hand, on (w - 3)² from w = 1: the gradients are -4, -2, 0 and the velocities 1, 1, 1/2."""
    w, path = Value(1.0), []
    optimizer = shown["Momentum"]([w], learning_rate=0.25, momentum=0.5)
    for _ in range(3):
        optimizer.zero_grad()
        ((w - 3) ** 2).backward()
        optimizer.step()
        path.append(w.data)
    assert path == [2.0, 3.0, 3.5]
