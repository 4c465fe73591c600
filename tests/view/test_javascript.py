"""The rules as JavaScript, run in Chromium: the same values, partials and errors as in Python."""

from __future__ import annotations

import math
import re

import pytest
from mpmath import mp, mpf

from autograd import OPS, Op, Value, exp, log
from autograd.engine import choose
from autograd.view.javascript import rules_javascript

from ..browser import open_html
from ..points import CASES, case_name, points

BY_NAME = {op.name: op for op in OPS}
TOLERANCE = 1e-12
SMALLEST = 2.0**-1022  # below it numbers lose digits one by one
# A strict policy: inline script, but no eval.
DOCUMENT = """<!doctype html><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'">
<script>{source}
const computed = ([k, tuples]) => tuples.map(([xs, labels]) => {{
  let y;
  try {{
    y = RULES[k].forward(xs, labels);
  }} catch (error) {{
    return {{error: error.message, kind: error.constructor.name}};
  }}
  try {{
    return {{y, partials: RULES[k].partials(y, xs)}};
  }} catch (error) {{
    return {{y, error: error.message}};
  }}
}});
</script>"""


def loaded(page, used):
    source, translated = rules_javascript(used)
    open_html(page, DOCUMENT.format(source=source))
    return translated


def results(page, k, tuples, labels=()):
    return page.evaluate("computed", [k, [[list(xs), list(labels)] for xs in tuples]])


