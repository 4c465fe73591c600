"""`python -m benchmarks.safety`: saved models under kill -9, a full disk, and 10,000 damaged and hostile files.

The counts are those that the tests have not the time for; the work is theirs. Read `tests/nn/killing.py` and
`tests/nn/mutations.py` first. It takes some minutes and needs Linux, and for the full disk root (a file system of one
megabyte is mounted).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from nn.modules import MLP
from nn.serialization import load, save
from tests.nn import killing, mutations

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
                message = f"{error}; cause: {error.__cause__!r}"
            else:
                message = "no error"
            intact = load(path).state_dict() == small.state_dict()
            left = len(list(Path(directory).iterdir())) - 1
            return f"full disk: {message}\n  the old model is intact: {intact}; temporary files left: {left}"
        finally:
            subprocess.run(["umount", directory], check=True)


def main() -> None:
    print(full_disk(), flush=True)
    for name, found in killing.run(KILLS).items():
        print(f"kill -9, {name}: {found}", flush=True)
    mutations.main(int(sys.argv[1]) if len(sys.argv) > 1 else FILES)


if __name__ == "__main__":
    main()
