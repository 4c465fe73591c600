"""The saved page of a training in a real browser: it can be scrubbed, by mouse and by keyboard, at any width."""

import math
import re
import xml.etree.ElementTree as ET

import pytest
from axe_playwright_python.sync_playwright import Axe

from autograd.view.text import number_text
from autograd.view.watcher import curves, player

from ...browser import open_html
from ..svg import SVG
from .trainings import Clock, X, network, quiet, y

APP = "[data-autograd-page] .app"


def seen(frames=12, *, hostile="loss"):
    """A training of a network with two inputs, whose weights grow and whose boundary moves."""
    model = network(2, 4, 1)
    clock = Clock()
    watch = quiet(model, X, y, clock=clock)
    with watch as training:
        for step in range(1, frames + 1):
            clock.pass_by(10.0)
            model([1.0, step / 10]).backward()
            model.layers[0].neurons[0].w[0].data = float(step)
            model.layers[1].neurons[0].b.data = step / frames - 0.5
            training.update(**{hostile: math.nan if step == 3 else 4.0 / step, "accuracy": step / frames})
    return watch


@pytest.fixture(scope="module")
def html():
    return seen().page.html


def test_it_opens_at_the_last_step_with_all_panels(page, html):
    open_html(page, html)
    app = page.locator(APP)
    assert app.locator("svg").count() == 5
    names = [svg.get_attribute("aria-label") for svg in app.locator("svg").all()]
    assert names == ["Loss", "Metrics", "Decision boundary", "Weights", "Gradients"]
    assert app.locator("input[type=range]").input_value() == "11"
    assert app.locator(".figures span").all_inner_texts() == ["step 12", "loss 0.3333", "accuracy 1.0000"]


def test_the_slider_scrubs_curves_boundary_and_weights(page, html):
    open_html(page, html)
    app, slider = page.locator(APP), page.locator(f"{APP} input[type=range]")

    def drawn():
        return (
            app.locator("svg").nth(0).locator("g.curve path").last.get_attribute("d"),
            app.locator("g.plane path").first.get_attribute("d"),
            float(app.locator("svg").nth(3).locator("g.wires line").first.get_attribute("stroke-width")),
        )

    last = drawn()
    slider.fill("5")
    middle = drawn()
    assert last[0].startswith(middle[0])
    assert len(middle[0]) < len(last[0])
    assert middle[1] != last[1]
    assert middle[2] == pytest.approx(0.5 + 3.1 * 6 / 12, abs=0.01)  # the weight was 6, and is 12 at the end
    assert last[2] == pytest.approx(3.6, abs=0.01)
    title = app.locator("svg").nth(3).locator("g.wires line title").first
    assert title.text_content() == f"input 1 → unit 1 of layer 1: weight {number_text(6.0)}"
    slider.fill("2")
    assert app.locator(".figures span").nth(1).inner_text() == "loss nan"


@pytest.mark.parametrize(
    ("model", "classes"),
    [
        pytest.param(network(2, 4, 1), 2, id="one score"),
        pytest.param(network(2, 4, 2), 2, id="two scores"),
        pytest.param(network(2, 4, 3), 3, id="three scores"),
        pytest.param(lambda x: x[0] * x[1] + 0.01, 2, id="a saddle"),
        pytest.param(lambda x: x[0] * x[0] + 0.2, 2, id="one class everywhere"),
        pytest.param(lambda x: x[0] if x[1] < 0.5 else math.nan, 2, id="no number in places"),
    ],
)
def test_areas_and_line_are_those_that_python_paints(page, model, classes):
    labels = [i % classes for i in range(len(X))]
    clock = Clock()
    with quiet(model, X, labels, clock=clock) as training:
        training.update(loss=1.0)
    painted = ET.fromstring(training.page._image)
    still = [
        (path.get("fill"), float(path.get("fill-opacity") or 0), path.get("d"))
        for group in painted.iter(f"{SVG}g") if group.get("class") == "plane" for path in group
    ]  # fmt: skip
    open_html(page, training.page.html)
    live = page.locator(f"{APP} g.plane path").evaluate_all(
        "(paths) => paths.map((p) => ['fill', 'fill-opacity', 'd'].map((name) => p.getAttribute(name)))"
    )
    assert len(still) >= 2
    assert len(live) == len(still)
    for colour, opacity, d in still:
        (twin,) = [path for path in live if path[0] == colour and abs(float(path[1] or 0) - opacity) < 0.006]
        before, after = ([float(x) for x in re.findall(r"-?[0-9.]+", text)] for text in (d, twin[2]))
        assert after == pytest.approx(before, abs=0.11)  # both round to a tenth of a pixel


