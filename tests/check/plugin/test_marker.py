"""Tests with the marker `gradcheck`: what is checked, where, and what a failure says.

Each runs pytest on a small file, in this process.
"""

import inspect
import re
from types import SimpleNamespace

import pytest

import autograd.check.marked
import autograd.check.plugin
from autograd import Value

WRONG_CUBE = """
import pytest
from autograd import Op
cube = Op("cube", "³", 1, lambda x: x**3, lambda y, x: (2.0 * x * x,))
"""


def outcome(pytester, source, *arguments):
    pytester.makepyfile(source)
    return pytester.runpytest_inprocess("-W", "error", *arguments)


def failure(pytester, test):
    """What pytest shows of a test that fails."""
    result = outcome(pytester, f"import pytest, math\nfrom autograd import *\n{test}")
    result.assert_outcomes(failed=1)
    return result.stdout.str()


# --- what is checked -------------------------------------------------------------------------------------------


def test_what_a_test_returns_is_checked_at_random_points_by_its_parameters(pytester, monkeypatch):
    """A correct function passes; every point is another one, and within the domain."""
    points = []
    check = autograd.check.marked.gradcheck

    def recorded(f, *xs):
        points.append(xs)
        return check(f, *xs)

    monkeypatch.setattr(autograd.check.marked, "gradcheck", recorded)
    result = outcome(pytester, """
        import pytest
        @pytest.mark.gradcheck(points=7, domain={"y": "(2, 3) | (5, inf)"})
        def test_product(x, y):
            return x * y
    """)  # fmt: skip
    result.assert_outcomes(passed=1)
    assert len(set(points)) == 7
    assert all(2 < y < 3 or y > 5 for _, y in points)
    assert any(x < 0 for x, _ in points)


def test_ten_points_are_the_default_and_a_seed_draws_the_same_ones(pytester, monkeypatch):
    points = {}
    check = autograd.check.marked.gradcheck

    def recorded(f, x):
        points.setdefault(f.item.name, []).append(x)
        return check(f, x)

    monkeypatch.setattr(autograd.check.marked, "gradcheck", recorded)
    outcome(pytester, """
        import pytest
        @pytest.mark.gradcheck
        def test_a(x): return x
        @pytest.mark.gradcheck(seed=0)
        def test_b(x): return x
        @pytest.mark.gradcheck(seed=1)
        def test_c(x): return x
    """).assert_outcomes(passed=3)  # fmt: skip
    assert len(points["test_a"]) == 10
    assert points["test_a"] == points["test_b"]
    assert set(points["test_a"]).isdisjoint(points["test_c"])


def test_fixtures_and_parameters_of_parametrize_are_no_inputs(pytester):
    outcome(pytester, """
        import pytest
        from autograd import Value
        @pytest.fixture
        def factor(tmp_path):
            return 3.0
        @pytest.mark.gradcheck(points=2)
        @pytest.mark.parametrize(["slope", "name"], [(0.5, "a"), (2.0, "b")])
        @pytest.mark.parametrize("power, unused", [(2, None)])
        def test_line(request, x, slope, factor, name, y, power, unused, constant=7.0):
            assert isinstance(x, Value) and isinstance(y, Value)
            assert (type(slope), factor, power, constant) == (float, 3.0, 2, 7.0)
            assert request.node.name == f"test_line[2-None-{slope}-{name}]"
            return factor * x**power + slope * y * constant
    """).assert_outcomes(passed=2)  # fmt: skip


def test_methods_static_methods_and_marks_on_classes_and_modules(pytester):
    outcome(pytester, """
        import pytest
        pytestmark = pytest.mark.gradcheck(points=3)
        def helper(nobody_has_such_a_fixture): ...
        def test_by_its_module(x): return x * x
        def test_by_position(x, /, y, *, z): return x * y + z
        class TestThings:
            @pytest.mark.gradcheck(points=[1.0])
            def test_method(self, a):
                assert type(self).__name__ == "TestThings" and 0.5 < a.data < 1.5
                return a
            @staticmethod
            def test_static(a, b): return a * b
            @classmethod
            def test_class(cls, a): return a + 1
    """).assert_outcomes(passed=5)  # fmt: skip


