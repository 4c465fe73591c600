"""The diagram of a network: a line for each weight, between the places that `autograd.layout_network` gives."""

import pytest
from matplotlib.patches import Circle

from autograd import layout_network
from autograd.errors import ShapeError
from nn.layers import Dropout, Maxout, Sequential
from nn.modules import MLP, Layer, Neuron
from nn.pipeline import Pipeline
from nn.plots import network_diagram, new_figure, style
from nn.preprocessing import Preprocessing, Target

from .looks import dashed


@pytest.fixture
def ax():
    return new_figure(8, 5).subplots()


def lines(ax):
    """The weights' lines by their ends."""
    return {tuple(map(tuple, line.get_xydata().tolist())): line for line in ax.get_lines()}


def words(ax):
    return [text.get_text() for text in ax.texts]


def test_the_network_of_the_course_has_9_units_and_32_weights(ax):
    network_diagram(MLP(3, [4, 4, 1], seed=0), ax=ax)
    layout = layout_network([3, 4, 4, 1])
    places = [place for column in layout.units for _, place in column]
    assert [patch.center for patch in ax.patches if isinstance(patch, Circle)] == places
    ends = {
        (start, end)
        for before, after in zip(layout.units[:-1], layout.units[1:], strict=True)
        for _, start in before
        for _, end in after
    }
    assert set(lines(ax)) == ends
    assert len(ends) == 32
    assert ax.get_aspect() == 1.0  # circles are round


def test_a_line_has_the_sign_and_the_size_of_its_weight(ax):
    network_diagram(Neuron(3, activation="sigmoid", weights=[2.0, -1.0, 0.5]), ax=ax)
    layout = layout_network([3, 1])
    (_, end), = layout.units[1]  # fmt: skip
    positive, negative, small = (lines(ax)[start, end] for _, start in layout.units[0])
    assert (positive.get_color(), negative.get_color()) == (style.BLUE, style.VERMILLION)
    assert (dashed(positive), dashed(negative)) == (False, True)
    thick, middle, thin = (line.get_linewidth() for line in (positive, negative, small))
    assert middle - thin == pytest.approx((thick - thin) / 3)  # linear in the magnitude: 2, 1, 0.5
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["positive weight", "negative weight (thickest line: 2)"]


def test_columns_say_what_they_are(ax):
    network = MLP(2, [3, 2], activation="tanh", output_activation="softmax", seed=0)
    network_diagram(network, inputs=["width", "height"], outputs=["yes", "no"], title="net", ax=ax)
    assert sorted(words(ax)) == sorted(
        ["width", "height", "yes", "no", "net", "input", "2", "layer 1", "3 tanh", "output", "2 softmax"]
    )


def test_wide_layers_are_shortened_as_in_every_picture(ax):
    names = [f"pixel {k}" for k in range(64)]
    network_diagram(MLP(64, [30, 10], seed=0), inputs=names, limit=6, ax=ax)
    shown = [index for index, _ in layout_network([64, 30, 10], 6).units[0]]
    assert [word for word in words(ax) if word.startswith("pixel")] == [names[index] for index in shown]
    assert [word for word in words(ax) if "more" in word] == ["⋮ 59 more", "⋮ 25 more", "⋮ 5 more"]
    assert len(lines(ax)) == 5 * 5 + 5 * 5


def test_dropout_is_not_drawn_and_a_network_in_a_network_is_one(ax):
    network_diagram(Sequential(MLP(2, [3], seed=0), Dropout(0.5), Layer(3, 1, seed=0)), ax=ax)
    assert len(lines(ax)) == 2 * 3 + 3


def test_weights_that_are_not_finite_are_drawn(ax):
    network_diagram(Neuron(3, weights=[float("nan"), float("inf"), 1.0]), ax=ax)
    assert len(lines(ax)) == 3
    ax.figure.savefig("/dev/null", format="png")


def test_what_is_no_chain_of_dense_layers(ax):
    with pytest.raises(ShapeError, match="inputs has 1 names, the network has 2: name each of them, or none"):
        network_diagram(Layer(2, 1), inputs=["a"], ax=ax)
    with pytest.raises(ShapeError, match="outputs has 2 names, the network has 1"):
        network_diagram(Layer(2, 1), outputs="ab", ax=ax)
    with pytest.raises(ValueError, match="limit = 2"):
        network_diagram(Layer(2, 1), limit=2, ax=ax)
    with pytest.raises(TypeError, match="weight of a neuron in a dense layer, and Maxout"):
        network_diagram(Sequential(Layer(2, 3), Maxout(3, 1)), ax=ax)
    with pytest.raises(TypeError, match="expected a network"):
        network_diagram("MLP", ax=ax)
    network = MLP(2, [3, 1])
    network.layers[1] = Layer(2, 1)
    with pytest.raises(ShapeError, match="do not follow one another: 3 units, then units with 2 inputs"):
        network_diagram(network, ax=ax)


def test_a_pipeline_names_inputs_and_outputs(ax):
    rows = [[1.0, "red"], [2.0, "blue"], [3.0, "red"]]
    preprocessing = Preprocessing.fit(rows, names=["size", "colour"])
    for answers, n_outputs, task, names in (
        (["no", "yes", "no"], 1, "binary_logits", ["yes"]),
        (["a", "b", "c"], 3, "classes_logits", ["a", "b", "c"]),
        ([0.5, 1.5, 2.5], 1, "regression", []),
    ):
        ax.clear()
        pipeline = Pipeline(MLP(3, [2, n_outputs], seed=0), preprocessing, Target.fit(answers), task)
        network_diagram(pipeline, ax=ax)
        found = [text.get_text() for text in ax.texts]
        assert [text for text in found if text in ("size", "colour=blue", "colour=red", *names)] == [
            "size", "colour=blue", "colour=red", *names
        ]  # fmt: skip
        assert len(ax.patches) == 3 + 2 + n_outputs
    ax.clear()
    network_diagram(pipeline, inputs=["p", "q", "r"], ax=ax)
    assert {"p", "q", "r"} <= {text.get_text() for text in ax.texts}
