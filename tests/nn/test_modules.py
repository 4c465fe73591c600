"""Neurons, layers and networks: what they compute, what they are made of, and what they refuse."""

import copy
import json
import math
import random
from functools import partial

import numpy as np
import pytest

import autograd
from autograd import ShapeError, Value
from nn.initializers import constant
from nn.layers import Sequential
from nn.modules import MLP, Layer, Module, Neuron


def test_a_neuron_is_a_weighted_sum_then_a_nonlinearity():
    neuron = Neuron(2, activation="tanh", weights=[2.0, -1.0], bias=0.5)
    assert neuron([3.0, 4.0]).data == pytest.approx(math.tanh(2.0 * 3.0 - 4.0 + 0.5), abs=1e-15)


def test_the_weighted_sum_is_one_node():
    neuron = Neuron(3, activation="relu", seed=0)
    y = neuron([1.0, 2.0, 3.0])
    assert y.op.name == "relu"
    (z,) = y.operands
    assert z.op.name == "dot"
    assert z.operands == (*neuron.w, 1.0, 2.0, 3.0, neuron.b)
    assert Neuron(3, activation="linear", seed=0)([1.0, 2.0, 3.0]).op.name == "dot"


@pytest.mark.parametrize("x", [[1, 2], (1.0, 2.0), np.array([1.0, 2.0]), np.array([1, 2]), [Value(1.0), Value(2.0)]])
def test_inputs_may_be_numbers_rows_or_values(x):
    expected = MLP(2, [3, 1], seed=4)([1.0, 2.0]).data
    assert MLP(2, [3, 1], seed=4)(x).data == expected
    assert Neuron(2, weights=[1.0, 1.0])(x).data == 3.0


def test_one_unit_gives_a_value_and_several_a_list():
    assert isinstance(Layer(2, 1)([1.0, 2.0]), Value)
    assert [type(y) for y in Layer(2, 3)([1.0, 2.0])] == [Value] * 3
    assert isinstance(MLP(2, [3, 1, 1])([1.0, 2.0]), Value)
    assert len(MLP(2, [1, 2])([1.0, 2.0])) == 2  # through a layer of one unit


def test_relu_between_layers_and_a_linear_output():
    network = MLP(2, [3, 2, 1])
    assert [layer.activation for layer in network.layers] == ["relu", "relu", "linear"]
    network = MLP(2, [3, 2], activation="tanh", output_activation=autograd.sigmoid)
    assert [layer.activation for layer in network.layers] == ["tanh", "sigmoid"]


def test_softmax_acts_on_the_whole_layer():
    p = MLP(2, [3], output_activation="softmax", seed=0)([1.0, 2.0])
    assert math.fsum(x.data for x in p) == pytest.approx(1.0, abs=1e-15)
    z = MLP(2, [3], seed=0, initializer="glorot_uniform")([1.0, 2.0])
    assert p[0].data / p[1].data == pytest.approx(math.exp(z[0].data - z[1].data))
    with pytest.raises(ValueError, match="softmax is an activation of a whole layer"):
        Neuron(2, activation="softmax")
    with pytest.raises(ValueError, match="softmax of one output is always the same"):
        Layer(2, 1, activation="softmax")


def test_an_activation_of_ones_own():
    def bent(z):
        return z * z + z

    network = MLP(1, [1], output_activation=bent, seed=0)
    assert repr(network) == "MLP(1 -> 1 bent; 1 neuron, 1 weight, 2 parameters)"
    w = network.layers[0].neurons[0].w[0].data
    assert network([2.0]).data == (2 * w) * (2 * w) + 2 * w


def test_micrograds_nonlin():
    assert Neuron(2, nonlin=False).activation == "linear"
    assert Neuron(2, False).activation == "linear"
    assert Neuron(2, nonlin=True).activation == "relu"
    assert Layer(2, 3, nonlin=False).activation == "linear"


# --- what a network is made of -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n_inputs", "n_outputs", "neurons", "weights", "parameters"),
    [(3, [4, 2], 6, 20, 26), (3, [4, 4, 1], 9, 32, 41)],  # the course's counts
)
def test_counts(n_inputs, n_outputs, neurons, weights, parameters):
    network = MLP(n_inputs, n_outputs)
    assert (network.n_neurons, network.n_weights, network.n_parameters) == (neurons, weights, parameters)
    assert len(network.parameters()) == parameters


