"""The gallery in docs/ shows what the library draws now: its pictures are made again, and compared with the files."""

import importlib.util
import inspect

import pytest

from autograd import explain
from autograd.view import draw

from ..distributions import ROOT

REMEDY = "it is not what is drawn now. Remedy: python docs/gallery.py, and look at what has changed"
PAGE = ROOT / "docs" / "gallery" / "README.md"


def program():
    """docs/gallery.py, which is in no package."""
    spec = importlib.util.spec_from_file_location("gallery_of_docs", ROOT / "docs" / "gallery.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GALLERY = program()
DRAWN = [function for function, suffix in GALLERY.PICTURES if suffix == "svg"]


def assert_same(file, made):
    """Without a comparison of long lines in the report, which would take longer than all the pictures."""
    assert file.is_file(), f"docs/{file.relative_to(ROOT / 'docs')} is missing. Remedy: python docs/gallery.py"
    if file.read_text(encoding="utf-8") != made:
        pytest.fail(f"{file.relative_to(ROOT)}: {REMEDY}", pytrace=False)


@pytest.mark.parametrize("function", DRAWN, ids=lambda function: function.__name__)
def test_a_picture_of_the_gallery_is_what_is_drawn_now(function, tmp_path, monkeypatch):
    monkeypatch.setattr(GALLERY, "GALLERY", tmp_path)
    written = GALLERY.entry(function, "svg")
    (made,) = tmp_path.iterdir()
    assert_same(PAGE.with_name(made.name), made.read_text(encoding="utf-8"))
    assert written in PAGE.read_text(encoding="utf-8"), f"docs/gallery/README.md: the code beside it: {REMEDY}"


def test_the_picture_of_the_readme_is_that_of_its_program(capsys):
    assert_same(ROOT / "docs" / "neuron.svg", draw(GALLERY.first_program()["loss"]).svg)
    capsys.readouterr()


def test_the_page_of_the_gallery_names_every_file_and_no_other(capsys):
    page = PAGE.read_text(encoding="utf-8")
    for function, suffix in GALLERY.PICTURES:
        assert f"]({function.__name__}.{suffix})" in page, f"{function.__name__}: {REMEDY}"
        assert GALLERY.body_of(function) in page, f"{function.__name__}: {REMEDY}"
    assert inspect.getsource(GALLERY.neuron) in page
    assert explain(GALLERY.neuron()).markdown in page, f"the explanation: {REMEDY}"
    capsys.readouterr()
    wanted = {f"{function.__name__}.{suffix}" for function, suffix in GALLERY.PICTURES}
    kept = {file.name for file in PAGE.parent.iterdir() if file.suffix != ".html"}  # a page is made, and not kept
    assert kept == wanted | {PAGE.name}
