"""`python -m benchmarks.safety`: saved models under kill -9, a full disk, and 10,000 damaged and hostile files.

The counts are those that the tests have not the time for; the work is theirs. Read `tests/nn/killing.py` and
`tests/nn/mutations.py` first. It takes some minutes and needs Linux, and for the full disk root (a file system of one
megabyte is mounted).
"""

from __future__ import annotations

import contextlib
import io
import subprocess
import tempfile
from pathlib import Path

from nn.modules import MLP
from nn.serialization import load, save
from tests.nn import killing, mutations

from .__main__ import conditions_of

RESULTS = Path(__file__).with_name("SAFETY.md")
KILLS, FILES = 200, 10_000


def full_disk() -> str:
    """Save a small model and then ones that do not fit to a disk of one megabyte."""
    with tempfile.TemporaryDirectory() as directory:
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            return "full disk: not measured, as this user may not mount a file system"
        try:
            path = Path(directory, "model.safetensors")
            small, large = MLP(2, [3, 1], seed=0), MLP(300, [300, 300, 1], seed=0)
            save(small, path)
            try:
                save(large, path)
            except OSError as error:
                message = f"{error}; cause: {error.__cause__!r}".replace(f"{directory}/", "")
            else:
                message = "no error"
            intact = load(path).state_dict() == small.state_dict()
            left = len(list(Path(directory).iterdir())) - 1
            return f"full disk: {message}\n  the old model is intact: {intact}; temporary files left: {left}"
        finally:
            subprocess.run(["umount", directory], check=True)


def main() -> None:
    """Do everything, print what was found, and write it to SAFETY.md."""
    found = [full_disk()]
    print(found[0], flush=True)
    for name, count in killing.run(KILLS).items():
        found.append(f"kill -9, {name}: {count}")
        print(found[-1], flush=True)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        mutations.main(FILES)
    print(printed.getvalue(), end="")
    text = "\n".join([*found, printed.getvalue().rstrip()])
    RESULTS.write_text(
        f"# Saved models under attack\n\n{conditions_of('numpy', 'safetensors')}\n\nWritten by `python -m "
        f"benchmarks.safety`: a save onto a full disk, {KILLS} saves killed with `kill -9` at random moments, and "
        f"{FILES:,} damaged and hostile files, each of which must be refused or load rightly.\n\n```text\n{text}\n```\n"
    )


if __name__ == "__main__":
    main()