def test_all_constants_of_the_looks_come_with_the_data(page, monkeypatch):
    monkeypatch.setattr(curves, "LATER", 0.31)
    monkeypatch.setattr(player, "LATER", 0.31)
    monkeypatch.setattr(player, "OPACITIES", (0.4, 0.5))
    monkeypatch.setattr(player, "CORE", 0.6)
    monkeypatch.setattr(player, "AREA_OPACITIES", (0.6, 0.6))
    monkeypatch.setattr(player, "INKS", dict.fromkeys(player.INKS, "#123456"))
    monkeypatch.setattr(player, "LETTERS", player.LETTERS[::-1])
    watch = seen(4)
    open_html(page, watch.page.html)
    app = page.locator(APP)

    def attributes(name, selector):
        found = app.locator(selector).evaluate_all("(all, name) => all.map((one) => one.getAttribute(name))", name)
        return {float(x) if re.fullmatch("[0-9.]+", x) else x for x in found}

    assert attributes("stroke-opacity", "g.curve path[stroke-opacity]") == {0.31}
    assert all(0.4 <= opacity <= 0.5 for opacity in attributes("stroke-opacity", "g.wires line"))
    assert attributes("stroke", "g.wires line") == {"#123456"}
    assert attributes("fill-opacity", "g.plane path[fill-opacity]") == {0.6}
    radius = attributes("r", "g.units circle[stroke]").pop()
    assert attributes("r", "g.units circle:not([stroke])").pop() == pytest.approx(0.6 * radius, abs=0.01)
    assert attributes("fill", "g.plane path[fill-opacity]") <= {"#0072B2", "#D55E00"}


def test_keys_move_and_play(page, html):
    page.clock.install(time=0)
    open_html(page, html)
    page.clock.pause_at(3_600_000)  # from here on time passes as told, however slow the machine is
    app, slider = page.locator(APP), page.locator(f"{APP} input[type=range]")
    play = app.get_by_role("button", name="Play")
    page.keyboard.press("Tab")
    assert play.evaluate("(button) => button.getRootNode().activeElement === button")
    slider.focus()
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext") == "step 1, loss 4.0000, accuracy 0.0833"
    page.keyboard.press("ArrowRight")
    assert slider.input_value() == "1"
    page.keyboard.press(" ")
    app.get_by_role("button", name="Pause").wait_for()
    page.clock.run_for(10_000)
    assert slider.input_value() == "11"
    play.wait_for()  # at the end it pauses
    page.keyboard.press("End")
    assert app.get_by_role("button", name="Forward").is_disabled()
    app.get_by_role("button", name="Back").click()
    assert slider.input_value() == "10"


def test_nothing_moves_before_it_is_asked_to(page, html):
    open_html(page, html)
    page.wait_for_timeout(400)
    assert page.locator(f"{APP} input[type=range]").input_value() == "11"