def test_parameters_have_micrograds_order_and_paths():
    network = MLP(2, [2, 1])
    expected = [p for layer in network.layers for neuron in layer.neurons for p in (*neuron.w, neuron.b)]
    assert network.parameters() == expected
    assert [name for name, _ in network.named_parameters()] == [
        "layers.0.neurons.0.w.0", "layers.0.neurons.0.w.1", "layers.0.neurons.0.b",
        "layers.0.neurons.1.w.0", "layers.0.neurons.1.w.1", "layers.0.neurons.1.b",
        "layers.1.neurons.0.w.0", "layers.1.neurons.0.w.1", "layers.1.neurons.0.b",
    ]  # fmt: skip
    assert "layers.0.neurons.3.w.1" in dict(MLP(2, [4]).named_parameters())


def test_parameters_are_found_everywhere_and_shared_ones_once():
    class Net(Module):
        def __init__(self):
            self.scale = Value(1.0)
            self.pair = (Value(2.0), [Value(3.0)])
            self.table = {"a": Value(4.0), 7: {"deep": Neuron(1)}}
            self.again = self.scale
            self.same = self.table["a"]
            self.text, self.number, self.nothing = "w", 3.5, None
            self.computed = self.scale * 2  # no parameter: it follows from one

    net = Net()
    assert [name for name, _ in net.named_parameters()] == [
        "scale", "pair.0", "pair.1.0", "table.a", "table.7.deep.w.0", "table.7.deep.b",
    ]  # fmt: skip
    assert net.n_parameters == 6
    assert net.n_neurons == 1
    assert net.n_weights == 5  # all but the bias of the neuron


def test_a_module_that_knows_its_parent():
    class Part(Module):
        pass

    outer, inner = Part(), Part()
    outer.part, inner.parent, inner.w = inner, outer, Value(1.0)
    assert [name for name, _ in outer.named_parameters()] == ["part.w"]
    assert outer.modules() == [outer, inner]
    assert "..." in repr(outer)


def test_zero_grad():
    network = MLP(2, [3, 1], seed=0)
    network([1.0, 1.0]).backward()
    assert any(p.grad for p in network.parameters())
    network.zero_grad()
    assert all(p.grad == 0.0 for p in network.parameters())


def test_repr():
    class Net(Module):
        def __init__(self):
            self.body = MLP(2, [3, 1])
            self.heads = [Neuron(3), Layer(3, 2, activation="tanh")]

    assert repr(Net()) == (
        "Net(\n"
        "  body: MLP(2 -> 3 relu -> 1 linear; 4 neurons, 9 weights, 13 parameters)\n"
        "  heads.0: Neuron(3 inputs, relu)\n"
        "  heads.1: Layer(3 -> 2 tanh)\n"
        ")  # 25 parameters"
    )
    assert repr(Neuron(1)) == "Neuron(1 input, relu)"


def test_shared_weights_add_their_gradients():
    w = Value(2.0)
    y = Neuron(2, activation="linear", weights=[w, w])([3.0, 4.0])
    y.backward()
    assert w.grad == 7.0


def test_a_network_can_be_copied():
    network = MLP(2, [3, 1], activation="tanh", seed=0)
    other = copy.deepcopy(network)
    assert other([1.0, 2.0]).data == network([1.0, 2.0]).data
    other.parameters()[0].data += 1.0
    assert other([1.0, 2.0]).data != network([1.0, 2.0]).data


def test_nothing_is_recorded_without_grad():
    network = MLP(2, [3, 1], seed=0)
    with autograd.no_grad():
        y = network([1.0, 2.0])
    assert y.operands == ()
    assert y.data == network([1.0, 2.0]).data


# --- pictures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", [MLP(2, [3, 1], seed=0), Layer(2, 3, seed=0)])
def test_a_network_draws_itself(part):
    svg = autograd.draw(part).svg
    assert svg.lstrip().startswith("<svg") or "<svg" in svg
    assert svg.count("<circle") == 2 + part.n_neurons


