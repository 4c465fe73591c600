"""Calls and traces, each interrupted at another time, in a process with nothing but them; prints how many were stopped.

`python -m tests.compiler.interrupted calls` (or `traces`) is what a test runs.
"""

from __future__ import annotations

import signal
import sys

import numpy as np

import autograd
from autograd import Value, tanh
from autograd.compiler.trace.tracing import open_blocks, trace
from nn import Adam

X, Y = np.array([[0.5, -1.0], [2.0, 0.25], [-1.5, 1.0]]), np.array([1.0, 0.0, -1.0])


def neuron(w, x, y):
    return (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2


def interrupt(*_):
    raise KeyboardInterrupt


def calls():
    """Of a compiled function: a signal after 10, 20, ... microseconds."""
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
    return stopped


def interrupting(after):
    """A profiler that raises KeyboardInterrupt at this event, once, as a signal does: never before a call of C."""
    left = iter(range(after))

    def profile(frame, event, argument):
        if event != "c_call" and next(left, None) is None:
            sys.setprofile(None)
            raise KeyboardInterrupt

    return profile


def traces():
    """At every call of Python that a trace makes, one after the other."""
    w, f = [Value(0.5), Value(-0.25), Value(0.1)], lambda w, x: sum([p * x for p in w])
    w.append(w[0] * 3.0)  # a parameter may have operands of its own
    stopped = 0
    while True:
        sys.setprofile(interrupting(stopped))
        try:
            trace(f, w, 2.0)
        except KeyboardInterrupt:
            stopped += 1
        else:
            return stopped
        finally:
            sys.setprofile(None)
            made = w[0] * 2.0
            assert ({type(p) for p in w}, type(made), made.a, w[3].a) == ({Value}, Value, w[0], w[0])
            assert not open_blocks


if __name__ == "__main__":
    print({"calls": calls, "traces": traces}[sys.argv[1]]())