@pytest.mark.parametrize(("motion", "steps"), [("reduce", 1), ("no-preference", 4)])
def test_with_reduced_motion_nothing_moves_by_itself_and_play_takes_a_step_a_second(page, html, motion, steps):
    page.clock.install(time=0)
    page.emulate_media(reduced_motion=motion)
    open_html(page, html)
    slider = page.locator(f"{APP} input[type=range]")
    page.clock.pause_at(3_600_000)  # from here on time passes as told, however slow the machine is
    page.clock.run_for(5000)
    assert slider.input_value() == "11"
    page.locator(APP).get_by_role("button", name="Play").click()
    assert slider.input_value() == "0"
    page.clock.run_for(1000 if motion == "reduce" else 1700)  # 400 ms a step
    assert slider.input_value() == str(steps)
    page.clock.run_for(900 if motion == "reduce" else 0)
    assert slider.input_value() == str(steps)
    moving = "(root) => root.getAnimations({ subtree: true }).length"
    assert page.locator(APP).evaluate(moving) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page, html, scheme):
    page.emulate_media(color_scheme=scheme)
    open_html(page, html)
    found = Axe().run(page).response["violations"]
    serious = [
        (rule["id"], node["html"])
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
    assert serious == []


def test_on_a_telephone_panels_stand_one_below_the_other(page, html):
    page.set_viewport_size({"width": 390, "height": 800})
    open_html(page, html)
    boxes = [svg.bounding_box() for svg in page.locator(f"{APP} svg").all()]
    assert len({box["x"] for box in boxes}) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(("width", "rows"), [(700, [1] * 5), (900, [2, 2, 1]), (1280, [2, 3]), (1600, [2, 3])])
def test_five_panels_leave_no_empty_place(page, html, width, rows):
    page.set_viewport_size({"width": width, "height": 800})
    open_html(page, html)
    boxes = [svg.bounding_box() for svg in page.locator(f"{APP} svg").all()]
    whole = page.locator(f"{APP} .panels").bounding_box()
    tops = sorted({box["y"] for box in boxes})
    assert [sum(box["y"] == top for box in boxes) for top in tops] == rows
    for top in tops:
        row = [box for box in boxes if box["y"] == top]
        before, after = row[0]["x"] - whole["x"], whole["x"] + whole["width"] - row[-1]["x"] - row[-1]["width"]
        assert before == pytest.approx(after, abs=0.5)
        assert len(row) == 1 or before == pytest.approx(0, abs=0.5)
    assert min(box["width"] for box in boxes) >= 350


def test_text_is_inside_its_panel_and_apart_from_other_text(page, html):
    open_html(page, html)
    for svg in page.locator(f"{APP} svg").all():
        outside, overlapping = svg.evaluate(
            """(svg) => {
            const paper = svg.getBoundingClientRect();
            const boxes = [...svg.querySelectorAll('text')].map((t) => [t.textContent, t.getBoundingClientRect()]);
            const out = boxes.filter(([, b]) =>
                b.left < paper.left || b.right > paper.right || b.top < paper.top || b.bottom > paper.bottom);
            const apart = (a, b) =>
                a.left > b.right - 1 || b.left > a.right - 1 || a.top > b.bottom - 1 || b.top > a.bottom - 1;
            const over = boxes.flatMap(([t, a], i) =>
                boxes.slice(i + 1).filter(([, b]) => !apart(a, b)).map(([u]) => [t, u]));
            return [out.map(([t]) => t), over];
            }"""
        )
        assert outside == []
        assert overlapping == []


def test_names_never_become_markup(page):
    hostile = "<img src=x onerror=alert(1)>\"'&</script><script>alert(2)</script>"
    watch = seen(3, hostile=hostile)
    watch.record.name = hostile
    watch.record.remarks.append(hostile)
    open_html(page, watch.page.html)
    app = page.locator(APP)
    assert app.locator("img").count() == 0
    assert hostile.replace("_", " ") in app.locator(".figures").inner_text()
    assert app.locator(".remark").last.inner_text() == hostile


class InFloats:
    """A network of one hidden layer that predicts with floats: a grid of it takes a tenth of the time."""

    def __init__(self, model):
        self.modules = model.modules
        hidden, (self.output,) = [
            [([w.data for w in unit.w], unit.b.data) for unit in layer.neurons] for layer in model.layers
        ]
        self.hidden = [(w1, w2, b) for (w1, w2), b in hidden]

    def __call__(self, x):
        weights, bias = self.output
        units = [math.tanh(w1 * x[0] + w2 * x[1] + b) for w1, w2, b in self.hidden]
        return bias + sum([w * unit for w, unit in zip(weights, units, strict=True)])


@pytest.mark.parametrize("samples", [(), (X, y)])
def test_a_page_of_200_frames_of_41_parameters_is_light(samples):
    model = network(2, 10, 1) if samples else network(3, 4, 4, 1)
    clock = Clock()
    with quiet(InFloats(model) if samples else model, *samples, clock=clock) as training:
        for step in range(199):
            clock.pass_by(10.0)
            model([1.0, 2.0, step][: 2 if samples else 3]).backward()
            training.update(loss=1.0 / (step + 1))
    assert len(model.parameters()) == 41
    assert len(training.record.frames) == 199
    assert all(frame.grid for frame in training.record.frames) == bool(samples)
    assert len(training.page.html.encode()) <= (150 + 41) * 1024