def test_what_is_taken_by_position_alone_is_no_fixture(pytester):
    outcome(pytester, """
        import pytest
        @pytest.fixture
        def x(): return "a fixture"
        @pytest.mark.gradcheck(points=2)
        def test_square(x, /): return x * x
    """).assert_outcomes(passed=1)  # fmt: skip


def test_points_may_be_given(pytester):
    outcome(pytester, """
        import pytest
        seen = []
        @pytest.mark.gradcheck(points=[1.5, -2.0])
        def test_one_input(x):
            seen.append(x.data)
            return x
        @pytest.mark.gradcheck(points=[(1.0, 2.0), (3.0, [4.0, 5.0])])
        def test_lists_too(x, ys):
            return x * ys[1] if isinstance(ys, list) else x * ys
        def test_both_were_seen():
            assert {1.5, -2.0} <= set(seen)
    """).assert_outcomes(passed=3)  # fmt: skip


def test_a_derivative_by_hand_is_held_against_plain_floats(pytester):
    result = outcome(pytester, """
        import math
        import pytest
        @pytest.mark.gradcheck(df=lambda x, y: (math.cos(x) * y, math.sin(x)))
        def test_right(x, y):
            assert type(x) is float
            return math.sin(x) * y
        @pytest.mark.gradcheck(df=lambda x: math.sin(x), points=[1.0])
        def test_wrong(x):
            return math.sin(x)
    """)  # fmt: skip
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["x      0.8414709848  0.5403023059*wrong*"])  # sin 1 and cos 1


def test_points_where_the_function_is_undefined_are_drawn_again(pytester):
    outcome(pytester, """
        import math
        import pytest
        from autograd import log
        @pytest.mark.gradcheck(points=30)
        def test_log(x): return log(x)
        @pytest.mark.gradcheck(points=30, df=lambda x: 1 / x)
        def test_pair(x): return math.log(x)
    """).assert_outcomes(passed=2)  # fmt: skip


def test_the_signature_is_hidden_from_pytest_only_while_it_collects(pytester):
    outcome(pytester, """
        import inspect
        import pytest
        @pytest.mark.gradcheck
        def test_square(x): return x * x
        def test_signature():
            assert list(inspect.signature(test_square).parameters) == ["x"]
            assert not hasattr(test_square, "__signature__")
    """).assert_outcomes(passed=2)  # fmt: skip


def test_a_marker_of_that_name_of_the_project_itself_is_left_alone(pytester):
    pytester.makeini("[pytest]\nmarkers =\n    gradcheck: slow checks of our own")
    outcome(pytester, """
        import pytest
        @pytest.mark.gradcheck
        def test_ours(): pass
        @pytest.mark.gradcheck
        def test_with_a_fixture(tmp_path): pass
    """).assert_outcomes(passed=2)  # fmt: skip


def test_a_function_that_is_marked_but_no_test_is_not_touched(pytester):
    outcome(pytester, """
        import pytest
        @pytest.mark.gradcheck
        def helper(x): return x
        def test_helper(): assert helper(3) == 3
    """).assert_outcomes(passed=1)  # fmt: skip


# --- what a failure says -----------------------------------------------------------------------------------------


def test_a_failure_shows_the_worst_points_with_their_tables_and_no_internals(pytester):
    result = outcome(pytester, WRONG_CUBE + "@pytest.mark.gradcheck(points=[2.0, 0.5, 4.0, 1.0, 3.0])\n"
                     "def test_cube(t): return cube(t)")  # fmt: skip
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([
        "the gradient of test_cube is wrong at 5 of 5 points",
        "",
        "at t = *",
        "gradcheck: wrong (1 derivative: 1 wrong)",
        "input * analytic * numeric * difference * error estimate * verdict",
        "t * wrong*",
        "... 2 more such points, none of them worse",
    ])  # fmt: skip
    text = result.stdout.str()
    shown = re.findall(r"^t +(\S+) +(\S+) ", text, re.MULTILINE)
    assert len(shown) == 3
    assert all(float(analytic) / float(numeric) == pytest.approx(2 / 3) for analytic, numeric in shown)
    assert not any(internal in text for internal in ("Traceback", "marked.py", "pytest_autograd.py", "gradcheck.py"))
    assert "traceback" not in text


