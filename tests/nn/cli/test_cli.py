"""The command line from end to end: what is printed, which files are written, and the exit statuses.

Commands run in this process through `main`; only what depends on a process of its own runs in one: `python -m nn`,
Ctrl-C, and readers that leave.
"""

import csv
import errno
import io
import math
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
from contextlib import redirect_stderr, redirect_stdout
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.image import imread

from nn import cli
from nn.modules import MLP
from nn.pipeline import Pipeline
from nn.serialization import load, save

ROOT = Path(__file__).parents[3]
SMALL = ("--hidden", "3", "--epochs", "3", "--quiet")
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def drawn():
    """A test that takes this looks at pictures."""


@pytest.fixture(autouse=True)
def quickly(request, monkeypatch):
    """Where no test looks, pictures are not drawn, which takes most of the time of a run."""
    if "drawn" not in request.fixturenames:
        monkeypatch.setattr("nn.cli.pictures._png", lambda *_: b"\x89PNG")


# --- helpers -------------------------------------------------------------------------------------------------


def start(*arguments, directory):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "", "PYTHONIOENCODING": "utf-8"}
    environment.pop("DISPLAY", None)
    return subprocess.Popen(
        [sys.executable, "-m", "nn", *map(str, arguments)], cwd=directory, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip


def run(*arguments):
    """The exit status of a command in this process."""
    try:
        return cli.main([str(argument) for argument in arguments])
    except SystemExit as exit_:
        return exit_.code


def contents(directory):
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}


def rows_of(text):
    return list(csv.reader(io.StringIO(text)))


