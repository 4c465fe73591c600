"""How often there is a picture, and what watching costs, on a clock that only the test moves."""

from itertools import pairwise

import pytest

from autograd.view.watcher import observing
from autograd.view.watcher.observing import SHARES
from autograd.view.watcher.pace import Stride

from .trainings import Clock, Slow, Ticking, Wave, X, epochs, network, quiet, y


def watched(clock, model, X=None, y=None, screen=None):
    watch = quiet(model, X, y, clock=clock)
    begin = watch._begin

    def begin_with_a_screen(unit):
        begin(unit)
        watch._observer.screen = screen

    watch._begin = begin_with_a_screen
    return watch


def test_there_are_at_most_ten_pictures_a_second():
    clock = Clock()
    screen = Wave(clock)
    epochs(watched(clock, network(2, 3, 1), screen=screen), 1000, clock, seconds=0.003)
    assert len(screen.shown) <= 3.0 / 0.1 + 1
    assert len(screen.shown) >= 0.9 * 3.0 / 0.1
    assert all(after - before >= 0.1 - 1e-9 for before, after in pairwise(screen.at))


@pytest.mark.parametrize("seconds", [0.01, 0.2, 3.0])
def test_pictures_that_cost_much_come_rarely(seconds):
    clock = Clock()
    screen = Wave(clock, seconds)
    watch = epochs(watched(clock, network(2, 3, 1), screen=screen), 3000, clock, seconds=0.3)
    assert len(screen.shown) > 1
    assert watch._observer.budget.spent <= 0.05 * 3000 * 0.3  # 5 % of 900 seconds


def test_all_kinds_of_work_together_keep_to_a_twentieth():
    clock = Clock()
    screen = Wave(clock, 0.4)
    model = Slow(network(2, 3, 1), clock, 0.002)
    watch = watched(clock, model, X, y, screen)
    watch.close = lambda: None  # the last state comes after training
    epochs(watch, 1000, clock, seconds=0.1)
    first = 0.4 + 0.002 * 100  # what something costs is known after the first time
    assert sum(SHARES.values()) == pytest.approx(0.05)
    assert watch._observer.budget.spent <= 0.05 * 1000 * 0.1 + first
    assert model.asked == 0.02 * 100 / 0.002  # all of its share
    assert len(screen.shown) > 2


def test_an_expensive_model_gets_a_coarser_grid_and_a_cheap_one_a_fine_one():
    sizes = {}
    for seconds in (1e-6, 5e-5, 1e-2):
        clock = Clock()
        watch = watched(clock, Slow(network(2, 3, 1), clock, seconds), X, y)
        watch.close = lambda: None
        epochs(watch, 12, clock, seconds=10.0)
        sizes[seconds] = [frame.grid.size for frame in watch.record.frames if frame.grid][-1]
    assert sizes == {1e-6: 32, 5e-5: 13, 1e-2: 10}


def test_the_last_state_is_shown_however_short_the_budget():
    clock = Clock()
    screen = Wave(clock, 100.0)
    watch = epochs(watched(clock, Slow(network(2, 3, 1), clock, 0.001), X, y, screen), 7, clock, seconds=0.01)
    assert screen.shown == [1]
    assert screen.finished == 1
    last = watch.record.frames.last
    assert last.row.step == 7
    assert last.grid.size == 16  # 256 points of 0.001 s fit into 0.3 s
    watch.close()
    assert screen.finished == 1


def test_an_error_in_the_output_is_told_once_and_training_goes_on():
    clock = Clock()

    class Broken(Wave):
        def show(self, record, frame):
            raise OSError("the disk is full")

    watch = watched(clock, network(2, 3, 1), screen=Broken(clock))
    with pytest.warns(RuntimeWarning, match=r"the output could not be shown: OSError: the disk is full") as told:
        epochs(watch, 50, clock)
    assert len(told) == 1
    assert len(watch.record.rows) == 50


def cheap_steps(monkeypatch, clock, count):
    """A loop of steps of 10 µs; how often the clock was read, and how many rows were made."""
    made, row = [], observing.Row
    monkeypatch.setattr(observing, "Row", lambda step, figures: made.append(step) or row(step, figures))
    watch = quiet(network(2, 3, 1), clock=clock)
    with watch:
        for step in range(1, count + 1):
            clock.pass_by(1e-5)
            watch.update(loss=1.0 / step)
    return watch, made


def test_on_most_cheap_steps_no_clock_is_read_and_no_row_is_made(monkeypatch):
    clock = Ticking(5e-6)
    watch, made = cheap_steps(monkeypatch, clock, 20_000)
    assert clock.read <= 0.05 * 20_000
    assert 100 <= len(made) <= 0.02 * 20_000
    assert made[:32] == list(range(1, 33))
    assert watch._observer.budget.spent <= 0.05 * clock.now


def test_the_last_of_many_cheap_steps_is_kept(monkeypatch):
    watch, made = cheap_steps(monkeypatch, Ticking(5e-6), 5_003)
    assert made[-1] == 5_003
    assert watch.record.rows.last.figures == {"loss": 1.0 / 5_003}
    assert watch.record.frames.last.row.step == 5_003


def test_while_training_goes_on_the_newest_step_is_known(tmp_path):
    clock = Ticking(5e-6)
    watch = quiet(network(2, 3, 1), clock=clock)
    for step in range(1, 101):
        clock.pass_by(1e-5)
        watch.update(loss=1.0 / step)
    assert watch.record.rows.last.step < 100
    assert repr(watch) == "<Watch of MLP 2-3-1: step 100: loss 0.0100>"
    assert "step 100" in watch.page.html


def test_a_last_step_without_a_number_is_told_and_stops_nothing():
    clock = Ticking(5e-6)
    watch = quiet(network(2, 3, 1), clock=clock)
    for step in range(1, 101):
        clock.pass_by(1e-5)
        watch.update(loss=0.5 if step < 100 else None)
    with pytest.warns(RuntimeWarning, match="the newest step could not be shown: TypeError: loss = None"):
        watch.close()
    assert watch.record.frames.last.row.step == watch.record.rows.last.step < 100


def test_steps_that_are_not_seen_are_counted_too():
    clock = Ticking(5e-6)
    watch = quiet(network(2, 3, 1), clock=clock)
    update = watch.update

    def slow_update(**figures):
        clock.pass_by(1e-6)
        update(**figures)

    watch.update = slow_update
    for _ in range(20_000):
        clock.pass_by(1e-5)
        watch.update(loss=1.0)
    assert watch._observer.unseen_cost == pytest.approx(1e-6, rel=0.1)
    assert watch._observer.budget.spent >= 0.9 * 20_000 * 1e-6


def test_slow_steps_are_all_seen():
    clock = Ticking(5e-6)
    watch = quiet(network(2, 3, 1), clock=clock)
    for step in range(1, 301):
        clock.pass_by(0.01)
        watch.update(loss=1.0 / step)
    assert [row.step for row in watch.record.rows] == list(range(1, 301))


def test_one_interruption_does_not_hide_the_steps_that_follow():
    stride = Stride(0.005)
    assert [stride.after(step=0.01, cost=1e-5) for _ in range(40)] == [0] * 40
    assert [stride.after(step=0.01, cost=cost) for cost in (0.5, 1e-5, 1e-5)] == [0, 0, 0]
    assert [stride.after(step=1e-5, cost=cost) for cost in (0.5, 0.5)][1] == 256
