"""`python -m nn`: the command line.

It only starts `cli.main`, and must hold nothing else.
Read next: `cli/__init__.py`.
"""

import sys

try:
    from .cli import main

    status = main()
except KeyboardInterrupt:  # outside of `main`, in the first moments
    print("python -m nn: error: interrupted", file=sys.stderr)
    status = 130
sys.exit(status)
