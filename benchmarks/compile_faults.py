"""Random faults of the cache of native code: each in a process of its own, which must compute what it would without.

    python -m benchmarks.compile_faults [faults] [seed]

A process that has everything imported forks for each fault, with a cache that something has happened to.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from pathlib import Path

import numba  # noqa: F401  (before the forks, which would each import it)
import numpy as np

from autograd.compiler.group.program import SAMPLE, Map, Matrix, Product, Program, Reduce, Rows
from autograd.compiler.run_numba import cache as machine_cache
from autograd.compiler.run_numba.executor import NumbaExecutor
from autograd.functions import OPS, tanh

__all__ = ["main"]

LONGEST = 60.0  # seconds, after which a process counts as hanging
LOGSUMEXP = next(op for op in OPS if op.name == "logsumexp")
STEPS = (Product(Rows(SAMPLE, 3, 6), Matrix(0, 6, 3, 3), Rows(SAMPLE, 0, 3), 1),
         Map(tanh, Rows(SAMPLE, 9, 6), (Rows(SAMPLE, 3, 6),)),
         Reduce(LOGSUMEXP, Rows(SAMPLE, 15, 1), Rows(SAMPLE, 9, 6)))  # fmt: skip
PROGRAM = Program(16, 18, 18, 3, np.zeros(0), ((0, 0, 3),), (), STEPS, (Rows(SAMPLE, 15, 1),))


def computed() -> bytes:
    """A value and its gradients, by native code from the cache."""
    executor = NumbaExecutor(PROGRAM)
    executor.parameters[:] = np.linspace(-1, 1, 18)
    value = executor.forward(np.linspace(0, 1, 15).reshape(5, 3))
    executor.backward(0.2)
    return bytes(value.tobytes() + executor.gradients.tobytes())


def forked(prepare: Callable[[], object] = lambda: None) -> tuple[int, object]:
    """A process that computes, and where its result will come."""
    here, there = Pipe(duplex=False)
    process = os.fork()
    if process == 0:
        try:
            prepare()
            there.send_bytes(computed())
        finally:
            os._exit(0)
    there.close()
    return process, here


def result(process: int, end: object) -> bytes:
    """What a process has computed; nothing if it crashed or hangs."""
    found = b""
    try:
        if end.poll(LONGEST):  # type: ignore[attr-defined]
            found = end.recv_bytes()  # type: ignore[attr-defined]
    except (EOFError, OSError):
        pass
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    end.close()  # type: ignore[attr-defined]
    return found


def no_room() -> None:
    """The disk is full after some bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limit = random.randrange(0, 3000)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def other_machine() -> None:
    """The cache is of another processor, or of other libraries."""
    if random.random() < 0.5:
        machine_cache.version = lambda name: f"0.{random.randrange(10**6)}"
    else:
        here = machine_cache.features()
        machine_cache.features = lambda: f"{here},-avx512fp16" if "avx512" in here else here + ""


def damage(content: bytes, others: list[bytes], rng: random.Random) -> bytes:
    """What became of a file."""
    at = rng.randrange(len(content))
    return rng.choice([
        content[:at] + bytes([content[at] ^ 1 << rng.randrange(8)]) + content[at + 1 :],
        content[:at], content + rng.randbytes(rng.randrange(1, 100)), b"", rng.randbytes(len(content)),
        bytes(len(content)), rng.choice(others), content[:at] + content[at + 1 :],
        content[:32] + rng.choice(others)[32:], b"\x80\x04N.",
    ])  # fmt: skip


def fault(kind: str, folder: Path, files: dict[str, bytes], rng: random.Random) -> list[bytes]:
    """The results of processes that a fault comes upon."""
    machine = max(files, key=lambda name: len(files[name]))
    kernels = [name for name in files if name != machine]
    random.seed(rng.random())
    for name, content in files.items():
        (folder / name).write_bytes(content)
    missing = rng.sample(kernels, rng.randrange(1, len(kernels) + 1)) + [machine] * (rng.random() < 0.03)
    if kind == "damaged":
        for name in missing:
            (folder / name).write_bytes(damage(files[name], list(files.values()), rng))
        return [result(*forked())]
    for name in missing:
        (folder / name).unlink()
    if kind == "in the way":
        for name in missing:
            rng.choice([lambda p: p.mkdir(), lambda p: p.symlink_to("nowhere"), lambda p: p.symlink_to(p)])(
                folder / name
            )
        found = [result(*forked())]
        for name in missing:
            place = folder / name
            shutil.rmtree(place) if place.is_dir() and not place.is_symlink() else place.unlink()
        return found
    if kind == "full":
        return [result(*forked(no_room))]
    if kind == "read-only":
        shutil.rmtree(folder)
        folder.write_text("a file where the folder should be")
        found = [result(*forked())]
        folder.unlink()
        folder.mkdir()
        return found
    if kind == "another machine":
        return [result(*forked(other_machine))]
    if kind == "two at once":
        return [result(*pair) for pair in [forked() for _ in range(2)]]
    process, end = forked()  # killed
    time.sleep(rng.random() * 0.15)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    end.close()  # type: ignore[attr-defined]
    return [result(*forked())]


KINDS = ("damaged", "damaged", "damaged", "in the way", "full", "read-only", "another machine", "two at once", "killed",
         "killed")  # fmt: skip


def main(count: int = 1000, seed: int = 0) -> int:
    """Runs the faults and says how many results were wrong."""
    rng = random.Random(seed)
    wrong: Counter[str] = Counter()
    done: Counter[str] = Counter()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache
        folder = Path(cache, "autograd", "compiled")
        right = result(*forked())
        computed()  # what is read and imported then is there in every process; native code is not
        machine_cache._addresses.clear()
        for known in (machine_cache.kernel_address, machine_cache.machine_function, machine_cache.environment,
                      machine_cache.engine):  # fmt: skip
            known.cache_clear()
        files = {path.name: path.read_bytes() for path in folder.iterdir()}
        for _ in range(count):
            kind = rng.choice(KINDS)
            found = fault(kind, folder, files, rng)
            done[kind] += 1
            wrong[kind] += any(x != right for x in found)
            for path in folder.iterdir():
                if path.name not in files:
                    path.unlink()
    print(f"{count} faults in {time.perf_counter() - start:.0f} s, wrong: {sum(wrong.values())}")
    for kind in sorted(done):
        print(f"  {kind}: {done[kind]}, wrong {wrong[kind]}")
    return sum(wrong.values())


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
