"""Prints what the diagnosis says of every broken engine: python -m tests.check.engines."""

import sys

from .measuring import main

if __name__ == "__main__":  # and not in the processes that it starts
    sys.exit(main())
