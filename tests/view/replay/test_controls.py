"""Forward, back and to any step: by buttons, keys, slider, rows, nodes and swipes; the state is that of the step."""

import random

import pytest

from autograd import Value
from autograd.view.replayer import replay
from autograd.view.tracing import trace

from ...browser import open_html
from .computations import neuron, shared, sized
from .pages import boxes, go, last_step, opened, rows, state, step


@pytest.fixture
def at_neuron(page):
    return opened(page, neuron())


def test_each_step_says_its_arithmetic(at_neuron):
    said = {}
    for k in range(last_step(at_neuron) + 1):
        go(at_neuron, k)
        said[k] = " ".join(at_neuron.locator(".panel").inner_text().split())
    assert last_step(at_neuron) == 16
    assert "2.0000 × (-3.0000) = -6.0000" in said[1]
    assert "0.0000 × 1.0000 = 0.0000" in said[2]
    assert "tanh(0.8814) = 0.7071" in said[5]
    assert "o.grad = 1.0000" in said[6]
    assert "0.5000 × 1.0000 = 0.5000 n.grad: 0 + 0.5000 = 0.5000" in said[7]
    assert said[0].startswith("Start")
    assert said[16].startswith("Done")


def test_the_rule_stands_as_mathematics_and_as_a_number(at_neuron):
    go(at_neuron, 7)
    row = at_neuron.locator(".row").first
    assert row.locator("math").count() == 2
    assert row.locator("math mfrac").first.evaluate("e => e.textContent") == "∂o∂n"
    assert "tanh" in row.locator("math").nth(1).text_content()
    assert "0.5000" in row.inner_text()
    assert "n" in row.locator("math").nth(1).locator("mi").all_text_contents()
    assert "where" not in row.inner_text()


def test_buttons(at_neuron):
    def press(name):
        at_neuron.get_by_role("button", name=name).click()
        return step(at_neuron)

    assert [press("One step forward"), press("One step forward"), press("One step back")] == [1, 2, 1]
    assert [press("To the end"), press("To the start")] == [16, 0]
    assert at_neuron.get_by_role("button", name="One step back").is_disabled()


def test_keys(at_neuron):
    at_neuron.locator(".picture").focus()
    seen = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowRight", "Home", "ArrowLeft"):
        at_neuron.keyboard.press(key)
        seen.append(step(at_neuron))
    assert seen == [1, 2, 1, 16, 16, 0, 0]


def test_keys_mean_what_they_mean_in_an_input(at_neuron):
    box = at_neuron.get_by_label("data of x1")
    box.focus()
    for key in ("Home", "ArrowRight", "End", "ArrowLeft"):
        at_neuron.keyboard.press(key)
    assert step(at_neuron) == 0


def test_keys_work_on_a_saved_page_before_anything_is_focused(at_neuron):
    at_neuron.keyboard.press("ArrowRight")
    assert step(at_neuron) == 1


def test_playing_goes_on_by_itself_and_pauses(at_neuron):
    at_neuron.get_by_label("Speed").select_option("60 steps/s")
    at_neuron.get_by_role("button", name="Play").click()
    at_neuron.locator("output", has_text="16 / 16").wait_for()
    assert at_neuron.get_by_role("button", name="Play").is_visible()
    at_neuron.get_by_label("Speed").select_option("0.5 steps/s")
    at_neuron.locator(".picture").press("Space")
    at_neuron.locator("output", has_text="0 / 16").wait_for()
    at_neuron.get_by_role("button", name="Pause").click()
    assert at_neuron.get_by_role("button", name="Play").is_visible()


def test_a_row_goes_to_where_its_node_is_computed_and_then_to_its_whole_gradient(at_neuron):
    seen = []
    for name in ("n", "x1w1", "x2"):
        at_neuron.get_by_role("button", name=name, exact=True).click()
        seen.append(step(at_neuron))
    go(at_neuron, 16)
    for name in ("n", "x1w1", "x2"):
        at_neuron.get_by_role("button", name=name, exact=True).click()
        seen.append(step(at_neuron))
        assert at_neuron.locator("tr[aria-current] th").inner_text() == name
    assert seen[:3] == [4, 1, 2]
    go(at_neuron, 16)
    assert [rows(at_neuron)[name][1] for name in ("n", "x1w1", "x2")] == ["0.5000"] * 3
    for name, k in zip(("n", "x1w1", "x2"), seen[3:], strict=True):
        go(at_neuron, k - 1)
        assert rows(at_neuron)[name][1] == "—"
        go(at_neuron, k)
        assert rows(at_neuron)[name][1] == "0.5000"


def test_a_click_on_a_node_goes_there(at_neuron):
    seen = []
    for name in ("n", "x2w2", "o"):
        at_neuron.locator(".picture g.value").filter(has=at_neuron.get_by_text(name, exact=True)).click()
        seen.append(step(at_neuron))
    assert seen == [4, 2, 5]


