"""What happens inside a network: distributions against numpy, gradients against those derived by hand."""

import numpy as np
import pytest
from matplotlib.collections import PolyCollection

from autograd.errors import ShapeError
from nn.layers import Dropout, GaussianNoise, Maxout, Sequential
from nn.losses import mean_squared_error
from nn.modules import MLP, Layer, Module, Neuron
from nn.plots import activation_distributions, dead_relu_share, gradient_distributions, new_figure

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(40, 3)), RNG.normal(size=40)


@pytest.fixture
def ax():
    return new_figure(6, 4).subplots()


def forward(network, function):
    """The outputs of each layer by matrix products; the last one is linear."""
    outputs, values = [], X
    for k, layer in enumerate(network.layers):
        weights = np.array([[w.data for w in neuron.w] for neuron in layer.neurons])
        values = values @ weights.T + [neuron.b.data for neuron in layer.neurons]
        values = values if k == len(network.layers) - 1 else function(values)
        outputs.append(values)
    return outputs


def medians(ax):
    """Place and height of the black marks."""
    return [tuple(line.get_xydata()[0]) for line in ax.get_lines() if line.get_marker() == "_"]


def spans(ax):
    """The lowest and the highest point of each histogram."""
    shapes = [c.get_paths()[0].vertices for c in ax.collections if isinstance(c, PolyCollection)]
    return [(points[:, 1].min(), points[:, 1].max()) for points in shapes]


def ticks(ax):
    return [label.get_text() for label in ax.get_xticklabels()]


def test_distributions_of_activations_are_those_of_matrix_products(ax):
    network = MLP(3, [5, 4, 2], activation="tanh", seed=0)
    activation_distributions(network, X, ax=ax)
    outputs = forward(network, np.tanh)
    assert np.array(medians(ax)) == pytest.approx(np.array([(k, np.median(v)) for k, v in enumerate(outputs, start=1)]))
    assert np.array(spans(ax)) == pytest.approx(np.array([(values.min(), values.max()) for values in outputs]))
    assert ticks(ax) == ["1\ntanh", "2\ntanh", "3\nlinear"]


def test_the_width_of_a_histogram_is_the_number_of_outputs(ax):
    neuron = Neuron(1, activation="linear", weights=[1.0])
    activation_distributions(neuron, [[x] for x in [1.0] * 6 + [2.0] * 3], ax=ax)  # bins from 1 to 2
    points = ax.collections[0].get_paths()[0].vertices
    widths = {round(height, 3): np.ptp(points[points[:, 1] == height][:, 0]) for height in (1.0, 2.0)}
    assert widths[1.0] == pytest.approx(0.8)
    assert widths[2.0] == pytest.approx(0.4)


def test_outputs_of_exactly_0_stand_below(ax):
    network = MLP(3, [6, 1], seed=0)
    activation_distributions(network, X, ax=ax)
    hidden = forward(network, lambda z: np.maximum(z, 0))[0]
    assert ax.texts[0].get_text() == f"{100 * np.mean(hidden == 0):.0f} % are 0"
    assert medians(ax)[0][1] == pytest.approx(np.median(hidden[hidden > 0]))
    assert len(ax.texts) == 1  # none for the linear output


def test_a_network_of_zeros(ax):
    activation_distributions(MLP(3, [4, 1], initializer="zeros"), X, ax=ax)
    assert [text.get_text() for text in ax.texts] == ["all 0", "all 0"]


def test_outputs_that_are_all_the_same_are_a_line(ax):
    activation_distributions(MLP(3, [4, 1], activation="sigmoid", initializer="zeros"), X, ax=ax)
    line = ax.get_lines()[0]
    assert line.get_ydata().tolist() == [0.5, 0.5]
    assert line.get_xdata().tolist() == [0.6, 1.4]


def test_dropout_and_noise_are_off_and_left_as_they_were(ax):
    network = Sequential(GaussianNoise(1.0), MLP(3, [5], seed=0), Dropout(0.9), Maxout(5, 2, seed=0))
    network.layers[2].eval()
    modes = [module.training for module in network.modules()]
    assert set(modes) == {True, False}
    first = activation_distributions(network, X, ax=ax)
    again = activation_distributions(network, X, ax=new_figure(6, 4).subplots())
    assert medians(first) == medians(again)
    assert ticks(ax) == ["1\nlinear", "2\nmaxout"]
    assert [module.training for module in network.modules()] == modes


def test_gradients_are_those_derived_by_hand(ax):
    """For ŷ = w·x + b and the mean of (ŷ - y)²: ∂/∂w = mean 2 (ŷ - y) x, ∂/∂b = mean 2 (ŷ - y)."""
    neuron = Neuron(3, activation="linear", weights=[0.5, -1.0, 2.0], bias=0.25)
    neuron.b.grad = 7.0
    gradient_distributions(neuron, X, Y, mean_squared_error, ax=ax)
    errors = 2 * (X @ [0.5, -1.0, 2.0] + 0.25 - Y)
    exact = np.abs([*np.mean(errors[:, None] * X, axis=0), np.mean(errors)])
    assert medians(ax) == [pytest.approx((1, np.median(exact)))]
    assert spans(ax) == [pytest.approx((exact.min(), exact.max()))]
    assert ax.get_yscale() == "log"
    assert [w.grad for w in neuron.w] == [0.0] * 3  # as it was
    assert neuron.b.grad == 7.0


