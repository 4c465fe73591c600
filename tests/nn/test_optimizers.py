"""Optimizers: the base class by hand: groups, settings, clipping, saved state, and what is refused."""

import json
import math

import pytest

from autograd import DomainError, Value
from nn.modules import MLP
from nn.optimizers import (
    OPTIMIZERS,
    SGD,
    Adam,
    AdamW,
    Optimizer,
    RMSprop,
    Rprop,
    clip_gradient_norm,
    clip_gradient_value,
    gradient_norm,
    resolve,
)


def values(*gradients):
    """A Value for each gradient."""
    made = [Value(1.0) for _ in gradients]
    for value, slope in zip(made, gradients, strict=True):
        value.grad = slope
    return made


def test_sgd_by_hand():
    a, b = Value(1.0), Value(-2.0)
    optimizer = SGD([a, b], learning_rate=0.1)
    a.grad, b.grad = 3.0, -4.0
    optimizer.step()
    assert (a.data, b.data) == (1.0 - 0.1 * 3.0, -2.0 - 0.1 * -4.0)
    assert optimizer.steps == 1


def test_momentum_and_nesterov_by_hand():
    """With gradients 1, 1: velocities 1, 1.5; with the look ahead the moves are 1 + 0.5 · 1 and 1 + 0.5 · 1.5."""
    for nesterov, expected in ((False, [-1.0, -2.5]), (True, [-1.5, -3.25])):
        w, path = Value(0.0), []
        optimizer = SGD([w], learning_rate=1.0, momentum=0.5, nesterov=nesterov)
        for _ in range(2):
            w.grad = 1.0
            optimizer.step()
            path.append(w.data)
        assert path == expected


def test_zero_grad():
    a = Value(1.0)
    optimizer = SGD([a], learning_rate=0.1)
    (a * 3).backward()
    (a * 3).backward()
    assert a.grad == 6.0
    optimizer.zero_grad()
    assert a.grad == 0.0


def test_descent_on_a_parabola():
    """On (w - 3)² the error shrinks by 1 - 2η with every step."""
    w = Value(0.0)
    optimizer = SGD([w], learning_rate=0.1)
    for _ in range(20):
        optimizer.zero_grad()
        ((w - 3) ** 2).backward()
        optimizer.step()
    assert w.data - 3 == pytest.approx(-3 * 0.8**20, rel=1e-12)


def test_centered_rmsprop_takes_the_same_gradient_for_ever():
    """V - M² is then 0 and by rounding below it, where the root would be complex."""
    w = Value(0.0)
    optimizer = RMSprop([w], learning_rate=1e-6, alpha=0.5, centered=True, epsilon=1e-3)
    for _ in range(200):
        w.grad = 0.7
        optimizer.step()
        assert isinstance(w.data, float)
    assert w.data < 0


# --- settings ------------------------------------------------------------------------------------------------


def test_the_learning_rate_may_change():
    w = Value(1.0)
    optimizer = SGD([w], learning_rate=1.0)
    w.grad = 1.0
    optimizer.step()
    optimizer.learning_rate = 0.5
    optimizer.step()
    assert w.data == -0.5
    with pytest.raises(ValueError, match=r"learning_rate must be a finite number of at least 0, got -0\.5"):
        optimizer.learning_rate = -0.5
    assert optimizer.learning_rate == 0.5


def test_the_factor_changes_the_rate_of_every_group():
    a, b = values(1.0, 1.0)
    optimizer = SGD([{"parameters": [a], "learning_rate": 0.5}, {"parameters": [b]}], learning_rate=0.25)
    optimizer.factor = 0.5
    optimizer.step()
    assert (a.data, b.data) == (0.75, 0.875)
    assert optimizer.learning_rate == 0.5
    assert optimizer.settings["learning_rate"] == 0.25
    assert [optimizer.settings_of(group)["learning_rate"] for group in optimizer.groups] == [0.25, 0.125]


def test_settings_are_read_at_each_step():
    a, b = values(1.0, 1.0)
    optimizer = SGD([{"parameters": [a]}, {"parameters": [b]}], learning_rate=0.5)
    optimizer.groups[1]["learning_rate"] = 0.25
    optimizer.step()
    assert (a.data, b.data) == (0.5, 0.75)


