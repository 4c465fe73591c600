"""What is kept of an epoch, samples as arrays, and noise whose random numbers are inputs."""

import random

import numpy as np
import pytest

from autograd import ShapeError
from nn.layers import Dropout, GaussianNoise
from nn.noise import noted, replayed
from nn.training import tally
from nn.training.batches import InMemory, Sample, Stream
from nn.training.packing import Packing, packed
from nn.training.paying import same_chance
from nn.training.updates import Seen


@pytest.mark.parametrize("size", [7, 50, 300])
def test_of_a_stream_the_last_samples_are_kept_and_the_loss_is_that_of_all(monkeypatch, size):
    monkeypatch.setattr(tally, "RECENT", 100)
    losses = [float(i % 17) for i in range(2345)]
    kept = tally.Tally(bounded=True)
    for start in range(0, len(losses), size):
        kept.add([Seen(loss, 0, 0) for loss in losses[start : start + size]])
    assert kept.n == 2345
    assert [seen.loss for seen in kept.kept] == losses[-100:]
    assert kept.loss == sum(losses) / 2345  # whole numbers: exact


def test_of_samples_in_memory_all_are_kept(monkeypatch):
    monkeypatch.setattr(tally, "RECENT", 100)
    kept = tally.Tally(bounded=False)
    kept.add([Seen(1.0, 0, 0)] * 250)
    assert len(kept.kept) == 250


@pytest.mark.parametrize(
    ("entries", "numbers", "expected"),
    [
        ([1.0, 2.0], "as given", np.array([1.0, 2.0])),
        ([1, 2], "as given", np.array([1, 2])),
        ([1, 2.5], "as given", np.array([1.0, 2.5])),
        ([1, 2], "floats", np.array([1.0, 2.0])),
        ([-1.0, 1.0], "labels", np.array([-1, 1])),
        ([0.0, 0.5], "labels", np.array([0.0, 0.5])),
        ([[0.0, 1.0], [1.0, 0.0]], "classes", np.array([1, 0])),
        ([[0.5, 0.5], [1.0, 0.0]], "classes", np.array([[0.5, 0.5], [1.0, 0.0]])),
        ([[2.0, 0.0], [1.0, 0.0]], "classes", np.array([[2.0, 0.0], [1.0, 0.0]])),
    ],
)
def test_numbers_become_an_array_of_their_kind(entries, numbers, expected):
    found = packed(entries, numbers)
    assert found.dtype == expected.dtype
    assert found.tolist() == expected.tolist()


@pytest.mark.parametrize("entries", [[[1.0], [1.0, 2.0]], ["a", "b"], [[[1.0]], [[2.0]]], [1.0, None], [True, False]])
def test_what_is_no_table_of_numbers_stays_a_list(entries):
    assert packed(entries) == entries
    assert isinstance(packed(entries), list)


def test_minibatches_of_memory_and_of_a_stream_are_the_same_arrays():
    X, y, weights = [[float(i), 1.0] for i in range(6)], [0.5 * i for i in range(6)], [1.0, 2.0] * 3
    memory = InMemory(X, y, 3, seed=0)
    memory.weigh(weights)
    batch = [Sample(i, X[i], y[i], weights[i]) for i in (4, 0, 3)]
    stream = Stream([], 3)
    for a, b in zip(
        Packing(memory, "floats", "floats")(batch), Packing(stream, "floats", "floats")(batch), strict=True
    ):
        assert a.tolist() == b.tolist()
    assert Packing(stream, "floats", "floats")([Sample(0, [1.0], 2.0, 1.0)])[2] is None


def test_noise_draws_by_what_was_noted_what_it_would_have_drawn():
    def layers():
        return [Dropout(0.5, seed=1), GaussianNoise(0.1, seed=2), Dropout(0.2, seed=1)]

    x, [a, b] = [1.0, 2.0, 3.0], [layers(), layers()]
    expected = [[layer(x) for layer in a] for _ in range(3)]
    with noted(b) as draws:
        found = [[layer(x) for layer in b]]
    for _ in range(2):
        with replayed(b, [draw() for draw in draws]):
            found.append([layer(x) for layer in b])
    assert found == expected


def test_too_many_or_too_few_random_numbers_are_refused():
    layer = Dropout(0.5)
    with pytest.raises(ShapeError, match="more random numbers"), replayed([layer], [0.5]):
        layer([1.0, 2.0])
    with pytest.raises(ShapeError, match="fewer random numbers"), replayed([layer], [0.5, 0.5]):
        layer([1.0])
    assert layer._rng is None


def test_what_is_drawn_for_a_look_does_not_count():
    own = random.Random(3)
    random.seed(5)
    np.random.seed(5)
    with same_chance(own):
        looked = own.random(), random.random(), np.random.random()
    assert (own.random(), random.random(), np.random.random()) == looked
