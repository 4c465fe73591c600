"""Predictions: what outputs stand for, in evaluation mode, and what is refused before anything is computed."""

import math
import threading

import numpy as np
import pytest
import torch

from autograd import ShapeError, Value
from nn.layers import Dropout, Sequential
from nn.module import Module
from nn.modules import MLP, Layer, Neuron
from nn.prediction import outputs_of, predict, predict_proba, task_of_model
from nn.tables import Table

X = [[0.5, -1.0], [2.0, 0.25], [-1.5, 1.0]]


def with_task(model, task):
    model.task = task
    return model


def torch_outputs(network):
    """The outputs of a network with tanh between its layers and linear outputs, by PyTorch."""
    values = torch.tensor(X, dtype=torch.float64)
    for i, layer in enumerate(network.layers):
        w = torch.tensor([[w.data for w in neuron.w] for neuron in layer.neurons], dtype=torch.float64)
        b = torch.tensor([neuron.b.data for neuron in layer.neurons], dtype=torch.float64)
        values = torch.nn.functional.linear(torch.tanh(values) if i else values, w, b)
    return values


def test_numbers_are_the_outputs():
    network = MLP(2, [4, 1], activation="tanh", seed=0)
    predicted = predict(network, X)
    assert predicted.dtype == np.float64
    assert predicted.shape == (3,)
    np.testing.assert_allclose(predicted, torch_outputs(network)[:, 0], rtol=1e-12)


def test_several_numbers_are_a_row_each():
    network = MLP(2, [4, 2], activation="tanh", seed=0)
    np.testing.assert_allclose(predict(network, X), torch_outputs(network), rtol=1e-12)


@pytest.mark.parametrize("X", [X, np.array(X), [np.array(x) for x in X], tuple(map(tuple, X)), iter(X)])
def test_samples_may_be_lists_arrays_or_tuples(X):
    assert predict(Neuron(2, activation="linear", weights=[1.0, 2.0]), X).tolist() == [-1.5, 2.5, 0.5]


def test_classes_of_logits_and_their_probabilities():
    network = with_task(MLP(2, [4, 3], activation="tanh", seed=0), "classes_logits")
    outputs = torch_outputs(network)
    assert predict(network, X).tolist() == outputs.argmax(dim=1).tolist()
    np.testing.assert_allclose(predict_proba(network, X), torch.softmax(outputs, dim=1), rtol=1e-12)


def test_one_logit_is_two_classes():
    network = with_task(MLP(2, [4, 1], activation="tanh", seed=0), "binary_logits")
    p = torch.sigmoid(torch_outputs(network))
    assert predict(network, X).tolist() == (p[:, 0] > 0.5).long().tolist()
    np.testing.assert_allclose(predict_proba(network, X), torch.cat([1 - p, p], dim=1), rtol=1e-12)


@pytest.mark.parametrize(
    ("activation", "n_outputs", "task"),
    [
        ("sigmoid", 1, "binary_probabilities"),
        ("hard_sigmoid", 1, "binary_probabilities"),
        ("softmax", 3, "classes_probabilities"),
        ("log_softmax", 3, "classes_logits"),
        ("linear", 3, "regression"),
        ("tanh", 1, "regression"),
    ],
)
def test_without_a_task_the_output_activation_tells(activation, n_outputs, task):
    network = MLP(2, [3, n_outputs], output_activation=activation, seed=0)
    assert task_of_model(network).name == task
    if task != "regression":
        probabilities = predict_proba(network, X)
        assert probabilities.shape == (3, max(2, n_outputs))
        np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, rtol=1e-12)
        assert predict(network, X).tolist() == probabilities.argmax(axis=1).tolist()


def test_the_task_counts_more_than_the_activation():
    network = with_task(Neuron(2, activation="sigmoid", weights=[1.0, 1.0]), "regression")
    assert predict(network, [[0.0, 0.0]]).tolist() == [0.5]


def test_margins_are_minus_one_and_one():
    neuron = with_task(Neuron(1, activation="linear", weights=[1.0]), "margin")
    assert predict(neuron, [[-2.0], [0.5]]).tolist() == [-1, 1]
    with pytest.raises(ValueError, match=r"'margin' has no probabilities.*Use predict"):
        predict_proba(neuron, [[1.0]])


def test_a_function_is_a_model_too():
    assert predict(lambda x: x[0] * 2, [[1.0], [2.0]]).tolist() == [2.0, 4.0]


def test_an_unknown_task_suggests_the_nearest():
    with pytest.raises(ValueError, match="unknown task 'binary_logit', did you mean 'binary_logits'"):
        predict(with_task(Neuron(1), "binary_logit"), [[1.0]])


# --- modes and graphs ---------------------------------------------------------------------------------------------


def test_dropout_is_off_and_every_mode_is_put_back():
    network = Sequential(Layer(2, 50, activation="linear", seed=0), Dropout(0.5), Layer(50, 1, seed=0))
    network.layers[0].eval()
    before = [module.training for module in network.modules()]
    assert len(set(before)) == 2
    assert predict(network, X).tolist() == predict(network, X).tolist()
    assert [module.training for module in network.modules()] == before