def history(directory):
    with (directory / "history.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def plants(path, n=48, seed=0):
    """A table as people have them: texts, gaps, quotes, a name that no model needs, Windows' line ends."""
    rng = random.Random(seed)
    lines = ["name,height,colour,site,kind"]
    for i in range(n):
        tall = i % 2
        height = "" if i % 11 == 3 else f"{rng.gauss(3.0 if tall else 1.0, 0.4):.3f}"
        colour = rng.choice(["red", "blue", '"green, dark"', ""] if tall else ["red", '"said ""teal"""', "NA"])
        lines.append(f"plant {i},{height},{colour},{rng.choice('ab')},{HOSTILE if tall else 'herb'}")
    path.write_bytes(("\ufeff" + "\r\n".join(lines) + "\r\n").encode())
    return path


def houses(path, n=48, seed=0):
    """A regression of two columns."""
    rng = random.Random(seed)
    lines = ["area;rooms;price"]
    for _ in range(n):
        area, rooms = rng.uniform(40, 200), rng.randint(1, 6)
        lines.append(f"{area:.1f};{rooms};{2000 * area + 9000 * rooms + rng.gauss(0, 9000):.2f}".replace(".", ","))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def plant_run(tmp_path_factory):
    directory = tmp_path_factory.mktemp("plants")
    data = plants(directory / "plants.csv")
    assert run("train", data, "--hidden", 4, "--epochs", 30, "--quiet", "--out", directory / "run") == 0
    return data, directory / "run"


@pytest.fixture(scope="module")
def house_run(tmp_path_factory):
    directory = tmp_path_factory.mktemp("houses")
    data = houses(directory / "houses.csv")
    assert run("train", data, "--hidden", 4, "--epochs", 60, "--quiet", "--out", directory / "run") == 0
    return data, directory / "run"


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__(convert_charrefs=True)
        self.tags, self.alts, self.text = [], [], ""
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.alts += [value for name, value in attributes if name == "alt"]

    def handle_data(self, data):
        self.text += data + "\n"


# --- train ---------------------------------------------------------------------------------------------------


def test_a_run_says_what_it_does_and_writes_its_files(drawn, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("train", "moons", "--hidden", 3, "--epochs", 2) == 0
    out, err = capsys.readouterr()
    runs = Path("runs", "moons")
    names = [
        "confusion_matrix.png", "decision_boundary.png", "history.csv", "learning_curve.png", "model.safetensors",
        "network.svg", "report.html",
    ]  # fmt: skip
    assert sorted(path.name for path in runs.iterdir()) == names
    for name in names:
        assert f"  {runs / name}\n" in out
    assert "moons: 300 samples with 2 columns; target class: 2 classes" in out
    assert "split by seed 1: 180 train, 60 validation, 60 test" in out
    assert "MLP(2 -> 3 relu -> 1 linear; 4 neurons, 9 weights, 13 parameters)" in out
    table = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line.startswith(("train ", "test "))}
    assert [table[name][0] for name in ("train", "test")] == ["180", "60"]
    assert "always " in out
    assert "13 parameters, trained in " in out
    for word in ("epoch 2", "loss=", "accuracy="):
        assert word in err
    rows = history(runs)
    assert [row["epoch"] for row in rows] == ["1", "2"]
    assert list(rows[0])[:5] == ["epoch", "loss", "accuracy", "validation_loss", "validation_accuracy"]
    for name in names:
        if name.endswith(".png"):
            assert imread(runs / name).shape[1] > 600
    svg = ElementTree.parse(runs / "network.svg").getroot()
    assert len(svg.findall(".//{http://www.w3.org/2000/svg}circle")) == 2 + 3 + 1
    page = Page(runs / "report.html")
    assert len(page.alts) == 4
    assert all(page.alts)
    assert "python -m nn train moons --hidden 3 --epochs 2" in page.text
    assert f"python -m nn predict {runs} DATA.csv" in page.text


def test_the_demo_names_24_of_25_digits_that_it_has_not_seen(capsys, tmp_path, monkeypatch):
    (command,) = re.findall(
        r"-m nn (train digits .*) \$\(ARGS\)", ROOT.joinpath("Makefile").read_text(encoding="utf-8")
    )
    monkeypatch.chdir(tmp_path)
    assert run(*command.split(), "--epochs", 15) == 0  # of 75 and more
    _, samples, accuracy, *_ = re.findall(r"^test .*", capsys.readouterr().out, re.MULTILINE)[0].split()
    assert int(samples) == 359
    assert float(accuracy) >= 0.96


def test_a_csv_with_texts_gaps_and_quotes(plant_run):
    _, out = plant_run
    model = load(out / "model.safetensors")
    assert isinstance(model, Pipeline)
    assert model.preprocessing.names == ("height", "colour", "site")  # each plant has a name of its own
    assert model.target.class_names == (HOSTILE, "herb")
    assert {"green, dark", 'said "teal"'} <= set(model.preprocessing.columns[1].categories)
    assert model.settings["target"] == "kind"
    page = Page(out / "report.html")
    assert "script" not in page.tags
    assert HOSTILE in page.text
    assert "The column 'name' is not used" in page.text
    assert not (out / "decision_boundary.png").exists()
    ElementTree.parse(out / "network.svg")
    assert HOSTILE not in (out / "network.svg").read_text("utf-8")


def test_the_test_figures_are_those_of_the_model_on_the_test_part(house_run, tmp_path, capsys):
    data, _ = house_run
    assert run("train", data, "--hidden", 4, "--epochs", 60, "--out", tmp_path) == 0
    shown = capsys.readouterr().out
    (line,) = [line.split() for line in shown.splitlines() if line.startswith("test ")]
    from nn.preprocessing import split
    from nn.tables import load_csv

    table = load_csv(data)
    _, _, (rows, prices) = split(table.rows, table.target.values, seed=1)
    errors = load(tmp_path / "model.safetensors").predict(rows) - np.array(prices)
    assert line[1] == str(len(prices))
    expected = [1 - (errors**2).mean() / np.var(prices), abs(errors).mean(), math.sqrt((errors**2).mean())]
    for figure, value in zip(line[2:], expected, strict=True):
        assert float(figure.replace(",", "")) == pytest.approx(value, rel=5e-3, abs=5e-4)


def test_a_regression_gets_residuals_and_no_confusion_matrix(house_run):
    _, out = house_run
    assert (out / "residuals.png").exists()
    assert not (out / "confusion_matrix.png").exists()
    page = Page(out / "report.html")
    for word in ("R²", "RMSE", "in units of price", "always "):
        assert word in page.text


def test_two_runs_are_equal_bit_for_bit_but_for_the_seconds(drawn, plant_run, tmp_path):
    data, out = plant_run
    assert run("train", data, "--hidden", 4, "--epochs", 30, "--quiet", "--out", tmp_path) == 0
    files = sorted(path.name for path in out.iterdir())
    assert files == sorted(path.name for path in tmp_path.iterdir())
    for name in files:
        if name not in ("history.csv", "report.html"):
            assert (out / name).read_bytes() == (tmp_path / name).read_bytes(), name
    one, other = history(out), history(tmp_path)
    assert [{**row, "seconds": ""} for row in one] == [{**row, "seconds": ""} for row in other]


def test_another_seed_gives_another_run(plant_run, tmp_path):
    data, out = plant_run
    assert run("train", data, "--hidden", 4, "--epochs", 30, "--quiet", "--seed", 2, "--out", tmp_path) == 0
    assert (out / "model.safetensors").read_bytes() != (tmp_path / "model.safetensors").read_bytes()


def test_early_stopping_keeps_the_best_weights(tmp_path, house_run):
    data, _ = house_run
    arguments = ("--patience", 2, "--hidden", 8, "--learning-rate", 0.1, "--quiet")
    assert run("train", data, *arguments, "--out", tmp_path) == 0
    losses = [float(row["validation_loss"]) for row in history(tmp_path)]
    best = min(range(len(losses)), key=losses.__getitem__) + 1
    assert len(losses) == best + 2
    assert load(tmp_path / "model.safetensors").settings["best_epoch"] == best


def test_what_is_asked_for_is_done(tmp_path, plant_run):
    data, _ = plant_run
    arguments = (
        "--hidden 5,4 --activation tanh --optimizer sgd --learning-rate 0.05 --epochs 2 --batch-size 7 --dropout 0.25 "
        "--l2 0.003 --validation 0.1 --test 0.3 --seed 9 --target site --ignore kind --patience 0 --quiet"
    )
    assert run("train", data, *arguments.split(), "--out", tmp_path) == 0
    model = load(tmp_path / "model.safetensors")
    assert [layer.activation for layer in model.network.layers] == ["tanh", "tanh", "linear"]
    expected = {
        "hidden": [5, 4], "activation": "tanh", "optimizer": "sgd", "learning_rate": 0.05, "epochs": 2, "batch_size": 7,
        "dropout": 0.25, "l2": 0.003, "seed": 9, "target": "site", "best_epoch": 0,
    }  # fmt: skip
    assert {name: model.settings[name] for name in expected} == expected
    assert model.settings["samples"]["test"] in (14, 15)  # of 48, by class
    assert model.preprocessing.names == ("height", "colour")


def test_numbers_may_be_asked_to_be_classes_or_quantities(tmp_path):
    data = tmp_path / "d.csv"
    data.write_text("x,y\n" + "".join(f"{i / 7:.3f},{i % 3}\n" for i in range(60)))
    for task, outputs in (("classes", 3), ("regression", 1)):
        assert run("train", data, *SMALL, "--task", task, "--out", tmp_path / task) == 0
        assert len(load(tmp_path / task / "model.safetensors").network.layers[-1].neurons) == outputs


def test_what_stands_for_a_missing_value_may_be_told(tmp_path):
    data = tmp_path / "d.csv"
    data.write_text("x,c\n" + "".join(f"{i / 7 if i % 5 else 'gone'},{'?' if i % 2 else 'b'}\n" for i in range(60)))
    assert run("train", data, *SMALL, "--missing", "gone", "--keep", "?", "--out", tmp_path) == 0
    model = load(tmp_path / "model.safetensors")
    assert model.target.class_names == ("?", "b")
    assert model.preprocessing.kinds == {"x": "numeric"}


def test_a_truth_table_is_learnt_whole(drawn, tmp_path, capsys):
    assert run("train", "xor", "--quiet", "--epochs", 300, "--hidden", 6, "--out", tmp_path) == 0
    assert "There is no test part" in capsys.readouterr().err
    model = load(tmp_path / "model.safetensors")
    assert model.predict([[0, 0], [0, 1], [1, 0], [1, 1]]).tolist() == ["false", "true", "true", "false"]


def test_images_that_are_predicted_wrongly_are_shown_and_the_time_is_compared(drawn, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("nn.training.compiled.pays", lambda size, samples: True)
    lines = ["pixel_0_0,pixel_0_1,pixel_1_0,pixel_1_1,kind"]
    lines += [f"{i % 2},{i % 3},{i % 5},{i % 7},{'even' if i % 2 or i % 11 == 0 else 'odd'}" for i in range(60)]
    data = tmp_path / "images.csv"
    data.write_text("\n".join(lines), "utf-8")
    assert run("train", data, "--hidden", 3, "--epochs", 2, "--out", tmp_path / "out") == 0
    out, err = capsys.readouterr()
    assert re.search(r"compiled: \d+ nodes traced", err)
    told = r"compiled, an epoch takes [\d.]+ m?s with .*; Value by Value the same code would take .* on 3, times 3"
    assert re.search(told, out)
    page = Page(tmp_path / "out" / "report.html")
    assert any(alt.startswith("The test images that are predicted wrongly: ") for alt in page.alts)
    assert "The network is made of scalar Values, and its training was compiled" in page.text
    assert imread(tmp_path / "out" / "mistakes.png").shape[1] > 600


def test_without_hidden_layers_it_is_one_neuron(tmp_path):
    assert run("train", "and", "--hidden", "none", "--epochs", 3, "--quiet", "--out", tmp_path) == 0
    assert load(tmp_path / "model.safetensors").network.n_parameters == 3


def test_quiet_says_nothing_but_warnings(tmp_path, capsys):
    assert run("train", "moons", *SMALL, "--out", tmp_path) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert all(line.startswith("warning: ") for line in err.splitlines())


def test_a_rare_class_and_few_samples_are_warned_of(tmp_path, capsys):
    data = tmp_path / "rare.csv"
    data.write_text("x,c\n" + "".join(f"{i},{'rare' if i % 12 == 5 else 'common'}\n" for i in range(60)))
    assert run("train", data, *SMALL, "--out", tmp_path / "run") == 0
    err = capsys.readouterr().err
    assert "Only 5 of 60 samples are of the class rare" in err
    assert "has only 12 samples" in err
    assert "The column 'x' counts the rows" in err


HARD = "p\x1b[2J", "left\u202eabc", "שלום 1"


@pytest.fixture(scope="module")
def hard_run(tmp_path_factory):
    """Names that would clear a screen, break a line, turn words around, or be HTML."""
    directory = tmp_path_factory.mktemp("hard")
    rng = random.Random(0)
    rows = "".join(f"{rng.gauss(i % 3, 1):.3f},{rng.random():.3f},{HARD[i % 3]}\n" for i in range(60))
    (directory / "d.csv").write_text(f'a\x1b[31m,"two\nlines",y\x07\n{rows}', "utf-8")
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        assert run("train", directory / "d.csv", "--epochs", 2, "--hidden", 2, "--out", directory / "run") == 0
        assert run("show", directory / "run") == 0
    return directory / "run", out.getvalue(), err.getvalue()


def test_control_signs_of_names_are_shown_and_not_done(hard_run):
    out, shown, err = hard_run
    report = (out / "report.html").read_text("utf-8")
    warnings = "".join(line for line in err.split("\n") if line.startswith("warning: "))  # the bar has signs of its own
    assert r"y\x07" in shown
    for text in (shown, warnings, report, (out / "network.svg").read_text("utf-8")):
        assert {c for c in text if (unicodedata.category(c) == "Cc" and c != "\n") or c in "\u202e\u2066"} == set()
    for escaped in (r"p\x1b[2J", r"left\u202eabc", r"y\x07"):
        assert escaped in shown
        assert escaped in report
    assert r"two\nlines" in shown
    assert r"two\nlines" in report


def test_names_from_right_to_left_are_isolated_in_the_report(hard_run):
    out, _, _ = hard_run
    report = (out / "report.html").read_text("utf-8")
    assert f"<td><bdi>{HARD[2]}</bdi></td>" in report
    assert "\u2068" not in report.split("<body>")[1].replace(" alt=", "\0").split("\0")[0]
    assert report.count("<bdi>") == report.count("</bdi>") > 1


def test_names_of_many_signs_are_shortened(drawn, tmp_path, capsys):
    data = tmp_path / "d.csv"
    names = "u" * 5000 + "1", "u" * 5000 + "2"
    data.write_text("x,y\n" + "".join(f"{i / 7:.3f},{names[i % 2]}\n" for i in range(40)))
    assert run("train", data, "--epochs", 1, "--hidden", 2, "--out", tmp_path / "run") == 0
    assert run("show", tmp_path / "run") == 0
    assert run("predict", tmp_path / "run", data, "--out", tmp_path / "p.csv") == 0
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) < 200
    for end in "12":
        assert f"{'u' * 30}…{'u' * 28}{end}" in shown
    report = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "u" * 31 not in re.sub('base64,[^"]*', "", report)
    assert load(tmp_path / "run" / "model.safetensors").target.class_names == names
    assert names[0] in (tmp_path / "p.csv").read_text()


def test_many_classes_are_not_all_named_in_the_picture(drawn, tmp_path, monkeypatch):
    from nn import plots

    made = []
    real = plots.confusion_matrix
    monkeypatch.setattr(plots, "confusion_matrix", lambda *a, **k: made.append(real(*a, **k)) or made[-1])
    data = tmp_path / "d.csv"
    data.write_text("x,y\n" + "".join(f"{i % 40 + i / 200:.3f},class {i % 40}\n" for i in range(200)))
    assert run("train", data, "--epochs", 1, "--hidden", 2, "--quiet", "--out", tmp_path / "run") == 0
    labels = [label.get_text() for label in made[0].get_yticklabels()]
    assert labels == sorted(f"class {i}" for i in range(40))[::2]
    assert "not all are named" in (tmp_path / "run" / "report.html").read_text("utf-8")


@pytest.mark.parametrize(("shares", "hollow"), [([], True), (["--test", "0"], False)])
def test_the_caption_of_the_boundary_speaks_of_what_is_there(tmp_path, shares, hollow):
    assert run("train", "moons", "--epochs", 1, "--hidden", 2, "--quiet", *shares, "--out", tmp_path) == 0
    page = Page(tmp_path / "report.html")
    assert ("hollow ones were not" in page.text) == hollow
    assert "orange and dashed negative" in page.text


def test_patience_that_cannot_end_training_is_not_told(capsys, tmp_path):
    for patience, told in ((2, True), (3, False)):
        arguments = ("--epochs", 3, "--patience", patience, "--hidden", 2)
        assert run("train", "moons", *arguments, "--out", tmp_path) == 0
        assert ("stopping early" in capsys.readouterr().out) == told


# --- predict, show, datasets -----------------------------------------------------------------------------------


def test_predict_gives_classes_and_probabilities(plant_run, tmp_path, capsys):
    _, out = plant_run
    new = tmp_path / "new.csv"
    new.write_text("site,colour,height,more\na,red,3.1,x\nb,purple,,y\n,,0.9,z\n")
    assert run("predict", out, new) == 0
    header, *rows = rows_of(capsys.readouterr().out)
    assert header == ["kind", f"probability of {HOSTILE}", "probability of herb"]
    model = load(out / "model.safetensors")
    samples = [[3.1, "red", "a"], [None, "purple", "b"], [0.9, None, None]]
    assert [row[0] for row in rows] == model.predict(samples).tolist()
    assert [row[1:] for row in rows] == [[f"{p:.6g}" for p in row] for row in model.predict_proba(samples).tolist()]


def test_what_stood_for_a_missing_value_in_training_does_so_in_prediction(tmp_path, capsys):
    data, new = tmp_path / "d.csv", tmp_path / "new.csv"
    data.write_text(
        "x,z,y\n" + "".join(f"{i / 7:.3f},{-999 if i % 5 == 0 else i % 4},{'uv'[i % 2]}\n" for i in range(60))
    )
    new.write_text("x,z\n0.1,-999\n0.1,\n0.1,NA\n")
    assert run("train", data, *SMALL, "--missing=-999", "--out", tmp_path / "run") == 0
    assert load(tmp_path / "run" / "model.safetensors").preprocessing.columns[1].fill <= 3
    capsys.readouterr()
    assert run("predict", tmp_path / "run", new) == 0
    assert len({tuple(row) for row in rows_of(capsys.readouterr().out)[1:]}) == 1
    new.write_text("x,z\n0.1,unknown\n0.1,-999\n")
    assert run("predict", tmp_path / "run", new) == 2
    assert run("predict", tmp_path / "run", new, "--missing", "unknown") == 0
    assert run("show", tmp_path / "run") == 0
    assert ", -999\n" in capsys.readouterr().out


def test_missing_adds_to_the_usual_signs(tmp_path):
    data = tmp_path / "d.csv"
    gaps = ["unknown", "NA", "?"]
    data.write_text("x,y\n" + "".join(f"{gaps[i % 3] if i % 5 == 0 else i / 7},{i % 2}\n" for i in range(60)))
    assert run("train", data, *SMALL, "--missing", "unknown", "--out", tmp_path / "run") == 0
    assert load(tmp_path / "run" / "model.safetensors").preprocessing.kinds == {"x": "numeric"}


def test_marks_of_a_model_that_are_no_texts_do_not_matter(plant_run, tmp_path, capsys):
    data, out = plant_run
    model = load(out / "model.safetensors")
    for marks in (5, [5], {"a": 1}, "text"):
        model.settings["missing"] = marks
        save(model, tmp_path / "model.safetensors")
        assert run("predict", tmp_path, data) == 0
        assert run("show", tmp_path) == 0


def test_texts_that_training_did_not_have_are_told_of(plant_run, tmp_path, capsys):
    _, out = plant_run
    new = tmp_path / "new.csv"
    new.write_text("site,colour,height\nq,red,3.1\na,purple,\nb,,0.9\n" + "".join(f"z{i},red,1\n" for i in range(9)))
    assert run("predict", out, new) == 0
    assert capsys.readouterr().err == (
        "warning: not in the training part, and so taken as missing: 'purple' in the column 'colour', "
        "'q' in the column 'site', 'z0' in the column 'site', 'z1' in the column 'site', 'z2' in the column 'site' "
        "and 6 more\n"
    )


def test_columns_that_a_file_lacks_are_told_in_the_plural(plant_run, tmp_path, capsys):
    _, out = plant_run
    (tmp_path / "new.csv").write_text("site,more\na,1\n")
    assert run("predict", out, tmp_path / "new.csv") == 2
    assert "there are no columns 'height', 'colour', which" in capsys.readouterr().err


def test_predict_gives_numbers_and_writes_a_file(house_run, tmp_path, capsys):
    data, out = house_run
    assert run("predict", out / "model.safetensors", data, "--out", tmp_path / "prices.csv") == 0
    assert "48 predictions" in capsys.readouterr().out
    header, *rows = rows_of((tmp_path / "prices.csv").read_text("utf-8"))
    assert header == ["price"]
    assert len(rows) == 48
    assert abs(float(rows[0][0])) > 1000  # in the unit of the target


def test_show_tells_what_a_model_is(plant_run, house_run, tmp_path, capsys):
    assert run("show", plant_run[1]) == 0
    shown = capsys.readouterr().out
    for text in (f"one of 2 classes, {HOSTILE}, herb", "binary_logits", "height", "one-hot: ", "adam", "missing: "):
        assert text in shown
    assert run("show", house_run[1], "--network", tmp_path / "n.svg") == 0
    assert "Predicts price: a number, about " in capsys.readouterr().out
    assert ElementTree.parse(tmp_path / "n.svg").getroot().tag.endswith("svg")
    assert run("show", house_run[1], "--network", tmp_path / "n.png") == 0
    assert imread(tmp_path / "n.png").ndim == 3


def test_a_network_without_preprocessing_is_shown_and_not_used(tmp_path, capsys):
    save(MLP(2, [3, 1], seed=0), tmp_path / "bare.safetensors")
    (tmp_path / "d.csv").write_text("a,b\n1,2\n")
    assert run("show", tmp_path / "bare.safetensors") == 0
    assert "without preprocessing" in capsys.readouterr().out
    assert run("predict", tmp_path / "bare.safetensors", tmp_path / "d.csv") == 2
    assert "takes no CSV file" in capsys.readouterr().err


def test_all_data_sets_are_listed(capsys):
    from nn.data import DATASETS

    assert run("datasets") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(DATASETS)
    assert [line.split()[-2:] for line in lines if line.startswith("digits")] == [["1,797", "64"]]


@pytest.mark.parametrize("command", ["", "train", "predict", "show", "datasets"])
def test_help_has_examples(capsys, command):
    assert run(*([command] if command else []), "--help") == 0
    assert f"\n  python -m nn {command}" in capsys.readouterr().out


# --- bad input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["moon"], "there is no file 'moon', and unknown dataset 'moon', did you mean 'moons'?"),
        (["moons", "--batch-size", "0"], "--batch-size: '0' is not a whole number of at least 1"),
        (["moons", "--epochs", "9" * 5000], f"--epochs: '{'9' * 37}...' is not a whole number"),
        (["moons", "--hidden", "99999999999"], "a network of 399,999,999,997 weights and biases is too large"),
        (["moons", "--hidden", "9" * 30 + "," + "9" * 30], "--hidden: "),
        (["moons", "--hidden", ",".join(["1"] * 400)], "take fewer --hidden layers"),
        (["moons", "--epochs", "2.5"], "--epochs: '2.5' is not a whole number of at least 1"),
        (["moons", "--epochs", "²"], "--epochs: '²' is not a whole number of at least 1"),
        (["moons", "--learning-rate=-0.1"], "--learning-rate: '-0.1' is not a positive number"),
        (["moons", "--learning-rate", "nan"], "--learning-rate: 'nan' is not a positive number"),
        (["moons", "--learning-rate", "fast"], "--learning-rate: 'fast' is not a positive number"),
        (["moons", "--l2=-1"], "--l2: '-1' is not a number of at least 0"),
        (["moons", "--dropout", "1"], "--dropout: '1' is not a share from 0 to less than 1"),
        (["moons", "--test", "20"], "--test: '20' is not a share"),
        (["moons", "--test", "0.5", "--validation", "0.5"], "--validation 0.5 and --test 0.5 are shares"),
        (["moons", "--hidden", "16,x"], "--hidden: '16,x' is not a list of layer sizes of at least 1, as in 16,16"),
        (["moons", "--hidden", "16,0"], "--hidden: '16,0' is not a list"),
        (["moons", "--hidden", ""], "--hidden: '' is not a list"),
        (["moons", "--activation", "rely"], "unknown activation 'rely', did you mean 'relu'?"),
        (["moons", "--optimizer", "adma"], "unknown optimizer 'adma', did you mean 'adam'?"),
        (["moons", "--optimizer", "rmspop"], "unknown optimizer 'rmspop', did you mean 'rmsprop'?"),
        (["moons", "--seed", "-1"], "--seed"),
        (["moons", "--task", "regression"], "moons is for classes"),
        (["moons", "--target", "x"], "--target is for CSV files"),
        (["moons", "--frobnicate"], "unrecognized arguments: --frobnicate"),
        (["missing.csv"], "missing.csv: there is no such file"),
        (["."], "this is a directory"),
        (["", "--out", "x"], "this is a directory"),
        ([], "DATA"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_and_status_2(capsys, monkeypatch, tmp_path, arguments, message):
    monkeypatch.chdir(tmp_path)
    assert run("train", *arguments) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""
    assert list(tmp_path.iterdir()) == []  # nothing was made


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        ("", [], "the file is empty"),
        ("a,b\n1,2\n3\n", [], "line 3: 1 value"),
        ("a,b\n1,2\n3,4\n", ["--target", "c"], "unknown column 'c'"),
        ("a,b\n" + "1,x\n2,y\n" * 20 + "inf,x\n", [], "line 42: column 'a': 'inf' is"),
        ("a,b\n" + "1,x\n" * 20, [], "in every row"),
        ("a,b\n" + "1,2\n2,3\n" * 20 + "five,4\n", [], "name the column in --text"),
        ("a,b\n" + "1,x\n2,y\n" * 20 + "3,z\n", [], "class 'z' has 1 of the 3 samples"),
        ("a,b\n" + "1,x\n2,y\n" * 20 + "3,z\n", [], "leave the class out, or set --validation or --test to 0"),
        ("a,b\n" + "1,x\n2,?\n" * 20, [], "or give --keep '?', if it is a class"),
        ("a,b\n" + "1,x\n2,y\n" * 20, ["--task", "regression"], "holds texts"),
        ("a,b\n" + "1,x\n2,y\n" * 20, ["--ignore", "a"], "there is no column to learn from"),
        ("a,b\n" + "1,x\n2,y\n" * 20, ["--delimiter", "comma"], "cannot be the delimiter"),
        ("a,b\n" + "1,x\n2,y\n" * 20, ["--encoding", "utf-99"], "unknown encoding 'utf-99'"),
    ],
)  # fmt: skip
def test_a_file_at_fault_is_named_with_the_place(capsys, tmp_path, content, arguments, message):
    data = tmp_path / "data.csv"
    data.write_text(content)
    assert run("train", data, *arguments, "--out", tmp_path / "run") == 2
    err = capsys.readouterr().err
    assert message in err
    assert str(data) in err
    assert err.count("\n") == 1
    assert not (tmp_path / "run").exists()