def test_the_point_that_is_most_wrong_comes_first(pytester):
    text = failure(pytester, """
too_large = {1.0: 1e-6, 2.0: 1.0, 3.0: 1e-3}
@pytest.mark.gradcheck(df=lambda x: 2 * x * (1 + too_large.get(x, 0)), points=[1.0, 2.0, 3.0, 4.0])
def test_square(x): return x * x""")  # fmt: skip
    assert "is wrong at 3 of 4 points" in text
    assert re.findall(r"^at x = (\S+)$", text, re.MULTILINE) == ["2.0", "3.0", "1.0"]


def test_the_worst_of_random_points_can_be_checked_alone(pytester):
    text = failure(pytester, WRONG_CUBE + "@pytest.mark.gradcheck(seed=3)\ndef test_cube(t): return cube(t)")
    assert "is wrong at 10 of 10 points (seed 3)" in text
    (again,) = re.findall(r"^To check the worst point alone: (points=\[\(.*,\)\])$", text, re.MULTILINE)
    assert f"at t = {again[9:-3]}\n" in text
    text = failure(pytester, WRONG_CUBE + f"@pytest.mark.gradcheck({again})\ndef test_cube(t): return cube(t)")
    assert "is wrong at 1 of 1 points" in text


def test_at_a_point_that_was_asked_for_it_has_to_be_told(pytester):
    text = failure(pytester, "@pytest.mark.gradcheck(points=[1.0, 0.0])\ndef test_abs(x): return abs(x)")
    assert "the gradient of test_abs cannot be told at 1 of 2 points\n\nat x = 0.0\n" in text
    assert "kink: the slope is -1 from the left and 1 from the right" in text


def test_a_point_that_was_asked_for_has_to_be_defined(pytester):
    text = failure(pytester, "@pytest.mark.gradcheck(points=[1.0, -1.0])\ndef test_log(x): return log(x)")
    assert "the gradient of test_log is undefined at 1 of 2 points\n\nat x = -1.0\nDomainError: log is undef" in text


def test_a_function_that_changes_from_call_to_call_is_not_let_pass(pytester):
    text = failure(pytester, "import random\n@pytest.mark.gradcheck(points=4)\n"
                             "def test_noise(x): return x * random.random()")  # fmt: skip
    assert "the gradient of test_noise cannot be told at 5 of 5 points" in text
    assert "not deterministic" in text


def test_a_function_that_is_undefined_everywhere_says_so(pytester):
    text = failure(pytester, "@pytest.mark.gradcheck\ndef test_log(x): return log(-exp(x))")
    assert "test_log is defined at none of 1000 random points in a row; the last: x = " in text
    assert "gradcheck(domain='(0, inf)')" in text


def test_a_plain_number_as_a_result_is_explained(pytester):
    text = failure(pytester, "@pytest.mark.gradcheck\ndef test_sin(x): return math.sin(x)")
    assert "The test returned a plain number, which has no gradient: compute with the functions of autograd" in text
    text = failure(pytester, "@pytest.mark.gradcheck(df=math.sin)\ndef test_sin(x): return math.sin(x)")
    assert "plain number" not in text


def test_an_error_of_the_function_is_shown_at_its_line_with_the_point(pytester):
    text = failure(pytester, "@pytest.mark.gradcheck(points=[2.5])\ndef test_bug(x):\n    return x.nothing()")
    assert ">       return x.nothing()" in text
    assert "E       AttributeError: " in text
    assert "E       at the point x = 2.5" in text
    assert "marked.py" not in text