def test_the_modes_are_put_back_after_an_error():
    class Fails(Module):
        def __call__(self, x):
            assert not self.training
            raise RuntimeError("no")

    model = Fails()
    with pytest.raises(RuntimeError):
        predict(model, X)
    assert model.training


def test_nothing_is_recorded():
    outputs = []

    class Watched(Module):
        def __init__(self):
            self.w = Value(2.0)

        def __call__(self, x):
            outputs.append(self.w * x[0])
            return outputs[-1]

    assert predict(Watched(), [[3.0]]).tolist() == [6.0]
    assert outputs[0]._prev == ()


def test_in_evaluation_mode_predictions_in_threads_do_not_disturb_each_other():
    network = MLP(2, [8, 1], dropout=0.5, seed=0).eval()
    expected, found = predict(network, X).tolist(), []
    threads = [threading.Thread(target=lambda: found.append(predict(network, X).tolist())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("X", "kind", "message"),
    [
        ([], ShapeError, "no samples"),
        (np.zeros((0, 2)), ShapeError, "no samples"),
        ([1.0, 2.0], TypeError, r"X\[0\] is 1.0: for one sample x write \[x\]"),
        (np.array([1.0, 2.0]), TypeError, r"for one sample x write \[x\]"),
        (["ab"], TypeError, "'ab'"),
        (None, TypeError, "X must be a list of samples, each a list of numbers, got None"),
        (3.0, TypeError, "X must be a list of samples, each a list of numbers, got 3.0"),
        (np.array(3.0), TypeError, "X must be a list of samples, each a list of numbers, got 3.0"),
        ("new.csv", TypeError, "X must be a list of samples, each a list of numbers, got 'new.csv'"),
        ([b"ab"], TypeError, "X\\[0\\] is b'ab': for one sample"),
        (
            {"a": 1.0},
            TypeError,
            "got {'a': 1.0}: Preprocessing.fit.rows..transform.rows. makes numbers of rows, and a Pipe",
        ),
        ([{"a": 1.0, "b": 2.0}], TypeError, r"X\[0\] is the dict {'a': 1.0, 'b': 2.0}: Preprocessing.fit.*a Pipeline"),
        (Table("a.csv", (), None, {}, True, ",", "utf-8"), TypeError, "got Table.*: 0 rows.*Preprocessing.*a Pipeline"),
        ([[1j, 2.0]], ValueError, "sample 0, number 0 is 1j, which is no number"),
        (np.zeros((3, 2, 2)), ShapeError, r"sample 0 of X holds the list \[0.0, 0.0\]: flatten it, each input is one"),
        ([[1.0, 2.0], [1.0]], ShapeError, "sample 1 has 1 feature, sample 0 has 2 features"),
        ([[1.0, 2.0, 3.0]], ShapeError, "expected 2 inputs, got 3"),
        ([[1.0, 2.0], [1.0, math.nan]], ValueError, "sample 1, number 1 is nan"),
        (np.array([[1.0, -math.inf]]), ValueError, "sample 0, number 1 is -inf"),
        ([[1.0, "red"]], ValueError, "sample 0, number 1 is 'red'"),
        ([[None, 1.0]], ValueError, "sample 0, number 0 is None"),
    ],
)
@pytest.mark.parametrize("ask", [predict, predict_proba])
def test_samples_that_cannot_be_predicted_from(ask, X, kind, message):
    with pytest.raises(kind, match=message):
        ask(Neuron(2, activation="sigmoid", weights=[1.0, 1.0]), X)


@pytest.mark.parametrize(("model", "got"), [(MLP, "the class MLP"), (3, "int: 3"), (None, "NoneType: None")])
@pytest.mark.parametrize("ask", [predict, predict_proba])
def test_what_is_no_model(ask, model, got):
    with pytest.raises(TypeError, match=rf"model must be a network, as MLP\(4, \[8, 3\]\), or a Pipeline, got {got}"):
        ask(model, X)


def test_a_model_that_takes_pictures_is_given_them():
    assert predict(lambda picture: picture[1][0], np.arange(8.0).reshape(2, 2, 2)).tolist() == [2.0, 6.0]


def test_a_table_of_pandas_is_its_numbers():
    class Frame:  # iterating over it gives the names of its columns
        def to_numpy(self):
            return np.array([[1.0], [2.0]])

        def __iter__(self):
            return iter(["size"])

    assert predict(Neuron(1, activation="linear", weights=[2.0]), Frame()).tolist() == [2.0, 4.0]


def test_nan_does_not_pass_for_a_class():
    network = with_task(
        Sequential(Layer(1, 2, activation="linear"), Layer(2, 2, activation="linear")), "classes_logits"
    )
    for parameter in network.parameters():
        parameter.data = 1e200
    for neuron in network.layers[0].neurons:
        neuron.b.data = 0.0
    network.layers[1].neurons[0].w[1].data = -1e200
    with pytest.raises(ValueError, match=r"the outputs for sample 1 are .*nan"):
        predict(network, [[0.0], [1e200]])


def test_outputs_are_floats_in_lists():
    assert outputs_of(MLP(2, [1], initializer="zeros"), X) == [[0.0]] * 3
