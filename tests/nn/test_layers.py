"""Layers beyond the dense one: what they compute, what they let through while training, and modules in a row."""

import copy
import json
import math
import random
import statistics

import numpy as np
import pytest

import autograd
from autograd import ShapeError, Value
from nn.layers import Dropout, GaussianNoise, Maxout, MaxoutNeuron, Sequential, dropout, gaussian_noise
from nn.modules import MLP, Layer, Module, Neuron


def data(values):
    return [float(v) for v in values]


# --- Sequential ----------------------------------------------------------------------------------------------


def test_modules_are_called_one_after_the_other():
    first, second = Layer(2, 3, activation="tanh", seed=0), Layer(3, 2, activation="linear", seed=1)
    x = [0.5, -1.0]
    assert data(Sequential(first, second)(x)) == data(second(first(x)))


def test_it_computes_what_an_mlp_computes():
    network = MLP(2, [4, 1, 3, 1], activation="tanh", seed=0)
    row = Sequential(*network.layers)
    assert row([0.5, -1.0]).data == network([0.5, -1.0]).data
    assert [name for name, _ in row.named_parameters()] == [name for name, _ in network.named_parameters()]
    assert Sequential(network, Neuron(1, weights=[2.0], activation="linear"))([0.5, -1.0]).data == (
        2 * network([0.5, -1.0]).data
    )


def test_one_output_is_a_value_and_several_are_a_list():
    assert isinstance(Sequential(Layer(2, 3), Layer(3, 1))([1.0, 2.0]), Value)
    assert isinstance(Sequential(Layer(2, 1), Dropout(0.5, seed=0))([1.0, 2.0]), Value)
    assert isinstance(Sequential(Layer(2, 1), GaussianNoise(0.5)).eval()([1.0, 2.0]), Value)
    assert len(Sequential(Layer(2, 1), Layer(1, 2))(np.array([1.0, 2.0]))) == 2


def test_a_module_of_ones_own_stands_in_a_row():
    class Square(Module):
        def __call__(self, x):
            return [v * v for v in x]

    row = Sequential(Layer(2, 2, activation="linear", seed=0), Square(), Layer(2, 1, activation="linear", seed=1))
    assert row([1.0, 2.0]).data == row.layers[2]([v * v for v in row.layers[0]([1.0, 2.0])]).data
    assert Sequential(Square()).n_inputs is None
    assert Sequential(Square()).n_outputs is None


def test_widths_are_known_and_checked():
    row = Sequential(Dropout(0.5), Maxout(3, 4), Dropout(0.5), Layer(4, 2), GaussianNoise(0.1))
    assert (row.n_inputs, row.n_outputs) == (3, 2)
    assert Sequential(Dropout(0.5)).n_inputs is None
    message = r"Layer\(4 -> 1 relu\) takes 4 inputs, but Layer\(2 -> 3 relu\) before it has 3 outputs"
    with pytest.raises(ShapeError, match=message):
        Sequential(Layer(2, 3), Dropout(0.5), Layer(4, 1))
    with pytest.raises(ShapeError, match=r"Neuron\(2 inputs, relu\) takes 2 inputs, but Neuron.* has 1 output$"):
        Sequential(Neuron(3), Neuron(2))


def test_a_row_is_made_of_modules():
    with pytest.raises(ValueError, match="a Sequential needs one module at least"):
        Sequential()
    with pytest.raises(TypeError, match=r"made of modules, not list: .*; write Sequential\(\*modules\)"):
        Sequential([Layer(2, 3)])
    with pytest.raises(TypeError, match=r"made of modules, not Op: <Op tanh>$"):
        Sequential(Layer(2, 3), autograd.tanh)


def test_a_batch_is_refused_by_whatever_comes_first():
    for first in (Layer(2, 2), Maxout(2, 2), Dropout(0.5), GaussianNoise(0.5)):
        with pytest.raises(TypeError, match="got a batch of 3 samples; one sample at a time"):
            Sequential(first)(np.zeros((3, 2)))
    for first in (Layer(2, 2), Maxout(2, 2), MaxoutNeuron([[1.0, 2.0]]), Dropout(0.5), GaussianNoise(0.5)):
        with pytest.raises(TypeError, match=r"takes a list of .*numbers, not float: write \[x\]"):
            first(3.0)


