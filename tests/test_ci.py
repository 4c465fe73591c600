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


def make(*arguments: str, cwd: Path, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """What make does; with the programs of one folder alone on the path, if `path` is given."""
    program = shutil.which("make")
    assert program, "the Makefile is tested too: install GNU make"
    command = [program, "--file", str(ROOT / "Makefile"), *arguments]
    environment = os.environ if path is None else {"PATH": str(path)}
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env=environment)


def program(folder: Path, name: str, *lines: str) -> None:
    """A program of this name, which does what these lines of the shell say."""
    path = folder / name
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]), encoding="utf-8")
    path.chmod(0o755)


def test_ci_calls_browser_lint_and_test_alone() -> None:
    assert commands() == ["make browser", "make lint", "make test"]
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


def test_make_browser_does_nothing_where_chromium_is(tmp_path: Path) -> None:
    program(tmp_path, "chromium")
    program(tmp_path, "apt-get", "exit 1")
    result = make("browser", cwd=tmp_path, path=tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_make_browser_installs_chromium_with_a_font_as_root(tmp_path: Path) -> None:
    chromium = tmp_path / "chromium"
    notes = tmp_path / "notes"
    install = f'case "$1" in install) echo > {chromium}; /bin/chmod 755 {chromium} ;; esac'
    program(tmp_path, "apt-get", f'echo "$USER_IS apt-get $*" >> {notes}', install)
    program(tmp_path, "env", "export $1", "shift", '"$@"')
    program(tmp_path, "sudo", "USER_IS=root", "export USER_IS", '"$@"')
    for user, was in [(0, ""), (1000, "root")]:
        program(tmp_path, "id", f"echo {user}")
        result = make("browser", cwd=tmp_path, path=tmp_path)
        assert result.returncode == 0, result.stderr
        assert notes.read_text(encoding="utf-8").splitlines() == [
            f"{was} apt-get update",
            f"{was} apt-get install --yes --no-install-recommends chromium fonts-dejavu-core",
        ]
        chromium.unlink()
        notes.unlink()


def test_make_browser_says_what_to_do_elsewhere(tmp_path: Path) -> None:
    program(tmp_path, "id", "echo 0")
    program(tmp_path, "env")
    result = make("browser", cwd=tmp_path, path=tmp_path)
    assert result.returncode != 0
    assert "no apt-get here: install Chromium by other means, so that 'chromium' is on the path" in result.stderr
    program(tmp_path, "apt-get")  # succeeds, and nothing is there
    result = make("browser", cwd=tmp_path, path=tmp_path)
    assert result.returncode != 0
    assert "has no 'chromium' for the path here" in result.stderr
