"""How plots look: names stay names, texts keep apart and inside, colours are told apart. The rest was judged by eye."""

import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.backends.backend_agg import FigureCanvasAgg

from nn import plots
from nn.losses import mean_squared_error
from nn.modules import MLP, Layer
from nn.plots import new_figure, style, text
from nn.training import History

from .looks import HOSTILE, collisions, contrast, words

SQUARE, HALVES = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [0, 1, 0, 1]
HISTORY = History([{"epoch": k, "loss": 1 / k, "validation_loss": 1.1 / k, "learning_rate": 0.1} for k in range(1, 9)])
CLASSES = [k % 10 for k in range(100)]
LONG = [f"a class with a name that is long, number {k}" for k in range(10)]
POINTS = [[float(k % 4), float(k // 4)] for k in range(10)]


def nearest(points):
    return lambda x: [-((x[0] - a) ** 2) - (x[1] - b) ** 2 for a, b in points]


def network(*sizes, **settings):
    return MLP(sizes[0], list(sizes[1:]), seed=0, **settings)


def dead_end():
    layer = Layer(2, 3, activation="relu", initializer="zeros")
    layer.neurons[0].b.data = 1.0
    return layer


ONE = {  # each plot, as a function of the Axes
    "learning_curve": lambda ax: plots.learning_curve(HISTORY, ax=ax),
    "decision_boundary": lambda ax: plots.decision_boundary(lambda x: x[0] - 0.5, SQUARE, HALVES, ax=ax),
    "activation": lambda ax: plots.activation("relu", ax=ax),
    "loss_surface": lambda ax: plots.loss_surface(lambda a, b: a * a + b * b, [(1, 1), (0.5, 0)], ax=ax),
    "activation_distributions": lambda ax: plots.activation_distributions(network(2, 3, 1), SQUARE, ax=ax),
    "gradient_distributions": lambda ax: plots.gradient_distributions(
        network(2, 3, 1), SQUARE, HALVES, mean_squared_error, ax=ax
    ),
    "dead_relu_share": lambda ax: plots.dead_relu_share(dead_end(), SQUARE, ax=ax),
    "weight_images": lambda ax: plots.weight_images(network(9, 4, 1), ax=ax),
    "confusion_matrix": lambda ax: plots.confusion_matrix(HALVES, [0, 1, 1, 1], ax=ax),
    "mistakes": lambda ax: plots.mistakes(SQUARE, HALVES, [1, 1, 0, 0], shape=(1, 2), ax=ax),
    "roc_curve": lambda ax: plots.roc_curve(HALVES, [0.1, 0.9, 0.6, 0.5], ax=ax),
    "network_diagram": lambda ax: plots.network_diagram(network(3, 4, 4, 1), ax=ax),
}
TWO = {
    "weight_bias_effect": lambda ax: plots.weight_bias_effect(ax=ax),
    "residuals": lambda ax: plots.residuals([1.0, 2.0, 4.0], [1.5, 2.0, 3.0], ax=ax),
}


def test_every_plot_is_here():
    assert {*ONE, *TWO, "new_figure"} == set(plots.__all__)


@pytest.mark.parametrize("name", ONE)
def test_a_plot_draws_on_the_axes_that_it_is_given(name):
    ax = new_figure(6, 4.5).subplots()
    assert ONE[name](ax) is ax
    assert ax.has_data()
    assert pyplot.get_fignums() == []
    assert collisions(ax.figure) == ([], [])


@pytest.mark.parametrize("name", TWO)
def test_a_plot_of_two_panels_draws_on_both(name):
    given = new_figure(10, 4).subplots(1, 2)
    assert list(TWO[name](given)) == list(given)
    assert all(ax.has_data() for ax in given)
    assert collisions(given[0].figure) == ([], [])
    with pytest.raises(ValueError, match="ax holds 1 Axes, and this plot has 2 panels"):
        TWO[name](given[0])


@pytest.mark.parametrize("name", [*ONE, *TWO])
def test_without_axes_new_ones_are_made(name, monkeypatch):
    monkeypatch.setitem(matplotlib.rcParams, "backend", "agg")
    try:
        made = np.ravel({**ONE, **TWO}[name](None))
        assert len(pyplot.get_fignums()) == 1
        assert collisions(made[0].figure) == ([], [])
    finally:
        pyplot.close("all")


NAMED = {  # plots with names of the user, as functions of the Axes and five names
    "decision_boundary": lambda ax, n: plots.decision_boundary(
        nearest(POINTS[:5]), POINTS[:5], range(5), class_names=n, feature_names=n[:2], ax=ax
    ),
    "score": lambda ax, n: plots.decision_boundary(lambda x: x[0] - 0.5, SQUARE, HALVES, score_name=n[1], ax=ax),
    "confusion_matrix": lambda ax, n: plots.confusion_matrix(CLASSES[:5], CLASSES[:5], class_names=n, ax=ax),
    "confusion_matrix of names": lambda ax, n: plots.confusion_matrix(n, n, ax=ax),
    "network_diagram": lambda ax, n: plots.network_diagram(network(5, 5), inputs=n, outputs=n, title=n[1], ax=ax),
    "loss_surface": lambda ax, n: plots.loss_surface(lambda a, b: a + b, [(0, 0), (1, 1)], names=n[:2], ax=ax),
    "learning_curve": lambda ax, n: plots.learning_curve(History([{"epoch": 1, n[0]: 0.5}]), n[0], ax=ax),
    "activation": lambda ax, n: plots.activation(named(n[1]), ax=ax),
}


def named(name):
    def function(z):
        return z * z

    function.__name__ = name
    return function


@pytest.mark.parametrize("plot", NAMED)
def test_a_name_is_never_taken_for_a_formula(plot):
    """`$...$` is mathematics to matplotlib, `$\\frac` an error, and `_hidden` is left out of a legend."""
    ax = new_figure(8, 7).subplots()
    NAMED[plot](ax, HOSTILE)
    shown = " ".join(words(ax.figure)).replace("\n", " ")  # drawn without an error
    expected = {
        "learning_curve": ["a$b$c"],
        "activation": ["$\\frac"],
        "loss_surface": HOSTILE[:2],
        "score": ["$\\frac"],
    }
    for name in expected.get(plot, HOSTILE):
        assert name in shown
    assert not any(t.get_parse_math() for t in ax.texts if "$" in t.get_text())


def test_names_of_residuals_are_names_too():
    left, right = plots.residuals([1.0, 2.0], [1.0, 2.0], name="$\\frac", ax=new_figure(9, 4).subplots(1, 2))
    FigureCanvasAgg(left.figure).draw()
    assert (left.get_xlabel(), right.get_xlabel()) == ("true $\\frac", "predicted $\\frac")


CROWDED = {
    "10 classes in a plane": (7, 6, lambda ax: plots.decision_boundary(
        nearest(POINTS), POINTS, range(10), X_test=POINTS, y_test=range(10), class_names=LONG, ax=ax)),
    "2 long classes": (5, 4, lambda ax: plots.decision_boundary(
        lambda x: x[0] - 0.5, SQUARE, HALVES, X_test=SQUARE, y_test=HALVES, class_names=LONG[:2],
        feature_names=LONG[:2], score_name=LONG[0], ax=ax)),
    "10 classes predicted": (9, 8, lambda ax: plots.confusion_matrix(CLASSES * 500, CLASSES[::-1] * 500,
                                                                     class_names=LONG, ax=ax)),
    "10 classes predicted, small": (5, 4, lambda ax: plots.confusion_matrix(CLASSES, CLASSES, class_names=LONG, ax=ax)),
    "2 classes predicted": (4, 3, lambda ax: plots.confusion_matrix([0, 1] * 5000, [0] * 10000,
                                                                    class_names=LONG[:2], ax=ax)),
    "long words": (6, 5, lambda ax: plots.confusion_matrix(CLASSES[:4], CLASSES[:4], ax=ax, class_names=[
        "Tyrannosaurus rex", "cat", "pneumonoultramicroscopicsilicovolcanoconiosis", "x" * 300])),
    "20 classes predicted": (9, 8, lambda ax: plots.confusion_matrix(range(20), range(20), ax=ax)),
    "30 inputs": (8, 9, lambda ax: plots.network_diagram(
        network(30, 16, 16, 10), inputs=LONG * 3, outputs=LONG, title="t" * 200, ax=ax)),
    "10 layers": (8, 3, lambda ax: plots.network_diagram(network(2, *[4] * 10, 1, activation="leaky_relu"), ax=ax)),
    "a small network": (4, 3, lambda ax: plots.network_diagram(network(3, 4, 4, 1), title="net", ax=ax)),
    "20 layers": (6.4, 4.4, lambda ax: plots.gradient_distributions(
        network(2, *[6] * 20, 1), SQUARE, HALVES, mean_squared_error, ax=ax)),
    "20 layers, dead": (6.4, 4.4, lambda ax: plots.dead_relu_share(network(2, *[6] * 20, 1), SQUARE, ax=ax)),
    "8 layers": (6.4, 4.4, lambda ax: plots.activation_distributions(
        network(2, *[6] * 7, 1, activation="hard_sigmoid"), SQUARE, ax=ax)),
    "one epoch": (5, 4, lambda ax: plots.learning_curve(History(HISTORY.rows[:1]), ax=ax)),
    "tiny losses": (5, 4, lambda ax: plots.learning_curve(
        History([{"epoch": k, "loss": 1e-12 * k} for k in range(1, 1001)]), ax=ax)),
    "a tiny surface": (6, 5, lambda ax: plots.loss_surface(
        lambda a, b: 1e-9 * (a * a + b * b), [(1e-3, 1e-3), (1e-4, 2e-4)], ax=ax)),
    "a surface far above 0": (6, 5, lambda ax: plots.loss_surface(
        lambda a, b: 1000 + 1e-4 * (a * a + b * b), [(1.0, 1.0), (0.0, 0.2)], ax=ax)),
}  # fmt: skip


@pytest.mark.parametrize("case", CROWDED)
def test_texts_neither_overlap_nor_are_cut(case):
    width, height, draw = CROWDED[case]
    ax = new_figure(width, height).subplots()
    draw(ax)
    assert collisions(ax.figure) == ([], [])


def test_the_reader_of_texts_sees_collisions():
    ax = matplotlib.figure.Figure().subplots()
    ax.text(0.5, 0.5, "one")
    ax.text(0.52, 0.51, "two")
    ax.text(0.2, 0.2, "x" * 100)
    assert collisions(ax.figure) == ([("one", "two")], ["x" * 100])


def test_lines_and_marks_stand_out_from_the_paper():
    """At least 3 : 1, which WCAG 2 asks of graphics; text on white has 4.5 : 1."""
    assert all(contrast(colour, "white") >= 3 for colour in style.COLOURS)
    assert all(contrast(ink, "white") >= 4.5 for ink in (style.INK, style.MUTED))
    assert contrast("#767676", "white") == pytest.approx(4.54, abs=0.005)  # the known grey at the limit


def test_colours_are_told_apart_by_the_colour_blind():
    """The palette is that of Okabe and Ito, 2008."""
    published = {"#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"}
    assert {*style.COLOURS, style.SKY} <= published
    assert len(set(style.COLOURS)) == len(style.COLOURS) == len(set(style.DASHES))
    assert len(set(style.MARKERS)) == len(style.MARKERS) == 10


def test_importing_the_plots_does_not_load_matplotlib():
    program = "import sys, nn.plots; print({'matplotlib', 'numpy', 'sklearn'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("name", "width", "lines", "shown"),
    [
        ("setosa", 14, 2, "setosa"), ("one two three", 7, 2, "one two\nthree"), ("", 5, 2, ""),
        ("a" * 12, 5, 2, "aaaaa\naaaa…"), ("one two three four", 7, 2, "one two\nthree…"),
        ("tab\tand\x1bline\n", 14, 2, "tab and�line"),
    ],
)  # fmt: skip
def test_wrapping(name, width, lines, shown):
    assert text.wrapped(name, width, lines) == shown


def test_shortening():
    assert text.shortened("x" * 24) == "x" * 24
    assert text.shortened("x" * 25) == "x" * 23 + "…"
