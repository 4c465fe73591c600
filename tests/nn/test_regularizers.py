"""Regularizers: by hand, against PyTorch's weight decay and renorm, and against scikit-learn's Lasso and ElasticNet."""

import math

import numpy as np
import pytest
import torch
from sklearn import linear_model

import autograd
from autograd import Value
from nn.losses import mean_squared_error
from nn.modules import MLP, Module, Neuron
from nn.optimizers import SGD
from nn.regularizers import (
    L1,
    L2,
    REGULARIZERS,
    Combined,
    ElasticNet,
    MaxNorm,
    Regularizer,
    resolve,
    soft_threshold,
)
from nn.training import fit


def neuron(*weights, bias=0.0):
    return Neuron(len(weights), activation="linear", weights=weights, bias=bias)


def numbers(model):
    return [p.data for p in model.parameters()]


# --- by hand -------------------------------------------------------------------------------------------------


def test_l2_by_hand():
    """0.1 · (1² + 2² + 3²) = 1.4, with the gradient 2 · 0.1 · w; the bias 5 is left out."""
    model = neuron(1.0, -2.0, 3.0, bias=5.0)
    penalty = L2(0.1).penalty(model)
    penalty.backward()
    assert penalty.data == L2(0.1).value(model) == pytest.approx(1.4, rel=1e-15)
    assert [p.grad for p in model.parameters()] == pytest.approx([0.2, -0.4, 0.6, 0.0], rel=1e-15)
    L2(0.1).after_step(model, learning_rate=1.0)
    assert numbers(model) == [1.0, -2.0, 3.0, 5.0]


def test_l1_by_hand():
    """0.5 · (1 + 2 + 0.1) = 1.55; the threshold is 0.25 · 0.5 = 0.125; nothing goes through the gradient."""
    model = neuron(1.0, -2.0, 0.1, bias=5.0)
    assert L1(0.5).value(model) == pytest.approx(1.55, rel=1e-15)
    assert L1(0.5).penalty(model) == 0.0
    L1(0.5).after_step(model, learning_rate=0.25)
    assert numbers(model) == [0.875, -1.875, 0.0, 5.0]


def test_elastic_net_by_hand():
    """0.5 · 3.1 + 0.1 · 5.01 = 2.051."""
    model = neuron(1.0, -2.0, 0.1, bias=5.0)
    regularizer = ElasticNet(l1=0.5, l2=0.1)
    regularizer.penalty(model).backward()
    assert regularizer.penalty(model).data == pytest.approx(0.501, rel=1e-14)
    assert regularizer.value(model) == pytest.approx(2.051, rel=1e-14)
    assert [p.grad for p in model.parameters()] == pytest.approx([0.2, -0.4, 0.02, 0.0], rel=1e-14)
    regularizer.after_step(model, learning_rate=0.25)
    assert numbers(model) == [0.875, -1.875, 0.0, 5.0]


def test_max_norm_by_hand():
    """(3, -4) has the length 5 and comes to 2.5; (0.6, 0.8) is short enough and stays; biases do not count."""
    model = MLP(2, [2], initializer=lambda *_: [[3.0, -4.0], [0.6, 0.8]])
    model.layers[0].neurons[1].b.data = 10.0
    assert (MaxNorm(2.5).penalty(model), MaxNorm(2.5).value(model)) == (0.0, 0.0)
    MaxNorm(2.5).after_step(model, learning_rate=123.0)
    assert numbers(model) == [1.5, -2.0, 0.0, 0.6, 0.8, 10.0]


def test_max_norm_of_huge_and_of_tiny_weights():
    model = neuron(3e300, 4e300)
    MaxNorm(5.0).after_step(model, 0.1)
    assert numbers(model)[:2] == pytest.approx([3.0, 4.0], rel=1e-15)
    model = neuron(3e-200, 4e-200)
    MaxNorm(2.5e-200).after_step(model, 0.1)
    assert numbers(model)[:2] == pytest.approx([1.5e-200, 2e-200], rel=1e-15)


