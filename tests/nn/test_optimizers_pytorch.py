"""Optimizers: each equal to PyTorch's in float64, step for step, on the same gradients; floats equal to arrays."""

import math

import numpy as np
import pytest
import torch

from autograd import Value
from nn.optimizers import (
    OPTIMIZERS,
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    NAdam,
    RMSprop,
    Rprop,
    clip_gradient_norm,
    clip_gradient_value,
)

STEPS = 50


@pytest.fixture(autouse=True)
def double_precision():
    """All of PyTorch in float64: its NAdam keeps the product of the momenta in the default type."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


# What PyTorch calls the settings that have another name here.
NAMES = {"learning_rate": "lr", "epsilon": "eps", "learning_rate_decay": "lr_decay",
         "initial_accumulator": "initial_accumulator_value"}  # fmt: skip
PAIRS = {"betas": ("beta1", "beta2"), "etas": ("decrease", "increase"),
         "step_sizes": ("smallest_step", "largest_step")}  # fmt: skip


def torch_settings(optimizer, settings):
    """The settings under PyTorch's names; what goes in pairs there is filled up with the defaults of `optimizer`."""
    theirs = {NAMES.get(name, name): value for name, value in settings.items()}
    for pair, names in PAIRS.items():
        if any(name in settings for name in names):
            theirs[pair] = tuple(theirs.pop(name, optimizer.settings[name]) for name in names)
    return theirs


def gradients(seed=0):
    """Steps x parameters: normal, zero, first zero, tiny, large, alternating, constant, rare, mixed, growing ones."""
    rng = np.random.default_rng(seed)
    g = rng.normal(size=(STEPS, 12))
    g[:, 1] = 0.0
    g[:5, 2] = 0.0
    g[:, 3] *= 1e-12
    g[:, 4] *= 1e6
    g[:, 5] = np.where(np.arange(STEPS) % 2, 1.0, -1.0) * 0.3
    g[:, 6] = 0.7
    g[:, 7] *= rng.random(STEPS) < 0.1
    g[:, 8] *= 10.0 ** rng.integers(-12, 7, size=STEPS)
    g[:, 9] = np.geomspace(1e-12, 1e6, STEPS)
    g[:, 10] = -np.geomspace(1e6, 1e-12, STEPS)
    return g


START = np.array([1.0, -2.0, 0.5, 1e-3, -1e3, 0.0, 1.0, 2.0, -0.25, 3.0, -3.0, 1e-12])

CASES = [
    (SGD, {}), (SGD, {"learning_rate": 0.1, "weight_decay": 0.01}),
    (SGD, {"learning_rate": 0.1, "momentum": 0.9}),
    (SGD, {"learning_rate": 0.1, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.1}),
    (SGD, {"learning_rate": 0.1, "dampening": 0.3}),
    (SGD, {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}),
    (SGD, {"learning_rate": 0.01, "momentum": 0.5, "nesterov": True, "weight_decay": 0.1}),
    (Adagrad, {}), (Adagrad, {"learning_rate": 0.5, "learning_rate_decay": 0.1, "weight_decay": 0.1}),
    (Adagrad, {"learning_rate": 0.1, "initial_accumulator": 0.5, "epsilon": 1e-3}),
    (Adadelta, {}), (Adadelta, {"learning_rate": 0.5, "rho": 0.5, "epsilon": 1e-3, "weight_decay": 0.1}),
    (RMSprop, {}), (RMSprop, {"learning_rate": 0.1, "alpha": 0.5, "weight_decay": 0.1, "epsilon": 1e-3}),
    (RMSprop, {"momentum": 0.9}), (RMSprop, {"momentum": 0.5, "centered": True, "epsilon": 1e-3}),
    (Adam, {}), (Adam, {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.9, "weight_decay": 0.1, "epsilon": 1e-3}),
    (Adam, {"amsgrad": True}), (Adam, {"amsgrad": True, "beta1": 0.0, "beta2": 0.5, "learning_rate": 0.1}),
    (AdamW, {}), (AdamW, {"learning_rate": 0.1, "weight_decay": 0.5, "beta1": 0.8}),
    (AdamW, {"amsgrad": True, "beta2": 0.9, "learning_rate": 0.1, "weight_decay": 0.0}),
    (NAdam, {}), (NAdam, {"learning_rate": 0.1, "beta1": 0.5, "weight_decay": 0.1, "momentum_decay": 0.1}),
    (Adamax, {}), (Adamax, {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.9, "weight_decay": 0.1, "epsilon": 1e-3}),
    (Rprop, {}), (Rprop, {"learning_rate": 1.0, "decrease": 0.3, "increase": 1.5}),
    (Rprop, {"learning_rate": 1e-4, "smallest_step": 1e-3, "largest_step": 0.1}),
]  # fmt: skip

