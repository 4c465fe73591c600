"""The course: each notebook runs, shows what is committed, and what it shows is right."""

import base64
import itertools
import math
import re
import xml.etree.ElementTree as ElementTree
from functools import cache
from pathlib import Path

import nbformat
import pytest

from notebooks.execute import execute

from .distributions import ROOT

FOLDER = ROOT / "notebooks"
PICTURES = {
    "01_value_by_hand": 4, "02_perceptron_by_hand": 9, "03_mlp_on_moons": 5, "04_activations_and_losses": 11,
    "05_training_well": 10, "06_own_data": 5, "07_believe_a_gradient": 4, "08_watching_backpropagation": 7,
    "09_from_scalars_to_tensors": 5,
}  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n"
ROUNDING = re.compile(r"\d(\.\d+)?e[+-]\d+")  # sizes of rounding errors, which differ from machine to machine

every_notebook = pytest.mark.parametrize("name", PICTURES)


@cache
def committed(name: str) -> nbformat.NotebookNode:
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


@cache
def executed(name: str) -> nbformat.NotebookNode:
    return execute(FOLDER / f"{name}.ipynb")


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def text(cell: nbformat.NotebookNode) -> str:
    """What a code cell printed and returned; not stderr, where libraries speak of their caches."""
    printed = [output.text for output in cell.outputs if output.get("name") == "stdout"]
    returned = [output.data["text/plain"] for output in cell.outputs if "data" in output]
    return ROUNDING.sub("tiny", "\n".join(printed + returned))


def shown(name: str) -> str:
    """All text that the notebook shows when it is run now."""
    return "\n".join(text(cell) for cell in code_cells(executed(name)))


