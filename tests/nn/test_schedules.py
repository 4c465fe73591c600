"""Schedules: each equal to PyTorch's scheduler, at epochs and at minibatches; what is refused."""

import math
import warnings

import pytest
import torch

from nn.schedules import (
    SCHEDULES,
    ReduceOnPlateau,
    constant_rate,
    cosine,
    exponential,
    inverse_time,
    one_cycle,
    resolve,
    step_decay,
    warm_up,
)

RATE = 0.3
torch_schedules = torch.optim.lr_scheduler


def rates_of_pytorch(make, steps):
    """The learning rate of each step, by a scheduler of PyTorch."""
    optimizer = torch.optim.SGD([torch.zeros(1, dtype=torch.float64)], lr=RATE)
    schedule, rates = make(optimizer), []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the optimizer makes no steps here, and PyTorch minds
        for _ in range(steps):
            rates.append(optimizer.param_groups[0]["lr"])
            schedule.step()
    return rates


@pytest.mark.parametrize(
    ("schedule", "make"),
    [
        (constant_rate(), lambda o: torch_schedules.ConstantLR(o, factor=1.0)),
        (step_decay(10), lambda o: torch_schedules.StepLR(o, 10)),
        (step_decay(3, factor=0.7), lambda o: torch_schedules.StepLR(o, 3, gamma=0.7)),
        (exponential(0.9), lambda o: torch_schedules.ExponentialLR(o, 0.9)),
        (inverse_time(0.3), lambda o: torch_schedules.LambdaLR(o, lambda t: 1 / (1 + 0.3 * t))),
        (cosine(39), lambda o: torch_schedules.CosineAnnealingLR(o, 39)),
        (cosine(50, minimum=0.2), lambda o: torch_schedules.CosineAnnealingLR(o, 50, eta_min=0.2 * RATE)),
        (warm_up(8, start=0.25), lambda o: torch_schedules.LinearLR(o, start_factor=0.25, total_iters=8)),
        (
            warm_up(5, cosine(34), start=0.1),
            lambda o: torch_schedules.SequentialLR(
                o,
                [torch_schedules.LinearLR(o, 0.1, total_iters=5), torch_schedules.CosineAnnealingLR(o, 34)],
                milestones=[5],
            ),
        ),
    ],
)
def test_equal_to_pytorch_at_each_epoch(schedule, make):
    expected = rates_of_pytorch(make, 40)
    assert [RATE * schedule(float(t)) for t in range(40)] == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(("epochs", "batches", "peak"), [(10, 7, 0.3), (4, 25, 0.25), (3, 10, 0.5)])
def test_one_cycle_is_that_of_pytorch_at_each_minibatch(epochs, batches, peak):
    """PyTorch's cycle ends with its last step, step N - 1, and its peak is at step `pct_start` N - 1."""
    total = epochs * batches + 1
    expected = rates_of_pytorch(
        lambda o: torch_schedules.OneCycleLR(
            o, max_lr=RATE, total_steps=total, pct_start=(peak * epochs * batches + 1) / total, cycle_momentum=False
        ),
        total - 1,
    )
    schedule = one_cycle(epochs, peak=peak)
    assert [RATE * schedule(i / batches) for i in range(total - 1)] == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    "settings",
    [
        {"patience": 2},
        {"patience": 0, "factor": 0.5},
        {"factor": 0.3, "patience": 1, "cooldown": 3, "threshold": 0.05},
        {"factor": 0.5, "patience": 1, "minimum": 0.2},
    ],
)
def test_reduce_on_plateau_is_that_of_pytorch(settings):
    optimizer = torch.optim.SGD([torch.zeros(1, dtype=torch.float64)], lr=RATE)
    theirs_settings = dict(settings)
    lowest_rate = RATE * theirs_settings.pop("minimum", 0.0)
    theirs = torch_schedules.ReduceLROnPlateau(optimizer, **theirs_settings, min_lr=lowest_rate, eps=0.0)
    ours = ReduceOnPlateau(**settings)
    losses = [1 / (1 + t) if t < 8 else 0.1 + 0.01 * ((t * 7) % 5) for t in range(30)]
    losses += [0.09, 0.0899, 0.08, 0.0799999, 0.08, 0.08, math.nan, 0.08, 0.07, 0.07, 0.07, 0.07, math.inf, 0.07]
    falls = 0
    for epoch, loss in enumerate(losses, start=1):
        before = ours(float(epoch))
        ours.observe(loss)
        theirs.step(loss)
        falls += ours(float(epoch)) < before
        assert RATE * ours(float(epoch)) == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-12)
    assert falls >= 2