def test_a_swipe_moves_by_one(browser, watching):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, offline=True)
    page = watching(context)
    opened(page, neuron())

    def swipe(x1, x2):
        page.locator(".panel").evaluate(
            """(panel, [x1, x2]) => {
                const touch = (x) => new Touch({ identifier: 1, target: panel, clientX: x, clientY: 500 });
                const list = (x) => ({ touches: [touch(x)], changedTouches: [touch(x)], bubbles: true });
                panel.dispatchEvent(new TouchEvent("touchstart", list(x1)));
                panel.dispatchEvent(new TouchEvent("touchend", list(x2)));
            }""",
            [x1, x2],
        )
        return step(page)

    assert [swipe(300, 100), swipe(300, 100), swipe(100, 300), swipe(100, 120)] == [1, 2, 1, 1]
    context.close()


@pytest.mark.parametrize("make", [neuron, shared], ids=["neuron", "shared"])
def test_the_state_is_that_of_the_step_however_it_was_reached(page, make):
    opened(page, make())
    last = last_step(page)
    straight = []
    for k in range(last + 1):
        go(page, k)
        straight.append(state(page))
    back = []
    for _ in range(last + 1):
        back.append(state(page))
        page.locator(".picture").press("ArrowLeft")
    assert back[::-1] == straight
    chosen = random.Random(0)
    for _ in range(12):
        k = chosen.randrange(last + 1)
        go(page, k)
        assert state(page) == straight[k]


def test_the_picture_and_the_table_say_the_same_at_each_step(at_neuron):
    for k in range(last_step(at_neuron) + 1):
        go(at_neuron, k)
        assert rows(at_neuron) == boxes(at_neuron)


def test_a_step_touches_as_few_elements_in_a_large_graph_as_in_a_small_one(page):
    def most(nodes):
        opened(page, sized(nodes))
        return page.locator(".app").evaluate(
            """async (app) => {
                const counts = [];
                const button = app.querySelector("button.step");
                let records = [];
                const observer = new MutationObserver((found) => records.push(...found));
                observer.observe(app, { subtree: true, childList: true, attributes: true, characterData: true });
                const slider = app.querySelector("input[type=range]");
                slider.value = String(Math.floor(slider.max / 3) - 10); // before the seed; then over it
                slider.dispatchEvent(new Event("input"));
                for (let k = 0; k < 30 && !button.disabled; k++) {
                    records = [];
                    button.click();
                    await Promise.resolve();
                    records.push(...observer.takeRecords());
                    counts.push(new Set(records.map((record) => record.target)).size);
                }
                return counts.slice(1, -1).reduce((x, y) => Math.max(x, y), 0);
            }"""
        )

    small, large = most(31), most(299)
    assert small == large <= 40  # elements, of thousands


def test_each_step_is_announced_in_sentences(at_neuron):
    said = at_neuron.locator("[aria-live]")
    go(at_neuron, 5)
    assert said.text_content() == "Step 5 of 16. Forward: o is tanh(n), that is tanh(0.8814) = 0.7071."
    go(at_neuron, 7)
    assert said.text_content() == (
        "Step 7 of 16. Backward from o to n: the local derivative 0.5000 times the gradient 1.0000 that arrives is "
        "0.5000. The gradient of n was 0 and is now 0.5000."
    )


def test_the_line_of_code_is_shown_if_the_computation_was_traced(page):
    opened(page, trace(neuron))
    go(page, 5)
    assert page.locator(".code code").inner_text() == "o = n.tanh()"
    assert page.locator(".code .place").inner_text().startswith("computations.py:")
    opened(page, neuron())
    go(page, 5)
    assert not page.locator(".code").is_visible()


def test_paths_of_files_stay_at_home():
    assert __file__.rsplit("/", 2)[0] not in replay(trace(neuron)).html


def test_two_replays_on_a_page_do_not_disturb_each_other(page):
    two = replay(neuron()).fragment + replay(shared()).fragment
    open_html(page, f"<!DOCTYPE html><meta charset=utf-8><body>{two}</body>")
    steps = page.get_by_label("Step", exact=True)
    steps.nth(0).fill("3")
    steps.nth(1).fill("5")
    assert [page.locator("output").nth(i).inner_text().split()[0] for i in (0, 1)] == ["3", "5"]
    page.locator(".picture").nth(1).press("ArrowRight")
    assert [page.locator("output").nth(i).inner_text().split()[0] for i in (0, 1)] == ["3", "6"]


def test_one_output_is_replayed():
    with pytest.raises(TypeError, match="one output, and got 2"):
        replay([Value(1.0), Value(2.0)])
    with pytest.raises(TypeError, match="a Value or of trace"):
        replay(3.0)
    with pytest.raises(ValueError, match="limit = 0"):
        replay(neuron(), limit=0)
