"""JupyterLab used as a person uses it: replays, practice and trainings operated in it by clicks and keys."""

import pytest

from autograd import Value, view

from ..browser import forgive
from .jupyter import jupyterlab
from .pages import stored
from .replay.answers import perceptron
from .test_jupyter import LOADING, run_first_cell
from .watch.trainings import X, network, quiet, y


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with jupyterlab(tmp_path_factory.mktemp("jupyterlab")) as started:
        yield started


@pytest.fixture
def opened(server, browser, watching):
    """A function that opens an address of the server in a tab of its own."""
    contexts = []

    def open_notebook(url, ready):
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 1000}))
        page = watching(contexts[-1], server.url, server.socket)
        forgive(page, "^console: Could not restore the debugger state")  # JupyterLab's own, of a kernel that goes
        page.goto(url)
        page.wait_for_function(ready, timeout=LOADING)
        return page

    yield open_notebook
    for context in contexts:
        context.close()


def product():
    """d = 2 · 3, with both gradients known by hand."""
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    d = a * b
    d.label = "d"
    return d


def trained():
    model = network(2, 3, 1)
    with quiet(model, X, y) as training:
        for k in range(1, 5):
            training.update(loss=1.0 / k)
    return training


def outputs():
    return [
        ("replay", [stored(view.replay(product()))]),
        ("practice", [stored(view.replay(perceptron(), practice=True))]),
        ("watch", [stored(trained().page)]),
    ]


READY = """() => [...document.querySelectorAll(".autograd-page")].filter(
  (page) => page.shadowRoot?.querySelector("button")).length >= 3"""


def test_replay_practice_and_watch_are_operated_by_hand(server, opened):
    page = opened(server.put("hands", outputs(), trusted=True), READY)
    cells = page.locator(".jp-Cell").count()
    replay, practice, watch = [page.locator(".autograd-page").nth(i) for i in range(3)]
    step = lambda output: output.locator("output").inner_text().split(" /")[0]  # noqa: E731

    replay.get_by_role("button", name="One step forward").click()
    assert step(replay) == "1"
    assert "2.0000 × 3.0000 = 6.0000" in replay.locator(".panel").inner_text()
    for key, there in (("ArrowRight", "2"), ("ArrowLeft", "1"), ("Home", "0"), ("End", "5")):
        page.keyboard.press(key)
        assert step(replay) == there, key
    replay.get_by_role("button", name="One step back").click()
    assert step(replay) == "4"
    slider = replay.get_by_label("Step", exact=True)
    slider.fill("2")
    assert step(replay) == "2"
    slider.press("ArrowRight")
    assert step(replay) == "3"

    leaf = replay.get_by_label("data of a", exact=True)
    leaf.click()
    leaf.fill("-1.5")
    leaf.press("Enter")
    replay.locator(".picture").focus()
    page.keyboard.press("End")
    row = replay.locator(".table tbody tr").filter(has_text="d").last
    assert "-4.5000" in row.inner_text()
    grad = replay.locator(".table tbody tr").filter(has=page.get_by_text("b", exact=True)).locator("td").last
    assert grad.inner_text() == "-1.5000"

    practice.get_by_role("button", name="Next question").click()
    field = practice.locator("#answer")
    field.click()
    page.keyboard.type("-0.3775")  # of loss = e · e: e, by hand
    page.keyboard.press("Enter")
    assert practice.locator(".verdict").inner_text().startswith("Right")
    assert practice.locator(".score").inner_text().startswith("Right at first try: 1 of 1")

    slider = watch.locator("input[type=range]")
    last = int(slider.get_attribute("max"))
    assert last >= 1
    slider.fill("0")
    assert watch.locator(".figures span").first.inner_text() == "step 1"
    slider.press("ArrowRight")
    assert slider.input_value() == "1"
    slider.press("End")
    watch.get_by_role("button", name="Back").click()
    assert slider.input_value() == str(last - 1)
    assert page.locator(".jp-Cell").count() == cells
    assert page.locator(".problem").count() == 0


# In the document of JupyterLab, since its beginning: each picture that the output of the cell has held.
NOTED = """() => {
  window.pictures = [];
  new MutationObserver(() => {
    const areas = document.querySelectorAll(".jp-OutputArea-output");
    const image = document.querySelector(".jp-OutputArea-output img");
    if (!image || document.querySelector(".autograd-page")) return;
    const source = image.getAttribute("src").length + image.getAttribute("src").slice(-300);
    if (window.pictures.every(([known]) => known !== source)) window.pictures.push([source, areas.length]);
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
}"""
# Each tenth of a second an epoch, until three pictures were seen: then the test makes a file, and the rest is quick.
# The share of 5 % would be used up by the first pictures on a machine with other work.
TRAINING = """import time
from pathlib import Path
from autograd.view import watch
from autograd.view.watcher import observing
observing.SHARES["picture"] = 1.0
from nn import MLP, fit
class Slowly:
    def __getattr__(self, name):
        return lambda *_, **__: None if Path("seen").exists() else time.sleep(0.1)
X, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]] * 4, [0, 1, 1, 1] * 4
model = MLP(2, [3, 1], seed=0)
_ = fit(model, X, y, loss="binary_cross_entropy_with_logits", epochs=200, seed=0, progress=False,
        callbacks=[watch(model, X, y), Slowly()])"""


def test_a_training_is_watched_live_in_one_output_which_ends_as_a_page(server, opened):
    page = opened(server.put("live", [(TRAINING, [])], trusted=False), "document.querySelector('.jp-Cell')")
    page.evaluate(NOTED)
    run_first_cell(page)
    page.wait_for_function("window.pictures.length >= 3", timeout=LOADING)  # the first, replaced at least twice
    server.folder.joinpath("seen").touch()
    page.locator(".autograd-page .figures span").first.wait_for(timeout=LOADING)
    assert page.locator(".autograd-page .figures span").first.inner_text() == "epoch 200"
    pictures = page.evaluate("window.pictures")
    assert {count for _, count in pictures} == {1}
    assert page.locator(".jp-OutputArea-output").count() == 1
    assert page.get_by_text("Error").count() == 0
