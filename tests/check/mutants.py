"""Mutates the checker itself, one comparison, constant or branch at a time: do its tests notice?

A checker that lets an error pass looks exactly like one that works. Each mutant is a copy of the package in which one
place of `autograd/check` is changed, by rule and not by taste: a comparison relaxed or turned round, a number changed,
a branch negated, `and` and `or` exchanged. The tests run against the copy and must fail, or not end in time. Of all
the mutants a part is taken, chosen by their names alone, so that the choice stays when other lines change. What
survives stands in `survivors.md` with its reason.

    python -m tests.check.mutants              runs the chosen ones; exit status 1 if a survivor is not listed
    python -m tests.check.mutants verdict.py   those whose name has that text
    python -m tests.check.mutants --list       names them
"""

from __future__ import annotations

import ast
import copy
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent.parent
CHECK = Path("autograd", "check")
SURVIVORS = Path(__file__).with_name("survivors.md")
PROCESSES = 2
TIME_LIMIT = 600  # seconds; the slowest tests need some 20

# The files that decide, and the tests that must notice: those first that know the file best.
JUDGING = ["test_verdict", "test_numeric", "test_control", "test_killers", "test_gradcheck", "test_table_ops"]
CHECKING = ["test_gradcheck", "test_second_order", "test_directions", "test_control", "test_killers"]
TESTS = {
    "comparison.py": CHECKING, "control.py": ["test_control", *JUDGING], "exact.py": ["test_exact", "test_killers"],
    "gradcheck.py": CHECKING, "inputs.py": CHECKING, "lines.py": CHECKING, "nodes.py": ["test_nodes", "test_killers"],
    "numeric.py": ["test_numeric", *JUDGING], "result.py": ["test_result", "test_killers", "test_gradcheck"],
    "second.py": ["test_second_order", *CHECKING], "settings.py": ["test_directions", *CHECKING],
    "subjects.py": CHECKING, "verdict.py": JUDGING, "windows.py": ["test_numeric", *JUDGING],
}  # fmt: skip
SHARES = {  # percent of the mutants that are taken, in the files that decide
    "comparison.py": 40, "control.py": 60, "exact.py": 30, "gradcheck.py": 40, "inputs.py": 40, "lines.py": 40,
    "nodes.py": 60, "numeric.py": 12, "result.py": 40, "second.py": 40, "settings.py": 40, "subjects.py": 40,
    "verdict.py": 22, "windows.py": 15,
}  # fmt: skip


class Mutant(NamedTuple):
    """A change: where it is, what stands there and what replaces it.

    `number` counts those that would else have the same name.
    """

    file: str
    function: str
    before: str
    after: str
    number: int

    @property
    def name(self) -> str:
        number = f" #{self.number}" if self.number > 1 else ""
        return f"{self.file} {self.function}: {self.before} -> {self.after}{number}"

    @property
    def rank(self) -> int:
        """A number from 0 to 99 that follows from the name."""
        return int(hashlib.sha256(self.name.encode()).hexdigest(), 16) % 100


# --- making them ---------------------------------------------------------------------------------------------

RELAXED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
TURNED = {
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    if isinstance(node, ast.Compare):
        for table in (RELAXED, TURNED):
            for i, op in enumerate(node.ops):
                if type(op) in table:
                    other = copy.deepcopy(node)
                    other.ops[i] = table[type(op)]()
                    yield other
    elif isinstance(node, ast.BoolOp):
        other = copy.deepcopy(node)
        other.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield other
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield ast.Constant(another(node.value))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, (ast.If, ast.IfExp, ast.While)) and not isinstance(node.test, (ast.Compare, ast.UnaryOp)):
        other = copy.deepcopy(node)
        other.test = ast.UnaryOp(ast.Not(), other.test)
        yield other


def another(x: float) -> float:
    """Another number of the same type: small whole numbers count, larger ones and fractions are tuned."""
    if type(x) is int:
        return x + 1 if x < 4 else 10 * x
    return 1000.0 * x if x else 1.0


def places(tree: ast.Module) -> Iterator[tuple[str, ast.AST, str, int | None, ast.AST]]:
    """Every node that runs, with the function it stands in: function, parent, field, index, node."""
    waiting: list[tuple[str, ast.AST]] = [("", tree)]
    while waiting:
        function, parent = waiting.pop()
        for field, value in ast.iter_fields(parent):
            if field in ("annotation", "returns", "decorator_list"):
                continue
            for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if not isinstance(node, ast.AST):
                    continue
                inside = function
                if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                    inside = f"{function}.{node.name}".lstrip(".")
                waiting.append((inside, node))
                yield inside, parent, field, index, node


def shown(node: ast.AST) -> str:
    """The code of a change in one line; of a statement its condition."""
    if isinstance(node, (ast.If, ast.While)):
        return f"if {ast.unparse(node.test)}"
    return " ".join(ast.unparse(node).split())