def test_groups_are_one_list_of_parameters():
    a, b, c = values(1.0, 2.0, 3.0)
    optimizer = Adam([{"parameters": [a, b]}, {"parameters": iter([c]), "beta1": 0.5}])
    assert optimizer.parameters == [a, b, c]
    assert [group["beta1"] for group in optimizer.groups] == [0.9, 0.5]
    assert "groups: 2, parameters: 3" in repr(optimizer)


def test_what_it_shows():
    assert repr(SGD([Value(1.0)], learning_rate=0.5)) == (
        "SGD(learning_rate=0.5, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=0.0; parameters: 1)"
    )


def test_an_optimizer_of_ones_own_needs_an_update_alone():
    class SignDescent(Optimizer):
        @staticmethod
        def update(parameter, gradient, state, step, settings):
            return parameter - settings["learning_rate"] * ((gradient > 0) * 1.0 - (gradient < 0) * 1.0), state

    a, b = values(-5.0, 1e-9)
    SignDescent([a, b], 0.25).step()
    assert (a.data, b.data) == (1.25, 0.75)


# --- bad input -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [-0.1, math.nan, math.inf])
@pytest.mark.parametrize("kind", OPTIMIZERS.values())
def test_learning_rates(kind, rate):
    with pytest.raises(ValueError, match="learning_rate must be a finite number of at least 0, got"):
        kind([Value(1.0)], learning_rate=rate)


def test_a_learning_rate_is_a_number():
    with pytest.raises(TypeError, match=r"learning_rate must be a number, as 0\.01, got 'a'"):
        SGD([Value(1.0)], learning_rate="a")


@pytest.mark.parametrize(
    ("kind", "settings", "message"),
    [
        (SGD, {"momentum": -0.1}, r"momentum must be a finite number of at least 0, got -0\.1"),
        (SGD, {"weight_decay": -1}, "weight_decay must be a finite number of at least 0, got -1"),
        (SGD, {"dampening": math.inf}, "dampening must be a finite number, got inf"),
        (
            SGD,
            {"nesterov": True},
            r"nesterov needs a momentum larger than 0, as 0\.9, and no dampening, got momentum 0\.0",
        ),
        (SGD, {"nesterov": True, "momentum": 0.9, "dampening": 0.1}, r"and no dampening, got .* dampening 0\.1"),
        (SGD, {"nesterov": 2}, "nesterov must be True or False, got 2"),
        (Adam, {"beta1": 1.0}, r"beta1 must be a number of at least 0 and less than 1, got 1\.0"),
        (Adam, {"beta2": -0.5}, r"beta2 must be a number of at least 0 and less than 1, got -0\.5"),
        (Adam, {"epsilon": 0}, "epsilon must be a finite number larger than 0, got 0"),
        (Adam, {"amsgrad": 0.5}, r"amsgrad must be True or False, got 0\.5"),
        (RMSprop, {"alpha": 1.5}, r"alpha must be a number of at least 0 and less than 1, got 1\.5"),
        (Rprop, {"decrease": 1.0}, r"decrease must be larger than 0 and less than 1, got 1\.0"),
        (Rprop, {"increase": 1.0}, r"increase must be larger than 1, got 1\.0"),
        (
            Rprop,
            {"smallest_step": 9, "largest_step": 1},
            r"smallest_step must be at most largest_step, got 9\.0 and 1\.0",
        ),
        (Adam, {"clip_norm": 0}, r"clip_norm must be a positive number, as 1\.0, got 0"),
        (Adam, {"clip_value": "x"}, r"clip_value must be a positive number, as 1\.0, got 'x'"),
    ],
)
def test_settings_out_of_range(kind, settings, message):
    with pytest.raises(ValueError, match=message):
        kind([Value(1.0)], **settings)


