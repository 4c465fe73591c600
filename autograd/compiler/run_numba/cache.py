"""Native code: compiled when it is first needed on a machine, and kept in the user's cache.

This file owns when a file of the cache is trusted, and how code comes into this process; it must not know what the
code does. A file is used only if its digest is right, which binds the code to what it was made from, to the versions of
the libraries and to the processor; anything else is compiled anew. Numba's own cache is not used: it unpickles files
that it does not check. Read next: `../calls/batches.py`.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from functools import cache, lru_cache
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...files import cache_folder, keep, kept
from . import build, machine
from .llvm import Kernel, assembly
from .threaded import Link, link_assembly

__all__ = ["address_of", "arguments", "kernel_address", "machine_function", "product_address"]

_lock = threading.RLock()
_addresses: dict[str, int] = {}


def address_of(what: str, assembly: Callable[[], str]) -> int:
    """The address of a native function.

    Args:
        what: What it is made from: two functions made from the same are the same.
        assembly: Gives a module of LLVM with one function.

    Cost: a millisecond from the cache; otherwise 10 milliseconds for a kernel, seconds for the machine.
    """
    with _lock:
        found = _addresses.get(what)
        if found is None:
            name = "autograd_" + sha256(f"{environment()}\n{what}".encode()).hexdigest()
            folder = cache_folder()
            place = None if folder is None else folder / "compiled" / f"{name[9:41]}.code"
            code = None if place is None else kept(place, name)
            if code is None:
                code = compiled(assembly(), name)
                if place is not None:
                    keep(place, code, name)
            found = _addresses[what] = loaded(code, name)
        return found


@lru_cache(4096)
def kernel_address(kernel: Kernel | Link) -> int:
    """The address of a kernel, or of a link."""
    text = assembly(kernel) if isinstance(kernel, Kernel) else link_assembly(kernel)
    return address_of(text, lambda: text)


@cache
def machine_function() -> Any:
    """The machine: of two places for what it might return, the first address and the last, as numbers of ctypes.

    These are passed on as they are: half of the time of a short call would go to making them of Python's.
    """
    sources = [Path(str(module.__file__)).read_bytes() for module in (machine, build)]
    address = address_of(sha256(b"".join(sources)).hexdigest(), build.machine_assembly)
    return ctypes.CFUNCTYPE(ctypes.c_int)(address)


def arguments(words: NDArray[np.int64]) -> tuple[Any, ...]:
    """What the machine is called with to run the instructions."""
    places, start = (ctypes.c_int64 * 2)(), words.ctypes.data
    return places, ctypes.byref(places, 8), ctypes.c_int64(start), ctypes.c_int64(start + words.nbytes)


@cache
def product_address() -> int:
    """The address of `cblas_dgemm` in the library that numpy uses; 0 if it cannot be found."""
    library = ctypes.CDLL(import_module("numpy._core._multiarray_umath").__file__)
    for name in ("scipy_cblas_dgemm64_", "cblas_dgemm64_", "scipy_cblas_dgemm", "cblas_dgemm"):
        try:
            return ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0
        except AttributeError:
            pass
    return 0


@cache
def environment() -> str:
    """What native code depends on, beyond what it is made from."""
    import llvmlite.binding as llvm

    versions = [llvm.llvm_version_info, version("llvmlite"), version("numba"), np.__version__]
    return f"{versions} {llvm.get_process_triple()} {llvm.get_host_cpu_name()} {features()}"


def features() -> str:
    """What the processor can do."""
    import llvmlite.binding as llvm

    return str(llvm.get_host_cpu_features().flatten())


@cache
def engine() -> tuple[Any, Any]:
    """LLVM for this processor, and what holds the native code of this process."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features(), opt=3, reloc="default", codemodel="jitdefault", jit=True
    )
    return target, llvm.create_mcjit_compiler(llvm.parse_assembly(""), target)


def compiled(assembly: str, name: str) -> bytes:
    """The object code of a module with one function, which gets the name."""
    import llvmlite.binding as llvm

    target, _ = engine()
    module = llvm.parse_assembly(assembly)
    (function,) = [f for f in module.functions if not f.is_declaration]
    function.name = name
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = True
    builder = llvm.create_pass_builder(target, options)
    builder.getModulePassManager().run(module, builder)
    return bytes(target.emit_object(module))


def loaded(code: bytes, name: str) -> int:
    """The address of the function, in this process."""
    import llvmlite.binding as llvm

    _, holder = engine()
    holder.add_object_file(llvm.ObjectFileRef.from_data(code))
    holder.finalize_object()
    return int(holder.get_function_address(name))