# --- seeds ---------------------------------------------------------------------------------------------------


def weights(module):
    return [p.data for p in module.parameters()]


def test_a_seed_repeats_and_leaves_the_global_generator_alone():
    random.seed(5)
    before = random.getstate()
    assert weights(MLP(3, [4, 2], seed=7)) == weights(MLP(3, [4, 2], seed=7))
    assert random.getstate() == before
    assert weights(MLP(3, [4, 2], seed=7)) != weights(MLP(3, [4, 2], seed=8))


def test_without_a_seed_the_global_generator_decides():
    random.seed(5)
    first = weights(MLP(3, [4, 2]))
    random.seed(5)
    assert weights(MLP(3, [4, 2])) == first
    assert weights(MLP(3, [4, 2])) != first


def test_layers_of_one_network_differ():
    network = MLP(3, [3, 3], seed=1)
    assert weights(network.layers[0]) != weights(network.layers[1])


def test_a_generator_can_be_shared():
    rng = random.Random(3)
    parts = [Neuron(2, seed=rng), Neuron(2, seed=rng)]
    rng = random.Random(3)
    assert weights(parts[0]) + weights(parts[1]) == weights(Neuron(2, seed=rng)) + weights(Neuron(2, seed=rng))
    assert weights(parts[0]) != weights(parts[1])


# --- errors --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [Neuron(2), Layer(2, 3), MLP(2, [3, 1])])
def test_a_wrong_number_of_inputs_names_both(module):
    with pytest.raises(ShapeError, match="expected 2 inputs, got 3"):
        module([1, 2, 3])
    with pytest.raises(ShapeError, match="expected 2 inputs, got 0"):
        module(np.array([]))


@pytest.mark.parametrize("x", [2.0, np.float64(2.0), iter([1.0])])
def test_an_input_that_is_no_sequence(x):
    with pytest.raises(TypeError, match=r"takes a list of 1 numbers, not \w+: write \[x\]"):
        MLP(1, [1])(x)


@pytest.mark.parametrize("x", [5.0, np.float64(5.0), np.array(5.0), Value(5.0)])
def test_a_neuron_takes_a_list(x):
    with pytest.raises(TypeError, match=r"Neuron\(2 inputs, relu\) takes a list of 2 numbers, not \w+: write \[x\]"):
        Neuron(2)(x)


@pytest.mark.parametrize("module", [Neuron(2), Layer(2, 3), MLP(2, [3, 1])])
@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("table", [np.zeros, lambda shape: np.zeros(shape).tolist()])
def test_a_table_of_samples_is_not_one_sample(module, n, table):
    message = rf"got a batch of {n} samples; one sample at a time: \[model\(x\) for x in X\]"
    with pytest.raises(TypeError, match=message):
        module(table((n, 2)))


def test_an_input_that_is_no_number_keeps_its_error():
    with pytest.raises(TypeError, match="not str: 'a'"):
        Neuron(2)([1.0, "a"])


@pytest.mark.parametrize("size", [0, -1, 2.0, True, "3"])
def test_sizes_are_whole_and_positive(size):
    message = "must be a whole number of at least 1, got"
    for make in (lambda: Neuron(size), lambda: Layer(size, 1), lambda: Layer(1, size), lambda: MLP(2, [3, size])):
        with pytest.raises(ValueError, match=message):
            make()


def test_sizes_and_seeds_of_numpy():
    network = MLP(np.int64(4), [8, np.int64(3)], seed=np.int64(3))
    assert repr(network) == repr(MLP(4, [8, 3]))
    assert weights(network) == weights(MLP(4, [8, 3], seed=3))
    assert weights(MLP(4, np.array([8, 3]), seed=3)) == weights(network)
    with pytest.raises(ValueError, match=r"must be a whole number of at least 1, got .*True"):
        Neuron(np.True_)
    with pytest.raises(TypeError, match=r"write \[4\], not 4"):
        MLP(2, np.int64(4))