def test_the_soft_threshold_is_the_proximal_map():
    """It minimises ½ (v - w)² + t |v| over v: no v of a fine grid is better."""
    grid = np.linspace(-2, 2, 4001)
    for w in (-1.7, -0.3, -0.2, 0.0, 0.05, 0.3, 1.1):
        for t in (0.0, 0.2, 0.3, 1.0):
            best = grid[np.argmin(0.5 * (grid - w) ** 2 + t * abs(grid))]
            assert soft_threshold(w, t) == pytest.approx(best, abs=1e-9)


def test_the_soft_threshold_is_the_same_for_floats_and_arrays():
    w = np.random.default_rng(0).normal(size=100)
    assert soft_threshold(w, 0.3).tolist() == [soft_threshold(float(x), 0.3) for x in w]
    assert soft_threshold(w, 0.3) == pytest.approx(torch.nn.functional.softshrink(torch.tensor(w), 0.3).numpy())
    assert soft_threshold(w, 0.3).tolist().count(0.0) == np.count_nonzero(abs(w) <= 0.3) > 0


# --- against PyTorch -----------------------------------------------------------------------------------------

X = np.random.default_rng(1).normal(size=(6, 3)).tolist()
Y = np.random.default_rng(2).normal(size=6).tolist()


def loss_of(model, X=X, y=Y):
    return autograd.mean([mean_squared_error(model(x), t) for x, t in zip(X, y, strict=True)])


