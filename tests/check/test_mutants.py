"""The mutants: how they are made and run, three of them, and the list of survivors, which names no others.

`python -m tests.check.mutants` runs all that are chosen.
"""

from __future__ import annotations

import ast

import pytest

from . import mutants
from .mutants import Mutant, another, changes, chosen, mutants_of, run, run_copy, survivors

SAMPLE = ["exact.py", "nodes.py", "result.py"]  # whose tests are the fastest


def of(code: str) -> list[str]:
    """What stands in the place of the one node of an expression or a statement that can be changed."""
    tree = ast.parse(code)
    found = [other for node in ast.walk(tree) for other in changes(node)]
    return [mutants.shown(other) for other in found]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a < b", ["a <= b", "a >= b"]), ("a >= b", ["a > b", "a < b"]), ("a == b", ["a != b"]),
        ("a is b", ["a is not b"]), ("a in b", ["a not in b"]), ("a < b <= c", ["a <= b <= c", "a < b < c",
         "a >= b <= c", "a < b > c"]), ("a and b", ["a or b"]), ("a or b", ["a and b"]), ("not a", ["a"]),
        ("a if b else c", ["a if not b else c"]), ("0", ["1"]), ("3", ["4"]), ("60", ["600"]), ("0.0", ["1.0"]),
        ("1e-9", ["1e-06"]), ("if a: pass", ["if not a"]), ("while a: pass", ["if not a"]), ("True", []), ("'1'", []),
        ("if a < b: pass", ["a <= b", "a >= b"]), ("None", []),
    ],
)  # fmt: skip
def test_what_is_changed(code, expected):
    found = of(code)
    assert [text.replace("1.0000000000000002e-06", "1e-06") for text in found] == expected


def test_annotations_and_documentation_are_no_code():
    code = 'def f(x: int = 2) -> "1 < 2":\n    """1 < 2"""\n    y: tuple[1] = x\n    return y'
    found = [mutants.shown(other) for *_, node in mutants.places(ast.parse(code)) for other in changes(node)]
    assert found == ["3"]


@pytest.mark.parametrize("file", mutants.SHARES)
def test_every_mutant_has_a_name_of_its_own_and_is_another_program(file):
    before = ast.unparse(ast.parse(text_of(file))) + "\n"
    found = mutants_of(file)
    assert len({mutant.name for mutant in found}) == len(found) > 0
    for change in [*found.values()][:5]:
        lines = zip(before.splitlines(), change.source().splitlines(), strict=True)
        assert sum(old != new for old, new in lines) == 1


def text_of(file: str) -> str:
    return (mutants.ROOT / mutants.CHECK / file).read_text("utf-8")


def test_enough_are_chosen_and_of_every_file():
    found = chosen().values()
    assert len(found) >= 60
    assert {mutant.file for mutant in found} == set(mutants.SHARES)
    assert {*chosen("verdict.py")} == {mutant.name for mutant in found if mutant.file == "verdict.py"}


def test_the_choice_of_a_mutant_depends_on_its_name_alone():
    mutant = Mutant("verdict.py", "judge", "a < b", "a <= b", 1)
    assert mutant.name == "verdict.py judge: a < b -> a <= b"
    assert mutant._replace(number=2).name == "verdict.py judge: a < b -> a <= b #2"
    assert mutant.rank == Mutant("verdict.py", "judge", "a < b", "a <= b", 1).rank
    assert 0 <= mutant.rank < 100
    assert len({Mutant("verdict.py", "judge", str(i), "", 1).rank for i in range(200)}) > 60


def test_what_is_listed_as_a_survivor_is_a_chosen_mutant_with_a_reason():
    names = chosen()
    for name, reason in survivors().items():
        assert name in names, f"survivors.md lists what is no mutant (any more): {name}"
        assert len(reason) > 20


@pytest.mark.parametrize("file", SAMPLE)
def test_a_mutant_is_killed(file):
    listed = survivors()
    mutant = next(mutant for name, mutant in chosen(file).items() if name not in listed and "if" in name)
    status, output = run(mutant)
    assert status == 1, f"{mutant.name}\n{output[-2000:]}"


def test_without_a_mutant_the_tests_pass():
    status, output = run_copy("exact.py", text_of("exact.py"))
    assert status == 0, output[-2000:]


def test_a_mutant_that_does_not_end_is_killed(monkeypatch):
    monkeypatch.setattr(mutants, "TIME_LIMIT", 0.1)
    assert run_copy("exact.py", text_of("exact.py"))[0] == -1


def test_numbers_become_others():
    assert [another(x) for x in (0, 1, 3, 4, 0.0, 2.0)] == [1, 2, 4, 40, 1.0, 2000.0]