def test_a_network_has_layers():
    with pytest.raises(ValueError, match="n_outputs is empty"):
        MLP(2, [])
    with pytest.raises(TypeError, match=r"write \[4\], not 4"):
        MLP(2, 4)


def test_unknown_names_suggest_the_nearest():
    with pytest.raises(ValueError, match="unknown activation 'rellu', did you mean 'relu'"):
        MLP(2, [1], output_activation="rellu")
    with pytest.raises(ValueError, match="unknown activation 'ReLU', did you mean 'relu'"):
        Neuron(2, activation="ReLU")
    with pytest.raises(ValueError, match="unknown initializer 'glorot_unifrom', did you mean 'glorot_uniform'"):
        Layer(2, 1, initializer="glorot_unifrom")
    with pytest.raises(ValueError, match=r"unknown activation 'qqq'\. There are: linear, step"):
        Neuron(2, activation="qqq")
    with pytest.raises(TypeError, match="an activation is a name or a function"):
        Neuron(2, activation=3)
    with pytest.raises(TypeError, match="an initializer is a name or a function"):
        Neuron(2, initializer=3)


def test_given_weights_are_counted():
    with pytest.raises(ShapeError, match="expected 2 weights, got 3"):
        Neuron(2, weights=[1.0, 2.0, 3.0])


def test_an_initializer_of_ones_own_is_checked():
    assert weights(Layer(2, 1, initializer=lambda fan_in, fan_out, rng: [[1.0, 2.0]])) == [1.0, 2.0, 0.0]
    with pytest.raises(ShapeError, match="must give 3 rows of 2 weights"):
        Layer(2, 3, initializer=lambda fan_in, fan_out, rng: [[0.0, 0.0]])


# --- where parameters are found, and where not ---------------------------------------------------------------


class Holder(Module):
    """A module of one's own with whatever it is given."""

    def __init__(self, **parts):
        vars(self).update(parts)


def test_arrays_of_values_are_looked_into():
    grid = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]], dtype=object)
    net = Holder(w=grid, b=np.array(Value(5.0), dtype=object), X=np.ones((3, 2)), names=np.array(["a", None], object))
    assert [(name, p.data) for name, p in net.named_parameters()] == [
        ("w.0.0", 1.0), ("w.0.1", 2.0), ("w.1.0", 3.0), ("w.1.1", 4.0), ("b.0", 5.0),
    ]  # fmt: skip
    assert net.parameters()[2] is grid[1, 0]
    many = {f"w{k}": np.array([[Value(i) for i in range(3)] for _ in range(4)], dtype=object) for k in range(50)}
    assert Holder(**many).n_parameters == 600  # none is taken for one that was seen, whose memory it has


@pytest.mark.parametrize("kind", [set, frozenset])
@pytest.mark.parametrize("part", [Value(1.0), Neuron(1), [Value(1.0)]])
def test_a_set_of_parameters_is_refused(kind, part):
    if isinstance(part, list):
        part = tuple(part)
    with pytest.raises(TypeError, match=r"table\.0 is a set, whose parts have no order, so no names: write a list"):
        Holder(table=[kind([part])]).parameters()
    assert Holder(names=kind(["a", "b"])).parameters() == []


def test_a_module_of_ones_own_need_not_call_super():
    net = Holder(body=Neuron(2))
    assert net.training
    assert net.eval().training is False
    assert net.freeze().trainable_parameters() == []


# --- training and frozen -------------------------------------------------------------------------------------


def test_train_and_eval_reach_everything_below():
    net = Holder(body=MLP(2, [2, 1], dropout=0.5), heads={"a": [Neuron(2)]})
    assert all(module.training for module in net.modules())
    assert net.eval() is net
    assert not any(module.training for module in net.modules())
    net.body.train()
    assert [net.training, net.body.training, net.body.dropout.training, net.heads["a"][0].training] == [
        False, True, True, False,
    ]  # fmt: skip
    assert net.train() is net
    assert all(module.training for module in net.modules())


