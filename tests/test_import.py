"""`import autograd` is light: it loads the standard library's small modules and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

import autograd

ROOT = Path(__file__).parent.parent

# What the core needs of the standard library, with what these load in turn.
SMALL = {"__future__", "_contextvars", "_operator", "contextvars", "copyreg", "math", "numbers", "operator", "warnings"}


def loaded_by(statements, *flags):
    """The names of the modules that a fresh interpreter loads for the statements, beyond those it starts with."""
    program = f"""
import os, sys  # an interpreter that starts as usual has these already
sys.path.insert(0, {str(ROOT)!r})
before = set(sys.modules)
{statements}
print("\\n".join(set(sys.modules) - before))
"""
    done = subprocess.run([sys.executable, *flags, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_import_loads_the_core_and_small_modules_alone():
    loaded = loaded_by("import autograd", "-S")  # without `site`: what the environment loads is not ours
    core = {"autograd", *(f"autograd.{name}" for name in ("copying", "derivatives", "engine", "errors", "functions"))}
    assert loaded - core - SMALL == set()


@pytest.mark.parametrize("statement", ["import autograd", "from autograd import Value; (Value(2.0) * 3).backward()"])
def test_nothing_heavy_is_loaded(statement):
    heavy = {"numpy", "scipy", "graphviz", "matplotlib", "sklearn", "wasmtime", "numba", "tqdm", "IPython"}
    heavy |= {"typing", "dataclasses", "inspect", "importlib.metadata", "logging", "asyncio", "html", "json"}
    assert heavy & loaded_by(statement, "-S") == set()


def test_import_of_nn_draws_and_plots_nothing_yet():
    heavy = {"matplotlib", "sklearn", "numpy", "scipy", "safetensors", "tqdm", "graphviz", "wasmtime", "numba"}
    heavy |= {"IPython", "autograd.view", "autograd.check"}
    assert heavy & loaded_by("import nn") == set()


@pytest.mark.parametrize(("name", "module"), [("draw", "view"), ("gradcheck", "check"), ("assert_gradients", "check"),
                                              ("gradcheck_module", "check"), ("gradcheck_pair", "check"),
                                              ("layout_network", "view")])  # fmt: skip
def test_heavy_names_are_loaded_on_first_use(name, module):
    assert name in dir(autograd)
    assert name in autograd.__all__
    assert f"autograd.{module}" in loaded_by(f"import autograd; assert callable(autograd.{name})")
    assert getattr(autograd, name) is getattr(autograd, name)


def test_an_unknown_name_is_an_attribute_error_that_names_it():
    with pytest.raises(AttributeError, match=r"autograd.*no_such_name"):
        autograd.no_such_name  # noqa: B018
    with pytest.raises(ImportError, match="no_such_name"):
        from autograd import no_such_name  # noqa: F401
