"""The command `python -m autograd.check MODULE:CLASS`: examine a `Value` class, show what was found, write reports.

This file owns where this process imports from; it must not know what the command does.
Read next: `conformance/command.py`, which does.
"""

from __future__ import annotations

import os
import sys

__all__ = ["run"]


def run() -> int:
    """Run the command with modules of the current folder out of the way; returns the exit status.

    `python -m` lets the folder come first where modules are looked for: somebody's `json.py` there would be taken for
    the library's. The examined class runs in another process, which imports from that folder.
    """
    here = os.getcwd()
    sys.path[:] = [place for place in sys.path if place and os.path.realpath(place) != os.path.realpath(here)]
    from .conformance.command import main

    return main()


if __name__ == "__main__":
    sys.exit(run())
