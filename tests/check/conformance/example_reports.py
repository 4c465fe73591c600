"""Reports made by hand: one of a student's class with three mistakes, and one whose every text is hostile."""

from dataclasses import replace

from autograd.check.conformance.report import CaseResult, Figure, Report
from autograd.check.diagnosis import Diagnosis

SHARED = "a = Value(3.0)\nb = a + a\nb.backward()"
SECRET = "SOLUTION: write self.grad += out.grad"  # the third hint
PLACE = "PLACE: every line that writes a gradient"  # the second one

OVERWRITE = Diagnosis(
    "overwrite",
    "`=` where `+=` is needed: a gradient that arrives twice is overwritten",
    "backward",
    "a.grad is 1 where 2 is right",
    "a = Value(3.0)\nb = a + a      # b = 6\nb.backward()   # by hand: db/da = 1 + 1 = 2",
    "the multivariate chain rule: the gradient is the sum over all paths",
    (
        "Through how many edges does a reach b, and what does each of them carry?",
        PLACE,
        f"{SECRET}\nself.grad += out.grad\nother.grad += out.grad",
    ),
)
SIGN = Diagnosis(
    "sign",
    "the derivative of tanh has the wrong sign",
    "tanh",
    "a.grad is -0.419974 where 0.419974 is right",
    "a = Value(1.0)\nb = a.tanh()   # b = 0.761594\nb.backward()   # by hand: 1 - 0.761594 * 0.761594 = 0.419974",
    "local derivatives: tanh rises everywhere, so its derivative is positive",
    ("Is tanh rising or falling?", PLACE, SECRET),
)
RSUB = Diagnosis(
    "rsub-reversed",
    "2.0 - a gives a - 2.0",
    "sub",
    "b.data is 1 where -1 is right",
    "a = Value(3.0)\nb = 2.0 - a    # b = -1\nb.backward()   # by hand: -1",
    "reflected operators: Python calls a.__rsub__(2.0) for 2.0 - a",
    ("Which of the two is self in __rsub__?", PLACE, SECRET),
    "complete",
)

NAMES = {"leaf": "Value(x)", "data": ".data", "gradient": ".grad", "backward": ".backward()", "zero": ".grad = 0.0"}
OFFERED = ("add", "sub", "mul", "div", "pow", "neg", "exp", "tanh", "relu", "radd", "rsub", "rmul", "sum")


def case(name, level, title, outcome="holds", seen="", expected="", program="", needed=""):
    return CaseResult(name, name.partition("/")[0], level, title, outcome, seen, expected, program, 0.0123, needed)