def test_a_model_that_is_none_has_status_2(plant_run, tmp_path, capsys):
    data, out = plant_run
    (tmp_path / "text.safetensors").write_text("not a model")
    (tmp_path / "data.csv").write_text("height,site\n1,a\n")
    for arguments, message in [
        (("predict", tmp_path / "none", data), "there is no file"),
        (("predict", tmp_path, data), "there is no model.safetensors in the directory"),
        (("show", tmp_path / "text.safetensors"), "cannot load"),
        (("show", out, "--network", tmp_path / "n.gif"), "ends in .svg or .png"),
        (("show", out, "--network", tmp_path / "no" / "n.svg"), "there is no directory"),
        (("predict", out, tmp_path / "data.csv"), "'colour'"),
        (("predict", out, tmp_path / "none.csv"), "there is no such file"),
        (("predict", out, data, "--out", tmp_path), "it is a directory"),
    ]:
        assert run(*arguments) == 2
        shown = capsys.readouterr()
        assert message in shown.err
        assert shown.err.count("\n") == 1
        assert shown.out == ""


def test_a_directory_that_cannot_be_written_is_found_before_training(capsys, tmp_path):
    (tmp_path / "file").write_text("in the way")
    for out in (tmp_path / "file", tmp_path / "file" / "runs"):
        assert run("train", "moons", "--out", out) == 2
        shown = capsys.readouterr()
        assert shown.err.startswith(f"python -m nn: error: cannot write to {out}: ")
        assert shown.err.endswith("; name another with --out\n")
        assert shown.err.count("\n") == 1
        assert shown.out == ""


