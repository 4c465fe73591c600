"""Plants faults, one by one, in a copy of `autograd`, and runs tests against the copy: do they notice?

A test that passes says little before it has been seen to fail. Each fault below is a slip that somebody could make; it
is planted by replacing a piece of text that must stand in the file exactly once, so that a fault which no longer fits
the code is an error and not a pass.

    python -m tests.faults            plants all of them and says which were caught
    python -m tests.faults "swapped"  plants those whose name has that text
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent

# The fast tests that must notice, those first that notice most; without hypothesis, which takes a second to import.
TESTS = ["operators", "backward", "graph", "errors", "recording", "values", "own_ops", "programs"]
PROCESSES = 2


class Fault(NamedTuple):
    """A slip: what is wrong, in which file, the text that stands there and the text that replaces it."""

    name: str
    file: str
    right: str
    wrong: str


FAULTS = [
    # rules
    Fault("a sign: d(a - b)/db is 1", "engine.py", "lambda y, a, b: (1.0, -1.0)", "lambda y, a, b: (1.0, 1.0)"),
    Fault("swapped partials: a * b", "engine.py", "lambda y, a, b: (b, a)", "lambda y, a, b: (a, b)"),
    Fault("a sign: d(a / b)/db", "engine.py", "lambda y, a, b: (1 / b, -y / b)", "lambda y, a, b: (1 / b, y / b)"),
    Fault("a wrong partial: log", "engine.py", "lambda y, x: (1 / x,)", "lambda y, x: (1 / y if y else 1.0,)"),
    Fault("a wrong exponent: d(a ** b)/da", "engine.py", "b * power(a, b - 1)", "b * power(a, b)"),
    Fault("x ** 0 near x = 0 has no derivative", "engine.py", "choose((b >= 0) & (b <= 0), lambda",
          "choose(False, lambda"),
    Fault("the sign of -x", "engine.py", "operator.neg, lambda y, x: (-1.0,)", "operator.neg, lambda y, x: (1.0,)"),
    Fault("a wrong partial: exp", "functions.py", "to_inf(math.exp), lambda y, x: (y,)",
          "to_inf(math.exp), lambda y, x: (x,)"),
    Fault("a dropped factor: tanh", "functions.py", "(4 * sigmoid(2 * x) * sigmoid(-2 * x),)",
          "(4 * sigmoid(2 * x),)"),
    Fault("relu has a slope at 0", "functions.py", "(choose(x <= 0, 0.0, 1.0),)", "(choose(x < 0, 0.0, 1.0),)"),
    Fault("a tie gives everybody everything", "functions.py", "lambda: 1.0 / number,", "1.0,"),
    Fault("swapped partials: dot", "functions.py", "operands[n:-1] + operands[:n] + (1.0,)",
          "operands[:n] + operands[n:-1] + (1.0,)"),
    Fault("a dropped operand: the bias of dot", "functions.py", "operands[:n], operands[n:]), operands[-1])",
          "operands[:n], operands[n:]), 0.0)"),
    # the chain rule
    Fault("a missing +=: first operand", "engine.py", "a.grad = term if a.grad is None else a.grad + term",
          "a.grad = term"),
    Fault("a missing +=: second operand", "engine.py", "b.grad = term if b.grad is None else b.grad + term",
          "b.grad = term"),
    Fault("a missing +=: many operands", "engine.py", "x.grad = term if before is None else before + term",
          "x.grad = term"),
    Fault("a dropped operand", "engine.py", "b.grad = term if b.grad is None else b.grad + term",
          "b.grad = b.grad or 0.0"),
    Fault("the local partial is left out", "engine.py", "term = gradient if v.da == 1.0 else v.da * gradient",
          "term = gradient"),
    Fault("the order is not reversed", "engine.py", "for v in reversed(order):\n                gradient",
          "for v in order:\n                gradient"),
    Fault("results are sorted before operands", "engine.py", "order.append(stack.pop())",
          "order.insert(0, stack.pop())"),
    Fault("rules are read at backward", "engine.py", "gradient, a, b = v.grad, v.a, v.b",
          "gradient, a, b = v.grad, v.a, v.b\n                if a is not None and v.db is None:\n"
          "                    (v.da,) = v.op.partials(a.data, a.data)"),
    Fault("nodes between keep old gradients", "engine.py", "v.grad = None ", "v.grad = v.grad if v.op else None "),
    Fault("leaves do not accumulate", "engine.py", "leaf.grad += before", "leaf.grad += 0.0"),
    Fault("the seed is ignored", "engine.py", "self.grad = gradient\n", "self.grad = 1.0\n"),
    Fault("an interrupt loses gradients", "engine.py", "except BaseException:", "except ZeroDivisionError:"),
    # recording
    Fault("number - x is x - number", "engine.py", "record(op, (other, self))", "record(op, (self, other))"),
    Fault("a constant's partial for its value", "engine.py", "else (None, c) for", "else (None, d) for"),
    Fault("an exception leaves no_grad open", "engine.py", "_recorders.set(_recorders.get()[:-1])",
          "exception[0] or _recorders.set(_recorders.get()[:-1])"),
    Fault("no_grad holds for all threads", "engine.py", "(recorders := _recorders.get())",
          "(recorders := [_open_blocks[-1].recorder])"),
    Fault("Values are equal by data", "engine.py", "return self is other",
          "return self is other or isinstance(other, Value) and self.data == other.data"),
    Fault("nodes carry a dictionary", "engine.py", '__slots__ = ("a",', '__slots__ = ("__dict__", "a",'),
    Fault("a node refers to itself", "engine.py",
          "    out.grad, out.label = NO_GRADIENT, \"\"\n    return out\n\n\n_new",
          "    out.grad, out.label = NO_GRADIENT, [out]\n    return out\n\n\n_new"),
    Fault("text is accepted as data", "engine.py", "if isinstance(x, NUMBERS):",
          "if isinstance(x, (*NUMBERS, str)):"),
    # where the mathematics is undefined, or too large
    Fault("a complex power", "engine.py", "if a < 0 and b % 1 and math.isfinite(b):", "if False:"),
    Fault("an overflow is an error", "engine.py", "except OverflowError:", "except MemoryError:"),
    Fault("1/0 is no ZeroDivisionError", "engine.py",
          "DivisionByZeroError if isinstance(error, ZeroDivisionError) else DomainError", "DomainError"),
    Fault("the message has no label", "engine.py", "(label {x.label!r})", "(labelled)"),
]  # fmt: skip


def plant(fault, directory):
    """Copies the package into the directory, with the fault in it; None plants nothing."""
    shutil.copytree(ROOT / "autograd", directory / "autograd", ignore=shutil.ignore_patterns("__pycache__"))
    if fault is not None:
        file = directory / "autograd" / fault.file
        source = file.read_text("utf-8")
        count = source.count(fault.right)
        if count != 1:
            raise LookupError(f"fault {fault.name!r}: {fault.right!r} stands in {fault.file} {count} times, not once")
        file.write_text(source.replace(fault.right, fault.wrong), "utf-8")


def run(fault):
    """Runs the tests against a copy with the fault: pytest's exit status, 1 if a test failed, and what it said."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        plant(fault, directory)
        settings = directory / "pytest.ini"  # of its own: the project's would put the project's package first
        settings.write_text("[pytest]\nfilterwarnings = error\n")
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("COV_", "COVERAGE_", "PYTEST_"))}
        environment |= {"PYTHONPATH": name, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # none is needed, most are slow
        command = [sys.executable, "-m", "pytest", "-c", str(settings), "--rootdir", name, "--import-mode=importlib",
                   "--noconftest", "-x", "-q", "-p", "no:cacheprovider"]  # fmt: skip
        command += [str(ROOT / "tests" / "engine" / f"test_{test}.py") for test in TESTS]
        done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, timeout=600,
                              check=False)  # fmt: skip
        return done.returncode, done.stdout + done.stderr


def run_all(faults):
    """Starts all runs, some side by side; the results as futures, by the name of the fault."""
    pool = ThreadPoolExecutor(PROCESSES)
    futures = {fault.name if fault else "": pool.submit(run, fault) for fault in faults}
    pool.shutdown(wait=False)
    return futures


def main(text=""):
    """Plants the faults whose name has the text; the exit status is the number of those that nobody noticed."""
    missed = 0
    for name, future in run_all([fault for fault in FAULTS if text in fault.name]).items():
        status, output = future.result()
        missed += status != 1
        first = next((line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))), output[-300:])
        print(f"{'caught' if status == 1 else 'MISSED'}  {name}\n        {first[:150]}", flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
