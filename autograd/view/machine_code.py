"""The machine code of a WebAssembly module, compiled once per machine and kept in the user's cache.

This module owns the cache file and when it is trusted, and must not know what the module computes.
wasmtime has a cache of its own, which does not look at the code that it reads: with one bit wrong in the file, the
process crashes. Here a file is used only if its digest is right; anything else is compiled anew.
Read next: `render.py`, which runs the module.
"""

from __future__ import annotations

import platform
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ..files import cache_folder, keep, kept

if TYPE_CHECKING:
    import wasmtime

__all__ = ["cache_folder", "load_module"]


def load_module(engine: wasmtime.Engine, path: Path) -> wasmtime.Module:
    """The module of a WebAssembly file, from the cache if it can be.

    Two processes that compile it at the same time write the same; each file appears whole or not at all.

    Args:
        engine: What will run it.
        path: The file.

    Cost: 20 ms from the cache, a second otherwise.
    """
    import wasmtime

    source = path.read_bytes()
    name = sha256(source + f"{platform.machine()} {platform.system()}".encode()).hexdigest()[:32]
    folder = cache_folder()
    place = None if folder is None else folder / f"{path.stem}-{name}.code"
    if place is not None and (code := kept(place)) is not None:
        try:
            return wasmtime.Module.deserialize(engine, code)
        except wasmtime.WasmtimeError:  # of another wasmtime, or a processor with other abilities
            pass
    module = wasmtime.Module(engine, source)
    if place is not None:
        keep(place, bytes(module.serialize()))
    return module
