"""Damaged and hostile model files: each is a saved model with one thing changed.

    python -m tests.nn.mutations 10000

Half of the mutations change bytes, as a bad disk or a bad copy does; a file that still loads must give the very model
that was saved. The others are made by somebody who knows the format and signs the file anew with the right digest, so
that the checks behind the digest are reached; a file that loads must give a model that says of itself what the file
says. Everything else must be a FormatError.
"""

import json
import random
import re
import sys
import tempfile
import time
import tracemalloc
from contextlib import suppress
from pathlib import Path

import numpy as np
from safetensors.numpy import load as tensors_in, save as to_bytes

from nn.layers import Dropout, GaussianNoise, Maxout, Sequential
from nn.modules import MLP, Layer, Neuron
from nn.pipeline import Pipeline
from nn.preprocessing import Preprocessing, Target
from nn.serialization import FormatError, _parts, load, save
from nn.serialization.archive import ENTRY, NO_DIGEST, _digest, _dumps

FREE = 2**20  # what loading may take beside twice the file


def models():
    """One of each sort, small, so that most bits of the files mean something."""
    rows = [[1.0, "red", None], [3.0, "blue", 2.0], [2.0, "red", 5.0], [0.5, "green", 7.0]]
    preprocessing = Preprocessing.fit(rows, names=["size", "colour", "age"])
    classes, quantity = Target.fit(["no", "yes", "möglich", "no"]), Target.fit([1.5, 2.5, 7.0, 3.0])
    return [
        MLP(2, [3, 1], activation="prelu", dropout=0.25, seed=0),
        Sequential(
            GaussianNoise(0.1), Layer(2, 4, activation="tanh", seed=1).freeze(), Dropout(0.5), Maxout(4, 3, seed=2),
            Sequential(MLP(3, [2, 2], output_activation="softmax", seed=3)),
        ),
        Neuron(3, activation="sigmoid", weights=[1.0, -2.0, 0.5], bias=0.25),
        Pipeline(MLP(5, [4, 3], seed=4), preprocessing, classes, "classes_logits", {"epochs": 20, "loss": "x"}),
        Pipeline(Layer(5, 1, activation="linear", seed=5), preprocessing, quantity, "regression", {"r": [0.1, None]}),
    ]  # fmt: skip


def said(model):
    """All that a file says about a model, but for the version."""
    contents, arrays = _parts(model)
    rest = {name: part for name, part in contents.items() if name != "version"}
    without_hidden_activation(rest["architecture"])
    return rest, {name: (array.shape, array.tobytes()) for name, array in arrays.items()}


def said_in(content):
    """The same, from the bytes of a file."""
    contents, arrays = opened(content)
    rest = {name: part for name, part in contents.items() if name not in ("version", "sha256", "format")}
    without_hidden_activation(rest["architecture"])
    return rest, {name: (array.shape, array.tobytes()) for name, array in arrays.items()}


def without_hidden_activation(description):
    """A network without hidden layers is the same whatever theirs would be."""
    if description["class"] == "MLP" and len(description["n_outputs"]) == 1:
        del description["activation"]
    for part in description.get("modules", []):
        without_hidden_activation(part)


def opened(content):
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    return json.loads(header["__metadata__"][ENTRY]), tensors_in(content)


def signed(contents, arrays, edit=lambda text: text):
    """A file that says this, with the digest that belongs to it."""
    text = edit(_dumps({**contents, "sha256": NO_DIGEST}))
    digest = _digest(text, arrays)
    return to_bytes(arrays, metadata={ENTRY: text.replace(NO_DIGEST, digest, 1)})


def with_header(content, edit):
    """The file with another header in front of the same bytes of arrays."""
    length = int.from_bytes(content[:8], "little")
    header = edit(content[8 : 8 + length])
    return len(header).to_bytes(8, "little") + header + content[8 + length :]


# --- as a bad disk does ----------------------------------------------------------------------------------------


