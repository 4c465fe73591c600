"""The machine is compiled: from the function of `machine.py` to native code, by numba.

This file owns what numba needs to know of memory addresses, and must not know what the machine does.
It imports numba, and is imported only where the cache has no machine yet. Read next: `cache.py`.
"""

from __future__ import annotations

import warnings
from typing import Any

from .machine import machine

__all__ = ["machine_assembly"]


def machine_assembly() -> str:
    """The machine in LLVM's language: a function of two places for what it might return, and of two addresses.

    Cost: 1 to 3 seconds, once for each machine that numba runs on.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of numba, about itself
        import numba
        from llvmlite import ir
        from numba import types
        from numba.extending import intrinsic

    double, word, half = ir.DoubleType(), ir.IntType(64), ir.IntType(32)

    def number(kind: Any, numba_type: Any) -> Any:
        """What reads a number of this kind at an address."""

        def load(typing_context: Any, address: Any) -> Any:
            def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
                return builder.load(builder.inttoptr(arguments[0], kind.as_pointer()))

            return numba_type(types.int64), generate

        return intrinsic(load)

    def put(typing_context: Any, address: Any, value: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            builder.store(arguments[1], builder.inttoptr(arguments[0], double.as_pointer()))
            return context.get_dummy_value()

        return types.void(types.int64, types.float64), generate

    def call(typing_context: Any, f: Any, n: Any, out: Any, g: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            function = ir.FunctionType(ir.VoidType(), [word] * 7)
            builder.call(builder.inttoptr(arguments[0], function.as_pointer()), arguments[1:])
            return context.get_dummy_value()

        return types.void(*[types.int64] * 8), generate

    def multiply(typing_context: Any, f: Any, ta: Any, tb: Any, m: Any, n: Any, k: Any, a: Any, lda: Any, b: Any,
                 ldb: Any, beta: Any, c: Any, ldc: Any) -> Any:  # fmt: skip
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            kinds = [half, half, half, word, word, word, double, word, word, word, word, double, word, word]
            address, first, second, *sizes = arguments
            given = [half(101), builder.trunc(first, half), builder.trunc(second, half), *sizes[:3], double(1.0),
                     *sizes[3:]]  # fmt: skip
            function = ir.FunctionType(ir.VoidType(), kinds)
            builder.call(builder.inttoptr(address, function.as_pointer()), given)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 10, types.float64, types.int64, types.int64), generate

    load, get = number(word, types.int64), number(double, types.float64)
    run = machine(load, get, intrinsic(put), intrinsic(call), intrinsic(multiply))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        options: Any = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "error_model": "numpy"}
        compiled: Any = numba.njit(types.void(types.int64, types.int64), **options)(run)
        assembly = compiled.inspect_llvm(compiled.signatures[0])
    return str(assembly)
