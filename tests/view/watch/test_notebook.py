"""A training in a notebook: one output, replaced in place, and the page at the end."""

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from autograd.view.watcher.notebook import Notebook

from ...browser import open_html
from ...distributions import ROOT
from .trainings import Clock, X, network, quiet, y

CELL = """
from autograd.view.watcher import watch
from nn import MLP, fit
X, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]] * 4, [0, 1, 1, 1] * 4
model = MLP(2, [3, 1], seed=0)
history = fit(model, X, y, loss="binary_cross_entropy_with_logits", epochs=20, seed=0, progress=False,
              callbacks=[watch(model, X, y)])
"""


def test_the_cell_has_one_output_which_becomes_the_page(page):
    messages = []
    notebook = new_notebook(cells=[new_code_cell(CELL)])
    client = NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}})
    process = client.process_message
    client.process_message = lambda message, *rest: messages.append(message) or process(message, *rest)
    client.execute()
    nbformat.validate(notebook)
    kinds = [
        m["msg_type"] for m in messages if m["msg_type"] in ("display_data", "update_display_data", "stream", "error")
    ]
    first = next(m for m in messages if m["msg_type"] == "display_data")["content"]["data"]
    (output,) = notebook.cells[0].outputs
    assert kinds[0] == "display_data"
    assert set(kinds[1:]) == {"update_display_data"}
    assert set(first) == {"text/html", "text/plain"}
    shown = f"<!DOCTYPE html><html lang='en'><title>t</title><div style='width:833px'>{first['text/html']}</div>"
    open_html(page, shown)
    box = page.locator("img").bounding_box()
    assert 800 < box["width"] <= 833
    width, height = page.locator("img").evaluate("(image) => [image.naturalWidth, image.naturalHeight]")
    assert width > 833
    assert abs(box["height"] / box["width"] - height / width) < 0.01
    assert first["text/plain"].startswith("epoch 1: loss ")
    assert set(output["data"]) == {"text/html", "image/png", "text/plain"}
    open_html(page, f"<!DOCTYPE html><html lang='en'><title>t</title>{output['data']['text/html']}")
    assert page.locator(".app .figures span").first.inner_text() == "epoch 20"


class Handle:
    """The output of a cell, which notes what it is replaced by."""

    def __init__(self):
        self.shown, self.texts = [], []

    def update(self, bundle, raw):
        assert raw
        self.shown.append(sorted(bundle))
        self.texts.append(bundle["text/plain"])


def test_each_picture_takes_the_place_of_the_one_before():
    notebook, handle = Notebook(), Handle()
    notebook._handle = handle
    watch = quiet(network(2, 3, 1), X, y)
    watch.update(loss=1.0)
    notebook.show(watch.record, watch.record.frames.last)
    notebook.show(watch.record, watch.record.frames.last)
    notebook.finish(watch.record)
    assert handle.shown == [["text/html", "text/plain"]] * 2 + [["image/png", "text/html", "text/plain"]]


def test_the_watch_shows_itself_as_its_page_and_before_as_a_text():
    watch = quiet(network(2, 3, 1))
    assert watch._repr_mimebundle_() == {"text/plain": "<Watch of MLP 2-3-1: nothing yet>"}
    watch.update(loss=1.0)
    assert set(watch._repr_mimebundle_(include=["text/html"])) == {"text/html"}


def test_when_the_watch_shows_itself_what_is_left_of_the_loop_is_as_new():
    notebook, handle, clock = Notebook(), Handle(), Clock()
    notebook._handle = handle
    watch = quiet(network(2, 3, 1), clock=clock)
    watch._observer.screen = notebook
    for step in range(1, 6):
        watch.update(loss=float(step))
    assert handle.texts == ["step 1: loss 1.0000"]
    assert "step 5: loss 5.0000" in watch._repr_mimebundle_()["text/plain"]
    assert handle.texts[1:] == ["step 5: loss 5.0000"]
    watch.update(loss=6.0)  # showing is not the end
    watch.close()
    pictures = len(handle.shown)
    watch._repr_mimebundle_()
    assert len(handle.shown) == pictures
    assert "step 6" in handle.texts[-1]