def flip_bits(content, rng):
    changed = bytearray(content)
    for _ in range(rng.choice([1, 1, 1, 2, 8])):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def truncate(content, rng):
    return content[: rng.randrange(len(content))]


def extend(content, rng):
    return content + rng.randbytes(rng.choice([1, 8, 1000]))


def overwrite(content, rng):
    start = rng.randrange(len(content))
    n = rng.choice([1, 8, 64, 512])
    return content[:start] + rng.choice([rng.randbytes(n), bytes(n)])[: len(content) - start] + content[start + n :]


def move_a_part(content, rng):
    a, b, c = sorted(rng.randrange(len(content)) for _ in range(3))
    return content[:a] + content[b:c] + content[a:b] + content[c:]


def change_the_length(content, rng):
    length = int.from_bytes(content[:8], "little")
    other = rng.choice([0, 1, 2**31, 2**63, 2**64 - 1, len(content), length + rng.choice([-8, -1, 1, 8])])
    return other.to_bytes(8, "little") + content[8:]


def change_a_number_in_the_header(content, rng):
    numbers = [b"0", b"-1", b"1e3", b"99999999999", b"18446744073709551616", b"null", b"[]", b'"8"', b"true"]

    def edit(header):
        places = list(re.finditer(rb"(?<=[\[,:])\d+(?=[\],}])", header))
        place = rng.choice(places)
        return header[: place.start()] + rng.choice(numbers) + header[place.end() :]

    return with_header(content, edit)


def swap_names_or_types(content, rng):
    def edit(header):
        names = sorted(set(re.findall(rb'"[a-z0-9.]*[wb]"(?=:{"dtype)', header)))
        first, second = rng.choice(names), rng.choice([*names, b'"other"', b'"__metadata__"', b'""', b'"\\ud800"'])
        swapped = header.replace(first, b"\0").replace(second, first).replace(b"\0", second)
        types = [b"F32", b"F16", b"BF16", b"I64", b"U8", b"BOOL", b"F4", b"C64", b"F8_E4M3", b"x"]
        return rng.choice([swapped, header.replace(b"F64", rng.choice(types), rng.choice([1, -1]))])

    return with_header(content, edit)


def hostile_header(content, rng):
    n = rng.choice([10, 10, 1000, 1000, 10_000, 100_000])
    whole = [
        b"{" * n, b"[" * n, b'{"a":' * n, b"[]," * n, b'"' + b"a" * n, b"{}", b"", b"null", b"\xff" * n,
        b'{"a":{"dtype":"F64","shape":[' + b"1," * n + b'1],"data_offsets":[0,8]}}',
        b'{"a":{"dtype":"F64","shape":[0,' + b"9" * n + b'],"data_offsets":[0,0]}}',
        b"{" + b",".join(b'"%d":{"dtype":"F64","shape":[0],"data_offsets":[0,0]}' % i for i in range(n)) + b"}",
        b'{"__metadata__":{' + b",".join(b'"%d":""' % i for i in range(n)) + b"}}",
        b'{"__metadata__":{"scalar-autograd":"' + b"a" * n + b'"}}',
    ]  # fmt: skip
    return with_header(content, lambda header: rng.choice(whole))


# --- as somebody who knows the format ---------------------------------------------------------------------------

HOSTILE = [
    0, -1, 1, 2, 3, 7, 10**6, 10**9, 2**63 - 1, 10**18, 1.5, -0.0, 1e308, 5e-324, True, False, None,
    "", "relu", "softmax", "prelu", "maxout", "MLP", "Module", "os.system", "__import__('os')", "regression",
    "binary_logits", "layers.0", "\0", "é" * 1000, "x" * 10_000, [], [[]], [1], [10**9], [1] * 1000, ["relu"] * 10,
    {}, {"class": "MLP"}, {"class": ["Layer"]}, {"a": {}},
]  # fmt: skip


