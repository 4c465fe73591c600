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
import signal
import subprocess
import sys
import time
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


def test_a_run_says_what_it_does_and_writes_its_files(capsys, tmp_path, monkeypatch):
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


def test_two_runs_are_equal_bit_for_bit_but_for_the_seconds(plant_run, tmp_path):
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
    assert run("train", data, *SMALL, "--missing", "gone", "--out", tmp_path) == 0
    model = load(tmp_path / "model.safetensors")
    assert model.target.class_names == ("?", "b")
    assert model.preprocessing.kinds == {"x": "numeric"}


def test_a_truth_table_is_learnt_whole(tmp_path, capsys):
    assert run("train", "xor", "--quiet", "--epochs", 300, "--hidden", 6, "--out", tmp_path) == 0
    assert "There is no test part" in capsys.readouterr().err
    model = load(tmp_path / "model.safetensors")
    assert model.predict([[0, 0], [0, 1], [1, 0], [1, 1]]).tolist() == ["false", "true", "true", "false"]


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
    assert [[float(p) for p in row[1:]] for row in rows] == model.predict_proba(samples).tolist()


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
        (["moons", "--epochs", "2.5"], "--epochs: '2.5' is not a whole number of at least 1"),
        (["moons", "--epochs", "²"], "--epochs: '²' is not a whole number of at least 1"),
        (["moons", "--learning-rate=-0.1"], "--learning-rate: '-0.1' is not a positive number"),
        (["moons", "--learning-rate", "nan"], "--learning-rate: 'nan' is not a positive number"),
        (["moons", "--learning-rate", "fast"], "--learning-rate: 'fast' is not a positive number"),
        (["moons", "--l2=-1"], "--l2: '-1' is not a number of at least 0"),
        (["moons", "--dropout", "1"], "--dropout: '1' is not a share from 0 to less than 1"),
        (["moons", "--test", "20"], "--test: '20' is not a share"),
        (["moons", "--test", "0.5", "--validation", "0.5"], "less than 1 together"),
        (["moons", "--hidden", "16,x"], "--hidden: '16,x' is not a list of layer sizes of at least 1, as in 16,16"),
        (["moons", "--hidden", "16,0"], "--hidden: '16,0' is not a list"),
        (["moons", "--hidden", ""], "--hidden: '' is not a list"),
        (["moons", "--activation", "rely"], "unknown activation 'rely', did you mean 'relu'?"),
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


def test_a_full_disk_leaves_what_was_there(capsys, tmp_path, plant_run, monkeypatch):
    data, _ = plant_run
    assert run("train", data, *SMALL, "--out", tmp_path) == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    capsys.readouterr()
    real, calls = os.fsync, []

    def full(descriptor):
        calls.append(descriptor)
        if len(calls) > 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    assert run("train", data, *SMALL, "--seed", 5, "--out", tmp_path) == 2
    err = capsys.readouterr().err.splitlines()
    assert "the disk is full" in err[-1]
    assert [line for line in err if not line.startswith("warning: ")] == err[-1:]
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(after) == set(before)  # nothing half written either
    load(tmp_path / "model.safetensors")


# --- training that does not end as it should ---------------------------------------------------------------------


def test_training_that_is_not_finite_has_status_3_and_keeps_what_was_learnt(capsys, tmp_path, house_run):
    data, _ = house_run
    arguments = ("--optimizer", "sgd", "--learning-rate", "3", "--l2", "0", "--hidden", "8", "--epochs", "60")
    assert run("train", data, *arguments, "--quiet", "--out", tmp_path) == 3
    err = capsys.readouterr().err
    assert "training stopped: epoch " in err
    assert f"what was learnt until then was written to {tmp_path}" in err
    assert "Traceback" not in err
    model = load(tmp_path / "model.safetensors")
    assert all(math.isfinite(p.data) for p in model.network.parameters())
    stopped_in = int(err.split("training stopped: epoch ")[1].split(",")[0])
    assert stopped_in > 1
    assert len(history(tmp_path)) == model.settings["epochs_trained"] == stopped_in - 1
    assert "Training stopped, as something was not finite" in Page(tmp_path / "report.html").text


def test_ctrl_c_writes_what_was_learnt_and_has_status_130(tmp_path):
    process = start("train", "moons", "--hidden", 3, "--epochs", 100_000, "--patience", 0, directory=tmp_path)
    read = ""
    while "epoch 1" not in read:  # the first epoch is done
        character = process.stderr.read(1)
        assert character, read
        read += character
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
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
    assert process.wait(timeout=120) == 0
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


def test_importing_nn_loads_nothing_heavy():
    heavy = "{'numpy', 'sklearn', 'matplotlib', 'tqdm', 'graphviz', 'scipy', 'safetensors', 'argparse'}"
    code = f"import sys, nn; print(sorted({heavy} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
