"""The surface of the output over two leaves: its numbers, colours, lines and steps, against Python and by hand."""

import math
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

import autograd
from autograd import Op, Value
from autograd.errors import DomainError
from autograd.view.replayer import replay
from autograd.view.text import number_text

from .computations import chain, sized
from .pages import go, last_step, opened, rows

READY = """() => {
  const root = document.querySelector("[data-autograd-page]").shadowRoot;
  return root.querySelector(".plot svg text") && !root.querySelector(".surface[aria-busy]");
}"""


def surface(page, y, *limits, **settings):
    """The replay of y with its surface open, and limits set: left, right, bottom, top."""
    opened(page, y, **settings)
    page.locator(".surface > summary").click()
    page.wait_for_function(READY)
    for side, x in zip(("left", "right", "bottom", "top"), limits, strict=bool(limits)):
        page.get_by_label(f"{side} limit").fill(str(x))
        page.get_by_label(f"{side} limit").blur()
    page.wait_for_function(READY)
    return page


def chosen(page):
    """The names of the two leaves, across and up."""
    ways = ("to the right", "upwards")
    return [page.get_by_label(f"Leaf {way}").locator("option:checked").inner_text() for way in ways]


def told(page):
    """What the picture says to those who do not see it."""
    return page.locator(".plot > svg").get_attribute("aria-label")


def cells(page):
    """The table of the surface: (across, up) to text."""
    rows = page.locator(".numbers table").evaluate(
        "table => [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    head = [float(text) for text in rows[0][1:]]
    return {(x, float(row[0])): text for row in rows[1:] for x, text in zip(head, row[1:], strict=True)}


def pixel(page, k, row):
    """The colour of a grid point, counted from the left and from below."""
    return page.locator(".heat canvas").evaluate(
        "(canvas, [k, row]) => [...canvas.getContext('2d').getImageData(k, 60 - row, 1, 1).data]", [k, row]
    )


def bowl():
    """a² + 2 b² at (1, 1): 3, with the gradient (2, 4)."""
    a, b = Value(1.0, label="a"), Value(1.0, label="b")
    y = a * a + 2 * b * b
    y.label = "y"
    return y


def here(page):
    return page.locator("p.here").inner_text()


def step(page, rate):
    page.get_by_label("Learning rate").fill(str(rate))
    page.get_by_role("button", name="Step downhill").click()


def points(path):
    return [tuple(map(float, pair)) for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]


def trace(page, selector):
    """The coordinates of a path or of a circle, from the left and from below in shares of the plot."""
    frame = page.locator(".plot svg > rect.frame").first
    left, top, width, height = (float(frame.get_attribute(name)) for name in ("x", "y", "width", "height"))
    shape = page.locator(selector).first
    found = (points(shape.get_attribute("d")) if shape.get_attribute("d")
             else [(float(shape.get_attribute("cx")), float(shape.get_attribute("cy")))])  # fmt: skip
    return [((x - left) / width, 1 - (y - top) / height) for x, y in found]


# --- numbers ------------------------------------------------------------------------------------------------------


def test_the_values_are_those_of_python(page):
    def f(a, b, c):
        return autograd.logsumexp([a * b, (a - c).tanh(), b.sigmoid()]) * c + b.erf() ** 2

    made = [Value(x, label=name) for name, x in (("a", 0.5), ("b", -0.7), ("c", 1.5))]
    surface(page, f(*made), -2, 1, -1, 2)
    assert chosen(page) == ["b", "c"]
    for (x, y), text in cells(page).items():
        assert text == number_text(f(Value(0.5), Value(x), Value(y)).data)
    assert len(cells(page)) == 49


def test_two_other_leaves_can_be_chosen(page):
    a, b, c = (Value(x, label=name) for name, x in (("a", 1.0), ("b", 2.0), ("c", 3.0)))
    surface(page, a + 10 * b + 100 * c)
    page.get_by_label("Leaf to the right").select_option(label="a")
    page.wait_for_function(READY)
    page.get_by_label("Leaf to the right").select_option(label="c")  # which is upwards: they change places
    page.wait_for_function(READY)
    assert chosen(page) == ["c", "a"]
    for (x, y), text in cells(page).items():
        assert float(text) == pytest.approx(y + 20 + 100 * x, abs=1e-3)
    assert "Only these two leaves move" in page.locator(".surface .note").inner_text()


def test_limits_are_around_the_numbers_and_can_be_typed(page):
    surface(page, bowl())
    limits = [page.get_by_label(f"{side} limit") for side in ("left", "right", "bottom", "top")]
    assert [limit.input_value() for limit in limits] == ["-1", "3", "-1", "3"]
    limits[0].fill("0,5")
    limits[0].press("Enter")
    assert "write a point" in page.locator(".surface .message").inner_text()
    limits[0].fill("9")
    limits[0].press("Enter")
    assert "must be greater" in page.locator(".surface .message").inner_text()
    limits[0].fill("-2")
    limits[0].press("Enter")
    page.wait_for_function(READY)
    assert not page.locator(".surface .message").is_visible()
    assert min(x for x, _ in cells(page)) == -2
    page.get_by_role("button", name="Automatic limits").click()
    page.wait_for_function(READY)
    assert min(x for x, _ in cells(page)) == -1


@pytest.mark.parametrize(
    ("x", "low", "high"), [(0.0, -1, 1), (0.3, -1, 1.5), (-3.0, -9, 3), (100.0, -100, 300), (1e6, -1e6, 3e6)]
)
def test_automatic_limits_hold_zero_and_the_number(page, x, low, high):
    surface(page, Value(x, label="a") + Value(x, label="b"))
    assert float(page.get_by_label("left limit").input_value()) == low
    assert float(page.get_by_label("right limit").input_value()) == high


def test_undefined_points_are_left_blank_and_told(page):
    a, b = Value(1.5, label="a"), Value(1.0, label="b")
    surface(page, a.log() + b, -3, 3, -3, 3)
    for (x, y), text in cells(page).items():
        try:
            assert text == number_text(Value(x).log().data + y)
        except DomainError:
            assert text == "undefined"
    assert pixel(page, 10, 30)[3] == 0
    assert pixel(page, 50, 30)[3] == 255
    assert "undefined at 51 % of the points" in page.locator(".surface .note").inner_text()  # 31 of 61 columns


def test_nowhere_defined(page):
    a, b = Value(1.5, label="a"), Value(1.0, label="b")
    surface(page, a.log() + b, -3, -2, -3, 3)
    assert "undefined everywhere" in page.locator(".surface .note").inner_text()
    assert "undefined everywhere" in told(page)


# --- the picture --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("x", [math.inf, math.nan, 1e308, -1e308])
def test_leaves_at_the_ends_of_the_range_of_doubles(page, x):
    """No error in the console, which the fixture sees, and limits that are numbers."""
    surface(page, Value(x, label="a") * Value(2.0, label="b"))
    limits = [float(page.get_by_label(f"{side} limit").input_value()) for side in ("left", "right", "bottom", "top")]
    assert all(map(math.isfinite, limits))
    assert limits[0] < limits[1]
    page.get_by_label("left limit").fill("-1e308")
    page.get_by_label("left limit").blur()
    assert page.locator(".surface .message").inner_text() == "Type a number of at most 1e300."


def test_colours_go_from_the_lowest_to_the_highest(page):
    a, b = Value(0.0, label="a"), Value(0.0, label="b")
    surface(page, a + b, -1, 1, -1, 1)
    assert pixel(page, 0, 0) == [68, 1, 84, 255]
    assert pixel(page, 60, 60) == [253, 231, 37, 255]
    diagonal = [pixel(page, k, k)[:3] for k in range(0, 61, 4)]
    lightness = [sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), colour, strict=True)) for colour in diagonal]
    assert lightness == sorted(lightness)
    assert pixel(page, 0, 60) == pixel(page, 60, 0) == pixel(page, 30, 30)