def test_frozen_parameters_are_not_trainable():
    network = MLP(3, [4, 2])
    assert network.trainable_parameters() == network.parameters()
    assert network.layers[0].freeze() is network.layers[0]
    assert network.trainable_parameters() == network.layers[1].parameters()
    assert network.n_parameters == 26
    assert network.layers[0].trainable_parameters() == []
    network.freeze()
    assert network.trainable_parameters() == []
    network.layers[0].neurons[1].unfreeze()
    assert network.trainable_parameters() == network.layers[0].neurons[1].parameters()
    assert network.unfreeze() is network
    assert network.trainable_parameters() == network.parameters()


def test_values_of_a_module_itself_are_frozen_with_it_and_not_with_its_parts():
    net = Holder(scale=Value(1.0), more=[{"shift": Value(2.0)}], body=Neuron(1))
    net.body.freeze()
    assert net.trainable_parameters() == [net.scale, net.more[0]["shift"]]
    net.freeze()
    net.body.unfreeze()
    assert net.trainable_parameters() == net.body.parameters()


@pytest.mark.parametrize("which", [0, 1])
def test_a_shared_parameter_is_frozen_by_one_of_its_modules(which):
    w = Value(2.0)
    net = Holder(parts=[Neuron(1, weights=[w]), Neuron(1, weights=[w])])
    net.parts[which].freeze()
    assert net.trainable_parameters() == [net.parts[1 - which].b]


def test_freezing_changes_neither_outputs_nor_gradients():
    free, frozen = MLP(2, [3, 1], seed=0), MLP(2, [3, 1], seed=0).freeze()
    for network in (free, frozen):
        network([1.0, -2.0]).backward()
    assert [p.grad for p in free.parameters()] == [p.grad for p in frozen.parameters()]


def test_a_copy_keeps_the_states():
    network = copy.deepcopy(MLP(2, [3, 1], dropout=0.5, seed=0).freeze().eval())
    assert network.trainable_parameters() == []
    assert not network.dropout.training


# --- storing and loading -------------------------------------------------------------------------------------


def test_a_state_carries_a_network_over():
    source, target = MLP(2, [3, 1], seed=0, activation="prelu"), MLP(2, [3, 1], seed=1, activation="prelu")
    state = source.state_dict()
    assert list(state) == [name for name, _ in source.named_parameters()]
    assert all(type(number) is float for number in state.values())
    identities = target.parameters()
    target.load_state_dict(state)
    assert target.state_dict() == state
    assert all(p is q for p, q in zip(target.parameters(), identities, strict=True))
    assert target([1.0, -2.0]).data == source([1.0, -2.0]).data


