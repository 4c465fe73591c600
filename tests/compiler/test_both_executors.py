"""What holds for both executors, end to end: the same results for any number of threads, and no error is masked."""

from __future__ import annotations

import random

import numpy as np
import pytest

import autograd
from autograd import DomainError, Value, acos, asin, log, sqrt, tanh, where


@pytest.fixture(params=["numpy", "numba"])
def executor(request):
    if request.param == "numba":
        pytest.importorskip("numba")
    return request.param


def test_results_are_the_same_for_one_thread_of_the_blas_and_for_two(executor):
    limits = pytest.importorskip("threadpoolctl").threadpool_limits
    rng = random.Random(3)
    layers = [[[Value(rng.gauss(0, n**-0.5)) for _ in range(n)] for _ in range(m)] for n, m in ((64, 96), (96, 10))]
    X = np.random.default_rng(3).normal(size=(128, 64))  # 96 x 64 x 128 products: OpenBLAS shares from 64³ on

    def loss(layers, x):
        for layer in layers:
            x = [tanh(sum(w * v for w, v in zip(row, x, strict=True))) for row in layer]
        return sum(y * y for y in x)

    step = autograd.compile(loss, executor=executor)
    found = []
    for threads in (1, 2):
        with limits(limits=threads, user_api="blas"):
            bound = step.bind(layers)
            found.append(np.array([bound(X), *bound.gradients]))
    assert np.abs(found[0]).max() > 0.1
    assert np.abs(found[0] - found[1]).max() <= 1e-12 * (1 + np.abs(found[0]).max())


@pytest.mark.parametrize(("op", "bad"), [(log, -2.0), (sqrt, -3.0), (asin, 1.5), (acos, -2.0)])
def test_a_number_outside_of_a_domain_is_an_error_though_its_result_is_masked(executor, op, bad):
    weights = [Value(0.5)]

    def f(w, x):
        return where(x[0], w[0] * x[1], op(x[1]))

    with pytest.raises(DomainError) as eager:
        f(weights, [1.0, Value(bad)])
    step = autograd.compile(f, executor=executor)
    X = np.column_stack([np.ones(101), np.linspace(0.2, 0.8, 101)])
    for _ in range(10):  # by then one sample a call is run eagerly beside the program, in turn
        assert step(weights, X) == pytest.approx(0.25)
    X[50, 1] = bad
    with pytest.raises(DomainError) as compiled:
        step(weights, X)
    assert str(compiled.value).splitlines()[0] == str(eager.value).splitlines()[0]
    X[50, 1] = 0.5
    assert step(weights, X) == pytest.approx(0.25)
