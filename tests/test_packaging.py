"""What is built, installed and declared."""

import ast
import builtins
import re
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.metadata import Metadata
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import autograd

from .distributions import ROOT, Environment, built, must

PROJECT = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))
PLUGIN = ROOT / "pytest_autograd.py"
SOURCES = [PLUGIN, *(path for package in ("autograd", "nn") for path in ROOT.joinpath(package).rglob("*.py"))]
DETECTED = {"IPython", "torch", "pytest"}  # used when the user has them, needed by nothing


def metadata() -> Metadata:
    with zipfile.ZipFile(built()[0]) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        return Metadata.from_email(wheel.read(name))


def test_the_wheel_holds_the_two_packages_and_the_plugin_and_nothing_else() -> None:
    with zipfile.ZipFile(built()[0]) as wheel:
        names = wheel.namelist()
    info = f"scalar_autograd-{autograd.__version__}.dist-info"
    assert {name.split("/")[0] for name in names} == {"autograd", "nn", "pytest_autograd.py", info}
    assert {"autograd/py.typed", "nn/py.typed", f"{info}/licenses/LICENSE"} <= set(names)
    assert {str(path.relative_to(ROOT).as_posix()) for path in SOURCES} <= set(names)


def test_the_sdist_holds_what_building_and_testing_need() -> None:
    with tarfile.open(built()[1]) as sdist:
        names = {name.split("/", 1)[1] for name in sdist.getnames() if "/" in name}
    assert {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "tests/test_packaging.py"} <= names
    assert {"pytest_autograd.py", "docs/examples/gradcheck-with-pytest/test_losses.py"} <= names
    assert not [name for name in names if name.startswith((".venv", "runs", "dist"))]


def test_the_metadata() -> None:
    data = metadata()
    assert (data.name, str(data.version)) == ("scalar-autograd", autograd.__version__)
    assert (data.license_expression, str(data.requires_python)) == ("MIT", ">=3.11")
    assert set(data.provides_extra or ()) == {"fast", "notebook", "export", "bench", "check"}


@pytest.mark.parametrize("document", ["CITATION.cff", "CHANGELOG.md"])
def test_documents_name_the_version(document: str) -> None:
    text = ROOT.joinpath(document).read_text(encoding="utf-8")
    assert re.search(rf'^version: "{autograd.__version__}"|^## \[{autograd.__version__}\]', text, re.MULTILINE)


def test_the_declared_dependencies_are_satisfied_here() -> None:
    """What the tests run with is what a user gets: with the wheel installed alone below, this replaces fetching all."""
    for text in PROJECT["project"]["dependencies"]:
        requirement = Requirement(text)
        assert requirement.specifier.contains(version(requirement.name)), f"run: pip install '{requirement}'"


def test_every_import_of_the_packages_is_declared() -> None:
    project = PROJECT["project"]
    declared = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    known = {canonicalize_name(Requirement(line).name) for line in declared}
    providers = packages_distributions()
    known_modules = {
        module for module, names in providers.items() if {canonicalize_name(name) for name in names} & known
    }
    extras = {canonicalize_name(Requirement(line).name) for line in declared} - {
        canonicalize_name(name) for names in providers.values() for name in names
    }  # an extra that is not installed here: its import name is taken to be its name
    allowed = {*sys.stdlib_module_names, "autograd", "nn", *DETECTED, *known_modules, *extras}
    found = {(module, path.relative_to(ROOT).as_posix()) for path in SOURCES for module in imports(path)}
    assert not {(module, path) for module, path in found if module not in allowed}


def imports(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    origin = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return {name.split(".")[0] for name in plain | origin}


def first_program() -> tuple[str, list[str]]:
    """The first Python block of the README, and what it prints according to its comments `print(...)  # ...`."""
    readme = ROOT.joinpath("README.md").read_text(encoding="utf-8")
    block = re.search(r"^```python\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    assert block, "README.md has no block of Python"
    code = block[1]
    prints = [line for line in code.splitlines() if line.startswith("print(")]
    return code, [line.rsplit("  # ", 1)[1].strip() for line in prints if "  # " in line]


def test_the_first_program_of_the_readme_runs_from_the_wheel_in_an_empty_environment(tmp_path: Path) -> None:
    """Nothing else is installed there: the engine needs the standard library alone."""
    environment = Environment(tmp_path / "env", dependencies=False)
    environment.pip("install", built()[0])
    code, printed = first_program()
    result = environment.run(code)
    assert result.returncode == 0, result.stderr
    assert printed
    assert result.stdout.splitlines() == printed
    where = environment.run("import autograd; print(autograd.__file__)").stdout.strip()
    assert Path(where) == environment.packages / "autograd" / "__init__.py"


PLUGIN_USED = """
import pytest
@pytest.mark.gradcheck
def test_square(x): return x * x
def test_installed(request):
    import pytest_autograd
    assert request.config.pluginmanager.get_plugin("pytest_autograd") is pytest_autograd
    print(pytest_autograd.__file__)
"""


def test_the_pytest_plugin_is_installed_by_the_wheel(tmp_path: Path) -> None:
    """Also into an environment inside of the project, whose conformance suite pytest has to find by its name."""
    environment = Environment(tmp_path / ".venv", dependencies=True)
    environment.pip("install", built()[0])
    tmp_path.joinpath("test_it.py").write_text(PLUGIN_USED, encoding="utf-8")
    pytest_there = (environment.python, "-I", "-m", "pytest", "-s", "-p", "no:cacheprovider")
    text = must(*pytest_there, "test_it.py", cwd=tmp_path)
    assert "2 passed" in text
    assert str(environment.packages / "pytest_autograd.py") in text
    text = must(*pytest_there, "--collect-only", "-q", "--pyargs", "autograd.check.suite", cwd=tmp_path)
    assert "test_case[sharing/a * a]" in text


def test_the_command_runs_from_the_wheel(tmp_path: Path) -> None:
    environment = Environment(tmp_path / "env", dependencies=True)
    environment.pip("install", built()[0])
    helps = [must(environment.bin / "scalar-autograd", "--help"), must(environment.python, "-I", "-m", "nn", "--help")]
    assert all("train" in text for text in helps)


LIGHT = """
import sys
before = set(sys.modules)
import autograd
print(*sorted({name.split(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)))
"""


def test_import_autograd_imports_nothing_but_itself_and_the_standard_library() -> None:
    assert must(sys.executable, "-c", LIGHT, cwd=ROOT).split() == ["autograd"]


def test_every_public_name_is_there_and_lazy_names_are_listed() -> None:
    for name in autograd.__all__:
        assert getattr(autograd, name) is not None
    assert set(autograd.__all__) <= set(dir(autograd))
    builtin = {name for name in autograd._LAZY if hasattr(builtins, name)}  # `compile`, which no star import may hide
    assert set(autograd._LAZY) - builtin <= set(autograd.__all__)
    assert all(getattr(autograd, name) is not getattr(builtins, name) for name in builtin)
    with pytest.raises(AttributeError, match="module 'autograd' has no attribute 'nothing'"):
        _ = autograd.nothing