def test_a_state_takes_numpys_numbers():
    neuron = Neuron(1)
    neuron.load_state_dict({"w.0": np.float32(0.5), "b": np.array(2)})
    assert neuron.state_dict() == {"w.0": 0.5, "b": 2.0}


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"b": None}, ValueError, r"the state does not fit Neuron: missing b$"),
        ({"bias": 1.0}, ValueError, r"unexpected bias$"),
        ({"b": None, "w.1": None, "bias": 1.0}, ValueError, r"missing w\.1, b; unexpected bias$"),
        ({f"x{i}": 0.0 for i in range(9)}, ValueError, r"unexpected x0, x1, x2, x3, x4 and 4 more$"),
        ({"b": math.nan}, ValueError, r"the state of b must be a finite number, got nan"),
        ({"b": -math.inf}, ValueError, r"the state of b must be a finite number, got -inf"),
        ({"b": "1.0"}, TypeError, r"the state of b must be a number, not str: '1.0'"),
        ({"b": [1.0]}, TypeError, r"the state of b must be a number, not list"),
        ({"b": 1j}, TypeError, r"the state of b must be a number, not complex"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(change, error, message):
    neuron = Neuron(2, seed=0)
    before = neuron.state_dict()
    state = {"w.0": 9.0, "w.1": 9.0, "b": 9.0, **change}
    state = {name: x for name, x in state.items() if not (name in before and x is None)}
    with pytest.raises(error, match=message):
        neuron.load_state_dict(state)
    assert neuron.state_dict() == before


def test_a_state_is_a_dict():
    with pytest.raises(TypeError, match=r"a state is a dict of numbers, as state_dict\(\) gives it, not list"):
        Neuron(1).load_state_dict([("w.0", 1.0)])


def test_two_parameters_of_one_path_cannot_be_stored():
    net = Holder(table={1: Value(1.0), "1": Value(2.0)})
    for use in (net.state_dict, lambda: net.load_state_dict({"table.1": 3.0})):
        with pytest.raises(ValueError, match=r"two parameters of Holder have the path 'table\.1': rename one"):
            use()


@pytest.mark.parametrize(
    "module",
    [
        Neuron(3), Neuron(3, activation="prelu"), Neuron(2, False), Layer(2, 3, activation="softmax"),
        Layer(3, 1, activation="prelu"), Layer(2, 2, activation=autograd.tanh), Layer(2, 2, activation="swish"),
        MLP(3, [1]), MLP(3, [4, 4, 2], activation="prelu", output_activation="softmax", dropout=0.25),
    ],
)  # fmt: skip
def test_a_config_builds_the_same_architecture(module):
    config = module.config()
    assert json.loads(json.dumps(config)) == config
    again = type(module)(**config)
    assert repr(again) == repr(module)
    again.load_state_dict(module.state_dict())
    x = [0.5, -1.0, 2.0][: module.n_inputs]
    assert repr(again.eval()(x)) == repr(module.eval()(x))


def test_a_config_is_refused_where_it_would_build_something_else():
    def relu(z):  # a name of the table, but another function
        return z * z

    own = r"the activation relu is a function of your own, which has no name to build a network from"
    for module in (Neuron(1, activation=relu), Layer(1, 2, activation=relu), MLP(1, [2, 1], activation=relu),
                   MLP(1, [1], output_activation=relu)):  # fmt: skip
        with pytest.raises(TypeError, match=own):
            module.config()
    w = Value(1.0)
    with pytest.raises(TypeError, match="shares parameters among its parts"):
        Neuron(2, weights=[w, w]).config()
    layer = Layer(2, 2)
    layer.neurons[1].w[0] = layer.neurons[0].w[0]
    with pytest.raises(TypeError, match="shares parameters among its parts"):
        layer.config()
    layer.neurons[1] = Neuron(2, activation="tanh")
    with pytest.raises(TypeError, match="are not of one kind"):
        layer.config()
    network = MLP(2, [2, 2, 1])
    network.layers[1] = network.layers[0]
    with pytest.raises(TypeError, match="shares parameters among its parts"):
        network.config()
    network.layers[1] = Layer(2, 2, activation="tanh")
    with pytest.raises(TypeError, match="hidden layers of this MLP differ, relu and tanh; a Sequential can hold them"):
        network.config()
    network.layers[1] = Neuron(2)
    with pytest.raises(TypeError, match="a layer of this MLP is no Layer: Neuron"):
        network.config()


# --- networks of one's own -----------------------------------------------------------------------------------


def test_a_hidden_layer_of_two_nodes_with_all_weights_1_is_a_matrix_product():
    """The exercise of the course: h = W x with W = [[1, 1], [1, 1]], so both nodes are the sum of the inputs."""
    layer = Layer(2, 2, activation="linear", initializer="ones")
    for x in ([1.0, 2.0], [-3.0, 0.5], [0.0, 0.0]):
        assert [h.data for h in layer(x)] == (np.ones((2, 2)) @ x).tolist() == [x[0] + x[1]] * 2
    network = MLP(2, [2, 1], activation="linear", initializer="ones")
    assert network([1.0, 2.0]).data == np.ones((1, 2)) @ np.ones((2, 2)) @ [1.0, 2.0] == 6.0


class Residual(Module):
    """A skip connection: `f(x) + x`."""

    def __init__(self, f):
        self.f = f

    def __call__(self, x):
        return [y + v for y, v in zip(self.f(x), x, strict=True)]


def test_a_skip_connection_is_an_identity_path():
    x = [Value(0.5), Value(-2.0)]
    block = Residual(Layer(2, 2, activation="tanh", initializer="zeros"))
    y = block(x)
    assert [v.data for v in y] == [0.5, -2.0]  # f is 0: only the identity is left
    (3 * y[0] + 5 * y[1]).backward()
    assert [v.grad for v in x] == [3.0, 5.0]
    assert block.n_parameters == 6


def test_a_skip_connection_carries_the_gradient_through_a_deep_network():
    """dy/dx = Π(1 + f'): with small weights it stays near 1 where the plain chain of layers, Π f', vanishes."""
    small = partial(constant, value=0.01)
    plain, skipping = Value(0.5), Value(0.5)
    y, z = [plain], [skipping]
    for _ in range(20):
        layer = Layer(1, 1, activation="tanh", initializer=small)
        y = [layer(y)]
        z = Residual(lambda x, layer=layer: [layer(x)])(z)
    y[0].backward()
    z[0].backward()
    assert abs(plain.grad) < 1e-39
    assert 1.0 < skipping.grad < 1.01**20


def test_the_gradients_of_a_residual_network_are_right():
    network = Sequential(Residual(Layer(2, 2, activation="tanh", seed=0)), Layer(2, 1, activation="linear", seed=1))
    assert autograd.gradcheck_module(network, [[0.3, -0.7]], [0.2], lambda p, y: (p - y) ** 2).ok


class Recurrent(Module):
    """`hₜ = tanh(w xₜ + u hₜ₋₁ + b)`: one neuron that sees its own last output, unrolled over a sequence."""

    def __init__(self, w, u):
        self.cell = Neuron(2, activation="tanh", weights=[w, u])

    def __call__(self, xs):
        h = 0.0
        for x in xs:
            h = self.cell([x, h])
        return h


def test_backpropagation_through_time():
    """The unrolled graph shares the weights; their gradients by the recursion that is written in textbooks."""
    xs, w, u = [0.5, -1.0, 2.0, 0.3], 0.7, -0.4
    network = Recurrent(w, u)
    assert network.n_parameters == 3  # whatever the length of the sequence
    network(xs).backward()
    h = by_w = by_u = by_b = 0.0
    for x in xs:
        before, h = h, math.tanh(w * x + u * h)
        slope = 1 - h * h
        by_w, by_u, by_b = slope * (x + u * by_w), slope * (before + u * by_u), slope * (1 + u * by_b)
    assert network(xs).data == h
    assert [p.grad for p in network.parameters()] == pytest.approx([by_w, by_u, by_b], rel=1e-13)


class Convolution(Module):
    """A neuron whose weights are shared over positions."""

    def __init__(self, weights, bias=0.0):
        self.neuron = Neuron(len(weights), activation="linear", weights=weights, bias=bias)

    def __call__(self, x):
        width = len(self.neuron.w)
        return [self.neuron(x[i : i + width]) for i in range(len(x) - width + 1)]


def test_a_convolution_is_a_neuron_shared_over_positions():
    x, kernel = [1.0, -2.0, 0.5, 3.0, 1.5, -1.0], [0.25, -1.0, 2.0]
    convolution = Convolution(kernel, bias=0.5)
    y = convolution(x)
    np.testing.assert_allclose([v.data for v in y], np.correlate(x, kernel, "valid") + 0.5, rtol=1e-15)
    assert (convolution.n_neurons, convolution.n_weights, convolution.n_parameters) == (1, 3, 4)
    delta = [1.0, -1.0, 0.5, 2.0]  # what arrives at each position
    autograd.sum([d * v for d, v in zip(delta, y, strict=True)]).backward()
    np.testing.assert_allclose([w.grad for w in convolution.neuron.w], np.correlate(x, delta, "valid"), rtol=1e-15)
    assert convolution.neuron.b.grad == sum(delta)


def test_a_module_that_is_used_twice_shares_its_weights():
    """Two branches of one encoder: the gradient is the sum of what each branch gives."""
    encoder = Neuron(1, activation="tanh", weights=[0.5])
    pair = Holder(left=encoder, right=encoder)
    assert pair.n_parameters == 2
    assert pair.modules() == [pair, encoder]
    (pair.left([2.0]) - pair.right([-1.0])).backward()
    slopes = [1 - math.tanh(0.5 * x) ** 2 for x in (2.0, -1.0)]
    assert encoder.w[0].grad == pytest.approx(slopes[0] * 2.0 - slopes[1] * -1.0, rel=1e-14)
