"""The command `python -m autograd.check`: what it prints and writes, and its exit status."""

import io
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from autograd.check.conformance import CaseResult, Report, command
from autograd.files import umask

from ...distributions import ROOT
from .engines import file, small
from .example_reports import PLACE, SECRET, STUDENT

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
        settings.pop("progress")("sharing/a + a")
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


def test_a_mistake_of_the_package_is_no_verdict_on_the_class(monkeypatch, capsys):
    monkeypatch.setattr(command, "examine", lambda *_, **__: 1 / 0)
    assert command.main(["engine.py"]) == 2
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_ctrl_c_ends_it_quietly(monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "examine", interrupted)
    assert command.main(["engine.py"]) == 130
    assert capsys.readouterr().out == ""


class Screen(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_shows_what_goes_on_and_then_nothing_of_it(reports, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys, "stderr", Screen())
    assert command.main(["engine.py", "--quiet"]) == 0
    shown = sys.stderr.getvalue()
    assert "examining: sharing a + a ..." in shown
    assert shown.endswith("\r" + " " * 39 + "\r")
    assert all(len(part) <= 39 for part in shown.split("\r"))
    assert capsys.readouterr().out == ""


def test_elsewhere_progress_is_not_written(reports, capsys):
    command.main(["engine.py", "--quiet"])
    assert capsys.readouterr() == ("", "")


def test_what_a_class_says_reaches_no_terminal_as_it_is(reports, capsys):
    reports.report = Report("engine.py", problem="\x1b[2J\ud800 is no class")
    assert command.main(["engine.py"]) == 2
    assert capsys.readouterr().err == "autograd.check: \\x1b[2J\\ud800 is no class\n"


@pytest.mark.parametrize("hints", [1, 2, 3])
@pytest.mark.parametrize("form", ["json", "junit", "html"])
def test_no_file_tells_more_than_was_asked_for(reports, form, hints, tmp_path, capsys):
    reports.report = STUDENT
    place = tmp_path / "report"
    assert command.main(["engine.py", f"--{form}", str(place), "--hints", str(hints), "--quiet"]) == 1
    found = place.read_text("utf-8")
    assert (PLACE in found, SECRET in found) == (hints >= 2, hints >= 3)


def test_the_limits_of_the_help_are_those_of_the_examination(capsys):
    with pytest.raises(SystemExit):
        command.main(["--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert "a case 5 s; 100,000 operations 10 s, a million 20 s; importing the class 20 s all of it 60 s," in shown
    assert "the deeper ones have 0.3 s each" in shown
    assert "1: what is seen, the smallest program, the idea and a question;" in shown


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
    assert real.stat().st_mode & 0o777 == 0o666 & ~umask()
    assert command.main(["engine.py", "--json", os.devnull, "--quiet"]) == 0
    assert not Path(os.devnull).is_file()


def test_the_command_as_a_user_runs_it(tmp_path):
    file(tmp_path, small("(other.data, self.data)", "(self.data, other.data)"))
    run = subprocess.run(
        [sys.executable, "-m", "autograd.check", "engine.py", "--json", "out.json"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert run.stderr == ""
    assert run.returncode == 1
    assert "operators/a * b" in run.stdout
    report = Report.from_json((tmp_path / "out.json").read_text("utf-8"))
    assert report.target == "engine.py"
    assert "operators/a * b" in {result.name for result in report.failures("lesson")}


SHADOWS = (
    "json", "argparse", "subprocess", "tempfile", "threading", "queue", "resource", "xml", "textwrap", "string",
    "random", "statistics", "dataclasses", "copy",
)  # fmt: skip


def test_modules_of_a_student_do_not_take_the_place_of_the_librarys(tmp_path):
    for name in SHADOWS:
        file(tmp_path, f"raise RuntimeError('the {name} of somebody')", f"{name}.py")
    file(tmp_path, "from helper import Value", "engine.py")
    file(tmp_path, "class Value: pass", "helper.py")
    run = subprocess.run(
        [sys.executable, "-m", "autograd.check", "engine.py", "--junit", "out.xml"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert "Value(2.8125) cannot be made" in run.stderr  # it came as far as the class
    assert run.returncode == 2
    assert "Traceback" not in run.stderr


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path):
    file(tmp_path, "x = 1")
    line = f'"{sys.executable}" -m autograd.check engine.py --json - | head -c 1 > {os.devnull}'
    run = subprocess.run(
        line, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert "Traceback" not in run.stderr