def test_a_row_of_dense_layers_draws_itself():
    row = Sequential(GaussianNoise(0.1), Layer(2, 3), Dropout(0.5), Sequential(MLP(3, [2, 1])))
    assert autograd.draw(row).svg.count("<circle") == 2 + 3 + 2 + 1
    svg = row.graph(inputs=["left", "right"], outputs=["out"], title="mine").svg
    assert all(text in svg for text in ("left", "right", "out", "mine"))
    with pytest.raises(TypeError, match=r"only dense layers are drawn as a network, not Maxout\(3 -> 2, 2 pieces\)"):
        Sequential(Layer(2, 3), Maxout(3, 2)).graph()
    with pytest.raises(TypeError, match="there are no neurons to draw"):
        Sequential(Dropout(0.5)).graph()


# --- Maxout --------------------------------------------------------------------------------------------------


def test_maxout_is_the_largest_weighted_sum():
    neuron = MaxoutNeuron([[1.0, 2.0], [-1.0, 0.5], [0.0, 0.0]], biases=[0.5, 1.0, -3.0])
    for x1, x2 in [(1.0, 1.0), (-4.0, 1.0), (5.0, -9.0)]:
        assert neuron([x1, x2]).data == max(x1 + 2 * x2 + 0.5, -x1 + 0.5 * x2 + 1.0, -3.0)


@pytest.mark.parametrize("x", [-2.0, -0.5, 0.5, 3.0])
def test_it_generalises_relu_leaky_relu_and_the_absolute_value(x):
    assert MaxoutNeuron([[1.0], [0.0]])([x]).data == max(0.0, x)
    assert MaxoutNeuron([[1.0], [0.01]])([x]).data == (x if x > 0 else 0.01 * x)
    assert MaxoutNeuron([[1.0], [-1.0]])([x]).data == abs(x)


def test_the_gradient_goes_to_the_piece_that_won_alone():
    neuron = MaxoutNeuron([[1.0, 1.0], [2.0, 2.0]])
    neuron([3.0, 4.0]).backward()
    assert [p.grad for p in neuron.parameters()] == [0.0, 0.0, 0.0, 3.0, 4.0, 1.0]


def test_a_layer_of_maxout_neurons():
    layer = Maxout(3, 4, pieces=3, seed=0)
    x = [1.0, -2.0, 0.5]
    assert data(layer(x)) == [neuron(x).data for neuron in layer.neurons]
    assert isinstance(Maxout(3, 1)(x), Value)
    assert repr(layer) == "Maxout(3 -> 4, 3 pieces)"
    assert repr(layer.neurons[0]) == "MaxoutNeuron(3 inputs, 3 pieces)"
    assert layer.activation == "maxout"


def test_maxout_of_two_pieces_doubles_the_parameters():
    dense, layer = Layer(3, 4), Maxout(3, 4)
    assert (layer.n_neurons, layer.n_weights, layer.n_parameters) == (4, 2 * dense.n_weights, 2 * dense.n_parameters)
    assert [name for name, _ in layer.named_parameters()][:8] == [
        "neurons.0.pieces.0.w.0", "neurons.0.pieces.0.w.1", "neurons.0.pieces.0.w.2", "neurons.0.pieces.0.b",
        "neurons.0.pieces.1.w.0", "neurons.0.pieces.1.w.1", "neurons.0.pieces.1.w.2", "neurons.0.pieces.1.b",
    ]  # fmt: skip


