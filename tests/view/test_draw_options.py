"""The options of `draw`: what each of them changes in the picture, and what is said about those that mean nothing."""

import itertools
import re
import xml.etree.ElementTree as ET

import pytest

import autograd
from autograd import Value
from autograd.view import draw, draw_network, drawing, read_graph, style
from autograd.view.drawing import graph_svg
from autograd.view.look import Look
from autograd.view.tracing import trace
from nn import MLP, Dropout, Maxout, Module

from .pictures import chain, labelled, neuron, own_op, wide_sum
from .svg import SVG, Document


def texts(picture, kind):
    return [t.text for t in ET.fromstring(picture.svg).iter(f"{SVG}text") if t.get("class") == kind]


def test_numbers_by_format_and_by_function():
    y = Value(2.0, label="x") * 0.5
    y.backward()
    assert texts(draw(y, numbers=".2f"), "data") == ["2.00", "1.00"]
    assert texts(draw(y, numbers=".2f"), "grad") == ["0.50", "1.00"]
    assert texts(draw(y, numbers=".2f"), "constant") == ["0.50"]
    assert texts(draw(y, numbers=lambda x: f"{x:+g}"), "data") == ["+2", "+1"]
    assert texts(draw(Value(2.0), numbers=".2f"), "grad") == ["—"]
    assert texts(draw(y, numbers=lambda x: "9" * 100), "data") == ["9" * 15 + "…"] * 2