def test_the_vanishing_gradient_is_seen_and_mended(ax):
    """Through six sigmoids, each each of a slope <= 1/4, gradients shrink; with relu and He's weights they do not."""
    sizes = [8] * 6 + [1]
    gradient_distributions(MLP(3, sizes, activation="sigmoid", seed=0), X, Y, mean_squared_error, ax=ax)
    heights = [height for _, height in medians(ax)]
    assert heights == sorted(heights)
    assert heights[0] < 1e-3 * heights[-1]
    other = gradient_distributions(
        MLP(3, sizes, activation="relu", seed=0), X, Y, mean_squared_error, ax=new_figure(6, 4).subplots()
    )
    mended = [height for _, height in medians(other)]
    assert mended[0] > 1e-2 * mended[-1]


def test_gradients_of_exactly_0_stand_below(ax):
    network = MLP(3, [4, 1], initializer="zeros")
    gradient_distributions(network, X, Y, mean_squared_error, ax=ax)
    assert [text.get_text() for text in ax.texts] == ["all 0", "80 % are 0"]  # all but the last bias: 1 of 5
    low, high = ax.get_ylim()
    assert high / low >= 100


def test_dead_units_are_counted(ax):
    network = MLP(3, [4, 4, 2], activation="relu", seed=0)
    for neuron in network.layers[0].neurons[:1] + network.layers[1].neurons[:3]:
        neuron.b.data = -1e6
    network.layers[1].neurons[3].b.data = 1e6
    for neuron in network.layers[0].neurons[1:]:
        neuron.b.data = 100.0
    dead_relu_share(network, X, ax=ax)
    assert [bar.get_height() for bar in ax.patches] == [25.0, 75.0, 0.0]
    assert [text.get_text() for text in ax.texts] == ["1 of 4", "3 of 4", "0 of 2"]


def test_a_leaky_unit_is_never_dead(ax):
    network = MLP(3, [4, 1], activation="leaky_relu", seed=0)
    for neuron in network.layers[0].neurons:
        neuron.b.data = -100.0
    dead_relu_share(network, X, ax=ax)
    assert [bar.get_height() for bar in ax.patches] == [0.0, 0.0]


class Skip(Module):
    """A network with a skip connection: its layers do not follow one another."""

    def __init__(self):
        self.layers = [Layer(3, 3, seed=0), Layer(3, 1, seed=1)]

    def __call__(self, x):
        return self.layers[1]([a + b for a, b in zip(x, self.layers[0](x), strict=True)])


@pytest.mark.parametrize("plot", [activation_distributions, dead_relu_share])
def test_what_cannot_be_looked_into(ax, plot):
    with pytest.raises(ValueError, match="Skip does not compute its layers one after the other"):
        plot(Skip(), X, ax=ax)
    with pytest.raises(TypeError, match="expected a network with layers, such as MLP, not <built-in function max>"):
        plot(max, X, ax=ax)
    with pytest.raises(TypeError, match="Sequential has no layers with parameters"):
        plot(Sequential(Dropout(0.5)), X, ax=ax)
    with pytest.raises(ShapeError, match="no samples to look at: X is empty"):
        plot(MLP(3, [1]), [], ax=ax)


def test_numbers_that_are_not_finite(ax):
    network = MLP(3, [2, 1], seed=0)
    network.layers[1].neurons[0].b.data = float("inf")
    with pytest.raises(ValueError, match="an output of layer 2 is inf: look for the layer"):
        activation_distributions(network, X, ax=ax)
    with pytest.raises(ValueError, match="a gradient of layer 1 is"):
        gradient_distributions(network, X, Y, mean_squared_error, ax=ax)


def test_gradients_need_targets_and_a_loss(ax):
    network = MLP(3, [1], seed=0)
    with pytest.raises(ShapeError, match="each sample needs one target: 40 samples, 39 targets"):
        gradient_distributions(network, X, Y[1:], mean_squared_error, ax=ax)
    with pytest.raises(TypeError, match=r"the loss must return one Value.*; it returned 0.5"):
        gradient_distributions(network, X, Y, lambda p, y: 0.5, ax=ax)


def test_a_loss_by_name_and_samples_that_are_not_finite():
    network = MLP(2, [2, 1], seed=0)
    by_name = gradient_distributions(network, [[0.0, 1.0]], [1.0], "mean_squared_error", ax=new_figure(6, 4).subplots())
    itself = gradient_distributions(network, [[0.0, 1.0]], [1.0], mean_squared_error, ax=new_figure(6, 4).subplots())
    for one, other in zip(by_name.get_lines(), itself.get_lines(), strict=True):
        assert one.get_ydata().tolist() == other.get_ydata().tolist()
    with pytest.raises(ValueError, match="X: sample 0, number 0 is nan: leave the sample out"):
        activation_distributions(network, [[float("nan"), 1.0]], ax=new_figure(6, 4).subplots())
