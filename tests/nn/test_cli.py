"""The command line from end to end, in processes of its own, as a user runs it."""

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from matplotlib.image import imread

from nn import cli

ROOT = Path(__file__).parents[2]
SMALL = ("--hidden", "4", "--epochs", "2", "--batch-size", "32")


def start(*arguments, directory):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "", "PYTHONIOENCODING": "utf-8"}
    environment.pop("DISPLAY", None)
    return subprocess.Popen(
        [sys.executable, "-m", "nn", *map(str, arguments)], cwd=directory, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip


def run(*arguments, directory):
    process = start(*arguments, directory=directory)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def history(directory):
    with (directory / "history.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_moons_from_end_to_end(tmp_path):
    status, out, err = run("train", "moons", *SMALL, directory=tmp_path)
    assert status == 0, err
    runs = tmp_path / "runs" / "moons"
    names = ["decision_boundary.png", "history.csv", "learning_curve.png", "network.svg"]
    assert sorted(path.name for path in runs.iterdir()) == names
    for name in names:
        assert str(Path("runs", "moons", name)) in out
    assert "moons: 300 samples of 2 features, standardised; 240 to train on, 60 to test" in out
    assert "MLP(2 -> 4 relu -> 1 linear; 5 neurons, 12 weights, 17 parameters)" in out
    table = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line.startswith(("train", "test"))}
    rows = history(runs)
    assert [row["epoch"] for row in rows] == ["1", "2"]
    assert table["test"] == ["60", f"{float(rows[-1]['test_loss']):.4f}", f"{float(rows[-1]['test_accuracy']):.4f}"]
    assert table["train"][0] == "240"
    assert "17 parameters, trained in " in out
    for word in ("epoch 2", "loss=", "accuracy=", "epoch 2 |████████|"):
        assert word in err
    for name in ("decision_boundary.png", "learning_curve.png"):
        assert imread(runs / name).shape[1] > 800
    svg = (runs / "network.svg").read_text("utf-8")
    assert svg.count("<circle") == 2 + 4 + 1
    assert "lower moon" in svg


def test_breast_cancer_reaches_its_accuracy_and_repeats_bit_for_bit(tmp_path):
    results = [
        run("train", "breast_cancer", "--epochs", 6, "--out", tmp_path / name, directory=tmp_path) for name in "ab"
    ]
    assert [status for status, _, _ in results] == [0, 0], results[0][2]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [
        "history.csv",
        "learning_curve.png",
        "network.svg",
    ]
    assert float(history(tmp_path / "a")[-1]["test_accuracy"]) >= 0.94
    for name in ("history.csv", "network.svg", "learning_curve.png"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_another_seed_gives_another_run(tmp_path):
    for seed in (1, 2):
        assert cli.main(["train", "moons", *SMALL, "--seed", str(seed), "--out", str(tmp_path / str(seed))]) == 0
    assert history(tmp_path / "1") != history(tmp_path / "2")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["moon"], "unknown dataset 'moon', did you mean 'moons'?"),
        (["moons", "--batch-size", "0"], "--batch-size: '0' is not a whole number of at least 1"),
        (["moons", "--epochs", "2.5"], "--epochs: '2.5' is not a whole number of at least 1"),
        (["moons", "--learning-rate=-0.1"], "--learning-rate: '-0.1' is not a positive number"),
        (["moons", "--learning-rate", "nan"], "--learning-rate: 'nan' is not a positive number"),
        (["moons", "--learning-rate", "fast"], "--learning-rate: 'fast' is not a positive number"),
        (["moons", "--hidden", "16,x"], "--hidden: '16,x' is not a list of layer sizes of at least 1, as in 16,16"),
        (["moons", "--hidden", "16,0"], "--hidden: '16,0' is not a list"),
        (["moons", "--hidden", ""], "--hidden: '' is not a list"),
        (["moons", "--seed", "-1"], "--seed"),
        (["moons", "--frobnicate"], "unrecognized arguments: --frobnicate"),
        ([], "DATASET"),
    ],
)
def test_bad_input_is_one_line_and_status_2(capsys, monkeypatch, tmp_path, arguments, message):
    monkeypatch.chdir(tmp_path)
    try:
        status = cli.main(["train", *arguments])
    except SystemExit as exit_:
        status = exit_.code
    shown = capsys.readouterr()
    assert status == 2
    assert message in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""
    assert list(tmp_path.iterdir()) == []  # nothing was made


def test_bad_input_as_a_user_sees_it(tmp_path):
    status, out, err = run("train", "breast_cancr", directory=tmp_path)
    assert (status, out) == (2, "")
    assert err == (
        "python -m nn: error: unknown dataset 'breast_cancr', did you mean 'breast_cancer'? "
        "There are: moons, breast_cancer\n"
    )


def test_a_directory_that_cannot_be_written_is_found_before_training(capsys, tmp_path):
    (tmp_path / "file").write_text("in the way")
    for out in (tmp_path / "file", tmp_path / "file" / "runs"):
        assert cli.main(["train", "moons", "--out", str(out)]) == 2
        shown = capsys.readouterr()
        assert shown.err.startswith(f"python -m nn: error: cannot write to {out}: ")
        assert shown.err.endswith("; name another with --out\n")
        assert shown.err.count("\n") == 1
        assert shown.out == ""


def test_a_run_that_diverges_has_status_3(capsys, tmp_path):
    status = cli.main(["train", "moons", *SMALL, "--learning-rate", "1e300", "--out", str(tmp_path)])
    shown = capsys.readouterr()
    assert status == 3
    assert "training stopped, nothing was written: epoch 1, sample" in shown.err.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_writes_what_was_learnt_and_has_status_130(tmp_path):
    process = start("train", "moons", "--epochs", 100_000, directory=tmp_path)
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
    assert "test " in out
    rows = history(tmp_path / "runs" / "moons")
    assert [int(row["epoch"]) for row in rows] == list(range(1, len(rows) + 1))
    assert (tmp_path / "runs" / "moons" / "decision_boundary.png").exists()


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"]])
def test_help_has_examples(capsys, arguments):
    with pytest.raises(SystemExit) as exit_:
        cli.main(arguments)
    assert exit_.value.code == 0
    out = capsys.readouterr().out
    assert "python -m nn train moons --hidden 8,8 --epochs 100 --learning-rate 0.3" in out


def test_importing_nn_loads_nothing_heavy():
    heavy = "{'numpy', 'sklearn', 'matplotlib', 'tqdm', 'graphviz', 'scipy'}"
    code = f"import sys, nn; print(sorted({heavy} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