def test_local_partials_stand_on_their_edges():
    """By hand: ∂(x·w)/∂x = w, ∂(x·w)/∂w = x, ∂tanh(u)/∂u = 1 - tanh(u)²; at x = 2, w = -3, u = 0.8814: 0.5."""
    picture = draw(neuron(), show=("label", "partials"))
    root = ET.fromstring(picture.svg)
    edges = {
        (g.get("data-source"), g.get("data-target")): [t.text for t in g.iter(f"{SVG}text")]
        for g in root.iter(f"{SVG}g") if g.get("data-edge")
    }  # fmt: skip
    label = {g.get("data-node"): t.text for g in root.iter(f"{SVG}g") for t in g.iter(f"{SVG}text")
             if t.get("class") == "label"}  # fmt: skip
    found = {label.get(source, "?"): shown for (source, _), shown in edges.items() if source in label}
    assert found == {
        "x1": ["-3.0000"], "w1": ["2.0000"], "x2": ["1.0000"], "w2": ["0.0000"], "b": ["1.0000"], "n": ["0.5000"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("show", "kinds"),
    [
        (("data",), {"data"}), (("label",), {"label"}), (("op",), {"symbol"}), (("grad", "label"), {"grad", "label"}),
        ((), set()), (["data", "op"], {"data", "symbol"}), ({"partials"}, {"partial"}),
    ],
)  # fmt: skip
def test_only_what_is_asked_for_is_shown(show, kinds):
    svg = ET.fromstring(draw(neuron(), show=show).svg)
    assert {t.get("class") for t in svg.iter(f"{SVG}text")} - {None} == kinds


def test_without_operations_arrows_go_from_operands_to_results():
    a = Value(1.0, label="a")
    assert Document(draw(a.tanh(), show=("label", "data")).svg).edges == [("v0", "v1")]


def test_operands_are_numbered_where_their_order_matters():
    assert texts(draw(own_op()), "position") == ["1", "2", "3", "4", "5"]
    assert texts(draw(wide_sum()), "position") == []
    a, b = labelled(1.0, 2.0)
    assert sorted(texts(draw(a / b), "position")) == ["1", "2"]
    assert texts(draw(a * b), "position") == []


def highlighted(picture):
    """The titles of what has a band around it, and the ends of the thick arrows."""
    root = ET.fromstring(picture.svg)
    bands = [r for r in root.iter(f"{SVG}rect") if r.get("stroke-width") == "5"]
    arrows = [g for g in root.iter(f"{SVG}g") if any(p.get("stroke-width") == "3.2" for p in g.iter(f"{SVG}path"))]
    return len(bands), [(g.get("data-source"), g.get("data-target")) for g in arrows]


def test_all_paths_between_two_values():
    """x -> a -> y and x -> b -> y are pointed out, c is not."""
    x, c = Value(1.0, label="x"), Value(2.0, label="c")
    y = x.tanh() + x.exp() * c
    bands, arrows = highlighted(draw(y, highlight=(x, y)))
    assert bands == 5 + 4  # x, tanh, exp, the product, y; and four operations
    graph = read_graph(y)
    number = {label: i for i, label in enumerate(node.label for node in graph.nodes) if label}
    assert str(number["c"]) not in [source for source, _ in arrows]
    assert len(arrows) == 5 + 4


def test_a_path_by_its_values():
    x = Value(1.0)
    h = x * 2
    y = h + x
    assert highlighted(draw(y, highlight=[x, h, y]))[0] == 5
    assert len(highlighted(draw(y, highlight=[x, h, y]))[1]) == 4  # not the arrow from x to y
    assert highlighted(draw(y, highlight=[x, y]))[0] == 3
    assert highlighted(draw(y, highlight=x)) == (1, [])


def test_parameters_of_a_module():
    model = MLP(2, [2, 1], seed=0)
    y = model(labelled(1.0, 2.0))
    assert highlighted(draw(y, highlight=model))[0] == len(model.parameters()) == 9
    assert highlighted(draw(y, highlight=model.parameters()))[0] == 9


def test_the_legend_tells_what_is_in_the_picture():
    words = " ".join(Document(draw(neuron(), legend=True).svg).texts)
    assert "leaf: given, not computed" in words
    assert "constant" not in words
    more = draw(neuron() * 2, legend=True, show=("data", "op", "partials"), limit=4, highlight=None)
    words = " ".join(Document(more.svg).texts)
    assert "constant number" in words
    assert "nodes left out" in words
    assert "local partial" in words
    assert "grad" not in words
    assert "leaf" not in " ".join(Document(draw(neuron()).svg).texts)


def test_depth_and_around():
    y = chain(100)
    assert len(Document(draw(y, depth=3).svg).values) == 4
    middle = autograd.Value(0.5, label="middle")
    z = middle
    for _ in range(10):
        z = z.tanh()
    assert len(Document(draw(z, around=middle, depth=1).svg).values) == 2
    assert "nodes shown" in " ".join(Document(draw(y, depth=3).svg).texts)


def test_collapsed_by_layer_with_a_trace_and_with_a_model():
    model = MLP(2, [4, 4, 1], seed=0)
    traced = trace(model, labelled(1.0, 2.0))
    for picture in (draw(traced, collapse="layer"), draw(traced.output, collapse="layer", modules=model)):
        shown = texts(picture, "label")
        assert [label for label in shown if label.startswith("layers.")] == ["layers.0", "layers.1", "layers.2"]
        assert "12 parameters" in texts(picture, "size")  # (2 + 1) · 4
    assert "layers.0.neurons.0" in texts(draw(traced, show=("modules",)), "module")
    assert "layers.0.neurons.0" in texts(draw(traced.output, modules=model, show=("modules", "op")), "module")


def boxes_in_columns(picture):
    """The labels of the boxes, column by column, from the top down."""
    found = []
    for group in ET.fromstring(picture.svg).iter(f"{SVG}g"):
        labels = [t.text for t in group.iter(f"{SVG}text") if t.get("class") == "label"]
        if group.get("data-node") and labels:
            frame = next(group.iter(f"{SVG}rect"))
            found.append((round(float(frame.get("x")) / 50), float(frame.get("y")), labels[0]))
    return [label for _, _, label in sorted(found)]


@pytest.mark.parametrize("sizes", [(2, [4, 4, 1]), (3, [8, 8, 3]), (2, [16, 16, 1])])
def test_neurons_stand_in_the_order_of_their_layer(sizes):
    model = MLP(*sizes, seed=0)
    inputs, layers = sizes
    y = model(labelled(*[1.0] * inputs))
    expected = [f"x{i + 1}" for i in range(inputs)]
    expected += [f"layers.{k}.neurons.{j}" for k, size in enumerate(layers) for j in range(size)]
    assert boxes_in_columns(draw(y, collapse="module", modules=model)) == expected


def test_a_box_says_what_goes_in_and_out_and_the_one_with_the_output_is_marked():
    model = MLP(2, [4, 4, 1], seed=0)
    picture = draw(model(labelled(1.0, 2.0)), collapse="layer", modules=model, legend=True)
    ways = [text for text in texts(picture, "size") if "out" in text]
    assert ways == ["2 in → 4 out", "4 in → 4 out", "4 in → 1 out"]
    groups = [g for g in ET.fromstring(picture.svg).iter(f"{SVG}g") if str(g.get("class")).startswith("group")]
    amber = [[r.get("stroke") for r in group.iter(f"{SVG}rect")].count(style.AMBER) for group in groups]
    assert amber == [0, 0, 2]  # the double border of an output
    assert ["output" in group.find(f"{SVG}title").text.split() for group in groups] == [False, False, True]
    assert "output" in Document(picture.svg).texts
    assert picture.source.count(f' color="{style.AMBER}"') == 1
    constants = draw(model([1.0, 2.0]), collapse="layer", modules=model)
    assert [text for text in texts(constants, "size") if "out" in text] == ["4 out", "4 in → 4 out", "4 in → 1 out"]


BAD = [
    ({"direction": "RL"}, ValueError, "direction = 'RL': it is 'LR'"),
    ({"format": "bmp"}, ValueError, "format = 'bmp'"),
    ({"theme": "blue"}, ValueError, "theme = 'blue': it is one of 'light', 'dark', 'print'"),
    ({"theme": ["dark"]}, ValueError, "theme = "),
    ({"numbers": "two"}, ValueError, "numbers = 'two' is no format of a number"),
    ({"numbers": ".2s"}, ValueError, "numbers = '.2s'"),
    ({"numbers": 2}, TypeError, "numbers = 2: it is a format as '.2f', or a function"),
    ({"numbers": lambda x: x}, TypeError, r"numbers\(1.0\) returned 1.0: the function must return a str"),
    ({"show": "data"}, TypeError, "show = 'data': it is a tuple"),
    ({"show": ("data", "weights")}, ValueError, "show names 'weights': what can be shown is 'label', 'data'"),
    ({"show": 3}, TypeError, "show = 3"),
    ({"show": [[]]}, ValueError, r"show names \[\]"),
    ({"limit": 0}, ValueError, "limit = 0"),
    ({"limit": "all"}, TypeError, "limit = 'all': it is a whole number"),
    ({"depth": 1.5}, TypeError, "depth = 1.5: it is a whole number"),
    ({"depth": -1}, ValueError, "depth = -1"),
    ({"around": Value(3.0)}, ValueError, "around"),
    ({"around": "x"}, TypeError, "around"),
    ({"collapse": "all"}, ValueError, "collapse = 'all'"),
    ({"collapse": "layer"}, ValueError, "no module is known"),
    ({"collapse": "blocks", "depth": 2}, ValueError, "leave out one"),
    ({"modules": 3}, TypeError, "modules"),
    ({"highlight": "x"}, TypeError, "highlight takes a list of Values"),
    ({"highlight": 3}, TypeError, "highlight takes a list of Values"),
    ({"highlight": [Value(1.0)]}, ValueError, "none of its Values is in the picture"),
    ({"highlight": []}, ValueError, "none of its Values is in the picture"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "error", "message"), BAD, ids=lambda x: " ".join(x) if isinstance(x, dict) else "")
def test_what_means_nothing_is_said_before_anything_is_drawn(options, error, message, monkeypatch):
    monkeypatch.setattr(drawing, "paint", lambda *_: pytest.fail("painted"))
    with pytest.raises(error, match=message):
        draw(Value(1.0, label="x").tanh(), **options)


def test_a_pair_in_the_wrong_order():
    x = Value(1.0)
    y = x.tanh()
    with pytest.raises(ValueError, match="no path leads from x to y"):
        draw(y, highlight=(y, x))


OTHERS = [
    {"limit": 3}, {"direction": "TB"}, {"numbers": ".2f"}, {"show": ("data",)}, {"legend": True}, {"depth": 1},
    {"around": Value(1.0)}, {"collapse": "layer"}, {"modules": MLP(2, [1])}, {"highlight": []},
]  # fmt: skip


@pytest.mark.parametrize("option", OTHERS, ids=lambda option: next(iter(option)))
def test_options_for_computations_are_not_for_networks(option):
    name = next(iter(option))
    for thing in (MLP(2, [1]), draw_network([[[1.0]]], [[0.0]])):
        with pytest.raises(ValueError, match=rf"^{name}: for a computation, .*draw\(model\(x\), {name}=\.\.\.\)"):
            draw(thing, **option)


def test_what_a_graph_cannot_follow_is_refused_and_the_rest_followed():
    graph = read_graph(Value(1.0).tanh())
    assert texts(draw(graph, numbers=".1f", show=("data",)), "data") == ["1.0", "0.8"]
    with pytest.raises(ValueError, match="limit, collapse: for a computation"):
        draw(graph, limit=3, collapse="blocks")


class Twice(Module):
    def __init__(self):
        self.w = Value(2.0)

    def __call__(self, x):
        return self.w * x


@pytest.mark.parametrize("model", [Maxout(2, 2), Dropout(0.5), Twice()], ids=lambda model: type(model).__name__)
def test_a_model_that_draws_no_picture_of_itself_is_refused_with_the_remedy(model):
    with pytest.raises(TypeError, match=rf"no picture of {type(model).__name__} .*draw\(trace\(model, x\)\)"):
        draw(model)


def test_the_remedy_for_such_a_model_works():
    assert texts(draw(trace(Twice(), Value(1.0, label="x"))), "label") == ["x"]
    boxes = texts(draw(trace(Maxout(2, 2), labelled(1.0, 2.0)), collapse="module"), "label")
    assert {"neurons.0", "neurons.1"} < set(boxes)


def test_a_picture_that_is_drawn_again_stays_as_it_was():
    picture = draw(Value(1.0).tanh())
    again = draw(picture, format="png")
    assert (picture.format, again.format) == ("svg", "png")
    assert again.svg == picture.svg
    again.node("own")
    assert "own" not in picture.source


def test_long_pictures_come_in_rows():
    y = chain(60)
    document = Document(draw(y).svg)
    assert document.width < 1500
    rows = sorted({round(group.box[1]) // 100 for group in document.values})
    assert len(rows) >= 6
    assert len(document.edges) == len(read_graph(y).edges) + 60
    for one, other in itertools.pairwise(document.values):  # as one reads: to the right, or further down
        assert other.box[0] > one.box[0] or other.box[1] > one.box[1]
    assert Document(draw(y, direction="TB").svg).height > 3000


@pytest.mark.parametrize("options", [{"collapse": "blocks"}, {}, {"show": ("data", "partials")}], ids=str)
def test_an_arrow_to_the_next_row_turns_without_a_stub(options):
    """Down at the right, back above the next row, down at the left: it changes its direction at no other place."""
    paths = [path.get("d") for path in ET.fromstring(draw(chain(3000), **options).svg).iter(f"{SVG}path")]
    ways = [[tuple(map(float, pair.split(","))) for pair in re.findall(r"[-\d.]+,[-\d.]+", d)] for d in paths]
    wrapped = [way for way in ways if len(way) > 20]
    assert len(wrapped) >= 3
    assert len({max(x for x, _ in way) for way in wrapped}) == 1  # the lane at the right
    for way in wrapped:
        steps = [b[0] - a[0] for a, b in itertools.pairwise(way) if abs(b[0] - a[0]) > 0.01]
        assert [forward for forward, _ in itertools.groupby(steps, key=lambda step: step > 0)] == [True, False, True]
        assert all(b[1] >= a[1] - 0.01 for a, b in itertools.pairwise(way))


def width(box):
    return box[2] - box[0]


def test_boxes_can_have_room_for_every_number():
    narrow, wide = (Document(graph_svg(read_graph(Value(1.0)), Look(room=room))) for room in (False, True))
    needed = 0.602 * 12 * len("grad -1.235e+300") + 16  # characters and the space beside them
    assert width(wide.values[0].box) >= needed - 0.01  # coordinates are written with two decimals
    assert width(narrow.values[0].box) < needed