ids = [f"{c.__name__}-{'-'.join(f'{n}={v}' for n, v in s.items()) or 'defaults'}" for c, s in CASES]
cases = pytest.mark.parametrize(("kind", "settings"), CASES, ids=ids)


def reachable(kind, settings, g):
    """Centered, a constant gradient leaves V - M², which is 0, to rounding: PyTorch gives nan or chance there."""
    g = g.copy()
    if settings.get("centered"):
        g[:, 6] = g[:, 0]
    return g


def follow(ours, theirs, values, tensors, g, closeness):
    """Both optimizers step on the same gradients; after each step the parameters are as close as that."""
    for step in range(len(g)):
        for value, slope in zip(values, g[step].tolist(), strict=True):
            value.grad = slope
        slopes = torch.tensor(g[step], dtype=torch.float64)
        for tensor, part in zip(tensors, slopes.split([len(t) for t in tensors]), strict=True):
            tensor.grad = part.clone()
        ours()
        theirs()
        expected = torch.cat(tensors).tolist()
        for i, (value, exact) in enumerate(zip(values, expected, strict=True)):
            assert math.isfinite(exact)
            assert abs(value.data - exact) <= closeness * max(1.0, abs(exact)), (step, i, value.data, exact)


@cases
def test_equal_to_pytorch_step_for_step(kind, settings):
    values, tensor = [Value(x) for x in START], torch.tensor(START, dtype=torch.float64)
    ours = kind(values, **settings)
    theirs = getattr(torch.optim, kind.__name__)([tensor], **torch_settings(ours, settings), foreach=False)
    follow(ours.step, theirs.step, values, [tensor], reachable(kind, settings, gradients()), 1e-13)


@pytest.mark.parametrize("kind", [SGD, Adagrad, Adadelta, RMSprop, Adam, AdamW, NAdam, Adamax, Rprop])
def test_the_defaults_are_those_of_pytorch(kind):
    ours = kind([Value(1.0)])
    theirs = getattr(torch.optim, kind.__name__)([torch.zeros(1)]).defaults
    own = torch_settings(ours, dict(ours.settings))
    for name, value in own.items():
        if name not in ("decrease", "increase"):
            assert theirs[name] == value, name


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        (SGD, {"learning_rate": 0.5}, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
        (Adam, {"beta1": 0.5, "amsgrad": True}, {"learning_rate": 0.2, "weight_decay": 0.3}),
        (RMSprop, {"alpha": 0.5}, {"momentum": 0.9, "learning_rate": 0.001}),
        (Adadelta, {"rho": 0.5}, {}),
        (Rprop, {"learning_rate": 0.3}, {"increase": 2.0}),
    ],
)
def test_groups_have_settings_of_their_own(kind, first, second):
    values = [Value(x) for x in START]
    tensors = [torch.tensor(part, dtype=torch.float64) for part in (START[:5], START[5:])]
    parts = [(values[:5], first), (values[5:], second)]
    ours = kind([{"parameters": part, **own} for part, own in parts], learning_rate=0.1)
    theirs = getattr(torch.optim, kind.__name__)(
        [{"params": t, **torch_settings(ours, own)} for t, own in zip(tensors, (first, second), strict=True)],
        lr=0.1, foreach=False,
    )  # fmt: skip
    follow(ours.step, theirs.step, values, tensors, gradients(1), 1e-13)


@pytest.mark.parametrize("kind", [SGD, Adam])
@pytest.mark.parametrize("limits", [{"clip_norm": 0.5}, {"clip_value": 0.2}, {"clip_norm": 0.7, "clip_value": 0.3}])
def test_clipping_before_a_step_is_that_of_pytorch(kind, limits):
    values, tensor = [Value(x) for x in START], torch.tensor(START, dtype=torch.float64)
    ours = kind(values, learning_rate=0.1, **limits)
    theirs = getattr(torch.optim, kind.__name__)([tensor], lr=0.1, foreach=False)

    def clip_and_step():
        if "clip_value" in limits:
            torch.nn.utils.clip_grad_value_([tensor], limits["clip_value"])
        if "clip_norm" in limits:
            torch.nn.utils.clip_grad_norm_([tensor], limits["clip_norm"])
        theirs.step()

    follow(ours.step, clip_and_step, values, [tensor], gradients(2), 1e-13)