def results():
    """70 cases."""
    found = [case("operators/a leaf", "lesson", "A value holds the number that it is made of.")]
    for sign in "+-*/":
        title = f"a {sign} b has the right value, and both operands get their gradients."
        found.append(case(f"operators/a {sign} b", "lesson", title, program=f"a = Value(3.0)\nb = a {sign} a"))
        title = f"A plain number may stand on the left of {sign}."
        found.append(case(f"operators/2.0 {sign} a", "lesson", title, needed="complete"))
    found[4] = case("operators/2.0 - a", "lesson", "A plain number may stand on the left of -.", "wrong",
                    "b.data is 1", "-1", "a = Value(3.0)\nb = 2.0 - a", needed="complete")  # fmt: skip
    found.append(case("operators/a ** b", "complete", "a ** b of two values has two gradients.", "not offered",
                      needed="complete"))  # fmt: skip
    for function in ("exp", "log", "tanh", "relu", "sigmoid", "sin", "cos", "sqrt", "erf", "atan", "log1p"):
        title = f"{function} has the right value and the right derivative."
        offered = function in OFFERED
        needed = "complete" if function in ("exp", "log", "tanh", "relu") else ""
        outcome = "holds" if offered else "not offered"
        found.append(case(f"functions/{function}", "lesson", title, outcome, needed=needed))
        if function == "tanh":
            found[-1] = case("functions/tanh", "lesson", title, "wrong", "a.grad is 1.25992", "-1.25992",
                             "a = Value(1.0)\nb = a.tanh()\nc = b * -3.0\nc.backward()", needed)  # fmt: skip
    for i, program in enumerate(("a + a", "a * a", "a * b + a", "(a + b) * (a - b)", "a * a * a", "sum([a, a, b])")):
        title = f"{program}: the gradients of all paths are added up."
        found.append(case(f"sharing/{program}", "lesson", title, "wrong", f"a.grad is {i + 1}", f"{2 * i + 2}",
                          SHARED.replace("a + a", program)))  # fmt: skip
    for i in range(20):
        found.append(case(f"mixed/program {i}", "lesson", "A program drawn at random has the right gradients."))
    found.append(case("order/a diamond", "lesson", "Every value is reached after all that depend on it."))
    for depth, level in ((500, "lesson"), (1000, "complete"), (10_000, "robust"), (100_000, "robust")):
        outcome, seen = (
            ("holds", "") if depth < 1000 else ("wrong", "backward: RecursionError: maximum recursion depth")
        )
        code = f"a = Value(1.0)\nb = a\nfor _ in range({depth}):\n    b = b + 1.0\nb.backward()"
        title = f"A chain of {depth} operations."
        found.append(case(f"depth/{depth}", level, title, outcome, seen, "1" if seen else "", code))
    found.append(case("order/2**60 paths", "robust", "60 doublings, one after the other, take no longer than 60 sums.",
                      "time limit", "it did not end within 10 seconds", "2**60"))  # fmt: skip
    found.append(case("passes/twice", "complete", "A second backward pass adds the same gradients again.", "crashed"))
    found.append(case("cost/memory", "robust", "Bytes per node.", "reported"))
    found.append(case("cost/freed", "robust", "A graph is freed when it is dropped.", "memory limit"))
    return tuple(found)


FIGURES = (
    Figure("memory per node", 1234.4, "bytes", "of a chain of 100,000 sums, by tracemalloc"),
    Figure("time per node, forward", 2.13e-6, "seconds", "the median of 5 runs"),
    Figure("time per node, backward", 8.4e-7, "seconds", "the median of 5 runs"),
)
STUDENT = Report(
    "engine.py:Value", "Value", "lesson", NAMES, OFFERED, results(), FIGURES, (OVERWRITE, SIGN, RSUB), "3.11.4", 12.34
)
FINE = replace(
    STUDENT,
    results=tuple(case(r.name, r.level, r.title) for r in STUDENT.results),
    diagnoses=(),
)
BROKEN = Report("engine.py:Valu", problem="engine.py has no class Valu; its classes are Value, Neuron", python="3.11.4")

HOSTILE_TEXTS = (
    "<script>alert(1)</script>",
    "</style></pre></code></details><img src=x onerror=alert(1)>",
    "\"><a href='javascript:alert(1)'>x</a>",
    "' onmouseover='alert(1)",
    "]]><!--<![CDATA[ --> &amp; &#60; &lt;b&gt;",
    "\x1b[2J\x1b]0;title\x07\x00\x08\x7f\x9b31m",
    "\u202egnp.exe\u2066 \u200b \ufeff \ufffe \uffff \ud800 \u2028",
    "https://example.org/ www.example.org mailto:x@example.org",
    "a\r\nb\tc\nd" + "W" * 300,
    "{} {0} %s %(x)s $x \\N{DIGIT ONE} `code` \\x1b",
)


def hostile(text):
    """A report in which every free text is the given one."""
    diagnosis = Diagnosis(text, text, text, text, text, text, (text, text, text))
    outcomes = ("holds", "wrong", "time limit", "memory limit", "crashed", "not offered", "reported")
    found = tuple(
        CaseResult(f"{text}/{i}", text, level, text, outcome, text, text, text, 0.1, "lesson" if i % 2 else "")
        for i, (outcome, level) in enumerate((o, x) for o in outcomes for x in ("lesson", "complete", "robust"))
    )
    names = dict.fromkeys(NAMES, text)
    return Report(
        text, text, "lesson", names, (text,), found, (Figure(text, 1.5, text, text),), (diagnosis,), text, 1.0
    )