def test_pieces_are_drawn_apart_and_seeds_repeat():
    layer = Maxout(2, 3, seed=4)
    assert layer.state_dict() == Maxout(2, 3, seed=4).state_dict()
    assert layer.state_dict() != Maxout(2, 3, seed=5).state_dict()
    rows = [tuple(w.data for w in piece.w) for neuron in layer.neurons for piece in neuron.pieces]
    assert len(set(rows)) == 6
    random.seed(3)
    first = Maxout(2, 3).state_dict()
    random.seed(3)
    assert Maxout(2, 3).state_dict() == first


def test_maxout_learns_the_absolute_value():
    layer = Maxout(1, 1, seed=0)
    xs = [-2.0, -1.0, -0.5, 0.5, 1.0, 2.0]
    for _ in range(400):
        layer.zero_grad()
        autograd.mean([(layer([x]) - abs(x)) ** 2 for x in xs]).backward()
        for p in layer.parameters():
            p.data -= 0.2 * p.grad
    assert [layer([x]).data for x in xs] == pytest.approx([abs(x) for x in xs], abs=1e-4)


@pytest.mark.parametrize("pieces", [0, -1, 1.5, True, "2"])
def test_pieces_are_counted(pieces):
    with pytest.raises(ValueError, match="pieces must be a whole number of at least 1, got"):
        Maxout(2, 3, pieces)


def test_wrong_inputs_and_weights_of_maxout():
    with pytest.raises(ShapeError, match=r"Maxout\(2 -> 3, 2 pieces\) expected 2 inputs, got 3"):
        Maxout(2, 3)([1.0, 2.0, 3.0])
    with pytest.raises(ShapeError, match=r"MaxoutNeuron\(2 inputs, 1 piece\) expected 2 inputs, got 1"):
        MaxoutNeuron([[1.0, 2.0]])([1.0])
    with pytest.raises(ShapeError, match=r"rows of as many weights each, got \[1, 2\]"):
        MaxoutNeuron([[1.0], [1.0, 2.0]])
    with pytest.raises(ShapeError, match=r"rows of as many weights each, got \[\]"):
        MaxoutNeuron([])
    with pytest.raises(ShapeError, match="of 2 pieces has as many biases, got 1"):
        MaxoutNeuron([[1.0], [2.0]], [0.0])
    with pytest.raises(ValueError, match="unknown initializer 'zero', did you mean 'zeros'"):
        Maxout(2, 3, initializer="zero")


# --- dropout -------------------------------------------------------------------------------------------------


def test_dropout_drops_below_p_and_scales_what_it_keeps():
    assert dropout([1.0, 2.0, 3.0, 4.0], [0.0, 0.7499, 0.75, 0.9], p=0.75) == [0.0, 0.0, 12.0, 16.0]
    assert dropout([1.0, 2.0], [0.0, 0.5], p=0.0) == [1.0, 2.0]  # nothing is below 0
    assert all(type(y) is float for y in dropout([1.0, 2.0], [0.3, 0.6], p=0.5))


def test_gradients_flow_through_what_was_kept_alone():
    values = [Value(1.0), Value(2.0), Value(3.0)]
    outputs = dropout(values, [0.1, 0.6, 0.9], p=0.5)
    (outputs[0] + 10 * outputs[1] + 100 * outputs[2]).backward()
    assert [v.grad for v in values] == [0.0, 20.0, 200.0]


def test_random_numbers_that_are_values_do_not_branch():
    """What a compiler needs: the graph is the same whatever was drawn."""

    def ops(u):
        y = dropout([Value(1.0)], [Value(u)], p=0.5)[0]
        names, stack = [], [y]
        while stack:
            v = stack.pop()
            names.append(v._op)
            stack += v._prev
        return names

    assert ops(0.1) == ops(0.9)
    assert dropout([Value(1.0)], [Value(0.1)], p=0.5)[0].data == 0.0


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_the_share_that_is_dropped_and_the_expectation(p):
    n = 40_000
    outputs = Dropout(p, seed=0)([3.0] * n)
    dropped = outputs.count(0.0) / n
    assert dropped == pytest.approx(p, abs=4 * math.sqrt(p * (1 - p) / n))  # 4 standard deviations of a share
    assert sorted(set(outputs)) == pytest.approx([0.0, 3.0 / (1 - p)])
    spread = 3.0 * math.sqrt(p / (1 - p))  # the standard deviation of one output
    assert statistics.fmean(outputs) == pytest.approx(3.0, abs=4 * spread / math.sqrt(n))