def test_what_is_no_list_of_parameters():
    with pytest.raises(TypeError, match=r"write model\.parameters\(\)"):
        SGD(MLP(2, [1]), learning_rate=0.1)
    with pytest.raises(ValueError, match="one parameter at least"):
        SGD([], learning_rate=0.1)
    with pytest.raises(TypeError, match="are Values, not float"):
        SGD([1.0], learning_rate=0.1)
    with pytest.raises(TypeError, match="takes a list of parameters or of groups, not one Value"):
        SGD(Value(1.0))
    with pytest.raises(TypeError, match="takes a list of parameters or of groups, not one dict"):
        SGD({"parameters": [Value(1.0)]})
    with pytest.raises(TypeError, match="takes a list of parameters or of groups, not one int"):
        SGD(3)


@pytest.mark.parametrize(
    ("group", "error", "message"),
    [
        ({"learning_rat": 0.1}, ValueError,
         r"unknown groups\[1\]: setting of SGD 'learning_rat', did you mean 'learning_rate'\?"),
        ({"learning_rate": -1}, ValueError, r"groups\[1\]: learning_rate must be .* at least 0, got -1"),
        ({"momentum": "x"}, TypeError, r"groups\[1\]: momentum must be a number, as 0\.01, got 'x'"),
        ({"nesterov": True}, ValueError, r"groups\[1\]: nesterov needs a momentum larger than 0"),
        ({"parameters": []}, ValueError, r"groups\[1\]: an optimizer needs one parameter at least, got none"),
        ({"parameters": [2.0]}, TypeError, r"groups\[1\]: the parameters of an optimizer are Values, not float"),
        ({"parameters": Value(1.0)}, TypeError, r"groups\[1\]: the parameters are a list of Values, not one Value"),
    ],
)  # fmt: skip
def test_bad_groups(group, error, message):
    with pytest.raises(error, match=message):
        SGD([{"parameters": [Value(1.0)]}, {"parameters": [Value(2.0)], **group}])


def test_a_group_without_parameters():
    with pytest.raises(ValueError, match=r"groups\[0\]: an optimizer needs one parameter at least"):
        SGD([{"learning_rate": 0.1}])


def test_a_parameter_counts_once():
    a, b = values(1.0, 1.0)
    with pytest.raises(ValueError, match="parameters 0 and 2 are one and the same Value: give it once, in one group"):
        SGD([a, b, a])
    with pytest.raises(ValueError, match="parameters 0 and 1 are one and the same Value"):
        SGD([{"parameters": [a]}, {"parameters": [a]}])


def test_a_parameter_is_not_computed():
    a = Value(2.0)
    with pytest.raises(ValueError, match=r"parameter 1 is computed by '\*' from other Values"):
        SGD([a, a * 3])


def test_by_name():
    a = Value(1.0)
    for name, kind in OPTIMIZERS.items():
        assert name == kind.__name__.lower()
        assert type(resolve(name, [a])) is kind
    own = AdamW([a])
    assert resolve(own, [Value(2.0)]) is own
    with pytest.raises(ValueError, match="unknown optimizer 'adm', did you mean 'adam'"):
        resolve("adm", [a])
    with pytest.raises(TypeError, match=r'optimizer must be a name, as "adam", or an Optimizer, .*; got <class'):
        resolve(SGD, [a])


# --- clipping ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gradients", "norm"), [((3e200, -4e200), 5e200), ((3e-200, 4e-200), 5e-200), ((0.0,), 0.0)])
def test_norms_neither_overflow_nor_vanish(gradients, norm):
    assert gradient_norm(values(*gradients)) == pytest.approx(norm, rel=1e-15)


def test_large_gradients_are_shortened_without_overflow():
    a, b = values(3e200, -4e200)
    assert clip_gradient_norm([a, b], 1.0) == pytest.approx(5e200, rel=1e-15)
    assert (a.grad, b.grad) == pytest.approx((0.6, -0.8), rel=1e-15)


def test_a_norm_that_is_no_float_is_still_clipped():
    """Each gradient is finite, and the root of the sum of their squares is above the largest float."""
    many = values(*[1.5e308] * 4)
    assert clip_gradient_norm(many, 2.0) == math.inf
    assert [p.grad for p in many] == pytest.approx([1.0] * 4, rel=1e-12)