def test_each_point_is_the_middle_of_its_colour(page):
    surface(page, bowl())
    canvas, frame = page.locator(".heat canvas").bounding_box(), page.locator(".plot svg > rect.frame").bounding_box()
    for start, size in (("x", "width"), ("y", "height")):
        cell = frame[size] / 60
        assert canvas[size] == pytest.approx(61 * cell, rel=1e-2)
        assert canvas[start] + cell / 2 == pytest.approx(frame[start], abs=1)


def test_lines_of_equal_value_lie_where_the_value_is(page):
    a, b = Value(0.0, label="a"), Value(0.5, label="b")
    surface(page, a * a + b * b, -1, 1, -1, 1)
    levels = page.locator(".plot .level").all_text_contents()
    paths = page.locator(".contour:not(.under)").count()
    assert 4 <= len(levels) <= paths <= 10
    assert [float(text) for text in levels] == sorted(map(float, levels))
    radii = []
    for k in range(paths):
        at = trace(page, f":nth-match(.contour:not(.under), {k + 1})")
        radius = [math.hypot(2 * x - 1, 2 * y - 1) for x, y in at]
        assert max(radius) - min(radius) < 0.01
        radii.append(sum(radius) / len(radius))
    shown = [r**2 for r in radii]
    for level in map(float, levels):
        assert min(abs(level - r) for r in shown) < 0.01


