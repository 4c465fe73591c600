"""The command `python -m autograd.check`: what it prints and writes, and its exit status."""

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from autograd.check import __main__ as command
from autograd.check.conformance import CaseResult, Report

from .engines import file, small

HELD = CaseResult("sharing/a + a", "sharing", "lesson", "a + a has the gradient 2.", "holds")
WRONG = CaseResult("sharing/a * a", "sharing", "lesson", "a * a has the gradient 2·a.", "wrong", "a.grad is 3", "6",
                   "a = Value(3.0)")  # fmt: skip
ROBUST = CaseResult("depth/1000", "depth", "robust", "Deep.", "wrong", "RecursionError", "no error")


@pytest.fixture
def reports(monkeypatch):
    """What `examine` is asked for; it gives the report that is put here."""
    asked = []

    class Asked(list):
        report = Report("engine.py", "Value", results=(HELD,))

    asked = Asked()

    def examine(target, **settings):
        asked.append((target, settings))
        values = {name: getattr(asked.report, name) for name in Report.__dataclass_fields__}
        return Report(**{**values, "level": settings["level"]})

    monkeypatch.setattr(command, "examine", examine)
    return asked


@pytest.mark.parametrize(("results", "problem", "level", "status"), [
    ((HELD,), "", "lesson", 0),
    ((HELD, WRONG), "", "lesson", 1),
    ((HELD, ROBUST), "", "lesson", 0),
    ((HELD, ROBUST), "", "complete", 0),
    ((HELD, ROBUST), "", "robust", 1),
    ((), "there is no file", "lesson", 2),
])  # fmt: skip
def test_the_exit_status(reports, results, problem, level, status, capsys):
    reports.report = Report("engine.py", "Value", results=results, problem=problem)
    assert command.main(["engine.py", "--level", level]) == status
    shown = capsys.readouterr()
    if problem:
        assert (shown.out, shown.err) == ("", "autograd.check: there is no file\n")
    else:
        assert "sharing" in shown.out


def test_options_reach_the_examination(reports):
    command.main(["engine.py:Scalar", "--level", "robust", "--time-limit", "2.5", "--memory-limit", "300", "--quiet"])
    assert reports == [("engine.py:Scalar", {"level": "robust", "time_limit": 2.5, "memory_limit": 300})]


@pytest.mark.parametrize("arguments", [
    [], ["a.py", "b.py"], ["a.py", "--level", "easy"], ["a.py", "--hints", "4"], ["a.py", "--time-limit", "0"],
    ["a.py", "--time-limit", "soon"], ["a.py", "--time-limit", "nan"], ["a.py", "--memory-limit", "-1"],
    ["a.py", "--memory-limit", "1.5"],
])  # fmt: skip
def test_bad_arguments_have_the_status_2(reports, arguments, capsys):
    with pytest.raises(SystemExit) as end:
        command.main(arguments)
    assert end.value.code == 2
    assert "usage:" in capsys.readouterr().err
    assert reports == []


def test_ctrl_c_ends_it_quietly(monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "examine", interrupted)
    assert command.main(["engine.py"]) == 130
    assert capsys.readouterr().out == ""


def test_the_help_has_examples(capsys):
    with pytest.raises(SystemExit) as end:
        command.main(["--help"])
    assert end.value.code == 0
    shown = capsys.readouterr().out
    assert "python -m autograd.check engine.py:Value" in shown
    assert "exit status:" in shown


def test_files_are_written(reports, tmp_path, capsys):
    reports.report = Report("engine.py", "Value", results=(HELD, WRONG))
    places = [tmp_path / name for name in ("report.json", "report.xml", "report.html")]
    arguments = ["engine.py", "--json", str(places[0]), "--junit", str(places[1]), "--html", str(places[2])]
    assert command.main([*arguments, "--quiet"]) == 1
    assert capsys.readouterr().out == ""
    assert json.loads(places[0].read_text("utf-8"))["results"][1]["seen"] == "a.grad is 3"
    assert ET.parse(places[1]).getroot().tag in ("testsuites", "testsuite")
    assert "a.grad is 3" in places[2].read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in places)


def test_a_class_that_cannot_be_examined_gets_its_files_too(reports, tmp_path):
    reports.report = Report("engine.py", problem="there is no file")
    place = tmp_path / "report.json"
    assert command.main(["engine.py", "--json", str(place)]) == 2
    assert json.loads(place.read_text("utf-8"))["problem"] == "there is no file"


def test_a_hyphen_is_standard_output(reports, capsys):
    assert command.main(["engine.py", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["class_name"] == "Value"


def test_a_file_that_cannot_be_written_leaves_the_old_one(reports, tmp_path, capsys, monkeypatch):
    assert command.main(["engine.py", "--json", str(tmp_path / "nowhere" / "report.json")]) == 2
    assert "report.json cannot be written: No such file" in capsys.readouterr().err
    old = tmp_path / "report.json"
    old.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert command.main(["engine.py", "--json", str(old)]) == 2
    assert "No space left" in capsys.readouterr().err
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


@pytest.mark.skipif(os.name != "posix", reason="links and devices of POSIX") if os.name != "posix" else lambda f: f
def test_links_and_devices_stay_what_they_are(reports, tmp_path):
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    link.symlink_to(real)
    assert command.main(["engine.py", "--json", str(link), "--quiet"]) == 0
    assert link.is_symlink()
    assert json.loads(real.read_text("utf-8"))
    assert real.stat().st_mode & 0o777 == 0o666 & ~command.umask()
    assert command.main(["engine.py", "--json", os.devnull, "--quiet"]) == 0
    assert not Path(os.devnull).is_file()


def test_the_command_as_a_user_runs_it(tmp_path):
    file(tmp_path, small("(other.data, self.data)", "(self.data, other.data)"))
    run = subprocess.run(
        [sys.executable, "-m", "autograd.check", "engine.py", "--json", "out.json"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONPATH": str(Path(command.__file__).parents[2]), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert run.stderr == ""
    assert run.returncode == 1
    assert "operators/a * b" in run.stdout
    report = Report.from_json((tmp_path / "out.json").read_text("utf-8"))
    assert report.target == "engine.py"
    assert "operators/a * b" in {result.name for result in report.failures("lesson")}


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path):
    file(tmp_path, "x = 1")
    line = f'"{sys.executable}" -m autograd.check engine.py --json - | head -c 1 > {os.devnull}'
    run = subprocess.run(
        line, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(command.__file__).parents[2])},
    )  # fmt: skip
    assert "Traceback" not in run.stderr
