"""What the plugin does to sessions that do not use it: nothing; and to those that do, under every way to run pytest."""

import ast
import inspect
import json
import shutil
import subprocess
import sys

import pytest

from autograd import errors

from ...distributions import ROOT

USES_IT = """
    import pytest
    @pytest.mark.gradcheck(points=3)
    def test_square(x): return x * x
    def test_fixtures(gradcheck, assert_gradients, value_class):
        assert gradcheck(lambda x: x * x, value_class(2.0)).ok
        assert_gradients(lambda x: x * x, 2.0)
"""
FOREIGN = """
    import sys
    import pytest
    @pytest.fixture
    def gradcheck(): return "ours"
    def test_ours(gradcheck): assert gradcheck == "ours"
    def test_nothing_is_imported():
        assert not {"autograd", "nn", "hypothesis", "mpmath", "numpy"} & set(sys.modules)
    def test_nothing_is_used_by_itself(request):
        assert not {"gradcheck", "assert_gradients", "value_class"} & set(request.fixturenames)
"""


def test_the_plugin_imports_nothing_but_pytest():
    program = "import pytest, sys; before = set(sys.modules); import pytest_autograd; print(set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "{'pytest_autograd'}\n"


def test_a_suite_that_does_not_use_it_does_not_import_autograd_and_keeps_its_own_fixtures(pytester):
    pytester.makepyfile(FOREIGN)
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=3)


def test_it_adds_a_marker_two_options_and_three_fixtures(pytester):
    result = pytester.runpytest_inprocess("--fixtures")
    for name in ("gradcheck", "assert_gradients", "value_class"):
        result.stdout.fnmatch_lines([f"{name} [[]session scope[]] -- *pytest_autograd.py:*"])
    pytester.runpytest_inprocess("--markers").stdout.fnmatch_lines(["@pytest.mark.gradcheck(points=10, seed=0, *"])
    text = pytester.runpytest_inprocess("--help").stdout.str()
    assert "--value-class=MODULE:CLASS" in text
    assert "--value-level={lesson,complete,robust}" in text


# --- ways to run pytest --------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [
    ["--import-mode=importlib"], ["--import-mode=append"], ["-p", "no:cacheprovider"], ["-p", "no:hypothesispytest"],
    ["-p", "no:xdist", "-p", "no:cov"], ["-p", "pytest_autograd"], ["--strict-markers", "--strict-config"], ["-s"],
    ["--setup-show"], ["--doctest-modules"],
], ids=" ".join)  # fmt: skip
def test_it_works_however_pytest_is_run(pytester, arguments):
    pytester.makepyfile(USES_IT)
    pytester.runpytest_inprocess("-W", "error", *arguments).assert_outcomes(passed=2)


def test_it_works_under_xdist(pytester):
    pytester.makepyfile(USES_IT)
    pytester.runpytest_subprocess("-W", "error", "-n", "2").assert_outcomes(passed=2)


def test_it_can_be_asked_for_where_plugins_are_not_loaded_by_themselves(pytester, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(USES_IT)
    pytester.runpytest_inprocess().assert_outcomes(passed=0, errors=2)
    pytester.runpytest_inprocess("-p", "pytest_autograd").assert_outcomes(passed=2)
    pytester.makeconftest('pytest_plugins = ["pytest_autograd"]')
    pytester.runpytest_inprocess().assert_outcomes(passed=2)


def test_without_it_nothing_of_it_is_left(pytester):
    pytester.makepyfile(USES_IT)
    result = pytester.runpytest_inprocess("-p", "no:pytest_autograd")
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["*fixture 'x' not found"])
    result = pytester.runpytest_inprocess("-p", "no:pytest_autograd", "--value-class", "a:B")
    result.stderr.fnmatch_lines(["*unrecognized arguments: --value-class*"])


def test_coverage_sees_the_lines_that_run_when_autograd_is_imported(pytester):
    """They would not count if the plugin had imported it before pytest-cov began to measure."""
    pytester.makepyfile(USES_IT)
    result = pytester.runpytest_subprocess("--cov=autograd", "--cov-report=json", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=2)
    files = json.loads(pytester.path.joinpath("coverage.json").read_text("utf-8"))["files"]
    covered = {name.replace("\\", "/").rpartition("autograd/")[2]: file for name, file in files.items()}
    methods = [node for node in ast.walk(ast.parse(inspect.getsource(errors))) if isinstance(node, ast.FunctionDef)]
    inside = {line.lineno for method in methods for line in method.body}
    assert set(covered["errors.py"]["missing_lines"]) == inside  # all others run when it is imported
    assert covered["check/plugin.py"]["summary"]["covered_lines"] >= 10


# --- an autograd that is not ours, or broken -----------------------------------------------------------------


def broken(pytester, monkeypatch, kind):
    """A package `autograd` in front of ours, which is found instead."""
    package = pytester.path / "elsewhere" / "autograd"
    if kind == "overwritten":  # HIPS autograd was installed over ours: its files, and those of ours beside them
        shutil.copytree(ROOT / "autograd", package, ignore=shutil.ignore_patterns("__pycache__"))
        package.joinpath("__init__.py").write_text("from .tracer import primitive\n", encoding="utf-8")
        package.joinpath("tracer.py").write_text("def primitive(f): return f\n", encoding="utf-8")
    else:
        package.mkdir(parents=True)
        text = {"HIPS": "", "raises": "raise RuntimeError('half installed')", "syntax": "def"}[kind]
        package.joinpath("__init__.py").write_text(text, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(package.parent))


@pytest.mark.parametrize("kind", ["HIPS", "overwritten", "raises", "syntax"])
def test_an_autograd_that_is_not_ours_fails_the_tests_that_use_it_and_no_other(pytester, monkeypatch, kind):
    broken(pytester, monkeypatch, kind)
    pytester.makepyfile(test_uses=USES_IT, test_foreign=FOREIGN.replace('{"autograd", ', "{"))
    result = pytester.runpytest_subprocess("-W", "error")
    result.assert_outcomes(passed=3, failed=1, errors=1)
    text = result.stdout.str()
    assert text.count("gradients cannot be checked: the `autograd` that is found is not that of scalar-autograd") == 2
    assert "`pip uninstall autograd`, then `pip install --force-reinstall scalar-autograd`" in text
    assert "Traceback" not in text
