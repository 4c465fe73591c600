"""Foreign code that loops, crashes, takes all memory, ends the process or answers nonsense: one case is lost."""

import sys
import threading

import pytest

from autograd.check.conformance import CaseResult, cases, examine
from autograd.check.conformance.runner import Examination
from autograd.check.conformance.session import LONGEST_ANSWER, Ended, Session
from autograd.check.conformance.target import parsed
from autograd.check.conformance.vocabulary import NAMES

from .engines import RELU, SMALL, asked, file, small

BESIDE = "operators/a + b"  # a case that has nothing to do with relu
LIMIT = 2.0  # seconds for a case that never ends, and for one beside it, on a machine that is busy
NO_LIMITS = sys.platform == "win32"  # of memory


def with_relu(body):
    return small(RELU, f"        {body}\n{RELU}")


def relu_and_beside(tmp_path, source, **limits):
    """What becomes of a function and of what is asked after it."""
    results = asked(file(tmp_path, source), "functions/relu", BESIDE, **limits)
    assert results[BESIDE].outcome == "holds"
    return results["functions/relu"]


def test_an_endless_loop_loses_one_case(tmp_path):
    result = relu_and_beside(tmp_path, with_relu("while True: pass"), time_limit=LIMIT)
    assert (result.outcome, result.seen) == ("time limit", "no answer within 2 s")
    assert ".relu()" in result.program


def test_a_loop_that_catches_everything_is_ended_too(tmp_path):
    source = with_relu("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n        while True:\n"
                       "            try: input()\n            except BaseException: pass")  # fmt: skip
    assert relu_and_beside(tmp_path, source, time_limit=LIMIT).outcome == "time limit"


def test_what_a_function_started_ends_with_it(tmp_path):
    """A child that holds the pipe open does not keep the examination waiting."""
    source = with_relu("import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', "
                       "'import time; time.sleep(60)']); time.sleep(60)")  # fmt: skip
    assert relu_and_beside(tmp_path, source, time_limit=LIMIT).outcome == "time limit"


def test_functions_that_did_not_come_back_are_not_asked_for_again(tmp_path):
    source = with_relu("while True: pass")
    results = asked(file(tmp_path, source), "functions/relu", "edges/relu(0)", "edges/relu(-0.0)", time_limit=LIMIT)
    assert results["edges/relu(0)"].seen == "not asked: relu did not come back"
    assert results["edges/relu(0)"].outcome == "time limit"


class Endless:
    """A worker that answers nothing."""

    def __init__(self):
        self.given = []

    def ask(self, request, seconds):
        self.given.append(seconds)
        raise Ended("time limit", "no answer")


GREETING = {"class": "Value", "python": "3", "names": dict(NAMES), "forms": {}, "offered": ["add", "mul"]}
BY_NAME = {case.name: case for case in cases()}
DEEP = ("depth/1000", "depth/10000", "depth/100000", "depth/1000000")


