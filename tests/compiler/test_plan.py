"""`print(step.plan)`: what was compiled, in numbers that can be counted by hand."""

import re

import numpy as np
import pytest

import autograd
from autograd import Value, relu


def test_before_the_first_call():
    assert str(autograd.compile(lambda w, x: w * x).plan) == "nothing is compiled yet: the first call does it"


def test_a_layer_is_one_product_and_one_map():
    def f(w, x):
        return sum([relu(sum([a * b for a, b in zip(row, x, strict=True)])) for row in w])

    step = autograd.compile(f, executor="numpy")
    step([[Value(0.1 * k + j) for k in range(3)] for j in range(4)], [[1.0, 2.0, 3.0]])
    text = str(step.plan)
    # 12 parameters, 3 inputs, 4 * (3 products and 3 additions, of which one is to 0, and relu), 4 additions, and that 0
    assert text.startswith("path 0: 48 nodes traced -> ")
    assert text.splitlines()[0].endswith("-> 3 array operations")
    assert "12 parameters; run by numpy" in text
    assert "one by one" not in text


def test_what_stays_single_is_told_with_its_line():
    def f(w, x):
        for k in range(1200):
            w = (w * x).sin() if k % 2 else w * w + x
        return w

    step = autograd.compile(f, executor="numpy")
    step(Value(0.5), [0.1])
    text = str(step.plan)
    assert "one by one, for too few others are alike and ready at the same time:" in text
    assert f"600 sin, the first at {__file__}:" in text
    assert "w = (w * x).sin() if k % 2 else w * w + x" in text
    assert text.splitlines()[0].endswith("-> 0 array operations and 2400 single ones")


def test_each_path_and_each_whole_number_is_told():
    step = autograd.compile(lambda w, x, y: w[y] * x if w[y] * x > 0 else w[y] - x, executor="numpy")
    step([Value(1.0), Value(2.0)], [1.0, -1.0, 1.0, -1.0], [0, 0, 1, 1])
    text = str(step.plan)
    assert text.count("path ") == len(step.plan.paths) == 2
    assert text.count("whole number 0 of a sample is one of 0, 1: it is read as a number") == 2


def test_one_operation_is_one_and_constants_have_their_numbers():
    step = autograd.compile(lambda w, x: w * x if w * x > 0.5 else w * 3.0, executor="numpy")
    step(Value(2.0), [1.0, 2.0])
    lines = str(step.plan).splitlines()
    assert lines[0].endswith("-> 1 array operation")
    (numbers,) = [line for line in lines if line.startswith("    w1")]
    assert numbers.split(" = ")[1].split(", ")[0] == "0.5"
    assert "    guard z1 > w1 is True" in lines
    assert lines[-1].startswith("z: numbers of each sample; w: ")
    assert repr(step.plan) == str(step.plan)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_memory_that_is_told_is_that_of_the_arrays(dtype):
    step = autograd.compile(lambda w, x: (w[0] * x[0]).tanh() * w[1].exp(), executor="numpy", dtype=dtype)
    w, X = [Value(0.5), Value(1.0)], np.ones((8, 1))
    step(w, X)
    assert str(step.plan).count("memory") == 1
    step.per_sample(w, X)
    told = [line for line in str(step.plan).splitlines() if "memory" in line]
    (path,) = step.plan.paths
    for executor, line in zip((path.executor, path.single), told, strict=True):
        batch = executor.of_size(8)
        arenas = [batch.values, batch.gradients]
        shared = sum(
            arena["shared"].nbytes - arena["shared"].itemsize for arena in arenas
        )  # the 0 at the end is not told
        sample = sum(arena["sample"].nbytes for arena in arenas) / 8
        assert list(map(int, re.findall(r"\d+", line))) == [shared, sample]
    assert told[1].startswith("    memory for gradients of single samples: ")
