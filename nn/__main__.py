"""`python -m nn`: the command line.

It only starts `cli.main`, and must hold nothing else.
Read next: `cli/__init__.py`.
"""

import sys

from .cli import main

sys.exit(main())
