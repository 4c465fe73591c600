"""The programs of the README print what their comments say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROGRAMS = re.findall(r"^```python\n(.*?)^```", ROOT.joinpath("README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("program", PROGRAMS, ids=range(len(PROGRAMS)))
def test_a_program_prints_what_its_comments_say(program, tmp_path):
    promised = [line.rsplit("  # ", 1)[1] for line in program.splitlines() if line.startswith("print(")]
    assert promised
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout.splitlines(), done.stderr) == (promised, "")


def test_the_files_that_the_readme_links_to_are_there():
    links = re.findall(r"\]\(((?!http)[^)#]+)\)", ROOT.joinpath("README.md").read_text("utf-8"))
    assert len(links) > 10
    assert [link for link in links if not ROOT.joinpath(link).exists()] == []
