"""Every example in the documentation of both packages prints what it says."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import autograd
import nn
from autograd.functions import OPS

# The methods that the table gives to Value have the documentation of their rows: test_table runs those examples.
METHODS_OF_THE_TABLE = {f"autograd.engine.Value.{op.name}" for op in OPS}


def modules() -> list[str]:
    found = [autograd.__name__, nn.__name__]
    for package in (autograd, nn):
        found += [module.name for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    return sorted(name for name in found if not name.endswith(".__main__"))  # importing that runs the program


@pytest.mark.parametrize("name", modules())
def test_examples(name: str) -> None:
    report: list[str] = []
    for examples in doctest.DocTestFinder().find(import_module(name), name):
        if examples.name not in METHODS_OF_THE_TABLE:
            runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
            runner.run(examples, out=report.append)
    assert not report, "".join(report)