def pictures(cell: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """The pictures among the outputs of a cell: their kind and their content, SVG where there is a choice."""
    outputs = [output.data for output in cell.get("outputs", []) if "data" in output]
    kinds = [next((kind for kind in ("image/svg+xml", "image/png") if kind in data), None) for data in outputs]
    return [(kind, data[kind]) for kind, data in zip(kinds, outputs, strict=True) if kind]


def number(pattern: str, shown_text: str) -> float:
    match = re.search(pattern, shown_text)
    assert match, f"{pattern!r} is not in what the notebook shows"
    return float(match[1])


def sigmoid(h: float) -> float:
    return 1 / (1 + math.exp(-h))


def test_every_notebook_is_tested() -> None:
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == set(PICTURES)


@every_notebook
def test_it_runs_and_shows_what_is_committed(name: str) -> None:
    before, now = code_cells(committed(name)), code_cells(executed(name))
    assert not [output for cell in now for output in cell.outputs if output.output_type == "error"]
    assert [cell.source for cell in before] == [cell.source for cell in now]
    for was, is_now in zip(before, now, strict=True):
        assert text(was) == text(is_now), f"run `make notebooks`: this cell shows something else now\n{was.source}"
        assert [kind for kind, _ in pictures(was)] == [kind for kind, _ in pictures(is_now)]


@every_notebook
def test_it_was_committed_after_one_clean_run(name: str) -> None:
    cells = code_cells(committed(name))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert not [output for cell in cells for output in cell.outputs if output.get("name") == "stderr"]


@every_notebook
def test_the_file_is_small_and_names_no_machine(name: str) -> None:
    content = Path(FOLDER, f"{name}.ipynb").read_text(encoding="utf-8")
    assert len(content.encode()) < 1_000_000
    assert str(ROOT) not in content
    assert not re.search(r"/(home|Users|tmp)/", content)


@every_notebook
def test_it_holds_its_pictures_and_each_is_announced(name: str) -> None:
    cells = committed(name).cells
    found = 0
    for previous, cell in itertools.pairwise(cells):
        for kind, content in pictures(cell):
            found += 1
            assert previous.cell_type == "markdown", "a sentence before the picture says what to look for"
            if kind == "image/png":
                assert base64.b64decode(content).startswith(PNG)
            else:
                assert ElementTree.fromstring(content).tag.endswith("svg")
    assert found == PICTURES[name]


@every_notebook
def test_its_exercises_have_computed_answers(name: str) -> None:
    cells = committed(name).cells
    (start,) = [i for i, cell in enumerate(cells) if cell.source.startswith("## Exercises")]
    questions = re.findall(r"^(\d)\. ", cells[start].source, re.MULTILINE)
    answers = "\n".join(text(cell) for cell in cells[start:] if cell.cell_type == "code")
    assert questions
    assert set(re.findall(r"^(\d)\. ", answers, re.MULTILINE)) == set(questions)


def test_01_the_neuron_and_its_gradients() -> None:
    all_text = shown("01_value_by_hand")
    p = sigmoid(0.5)
    gradient = 2 * (p - 1) * p * (1 - p)  # of the squared error, by w1 as by b: x1 = 1
    new_p = sigmoid((1 - gradient) * 1 - 0.5 - gradient)
    assert f"h = 0.5\np = {p:.4f}" in all_text  # 0.6225
    assert f"E = {(p - 1) ** 2:.4f}" in all_text  # 0.1425
    assert f"dE/dw1   {gradient:.6f}  {gradient:.6f}" in all_text  # -0.177447
    assert f"after:  p = {new_p:.4f}, E = {(new_p - 1) ** 2:.4f}" in all_text
    assert "6.0\n12.0\n6.0" in all_text  # gradients add up
    assert "y = 8.0, dy/dx = 12.0" in all_text  # 2³ and 3·2²
    assert "gradcheck: correct" in all_text


def test_01_the_drawn_graph_holds_the_gradient() -> None:
    drawn = [content for cell in code_cells(executed("01_value_by_hand")) for _, content in pictures(cell)]
    assert "-0.1774" not in drawn[1]  # before backward()
    assert "-0.1774" in drawn[2]


def test_02_the_table_of_the_perceptron() -> None:
    table = [
        [0, 0, -0.5, 0.3775, 0, 0, 0, 0],
        [0, 1, -1.5, 0.1824, 0, 1, 0, 1],
        [1, 0, 0.5, 0.6225, 1, 1, 0, 1],
        [1, 1, -0.5, 0.3775, 0, 1, 1, 0],
    ]
    lines = text(code_cells(executed("02_perceptron_by_hand"))[1]).splitlines()
    assert lines[0].split() == ["x1", "x2", "h", "p", "prediction", "OR", "AND", "XOR"]
    assert [[float(word) for word in line.split()] for line in lines[1:]] == table


def test_02_one_neuron_learns_or_and_and_but_not_xor() -> None:
    all_text = shown("02_perceptron_by_hand")
    learnt = {
        name: [float(p) for p in ps.split()]
        for name, ps in re.findall(r"^(OR|AND|XOR) +w1.*\n +p +(.*)$", all_text, re.MULTILINE)
    }
    assert [round(p) for p in learnt["OR"]] == [0, 1, 1, 1]
    assert [round(p) for p in learnt["AND"]] == [0, 0, 0, 1]
    assert learnt["XOR"] == [0.5, 0.5, 0.5, 0.5]  # the minimum of the squared error over all lines
    assert number(r"XOR .*-> ([\d.]+)", all_text) == 0.25
    assert "gradients: w1 0.0, w2 0.0, b 0.0" in all_text  # of the step function


def test_02_three_hidden_neurons_learn_xor() -> None:
    all_text = shown("02_perceptron_by_hand")
    answers = re.findall(r"^\((\d), (\d)\): p = ([\d.]+), target (\d)$", all_text, re.MULTILINE)
    assert len(answers) == 4
    for x1, x2, p, target in answers:
        assert int(target) == int(x1) ^ int(x2)
        assert abs(float(p) - int(target)) < 0.1


def test_02_a_neuron_is_logistic_regression() -> None:
    ours, scikit_learn = re.findall(r"w = (-?[\d.]+), b = (-?[\d.]+)$", shown("02_perceptron_by_hand"), re.MULTILINE)
    assert ours == scikit_learn


def test_02_linear_layers_collapse() -> None:
    pairs = re.findall(r"network ([+-][\d.]+)   one neuron ([+-][\d.]+)", shown("02_perceptron_by_hand"))
    assert len(pairs) == 4
    assert all(network == neuron for network, neuron in pairs)


def test_03_counts_and_losses() -> None:
    all_text = shown("03_mlp_on_moons")
    assert "by hand: 337 parameters, by machine: 337" in all_text
    for y in (0, 1):
        for p in (0.1, 0.9):
            assert f"y = {y}, p = {p}: loss {-math.log(p if y else 1 - p):.4f}" in all_text


def test_03_the_network_is_good_on_samples_that_it_never_saw() -> None:
    all_text = shown("03_mlp_on_moons")
    assert number(r"held-out accuracy ([\d.]+)", all_text) >= 0.95
    assert number(r"train accuracy [\d.]+, test accuracy ([\d.]+)", all_text) >= 0.95  # by nn.fit
    assert number(r"one neuron: +test accuracy ([\d.]+)", all_text) < 0.9  # a straight line cannot
    assert number(r"linear parameters: test accuracy ([\d.]+)", all_text) < 0.9


def test_07_the_best_step_and_what_is_reached_there() -> None:
    cells = code_cells(executed("07_believe_a_gradient"))
    printed = "\n".join(output.text for cell in cells for output in cell.outputs if output.get("name") == "stdout")
    y = math.tanh(0.5)
    third = (1 - y**2) * (6 * y**2 - 2)  # of tanh' = 1 - y²: tanh'' = -2 y (1 - y²), and once more
    best = (3 * 2**-52 * y / abs(third)) ** (1 / 3)
    assert abs(number(r"= ([\d.e-]+); the sum is", printed) - best) < 0.05 * best
    bottoms = [float(e) for e in re.findall(r"error there about ([\d.e-]+)", printed)]
    assert bottoms == sorted(bottoms, reverse=True)  # each of Richardson's steps makes the valley deeper
    assert bottoms[0] > 1000 * bottoms[-1]
    assert abs(number(r"complex step ([\d.]+)", printed) - (1 - y**2)) < 1e-15


def test_07_verdicts() -> None:
    all_text = shown("07_believe_a_gradient")
    assert re.findall(r"^planted tiny of the gradient: (\w+)$", all_text, re.MULTILINE) == ["wrong"] * 3 + ["correct"]
    assert "the slope is 0 from the left and 1 from the right; the gradient 0 is that from the left" in all_text
    assert "a correct one: the usual check says wrong, gradcheck correct" in all_text
    assert "a wrong sign: the usual check says correct, gradcheck wrong" in all_text
    assert "3. order 1: correct; order 2: wrong" in all_text


def test_07_mistakes_are_named() -> None:
    all_text = shown("07_believe_a_gradient")
    assert re.findall(r"\[([a-z-]+)\]$", all_text, re.MULTILINE) == ["input-for-output", "overwrite"]
    assert "it seems to be 1 - x²" in all_text
    assert "Solution" not in all_text


def test_08_gradients_are_those_by_hand() -> None:
    all_text = shown("08_watching_backpropagation")
    cells = code_cells(executed("08_watching_backpropagation"))
    printed = "\n".join(output.text for cell in cells for output in cell.outputs if output.get("name") == "stdout")
    assert "∂y/∂a: 3 paths from a to y" in all_text
    assert "= 3.0000 + 3.0000 + 1.0000" in all_text  # y = a² + a at 3: from each factor 3, from the sum 1
    x, slope = 0.5, 1.0
    for _ in range(30):
        x = sigmoid(x)
        slope *= x * (1 - x)
    assert f"dy/dx = {slope:.3e}, and (1/4)^30 = 8.674e-19" in printed
    assert "True True" in all_text  # 2^60 paths, and the gradient 2^60
    assert "1. 2 paths contribute [5.0, 1.0]: dy/da = 6" in all_text
    assert "2. at x = 0: 0.25; ten of them: 9.54e-07" in printed  # 4^-10
    assert "3. 11 edges, 22 questions" in all_text  # to * 2, * 2, + 2, + 2, sigmoid, -, **


def test_08_live_outputs_begin_with_their_picture() -> None:
    outputs = [
        output.data["text/html"]
        for cell in code_cells(committed("08_watching_backpropagation"))
        for output in cell.outputs if "<img " in output.get("data", {}).get("text/html", "")
    ]  # fmt: skip
    assert len(outputs) == 4  # two replays, a network, a training
    for html in outputs:
        assert "<img " in html.partition("<script")[0]
        assert "http" not in re.sub(r'"data:image/svg\+xml[^"]*"|http://www\.w3\.org/[\w/]+', "", html)


def test_09_the_operations_are_as_many_as_counted_by_hand() -> None:
    all_text = shown("09_from_scalars_to_tensors")
    weights, neurons, hidden, classes = 64 * 30 + 30 * 30 + 30 * 10, 30 + 30 + 10, 30 + 30, 10
    written = 2 * weights + hidden + 2 * classes + 3  # exp and + of each class, log, the choice, the difference
    fused = neurons + hidden + classes + 4  # the sum of the exponentials is one operation now
    assert f"traced       9,579 rows, of these {written:,} operations" in all_text
    assert f"simplified   9,576 rows, of these {written - 1:,} operations" in all_text  # without 0 + the first
    assert f"fused        3,398 rows, of these   {fused} operations" in all_text
    assert "grouped         10 array operations" in all_text  # 3 products, 2 relu, exp, sum, log, pick, sub


def test_09_what_is_compiled_is_what_is_computed_by_hand() -> None:
    all_text = shown("09_from_scalars_to_tensors")
    p = math.tanh(2 * 0.5 - 3 + 0.25)  # the second sample is answered without an error
    slope = (p - 1) * (1 - p * p)
    gradient = [round(slope * x, 6) for x in (2, 3, 1)]
    assert f"by hand:   {(p - 1) ** 2 / 2:.6f} {gradient}\ncompiled:  {(p - 1) ** 2 / 2:.6f} {gradient}" in all_text
    assert "the same loss: True; the same 3,190 gradients: True" in all_text
    assert "more than 19 of 20 right: True" in all_text
    assert f"{((2 - 1) ** 2 + (-0.1 - 1) ** 2 + (3 - 1) ** 2 + (-0.4 - 1) ** 2) / 4:.4f}\npath 0" in all_text
    assert "guard z3 > w2 is True" in all_text
    assert "guard z3 > w3 is False" in all_text


def test_09_what_cannot_be_compiled_is_told_with_its_line() -> None:
    all_text = shown("09_from_scalars_to_tensors")
    assert "<cell>:2: return (w[0] * x - y) ** 2 / max(v.data for v in w)" in all_text
    assert "write autograd.exp(...) for math.exp(...)" in all_text
    assert "1. the same program: True" in all_text
    assert "2. 5; with a third hidden layer 7, and 7" in all_text
    assert "3. 2 paths with an `if`, 1 with abs" in all_text
