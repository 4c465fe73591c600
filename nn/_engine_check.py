"""The look whether the `autograd` that is imported is ours.

HIPS autograd has the same import name and, installed last, overwrites `autograd/__init__.py`. This module knows only
how to tell; `nn/__init__.py` imports it before anything that needs the engine. Read next: `autograd/__init__.py`.
"""

import autograd

if getattr(getattr(autograd, "Value", None), "__module__", None) != "autograd.engine":
    raise ImportError(
        "nn needs the `autograd` of scalar-autograd, but `import autograd` finds another one at "
        f"{getattr(autograd, '__file__', None) or list(autograd.__path__)}, probably HIPS autograd (the distribution "
        "`autograd`), which has the same import name. To repair it: `pip uninstall autograd`, then "
        "`pip install --force-reinstall scalar-autograd`.",
        name="autograd",
    )