@pytest.mark.parametrize("calls_until_full", [0, 1, 3, 5])
def test_a_full_disk_leaves_what_was_there(capsys, tmp_path, plant_run, monkeypatch, calls_until_full):
    data, out = plant_run
    shutil.copytree(out, tmp_path, dirs_exist_ok=True)
    before = contents(tmp_path)
    real, calls = os.fsync, []

    def full(descriptor):
        calls.append(descriptor)
        if len(calls) > calls_until_full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    assert run("train", data, *SMALL, "--seed", 5, "--out", tmp_path) == 2
    err = capsys.readouterr().err
    assert "the disk is full" in err
    assert err.endswith("What was saved before is unchanged\n")
    assert err.count("\n") == 1
    assert contents(tmp_path) == before  # nothing half written either


def test_a_new_run_that_has_no_room_for_its_report_keeps_the_model(capsys, tmp_path, monkeypatch):
    from nn.cli import files

    real = files.replace_file

    def full(path, content):
        if "report.html" in str(path):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(path, content)

    monkeypatch.setattr(files, "replace_file", full)
    assert run("train", "moons", *SMALL, "--out", tmp_path) == 2
    err = capsys.readouterr().err
    assert err.endswith("model.safetensors and history.csv were written\n")
    assert err.count("\n") == 1
    assert sorted(contents(tmp_path)) == ["history.csv", "model.safetensors"]
    load(tmp_path / "model.safetensors")