def test_a_loss_below_zero_that_stays_is_a_plateau():
    schedule = ReduceOnPlateau(factor=0.5, patience=1)
    for _ in range(3):
        schedule.observe(-5.0)
    assert schedule(3.0) == 0.5


def test_between_epochs():
    """By hand: a step falls at whole epochs alone, the others run through the minibatches."""
    assert step_decay(2)(1.99) == 1.0
    assert step_decay(2)(2.0) == 0.1
    assert exponential(0.25)(0.5) == 0.5
    assert inverse_time(2.0)(0.25) == pytest.approx(1 / 1.5, rel=1e-15)
    assert cosine(1)(1 / 3) == pytest.approx(0.75, rel=1e-15)  # (1 + cos 60°) / 2
    assert warm_up(1, start=0.5)(0.5) == 0.75


def test_after_the_end():
    assert cosine(3, minimum=0.25)(100.0) == 0.25
    assert one_cycle(3, end=0.125)(100.0) == 0.125
    assert warm_up(3)(100.0) == 1.0


def test_a_schedule_after_the_warm_up_begins_at_its_own_zero():
    assert warm_up(4, then=step_decay(2))(5.9) == 1.0
    assert warm_up(4, then=step_decay(2))(6.0) == 0.1
    assert warm_up(4, then=lambda t: t)(4.0) == 0.0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: cosine(0), "epochs must be a finite number larger than 0, got 0"),
        (lambda: cosine(-3), "epochs must be a finite number larger than 0, got -3"),
        (lambda: cosine(10, minimum=1.5), r"minimum must be a number from 0 to 1, got 1\.5"),
        (lambda: warm_up(math.nan), "epochs must be a finite number larger than 0, got nan"),
        (lambda: warm_up(2, start=-0.1), r"start must be a number from 0 to 1, got -0\.1"),
        (lambda: one_cycle("ten"), "epochs must be a finite number larger than 0, got 'ten'"),
        (lambda: one_cycle(10, peak=1.0), r"peak must be a number larger than 0 and less than 1, got 1\.0"),
        (lambda: one_cycle(10, end=2), "end must be a number from 0 to 1, got 2"),
        (lambda: step_decay(0), "every must be a finite number larger than 0, got 0"),
        (lambda: step_decay(2, factor=0), "factor must be a finite number larger than 0, got 0"),
        (lambda: exponential(-0.5), r"rate must be a finite number larger than 0, got -0\.5"),
        (lambda: inverse_time(math.inf), "rate must be a finite number of at least 0, got inf"),
        (lambda: ReduceOnPlateau(factor=1.0), r"factor must be a number larger than 0 and less than 1, got 1\.0"),
        (lambda: ReduceOnPlateau(patience=-1), "patience must be a whole number of at least 0, got -1"),
        (lambda: ReduceOnPlateau(patience=1.5), r"patience must be a whole number of at least 0, got 1\.5"),
        (lambda: ReduceOnPlateau(threshold=1), "threshold must be a number of at least 0 and less than 1, got 1"),
        (lambda: ReduceOnPlateau(cooldown=True), "cooldown must be a whole number of at least 0, got True"),
    ],
)
def test_numbers_out_of_range(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_what_follows_a_warm_up_is_a_schedule():
    with pytest.raises(TypeError, match=r"then must be a schedule, as cosine\(10\), got 3"):
        warm_up(2, then=3)


def test_by_name():
    assert resolve("cosine", 10)(5.0) == pytest.approx(0.5, rel=1e-15)
    assert resolve("one_cycle", 10)(3.0) == 1.0
    assert resolve("constant", 10)(5.0) == resolve(None, 10)(5.0) == 1.0
    assert isinstance(resolve("reduce_on_plateau", 10), ReduceOnPlateau)
    own = exponential(0.9)
    assert resolve(own, 10) is own


@pytest.mark.parametrize("name", ["step_decay", "exponential", "inverse_time", "warm_up"])
def test_names_without_default_settings_say_what_to_write(name):
    with pytest.raises(
        ValueError, match=rf"'{name}' needs its settings: give {name}\(\w+=[\d.]+\), from nn\.schedules"
    ):
        resolve(name, 10)


def test_what_is_no_schedule():
    with pytest.raises(ValueError, match="unknown schedule 'cosin', did you mean 'cosine'"):
        resolve("cosin", 10)
    with pytest.raises(TypeError, match=r'schedule must be a name, as "cosine", or a function of the epoch; got 3'):
        resolve(3, 10)
    assert set(SCHEDULES) >= {"constant", "cosine", "reduce_on_plateau"}