def test_the_point_the_arrow_and_the_way(page):
    surface(page, bowl(), -1, 3, -1, 3)
    assert trace(page, ".plot circle.here") == [pytest.approx((0.5, 0.5), abs=1e-3)]
    start, tip, *_ = trace(page, "path.trace")
    assert tip[0] < start[0]
    assert (tip[1] - start[1]) / (tip[0] - start[0]) == pytest.approx(2, rel=1e-2)  # -(2, 4): twice as far down
    step(page, 0.1)
    assert trace(page, ".plot circle.here") == [pytest.approx((0.45, 0.4), abs=1e-3)]  # (0.8, 0.6)
    assert trace(page, "path.trace") == [pytest.approx((0.5, 0.5), abs=1e-3), pytest.approx((0.45, 0.4), abs=1e-3)]


def test_axes_have_names_and_round_numbers(page):
    surface(page, bowl(), -1, 3, 0, 0.5)
    texts = page.locator(".plot svg > text").all_text_contents()
    assert {"a", "b", "-1.0", "-0.5", "0.0", "3.0", "0.1", "0.5"} <= set(texts)


def test_the_picture_is_told_in_words(page):
    surface(page, bowl(), -1, 3, -2, 3)
    assert told(page) == (
        "y over a from -1 to 3, b from -2 to 3: from 0.0000 at a = 0.0000, b = 0.0000 to 27.0000 at a = 3.0000, "
        "b = 3.0000. Here "
        "a = 1.0000, b = 1.0000: y = 3.0000. Minus the gradient, the arrow: (-2.0000, -4.0000)."
    )


# --- gradient descent ---------------------------------------------------------------------------------------------


def test_a_step_by_hand(page):
    surface(page, bowl())
    assert here(page) == "Here a = 1.0000, b = 1.0000: y = 3.0000. Minus the gradient, the arrow: (-2.0000, -4.0000)."
    step(page, 0.1)
    assert page.locator(".moved").inner_text() == "Step 1: y was 3.0000 and is now 1.3600, 1.6400 less."
    assert here(page).startswith("Here a = 0.8000, b = 0.6000: y = 1.3600.")
    assert page.locator("[aria-live]").text_content().startswith("Step 1: y was 3.0000")
    page.get_by_label("Learning rate").press("Enter")
    assert page.locator(".moved").inner_text() == "Step 2: y was 1.3600 and is now 0.6688, 0.6912 less."  # (.64, .36)
    step(page, 1)  # (0.64 - 1.28, 0.36 - 1.44)
    assert page.locator(".moved").inner_text().endswith("is now 2.7424, 2.0736 more: the step was too large.")
    page.get_by_role("button", name="Back to the start").click()
    page.wait_for_function(READY)
    assert here(page).startswith("Here a = 1.0000, b = 1.0000")
    assert page.locator(".moved").inner_text() == ""


def test_a_seed_does_not_change_the_gradient_of_the_output(page):
    surface(page, bowl(), seed=7.0)
    assert "arrow: (-2.0000, -4.0000)" in here(page)


def test_a_step_to_where_nothing_is_defined_is_not_taken(page):
    a, b = Value(0.5, label="a"), Value(1.0, label="b")
    surface(page, a.log() + b)
    step(page, 1)  # 0.5 - 1 / 0.5
    assert "undefined. Nothing has moved." in page.locator(".surface .message").inner_text()
    assert here(page).startswith("Here a = 0.5000")
    step(page, 0)
    assert "greater than 0" in page.locator(".surface .message").inner_text()
    assert page.get_by_label("Learning rate").get_attribute("aria-invalid") == "true"


def test_a_point_without_a_gradient(page):
    a, b = Value(1.0, label="a"), Value(1.0, label="b")
    surface(page, a.sqrt() + b)
    step(page, 2)  # to sqrt(0), whose derivative is infinite or undefined
    step(page, 2)
    assert "Nothing has moved." in page.locator(".surface .message").inner_text() or "no gradient" in here(page)


def test_a_wrong_learning_rate_is_marked_until_it_is_right(page):
    surface(page, bowl())
    rate, message = page.get_by_label("Learning rate"), page.locator(".surface .message")
    step(page, "abc")
    page.get_by_label("left limit").fill("-2")
    page.get_by_label("left limit").press("Enter")
    page.wait_for_function(READY)
    page.get_by_role("button", name="Automatic limits").click()
    page.wait_for_function(READY)
    assert rate.get_attribute("aria-invalid") == "true"
    assert "“abc” is not a number" in message.inner_text()
    rate.fill("0.1")
    rate.blur()
    assert rate.get_attribute("aria-invalid") is None
    assert not message.is_visible()


