"""The compiler as a chapter to read: its contents name every file, and the picture of its stages is true."""

import importlib.util
import re
from pathlib import Path

import pytest

import autograd.compiler

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def test_the_contents_name_every_file_once():
    named = re.findall(r"^    (\w+\.py)  ", autograd.compiler.__doc__, re.MULTILINE)
    there = {path.name for path in Path(autograd.compiler.__file__).parent.glob("*.py")} - {"__init__.py"}
    assert len(named) == len(set(named))
    assert set(named) == there


def test_the_chapters_that_contributors_are_told_begin_with_files_of_the_contents():
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Changing the compiler")[2]
    table = [line for line in told.partition("## Notebooks")[0].splitlines() if line.startswith("|")]
    files = re.findall(r"`(\w+\.py)`", "\n".join(table))
    there = [re.search(rf"^    {re.escape(file)} ", autograd.compiler.__doc__, re.MULTILINE) for file in files]
    places = [found.start() for found in there if found]
    assert len(files) > 8
    assert len(places) == len(files)
    assert places == sorted(places)  # in the order of reading


def test_the_package_offers_what_autograd_offers():
    assert autograd.compiler.compile is autograd.compile


def stages():
    """docs/stages.py, which is in no package."""
    spec = importlib.util.spec_from_file_location("stages_of_docs", DOCS / "stages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_readme_counts_as_the_compiler_does():
    (traced, _), _, (_, fused), (steps, _) = stages().counts()
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"shrinks from {traced:,} numbers to {fused} operations to {steps} array operations" in text


def test_the_picture_of_the_stages_is_what_the_compiler_does_now():
    if (DOCS / "stages.svg").read_text(encoding="utf-8") != stages().picture():
        pytest.fail(
            "docs/stages.svg is not what is drawn now. Remedy: python docs/stages.py, and look at it", pytrace=False
        )