@pytest.mark.parametrize("noise", [Dropout(0.5, seed=0), GaussianNoise(0.5, seed=0)])
def test_in_eval_mode_nothing_changes_and_nothing_is_drawn(noise):
    values = [Value(1.0), 2.0]
    reference = copy.deepcopy(noise)
    assert all(y is v for y, v in zip(noise.eval()(values), values, strict=True))
    assert noise.train()([1.0] * 9) == reference([1.0] * 9)
    assert noise([1.0] * 9) != [1.0] * 9


@pytest.mark.parametrize("kind", [Dropout, GaussianNoise])
def test_seeds_repeat_and_calls_differ(kind):
    ones = [1.0] * 50
    noise = kind(0.5, seed=3)
    first, second = noise(ones), noise(ones)
    assert first != second
    again = kind(0.5, seed=np.int64(3))
    assert [again(ones), again(ones)] == [first, second]
    assert kind(0.5, seed=random.Random(3))(ones) == first
    assert kind(0.5, seed=4)(ones) != first
    unseeded = kind(0.5)
    random.seed(3)
    assert unseeded(ones) == first
    assert copy.deepcopy(unseeded).training  # nothing in it that cannot be copied
    with pytest.raises(TypeError, match=r"a seed is a whole number, a random\.Random or None, not 'x'"):
        kind(0.5, seed="x")


@pytest.mark.parametrize("kind", [Dropout, GaussianNoise])
def test_reseeding_starts_the_draws_anew(kind):
    noise, ones = kind(0.5, seed=3), [1.0] * 50
    first = noise(ones)
    noise.reseed(3)
    assert noise(ones) == first
    noise.reseed(None)
    random.seed(3)
    assert noise(ones) == first


@pytest.mark.parametrize("kind", [Dropout, GaussianNoise])
def test_zero_leaves_the_values_and_the_generator_alone(kind):
    random.seed(1)
    state = random.getstate()
    value = Value(2.0)
    assert kind(0)([value])[0] is value
    assert random.getstate() == state


def test_a_value_or_a_row_of_numpy_can_be_dropped():
    assert len(Dropout(0.5)(Value(2.0))) == 1
    assert Dropout(0.5).eval()(np.array([1, 2])) == [1, 2]


@pytest.mark.parametrize("p", [1.0, 1, -0.1, 2.0, math.nan, math.inf, "0.5", None, [0.5]])
def test_the_probability_is_checked(p):
    error = ValueError if isinstance(p, (int, float)) else TypeError
    for use in (lambda: Dropout(p), lambda: dropout([1.0], [0.5], p), lambda: MLP(2, [2, 1], dropout=p)):
        with pytest.raises(error, match=r"p, the probability of being dropped, must be .*, got "):
            use()


def test_each_value_needs_its_random_number():
    with pytest.raises(ShapeError, match="2 values, 1 uniforms"):
        dropout([1.0, 2.0], [0.5], p=0.5)
    with pytest.raises(ShapeError, match="2 values, 3 normals"):
        gaussian_noise([1.0, 2.0], [0.5] * 3, deviation=0.5)


# --- dropout in an MLP ---------------------------------------------------------------------------------------


def test_an_mlp_drops_outputs_of_hidden_layers_while_training():
    network = MLP(2, [4, 1, 3], activation="sigmoid", dropout=0.5, seed=0)
    drawn = copy.deepcopy(network.dropout)
    first, second, output = network.layers
    x = [0.5, -1.0]
    expected = output(drawn([second(drawn(first(x)))]))
    assert data(network(x)) == data(expected)
    assert data(network(x)) != data(expected)  # others are dropped
    network.eval()
    assert data(network(x)) == data(network(x)) == data(MLP(2, [4, 1, 3], activation="sigmoid", seed=0)(x))