def test_the_point_can_be_used_in_the_replay(page):
    surface(page, bowl())
    use = page.get_by_role("button", name="Use this point in the replay")
    assert not use.is_visible()
    step(page, 0.1)
    use.click()
    page.wait_for_function(READY)
    go(page, last_step(page))
    assert (rows(page)["a"], rows(page)["b"]) == (("0.8000", "1.6000"), ("0.6000", "2.4000"))  # 2 a and 4 b
    assert rows(page)["y"][0] == "1.3600"
    assert page.locator(".moved").inner_text().endswith("a = 0.8000, b = 0.6000. The way begins here.")
    assert here(page).startswith("Here a = 0.8000, b = 0.6000: y = 1.3600.")
    assert not use.is_visible()
    page.get_by_role("button", name="Reset the leaves").click()
    assert rows(page)["a"][0] == "1.0000"


def test_a_pair_that_is_chosen_again_has_its_way(page):
    a, b, c = (Value(1.0, label=name) for name in "abc")
    surface(page, a * a + b * b + 0.5 * c)
    assert chosen(page) == ["a", "b"]
    step(page, 0.1)
    up = page.get_by_label("Leaf upwards")
    up.select_option(label="c")
    page.wait_for_function(READY)
    assert here(page).startswith("Here a = 1.0000, c = 1.0000")
    assert not page.get_by_role("button", name="Use this point in the replay").is_visible()
    up.select_option(label="b")
    page.wait_for_function(READY)
    assert here(page).startswith("Here a = 0.8000, b = 0.8000")
    up.select_option(label="a")  # which is to the right: they change places
    page.wait_for_function(READY)
    assert here(page).startswith("Here b = 0.8000, a = 0.8000")
    page.get_by_role("button", name="Back to the start").click()
    page.wait_for_function(READY)
    assert here(page).startswith("Here b = 1.0000, a = 1.0000")


def test_numbers_of_the_scale_have_the_form_of_all_others(page):
    a, b = Value(0.5, label="a"), Value(0.5, label="b")
    surface(page, a.sigmoid() * b.sigmoid() * 4e-8, 0, 1, 0, 1)
    texts = page.locator(".plot .bar text").all_text_contents()
    assert texts == ["1.000e-08", "v4", number_text(4e-8 / (1 + math.exp(-1)) ** 2)]
    assert all(re.fullmatch(r"\d\.\d+e-0\d", text) for text in page.locator(".plot .level").all_text_contents())


def test_the_surface_follows_a_changed_leaf(page):
    surface(page, bowl())
    page.get_by_label("data of a").click()
    page.get_by_label("data of a").fill("4")
    page.get_by_label("data of a").press("Enter")
    page.wait_for_function(READY)
    assert here(page).startswith("Here a = 4.0000, b = 1.0000: y = 18.0000. Minus the gradient, the arrow: (-8.0000")


# --- where there is one -------------------------------------------------------------------------------------------


def test_a_replay_in_boxes_has_one_too(page):
    x, z = Value(0.3, label="x"), Value(-0.4, label="z")

    def deep(x, z):
        for _ in range(150):
            x = (x * 0.99 + z * 0.01).sin()
        return x

    surface(page, deep(x, z), -1, 1, -1, 1, limit=50)
    for (a, b), text in list(cells(page).items())[::6]:
        assert text == number_text(deep(Value(a), Value(b)).data)


def test_keys_in_the_surface_do_not_step_the_replay(page):
    surface(page, bowl())
    page.locator(".surface details > summary").press("Enter")
    page.locator(".numbers").press("ArrowRight")
    page.locator(".surface > summary").press("ArrowRight")
    assert page.get_by_label("Step", exact=True).input_value() == "0"


def test_none_without_two_leaves_or_rules(page):
    opened(page, chain(3))
    assert page.locator(".surface").count() == 0
    odd = Op("odd", "?", 1, forward=math.gamma, partials=lambda y, x: (math.gamma(x),))
    opened(page, odd(Value(1.5)) + Value(2.0))
    assert page.locator(".surface").count() == 0
    opened(page, sized(201), limit=50)  # 101 leaves are too many for a computation in boxes
    assert page.locator(".surface").count() == 0


def test_none_in_practice_which_it_would_answer():
    html = replay(bowl(), practice=True).html
    assert "createPlot(" not in html
    assert "createPlot(" in replay(bowl()).html


@pytest.mark.parametrize(("width", "theme"), [(1280, "dark"), (390, "light")])
def test_nothing_serious_for_people_who_do_not_see_the_page(page, width, theme):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme)
    surface(page, bowl())
    step(page, 0.1)
    page.locator(".surface details > summary").click()
    found = Axe().run(page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