def test_a_file_that_cannot_be_replaced_at_the_end_is_told_apart_from_those_that_were(
    capsys, tmp_path, plant_run, monkeypatch
):
    data, out = plant_run
    shutil.copytree(out, tmp_path, dirs_exist_ok=True)
    before, real = contents(tmp_path), os.replace

    def refuse(source, target):
        if os.path.basename(target) == "report.html":
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        real(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    assert run("train", data, *SMALL, "--seed", 5, "--out", tmp_path) == 2
    err = capsys.readouterr().err
    assert f"cannot replace '{tmp_path / 'report.html'}'" in err
    assert "written already: model.safetensors, history.csv; the others are unchanged" in err
    after = contents(tmp_path)
    assert {name for name in before if after[name] != before[name]} == {"model.safetensors", "history.csv"}
    assert set(after) == set(before)


@pytest.mark.parametrize("name", ["model.safetensors", "history.csv", "report.html", "confusion_matrix.png"])
def test_a_file_that_cannot_be_replaced_is_found_before_training(capsys, tmp_path, name):
    (tmp_path / name).mkdir()
    assert run("train", "moons", *SMALL, "--out", tmp_path) == 2
    assert capsys.readouterr().err == (
        f"python -m nn: error: cannot write to {tmp_path / name}: Is a directory; name another with --out\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_permissions_and_links_of_replaced_files_stay(tmp_path):
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "real.csv").chmod(0o640)
    (tmp_path / "history.csv").symlink_to("real.csv")
    assert run("train", "xor", *SMALL, "--out", tmp_path) == 0
    assert (tmp_path / "history.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text().startswith("epoch,")
    assert (tmp_path / "real.csv").stat().st_mode & 0o777 == 0o640


def test_files_of_the_run_before_do_not_stay_beside_another_model(tmp_path, plant_run, house_run):
    out = tmp_path / "run"
    assert run("train", "moons", *SMALL, "--out", out) == 0
    (out / "notes.txt").write_text("mine")
    assert run("train", house_run[0], *SMALL, "--out", out) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "history.csv", "learning_curve.png", "model.safetensors", "network.svg", "notes.txt", "report.html",
        "residuals.png",
    ]  # fmt: skip


def test_what_is_no_run_loses_nothing_but_what_is_replaced(tmp_path):
    (tmp_path / "residuals.png").write_text("mine")
    assert run("train", "xor", *SMALL, "--out", tmp_path) == 0
    assert (tmp_path / "residuals.png").read_text() == "mine"


def test_a_run_that_will_be_replaced_is_told_of(tmp_path, capsys):
    told = f"the run that is in {tmp_path} will be replaced"
    for expected in (False, True):
        assert run("train", "xor", "--epochs", 1, "--hidden", 2, "--out", tmp_path) == 0
        assert (told in capsys.readouterr().out) == expected


def test_what_is_read_is_not_overwritten(tmp_path, plant_run, capsys):
    data, out = plant_run
    shutil.copytree(out, tmp_path / "run")
    shutil.copy(data, tmp_path / "history.csv")
    os.link(tmp_path / "history.csv", tmp_path / "other.csv")
    model = tmp_path / "run" / "model.safetensors"
    before = contents(tmp_path), contents(tmp_path / "run")
    for arguments in (
        ("train", tmp_path / "history.csv", *SMALL, "--out", tmp_path),
        ("predict", out, tmp_path / "history.csv", "--out", tmp_path / "history.csv"),
        ("predict", out, tmp_path / "history.csv", "--out", tmp_path / "other.csv"),
        ("predict", tmp_path / "run", data, "--out", model),
        ("predict", model, data, "--out", tmp_path / "run" / "." / "model.safetensors"),
    ):
        assert run(*arguments) == 2
        shown = capsys.readouterr()
        assert "is read here and would be overwritten" in shown.err
        assert shown.err.count("\n") == 1
        assert shown.out == ""
        assert (contents(tmp_path), contents(tmp_path / "run")) == before


# --- training that does not end as it should ---------------------------------------------------------------------


def test_training_that_is_not_finite_has_status_3_and_keeps_what_was_learnt(capsys, tmp_path, house_run):
    data, _ = house_run
    arguments = ("--optimizer", "sgd", "--learning-rate", "3", "--l2", "0", "--hidden", "8", "--epochs", "60")
    assert run("train", data, *arguments, "--quiet", "--out", tmp_path) == 3
    err = capsys.readouterr().err
    assert "training stopped: epoch " in err
    assert f"what was learnt until then was written to {tmp_path}" in err
    assert [line for line in err.splitlines() if not line.startswith("warning: ")] == err.splitlines()[-1:]
    assert err.count("training stopped") + err.count("Training stopped") == 1
    model = load(tmp_path / "model.safetensors")
    assert all(math.isfinite(p.data) for p in model.network.parameters())
    stopped_in = int(err.split("training stopped: epoch ")[1].split(",")[0])
    assert stopped_in > 1
    assert len(history(tmp_path)) == model.settings["epochs_trained"] == stopped_in - 1
    assert "Training stopped, as something was not finite" in Page(tmp_path / "report.html").text


def test_a_training_without_one_whole_epoch_writes_nothing(capsys, tmp_path, house_run):
    _, out = house_run
    shutil.copytree(out, tmp_path / "old")
    before = contents(tmp_path / "old")
    for place in ("old", "new"):
        arguments = ("--optimizer", "sgd", "--learning-rate", "50", "--hidden", "4", "--quiet")
        assert run("train", "diabetes", *arguments, "--out", tmp_path / place) == 3
        err = capsys.readouterr().err
        assert err.startswith("python -m nn: error: training stopped: epoch 1, ")
        assert err.endswith("; nothing was written\n")
        assert err.count("\n") == 1
    assert contents(tmp_path / "old") == before
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("step", ["judge", "pictures", "page"])
@pytest.mark.parametrize(
    ("trouble", "status", "said"),
    [
        (KeyboardInterrupt, 130, "interrupted"),
        (MemoryError, 2, "there is not enough memory"),
        (ArithmeticError("of\na picture"), 2, "the report could not be made: ArithmeticError: of a picture"),
    ],
)
def test_what_ends_the_making_of_the_report_does_not_lose_the_model(
    step, trouble, status, said, capsys, tmp_path, house_run, monkeypatch
):
    data, out = house_run
    shutil.copytree(out, tmp_path, dirs_exist_ok=True)

    def end(*_):
        raise trouble

    monkeypatch.setattr(f"nn.cli.train.{step}", end)
    assert run("train", data, *SMALL, "--out", tmp_path) == status
    assert capsys.readouterr().err == (
        f"python -m nn: error: {said}; model.safetensors and history.csv were written to {tmp_path}, but no "
        "report and no pictures\n"
    )
    assert len(history(tmp_path)) == load(tmp_path / "model.safetensors").settings["epochs_trained"] == 3
    assert sorted(contents(tmp_path)) == ["history.csv", "model.safetensors"]  # what is of the model before is gone


def test_ctrl_c_while_files_are_written_is_not_heard_and_after_it_is_told(capsys, tmp_path, monkeypatch):
    from nn.cli import files, train

    real, handlers = files.replace_file, set()

    def observed(*arguments):
        handlers.add(signal.getsignal(signal.SIGINT))
        real(*arguments)

    def interrupted(text):
        if "written:" in text:
            raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(files, "replace_file", observed)
    monkeypatch.setattr(train, "say", interrupted)
    assert run("train", "xor", "--epochs", 2, "--hidden", 2, "--out", tmp_path) == 130
    assert handlers == {signal.SIG_IGN}
    assert signal.getsignal(signal.SIGINT) is before
    assert capsys.readouterr().err.endswith(f"python -m nn: error: interrupted; all files were written to {tmp_path}\n")
    assert (tmp_path / "report.html").exists()


def test_ctrl_c_before_there_is_anything_to_write_says_so(capsys, tmp_path, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    for step in ("find", "train"):
        with monkeypatch.context() as patched:
            patched.setattr(f"nn.cli.train.{step}", interrupt)
            assert run("train", "xor", *SMALL, "--out", tmp_path / "run") == 130
        assert capsys.readouterr().err == "python -m nn: error: interrupted; nothing was written\n"
    with monkeypatch.context() as patched:
        patched.setattr("nn.cli.predict.load_model", interrupt)
        assert run("predict", tmp_path, tmp_path) == 130
    assert capsys.readouterr().err == "python -m nn: error: interrupted\n"


def test_a_second_ctrl_c_leaves_the_whole_epochs_until_then(capsys, tmp_path, monkeypatch):
    from nn.training import loop

    real, calls = loop._epoch, []

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(loop, "_epoch", interrupted)
    assert run("train", "moons", "--hidden", 3, "--quiet", "--out", tmp_path) == 130
    assert "interrupted in epoch 3: writing what was learnt" in capsys.readouterr().err
    assert len(history(tmp_path)) == load(tmp_path / "model.safetensors").settings["epochs_trained"] == 3


def test_ctrl_c_in_the_first_moments_is_one_line():
    code = (
        "import builtins, runpy\nreal = builtins.__import__\n"
        "def hook(name, *rest, **more):\n"
        "    if name == 'cli': raise KeyboardInterrupt\n"
        "    return real(name, *rest, **more)\n"
        "import nn\nbuiltins.__import__ = hook\nrunpy.run_module('nn.__main__', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "python -m nn: error: interrupted\n")


def test_ctrl_c_writes_what_was_learnt_and_has_status_130(tmp_path):
    process = start("train", "moons", "--hidden", 3, "--epochs", 100_000, "--patience", 0, directory=tmp_path)
    read = ""
    while "epoch 1" not in read:  # the first epoch is done
        character = process.stderr.read(1)
        assert character, read
        read += character
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=600)
    assert process.returncode == 130, err
    assert "interrupted in epoch " in err
    assert "Traceback" not in err
    assert "\ntest " in out
    runs = tmp_path / "runs" / "moons"
    rows = history(runs)
    assert [int(row["epoch"]) for row in rows] == list(range(1, len(rows) + 1))
    assert load(runs / "model.safetensors").settings["epochs_trained"] == len(rows)
    assert "Training was interrupted in epoch" in Page(runs / "report.html").text


def test_a_reader_who_leaves_is_no_error_and_the_files_are_written(tmp_path):
    process = start("train", "xor", "--hidden", 2, "--epochs", 3, directory=tmp_path)
    process.stdout.close()
    process.stderr.close()
    assert process.wait(timeout=600) == 0
    assert (tmp_path / "runs" / "xor" / "report.html").exists()


def test_standard_output_on_a_full_disk_has_status_2(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "nn", "datasets"], stdout=full, stderr=subprocess.PIPE, text=True, env=environment,
            check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "python -m nn: error: cannot write: No space left on device\n"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_signs_that_the_terminal_lacks_are_escaped_and_files_are_written(tmp_path, monkeypatch, encoding):
    data = tmp_path / "d.csv"
    data.write_text("größe,y ☃\n" + "".join(f"{i},{i / 7}\n" for i in range(40)), "utf-8")
    screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", screen)
    assert run("train", data, "--epochs", 1, "--hidden", 2, "--out", tmp_path / "run") == 0
    assert run("show", tmp_path / "run") == 0
    shown = screen.buffer.getvalue().decode(encoding)
    assert "R\\xb2" in shown or "R²" in shown
    assert "target y \\u2603" in shown
    assert (tmp_path / "run" / "report.html").exists()


def test_a_table_is_not_written_in_escapes(tmp_path, monkeypatch, capsys):
    data = tmp_path / "d.csv"
    data.write_text("x,y\n" + "".join(f"{i},{'☃' if i % 2 else 'sun'}\n" for i in range(40)), "utf-8")
    assert run("train", data, *SMALL, "--out", tmp_path / "run") == 0
    capsys.readouterr()
    screen = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", screen)
    assert run("predict", tmp_path / "run", data) == 2
    assert "--out" in capsys.readouterr().err
    assert screen.buffer.getvalue() == b""


@pytest.mark.parametrize("closed", [("stdout",), ("stderr",), ("stdout", "stderr")])
def test_closed_streams_are_no_error(tmp_path, monkeypatch, closed):
    assert run("train", "xor", *SMALL, "--out", tmp_path) == 0
    for stream in closed:
        monkeypatch.setattr(sys, stream, None)
    assert run("show", tmp_path) == 0
    assert run("show", tmp_path / "none") == 2
    assert run("train", "xor", "--hidden", 2, "--epochs", 1, "--out", tmp_path) == 0


def test_a_full_disk_at_standard_output_does_not_lose_the_run(tmp_path, monkeypatch, capsys):
    from nn.cli import text

    class Full(io.StringIO):
        def write(self, text):
            if "written:" in text:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().write(text)

    monkeypatch.setattr(text.os, "dup2", lambda *_: None)
    monkeypatch.setattr(sys, "stdout", Full())
    assert run("train", "xor", "--hidden", 2, "--epochs", 1, "--out", tmp_path) == 2
    assert capsys.readouterr().err.endswith("python -m nn: error: cannot write: No space left on device\n")
    assert (tmp_path / "report.html").exists()


def test_importing_nn_loads_nothing_heavy():
    heavy = "{'numpy', 'sklearn', 'matplotlib', 'tqdm', 'graphviz', 'scipy', 'safetensors', 'argparse'}"
    code = f"import sys, nn; print(sorted({heavy} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
