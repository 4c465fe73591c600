"""The option `--value-class`: how the class is found, and what is said if it is not."""

import sys
from pathlib import Path

import pytest

import autograd
from autograd.check.plugin import load_class

ENGINE = """
class Value:
    def __init__(self, data): self.data, self.grad = data, 0.0
    def backward(self): self.grad = 1.0
    class Inner: ...
number = 1.0
"""


@pytest.fixture
def project(pytester):
    pytester.makepyfile(my_engine=ENGINE, broken_engine="1 / 0", test_it="""
        def test_class(value_class):
            import sys
            print(f"it is {value_class.__module__}.{value_class.__qualname__}")
            if "my_engine" in sys.modules:
                from my_engine import Value
                assert value_class is Value
    """)  # fmt: skip
    return pytester


def test_without_the_option_it_is_ours(project):
    result = project.runpytest_inprocess("-s")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*it is autograd.engine.Value*"])


@pytest.mark.parametrize("target", ["my_engine:Value", "my_engine.py:Value", "./my_engine.py:Value"])
@pytest.mark.parametrize("mode", ["prepend", "importlib"])
def test_a_module_or_a_file_names_it(project, target, mode):
    result = project.runpytest_inprocess("-s", f"--import-mode={mode}", "--value-class", target)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*it is my_engine.Value*"])


def test_there_is_one_class_where_a_test_has_imported_the_file_too(project):
    project.makepyfile(
        test_it="""
        from my_engine import Value
        def test_class(value_class): assert value_class is Value
    """
    )
    project.runpytest_inprocess("--value-class", "my_engine.py:Value").assert_outcomes(passed=1)


@pytest.mark.parametrize(("target", "message"), [
    ("my_engine", "*--value-class takes MODULE:CLASS or path/to/file.py:CLASS, as in engine:Value; got 'my_engine'"),
    (":Value", "*--value-class takes MODULE:CLASS *; got ':Value'"),
    ("my_engine:a b", "*--value-class takes MODULE:CLASS *; got 'my_engine:a b'"),
    ("nowhere.py:Value", "*--value-class nowhere.py:Value: there is no file *nowhere.py"),
])  # fmt: skip
def test_what_names_no_class_is_refused_before_anything_runs(project, target, message):
    result = project.runpytest_inprocess("--value-class", target)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])


@pytest.mark.parametrize(("target", "reason"), [
    ("nowhere:Value", "ModuleNotFoundError: No module named 'nowhere'"),
    ("my_engine:Valu", "TypeError: my_engine has no class Valu"),
    ("my_engine:number", "TypeError: my_engine has no class number"),
    ("broken_engine.py:Value", "ZeroDivisionError: division by zero"),
])  # fmt: skip
def test_what_cannot_be_loaded_fails_the_tests_that_take_it(project, target, reason):
    result = project.runpytest_inprocess("--value-class", target)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"--value-class {target} cannot be loaded: {reason}"])
    assert "Traceback" not in result.stdout.str()


def test_a_class_in_a_class_and_the_path_are_left_as_they_were(tmp_path, monkeypatch):
    tmp_path.joinpath("inner_engine.py").write_text(ENGINE, encoding="utf-8")
    before = list(sys.path)
    try:
        assert load_class("inner_engine:Value.Inner", tmp_path).__qualname__ == "Value.Inner"
        assert load_class("inner_engine.py:Value", tmp_path) is sys.modules["inner_engine"].Value
    finally:
        del sys.modules["inner_engine"]
    assert sys.path == before
    assert load_class("autograd:Value", Path()) is autograd.Value
