"""Where samples come from: permutations, streams, weights, and numbers that are none."""

import itertools

import numpy as np
import pytest

from autograd import ShapeError
from nn.finite import check_finite
from nn.modules import MLP
from nn.optimizers import SGD
from nn.training import fit
from nn.training.batches import InMemory, Stream, aligned

X, Y = [[0.0], [1.0], [2.0], [3.0]], [1.0, 3.0, 5.0, 7.0]


def train(X, y=None, **options):
    model = MLP(1, [1], seed=0)
    options = {"loss": "mean_squared_error", "seed": 0, "progress": False, **options}
    history = fit(model, X, y, optimizer=SGD(model.parameters(), learning_rate=0.05), **options)
    return [p.data for p in model.parameters()], history


@pytest.mark.parametrize("batch_size", [1, 3, 10, 99])
def test_an_epoch_is_a_permutation(batch_size):
    source = InMemory(range(10), range(10), batch_size, seed=0)
    epochs = [[sample.place for batch in source.epoch() for sample in batch] for _ in range(3)]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 3
    assert [len(batch) for batch in source.epoch()] == {1: [1] * 10, 3: [3, 3, 3, 1], 10: [10], 99: [10]}[batch_size]


def test_a_stream_is_taken_in_its_own_order_and_lazily():
    taken = []

    def pairs():
        for i in itertools.count():
            taken.append(i)
            yield [float(i)], i

    batches = Stream(pairs(), batch_size=3).epoch()
    assert [sample.target for sample in next(batches)] == [0, 1, 2]
    assert taken == [0, 1, 2]
    assert [sample.place for sample in next(batches)] == [3, 4, 5]


def test_a_stream_trains_as_the_list_in_that_order_does():
    """By hand: plain gradient descent over the samples one by one."""
    w = MLP(1, [1], seed=0).layers[0].neurons[0].w[0].data
    b = 0.0
    for (x,), y in zip(X, Y, strict=True):
        slope = 2 * (w * x + b - y)
        w, b = w - 0.05 * slope * x, b - 0.05 * slope
    weights, history = train(iter(list(zip(X, Y, strict=True))), epochs=1, batch_size=1)
    assert weights == pytest.approx([w, b], rel=1e-12)
    assert len(history.rows) == 1


def test_a_stream_is_iterated_anew_every_epoch():
    calls = []

    class Sensor:
        def __iter__(self):
            calls.append(1)
            return iter(zip(X, Y, strict=True))

    _, history = train(Sensor(), epochs=3)
    assert len(calls) == len(history.rows) == 3


def test_a_stream_of_arrays_and_weights():
    pairs = [(np.array(x), np.array(y)) for x, y in zip(X, Y, strict=True)]
    plain, _ = train(list(zip(X, Y, strict=True)), epochs=2)
    assert train(pairs, epochs=2)[0] == plain
    assert train([(x, y, 1.0) for x, y in pairs], epochs=2)[0] == plain
    assert train([(x, y, 0.5) for x, y in pairs], epochs=2)[0] != plain


def test_a_stream_that_cannot_be_read_again():
    with pytest.raises(ValueError, match="an iterator can be read once, and epochs is 2: give a list, or epochs=1"):
        train(iter([]), epochs=2)
    with pytest.raises(ShapeError, match="the stream has no samples in epoch 1"):
        train(iter([]), epochs=1)
    with pytest.raises(ShapeError, match=r"element 0 of the stream must be a pair \(x, target\), got 3"):
        train([3], epochs=1)
    with pytest.raises(ValueError, match="x: sample 1, number 0 is nan"):
        train([([1.0], 1.0), ([float("nan")], 1.0)], epochs=1)
    with pytest.raises(ValueError, match="a stream carries its weights itself"):
        train([([1.0], 1.0)], epochs=1, sample_weight=[1.0])


def test_a_weight_of_2_is_a_sample_taken_twice():
    """In one minibatch of all: Σ wᵢ gᵢ / n against the same samples repeated, whose n is larger by 5/4."""
    weights = [1.0, 1.0, 1.0, 2.0]
    weighted, history = train(X, Y, epochs=1, batch_size=4, sample_weight=weights)
    start = [MLP(1, [1], seed=0).layers[0].neurons[0].w[0].data, 0.0]
    repeated, _ = train([*X, X[3]], [*Y, Y[3]], epochs=1, batch_size=5)
    steps = [[after - before for after, before in zip(w, start, strict=True)] for w in (weighted, repeated)]
    assert steps[0] == pytest.approx([1.25 * step for step in steps[1]], rel=1e-12)
    assert history.column("loss")[0] == pytest.approx(
        np.mean([w * (start[0] * x - y) ** 2 for (x,), y, w in zip(X, Y, weights, strict=True)])
    )


