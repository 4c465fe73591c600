"""A JupyterLab server of the test's own: random port, own folders, no `dot` on its path, ended with the tests."""

import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from typing import Any

import nbformat
from nbformat.sign import NotebookNotary
from nbformat.v4 import new_code_cell, new_notebook

from ..distributions import ROOT

PATIENCE = 300.0  # seconds until a server answers; on a quiet machine it takes three
OPTIONS = (
    "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", "--ServerApp.port_retries=0",
    "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)  # fmt: skip


class Server:
    """Where a server is, and how notebooks get there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "notebooks"
        self.data = folder / "data"
        self.folder.mkdir()
        self.token = secrets.token_hex(16)
        with socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.socket = f"ws://127.0.0.1:{self.port}/"

    def put(self, name: str, cells: Sequence[tuple[str, Sequence[dict[str, Any]]]], *, trusted: bool) -> str:
        """Store a notebook of cells (source, outputs as bundles), and return its address."""
        notebook = new_notebook(cells=[
            new_code_cell(source, execution_count=None, outputs=[
                nbformat.v4.new_output("display_data", data=bundle) for bundle in bundles
            ])
            for source, bundles in cells
        ], metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})  # fmt: skip
        nbformat.write(notebook, self.folder / f"{name}.ipynb")
        if trusted:
            notary = NotebookNotary(data_dir=str(self.data))
            notary.sign(nbformat.read(self.folder / f"{name}.ipynb", as_version=4))
            notary.store.close()
        return f"{self.url}doc/tree/{name}.ipynb?token={self.token}"

    def command(self) -> list[str]:
        return [
            sys.executable, "-m", "jupyterlab", *OPTIONS, f"--ServerApp.port={self.port}",
            f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={self.folder}",
        ]  # fmt: skip

    def environment(self, folder: Path) -> dict[str, str]:
        programs = folder / "programs"  # of those on the path: no `dot`
        programs.mkdir()
        assert shutil.which("dot", path=str(programs)) is None
        places = {
            "HOME": "home", "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "run",
            "IPYTHONDIR": "ipython", "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        }  # fmt: skip
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "PYTEST"))},
            **{name: str(folder / place) for name, place in places.items()},
            "PATH": str(programs), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore",
        }  # fmt: skip


@contextmanager
def jupyterlab(folder: Path) -> Iterator[Server]:
    """A running server, whose processes and kernels end with the block."""
    server = Server(folder)
    log = folder / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            server.command(), cwd=folder, env=server.environment(folder), stdout=file, stderr=file,
            start_new_session=True,
        )  # fmt: skip
    try:
        _wait(server, process, log)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}api/status?token={server.token}", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"JupyterLab did not start: {log.read_text(errors='replace')[-2000:]}")
