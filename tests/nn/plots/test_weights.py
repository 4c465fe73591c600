"""Weights as images: each pixel is the weight of its input."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from autograd.errors import ShapeError
from nn.layers import Dropout, Maxout, Sequential
from nn.modules import MLP, Layer, Neuron
from nn.plots import new_figure, style, weight_images


@pytest.fixture
def ax():
    return new_figure(6, 4).subplots()


def layer_of(weights):
    layer = Layer(len(weights[0]), len(weights))
    for neuron, row in zip(layer.neurons, weights, strict=True):
        for w, number in zip(neuron.w, row, strict=True):
            w.data = float(number)
    return layer


def picture(ax):
    return ax.images[0].get_array()


def test_each_unit_is_an_image_of_its_weights(ax):
    weights = np.arange(-20, 20).reshape(10, 4)
    weight_images(layer_of(weights), ax=ax)
    shown = picture(ax)
    found = [
        shown[top : top + 2, left : left + 2].tolist()
        for top in range(0, shown.shape[0], 3)
        for left in range(0, shown.shape[1], 3)
    ]
    assert found[:10] == weights.reshape(10, 2, 2).tolist()
    assert all(tile == [[None, None]] * 2 for tile in found[10:])
    assert shown.mask[2].all()  # a row of nothing between the images
    assert ax.get_title() == "weights of 10 units"


def test_limits_are_symmetric_and_0_is_white(ax):
    weight_images(layer_of([[0.0, 1.0, -4.0, 2.0]]), ax=ax)
    image = ax.images[0]
    assert image.get_clim() == (-4.0, 4.0)
    low, middle, high = (image.cmap(image.norm(x))[:3] for x in (-4.0, 0.0, 4.0))
    assert low == pytest.approx(to_rgb(style.VERMILLION))
    assert high == pytest.approx(to_rgb(style.BLUE))  # as in the diagram of a network
    assert middle == pytest.approx((1, 1, 1), abs=0.01)


def test_larger_negative_weights_are_marked_besides_their_colour(ax):
    weight_images(layer_of([[0.0, 1.0, -4.0, -0.5]]), ax=ax)
    assert ax.collections[0].get_offsets().tolist() == [[0.0, 1.0]]  # column 0 of row 1


def test_only_so_many_units_are_shown(ax):
    weight_images(MLP(4, [50, 1], seed=0), limit=6, ax=ax)
    assert ax.get_title() == "weights of the first 6 of 50 units"
    assert len(ax.patches) == 6


def test_a_shape_of_ones_own(ax):
    weight_images(Neuron(6, weights=range(6)), (2, 3), ax=ax)
    assert picture(ax).tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]


def test_weights_of_zero_and_of_nothing_finite(ax):
    weight_images(Layer(4, 2, initializer="zeros"), ax=ax)
    assert [label.get_text() for label in ax.figure.axes[1].get_yticklabels()] == ["0"]
    weight_images(Neuron(4, weights=[float("nan"), float("inf"), 1.0, 2.0]), ax=new_figure(6, 4).subplots())


def test_dropout_in_front_is_no_layer(ax):
    weight_images(Sequential(Dropout(0.5), layer_of([[1, 2, 3, 4]])), ax=ax)
    assert picture(ax).tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_what_is_no_image(ax):
    with pytest.raises(ShapeError, match=r"without a shape: a unit has 6 weights; they are no square: give shape="):
        weight_images(Neuron(6), ax=ax)
    with pytest.raises(ShapeError, match=r"shape = \(2, 2\): a unit has 6 weights; rows times columns must be that"):
        weight_images(Neuron(6), (2, 2), ax=ax)
    with pytest.raises(ShapeError, match=r"shape = \(-2, -3\)"):
        weight_images(Neuron(6), (-2, -3), ax=ax)
    with pytest.raises(TypeError, match="weight of a neuron in a dense layer, and Maxout"):
        weight_images(Maxout(4, 2), ax=ax)
    with pytest.raises(TypeError, match="expected a network with layers"):
        weight_images([1.0, 2.0], ax=ax)
    with pytest.raises(ValueError, match="limit = 0"):
        weight_images(Neuron(4), limit=0, ax=ax)