def places_in(tree, path=()):
    """The paths of all that is in a JSON value."""
    parts = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, part in parts:
        yield (*path, key)
        yield from places_in(part, (*path, key))


def changed_somewhere(tree, rng):
    """The same with one value replaced, removed, added or doubled."""
    tree = json.loads(json.dumps(tree))
    *above, key = rng.choice([path for path in places_in(tree) if path != ("sha256",)])
    parent = tree
    for step in above:
        parent = parent[step]
    kind = rng.randrange(6)
    if kind == 0:
        del parent[key]
    elif kind == 1 and isinstance(parent, dict):
        parent[rng.choice(["seed", "nonlin", "weights", "initializer", "class", "p", "x"])] = rng.choice(HOSTILE)
    elif kind == 2 and isinstance(parent, list):
        parent.insert(rng.randrange(len(parent) + 1), json.loads(json.dumps(rng.choice([*HOSTILE, *parent]))))
    elif kind == 3:
        parent[key] = json.loads(json.dumps(rng.choice(list(values_in(tree)))))
    elif type(parent[key]) in (int, float) and kind == 4:
        parent[key] += rng.choice([-1, 1, 0.5, 1e6])
    else:
        parent[key] = rng.choice(HOSTILE)
    return tree


def values_in(tree):
    for path in places_in(tree):
        value = tree
        for step in path:
            value = value[step]
        yield value


def change_the_description(content, rng):
    contents, arrays = opened(content)
    return signed(changed_somewhere(contents, rng), arrays)


def hostile_text(content, rng):
    contents, arrays = opened(content)
    n = rng.choice([10, 10, 1000, 1000, 10_000, 100_000])
    values = [
        "[" * n, "[" * n + "]" * n, '{"a":' * n + "1" + "}" * n, "9" * n, "-" + "9" * n, "NaN", "-Infinity", "1e999",
        '"\\ud800"', '"\\u0041"', "1.0", "1e0", "01", " 1", "'a'", "\ufeff", "true false", "1,2", '{"a":1,"a":2}',
        "[" + "[]," * n + "[]]", "[" + "{}," * n + "{}]", "[" + "0," * n + "0]", '"' + "\\u0000" * n + '"',
        '["' + '","'.join(map(str, range(n))) + '"]', "{" + ",".join(f'"{i}":{i}' for i in range(n)) + "}",
    ]  # fmt: skip

    def edit(text):
        places = list(re.finditer(r'(?<=:)(\d[\d.e+-]*|"[a-zA-Z_]*"|null)(?=[,}])', text))
        place = rng.choice(places)
        kind = rng.randrange(4)
        if kind == 0:
            return rng.choice([*values, "", "null", "[]", text + " ", text + text, text[: rng.randrange(len(text))]])
        if kind == 1:  # a key that comes twice
            name, value = rng.choice(list(contents.items()))
            return text[:-1] + f",{_dumps({name: value})[1:-1]}}}"
        return text[: place.start()] + rng.choice(values) + text[place.end() :]

    return signed(contents, arrays, edit)


def change_the_format(content, rng):
    contents, arrays = opened(content)
    return signed({**contents, "format": rng.choice([0, 2, 3, 10**9, -1, 1.0, True, "1", None, [1]])}, arrays)


