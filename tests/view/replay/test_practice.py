"""Practice: questions in the place of numbers, judged as a teacher would, and answers that are nowhere in the page."""

import json
import math
import re
import struct
from base64 import b64decode
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe

from autograd import Op, Value
from autograd.engine import toposort
from autograd.errors import AutogradError
from autograd.partials import stored_partials
from autograd.view.replayer import replay
from autograd.view.text import number_text

from .answers import called, focused, perceptron
from .computations import neuron, sized
from .pages import boxes, go, last_step, opened, rows

# --- what the page is told --------------------------------------------------------------------------------------


def numbers_in(html):
    """All doubles that stand in base64 anywhere in the document."""
    found = []
    for text in re.findall(r"[A-Za-z0-9+/]{8,}={0,2}", html):
        try:
            content = b64decode(text, validate=True)
        except ValueError:
            continue
        found += struct.unpack(f"<{len(content) // 8}d", content[: len(content) // 8 * 8])
    return found


def texts_in(html):
    """The document as it is, with its percent signs read, and with what stands in base64 in it."""
    decoded = [b64decode(text + "=" * (-len(text) % 4)).decode("latin-1")
               for text in re.findall(r"[A-Za-z0-9+/]{40,}", html) if len(text) % 4 != 1]  # fmt: skip
    return [html, unquote(html), *decoded]


def partials_and_gradients(y):
    """All local derivatives, terms and running sums that are neither data, which the page shows, nor whole."""
    sums, found = {y: 1.0}, []
    nodes = toposort(y)
    for v in reversed(nodes):
        for _, x, partial in stored_partials(v):
            term = partial * sums[v]
            sums[x] = sums.get(x, 0.0) + term
            found += [partial, term, sums[x]]
    shown = {number_text(abs(v.data)) for v in nodes}
    return [x for x in found if number_text(abs(x)) not in shown and x != round(x)]


def curved():
    """A computation none of whose derivatives is one of its data."""
    a, b = Value(0.731, label="a"), Value(-1.217, label="b")
    h = (a * b + a).tanh()
    return (h * h.sin() + b.exp() * a).sigmoid()


def test_no_answer_is_in_the_page():
    html = replay(curved(), practice=True).html
    answers = partials_and_gradients(curved())
    assert len(answers) > 15
    for text in texts_in(html):
        for answer in answers:
            assert repr(abs(answer))[:8] not in text
            assert number_text(abs(answer)) not in text
    hidden = numbers_in(html)
    assert not [x for x in hidden for answer in answers if math.isclose(abs(x), abs(answer), rel_tol=1e-6)]
    plain = numbers_in(replay(curved()).html)  # the search finds them where they are
    assert [x for x in plain for answer in answers if math.isclose(abs(x), abs(answer), rel_tol=1e-6)]


def test_the_record_has_leaves_and_constants_only():
    html = replay(perceptron(), practice=True).html
    record = json.loads(re.search(r'application/json">(.*?)</script>', html, re.DOTALL)[1])["data"]
    data = struct.unpack(f"<{len(record['nodes'])}d", b64decode(record["data"]))
    for node, x in zip(record["nodes"], data, strict=True):
        assert math.isnan(x) == (node["kind"] == "result"), node
    partials = b64decode(record["partials"][0])
    assert all(math.isnan(x) for x in struct.unpack(f"<{len(partials) // 8}d", partials))


def test_the_picture_that_it_opens_with_shows_data_and_no_gradient():
    y = perceptron()
    y.backward()
    picture = unquote(re.search(r'src="data:image/svg\+xml,(.*?)"', replay(y, practice=True).html)[1])
    assert "0.6225" in picture
    assert "0.1774" not in picture
    assert "0.3550" not in picture


def test_a_rule_that_cannot_be_translated_is_named_with_the_remedy():
    odd = Op("odd<b>", "?", 1, forward=math.gamma, partials=lambda y, x: (math.gamma(x),))
    with pytest.raises(AutogradError, match=r"no practice with odd<b>.*Remedy"):
        replay(odd(Value(1.5)), practice=True)
    replay(odd(Value(1.5)))


def test_practice_goes_node_by_node():
    with pytest.raises(ValueError, match="practice goes node by node, and y has 31 nodes, more than limit = 30"):
        replay(sized(31), practice=True, limit=30)


def test_the_page_stays_light():
    for nodes in (3, 301):
        page = replay(sized(nodes), practice=True, limit=nodes)
        assert len(page.html) <= 150_000 + 1000 * nodes


# --- what may be typed --------------------------------------------------------------------------------------------

READ = {
    "0.5": 0.5, ".5": 0.5, "1/2": 0.5, "0,5": 0.5, ",5": 0.5, " 0.5 ": 0.5, "−0.5": -0.5, "- 0.5": -0.5, "+1": 1,
    "-1e-3": -0.001, "2E3": 2000, "5.": 5, "2*3": 6, "2 × 3": 6, "2·3": 6, "6÷4": 1.5, "0,5*2,5": 1.25, "-1/2": -0.5,
    "0.5 * (-3)": -1.5, "-2*-3": 6, "1 - 0.5^2": 0.75, "2**3": 8, "3²": 9, "-2^2": -4, "2^-1": 0.5, "1/2/2": 0.25,
    "1 - 2 - 3": -4, "(1+2)*(3)": 9, "0.25+0.5": 0.75,
}  # fmt: skip
NOT_READ = [
    "", " ", "a", "1 2", "1,234.5", "1..2", "1.2.3", "2e", "e", "-", ".", "(1", "1)", "()", "2*", "*2", "1/", "0/0",
    "1;2", "0x10", "1_000", "alert(1)", "2^", "½", "1" * 81, "(" * 80,
]  # fmt: skip


def test_formats_that_people_write(page):
    read = called(page, "given.map((text) => readAnswer(text).value)", *READ)
    assert dict(zip(READ, read, strict=True)) == pytest.approx(READ, rel=1e-15)
    assert called(page, "given.map((text) => readAnswer(text))", *NOT_READ) == [None] * len(NOT_READ)
    infinite = called(page, "given.map((text) => String(readAnswer(text).value))", "inf", "-inf", "nan", "∞", "1/0")
    assert infinite == ["Infinity", "-Infinity", "NaN", "Infinity", "Infinity"]


AGREES = [
        ("-0.1774", -0.17744708, True), ("-0.177", -0.17744708, True), ("-0.1775", -0.17744708, True),
        ("0.1774", -0.17744708, False), ("-0.18", -0.17744708, False), ("-0.2", -0.17744708, False),
        ("-0.1797", -0.17744708, False), ("1/3", 0.33333, True), ("0.333", 1 / 3, True), ("0.33", 1 / 3, False),
        ("0.0012", 0.0012345, True), ("0.0012*1", 0.0012345, True), ("1", 1.0, True), ("1", 2.0, False),
        ("3", 4.0, False),
        ("0", 0.0, True), ("-0", 0.0, True), ("0", 1e-17, True), ("0", 1e-4, False), ("0.0000", 1e-4, False),
        ("1e-8", 1e-8, True), ("2e-8", 1e-8, False), ("1e-14", 1e-14, True), ("0.001", 0.0, False),
        ("-0.0001", 0.00005, False), ("1e300", 1e300, True), ("300", 300.2, True), ("300", 301.9, False),
        ("0.123", 0.125, False), ("100", 101.0, False), ("1.00e5", 1.02e5, False), ("0.0001", 0.0003, False),
        ("0.0003", 0.0003, True), ("0.25", 0.2500004, True), ("0.2500", 0.24999, True),
]  # fmt: skip


def test_what_agrees(page):
    found = called(page, "given.map(([typed, answer]) => agrees(readAnswer(typed), answer))", *AGREES)
    assert [(*case[:2], right) for case, right in zip(AGREES, found, strict=True)] == AGREES


def test_a_forgotten_sum_is_not_right_however_small_the_difference(page):
    """Of x·1000 + x: what arrives second is 1000, and the sum 1001, a thousandth more."""
    asked = {"right": [[1000], [1001]], "product": 1000, "before": 1, "partial": 1000, "arriving": 1}
    given = [[which, asked, typed] for which, typed in ((1, "1000"), (1, "1001"), (1, "1000.9"), (0, "1000"), (0, "1"))]
    found = called(page, "given.map(([which, asked, typed]) => isRight(readAnswer(typed), asked, which))", *given)
    assert found == [False, True, True, True, False]


def test_what_agrees_beyond_numbers(page):
    assert called(page, "agrees(readAnswer('inf'), Infinity) && agrees(readAnswer('nan'), NaN)")
    assert not called(page, "agrees(readAnswer('inf'), -Infinity) || agrees(readAnswer('1'), NaN)")


LOCAL = {"partial": 0.25, "arriving": 3.0, "product": 0.75, "before": None, "after": 0.75, "others": [["b", -4.0]],
         "together": -7.0, "which": " by operand 1 alone", "receiver": "x"}  # fmt: skip
FIRST = LOCAL
LATER = {**FIRST, "before": 10.0, "after": 10.75}


OFF = [
    (True, LOCAL, "-0.25", "The sign is wrong."),
    (True, LOCAL, "0.5", "This is twice what it should be."),
    (True, LOCAL, "0.125", "This is half of what it should be."),
    (True, LOCAL, "0.75", "multiplied with the gradient that arrives already"),
    (True, LOCAL, "-4", "derivative by the other operand, b"),
    (True, LOCAL, "0.2475", "close"),
    (True, LOCAL, "-7", "by all operands that are x. Each has an edge of its own: asked is by operand 1 alone."),
    (True, LOCAL, "4", "This is one divided by what it should be."),
    (True, LOCAL, "17", "The sign is right, the size too large."),
    (True, LOCAL, "0.1", "The sign is right, the size too small."),
    (True, LOCAL, "-0.1", "The sign is wrong, and the size too small."),
    (True, LOCAL, "0", "It is not 0."),
    (True, LOCAL, "inf", ""),
    (True, {**LOCAL, "partial": 0.0, "product": 0.0}, "1", "It is too large."),
    (True, {**LOCAL, "partial": 0.0, "product": 0.0}, "-1", "It is too small."),
    (False, FIRST, "0.25", "This is the local derivative: multiply it"),
    (False, FIRST, "3", "This is the gradient that arrives: multiply it"),
    (False, FIRST, "-0.75", "The sign is wrong."),
    (False, LATER, "0.75", "This is the new term alone: x.grad was 10.0000 already"),
    (False, LATER, "10", "This is the sum as it was"),
    (False, LATER, "9.25", "The new term has the wrong sign."),
    (False, LATER, "10.25", "The local derivative was added as it is"),
    (False, LATER, "0.25", "This is the local derivative"),
    (False, LATER, "-10.75", "The sign is wrong."),
]


def test_what_is_off(page):
    call = "given.map(([isLocal, asked, typed]) => (isLocal ? whatIsOffLocal : whatIsOffSum)(readAnswer(typed), asked))"
    for (_, _, typed, said), found in zip(OFF, called(page, call, *OFF), strict=True):
        assert said in found, typed
        assert bool(said) is bool(found), typed


# --- in the page --------------------------------------------------------------------------------------------------

BY_HAND = {  # of each edge: local derivative, and the gradient at the receiver then
    "loss → e": [("-0.3775", "-0.3775"), ("-0.3775", "-0.7551")],
    "e → p": [("1", "-0.7551")], "p → h": [("0.2350", "-0.1774")],
    "h → s": [("1", "-0.1774")], "h → b": [("1", "-0.1774")], "s → t1": [("1", "-0.1774")],
    "s → t2": [("1", "-0.1774")],
    "t1 → w1": [("1", "-0.1774")], "t1 → x1": [("1", "-0.1774")],
    "t2 → w2": [("0", "0")], "t2 → x2": [("-1", "0.1774")],
}  # fmt: skip


def edge_of(page):
    return page.locator(".phase").inner_text().removeprefix("Backward: ")


def answer(page, *texts):
    """Type what is asked, by the keyboard alone: Enter checks, Enter goes on."""
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")


def practising(page, y, **settings):
    opened(page, y, practice=True, **settings)
    page.get_by_role("button", name="Next question").click()
    return page


def verdict(page):
    return page.locator(".verdict").inner_text()


def score(page):
    return page.locator(".score").inner_text()


def spoken(page):
    return page.locator("[aria-live]").text_content()


def test_the_worked_neuron_by_keyboard_alone(page):
    opened(page, perceptron(), practice=True)
    page.locator(".picture").focus()
    while not page.locator(".question").count():
        page.keyboard.press("ArrowRight")
    left = {edge: list(pairs) for edge, pairs in BY_HAND.items()}
    for _ in range(12):
        answer(page, *left[edge_of(page)].pop(0))
    assert not any(left.values())
    assert page.locator(".phase").inner_text() == "Done"
    assert score(page) == "Right at first try: 24 of 24 asked so far (24 questions)"
    assert {name: grad for name, (_, grad) in rows(page).items()}["w1"] == "-0.1774"


def test_nothing_is_shown_before_it_is_answered(page):
    practising(page, perceptron())
    question = page.get_by_label("Step", exact=True).input_value()
    assert page.locator(".pill:not([hidden]) text").all_text_contents() == ["× ?", "+= ?"]
    for _ in range(2):
        page.locator(".picture").press("End")
        page.locator(".picture").press("ArrowRight")
        go(page, last_step(page))
        page.locator(".table button").first.click()
        assert page.get_by_label("Step", exact=True).input_value() == question
    grads = {name: grad for name, (_, grad) in rows(page).items()}
    assert {name for name, grad in grads.items() if grad != "—"} == {"loss"}
    assert {name for name, (_, grad) in boxes(page).items() if grad != "—"} == {"loss"}
    text = page.locator(".app").inner_text() + page.locator(".app").evaluate("e => e.outerHTML")
    assert "0.1774" not in text
    assert "0.7551" not in text


def test_playing_stops_at_a_question(page):
    opened(page, perceptron(), practice=True)
    page.get_by_label("Speed").select_option("60")
    page.get_by_role("button", name="Play").click()
    page.wait_for_selector(".question")
    page.wait_for_selector("button[aria-label='Play (space)']")
    assert focused(page) == "answer"


def test_a_shared_node_needs_the_sum(page):
    a = Value(3.0, label="a")
    practising(page, a + a)
    answer(page, "1", "1", "1")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    assert verdict(page).endswith(
        "This is the new term alone: a.grad was 1.0000 already, and the term is added to it (+=)."
    )
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    assert verdict(page).endswith("Right: a.grad = 2.0000.")
    assert score(page) == "Right at first try: 3 of 4 asked so far (4 questions)"


def test_a_square_and_its_root_meet(page):
    a = Value(3.0, label="a")
    y = a * a + a
    y.label = "y"
    practising(page, y)
    sums = []
    for _ in range(4):
        edge = edge_of(page)
        number = f" by operand {sums.count(edge) + 1} alone" if edge == "v1 → a" else ""
        assert page.locator(".ask label").inner_text().endswith(f"{number} =")
        local = {"y → v1": "1", "y → a": "1", "v1 → a": "3"}[edge]
        total = "1" if edge.startswith("y") else str(4 + 3 * sums.count(edge))
        sums.append(edge)
        answer(page, local, total)
    assert score(page).startswith("Right at first try: 8 of 8 asked")
    assert sums.count("v1 → a") == 2
    assert rows(page)["a"][1] == "7.0000"


def test_a_wrong_answer_says_what_is_off_and_does_not_count(page):
    practising(page, neuron())
    page.keyboard.type("-0.5")
    page.keyboard.press("Enter")
    assert verdict(page) == "Not right. The sign is wrong."
    assert spoken(page) == "Not right. The sign is wrong."
    assert page.locator("#answer").get_attribute("aria-invalid") == "true"
    page.keyboard.type("1/2")
    page.keyboard.press("Enter")
    assert verdict(page) == "Right: ∂o/∂n = 0.5000."
    assert spoken(page) == "Right: ∂o/∂n = 0.5000. Right at first try: 0 of 1 asked so far (18 questions)"
    assert page.locator("#answer").get_attribute("aria-invalid") is None
    assert focused(page) == "Go on"


def test_what_is_no_number_is_not_counted(page):
    practising(page, neuron())
    for text in ("", "one half"):
        page.locator("#answer").fill(text)
        page.keyboard.press("Enter")
        assert "number" in verdict(page)
    page.locator("#answer").fill(".5")
    page.get_by_role("button", name="Check").click()
    assert "1 of 1 asked" in score(page)


def test_numbers_computed_from_what_is_shown_are_right(page):
    x = Value(0.01234, label="x")  # 0.0123 as shown: twice that is 0.0246, and the derivative is 0.02468
    practising(page, x.square())
    page.keyboard.type("2*0.0123")
    page.keyboard.press("Enter")
    assert verdict(page) == "Right: ∂v1/∂x = 0.0247."
    page.keyboard.press("Enter")
    page.keyboard.type("2*0.0122")
    page.keyboard.press("Enter")
    assert "Not right" in verdict(page)


def bare(hint):
    """Its text without brackets and space: how a rule is spaced is not the matter here."""
    return re.sub(r"[()\s\u2061]", "", hint.text_content())


def test_hints_name_the_rule_then_fill_in_numbers(page):
    practising(page, neuron())
    page.get_by_role("button", name="Hint").click()
    hint = page.locator(".hinted")
    assert hint.locator("math").count() == 2
    assert bare(hint) == "Rule:∂o∂n=1−tanh2n=1cosh2n"
    assert spoken(page) == "Hint: 1 − tanh² n = 1 / cosh² n"
    assert focused(page) == "answer"
    page.get_by_role("button", name="Hint with numbers").click()
    assert bare(hint) == "Withnumbers:∂o∂n=1−tanh20.8814=1cosh20.8814"
    assert page.get_by_role("button", name="Hint with numbers").is_disabled()
    answer(page, "0.5")
    page.get_by_role("button", name="Hint").click()
    assert hint.text_content() == "Rule: n.grad+=∂o∂n×o.grad"
    page.get_by_role("button", name="Hint with numbers").click()
    assert hint.text_content() == "With numbers: n.grad = 0 + 0.5000 × 1.0000"
    answer(page, "0.5")
    assert score(page).startswith("Right at first try: 2 of 2")  # hints are free


@pytest.mark.parametrize(
    ("y", "filled"),
    [
        (lambda a, b: a * b, "(-3.0000)"),
        (lambda a, b: a**b, "(-3.0000)(2.0000)(-3.0000)−1"),
        (lambda a, b: a / b, "1(-3.0000)"),
        (lambda a, b: a.square() * b.sign(), None),
    ],
)
def test_numbers_in_a_rule_have_brackets_where_they_need_them(page, y, filled):
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    practising(page, y(a, b))
    for _ in range(2):
        page.get_by_role("button", name="Hint").click()
    text = page.locator(".hinted").text_content()
    assert text.startswith("With numbers: ∂")
    if filled:
        assert text.partition(" = ")[2] == filled


def test_rules_of_many_operands_say_what_the_operands_are(page):
    import autograd

    practising(page, autograd.prod([Value(float(i), label=f"p{i}") for i in (2, 3, 4)]))
    for _ in range(2):
        page.get_by_role("button", name="Hint").click()
    assert page.locator(".hinted").text_content().endswith("where p2 = 2.0000, p3 = 3.0000, p4 = 4.0000, v1 = 24.0000")


def test_show_and_skip_count_as_not_right(page):
    practising(page, neuron())
    page.get_by_role("button", name="Show").click()
    assert verdict(page) == "The answer: ∂o/∂n = 0.5000."
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show").click()
    assert page.locator(".phase").inner_text() == "Backward: o → n"
    assert "n.grad: 0 + 0.5000 = 0.5000" in page.locator(".formula").inner_text()
    assert score(page).startswith("Right at first try: 0 of 2 asked")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Skip this edge").click()
    assert verdict(page) == "Skipped."
    assert spoken(page).startswith("Skipped. Right at first try: 0 of 4 asked")
    page.keyboard.press("Enter")
    answer(page, "1")
    page.get_by_role("button", name="Skip this edge").click()
    assert score(page).startswith("Right at first try: 1 of 6 asked")


def test_going_back_does_not_ask_again(page):
    practising(page, neuron())
    answer(page, "0.5", "0.5")
    asked = page.get_by_label("Step", exact=True).input_value()
    go(page, int(asked) - 2)
    assert "These questions are done" in page.locator(".formula").inner_text()
    page.get_by_role("button", name="Next step").click()
    assert "n.grad: 0 + 0.5000 = 0.5000" in page.locator(".formula").inner_text()
    page.get_by_role("button", name="Next question").click()
    assert page.get_by_label("Step", exact=True).input_value() == asked
    assert score(page).startswith("Right at first try: 2 of 2")


def test_what_was_typed_stays_while_looking_elsewhere(page):
    practising(page, neuron())
    page.keyboard.type("0.4")
    asked = page.get_by_label("Step", exact=True).input_value()
    go(page, 2)
    go(page, int(asked))
    assert page.locator("#answer").input_value() == "0.4"


def test_the_score_is_told_at_the_end_and_practice_begins_again(page):
    a = Value(3.0, label="a")
    practising(page, a.square())
    answer(page, "6", "6")
    assert page.locator(".phase").inner_text() == "Done"
    page.get_by_role("button", name="Start again").click()
    assert score(page) == "2 questions: a local derivative and a gradient for each edge."
    page.get_by_role("button", name="Next question").click()
    assert page.locator(".question").count()


def test_a_changed_leaf_gives_new_questions(page):
    a = Value(3.0, label="a")
    practising(page, a.square())
    answer(page, "6")
    page.get_by_label("data of a").click()
    page.get_by_label("data of a").fill("5")
    page.get_by_label("data of a").press("Enter")
    assert score(page).startswith("2 questions")
    page.get_by_role("button", name="Next question").click()
    answer(page, "10", "10")
    assert rows(page)["a"][1] == "10.0000"


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_nothing_serious_for_people_who_do_not_see_the_page(page, width, theme):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme)
    practising(page, neuron())
    page.keyboard.type("-0.5")
    page.keyboard.press("Enter")
    for _ in range(2):
        page.get_by_role("button", name="Hint").click()
    found = Axe().run(page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
