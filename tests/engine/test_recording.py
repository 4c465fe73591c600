"""`no_grad` and `recording`: in this thread and task only, nested, and ended by exceptions."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograd import Op, Value, dot, exp, log, no_grad, sum as total
from autograd.engine import NO_GRADIENT, record, recording
from autograd.errors import DomainError

EXPRESSIONS = {
    "a + b": lambda a, b: a + b,
    "a * 2": lambda a, b: a * 2,
    "2 / a": lambda a, b: 2 / a,
    "-a": lambda a, b: -a,
    "abs(a)": lambda a, b: abs(a),
    "a ** b": lambda a, b: a**b,
    "a.tanh()": lambda a, b: a.tanh(),
    "exp(a)": lambda a, b: exp(a),
    "log(a)": lambda a, b: log(a),
    "sum": lambda a, b: total([a, b, 1.0]),
    "dot": lambda a, b: dot([a, b], [b, 2.0]),
    "builtin sum": lambda a, b: sum([a, b]),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_nothing_is_recorded_and_the_value_is_the_same(name):
    a, b = Value(3.0), Value(2.0)
    recorded = EXPRESSIONS[name](a, b)
    with no_grad():
        y = EXPRESSIONS[name](a, b)
    assert type(y) is Value
    assert y.data == recorded.data
    assert (y.op, y._op, y._prev, y.operands, y.label) == (None, "", (), (), "")
    assert y.grad is NO_GRADIENT
    assert recorded._prev != ()
    y.backward()
    assert (a.grad, b.grad) == (0.0, 0.0)


def test_recording_goes_on_after_the_block():
    x = Value(3.0)
    with no_grad():
        x * x
    y = x * x
    y.backward()
    assert (y._prev, x.grad) == ((x, x), 6.0)


def test_values_from_outside_and_inside_mix():
    x = Value(3.0)
    h = x * x
    with no_grad():
        constant = h + 1
    (constant * h).backward()
    assert x.grad == 60.0  # 10 · 2x: the constant is not differentiated


def test_backward_works_inside_the_block():
    x = Value(3.0)
    y = x * x
    with no_grad():
        y.backward()
        x.data -= 0.5 * x.grad
    assert (x.data, x.grad) == (0.0, 6.0)


def test_blocks_nest():
    x = Value(3.0)
    with no_grad():
        with no_grad():
            assert (x * x)._prev == ()
        assert (x * x)._prev == ()
        assert x.tanh()._prev == ()
    assert (x * x)._prev == (x, x)


def test_one_block_may_be_entered_again_and_inside_itself():
    x, block = Value(3.0), no_grad()
    with block:
        with block:
            assert (x * x)._prev == ()
        assert (x * x)._prev == ()
    assert (x * x)._prev == (x, x)
    with block:
        assert (x * x)._prev == ()
    assert (x * x)._prev == (x, x)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_an_exception_ends_the_block_and_travels_on(error):
    x = Value(3.0)
    with pytest.raises(error), no_grad():
        raise error
    assert (x * x)._prev == (x, x)


def test_a_domain_error_inside_ends_the_block():
    x = Value(0.0, label="x")
    with pytest.raises(DomainError, match="'x'"), no_grad():
        x.log()
    assert (x * x)._prev == (x, x)


def test_another_thread_keeps_recording_meanwhile():
    x = Value(3.0)
    results = {}
    inside, seen = threading.Event(), threading.Event()

    def other():
        inside.wait(30)
        y = (x * x).tanh() + total([x, x, 1.0])
        results["other"] = [v._prev for v in (y, *y._prev)]
        results["quiet"] = None
        with no_grad():
            results["quiet"] = (x * x)._prev
        seen.set()

    thread = threading.Thread(target=other)
    thread.start()
    with no_grad():
        inside.set()
        assert seen.wait(30)
        assert (x * x)._prev == ()  # the other thread's block has ended, this one's has not
    thread.join()
    assert all(len(operands) > 0 for operands in results["other"])
    assert results["quiet"] == ()
    assert (x * x)._prev == (x, x)


def test_many_threads_enter_and_leave_at_once():
    wrong = []

    def work():
        x = Value(2.0)
        for _ in range(500):
            with no_grad():
                if (x * x)._prev or x.exp()._prev:
                    wrong.append("recorded inside")
            if (x * x)._prev != (x, x) or x.exp()._prev != (x,):
                wrong.append("not recorded outside")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_another_task_keeps_recording_meanwhile():
    x = Value(3.0)

    async def quiet(entered, leave):
        with no_grad():
            entered.set()
            await leave.wait()
            return x * x

    async def main():
        entered, leave = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(quiet(entered, leave))
        await entered.wait()
        meanwhile = x * x
        leave.set()
        return meanwhile, await task

    with ThreadPoolExecutor(1) as other:  # this thread may have a loop already, that of a browser in other tests
        meanwhile, result = other.submit(asyncio.run, main()).result()
    assert meanwhile._prev == (x, x)
    assert (result.data, result._prev) == (9.0, ())


# --- the hook itself -----------------------------------------------------------------------------------------


def test_a_recorder_makes_the_results_from_op_and_operands():
    seen = []

    def recorder(op, operands):
        seen.append((op.name, operands))
        return Value(len(seen))

    x, y = Value(3.0), Value(2.0)
    with recording(recorder):
        assert (x * y).data == 1.0
        2 - x
        x.tanh()
        total([x, y, 5])
        exp(x)
        exp(1.0)  # of numbers alone nothing is recorded
    names = [name for name, _ in seen]
    assert names == ["mul", "sub", "tanh", "sum", "exp"]
    assert seen[0][1] == (x, y)
    assert seen[1][1] == (2.0, x)
    assert seen[3][1] == (x, y, 5)


def test_the_inner_recorder_counts_and_the_outer_one_comes_back():
    x, calls = Value(3.0), []

    def named(name):
        return lambda op, operands: calls.append(name) or Value(0.0)

    with recording(named("outer")):
        x + x
        with recording(named("inner")):
            x + x
            with no_grad():
                x + x
        x + x
    x + x
    assert calls == ["outer", "inner", "outer"]


def test_record_makes_the_node_that_the_operator_makes():
    x = Value(3.0)
    mul = (x * x).op
    y = record(mul, (x, 2))
    y.backward()
    assert (y.data, y.operands, y._op, x.grad) == (6.0, (x, 2.0), "*", 2.0)
    assert isinstance(mul, Op)


def test_a_block_gives_nothing_back_and_swallows_nothing():
    with no_grad() as given:
        pass
    assert given is None
    block = no_grad()
    block.__enter__()
    assert block.__exit__(None, None, None) is None


def test_one_block_serves_two_threads_at_once():
    x, block = Value(3.0), no_grad()
    entered, left = threading.Event(), threading.Event()
    inside, errors = [], []

    def other():
        try:
            with block:
                entered.set()
                left.wait(30)
                inside.append((x * x)._prev)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=other)
    with block:
        thread.start()
        assert entered.wait(30)
    assert (x * x)._prev == (x, x)  # the first to enter is the first to leave
    left.set()
    thread.join()
    assert (inside, errors) == ([()], [])
    assert (x * x)._prev == (x, x)
