"""Notebooks that were written for `graphviz.Digraph`, on a machine without Graphviz."""

import inspect
import xml.etree.ElementTree as ET
from pathlib import Path

import graphviz
import pytest

from autograd import Value
from autograd.view import Picture, RenderError, draw
from autograd.view.themes import DARK

from .svg import SVG, pixels


@pytest.fixture(autouse=True)
def no_dot(monkeypatch, tmp_path_factory):
    """A PATH on which there is no `dot`, whatever this machine has."""
    monkeypatch.setenv("PATH", str(tmp_path_factory.mktemp("empty")))


def titles(svg):
    return [title.text for title in ET.fromstring(svg).iter(f"{SVG}title")]


def draw_dot(root):
    """The drawing function of micrograd, as in many notebooks, with its class replaced."""
    nodes, edges = set(), set()

    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    build(root)
    dot = Picture(format="svg", graph_attr={"rankdir": "LR"})
    for n in nodes:
        dot.node(name=str(id(n)), label=f"{{ {n.label} | data {n.data:.4f} | grad {n.grad:.4f} }}", shape="record")
        if n._op:
            dot.node(name=str(id(n)) + n._op, label=n._op)
            dot.edge(str(id(n)) + n._op, str(id(n)))
    for n1, n2 in edges:
        dot.edge(str(id(n1)), str(id(n2)) + n2._op)
    return dot


def test_the_drawing_function_of_micrograd(tmp_path):
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    dot = draw_dot((a * b).tanh())
    found = titles(dot.pipe().decode())
    assert len([title for title in found if "->" in title]) == 5
    assert dot.render(tmp_path / "gout", cleanup=True) == str(tmp_path / "gout.svg")
    assert [file.name for file in tmp_path.iterdir()] == ["gout.svg"]
    assert set(dot._repr_mimebundle_()) == {"image/svg+xml", "image/png"}


@pytest.mark.parametrize("name", ["pipe", "render", "save", "view", "copy", "node", "edge", "edges", "attr", "subgraph",
                                  "clear", "unflatten", "_repr_mimebundle_"])  # fmt: skip
def test_every_argument_of_graphviz_is_taken(name):
    ours = inspect.signature(getattr(Picture, name)).parameters
    theirs = inspect.signature(getattr(graphviz.Digraph, name)).parameters
    assert [p for p in ours if p in theirs] == list(theirs)
    for parameter in theirs:
        assert ours[parameter].kind == theirs[parameter].kind


def test_node_edge_attr_subgraph_and_iteration():
    picture = Picture("G", filename="g.gv", node_attr={"shape": "box"})
    picture.attr(rankdir="LR")
    with picture.subgraph(name="cluster_0") as part:
        part.node("a")
        part.edges(["ab", "bc"])
    picture.edge("c", "d", label="to")
    found = titles(picture.svg)
    assert {"a", "b", "c", "d", "cluster_0", "a->b", "b->c", "c->d"} <= set(found)
    assert "".join(picture) == picture.source == str(picture)
    copied = picture.copy()
    copied.clear()
    assert "a -> b" not in copied.source
    assert "a -> b" in picture.source


def test_another_layout_engine():
    picture = Picture(engine="circo")
    for k in range(6):
        picture.edge(str(k), str((k + 1) % 6))
    across = [float(e.get("cx")) for e in ET.fromstring(picture.svg).iter(f"{SVG}ellipse")]
    assert max(across) - min(across) > 100  # a circle, not a column


@pytest.mark.parametrize("method", ["view", "render"])
def test_view_opens_what_it_has_written(tmp_path, monkeypatch, method):
    opened = []
    monkeypatch.setattr(Picture, "_view", lambda self, path, *, format, quiet: opened.append((path, format)))
    picture = draw(Value(1.0))
    if method == "view":
        written = picture.view(tmp_path / "graph", cleanup=True)
    else:
        written = picture.render(tmp_path / "graph.png", view=True)
    assert opened == [(written, Path(written).suffix[1:])]
    assert Path(written).is_file()


def test_files_are_written_whole_or_not_at_all(tmp_path, monkeypatch):
    picture = draw(Value(1.0))
    target = tmp_path / "graph.svg"
    target.write_text("before")

    def fail(*_):
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", fail)
        with pytest.raises(OSError, match="no space left"):
            picture.save(target)
        with pytest.raises(OSError, match="no space left"):
            picture.render(target)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("graph.svg", "before")]
    with pytest.raises(RenderError, match="PNG or SVG"):
        picture.render(target.with_suffix(".pdf"))
    assert len(list(tmp_path.iterdir())) == 1
    picture.save(target)
    assert target.read_text().startswith("<svg")


def test_a_file_called_dash_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert draw(Value(1.0)).save("-") == "-"
    assert (tmp_path / "-").read_text().startswith("digraph")


def test_a_picture_in_another_theme():
    picture = draw(Value(1.0).tanh())
    dark = picture.in_theme(DARK, "png")
    assert dark.svg == draw(Value(1.0).tanh(), theme="dark").svg
    assert dark.source == draw(Value(1.0).tanh(), theme="dark").source
    assert set(dark._repr_mimebundle_()) == {"image/png"}
    assert pixels(dark.pipe("png"))