def test_small_gradients_are_left_as_they_are():
    a, b = values(0.3, -0.4)
    assert clip_gradient_norm([a, b], 1.0) == 0.5
    clip_gradient_value([a, b], 0.5)
    assert (a.grad, b.grad) == (0.3, -0.4)


def test_clipping_by_value_takes_infinite_gradients():
    a, b = values(math.inf, -math.inf)
    clip_gradient_value([a, b], 2.0)
    assert (a.grad, b.grad) == (2.0, -2.0)


def test_gradients_that_cannot_be_clipped():
    a, b = values(1.0, math.nan)
    b.label = "bias"
    for clip in (clip_gradient_norm, clip_gradient_value):
        with pytest.raises(DomainError, match=r"the gradient of parameter 1 \(bias\) is nan and cannot be clipped"):
            clip([a, b], 0.5)
    b.grad = -math.inf
    with pytest.raises(DomainError, match=r"parameter 1 \(bias\) is -inf"):
        clip_gradient_norm([a, b], 0.5)
    optimizer = SGD([a, b], clip_norm=0.5)
    with pytest.raises(DomainError):
        optimizer.step()
    assert (a.data, a.grad, optimizer.steps) == (1.0, 1.0, 0)


@pytest.mark.parametrize("limit", [0, -1.0, math.nan, "x", None])
def test_limits(limit):
    with pytest.raises(ValueError, match=r"must be a positive number, as 1\.0, got"):
        clip_gradient_norm(values(1.0), limit)
    with pytest.raises(ValueError, match=r"must be a positive number, as 1\.0, got"):
        clip_gradient_value(values(1.0), limit)


# --- saved states --------------------------------------------------------------------------------------------


def stepped():
    parameters = values(1.0, 2.0)
    optimizer = Adam([{"parameters": parameters[:1]}, {"parameters": parameters[1:], "beta1": 0.5}])
    optimizer.step()
    return optimizer


def changed(**changes):
    return {**stepped().state_dict(), **changes}


GROUPS = stepped().state_dict()["groups"]


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({}, "the saved state is not of this optimizer: its keys"),
        (changed(optimizer="SGD"), "its optimizer: 'SGD', here 'Adam'"),
        (changed(extra=1), "its keys"),
        (changed(groups=GROUPS[:1]), r"its numbers of parameters in the groups: \[1\], here \[1, 1\]"),
        (changed(groups=None), "its numbers of parameters in the groups: None"),
        (changed(groups=[GROUPS[0], {**GROUPS[1], "parameters": 2}]), r"\[1, 2\], here \[1, 1\]"),
        (changed(groups=[GROUPS[0], {"parameters": 1}]), "its settings"),
        (changed(groups=[GROUPS[0], {**GROUPS[1], "beta2": 2.0}]), r"groups\[1\]: beta2 must be .*, got 2\.0"),
        (changed(groups=[GROUPS[0], {**GROUPS[1], "beta2": "x"}]), "consists of finite numbers, got 'x'"),
        (changed(state=[[0.0] * 3]), r"its numbers of state of the parameters: \[3\], here \[3, 3\]"),
        (changed(state="x"), "its numbers of state of the parameters: 'x'"),
        (changed(state=[[0.0] * 3, [0.0, "x", 0.0]]), "consists of finite numbers, got 'x'"),
        (changed(state=[[0.0] * 3, [0.0, math.nan, 0.0]]), "consists of finite numbers, got nan"),
        (changed(factor=True), "consists of finite numbers, got True"),
        (changed(steps=-1), "steps must be a whole number of at least 0, got -1"),
        (changed(steps=1.5), r"steps must be a whole number of at least 0, got 1\.5"),
        (changed(clip_norm=-1), "clip_norm must be a positive number"),
        ([1, 2], "a saved state is a dict, as state_dict gives it, not list"),
    ],
)
def test_what_is_no_saved_state_changes_nothing(state, message):
    optimizer = stepped()
    before = json.dumps(optimizer.state_dict())
    with pytest.raises(ValueError, match=message):
        optimizer.load_state_dict(state)
    assert json.dumps(optimizer.state_dict()) == before
