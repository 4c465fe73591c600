"""Rendering: the cache of machine code in every state, in processes of their own, and what is kept from Graphviz."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
import wasmtime

from autograd import Value
from autograd.view import draw, render
from autograd.view.machine_code import cache_folder, load_module

ROOT = Path(__file__).parents[2]
PROGRAM = "from autograd.view.render import render_dot; print(len(render_dot('digraph{a->b}', 'svg')))"


def start(**environment):
    """A process that renders something; of the variables that name the cache it gets these alone."""
    env = {name: value for name, value in os.environ.items() if name not in ("HOME", "XDG_CACHE_HOME")}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**env, "PYTHONPATH": str(ROOT), "PATH": "", **environment},
    )  # fmt: skip


def rendered(process):
    """Whether a process rendered, without a word on the error channel."""
    output, errors = process.communicate(timeout=600)
    assert (process.returncode, errors) == (0, "")
    return int(output) > 500


def flipped(content, position):
    changed = bytearray(content)
    changed[position] ^= 4
    return bytes(changed)


def test_processes_that_race_and_then_find_a_bit_wrong(tmp_path):
    """wasmtime's own cache reads one wrong bit, and the process dies of a segmentation fault."""
    racing = [start(XDG_CACHE_HOME=str(tmp_path)) for _ in range(3)]
    assert [rendered(process) for process in racing] == [True] * 3
    (file,) = [found for found in tmp_path.rglob("*") if found.is_file()]  # and nothing half-written beside it
    right = file.read_bytes()
    file.write_bytes(flipped(right, len(right) // 2))
    assert rendered(start(XDG_CACHE_HOME=str(tmp_path)))
    assert file.read_bytes() == right
    written = file.stat().st_mtime_ns
    assert rendered(start(XDG_CACHE_HOME=str(tmp_path)))
    assert file.stat().st_mtime_ns == written  # used as it was


def test_caches_that_cannot_be_written(tmp_path):
    """/proc takes no files, not even from the superuser, who may write into a folder without the permission."""
    processes = [start(XDG_CACHE_HOME="/proc/self"), start(HOME=str(tmp_path / "missing" / "home"))]
    assert [rendered(process) for process in processes] == [True] * 2


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A small module, and where it is cached once it has been loaded."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "small.wasm"
    path.write_bytes(wasmtime.wat2wasm('(module (func (export "f") (result i32) i32.const 41))'))
    return path, tmp_path / "cache" / "autograd"


def result(path):
    engine = wasmtime.Engine()
    loaded = load_module(engine, path)
    store = wasmtime.Store(engine)
    return wasmtime.Instance(store, loaded, []).exports(store)["f"](store)


FOREIGN = b"\x7fELF of another wasmtime"


@pytest.mark.parametrize("content", [
    lambda right: b"", lambda right: right[:1000], lambda right: flipped(right, len(right) // 2),
    lambda right: flipped(right, 7), lambda right: sha256(FOREIGN).digest() + FOREIGN,
], ids=["empty", "truncated", "a bit in the code", "a bit in the digest", "of another version"])  # fmt: skip
def test_a_file_in_the_cache_that_is_not_right_is_made_anew(module, content):
    path, folder = module
    assert result(path) == 41
    (file,) = folder.iterdir()
    right = file.read_bytes()
    file.write_bytes(content(right))
    assert result(path) == 41
    assert file.read_bytes() == right


def test_a_file_that_is_right_is_used(module, monkeypatch):
    path, _ = module
    assert result(path) == 41
    monkeypatch.setattr(wasmtime, "Module", type("Module", (), {"deserialize": wasmtime.Module.deserialize}))
    assert result(path) == 41  # though nothing could be compiled


@pytest.mark.parametrize("state", ["read-only", "not a folder", "no home"])
def test_without_a_cache(module, monkeypatch, state):
    path, folder = module
    if state == "read-only":
        folder.parent.mkdir()
        folder.parent.chmod(0o500)
    elif state == "not a folder":
        folder.parent.write_text("")
    else:
        monkeypatch.setattr("autograd.view.machine_code.cache_folder", lambda: None)
    assert result(path) == result(path) == 41


def test_where_the_cache_is(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", os.path.abspath("/caches"))
    assert cache_folder() == Path(os.path.abspath("/caches"), "autograd")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setattr(Path, "home", lambda: Path("/home/ada"))
    assert cache_folder() == Path("/home/ada/.cache/autograd")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path("/home/ada/.cache/autograd")

    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    assert cache_folder() is None
    monkeypatch.setattr(Path, "home", lambda: Path())
    assert cache_folder() is None


def test_graphviz_gets_no_picture_that_would_take_it_long(monkeypatch):
    """Arrows over many layers are what it is slow with: one over 1000 layers is 1000 points to place."""

    def refuse(*_):
        raise AssertionError("Graphviz was asked")

    monkeypatch.setattr("autograd.view.render.render_dot", refuse)
    x = Value(1.0)
    y = x
    for _ in range(100):
        y = y.tanh() + x
    assert draw(y).svg.startswith("<svg")
    with pytest.raises(AssertionError, match="was asked"):
        draw(x.tanh()).svg  # noqa: B018


def test_a_right_engine_is_used():
    circle = render.render_dot("digraph { a -> b -> c -> d -> a }", "svg", "circo")
    assert circle != render.render_dot("digraph { a -> b -> c -> d -> a }", "svg")
