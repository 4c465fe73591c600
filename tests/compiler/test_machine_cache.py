"""Native code in the cache: whatever happens to the files, the result is right."""

import os
import random
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from autograd.compiler.group.program import SAMPLE, SHARED, Map, Matrix, Product, Program, Reduce, Rows
from autograd.functions import OPS, tanh

if find_spec("numba") is None:
    pytest.skip("numba is not installed", allow_module_level=True)

from autograd.compiler.run_numba import cache as machine_cache, executor as run_numba, llvm
from autograd.compiler.run_numba.executor import NumbaExecutor

LOGSUMEXP = next(op for op in OPS if op.name == "logsumexp")
STEPS = (Product(Rows(SAMPLE, 3, 6), Matrix(0, 6, 3, 3), Rows(SAMPLE, 0, 3), 1),
         Map(tanh, Rows(SAMPLE, 9, 6), (Rows(SAMPLE, 3, 6),)),
         Reduce(LOGSUMEXP, Rows(SAMPLE, 15, 1), Rows(SAMPLE, 9, 6)))  # fmt: skip
PROGRAM = Program(16, 18, 18, 3, np.zeros(0), ((0, 0, 3),), (), STEPS, (Rows(SAMPLE, 15, 1),))
CHILD = "from tests.compiler.test_machine_cache import computed; print(computed())"
ROOT = Path(__file__).parents[2]


def computed():
    """A result of native code, value and gradients, to the bit."""
    executor = NumbaExecutor(PROGRAM)
    executor.parameters[:] = np.linspace(-1, 1, 18)
    value = executor.forward(np.linspace(0, 1, 15).reshape(5, 3))
    executor.backward(0.2)
    return (value.tobytes() + executor.gradients.tobytes()).hex()


def expected():
    w, xs = np.linspace(-1, 1, 18).reshape(6, 3), np.linspace(0, 1, 15).reshape(5, 3)
    h = np.tanh(xs @ w.T)
    e = np.exp(h)
    gradient = (0.2 * e / e.sum(1, keepdims=True) * (1 - h * h)).T @ xs
    return np.log(e.sum(1)), gradient


def as_in_a_new_process():
    """Forgets the native code of this process."""
    machine_cache._addresses.clear()
    for known in (machine_cache.kernel_address, machine_cache.machine_function, machine_cache.environment):
        known.cache_clear()


@pytest.fixture
def cache(tmp_path, monkeypatch, right):
    """A cache of its own, filled by copying that of the session's first run."""
    folder = tmp_path / "autograd" / "compiled"
    folder.mkdir(parents=True)
    for name, content in right[1].items():
        (folder / name).write_bytes(content)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    as_in_a_new_process()
    yield folder
    as_in_a_new_process()


