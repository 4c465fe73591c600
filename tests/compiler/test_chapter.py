"""The compiler as a chapter to read: its contents name every file, and the picture of its stages is true."""

import ast
import importlib.util
import itertools
import re
from pathlib import Path

import pytest

import autograd.compiler

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


COMPILER = Path(autograd.compiler.__file__).parent
FOLDERS = re.findall(r"^    \d\. (\w+) ", autograd.compiler.__doc__, re.MULTILINE)


def contents(folder):
    """The files that the head of a folder names, in its order."""
    head = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")), clean=False)
    return re.findall(r"^    (\w+\.py)  ", head, re.MULTILINE)


def test_the_contents_name_every_chapter_once():
    there = {path.parent.name for path in COMPILER.glob("*/__init__.py")}
    assert len(FOLDERS) == len(there)
    assert set(FOLDERS) == there


@pytest.mark.parametrize("folder", [COMPILER, *(COMPILER / name for name in FOLDERS)], ids=lambda folder: folder.name)
def test_the_contents_of_a_chapter_name_every_file_once(folder):
    there = {path.name for path in folder.glob("*.py")} - {"__init__.py"}
    assert len(contents(folder)) == len(there)
    assert set(contents(folder)) == there


def test_whoever_reads_on_reads_every_file_once_in_the_order_of_the_contents():
    order = [COMPILER / name for name in contents(COMPILER)]
    for name in FOLDERS:
        order += [COMPILER / name / file for file in contents(COMPILER / name)]
    for file, following in itertools.pairwise(order):
        text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))).partition("Read next: ")[2]
        named = [(file.parent / path).resolve() for path in re.findall(r"`([\w/.]+\.py)`", text.partition("\n\n")[0])]
        assert named, file
        assert named[0] == following, file
        assert all(path.is_file() for path in named), file


def test_the_chapters_that_contributors_are_told_begin_with_files_of_the_contents():
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Changing the compiler")[2]
    rows = [line for line in told.partition("## Notebooks")[0].splitlines() if re.match(r"\| .*\.py`", line)]
    assert len(rows) == 1 + len(FOLDERS)
    for row in rows:
        folder, files = re.search(r"`(\w+)/", row), re.findall(r"`(?:\w+/)?(\w+\.py)`", row)
        named = contents(COMPILER / folder[1] if folder else COMPILER)
        assert files
        assert set(files) <= set(named)


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