class Change(NamedTuple):
    """How a mutant comes about: in the tree of the file, another node in this place of its parent."""

    tree: ast.Module
    parent: ast.AST
    field: str
    index: int | None
    before: ast.AST
    after: ast.AST

    def put(self, node: ast.AST) -> None:
        """Put a node into the place."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node

    def source(self) -> str:
        """The text of the file with the change."""
        self.put(self.after)
        try:
            return ast.unparse(ast.fix_missing_locations(self.tree)) + "\n"
        finally:
            self.put(self.before)


@cache
def mutants_of(file: str) -> dict[Mutant, Change]:
    """Every mutant of a file of the checker."""
    tree = ast.parse((ROOT / CHECK / file).read_text("utf-8"))
    counts: Counter[tuple[str, str, str]] = Counter()
    found = {}
    for function, parent, field, index, node in sorted(places(tree), key=lambda place: position(place[-1])):
        for other in changes(node):
            key = function or "module", shown(node), shown(other)
            counts[key] += 1
            found[Mutant(file, *key, counts[key])] = Change(tree, parent, field, index, node, other)
    return found


def position(node: ast.AST) -> tuple[int, int]:
    """Where a node stands in its file."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def chosen(text: str = "") -> dict[str, Mutant]:
    """The mutants that are run, by their names."""
    return {
        mutant.name: mutant for file, share in SHARES.items() for mutant in mutants_of(file)
        if mutant.rank < share and text in mutant.name
    }  # fmt: skip


# --- running them --------------------------------------------------------------------------------------------


def run(mutant: Mutant) -> tuple[int, str]:
    """Run the tests against a copy with the mutant: pytest's status, 1 if a test failed, -1 if the time is over."""
    return run_copy(mutant.file, mutants_of(mutant.file)[mutant].source())


def run_copy(file: str, source: str) -> tuple[int, str]:
    """Run the tests against a copy in which the file has that text."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        shutil.copytree(ROOT / "autograd", directory / "autograd")
        shutil.copytree(ROOT / "tests", directory / "tests", ignore=shutil.ignore_patterns("nn", "view", "engine"))
        (directory / "nn").symlink_to(ROOT / "nn")
        (directory / CHECK / file).write_text(source, "utf-8")
        settings = directory / "pytest.ini"  # of its own: the project's would put the project's package first
        settings.write_text("[pytest]\nfilterwarnings = error\nmarkers = no_cover\n")
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("COV_", "COVERAGE_", "PYTEST_"))}
        tests = [directory / "tests" / "check" / f"{test}.py" for test in dict.fromkeys(TESTS[file])]
        command = [sys.executable, "-m", "pytest", "-c", str(settings), "--rootdir", name, "--import-mode=importlib",
                   "--noconftest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:pytest_cov",
                   "-p", "no:hypothesispytest", *map(str, tests)]  # fmt: skip
        try:
            done = subprocess.run(command, cwd=directory, env=environment | {"PYTHONPATH": name}, text=True,
                                  capture_output=True, timeout=TIME_LIMIT, check=False)  # fmt: skip
        except subprocess.TimeoutExpired:
            return -1, "the time limit"
        return done.returncode, done.stdout + done.stderr


def survivors() -> dict[str, str]:
    """The reasons of the survivors that are listed, by their names."""
    return dict(re.findall(r"^- `(.+)`: (.+)$", SURVIVORS.read_text("utf-8"), re.MULTILINE))


def main(*arguments: str) -> int:
    """Run the mutants; 1 if one survives that is not listed, or a listed one does not."""
    began = time.monotonic()
    text = next((argument for argument in arguments if not argument.startswith("-")), "")
    mutants = chosen(text)
    if "--list" in arguments:
        print(*mutants, sep="\n")
        return 0
    for file in ("verdict.py", "settings.py", "exact.py", "nodes.py", "result.py"):  # together all the tests
        status, output = run_copy(file, (ROOT / CHECK / file).read_text("utf-8"))
        if status:
            print(f"the tests of {file} fail without a mutant:\n{output[-3000:]}")
            return 2
    listed, bad = survivors(), 0
    with ThreadPoolExecutor(PROCESSES) as pool:
        runs: dict[str, Future[Any]] = {name: pool.submit(run, mutant) for name, mutant in mutants.items()}
        counts: Counter[str] = Counter()
        for name, future in runs.items():
            status, output = future.result()
            first = next((line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))), output[-200:])
            killed = status not in (0, 5)
            verdict = "killed" if killed else "survives, listed" if name in listed else "SURVIVES"
            bad += verdict == "SURVIVES" or (killed and name in listed)
            counts[verdict] += 1
            print(f"{verdict:16}  {name}\n{'':18}{first[:150] if killed else listed.get(name, '')}", flush=True)
    gone = [name for name in listed if text in name and name not in mutants]
    for name in gone:
        print(f"listed, but no mutant any more: {name}")
    print(f"{dict(counts)}, {time.monotonic() - began:.0f} s")
    return int(bad > 0 or bool(gone))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
