"""A training in a notebook: one output, replaced in place, and the page at the end."""

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from autograd.view.watcher.notebook import Notebook

from ...browser import open_html
from ...distributions import ROOT
from .trainings import X, network, quiet, y

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
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}})
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
    assert set(first) == {"image/svg+xml", "text/plain"}
    assert first["text/plain"].startswith("epoch 1: loss ")
    assert set(output["data"]) == {"text/html", "image/png", "text/plain"}
    open_html(page, f"<!DOCTYPE html><html lang='en'><title>t</title>{output['data']['text/html']}")
    assert page.locator(".app .figures span").first.inner_text() == "epoch 20"


def test_each_picture_takes_the_place_of_the_one_before():
    class Handle:
        def __init__(self):
            self.shown = []

        def update(self, bundle, raw):
            assert raw
            self.shown.append(sorted(bundle))

    notebook, handle = Notebook(), Handle()
    notebook._handle = handle
    watch = quiet(network(2, 3, 1), X, y)
    watch.update(loss=1.0)
    notebook.show(watch.record, watch.record.frames.last)
    notebook.show(watch.record, watch.record.frames.last)
    notebook.finish(watch.record)
    assert handle.shown == [["image/svg+xml", "text/plain"]] * 2 + [["image/png", "text/html", "text/plain"]]


def test_the_watch_shows_itself_as_its_page_and_before_as_a_text():
    watch = quiet(network(2, 3, 1))
    assert watch._repr_mimebundle_() == {"text/plain": "<Watch of MLP 2-3-1: nothing yet>"}
    watch.update(loss=1.0)
    assert set(watch._repr_mimebundle_(include=["text/html"])) == {"text/html"}
