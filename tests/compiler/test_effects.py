"""What a function changes outside of itself: it is refused, and outside nothing is left of the tries."""

import math
import random
import time

import numpy as np
import pytest

import autograd
from autograd import TraceError, Value
from autograd.compiler.trace.outside import Outside

NUMBERS = np.random.default_rng(0)


class Model:
    """A weight, and whatever its `run` keeps of the samples that were."""

    def __init__(self):
        self.w, self.mean, self.previous, self.low, self.calls = Value(0.5), 0.25, 0.0, 0.0, 0
        self.seen, self.table, self.out, self.state = [], {"last": 0.0}, None, Value(0.0)
        self.array = np.zeros(2)


class Slotted:
    __slots__ = ("last", "w")

    def __init__(self):
        self.w, self.last = Value(0.5), 0.0


def running_mean(m, x):
    m.mean = 0.9 * m.mean + 0.1 * x
    return m.w * (x - m.mean)


def previous(m, x):
    change, m.previous = x - m.previous, x
    return m.w * change


def lowest(m, x):
    m.low = min(m.low, x)
    return m.w * (x - m.low)


def appended(m, x):
    m.seen.append(x)
    return m.w * sum(m.seen)


def counted(m, x):
    m.calls += 1
    return m.w * x


def in_a_dict(m, x):
    m.table["last"] = m.w * x
    return m.table["last"]


def kept(m, x):
    m.out = [m.w * x]
    return m.out[0] ** 2


def state_of_values(m, x):
    m.state = (m.w * x + m.state).tanh()
    return m.state


def in_an_array(m, x):
    m.array[0] += 1.0
    return m.w * x


EFFECTS = {
    running_mean: "mean", previous: "previous", lowest: "low", appended: "seen", counted: "calls",
    in_a_dict: "table.last", kept: "out", state_of_values: "state", in_an_array: "array",
}  # fmt: skip


def what_is_kept(m):
    kept = {name: x for name, x in vars(m).items() if name != "w"}
    return {**kept, "seen": list(m.seen), "table": dict(m.table), "array": m.array.tolist()}


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda f: f.__name__)
def test_an_effect_is_refused_by_its_name_and_nothing_of_it_stays(effect):
    model = Model()
    before = what_is_kept(model)
    with pytest.raises(TraceError, match=rf"(?s)def {effect.__name__}\(m, x\):\n.*changes Model\.{EFFECTS[effect]},"):
        autograd.compile(effect, executor="numpy")(model, [-1.0, 2.0])
    after = what_is_kept(model)
    assert after == before
    assert all(type(after[name]) is type(before[name]) for name in before)
    assert effect(model, 3.0).data == effect(Model(), 3.0).data


def test_slots_closures_and_globals_are_put_back_too(monkeypatch):
    model, last = Slotted(), 0.0
    monkeypatch.setitem(globals(), "LAST", 0.0)

    def in_a_slot(m, x):
        m.last = x
        return m.w * x

    def in_a_closure(m, x):
        nonlocal last
        last = x
        return m.w * x

    def in_a_global(m, x):
        global LAST
        LAST = x
        return m.w * x

    for f, name in ((in_a_slot, "last"), (in_a_closure, "last"), (in_a_global, "LAST")):
        with pytest.raises(TraceError, match=f"changes .*{name}, which is outside"):
            autograd.compile(f, executor="numpy")(model, [1.0, 2.0])
    assert (model.last, last, globals()["LAST"]) == (0.0, 0.0, 0.0)


def test_what_was_changed_before_an_error_of_the_trace_is_put_back():
    def f(m, x):
        m.out = m.w * x
        m.seen.append(m.out)
        return m.w * m.out.data

    model = Model()
    with pytest.raises(TraceError, match=r"\.data"):
        autograd.compile(f, executor="numpy")(model, [1.0, 2.0])
    assert (model.out, model.seen) == (None, [])


def test_a_cache_that_the_first_call_fills_is_no_effect():
    table = {}

    def f(w, x):
        if "scale" not in table:
            table["scale"] = 3.0
        return w * x * table["scale"]

    assert autograd.compile(f, executor="numpy")(Value(2.0), [1.0, 2.0]) is not None
    assert table == {"scale": 3.0}


def test_nothing_is_written_where_nothing_has_changed():
    class Watched(list):
        def clear(self):
            raise AssertionError

    names = Watched([1.0, 2.0])
    outside = Outside(lambda w, x: w * x * names[0])
    outside.restore()
    assert outside.replaced() is None


@pytest.mark.parametrize("draw", [lambda: np.random.rand(), lambda: NUMBERS.random()], ids=["np.random", "NUMBERS"])
def test_numpys_draws_are_seen_though_they_decide_nothing_this_time_and_are_taken_back(draw, request):
    def f(w, x):
        return w * x * (2.0 if draw() < 0 else 1.0)

    before = np.random.get_state()[2], NUMBERS.bit_generator.state
    with pytest.raises(TraceError, match=rf"draws from {request.node.callspec.id}: this is another number"):
        autograd.compile(f, executor="numpy")(Value(2.0), [1.0, 2.0])
    assert (np.random.get_state()[2], NUMBERS.bit_generator.state) == before


def rarely_numpy(w, x):
    return w * x * (1.0 + 0.5 * (np.random.rand() < 0.2)) if x > 5 else w * x


def rarely_a_generator(w, x):
    return w * x * (1.0 + 0.5 * (NUMBERS.random() < 0.2)) if x > 5 else w * x


def rarely_python(w, x):
    return w * x * random.random() if x > 5 else w * x


def rarely_the_clock(w, x):
    return w * x * (2.0 if time.time() % 1 < 0.9 else 1.0) if x > 5 else w * x


def rarely_counted(w, x, hits=[0]):  # noqa: B006
    if x > 5:
        hits[0] += 1
    return w * x


@pytest.mark.parametrize(
    "f",
    [rarely_numpy, rarely_a_generator, rarely_python, rarely_the_clock, rarely_counted],
    ids=lambda f: f.__name__,
)
def test_a_path_that_is_found_later_is_looked_at_as_the_first_one(f):
    step = autograd.compile(f, executor="numpy").bind(Value(2.0))
    step([1.0] * 20)
    with pytest.raises(TraceError, match=r"another number for each call|changes rarely_counted"):
        step([1.0] * 20 + [9.0] * 3 + [1.0] * 20)


@pytest.mark.parametrize("kind", ["zip", "iter", "map", "enumerate", "generator"])
def test_an_iterator_that_is_used_up_is_told(kind):
    pairs = [(1.0, 2.0), (2.0, 3.0)]
    made = {
        "zip": zip([1.0, 2.0], [2.0, 3.0], strict=True),
        "iter": iter(pairs),
        "map": map(tuple, pairs),
        "enumerate": enumerate([2.0, 3.0], 1),
        "generator": (pair for pair in pairs),
    }[kind]
    step = autograd.compile(lambda w: sum(((w * a - b) ** 2 for a, b in made), w * 0))
    with pytest.raises(TraceError, match=r"(?s)test_effects.py:.*used up"):
        step(Value(0.5))


def test_a_result_that_is_not_a_number_each_time_is_no_change():
    step = autograd.compile(lambda w, x: [w * x, math.nan])
    assert np.isnan(step.predict(Value(0.5), [1.0])).tolist() == [[False, True]]