def test_dropout_changes_neither_names_nor_weights_and_shows_itself():
    plain, dropped = MLP(2, [3, 1], seed=0), MLP(2, [3, 1], seed=0, dropout=0.25)
    assert dropped.state_dict() == plain.state_dict()
    assert repr(dropped) == "MLP(2 -> 3 relu -> dropout 0.25 -> 1 linear; 4 neurons, 9 weights, 13 parameters)"
    assert MLP(2, [1], dropout=0.9, seed=0)([1.0, 2.0]).data == MLP(2, [1], seed=0)([1.0, 2.0]).data  # none hidden


def test_two_runs_of_one_seed_drop_the_same():
    networks = [MLP(2, [8, 1], dropout=0.5, seed=1) for _ in range(2)]
    outputs = [[network([1.0, 2.0]).data for _ in range(20)] for network in networks]
    assert outputs[0] == outputs[1]
    assert len(set(outputs[0])) > 5


def test_dropout_continues_the_draws_of_the_weights():
    """A second generator of the same seed would repeat them: what is dropped would depend on the weights."""
    network = MLP(2, [8, 1], dropout=0.5, seed=1)
    rng = random.Random(1)
    MLP(2, [8, 1], seed=rng)
    assert network.dropout([1.0] * 30) == Dropout(0.5, seed=rng)([1.0] * 30)


def test_the_gradients_of_a_network_with_fixed_dropout_are_right():
    network = MLP(2, [4, 4, 1], activation="tanh", dropout=0.5, seed=2)

    def one_sample(*parameters):
        for own, given in zip(slots, parameters, strict=True):
            own[0][own[1]] = given
        network.dropout._rng = random.Random(5)
        return network([0.5, -1.0])

    slots = [(n.w, i) for layer in network.layers for n in layer.neurons for i in range(len(n.w))]
    assert autograd.gradcheck(one_sample, *[own[i].data for own, i in slots]).ok


# --- noise ---------------------------------------------------------------------------------------------------


def test_noise_is_added_as_it_is_given():
    assert gaussian_noise([1.0, 2.0], [2.0, -1.0], deviation=0.25) == [1.5, 1.75]
    value = Value(1.0)
    (y,) = gaussian_noise([value], [3.0], deviation=2.0)
    y.backward()
    assert (y.data, value.grad) == (7.0, 1.0)


def test_the_mean_and_the_deviation_of_noise():
    n, deviation = 40_000, 0.3
    outputs = GaussianNoise(deviation, seed=0)([2.0] * n)
    assert statistics.fmean(outputs) == pytest.approx(2.0, abs=4 * deviation / math.sqrt(n))
    assert statistics.pstdev(outputs) == pytest.approx(deviation, rel=4 / math.sqrt(2 * n))


@pytest.mark.parametrize("deviation", [-0.1, math.nan, math.inf, "0.1", None])
def test_the_deviation_is_checked(deviation):
    error = ValueError if isinstance(deviation, float) else TypeError
    for use in (lambda: GaussianNoise(deviation), lambda: gaussian_noise([1.0], [0.5], deviation)):
        with pytest.raises(error, match=r"deviation must be .*, got "):
            use()


# --- configs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [Maxout(3, 4, 3), Maxout(1, 1), Dropout(0.25), GaussianNoise(0.5)])
def test_a_config_builds_the_same(module):
    config = module.config()
    assert json.loads(json.dumps(config)) == config
    again = type(module)(**config)
    assert repr(again) == repr(module)
    again.load_state_dict(module.state_dict())


def test_a_maxout_that_was_changed_has_no_config():
    layer = Maxout(2, 2)
    layer.neurons[0].pieces[0].w[0] = layer.neurons[1].pieces[0].w[0]
    with pytest.raises(TypeError, match="shares parameters among its parts"):
        layer.config()
    layer.neurons[0] = MaxoutNeuron([[1.0, 2.0]])
    with pytest.raises(TypeError, match="are not of one kind"):
        layer.config()
