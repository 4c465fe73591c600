"""What is kept of a training: bounded, even, with the first, the last and what is not finite."""

import math
import random
from itertools import pairwise

import pytest

from autograd import Value
from autograd.view.watcher.records import Row, Thinned

from .trainings import Clock, epochs, network, quiet


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 100, 12_345])
def test_thinning_keeps_the_first_and_the_last_and_even_distances(count):
    rows = Thinned(limit=64)
    for step in range(count):
        rows.append(Row(step, {}))
    steps = [row.step for row in rows]
    assert steps == sorted(set(steps))
    assert (steps[0], steps[-1]) == (0, count - 1)
    assert len(steps) == len(rows) <= 64
    assert count < 64 or len(steps) >= 32
    assert len({after - before for before, after in pairwise(steps[:-1])}) <= 1


def test_thinning_keeps_the_step_at_which_a_number_was_not_finite():
    rows = Thinned(limit=64)
    for step in range(10_000):
        rows.append(Row(step, {"loss": math.nan if step == 4321 else 1.0}))
    assert [row.step for row in rows if row.strange] == [4321]


def test_many_numbers_that_are_not_finite_do_not_fill_the_record():
    rows = Thinned(limit=64)
    draw = random.Random(0)
    for step in range(50_000):
        rows.append(Row(step, {"loss": draw.choice([1.0, math.inf])}))
    assert len(rows) <= 64
    assert [row.step for row in rows][-1] == 49_999


def test_a_long_training_has_at_most_200_frames():
    clock = Clock()
    watch = epochs(quiet(network(2, 4, 1), clock=clock), 3000, clock, seconds=100.0)
    steps = [frame.row.step for frame in watch.record.frames]
    assert 100 <= len(steps) <= 200
    assert (steps[0], steps[-1]) == (1, 3000)
    assert len(watch.record.rows) <= 500


def test_frames_hold_weights_and_gradients_in_the_order_of_the_wires():
    model = network(2, 3, 1)
    model([0.5, -1.0]).backward()
    watch = quiet(model)
    watch.update(loss=1.0)
    wires, frame = watch.record.wires, watch.record.frames.last
    assert wires.sizes == (2, 3, 1)
    assert len(wires.ends) == 2 * 3 + 3
    for number, gradient, (k, i, j) in zip(frame.weights, frame.gradients, wires.ends, strict=False):
        assert number == model.layers[k].neurons[j].w[i].data
        assert gradient == model.layers[k].neurons[j].w[i].grad
    assert list(frame.weights[9:]) == [neuron.b.data for layer in model.layers for neuron in layer.neurons]


def test_before_the_first_backward_pass_there_are_no_gradients():
    watch = quiet(network(2, 3, 1))
    watch.update(loss=1.0)
    assert watch.record.frames.last.gradients is None
    assert "none yet" in watch.page.html


def test_the_networks_that_courses_write_are_recognised():
    class Neuron:
        def __init__(self, size):
            self.w, self.b = [Value(0.5) for _ in range(size)], Value(0.0)

    class Layer:
        def __init__(self, before, size):
            self.neurons = [Neuron(before) for _ in range(size)]

    class Network:
        def __init__(self, *sizes):
            self.layers = [Layer(*pair) for pair in pairwise(sizes)]

    assert quiet(Network(3, 4, 4, 1)).record.wires.sizes == (3, 4, 4, 1)
    assert quiet(Neuron(5)).record.wires.sizes == (5, 1)
    assert quiet(Network(3, 4, 4, 1)).record.name == "Network 3-4-4-1"


def test_wide_layers_record_only_what_is_drawn():
    wires = quiet(network(64, 32, 2)).record.wires
    assert len(wires.ends) == 15 * 15 + 15 * 2
    assert len(wires.weights()) == len(wires.ends) + 15 + 2


def test_a_model_without_layers_still_has_curves():
    watch = quiet(lambda x: x[0])
    watch.update(loss=0.5)
    assert watch.record.wires is None
    assert watch.record.remarks == [
        "The network is left out: no layers of neurons with weights w were found in this function."
    ]
    assert 'class="curve"' in watch.page._image