@pytest.fixture(scope="module")
def table(browser):
    """A page with the rules of the whole table."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    assert all(loaded(page, CASES))
    yield page
    context.close()


def is_close(got, expected, terms=0.0):
    if math.isnan(expected) or math.isinf(expected) or math.isnan(got):
        return got == expected or (math.isnan(got) and math.isnan(expected))
    return abs(got - expected) <= TOLERANCE * max(abs(expected), terms) + SMALLEST


def magnitude(op, xs):
    """The sum of the magnitudes of what `sum` adds, which compensates for rounding from Python 3.12 on."""
    half = len(xs) // 2
    terms = {"sum": xs, "mean": xs, "dot": [*[w * x for w, x in zip(xs[:half], xs[half:-1], strict=False)], xs[-1]]}
    total = sum(map(abs, terms.get(op.name, ())))
    return total if math.isfinite(total) else 0.0


def attempted(op, xs):
    try:
        return op(*xs), None
    except ValueError as error:
        return None, str(error)


@pytest.mark.parametrize("k", range(len(CASES)), ids=map(case_name, CASES))
def test_values_partials_and_errors_are_those_of_python(table, k):
    op, count = CASES[k]
    tuples = list(points(op, count))
    assert len(tuples) >= 200
    for xs, got in zip(tuples, results(table, k, tuples), strict=True):
        y, error = attempted(op, xs)
        if error:
            assert got == {"error": error, "kind": "RangeError"}, xs
            continue
        try:
            partials = op.partials(y, *xs)
        except ZeroDivisionError:  # (±0) ** nan
            assert "partials" not in got, xs
            continue
        assert "error" not in got, (xs, got)
        assert is_close(got["y"], y, magnitude(op, xs)), (xs, got["y"], y)
        for mine, partial in zip(got["partials"], partials, strict=True):
            assert is_close(mine, partial), (xs, got, partial)


@pytest.mark.parametrize("name", ["erf", "erfc"])
def test_the_error_function_has_all_digits(table, name):
    k = CASES.index((BY_NAME[name], 1))
    xs = [s * (i + 0.5) / 40 for i in range(1060) for s in (-1, 1)] + [0.46875, 4.0, 1e-10, 1e-300, 5.9, 6.1]
    exact = getattr(mp, name)
    with mp.workdps(40):
        for x, got in zip(xs, results(table, k, [(x,) for x in xs]), strict=True):
            error = abs(mpf(got["y"]) - exact(mpf(x)))
            assert error <= 2e-15 * abs(exact(mpf(x))) + SMALLEST, (x, got["y"])


def test_an_error_shows_labels_as_python_does(table):
    k = CASES.index((BY_NAME["div"], 2))
    a, b = Value(-1e-7, label='it\'s \\ "a"\n'), Value(0.0, label="b</script>")
    with pytest.raises(ZeroDivisionError) as caught:
        a / b
    (got,) = results(table, k, [(a.data, b.data)], [repr(a.label), repr(b.label)])
    assert got["error"] == str(caught.value)


def test_numbers_in_errors_have_the_digits_of_python(table):
    k = CASES.index((BY_NAME["log"], 1))
    xs = [0.0, -0.0, -math.inf, -1.0, -10.0, -123456.789, -1e15, -1e16, -1.5e16, -123456789012345680.0, -1e21, -1e22]
    xs += [
        -1e-4,
        -1e-5,
        -1.25e-5,
        -0.00012345,
        -1 / 3,
        -5e-324,
        -1.7976931348623157e308,
        -0.1,
        -100.25,
        -(2.0**53),
    ]
    for x, got in zip(xs, results(table, k, [(x,) for x in xs]), strict=True):
        assert got["error"].startswith(f"log is undefined at {x!r};")


# --- what is shipped ------------------------------------------------------------------------------------------


def definitions(source):
    return re.findall(r"^  (?:const|class) (\w+)", source, flags=re.MULTILINE)


ALWAYS = {"Undefined", "defined", "repr"}  # with which an error is told


@pytest.mark.parametrize(
    ("name", "functions"),
    [
        ("add", set()),
        ("tanh", {"tanh", "sigmoid"}),
        ("log", {"inside", "log", "div", "fail"}),
        ("erf", {"erf", "erf_near_0", "quotient", "exp_of_minus_square", "erfc_to_4", "erfc_beyond_4",
                 "erfc_from_there", "exp"}),
        ("relu", set()),
    ],
)  # fmt: skip
def test_a_page_gets_the_functions_that_it_needs_and_no_others(name, functions):
    source, _ = rules_javascript([(BY_NAME[name], BY_NAME[name].arity)])
    assert set(definitions(source)) == ALWAYS | functions


def test_every_function_is_there_once_and_used():
    source, _ = rules_javascript(CASES)
    names = definitions(source)
    assert len(names) == len(set(names))
    for name in names:
        assert len(re.findall(rf"(?<![.\w]){name}\b", source)) > 1, name


def test_the_source_asks_for_nothing_that_a_strict_page_forbids():
    source, _ = rules_javascript(CASES)
    for forbidden in ("eval", "Function(", "</", "<!--", "innerHTML", "import", "fetch", "document", "window"):
        assert forbidden not in source


def test_the_whole_table_weighs_little():
    source, _ = rules_javascript([(op, op.arity or 3) for op in OPS])
    assert len(source) < 30_000


# --- operations of users -------------------------------------------------------------------------------------

HOSTILE = "</script><script>alert(1)//`${alert(2)}`\u2028{0.__class__}"


def test_an_operation_of_ones_own_is_translated_and_its_words_stay_outside(page):
    own = Op(
        HOSTILE, HOSTILE, 2, lambda a, b: a * b * b if a > 0 else 1 / b,
        lambda y, a, b: (choose(a > 0, lambda: b * b, 0.0), choose(a > 0, lambda: 2 * a * b, lambda: -1 / (b * b))),
        code=HOSTILE, latex=HOSTILE, domain=(HOSTILE,), kinks={HOSTILE: HOSTILE}, doc=HOSTILE,
    )  # fmt: skip
    source, translated = rules_javascript([(own, 2)])
    assert translated == (True,)
    assert not re.search(r"alert|script|__class__", source)
    loaded(page, [(own, 2)])
    got = results(page, 0, [(2.0, 3.0), (-2.0, 4.0), (-1.0, 0.0)])
    assert got[:2] == [{"y": 18.0, "partials": [9.0, 12.0]}, {"y": 0.25, "partials": [0.0, -0.0625]}]
    assert got[2] == {"error": "the operation is undefined at -1.0, 0.0", "kind": "RangeError"}


def test_a_namesake_of_a_row_is_another_operation(page):
    namesake = Op("exp", "exp", 1, lambda x: x + 1, lambda y, x: (1.0,), code="{0} + {1}")
    loaded(page, [(namesake, 1)])
    assert results(page, 0, [(1.0,)]) == [{"y": 2.0, "partials": [1.0]}]


def test_what_cannot_be_translated_is_said_and_the_others_keep_their_places(page):
    by_math = Op("by_math", "m", 1, math.sin, lambda y, x: (x,))
    by_rule = Op("by_rule", "r", 1, lambda x: x, lambda y, x: (math.cos(x),))
    square = BY_NAME["square"]
    assert loaded(page, [(by_math, 1), (square, 1), (by_rule, 1), (square, 1)]) == (False, True, False, True)
    assert page.evaluate("RULES.map((rule) => rule === null)") == [True, False, True, False]
    assert results(page, 3, [(3.0,)]) == [{"y": 9.0, "partials": [6.0]}]
    assert results(page, 1, [(3.0,)]) == [{"y": 9.0, "partials": [6.0]}]


def test_operations_in_rules_of_operations_become_functions(page):
    cube = Op("cube", "³", 1, lambda x: x * x * x, lambda y, x: (3 * x * x,))
    outer = Op("outer", "o", 1, lambda x: cube(x) - 1, lambda y, x: (3 * cube(x) / x + exp(cube(x)),))
    loaded(page, [(outer, 1), (cube, 1)])
    (got,) = results(page, 0, [(0.5,)])
    assert got["y"] == -0.875
    assert is_close(got["partials"][0], 0.75 + math.exp(0.125))


def test_brackets_stand_where_they_are_needed_and_nowhere_else(page):
    def forward(a, b):
        return a - (b - a) * (b + a) - (-a) + (a + (b + 0.1)) - (a > b) * 2

    own = Op("own", "o", 2, forward, lambda y, a, b: (y - (a - b), +(-(a * (b * y)))))
    source, _ = rules_javascript([(own, 2)])
    assert "x0 - (x1 - x0) * (x1 + x0) - -x0 + (x0 + (x1 + 0.1)) - (x0 > x1 ? 1 : 0) * 2)," in source
    assert "[y - (x0 - x1), +(-(x0 * (x1 * y)))]" in source
    loaded(page, [(own, 2)])
    for xs in [(2.0, 3.0), (3.0, 2.0), (0.1, -0.7)]:
        y = forward(*xs)
        assert results(page, 0, [xs]) == [{"y": y, "partials": list(own.partials(y, *xs))}]


def test_the_side_that_is_not_chosen_is_not_computed(page):
    def partials(y, x):
        shared = lambda: log(x) * log(x)  # noqa: E731
        return (choose(x > 0, lambda: shared() + 1 / shared(), lambda: 1 / (x - 1)),)

    own = Op("own", "o", 1, lambda x: x, partials)
    loaded(page, [(own, 1)])
    got = results(page, 0, [(-1.0,), (math.e,), (1.0,)])
    assert got[0] == {"y": -1.0, "partials": [-0.5]}
    assert is_close(got[1]["partials"][0], 2.0)
    assert got[2] == {"y": 1.0, "error": "a rule is undefined here"}


def test_long_and_deep_rules_are_no_trouble_for_the_parser(page):
    def deep(y, x):
        for _ in range(5000):
            x = 1.0 - x * 0.5
        return (x,)

    def forward(x):
        return deep(None, x)[0]

    own = Op("deep", "d", 1, forward, deep)
    used = [(own, 1), (BY_NAME["sum"], 3000), (BY_NAME["prod"], 2000), (BY_NAME["dot"], 2001)]
    assert all(loaded(page, used))
    assert results(page, 0, [(0.25,)]) == [{"y": forward(0.25), "partials": [forward(0.25)]}]
    assert results(page, 1, [[0.5] * 3000])[0]["y"] == 1500.0
    assert results(page, 2, [[1.0] * 1999 + [2.0]])[0]["partials"] == [2.0] * 1999 + [1.0]
    assert results(page, 3, [[2.0] * 2001])[0]["y"] == 4002.0


def test_an_operation_that_fails_within_others_fails_in_each_of_them(page):
    by_math = Op("by_math", "m", 1, math.sin, lambda y, x: (x,))
    first = Op("first", "1", 1, lambda x: by_math(x), lambda y, x: (1.0,))
    second = Op("second", "2", 1, lambda x: 2 * x, lambda y, x: (2 * by_math(x),))
    third = Op("third", "3", 1, lambda x: first(x) + 1, lambda y, x: (x,))
    used = [(first, 1), (second, 1), (third, 1), (BY_NAME["square"], 1), (second, 1)]
    assert loaded(page, used) == (False, False, False, True, False)
    assert results(page, 3, [(3.0,)]) == [{"y": 9.0, "partials": [6.0]}]
