"""The loss surface: contour lines lie at the loss that they name, the path is the one that was given."""

import numpy as np
import pytest

from autograd import log
from autograd.errors import ShapeError
from nn.plots import loss_surface, new_figure


@pytest.fixture
def ax():
    return new_figure(6, 5).subplots()


def bowl(a, b):
    return (a - 1) ** 2 + 4 * (b + 0.5) ** 2


def contours(ax):
    """The set of contour lines, which knows the loss of each."""
    return next(c for c in ax.collections if getattr(c, "filled", None) is False)


def test_a_contour_line_is_where_the_loss_is_what_the_bar_says(ax):
    loss_surface(bowl, limits=((-2, 3), (-2, 1)), ax=ax)
    lines = contours(ax)
    checked = 0
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        if len(path.vertices) > 8:
            losses = bowl(*path.vertices.T)
            assert losses == pytest.approx(level, abs=0.01)  # interpolated between 80 x 80 points
            checked += 1
    assert checked >= 10
    shown = [float(label.get_text().replace("−", "-")) for label in ax.figure.axes[1].get_yticklabels()]
    assert shown == pytest.approx(lines.levels[::2], rel=0.01)


def test_levels_are_round_and_hold_every_loss(ax):
    loss_surface(bowl, limits=((-2, 3), (-2, 1)), ax=ax)
    levels = contours(ax).levels
    assert levels[0] <= 0.01
    assert levels[-1] >= bowl(-2, -2) == bowl(-2, 1) == 18.0
    assert [float(f"{level:.2g}") for level in levels] == pytest.approx(list(levels), abs=1e-12)


def test_a_narrow_valley_shows(ax):
    """Rosenbrock's valley: half of the plane must not have a single colour."""
    loss_surface(lambda a, b: (1 - a) ** 2 + 100 * (b - a * a) ** 2, limits=((-2, 2), (-1, 3)), ax=ax)
    a, b = np.meshgrid(np.linspace(-2, 2, 200), np.linspace(-1, 3, 200))
    counts, _ = np.histogram((1 - a) ** 2 + 100 * (b - a * a) ** 2, bins=contours(ax).levels)
    assert counts.max() < 0.2 * counts.sum()


def test_the_path_is_drawn_from_start_to_end(ax):
    path = [(-2.0, 1.0), (-1.0, 0.0), (0.5, -0.4)]
    loss_surface(bowl, path, ax=ax)
    line, start, end = ax.get_lines()
    assert line.get_xydata().tolist() == [list(point) for point in path]
    assert start.get_xydata().tolist() == [[-2.0, 1.0]]
    assert end.get_xydata().tolist() == [[0.5, -0.4]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["2 steps", "start", "end"]
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left < -2 < 0.5 < right
    assert bottom < -0.4 < 1.0 < top


def test_a_loss_far_above_0_is_told_apart_from_itself(ax):
    loss_surface(lambda a, b: 1000 + 1e-6 * (a * a + b * b), limits=((-1, 1), (-1, 1)), ax=ax)
    labels = [label.get_text() for label in ax.figure.axes[1].get_yticklabels()]
    assert len(set(labels)) == len(labels) >= 5


def test_where_the_loss_is_undefined_or_infinite_there_is_no_colour(ax):
    loss_surface(lambda a, b: log(a) ** 2 + b * b, limits=((-1, 1), (-1, 1)), ax=ax)
    points = np.vstack([path.vertices for path in contours(ax).get_paths() if len(path.vertices)])
    assert points[:, 0].min() > 0


def test_a_constant_loss_says_so(ax):
    loss_surface(lambda a, b: 0.25, limits=((-1, 1), (-1, 1)), ax=ax)
    assert ax.get_title() == "the loss is 0.25 everywhere"
    assert len(ax.figure.axes) == 1  # no bar of losses that do not occur


@pytest.mark.parametrize(
    ("error", "words", "path", "limits"),
    [
        (ValueError, "no path of different points to draw the loss around: give limits", [], None),
        (ValueError, "no path of different points", [(1.0, 2.0), (1.0, 2.0)], None),
        (ValueError, r"limits = \(\(1, 0\), \(0, 1\)\)", [], ((1, 0), (0, 1))),
        (ValueError, "the loss is finite nowhere", [], ((-2, -1), (0, 1))),
        (ShapeError, r"pairs of finite weights .* not of \(1.0, 2.0, 3.0\)", [(1.0, 2.0, 3.0)], None),
        (ShapeError, "pairs of finite weights", [(float("nan"), 1.0)], None),
    ],
)
def test_what_cannot_be_drawn(ax, error, words, path, limits):
    with pytest.raises(error, match=words):
        loss_surface(lambda a, b: log(a) + b, path, limits=limits, ax=ax)