@pytest.mark.parametrize("limit", [1e-3, 1.0, 1e3])
def test_clipped_gradients_and_norms_are_those_of_pytorch(limit):
    for scale in (1e-9, 1.0, 1e9):
        g = gradients(3)[0] * scale
        values, tensor = [Value(0.0) for _ in g], torch.zeros(len(g), dtype=torch.float64)
        for clip, theirs in (
            (clip_gradient_norm, torch.nn.utils.clip_grad_norm_), (clip_gradient_value, torch.nn.utils.clip_grad_value_)
        ):  # fmt: skip
            for value, slope in zip(values, g.tolist(), strict=True):
                value.grad = slope
            tensor.grad = torch.tensor(g, dtype=torch.float64)
            before, expected = clip(values, limit), theirs([tensor], limit)
            if expected is not None:
                assert before == pytest.approx(float(expected), rel=1e-14)
            assert [v.grad for v in values] == pytest.approx(tensor.grad.tolist(), rel=1e-14, abs=0)


def test_a_factor_is_that_of_a_scheduler():
    values, tensor = [Value(x) for x in START], torch.tensor(START, dtype=torch.float64)
    ours, theirs = Adam(values, learning_rate=0.1), torch.optim.Adam([tensor], lr=0.1, foreach=False)
    schedule = torch.optim.lr_scheduler.LambdaLR(theirs, lambda epoch: 1 / (1 + epoch))

    def our_step():
        ours.factor = 1 / (1 + ours.steps)
        ours.step()

    def their_step():
        theirs.step()
        schedule.step()

    follow(our_step, their_step, values, [tensor], gradients(4), 1e-13)
    assert ours.learning_rate == 0.1


def test_data_set_by_hand_between_steps_is_respected():
    values, tensor = [Value(x) for x in START], torch.tensor(START, dtype=torch.float64)
    ours, theirs = Adam(values, learning_rate=0.1), torch.optim.Adam([tensor], lr=0.1, foreach=False)

    def halved(step, put):
        def run():
            put()
            step()

        return run

    def put_ours():
        values[0].data = 7.0

    def put_theirs():
        tensor[0] = 7.0

    follow(halved(ours.step, put_ours), halved(theirs.step, put_theirs), values, [tensor], gradients(5), 1e-13)


@cases
def test_an_update_of_arrays_is_that_of_each_float(kind, settings):
    settings = kind([Value(1.0)], **settings).settings
    g = gradients(6)
    w, state = START.copy(), tuple(np.zeros(len(START)) for _ in range(kind.slots))
    single = [(x, (0.0,) * kind.slots) for x in START.tolist()]
    for step, row in enumerate(g, start=1):
        w, state = kind.update(w, row, state, step, settings)
        single = [kind.update(x, slope, s, step, settings) for (x, s), slope in zip(single, row.tolist(), strict=True)]
        assert w.dtype == np.float64
        assert w.tolist() == pytest.approx([x for x, _ in single], rel=1e-15, abs=1e-300)
        for k, numbers in enumerate(state):
            assert np.broadcast_to(numbers, w.shape).tolist() == pytest.approx(
                [s[k] for _, s in single], rel=1e-15, abs=1e-300
            )
    assert all(type(x) is float and all(type(n) is float for n in s) for x, s in single)


@cases
def test_an_update_changes_nothing_in_place(kind, settings):
    settings = kind([Value(1.0)], **settings).settings
    w, g, state = START.copy(), gradients()[0], tuple(np.full(len(START), 0.5) for _ in range(kind.slots))
    kind.update(w, g, state, 2, settings)
    assert (w == START).all()
    assert (g == gradients()[0]).all()
    assert all((numbers == 0.5).all() for numbers in state)


def test_every_optimizer_of_the_table_is_compared_with_pytorch():
    assert {kind for kind, _ in CASES} == {kind for kind in OPTIMIZERS.values() if not kind.needs_closure}
