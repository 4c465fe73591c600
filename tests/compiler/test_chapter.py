"""The compiler as a chapter to read: its contents name every file."""

import re
from pathlib import Path

import autograd.compiler


def test_the_contents_name_every_file_once():
    named = re.findall(r"^    (\w+\.py)  ", autograd.compiler.__doc__, re.MULTILINE)
    there = {path.name for path in Path(autograd.compiler.__file__).parent.glob("*.py")} - {"__init__.py"}
    assert len(named) == len(set(named))
    assert set(named) == there


def test_the_package_offers_what_autograd_offers():
    assert autograd.compiler.compile is autograd.compile