def test_when_the_time_for_all_is_used_the_rest_is_not_asked(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("autograd.check.conformance.runner.time.monotonic", lambda: now[0])
    examination = Examination(Endless(), GREETING, 5.0)
    plain, deep = BY_NAME[BESIDE], BY_NAME["depth/1000000"]
    found = []
    for now[0] in (0.0, 30.0, 44.0, 59.0):
        found.append((examination.limit(plain), examination.limit(deep)))
    assert found == [(5.0, 20.0), (5.0, 20.0), (4.0, 16.0), (0.25, 1.0)]  # what is left is shared out
    now[0] = 60.0
    examination.add([plain])
    assert examination.results[0].seen == "not asked: the examination had used its 60 s"
    assert examination.session.given == []


@pytest.mark.parametrize(("seconds", "limit"), [
    ((0.001, 0.01, 0.1), 20.0),  # ten times the usual: still below what is given anyway
    ((0.02, 0.2, 2.0), 60.0),  # a slow machine, in proportion: a hundred times as long, sixty at most
    ((0.02, 0.2, 0.5), 50.0),
    ((0.01, 0.3, 9.5), 20.0),  # thirty times as long for ten times as much: not in proportion
])  # fmt: skip
def test_a_deep_program_has_long_if_the_others_went_on_in_proportion(seconds, limit):
    examination = Examination(Endless(), GREETING, 5.0)
    examination.deep = [CaseResult(name, "depth", "robust", "t.", "holds", seconds=x)
                        for name, x in zip(DEEP, seconds, strict=False)]  # fmt: skip
    assert examination.limit(BY_NAME[DEEP[-1]]) == pytest.approx(limit)


@pytest.mark.parametrize("forged", [
    [], "hello", {}, {**GREETING, "names": []}, {**GREETING, "offered": None}, {**GREETING, "forms": 3},
])  # fmt: skip
def test_a_worker_whose_first_answer_makes_no_sense_is_no_verdict(monkeypatch, forged):
    monkeypatch.setattr("autograd.check.conformance.session.Session.start", lambda session: forged)
    report = examine("autograd:Value")
    assert report.status("lesson") == 2
    assert "could not be understood" in report.problem


def test_a_deep_program_has_a_short_try_if_another_one_failed():
    examination = Examination(Endless(), GREETING, 5.0)
    examination.add(BY_NAME[name] for name in ("depth/500", *DEEP))
    assert examination.session.given == [5.0, 0.3, 0.3, 0.3, 0.3]


@pytest.mark.skipif(NO_LIMITS, reason="this system has no limits of memory") if NO_LIMITS else lambda f: f
def test_a_memory_hog_loses_one_case(tmp_path):
    result = relu_and_beside(tmp_path, with_relu("x = bytearray(10**10)"), memory_limit=500)
    assert result.outcome == "memory limit"
    assert "MemoryError" in result.seen


def test_ending_the_process_loses_one_case(tmp_path):
    result = relu_and_beside(tmp_path, with_relu("import os; os._exit(3)"))
    assert (result.outcome, result.seen) == ("crashed", "the process ended with status 3")


def test_a_segmentation_fault_loses_one_case(tmp_path):
    result = relu_and_beside(tmp_path, with_relu("import ctypes; ctypes.string_at(0)"))
    assert result.outcome == "crashed"
    assert "segmentation fault" in result.seen


@pytest.mark.parametrize(("body", "seen"), [
    ("raise KeyboardInterrupt", "raised KeyboardInterrupt"),
    ("import sys; sys.exit('enough')", "raised SystemExit: enough"),
    ("raise GeneratorExit", "raised GeneratorExit"),
])  # fmt: skip
def test_leaving_by_other_exceptions_loses_one_case(tmp_path, body, seen):
    result = relu_and_beside(tmp_path, with_relu(body))
    assert (result.outcome, result.seen) == ("crashed", seen)


def test_a_flood_of_prints_disturbs_nothing(tmp_path):
    body = "import os, sys; print('{' * 10**5); print('x' * 10**5, file=sys.stderr); os.write(1, b'[]' * 10**5)"
    assert relu_and_beside(tmp_path, with_relu(body)).outcome == "holds"


def test_there_is_nothing_to_read(tmp_path):
    assert relu_and_beside(tmp_path, with_relu("input('your name: ')")).seen.startswith("step 1: EOFError")


@pytest.mark.parametrize("body", ["raise Bad", "raise Bad('<b>\\x1b[31m\\n' * 1000)", "raise Worse"])
def test_exceptions_with_a_hostile_text(tmp_path, body):
    source = (
        "class Bad(Exception):\n    def __repr__(self): raise ValueError\n"
        "class Worse(Exception):\n    def __str__(self): raise KeyError\n" + with_relu(body)
    )
    result = relu_and_beside(tmp_path, source)
    assert result.outcome == "wrong"
    assert len(result.seen) <= 300
    assert result.seen.isprintable()


@pytest.mark.parametrize(("given", "seen"), [
    ("float('nan')", "c.data is nan"),
    ("'x' * 10**6", "step 2: TypeError"),
    ("10**400", "step 2: OverflowError"),
    ("None", "step 2: TypeError"),
    ("object()", "step 2: TypeError"),
])  # fmt: skip
def test_hostile_results(tmp_path, given, seen):
    result = relu_and_beside(tmp_path, small("max(0.0, self.data)", given))
    assert result.outcome == "wrong"
    assert result.seen.startswith(seen)


def test_a_recursion_without_end_is_an_error(tmp_path):
    assert "RecursionError" in relu_and_beside(tmp_path, with_relu("return self.relu()")).seen


# Code that writes a line to every file that is open: its text stands for the line.
WRITES = """import os
        for descriptor in range(3, 20):
            try: os.write(descriptor, LINE)
            except OSError: pass
"""


@pytest.mark.parametrize("line", ["[[[", '"' + "x" * (LONGEST_ANSWER + 10) + '"', "[" * 100_000, '{"raised": 5}', "5",
                                  '{"number": 1, "answer": [1]}'])  # fmt: skip
def test_what_foreign_code_writes_in_place_of_an_answer_is_none(tmp_path, line):
    """The line of answers can be found by its number; what is written there costs the case and nothing else."""
    source = f"LINE = b'''{line}\\n'''\n" + with_relu(WRITES)
    result = relu_and_beside(tmp_path, source)
    assert (result.outcome, result.seen) == ("crashed", "the answer could not be read")


# --- a class that cannot be examined -------------------------------------------------------------------------


@pytest.mark.parametrize(("source", "problem"), [
    ("class Value\n    pass", r"importing .*engine.py raised SyntaxError: .*line 1"),
    ("import sys\nsys.exit(7)", r"importing .* raised SystemExit: 7 \(line 2\)"),
    ("raise KeyboardInterrupt", r"raised KeyboardInterrupt \(line 1\)"),
    ("import os\nos._exit(5)", r"importing .*: the process ended with status 5"),
    ("import nonesuch_module", r"raised ModuleNotFoundError: No module named 'nonesuch_module'"),
    ("class value: pass\nclass Other: pass", r"has no class Value; it has: value, Other; did you mean value\?"),
    ("x = 1", "has no class Value; it has no class at all"),
    ("def Value(x): return x", "Value of .* is a function, not a class"),
    ("class Value: pass", "Value.* cannot be made"),
    ("class Value:\n    def __init__(self, x): self.data = x\n    def backward(self): pass",
     "has no attribute for the gradient"),
    ("class Meta(type):\n    def __getattribute__(cls, name): raise SystemExit\nclass Value(metaclass=Meta): pass",
     "Value cannot be looked at: SystemExit"),
])  # fmt: skip
def test_what_cannot_be_examined_has_one_clear_message(tmp_path, source, problem):
    import re

    report = examine(file(tmp_path, source))
    assert re.search(problem, report.problem), report.problem
    assert "\n" not in report.problem
    assert report.status() == 2
    assert not report.holds("lesson")
    assert report.results == ()


def test_importing_has_a_time_limit_too(tmp_path):
    report = examine(file(tmp_path, "while True: pass"), time_limit=0.5)
    assert report.problem.endswith("no answer within 2 s")
    assert report.seconds >= 2


@pytest.mark.parametrize(("target", "problem"), [
    ("nonesuch.py", "there is no file nonesuch.py"),
    ("nonesuch.engine:Value", "there is no module nonesuch; it was looked for in the current folder"),
    ("json.nonesuch:Value", "there is no module json.nonesuch"),
    ("autograd:Valu", "autograd has no class Valu; .*did you mean Value?"),
    ("autograd.engine:Value.Inner", "no class Inner"),
    ("", "names no module"),
    (":Value", "names no module"),
])  # fmt: skip
def test_a_target_that_is_not_there(target, problem):
    import re

    report = examine(target)
    assert re.search(problem, report.problem), report.problem
    assert report.status() == 2


def test_a_file_that_is_not_there_is_helped_with(tmp_path):
    file(tmp_path, SMALL, "engine.py")
    assert examine(f"{tmp_path}/engin.py:Value").problem.endswith("there are: engine.py; did you mean engine.py?")


def test_a_class_that_another_process_does_not_find():
    class Local:
        pass

    assert "Local was defined inside a function" in examine(Local).problem
    Local.__module__, Local.__qualname__ = "__main__", "Local"
    assert "%%writefile engine.py" in examine(Local).problem


@pytest.mark.parametrize(("settings", "message"), [
    ({"level": "easy"}, "the levels are lesson, complete, robust, not 'easy'"),
    ({"time_limit": 0}, "limits are positive"),
    ({"time_limit": float("nan")}, "limits are positive"),
    ({"memory_limit": -1}, "limits are positive"),
])  # fmt: skip
def test_settings_that_make_no_sense(settings, message):
    with pytest.raises(ValueError, match=message):
        examine("autograd:Value", **settings)


# --- where the class is --------------------------------------------------------------------------------------


def test_siblings_packages_and_relative_imports(tmp_path):
    package = tmp_path / "deep" / "learning"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    file(package, "from .base import Value", "engine.py")
    file(package, SMALL, "base.py")
    assert asked(f"{package}/engine.py:Value", BESIDE)[BESIDE].outcome == "holds"
    file(tmp_path, "from sibling import Value", "alone.py")
    file(tmp_path, SMALL, "sibling.py")
    assert asked(f"{tmp_path}/alone.py", BESIDE)[BESIDE].outcome == "holds"


def test_somebody_elses_package_may_be_called_autograd(tmp_path):
    package = tmp_path / "autograd"
    package.mkdir()
    file(package, "from .engine import Value", "__init__.py")
    file(package, with_relu("raise ZeroDivisionError('theirs')"), "engine.py")
    results = asked(f"{package}/engine.py:Value", "functions/relu", BESIDE)
    assert results["functions/relu"].seen == "step 1: ZeroDivisionError: theirs"
    assert results[BESIDE].outcome == "holds"


@pytest.mark.parametrize("name", ["json.py", "my engine.py", "7.py", "class.py"])
def test_files_of_any_name(tmp_path, name):
    assert asked(file(tmp_path, SMALL, name), BESIDE)[BESIDE].outcome == "holds"


def test_a_module_on_the_path_of_this_process(tmp_path, monkeypatch):
    file(tmp_path, SMALL, "engine_on_the_path.py")
    monkeypatch.syspath_prepend(str(tmp_path))
    import engine_on_the_path

    assert asked("engine_on_the_path:Value", BESIDE)[BESIDE].outcome == "holds"
    assert engine_on_the_path.Value(1.0).data == 1.0


def test_a_class_in_a_class(tmp_path):
    source = "class Box:\n" + "".join(f"    {line}\n" for line in SMALL.splitlines()) + "Value = Box.Value\n"
    assert asked(f"{file(tmp_path, source)}:Box.Value", BESIDE)[BESIDE].outcome == "holds"


# --- the conversation ----------------------------------------------------------------------------------------


def test_no_process_and_no_thread_stay(tmp_path):
    before = threading.active_count()
    with Session(parsed(file(tmp_path, SMALL)), 2**31, 60.0) as session:
        session.start()
        process = session.process
        assert process.poll() is None
    assert process.poll() is not None
    for thread in threading.enumerate()[before:]:
        thread.join(5)
    assert threading.active_count() <= before


def test_an_end_says_how():
    end = Ended("crashed", "because")
    assert (end.outcome, end.seen, str(end)) == ("crashed", "because", "because")
