"""Draw the pictures that README.md shows: `python docs/pictures.py`, from any folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from autograd import draw

HERE = Path(__file__).resolve().parent


def first_program() -> dict[str, Any]:
    """The names that README's first program leaves behind."""
    readme = (HERE.parent / "README.md").read_text(encoding="utf-8")
    program = re.search(r"```python\n(.*?)```", readme, re.DOTALL)
    assert program is not None, "README.md has no program"
    names: dict[str, Any] = {}
    exec(program[1], names)
    return names


def main() -> None:
    draw(first_program()["loss"]).save(HERE / "neuron.svg")
    print("docs/neuron.svg")


if __name__ == "__main__":
    main()
