"""Calls of a compiled function, each interrupted by a signal at another time; prints how many were stopped.

`python -m tests.compiler.interrupted` is what a test runs.
"""

from __future__ import annotations

import signal

import numpy as np

import autograd
from autograd import Value, tanh
from nn import Adam

X, Y = np.array([[0.5, -1.0], [2.0, 0.25], [-1.5, 1.0]]), np.array([1.0, 0.0, -1.0])


def neuron(w, x, y):
    return (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2


def interrupt(*_):
    raise KeyboardInterrupt


def main():
    w = [Value(0.5), Value(-0.25), Value(0.1)]
    step = autograd.compile(neuron, executor="numpy")
    bound, optimizer = step.bind(w), Adam(w)
    step(w, X, Y)
    bound(X, Y)
    bound.update(optimizer)
    bound.sync()
    signal.signal(signal.SIGALRM, interrupt)
    stopped = 0
    for k in range(120):
        now = [(v.data, v.grad) for v in w]
        arrays = bound.parameters.tolist(), bound.gradients.tolist(), optimizer.steps
        try:
            signal.setitimer(signal.ITIMER_REAL, 1e-5 * (k + 1))
            fresh = autograd.compile(neuron, executor="numpy") if k % 3 == 0 else step
            fresh.value_and_grad(w, X, Y)
            signal.setitimer(signal.ITIMER_REAL, 0)
        except KeyboardInterrupt:
            stopped += 1
        assert [(v.data, v.grad) for v in w] == now
        assert {type(v) for v in w} == {Value}
        assert (bound.parameters.tolist(), bound.gradients.tolist(), optimizer.steps) == arrays
    signal.setitimer(signal.ITIMER_REAL, 0)
    fresh = autograd.compile(neuron, executor="numpy")
    assert step.value_and_grad(w, X, Y) == fresh.value_and_grad(w, X, Y)
    print(stopped)


if __name__ == "__main__":
    main()