def test_class_weights_balance_rare_classes():
    """Balanced: n / (k · count), as scikit-learn has it; here 4 / (2 · 1) for the one sample, 4 / (2 · 3) for three."""
    y = [0, 0, 0, 1]
    options = {"loss": "binary_cross_entropy_with_logits", "epochs": 3, "batch_size": 2}
    balanced, _ = train(X, y, class_weight="balanced", **options)
    by_hand, _ = train(X, y, sample_weight=[2 / 3, 2 / 3, 2 / 3, 2.0], **options)
    named, _ = train(X, y, class_weight={0: 2 / 3, 1: 2.0}, **options)
    assert balanced == pytest.approx(by_hand, rel=1e-12)
    assert named == by_hand


def test_bad_weights():
    with pytest.raises(ShapeError, match="sample_weight: each sample needs one target: 3 samples, 4 targets"):
        train(X, Y, sample_weight=[1.0, 1.0, 1.0])
    for weights in ([1.0, 1.0, 1.0, -1.0], [0.0] * 4):
        with pytest.raises(ValueError, match=f"at least 0, and not all are 0; the smallest is {min(weights)}"):
            train(X, Y, sample_weight=weights)
    with pytest.raises(ValueError, match="class_weight weighs classes, and the targets are numbers"):
        train(X, Y, class_weight="balanced")


def test_many_samples_in_one_minibatch_are_one_update():
    """More samples than one graph holds: the update is that of their mean all the same."""
    samples, targets = [[i / 200] for i in range(200)], [i / 100 for i in range(200)]
    start = MLP(1, [1], seed=0).layers[0].neurons[0].w[0].data
    (w, b), _ = train(samples, targets, epochs=1, batch_size=200)
    slopes = [2 * (start * x - y) for (x,), y in zip(samples, targets, strict=True)]
    assert w == pytest.approx(
        start - 0.05 * np.mean([s * x for s, (x,) in zip(slopes, samples, strict=True)]), rel=1e-12
    )
    assert b == pytest.approx(-0.05 * np.mean(slopes), rel=1e-12)


def test_aligned_takes_arrays_and_any_sequence():
    assert aligned(np.array([[1.0], [2.0]]), np.array([0, 1])) == ([[1.0], [2.0]], [0, 1])
    assert aligned(((1.0,), (2.0,)), range(2)) == ([(1.0,), (2.0,)], [0, 1])


def test_what_is_left_to_the_model():
    check_finite("X", [{"a": 1.0}, object(), [[1.0, 2.0], [3.0, 4.0]]], "leave it out")


def test_class_weights_and_sample_weights_multiply():
    y = [0, 0, 0, 1]
    options = {"loss": "binary_cross_entropy_with_logits", "epochs": 2}
    both, _ = train(X, y, class_weight={0: 0.5, 1: 3.0}, sample_weight=[1.0, 2.0, 4.0, 0.5], **options)
    by_hand, _ = train(X, y, sample_weight=[0.5, 1.0, 2.0, 1.5], **options)
    assert both == by_hand


@pytest.mark.parametrize(("weight", "error"), [(-1.0, ValueError), (float("nan"), ValueError), ("2", TypeError)])
def test_bad_weights_in_a_stream(weight, error):
    with pytest.raises(error, match="the weight of sample 1 must be a"):
        train([([1.0], 1.0, 1.0), ([1.0], 1.0, weight)], epochs=1)


def test_a_list_of_pairs_has_a_time_within_the_epoch_and_an_iterator_has_not():
    pairs = list(zip(X, Y, strict=True))
    for stream, times in ((pairs, [0.0, 0.5]), (iter(pairs), [0.0, 0.0])):
        seen = []
        train(stream, epochs=1, batch_size=2, schedule=lambda time, seen=seen: seen.append(time) or 1.0)
        assert seen == times


def test_a_missing_y_is_named():
    for samples in (X, np.array(X), [(1.0,), (2.0,)]):
        with pytest.raises(TypeError, match=r"y is missing: write fit\(model, X, y, ...\)"):
            train(samples)
    with pytest.raises(TypeError, match="X must be a list, an array or an iterable of pairs"):
        train(None)


def test_a_data_frame_is_its_rows():
    class Frame:  # as pandas has it: iterating gives the names of the columns
        def __iter__(self):
            return iter(["a"])

        def to_numpy(self):
            return np.array(X)

    assert train(Frame(), Y, epochs=2)[0] == train(X, Y, epochs=2)[0]


def test_an_error_in_a_loss_tells_the_sample():
    def loss(prediction, target):
        if target == 5.0:
            raise RuntimeError("broken")
        return (prediction - target) ** 2

    with pytest.raises(RuntimeError, match="broken") as raised:
        train(X, Y, loss=loss)
    assert raised.value.__notes__ == ["computing the loss of sample 2, whose target is 5.0"]
