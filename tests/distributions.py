"""Wheels and fresh environments for the tests that install packages. Each wheel is made once per test session."""

import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
HIPS_WHEELS = Path(sys.prefix, "wheels")  # `make` puts the wheel of HIPS autograd there

_scratch = tempfile.TemporaryDirectory(prefix="scalar-autograd-")


def run(*command: object, cwd: Path | str = _scratch.name) -> subprocess.CompletedProcess[str]:
    """Run a command outside the checkout, so that what is imported is what is installed."""
    return subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)


def must(*command: object, cwd: Path | str = _scratch.name) -> str:
    """Run a command that has to succeed, and return what it printed."""
    result = run(*command, cwd=cwd)
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


@cache
def built() -> tuple[Path, Path]:
    """Build the sdist, and the wheel from that sdist; return (wheel, sdist)."""
    out = Path(_scratch.name, "dist")
    must(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT)
    (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
    return wheel, sdist


@cache
def hips_wheel() -> Path:
    """The wheel of HIPS autograd, fetched the first time."""
    if not list(HIPS_WHEELS.glob("autograd-*.whl")):
        fetch = ["download", "--no-deps", "--only-binary", ":all:", "--dest", str(HIPS_WHEELS), "autograd"]
        result = run(*PIP, *fetch)
        assert result.returncode == 0, (
            "The clash with HIPS autograd is tested by installing it, and its wheel could not be fetched. With a "
            f"network, run: {sys.executable} -m pip {' '.join(fetch)}\n{result.stderr}"
        )
    return max(HIPS_WHEELS.glob("autograd-*.whl"))


class Environment:
    """A fresh virtual environment.

    Args:
        folder: Where it is made.
        dependencies: Whether it sees, after its own packages, those of the environment that runs the tests. This
            is much quicker than installing them; an editable install is not seen through it.
    """

    def __init__(self, folder: Path, *, dependencies: bool) -> None:
        must(sys.executable, "-m", "venv", "--without-pip", folder)
        self.bin = folder / ("Scripts" if sys.platform == "win32" else "bin")
        self.python = self.bin / "python"
        self.packages = Path(must(self.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
        if dependencies:
            visible = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
            self.packages.joinpath("dependencies.pth").write_text("\n".join(visible), encoding="utf-8")

    def pip(self, command: str, *arguments: object) -> None:
        """Run pip on this environment, without a network."""
        offline = ["--no-index", "--no-deps"] if command == "install" else ["--yes"]
        must(*PIP, "--python", self.python, command, *offline, *arguments)

    def run(self, code: str) -> subprocess.CompletedProcess[str]:
        """Run Python code in this environment alone."""
        return run(self.python, "-I", "-c", code)