@pytest.mark.parametrize(("test", "message"), [
    ("@pytest.mark.gradcheck\ndef test(): return 1.0", "test has nothing to differentiate by"),
    ("@pytest.mark.gradcheck\ndef test(*xs): return xs[0]", "test has nothing to differentiate by"),
    ("@pytest.mark.gradcheck\ndef test(x): x * x", "test returns nothing"),
    ("@pytest.mark.gradcheck\nasync def test(x): return x", "test is async"),
    ("@pytest.mark.gradcheck(20)\ndef test(x): return x", "the settings of the marker gradcheck have names"),
    ("@pytest.mark.gradcheck(point=20)\ndef test(x): return x", "the marker gradcheck has no setting point"),
    ("@pytest.mark.gradcheck(df=lambda x: 1, order=2)\ndef test(x): return x", "has no setting order here; it has"),
    ("@pytest.mark.gradcheck(points=2.0)\ndef test(x): return x", "a number of points, or a list of them; got 2.0"),
    ("@pytest.mark.gradcheck(points=0)\ndef test(x): return x", "points asks for no point at all"),
    ("@pytest.mark.gradcheck(points=[])\ndef test(x): return x", "points asks for no point at all"),
    ("@pytest.mark.gradcheck(points=-1)\ndef test(x): return x", "points asks for no point at all"),
    ("@pytest.mark.gradcheck(points=[(1.0,)])\ndef test(x, y): return x", "a point has 2 numbers, for x, y; got (1."),
    ("@pytest.mark.gradcheck(domain='(1, 0)')\ndef test(x): return x", "'(1, 0)' is no interval"),
    ("@pytest.mark.gradcheck(domain={'t': '(0, 1)'})\ndef test(x): return x", "or one for each of x; got {'t': "),
    ("@pytest.mark.gradcheck(df=2.0)\ndef test(x): return x", "df is a function, as in df=lambda x: 2 * x; got 2.0"),
])  # fmt: skip
def test_a_mistake_in_the_test_itself_is_named(pytester, test, message):
    text = failure(pytester, test)
    assert message in text
    assert "raceback" not in text


# --- the class under test ------------------------------------------------------------------------------------------

HALF = """
class Half:  # computes with numbers and halves every gradient
    def __init__(self, data, below=()):
        self.data, self.grad, self.below = data, 0.0, below
    def __mul__(self, other):
        return Half(self.data * other.data, ((self, other.data), (other, self.data)))
    def backward(self):
        for leaf, partial in self.below:
            leaf.grad += 0.5 * partial
"""


def test_a_marked_test_that_takes_value_class_computes_with_that_class(pytester):
    pytester.makepyfile(half=HALF)
    result = outcome(pytester, """
        import pytest
        @pytest.mark.gradcheck(points=[(3.0, 5.0)])
        def test_theirs(x, y, value_class):
            assert type(x) is value_class and value_class.__name__ == "Half"
            return x * y
        @pytest.mark.gradcheck
        def test_ours(x, y):
            assert type(x).__module__ == "autograd.engine"
            return x * y
    """, "--value-class", "half:Half")  # fmt: skip
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["x           2.5        5*wrong*", "*[[]factor-two[]]", "*seen: *"])


def test_a_fixture_of_the_project_takes_the_place_of_the_option(pytester):
    pytester.makeconftest(HALF + "\nimport pytest\n@pytest.fixture\ndef value_class(): return Half")
    outcome(pytester, """
        import pytest
        @pytest.mark.gradcheck(points=[(3.0, 5.0)])
        @pytest.mark.usefixtures("value_class")
        def test_theirs(x, y):
            assert type(x).__name__ == "Half"
            return x * y
    """).assert_outcomes(failed=1)  # fmt: skip


def test_the_names_of_the_inputs_are_those_of_the_test():
    """They head the rows, so that the function which is checked has to bear them."""

    item = SimpleNamespace(funcargs={"slope": 2.0}, obj=lambda x, slope, weight: x * slope + weight)
    f = autograd.check.marked.MarkedFunction(item, ("x", "weight"))
    assert str(inspect.signature(f)) == "(x, weight)"
    assert f(3.0, 1.0) == 7.0
    assert f.gave_a_number
    assert isinstance(f(Value(3.0), 1.0), Value)