@pytest.fixture(scope="session")
def right(tmp_path_factory):
    """The result of a new cache, and the files of that."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        as_in_a_new_process()
        found = computed()
    as_in_a_new_process()
    files = {path.name: path.read_bytes() for path in sorted((folder / "autograd" / "compiled").iterdir())}
    numbers = np.frombuffer(bytes.fromhex(found))
    value, gradient = expected()
    assert numbers[:5] == pytest.approx(value, rel=1e-14)
    assert numbers[5:] == pytest.approx(gradient.reshape(-1), rel=1e-12)
    return found, files


def machine_file(files):
    """The largest file: that of the machine, which takes seconds to compile."""
    return max(files, key=lambda name: len(files[name]))


def test_from_the_cache_nothing_is_compiled_and_numba_is_not_imported(cache, right):
    code = "import sys; " + CHILD + "; print('numba' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.split() == [right[0], "False"]
    assert {path.name: path.read_bytes() for path in cache.iterdir()} == right[1]


def with_a_wrong_bit(content, rng):
    at = rng.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << rng.randrange(8)]) + content[at + 1 :]


FAULTS = {
    "a bit is wrong": with_a_wrong_bit,
    "cut off": lambda x, rng: x[: rng.randrange(len(x))],
    "longer": lambda x, rng: x + rng.randbytes(8),
    "empty": lambda x, rng: b"",
    "other bytes": lambda x, rng: rng.randbytes(len(x)),
    "zeros": lambda x, rng: bytes(len(x)),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_is_not_as_it_was_written_is_made_again(cache, right, monkeypatch, fault):
    rng = random.Random(fault)
    names = [name for name in right[1] if name != machine_file(right[1]) or fault == "a bit is wrong"]
    for name in names:
        (cache / name).write_bytes(FAULTS[fault](right[1][name], rng))
    assert computed() == right[0]
    assert sorted(path.name for path in cache.iterdir()) == list(right[1])
    as_in_a_new_process()
    monkeypatch.setattr(machine_cache, "compiled", None)
    assert computed() == right[0]


def test_the_file_of_another_function_is_not_taken(cache, right):
    names = list(right[1])
    for name, other in zip(names, names[1:] + names[:1], strict=True):
        if name != machine_file(right[1]):
            (cache / name).write_bytes(right[1][other])
    assert computed() == right[0]


@pytest.mark.parametrize("what", ["features", "version"])
def test_another_processor_and_other_libraries_have_files_of_their_own(cache, right, monkeypatch, what):
    before = machine_cache.environment()
    if what == "features":
        monkeypatch.setattr(machine_cache, "features", lambda: "-avx512f")
    else:
        monkeypatch.setattr(machine_cache, "version", lambda name: "0.1")
    machine_cache.environment.cache_clear()
    assert machine_cache.environment() != before
    kernel = llvm.Kernel(tanh, 1)
    assert machine_cache.kernel_address(kernel)
    assert len(list(cache.iterdir())) == len(right[1]) + 1


@pytest.mark.parametrize("where", ["a file", "nowhere"])
def test_without_a_place_for_the_cache_it_works_too(cache, right, monkeypatch, tmp_path, where):
    known = dict(right[1])
    if where == "a file":
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    else:
        monkeypatch.setattr(machine_cache, "cache_folder", lambda: None)
    text = llvm.assembly(llvm.Kernel(tanh, 1))
    assert machine_cache.address_of(text, lambda: text)
    assert {path.name: path.read_bytes() for path in cache.iterdir()} == known


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_that_cannot_be_written_to(cache, right):
    for path in cache.iterdir():
        if path.name != machine_file(right[1]):
            path.unlink()
    cache.chmod(0o500)
    try:
        assert computed() == right[0]
    finally:
        cache.chmod(0o700)


def child(code=CHILD, **options):
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True, **options)


@pytest.mark.skipif(os.name == "nt", reason="needs limits of POSIX")
def test_a_full_disk(cache, right):
    for path in cache.iterdir():
        if path.name != machine_file(right[1]):
            path.unlink()
    code = (f"import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
            f"resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)); {CHILD}")  # fmt: skip
    assert child(code).communicate()[0].strip() == right[0]
    assert [path.name for path in cache.iterdir()] == [machine_file(right[1])]


@pytest.mark.skipif(os.name == "nt", reason="needs signals of POSIX")
def test_two_processes_at_once_and_one_that_is_killed(cache, right):
    for path in cache.iterdir():
        if path.name != machine_file(right[1]):
            path.unlink()
    processes = [child() for _ in range(3)]
    while len(list(cache.iterdir())) < 2 and processes[0].poll() is None:
        time.sleep(0.001)
    processes[0].send_signal(signal.SIGKILL)
    processes[0].communicate()
    assert [process.communicate()[0].strip() for process in processes[1:]] == [right[0]] * 2
    assert {path.name: path.read_bytes() for path in cache.iterdir() if path.suffix == ".code"} == right[1]


def test_without_numba_the_executor_says_so(monkeypatch):
    from autograd.expressions import Untraceable

    monkeypatch.setattr(run_numba, "find_spec", lambda name: None)
    with pytest.raises(Untraceable, match=r"numba is not installed: pip install .scalar-autograd\[fast\]"):
        NumbaExecutor(PROGRAM)


def test_shared_rows_alone_make_a_program():
    steps = (Map(tanh, Rows(SHARED, 1, 1), (Rows(SHARED, 0, 1),)),)
    executor = NumbaExecutor(Program(0, 2, 1, 0, np.zeros(0), (), (), steps, (Rows(SHARED, 1, 1),)))
    executor.parameters[:] = 0.5
    assert executor.forward(np.zeros((3, 0))).tolist() == [[pytest.approx(np.tanh(0.5))] * 3]
    executor.backward(1.0)
    assert executor.gradients.tolist() == [pytest.approx(3 / np.cosh(0.5) ** 2)]
