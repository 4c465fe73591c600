"""The summary of a network: the course's counts, part by part, as text and as HTML."""

import itertools
import re
from xml.etree import ElementTree

import pytest

from autograd import Value
from nn.layers import Dropout, GaussianNoise, Maxout, MaxoutNeuron, Sequential
from nn.modules import MLP, Layer, Module, Neuron
from nn.pipeline import Pipeline
from nn.preprocessing import Preprocessing, Target
from nn.summary import summary


@pytest.mark.parametrize(
    ("sizes", "neurons", "weights", "parameters"),
    [((3, 4, 2), 6, 20, 26), ((3, 4, 4, 1), 9, 32, 41)],  # the course's counts
)
def test_the_counts_of_the_course(sizes, neurons, weights, parameters):
    dense = [Layer(*pair) for pair in itertools.pairwise(sizes)]
    for model in (MLP(sizes[0], sizes[1:]), Sequential(*dense), Sequential(Dropout(0.5), *dense, GaussianNoise(0.1))):
        s = summary(model)
        assert (s.neurons, s.weights, s.parameters, s.trainable, s.frozen) == (
            neurons, weights, parameters, parameters, 0,
        )  # fmt: skip
        for number in ("neurons", "weights", "parameters"):
            assert sum(getattr(part, number) for part in s.parts) == getattr(s, number)


def rows(model):
    return [(p.path, p.kind, p.outputs, p.neurons, p.weights, p.parameters, p.frozen) for p in summary(model).parts]


def test_a_row_for_each_layer():
    model = Sequential(
        GaussianNoise(0.1), Maxout(3, 4), Layer(4, 5, activation="prelu"), Dropout(0.5),
        MLP(5, [2, 2], dropout=0.25), MaxoutNeuron([[1.0, 2.0]] * 3),
    )  # fmt: skip
    model.layers[2].freeze()
    assert rows(model) == [
        ("layers.0", "GaussianNoise(0.1)", None, 0, 0, 0, 0),
        ("layers.1", "Maxout(3 -> 4, 2 pieces)", 4, 4, 24, 32, 0),
        ("layers.2", "Layer(4 -> 5 prelu)", 5, 5, 20, 30, 30),
        ("layers.3", "Dropout(0.5)", None, 0, 0, 0, 0),
        ("layers.4.dropout", "Dropout(0.25)", None, 0, 0, 0, 0),
        ("layers.4.layers.0", "Layer(5 -> 2 relu)", 2, 2, 10, 12, 0),
        ("layers.4.layers.1", "Layer(2 -> 2 linear)", 2, 2, 4, 6, 0),
        ("layers.5", "MaxoutNeuron(2 inputs, 3 pieces)", 1, 1, 6, 9, 0),
    ]
    s = summary(model)
    assert (s.neurons, s.weights, s.parameters, s.trainable, s.frozen) == (14, 64, 89, 59, 30)


@pytest.mark.parametrize(
    ("model", "kind"), [(Layer(2, 3), "Layer(2 -> 3 relu)"), (Neuron(2), "Neuron(2 inputs, relu)")]
)
def test_one_layer_alone(model, kind):
    assert [(p.path, p.kind) for p in summary(model).parts] == [("", kind)]
    assert str(summary(model)).splitlines()[1].startswith("layer ")  # no column for paths


class Residual(Module):
    """f(x) + s x, with a scale s of its own."""

    def __init__(self, f):
        self.scale, self.bias = Value(1.0), Value(0.0)
        self.f = f

    def __call__(self, x):
        return [y + self.scale * v + self.bias for y, v in zip(self.f(x), x, strict=True)]


def test_modules_of_ones_own():
    model = Residual({"body": [Layer(2, 2)]})
    model.f["body"][0].neurons[1].freeze()
    assert rows(model) == [
        ("", "Residual, its own parameters", None, 0, 1, 2, 0),
        ("f.body.0", "Layer(2 -> 2 relu)", 2, 2, 4, 6, 3),
    ]
    assert summary(Sequential(Residual(Layer(2, 2)), Layer(2, 1))).parts[0].path == "layers.0"


def test_what_parts_share_is_counted_once_in_the_total():
    first, second = Layer(2, 2), Layer(2, 2)
    for a, b in zip(first.neurons, second.neurons, strict=True):
        b.w = a.w
    s = summary(Sequential(first, second))
    assert [part.parameters for part in s.parts] == [6, 6]
    assert (s.neurons, s.weights, s.parameters) == (4, 4, 8)
    assert s.note == "8 parameters: 8 trainable, 0 frozen; 4 more in the rows, since parts share them"
    s = summary(Sequential(first, first))  # one layer, used twice
    assert (len(s.parts), s.parameters) == (1, 6)


def test_it_prints_as_an_aligned_table():
    model = MLP(3, [4, 4, 1], seed=0)
    model.layers[0].freeze()
    s = summary(model)
    assert repr(s) == str(s)
    assert str(s).splitlines() == [
        "MLP",
        "          layer                 outputs  neurons  weights  parameters  frozen",
        "-----------------------------------------------------------------------------",
        "layers.0  Layer(3 -> 4 relu)          4        4       12          16      16",
        "layers.1  Layer(4 -> 4 relu)          4        4       16          20",
        "layers.2  Layer(4 -> 1 linear)        1        1        4           5",
        "-----------------------------------------------------------------------------",
        "          total                                9       32          41      16",
        "41 parameters: 25 trainable, 16 frozen",
    ]


def test_its_html_says_the_same_and_is_escaped():
    def evil(z):
        return z

    evil.__name__ = "<script>alert('&')</script>"
    s = summary(MLP(2, [3, 1], activation=evil))
    html = s._repr_html_()
    assert "<script>" not in html
    tree = ElementTree.fromstring(f"<div>{html}</div>")  # well-formed
    cells = [[cell.text or "" for cell in row] for row in tree.iter("tr")]
    assert cells[1] == ["layers.0", "Layer(2 -> 3 <script>alert('&')</script>)", "3", "3", "6", "9", ""]
    assert [len(row) for row in cells] == [7] * 4
    text = [re.split(r"\s{2,}", line.strip()) for line in str(s).splitlines()]
    assert cells[-1][1:] == ["total", "", "4", "9", "13", ""]
    assert text[-2] == ["total", "4", "9", "13"]


def test_a_model_without_parameters():
    class Nothing(Module):
        pass

    assert summary(Nothing()).parts == ()
    assert "0 parameters: 0 trainable, 0 frozen" in str(summary(Nothing()))


@pytest.mark.parametrize("model", [len, MLP, None, [Layer(2, 3)]])
def test_it_takes_a_module(model):
    with pytest.raises(TypeError, match=r"summary takes a Module, as MLP\(2, \[3, 1\]\), not "):
        summary(model)


def test_of_a_pipeline_the_network_is_meant():
    network = MLP(1, [2, 1])
    pipeline = Pipeline(network, Preprocessing.fit([[1.0], [2.0]]), Target.fit(["a", "b"]), "binary_logits")
    assert str(summary(pipeline)) == str(summary(network))
