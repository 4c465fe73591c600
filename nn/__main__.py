"""`python -m nn`: the command line.

It only starts `cli.main`, and must hold nothing else.
Read next: `cli/__init__.py`.
"""

import signal
import sys

try:
    from .cli import main

    status = main()
except KeyboardInterrupt:  # outside of `main`, in the first moments
    print("python -m nn: error: interrupted", file=sys.stderr)
    status = 130
signal.signal(signal.SIGINT, signal.SIG_IGN)  # the work is done: Ctrl-C while Python ends would look like a fault
sys.exit(status)
