"""How often there is a picture, and what watching costs, on a clock that only the test moves."""

from itertools import pairwise

import pytest

from autograd.view.watcher.watching import SHARES

from .trainings import Clock, Slow, Wave, X, epochs, network, quiet, y


def watched(clock, model, X=None, y=None, screen=None):
    watch = quiet(model, X, y, clock=clock)
    begin = watch._begin

    def begin_with_a_screen(unit):
        begin(unit)
        watch._screen = screen

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
    assert watch.budget.spent <= 0.05 * 3000 * 0.3  # 5 % of 900 seconds


def test_all_kinds_of_work_together_keep_to_a_twentieth():
    clock = Clock()
    screen = Wave(clock, 0.4)
    model = Slow(network(2, 3, 1), clock, 0.002)
    watch = watched(clock, model, X, y, screen)
    watch.close = lambda: None  # the last state comes after training
    epochs(watch, 1000, clock, seconds=0.1)
    first = 0.4 + 0.002 * 100  # what something costs is known after the first time
    assert sum(SHARES.values()) == pytest.approx(0.05)
    assert watch.budget.spent <= 0.05 * 1000 * 0.1 + first
    assert model.asked > 1000
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
