"""A million nodes in a row: built, differentiated and freed under the default recursion limit.

It runs in a process of its own, so that a stack overflow in C, which kills the process, is a failed test too.
"""

import subprocess
import sys

import pytest

PROGRAM = """
import gc, sys
from autograd import Value, sum as total
from autograd.engine import toposort
assert sys.getrecursionlimit() == 1000
gc.disable()
N = 10**6
x = Value(1.0)
half = Value(0.5)
step = {step}
y = x
for _ in range(N):
    y = step(y)
print(len(toposort(y)))
y.backward()
print(y.data, x.grad)
y.backward()
print(x.grad)
if {free}:
    del y
    print("freed", sum(isinstance(v, Value) for v in gc.get_objects()))
"""

STEPS = {
    "one operand": ("lambda v: -v", 1_000_001, "1.0 1.0", "2.0"),
    "first operand": ("lambda v: v * 1.0", 1_000_001, "1.0 1.0", "2.0"),
    "first of two": ("lambda v: v - half", 1_000_002, "-499999.0 1.0", "2.0"),
    "second of two": ("lambda v: half + v", 1_000_002, "500001.0 1.0", "2.0"),
    "many operands": ("lambda v: total([0.5, half, v])", 1_000_002, "1000001.0 1.0", "2.0"),
}


def run(program):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, f"exit status {done.returncode}\n{done.stderr[-2000:]}"
    return done.stdout.split("\n")


@pytest.mark.parametrize("name", STEPS)
def test_a_chain_of_a_million_nodes(name):
    step, nodes, first, second = STEPS[name]
    lines = run(PROGRAM.format(step=step, free=True))
    assert lines[:3] == [str(nodes), first, second]
    assert lines[3] == "freed 2"  # the two leaves that are still in use


def test_the_interpreter_ends_cleanly_with_a_million_nodes_alive():
    assert run(PROGRAM.format(step="lambda v: v + half", free=False))[:3] == ["1000002", "500001.0 1.0", "2.0"]


def test_a_chain_is_freed_in_a_thread():  # whose stack may be smaller than that of the main thread
    program = """
import threading
from autograd import Value
def work():
    y = Value(1.0)
    for _ in range(200_000):
        y = y + y * 0.0
    y.backward()
thread = threading.Thread(target=work)
thread.start()
thread.join()
print("ended")
"""
    assert run(program)[0] == "ended"
