"""Figures and samples at the ends of the range of doubles: what was seen can be saved in any case."""

import math
import re
import xml.etree.ElementTree as ElementTree

import pytest

from autograd.view.watcher.boundary import axes
from autograd.view.watcher.curves import curve_panels
from autograd.view.watcher.terminal import sparkline

from .trainings import network, quiet

GREATEST, LEAST = 1.7976931348623157e308, 5e-324
FIGURES = [
    (1e308, -1e308), (1.7e308, 1.7e308), (GREATEST, -GREATEST), (GREATEST, GREATEST), (-GREATEST, -GREATEST),
    (1e308, 1e-308), (GREATEST, LEAST), (0.0, LEAST), (LEAST, LEAST), (-LEAST, 1e308), (1e17, 1e17), (10**400, 1.0),
]  # fmt: skip


def is_drawn(svg):
    """A picture is XML, and every place in it a number."""
    ElementTree.fromstring(svg)
    assert not re.search(r'[" ,MLHV-](nan|inf)\b', svg)


@pytest.mark.parametrize("figures", FIGURES)
def test_figures_however_large_and_far_apart_are_drawn(tmp_path, figures):
    watch = quiet(lambda v: v, title="One")
    for x in figures:
        watch.update(loss=x, other=x)
    for panel in curve_panels(list(watch.record.rows), "step"):
        axis = panel.y_axis
        assert -math.inf < axis.low < axis.high < math.inf
        assert 1 <= len(axis.ticks()) <= 12
        places = [point[1] for name in panel.names for point in panel.points(name) if point is not None]
        assert all(axis.end <= y <= axis.start for y in places)
    for ending in ("html", "svg"):
        watch.save(tmp_path / f"a.{ending}")
    is_drawn((tmp_path / "a.svg").read_text(encoding="utf-8"))


def test_of_opposite_figures_the_middle_is_in_the_middle():
    watch = quiet(lambda v: v)
    for x in (1.7e308, -1.7e308, 0.0):
        watch.update(loss=x)
    (panel,) = curve_panels(list(watch.record.rows), "step")
    high, low, middle = [point[1] for point in panel.points("loss")]
    assert middle == pytest.approx((high + low) / 2, abs=0.01)
    assert sparkline([1.7e308, -1.7e308, 0.0], "012") == "201"
    assert sparkline([0.0, LEAST], "012") == "00"


@pytest.mark.parametrize("far", [1e308, GREATEST, 1e20, LEAST])
@pytest.mark.parametrize("sign", [-1, 1])
def test_samples_however_far_apart_have_a_plane(far, sign):
    watch = quiet(lambda v: v[0] / far, [[far, far], [sign * far, far], [far, sign * far]], [0, 1, 0])
    watch.update(loss=1.0)
    for axis in axes(watch.record.plane):
        assert -math.inf < axis.low < axis.high < math.inf
        assert 1 <= len(axis.ticks()) <= 12
    cells = list(watch.record.frames.last.grid.cells)
    assert cells[-1] > 0
    assert (cells[0] < 0) == (sign < 0 and far > 1)
    is_drawn(watch.page._image)


@pytest.mark.parametrize("size", [GREATEST, LEAST])
def test_weights_however_large_or_small_are_drawn(size):
    model = network(2, 3, 1)
    for parameter, sign in zip(model.parameters(), (1, -1) * 20, strict=False):
        parameter.data, parameter.grad = sign * size, -sign * size
    watch = quiet(model)
    watch.update(loss=1.0)
    is_drawn(watch.page._image)
    assert watch.page.html
