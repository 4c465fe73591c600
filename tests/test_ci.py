"""The continuous integration runs what the README tells and nothing else; `make` says what it needs."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from .distributions import ROOT


def commands() -> list[str]:
    lines = ROOT.joinpath(".ci/run").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "set -", "cd "))]


def make(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    assert shutil.which("make"), "the Makefile is tested too: install GNU make"
    command = ["make", "--file", str(ROOT / "Makefile"), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_ci_calls_lint_and_test_alone() -> None:
    assert commands() == ["make lint", "make test"]
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_the_readme_names_every_command_of_ci() -> None:
    readme = ROOT.joinpath("README.md").read_text(encoding="utf-8")
    assert [command for command in commands() if command not in readme] == []


def test_make_help_lists_every_target() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", ROOT.joinpath("Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony is not None
    listed = make(cwd=ROOT).stdout
    assert [target for target in phony[1].split() if not re.search(rf"^  make {target} ", listed, re.MULTILINE)] == []


def test_make_refuses_an_old_python_and_one_without_venv(tmp_path: Path) -> None:
    tmp_path.joinpath("pyproject.toml").touch()
    for refused, remedy in [
        ("version_info", "name another, as in 'make PYTHON="),
        ("ensurepip", "install it (on Debian"),
    ]:
        python = tmp_path / refused  # fails where its arguments name this
        python.write_text(f'#!/bin/sh\ncase "$*" in *{refused}*) exit 1 ;; esac\n', encoding="utf-8")
        python.chmod(0o755)
        result = make(f"PYTHON={python}", "VENV=env", "env/.core", cwd=tmp_path)
        assert result.returncode != 0
        assert remedy in result.stderr
        assert not tmp_path.joinpath("env").exists()