def descend(model, regularizer, learning_rate, steps, X=X, y=Y):
    """Gradient descent on the loss and the penalty, each step followed by what the regularizer does after it."""
    optimizer = SGD(model.parameters(), learning_rate=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        (loss_of(model, X, y) + regularizer.penalty(model)).backward()
        optimizer.step()
        regularizer.after_step(model, learning_rate)


def torch_twin(model):
    layers = []
    for layer in model.layers:
        twin = torch.nn.Linear(len(layer.neurons[0].w), len(layer.neurons), dtype=torch.float64)
        with torch.no_grad():
            twin.weight.copy_(torch.asarray(np.array([[w.data for w in neuron.w] for neuron in layer.neurons])))
            twin.bias.copy_(torch.asarray(np.array([neuron.b.data for neuron in layer.neurons])))
        layers += [twin, torch.nn.Tanh()]
    return torch.nn.Sequential(*layers[:-1])


def torch_numbers(twin):
    """In the order of our parameters: of each neuron its weights, then its bias."""
    rows = [torch.column_stack([m.weight, m.bias]) for m in twin if isinstance(m, torch.nn.Linear)]
    return [x for row in rows for x in row.flatten().tolist()]


@pytest.mark.parametrize("biases", [False, True])
def test_l2_is_the_weight_decay_2_lambda_of_pytorch_step_for_step(biases):
    """PyTorch's SGD adds decay · w to the gradient, the derivative of (decay / 2) w²: decay = 2 λ."""
    strength, rate = 0.05, 0.1
    model = MLP(3, [4, 1], activation="tanh", seed=0)
    twin = torch_twin(model)
    decayed = [p for name, p in twin.named_parameters() if biases or "weight" in name]
    others = [p for name, p in twin.named_parameters() if not biases and "bias" in name]
    optimizer = torch.optim.SGD([{"params": decayed, "weight_decay": 2 * strength}, {"params": others}], lr=rate)
    inputs, targets = torch.tensor(X, dtype=torch.float64), torch.tensor(Y, dtype=torch.float64)
    for _ in range(50):
        descend(model, L2(strength, biases=biases), rate, steps=1)
        optimizer.zero_grad()
        ((twin(inputs).flatten() - targets) ** 2).mean().backward()
        optimizer.step()
        assert numbers(model) == pytest.approx(torch_numbers(twin), rel=1e-11, abs=1e-13)


def test_max_norm_is_the_renorm_of_pytorch():
    """PyTorch divides by ‖w‖ + 1e-7, so that the two differ by a relative 1e-7 at most, and by rounding where not."""
    model = MLP(5, [7], initializer="normal", seed=3)
    rows = torch.tensor([[w.data for w in neuron.w] for neuron in model.layers[0].neurons], dtype=torch.float64)
    MaxNorm(2.0).after_step(model, 0.1)
    projected = np.array([[w.data for w in neuron.w] for neuron in model.layers[0].neurons])
    lengths = np.linalg.norm(rows.numpy(), axis=1)
    assert 0 < np.count_nonzero(lengths > 2.0) < 7
    assert projected == pytest.approx(torch.renorm(rows, p=2, dim=0, maxnorm=2.0).numpy(), rel=1e-7)
    assert projected == pytest.approx(rows.numpy() * np.minimum(1, 2.0 / lengths)[:, None], rel=1e-14)


def test_max_norm_takes_every_weight_vector_of_the_chosen_modules_by_itself():
    """The two layers have lists of the same name within them, `neurons.0.w`."""
    chosen, whole = (MLP(3, [4, 2], initializer="normal", seed=3) for _ in range(2))
    MaxNorm(1.0, modules=chosen.layers).after_step(chosen, 0.1)
    MaxNorm(1.0).after_step(whole, 0.1)
    assert numbers(chosen) == numbers(whole)


def test_max_norm_holds_through_training():
    model = MLP(3, [4, 1], activation="tanh", seed=0)
    descend(model, MaxNorm(0.5), 0.3, steps=30)
    lengths = [math.hypot(*(w.data for w in neuron.w)) for layer in model.layers for neuron in layer.neurons]
    assert max(lengths) == pytest.approx(0.5, rel=1e-14)  # the limit is reached, and not exceeded


# --- against scikit-learn ------------------------------------------------------------------------------------


def regression(seed=0, n=30, n_features=8):
    """Only 3 of the features matter; the last two are nearly equal."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, n_features))
    X[:, -1] = X[:, -2] + 0.1 * rng.normal(size=n)
    return X, X[:, 0] - 2 * X[:, 1] + 0.5 * X[:, -1] + 3.0 + 0.3 * rng.normal(size=n)


def descended(regularizer, X, y, steps=600):
    """A linear neuron, all samples at once, with the step 1 / L of the mean squared error: ISTA."""
    n, n_features = X.shape
    lipschitz = 2 * np.linalg.norm(np.column_stack([X, np.ones(n)]), 2) ** 2 / n + 2 * getattr(regularizer, "l2", 0)
    model = neuron(*[0.0] * n_features)
    descend(model, regularizer, 1 / lipschitz, steps, X.tolist(), y.tolist())
    return np.array(numbers(model)[:-1]), model.b.data


@pytest.mark.parametrize("alpha", [0.05, 0.3])
def test_l1_has_the_zeros_and_the_coefficients_of_lasso(alpha):
    """scikit-learn minimises (1 / 2n) Σ (y - ŷ)² + α Σ |w|, which is half of our mean + λ Σ |w| with λ = 2 α."""
    X, y = regression()
    lasso = linear_model.Lasso(alpha=alpha, tol=1e-12, max_iter=100_000).fit(X, y)
    w, b = descended(L1(2 * alpha), X, y)
    assert 0 < np.count_nonzero(lasso.coef_ == 0) < len(w)
    assert (w == 0).tolist() == (lasso.coef_ == 0).tolist()
    assert w == pytest.approx(lasso.coef_, abs=1e-8)
    assert b == pytest.approx(lasso.intercept_, abs=1e-8)


@pytest.mark.parametrize("ratio", [0.2, 0.8])
def test_elastic_net_has_the_zeros_and_the_coefficients_of_scikit_learns(ratio):
    """Its penalty α (ρ Σ |w| + ½ (1 - ρ) Σ w²), doubled as the loss: λ₁ = 2 α ρ and λ₂ = α (1 - ρ)."""
    X, y, alpha = *regression(), 0.3
    net = linear_model.ElasticNet(alpha=alpha, l1_ratio=ratio, tol=1e-12, max_iter=100_000).fit(X, y)
    w, b = descended(ElasticNet(l1=2 * alpha * ratio, l2=alpha * (1 - ratio)), X, y)
    assert 0 < np.count_nonzero(net.coef_ == 0) < len(w)
    assert (w == 0).tolist() == (net.coef_ == 0).tolist()
    assert w == pytest.approx(net.coef_, abs=1e-8)
    assert b == pytest.approx(net.intercept_, abs=1e-8)


def test_l2_has_the_coefficients_of_ridge():
    """scikit-learn minimises Σ (y - ŷ)² + α Σ w², which is n times our mean + λ Σ w² with λ = α / n."""
    X, y = regression()
    ridge = linear_model.Ridge(alpha=3.0).fit(X, y)
    w, b = descended(L2(3.0 / len(y)), X, y)
    assert w == pytest.approx(ridge.coef_, abs=1e-8)
    assert b == pytest.approx(ridge.intercept_, abs=1e-8)
    assert np.all(w != 0)


# --- in fit --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("regularizer", [L1(0.1), L2(0.1), ElasticNet(0.1, 0.1), MaxNorm(0.5)], ids=repr)
def test_fit_does_the_same_as_the_loop(regularizer):
    """All samples at once; the order of fit's sums is that of its permutation, so that the last digits differ."""
    by_hand, fitted = (MLP(3, [4, 1], activation="tanh", seed=0) for _ in range(2))
    descend(by_hand, regularizer, 0.1, steps=5)
    optimizer = SGD(fitted.parameters(), learning_rate=0.1)
    fit(
        fitted, X, Y, loss=mean_squared_error, optimizer=optimizer, regularizer=regularizer, epochs=5,
        batch_size=len(X), seed=0, progress=False,
    )  # fmt: skip
    assert numbers(fitted) == pytest.approx(numbers(by_hand), rel=1e-12, abs=1e-14)
    assert numbers(fitted).count(0.0) == numbers(by_hand).count(0.0)


# --- which parameters ----------------------------------------------------------------------------------------

EVERYWHERE = [L1(0.5), L2(0.5), ElasticNet(0.5, 0.5), MaxNorm(0.01)]


def changed(regularizer, model):
    """The names of the parameters that it moves or has a gradient for."""
    before = dict(model.named_parameters())
    numbers_before = {name: p.data for name, p in before.items()}
    model.zero_grad()
    if isinstance(penalty := regularizer.penalty(model), Value):
        penalty.backward()
    regularizer.after_step(model, learning_rate=0.001)
    return {name for name, p in before.items() if p.grad or p.data != numbers_before[name]}


def network():
    model = MLP(2, [3, 1], activation="tanh", initializer=lambda n, m, rng: [[1.0] * n for _ in range(m)])
    for layer in model.layers:
        for unit in layer.neurons:
            unit.b.data = 1.0
    return model


def names(model, *, biases):
    return {name for name, _ in model.named_parameters() if biases or not name.endswith("b")}


@pytest.mark.parametrize("regularizer", EVERYWHERE, ids=repr)
def test_all_weights_and_no_bias_unless_told(regularizer):
    assert changed(regularizer, network()) == names(network(), biases=False)


@pytest.mark.parametrize("kind", [L1, L2, ElasticNet])
def test_biases_when_told(kind):
    assert changed(kind(biases=True), network()) == names(network(), biases=True)


@pytest.mark.parametrize("kind", [L1, L2, ElasticNet, lambda modules: MaxNorm(0.01, modules=modules)])
def test_the_weights_of_the_chosen_modules_alone(kind):
    model = network()
    first = model.layers[0]
    assert changed(kind(modules=[first]), model) == {n for n in names(model, biases=False) if n.startswith("layers.0")}
    model = network()
    one = model.layers[0].neurons[1]
    assert changed(kind(modules=[one]), model) == {"layers.0.neurons.1.w.0", "layers.0.neurons.1.w.1"}


@pytest.mark.parametrize("regularizer", EVERYWHERE, ids=repr)
def test_what_is_frozen_is_neither_penalised_nor_moved(regularizer):
    model = network()
    model.layers[0].freeze()
    assert changed(regularizer, model) == {"layers.1.neurons.0.w.0", "layers.1.neurons.0.w.1", "layers.1.neurons.0.w.2"}
    model.layers[1].freeze()
    assert changed(regularizer, model) == set()
    assert regularizer.value(model) == 0.0
    assert changed(regularizer, network().freeze().unfreeze()) == names(model, biases=False)


def test_a_learned_slope_is_left_alone():
    model = MLP(2, [3, 1], activation="prelu", seed=0)
    assert len(model.parameters()) == 16
    assert len(L2(0.1).weights(model)) == 9
    assert len(L2(0.1, biases=True).weights(model)) == 13


def test_one_neuron_inside_of_two_chosen_modules_counts_once():
    model = neuron(1.0, 2.0)
    outer = network()
    outer.extra = model
    assert L2(1.0, modules=[model, outer]).value(outer) == pytest.approx(1 + 4 + 9 * 1)


def test_shared_weights_count_once():
    class Twins(Module):
        def __init__(self):
            self.first = neuron(2.0)
            self.second = Neuron(1, weights=self.first.w)

    assert (L1(1.0).value(Twins()), L2(1.0).value(Twins())) == (2.0, 4.0)


def test_a_module_of_ones_own():
    """Biases may be in lists; each row of a matrix is a vector; a learned slope is neither weight nor bias."""

    class Own(Module):
        def __init__(self):
            self.matrix = [[Value(3.0), Value(4.0)], [Value(0.3), Value(0.4)]]
            self.bias = [Value(7.0), Value(7.0)]
            self.scale = Value(-2.0)
            self.slope = Value(9.0)

    model = Own()
    assert L1(1.0).value(model) == pytest.approx(9.7)
    assert L1(1.0, biases=True).value(model) == pytest.approx(23.7)
    MaxNorm(1.0).after_step(model, 0.1)
    assert numbers(model) == pytest.approx([0.6, 0.8, 0.3, 0.4, 7.0, 7.0, -1.0, 9.0])


# --- several, names, errors ----------------------------------------------------------------------------------


def test_several_at_once_add_up_and_act_in_their_order():
    model = neuron(3.0, -4.0)
    both = Combined(L2(0.5), L2(0.25), L1(1.0), MaxNorm(2.0))
    penalty = both.penalty(model)
    penalty.backward()
    assert penalty.data == 0.75 * 25
    assert both.value(model) == 0.75 * 25 + 7
    assert [w.grad for w in model.w] == [4.5, -6.0]
    both.after_step(model, learning_rate=1.0)  # (2, -3) after the threshold, then 2 / √13 times that
    assert [w.data for w in model.w] == pytest.approx([4 / math.sqrt(13), -6 / math.sqrt(13)], rel=1e-15)


def test_several_of_different_strength_for_different_layers():
    model = network()
    first, second = model.layers
    assert Combined(L2(0.1, modules=[first]), L2(0.01, modules=[second])).value(model) == pytest.approx(0.63)


def test_what_is_smooth():
    """Whether penalty is all there is: its value is then the whole."""
    assert [r.smooth for r in (L2(0.1), L1(0.0), ElasticNet(0.0, 0.1), Combined(L2(0.1), L2(0.2)))] == [True] * 4
    assert [r.smooth for r in (L1(0.1), ElasticNet(0.1, 0.1), MaxNorm(1.0))] == [False] * 3
    assert not Combined(L2(0.1), MaxNorm(1.0)).smooth


def test_strength_zero_changes_nothing():
    for regularizer in (L1(0.0), L2(0.0), ElasticNet(0.0, 0.0), MaxNorm(100.0), Combined()):
        assert changed(regularizer, network()) == set()
        assert regularizer.value(network()) == 0.0


def test_names():
    assert {name: type(resolve(name)) for name in REGULARIZERS} == dict(REGULARIZERS)
    assert set(REGULARIZERS.values()) == {L1, L2, ElasticNet, MaxNorm}
    regularizer = L1(0.3)
    assert resolve(regularizer) is regularizer
    with pytest.raises(ValueError, match="unknown regularizer 'elasticnet', did you mean 'elastic_net'"):
        resolve("elasticnet")


def test_repr_repeats_the_settings():
    assert list(map(repr, (L1(0.1), L2(0.2, biases=True), ElasticNet(0.1, 0.2), MaxNorm(3)))) == [
        "L1(0.1)", "L2(0.2, biases=True)", "ElasticNet(l1=0.1, l2=0.2)", "MaxNorm(3.0)",
    ]  # fmt: skip
    model = network()
    assert repr(Combined(L2(0.1, modules=[model.layers[0]]))) == "Combined(L2(0.1, modules=[Layer(2 -> 3 tanh)]))"


@pytest.mark.parametrize("number", [-0.1, math.nan, math.inf])
def test_strengths_are_finite_and_not_negative(number):
    for make, name in [
        (L1, "the strength of L1"), (L2, "the strength of L2"), (ElasticNet, "l1 of ElasticNet"),
        (lambda x: ElasticNet(0.1, x), "l2 of ElasticNet"), (MaxNorm, "the limit of MaxNorm"),
    ]:  # fmt: skip
        with pytest.raises(ValueError, match=f"{name} must be a finite number of at least 0, got {number}"):
            make(number)


def test_what_is_no_strength():
    with pytest.raises(TypeError, match=r"the strength of L2 must be a number, as 0\.01, got '0\.1'"):
        L2("0.1")
    with pytest.raises(ValueError, match="the limit of MaxNorm must be above 0, got 0"):
        MaxNorm(0.0)


def test_what_is_no_list_of_modules():
    layer = network().layers[0]
    with pytest.raises(TypeError, match=r"modules must be a list of modules, as \[network\.layers\[0\]\], got Layer"):
        L2(0.1, modules=layer)
    with pytest.raises(TypeError, match=r"modules must be a list of modules, but it holds 'layers\.0'"):
        L2(0.1, modules=["layers.0"])


def test_a_module_of_another_model_is_refused():
    stranger = neuron(1.0)
    with pytest.raises(ValueError, match=r"Neuron\(1 input, linear\) is not a part of the model"):
        L2(0.1, modules=[stranger]).penalty(network())


def test_what_is_no_module_is_refused():
    with pytest.raises(TypeError, match=r"needs an nn\.Module to find weights in, not function"):
        L2(0.1).penalty(lambda x: x)


def test_what_is_no_regularizer():
    with pytest.raises(TypeError, match=r"write L1\(0\.01\)"):
        resolve(L1)
    with pytest.raises(TypeError, match=r"a name or a Regularizer, as L2\(0\.01\), not 0\.1"):
        resolve(0.1)
    with pytest.raises(TypeError, match="Combined takes regularizers, as L2"):
        Combined(L2(0.1), "l1")


def test_the_base_class_does_nothing():
    model = network()
    before = numbers(model)
    plain = Regularizer()
    plain.after_step(model, 0.1)
    assert (plain.penalty(model), plain.value(model), plain.smooth, numbers(model)) == (0.0, 0.0, True, before)


def test_what_is_known_of_a_model_is_forgotten_after_the_block():
    """While training, the weights are looked for once; afterwards a frozen layer counts again."""
    network = MLP(2, [3, 1], seed=0)
    regularizer = Combined(L2(0.1), L1(0.1))
    whole = regularizer.value(network)
    with regularizer.acting_on(network):
        network.layers[0].freeze()
        assert regularizer.value(network) == whole
        other = MLP(2, [1], seed=1)
        assert regularizer.value(other) == Combined(L2(0.1), L1(0.1)).value(other)
    assert regularizer.value(network) < whole