def change_an_array(content, rng):
    contents, arrays = opened(content)
    name, other = rng.choice(sorted(arrays)), rng.choice(sorted(arrays))
    array = arrays[name].copy()
    kind = rng.randrange(8)
    if kind == 0:
        arrays[name], arrays[other] = arrays[other], arrays[name]
    elif kind == 1:
        array.reshape(-1)[rng.randrange(array.size)] = rng.choice([np.nan, np.inf, -np.inf, -0.0, 5e-324, 1e308])
        arrays[name] = array
    elif kind == 2:
        arrays[name] = array.astype(rng.choice([np.float32, np.float16, np.int64, np.uint8, bool]))
    elif kind == 3:
        shapes = [(array.size,), (1, array.size), (array.size, 1), array.shape[::-1], (*array.shape, 1)]
        arrays[name] = array.reshape(rng.choice(shapes))
    elif kind == 4:
        del arrays[name]
    elif kind == 5:
        arrays[rng.choice(["x", "", "layers.9.w", "é", f"{name} ", "../../w"])] = array
    elif kind == 6:
        arrays[name] = np.concatenate([array, array])
    else:
        arrays[name] = np.zeros((0, 10**9)) if rng.random() < 0.5 else array[:-1].copy()
    return signed(contents, arrays)


BLIND = [
    flip_bits, flip_bits, truncate, extend, overwrite, move_a_part, change_the_length, change_a_number_in_the_header,
    swap_names_or_types, hostile_header,
]  # fmt: skip
SIGNED = [
    change_the_description, change_the_description, change_the_description, hostile_text, hostile_text,
    change_the_format, change_an_array, change_an_array,
]  # fmt: skip


# --- running them -----------------------------------------------------------------------------------------------


def mutants(number, seed=0):
    """So many of them: the mutation, the original model, the changed file."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "model")
        originals = []
        for model in models():
            save(model, path)
            originals.append((model, path.read_bytes()))
    for i in range(number):
        mutate = rng.choice(SIGNED if i % 2 else BLIND)
        model, content = rng.choice(originals)
        yield mutate, model, mutate(content, rng)


def outcome(path, mutate, model, content):
    """ "refused" or "loaded"; AssertionError if a loaded model is not what it should be."""
    path.write_bytes(content)
    try:
        loaded = load(path)
    except FormatError as error:
        message = str(error)
    else:
        message = None
    if message is not None:
        assert str(path) in message
        assert len(message) < 800
        return "refused"
    expected = said_in(content) if mutate in SIGNED else said(model)
    assert said(loaded) == expected, f"{mutate.__name__} gives another model"
    return "loaded"


def main(number):
    """All of them, with the memory that each takes."""
    counts, excesses, rss = {}, [], []
    slowest = 0.0
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "model")
        for mutate, model, content in mutants(number):
            result = outcome(path, mutate, model, content)
            row = counts.setdefault(mutate.__name__, {"refused": 0, "loaded": 0})
            row[result] += 1
            start = time.perf_counter()
            excesses.append(traced_excess(path) - 2 * len(content))
            slowest = max(slowest, time.perf_counter() - start)
            rss.append(resident_excess(path) - 2 * len(content))
    for name, row in counts.items():
        print(f"{name:32} {row}")
    print(f"{number} files: {sum(row['refused'] for row in counts.values())} refused, ", end="")
    print(f"{sum(row['loaded'] for row in counts.values())} loaded rightly; slowest {slowest:.3f} s under tracemalloc")
    print(
        f"memory beyond model and twice the file, at most: {max(excesses) / 1024:.0f} KiB of Python and numpy,", end=""
    )
    print(f" {max(rss) / 1024:.0f} KiB of the process; allowed {FREE / 1024:.0f} KiB")
    if max(*excesses, *rss) > FREE:
        sys.exit("loading took too much memory")


def traced_excess(path):
    """The peak of Python's and numpy's memory over what the loaded model keeps."""
    tracemalloc.start()
    loaded = None
    with suppress(FormatError):
        loaded = load(path)
    now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak - (now if loaded is not None else 0)


def resident_excess(path):
    """The peak of the process's memory over what it has afterwards, which sees the library's own as well (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")
    before = resident("VmRSS")
    loaded = None
    with suppress(FormatError):
        loaded = load(path)
    return resident("VmHWM") - (resident("VmRSS") if loaded is not None else before)


def resident(name):
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name)]
    return 1024 * int(line.split()[1])


if __name__ == "__main__":
    main(int(sys.argv[1]))
