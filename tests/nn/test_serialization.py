"""Saved models: equal to the last bit when loaded, whole at every moment, and refused if they were changed."""

import errno
import json
import math
import os
import re
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from safetensors import safe_open
from safetensors.numpy import save as to_bytes

from autograd import Value
from nn.activations import ACTIVATIONS, LAYER_ACTIVATIONS, LEARNED_ACTIVATIONS
from nn.layers import Dropout, GaussianNoise, Maxout, Sequential
from nn.module import Module
from nn.modules import MLP, Layer, Neuron
from nn.pipeline import Pipeline
from nn.preprocessing import Preprocessing, Target
from nn.serialization import FormatError, load, save
from nn.serialization.architecture import SETTINGS
from nn.serialization.files import replace_file

from .killing import run as kill
from .mutations import mutants, opened, outcome, resident_excess, signed, traced_excess, with_header

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


def numbers(model):
    """The parameters to the last bit: hex tells -0.0 from 0.0."""
    return {name: number.hex() for name, number in model.state_dict().items()}


# --- what comes back -------------------------------------------------------------------------------------------

ELEMENTWISE = st.sampled_from([*ACTIVATIONS, *LEARNED_ACTIVATIONS])
ANY = st.sampled_from([*ACTIVATIONS, *LEARNED_ACTIVATIONS, *LAYER_ACTIVATIONS])
WIDTH = st.integers(1, 4)
SHARE = st.floats(0, 0.99)


@st.composite
def layers(draw, n_inputs, nested=True):
    """A module that takes so many inputs, and how many outputs it has."""
    kind = draw(st.sampled_from(["Layer", "Neuron", "MLP", "Maxout", "Dropout", "GaussianNoise", "Sequential"]))
    n_outputs = draw(st.integers(2, 4))
    if kind == "Layer":
        return Layer(n_inputs, n_outputs, activation=draw(ANY), initializer="zeros"), n_outputs
    if kind == "Neuron":
        return Neuron(n_inputs, activation=draw(ELEMENTWISE), initializer="zeros"), 1
    if kind == "MLP":
        sizes = [*draw(st.lists(WIDTH, max_size=2)), n_outputs]
        activations = {"activation": draw(ELEMENTWISE), "output_activation": draw(ANY)}
        return MLP(n_inputs, sizes, **activations, dropout=draw(SHARE), initializer="zeros"), n_outputs
    if kind == "Maxout":
        return Maxout(n_inputs, n_outputs, pieces=draw(WIDTH), initializer="zeros"), n_outputs
    if kind == "Sequential" and nested:
        return draw(networks(n_inputs, nested=False))
    if kind == "GaussianNoise":
        return GaussianNoise(draw(st.floats(0, 1e300))), n_inputs
    return Dropout(draw(SHARE)), n_inputs


@st.composite
def networks(draw, n_inputs, nested=True):
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        part, n_inputs = draw(layers(n_inputs, nested=nested))
        parts.append(part)
    return Sequential(*parts), n_inputs


EXTREMES = [-0.0, 0.0, 5e-324, -5e-324, 2.2250738585072014e-308, 1e308, -1.7976931348623157e308, 0.1, 1 / 3]


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_loaded_network_is_the_saved_one_bit_for_bit(data, path):
    n_inputs = data.draw(WIDTH)
    model, _ = data.draw(layers(n_inputs))
    number = st.sampled_from(EXTREMES) | st.floats(allow_nan=False, allow_infinity=False)
    for parameter in model.parameters():
        parameter.data = data.draw(number)
    for module in model.modules():
        if data.draw(st.integers(0, 5)) == 0:
            module.freeze()
    save(model, path)
    loaded = load(path)
    assert type(loaded) is type(model)
    assert repr(loaded) == repr(model)
    assert numbers(loaded) == numbers(model)
    assert frozen(loaded) == frozen(model)
    content = path.read_bytes()
    save(loaded, path)
    assert path.read_bytes() == content


def frozen(model):
    trainable = {id(x) for x in model.trainable_parameters()}
    return [name for name, x in model.named_parameters() if id(x) not in trainable]


def test_a_layer_is_one_matrix_and_one_vector_with_a_readable_name(path):
    network = MLP(2, [3, 1], seed=0)
    save(network, path)
    with safe_open(path, framework="numpy") as file:
        shapes = {name: file.get_tensor(name).shape for name in file.keys()}  # noqa: SIM118
        weights = file.get_tensor("layers.0.w")
        metadata = file.metadata()
    assert shapes == {"layers.0.w": (3, 2), "layers.0.b": (3,), "layers.1.w": (1, 3), "layers.1.b": (1,)}
    assert weights.dtype == np.float64
    assert weights.tolist() == [[w.data for w in neuron.w] for neuron in network.layers[0].neurons]
    said = json.loads(metadata["scalar-autograd"])
    assert said["format"] == 1
    assert said["version"] == "0.1.0"
    assert said["architecture"] == {
        "class": "MLP", "n_inputs": 2, "n_outputs": [3, 1], "activation": "relu", "output_activation": "linear",
        "dropout": 0.0,
    }  # fmt: skip


def test_names_of_a_neuron_of_maxout_and_of_prelu(path):
    save(Sequential(Layer(2, 3, activation="prelu"), Maxout(3, 4, pieces=2), Neuron(4)), path)
    _, arrays = opened(path.read_bytes())
    assert {name: array.shape for name, array in arrays.items()} == {
        "layers.0.w": (3, 2), "layers.0.b": (3,), "layers.0.slope": (3,), "layers.1.w": (2, 4, 3), "layers.1.b": (2, 4),
        "layers.2.w": (1, 4), "layers.2.b": (1,),
    }  # fmt: skip


def test_a_loaded_network_is_in_evaluation_mode_and_draws_nothing_random(path):
    import random

    network = Sequential(Layer(2, 8, activation="linear"), Dropout(0.5))
    save(network, path)
    random.seed(1)
    state = random.getstate()
    loaded = load(path)
    assert random.getstate() == state
    assert not any(module.training for module in loaded.modules())
    values = [[y.data for y in model([1.0, -2.0])] for model in (loaded, loaded, network.eval())]
    assert values[0] == values[1] == values[2]


def test_the_task_comes_back(path):
    network = MLP(2, [3])
    network.task = "classes_logits"
    save(network, path)
    assert load(path).task == "classes_logits"
    save(MLP(2, [3]), path)
    assert not hasattr(load(path), "task")


ROWS = [[1.0, "red"], [3.0, "blue"], [None, "red"]]


def pipeline(target=("no", "yes", "maybe"), task="classes_logits", network=None):
    target = Target.fit(target)
    network = network or MLP(3, [4, len(target.classes) or 1], seed=0)
    preprocessing = Preprocessing.fit(ROWS, names=["size", "colour"])
    return Pipeline(network, preprocessing, target, task, {"loss": "cross-entropy", "epochs": 20, "seed": None})


@pytest.mark.parametrize(
    "model", [pipeline(), pipeline(["no", "yes"], "binary_logits", MLP(3, [1])), pipeline([0.1, 0.7], "regression")]
)
def test_a_pipeline_comes_back_with_all_that_belongs_to_it(path, model):
    save(model, path)
    loaded = load(path)
    assert isinstance(loaded, Pipeline)
    assert (loaded.preprocessing, loaded.target, loaded.task) == (model.preprocessing, model.target, model.task)
    assert loaded.settings == model.settings
    assert loaded.predict(ROWS).tolist() == model.predict(ROWS).tolist()


def test_the_same_model_gives_the_same_bytes_in_every_process(path):
    code = "import sys; from nn import modules, serialization as s; s.save(modules.MLP(3, [5], seed=0), sys.argv[1])"
    contents = set()
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", code, path], env={**os.environ, "PYTHONHASHSEED": seed}, cwd=ROOT, check=True
        )
        contents.add(path.read_bytes())
    assert len(contents) == 1


# --- what is not saved ------------------------------------------------------------------------------------------


class Own(Module):
    def __init__(self):
        self.x = Value(1.0)


class OwnMLP(MLP):
    pass


def cube(z):
    return z * z * z


def shared():
    layer = Layer(2, 2)
    return Sequential(layer, layer)


def with_more():
    network = MLP(2, [1])
    network.temperature = Value(1.0)
    return network


def sequential_with_more():
    network = Sequential(Layer(2, 1))
    network.temperature = Value(1.0)
    return network


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Own(), "Own is no class that a file can name.*state_dict"),
        (OwnMLP(2, [1]), "OwnMLP is no class that a file can name"),
        (Sequential(Layer(2, 1), Own()), "Own is no class"),
        (MLP(2, [3, 1], activation=cube), r"the activation cube is a function of your own.*write its state_dict\(\)"),
        (Neuron(2, activation=cube), "the activation cube is a function of your own"),
        (shared(), "two layers share"),
        (with_more(), "shares parameters|parameters beside"),
        (sequential_with_more(), "parameters beside those of its layers"),
        (cube, "function is no class"),
        (None, r"NoneType is no class of networks, got None: give a network or a Pipeline, as save\(model, path\)"),
    ],
)
def test_what_load_could_not_build_is_not_saved(path, model, message):
    with pytest.raises(TypeError, match=message):
        save(model, path)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_a_broken_model_does_not_replace_a_good_one(path, number):
    network = MLP(2, [3, 1], seed=0)
    save(network, path)
    content = path.read_bytes()
    network.layers[1].neurons[0].w[2].data = number
    with pytest.raises(ValueError, match=rf"layers\.1\.w\[0, 2\] is {number}: .*train it again with a smaller"):
        save(network, path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("setting", "kind", "message"),
    [
        ({1, 2}, TypeError, r"settings\['x'\] is {1, 2}, which JSON cannot hold: give a text, a finite number"),
        (np.float32(1), TypeError, r"settings\['x'\] is np.float32\(1.0\), which"),
        (math.nan, ValueError, r"settings\['x'\] is nan, which"),
        ("\ud800", ValueError, r"settings\['x'\] is '\\ud800', which"),
        (10**30, ValueError, r"settings\['x'\] is 10+, which"),
        ({"when": [0, {3, 4}]}, TypeError, r"settings\['x'\]\['when'\]\[1\] is {3, 4}, which"),
        ({(1, 2): 3}, TypeError, r"the key \(1, 2\) of settings\['x'\] is no text: write one, as by str\(key\)"),
    ],
)
def test_settings_that_json_cannot_hold_are_refused(path, setting, kind, message):
    model = pipeline()
    model.settings["x"] = setting
    with pytest.raises(kind, match=f"nothing was written: {message}"):
        save(model, path)
    assert list(path.parent.iterdir()) == []


def test_what_load_would_refuse_for_its_size_is_not_saved(path):
    save(MLP(1, [1] * 200), path)
    assert len(load(path).layers) == 200
    content = path.read_bytes()
    with pytest.raises(ValueError, match="several hundred layers of one neuron"):
        save(MLP(1, [1] * 600), path)
    assert path.read_bytes() == content


# --- whole at every moment ---------------------------------------------------------------------------------------


def test_a_killed_process_leaves_the_old_file_or_the_new_one():
    """Forty kills at random moments, and as many again until enough of them hit while a file was written."""
    hits = 0
    for seed in range(10):
        found = kill(40, numbers=100_000, seed=seed)
        assert found["loads"]
        for kind in ("network", "large arrays"):
            assert found[kind]["neither"] == 0
            assert found[kind]["old"] + found[kind]["new"] == 20
            assert found[kind]["left after the next save"] == 0
            hits += found[kind]["hit while writing"]
        if hits >= 5:
            return
    pytest.fail(f"of 400 kills {hits} hit while a file was written: they prove too little")


def test_young_temporary_files_and_those_of_others_stay(path):
    names = [f".{path.name}.{'0' * 16}.tmp", f".{path.name}.backup.tmp", f".other.{'0' * 16}.tmp"]
    for name in names:
        (path.parent / name).write_bytes(b"")
    os.utime(path.parent / names[1], (0, 0))
    os.utime(path.parent / names[2], (0, 0))
    save(Neuron(1), path)
    assert {file.name for file in path.parent.iterdir()} == {path.name, *names}
    os.utime(path.parent / names[0], (0, 0))
    save(Neuron(1), path)
    assert {file.name for file in path.parent.iterdir()} == {path.name, *names[1:]}


FULL_DISK = """
import resource, sys
from nn.modules import MLP, Neuron
from nn.serialization import save
save(Neuron(1, weights=[0.5]), sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    save(MLP(20, [50, 1]), sys.argv[1])
except OSError as error:
    print(type(error.__cause__).__name__, error)
"""


def test_a_full_disk_is_one_error_and_the_old_model_stays(path):
    done = subprocess.run([sys.executable, "-c", FULL_DISK, path], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.startswith("OSError [Errno 27] cannot write")
    assert "What was saved before is unchanged" in done.stdout
    assert list(path.parent.iterdir()) == [path]
    assert load(path).w[0].data == 0.5


def test_an_interrupted_write_leaves_nothing_behind(path, monkeypatch):
    replace_file(path, b"old")

    def interrupted(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        replace_file(path, b"new")
    assert list(path.parent.iterdir()) == [path]
    assert path.read_bytes() == b"old"


def test_the_bytes_are_on_the_disk_before_the_name_and_the_name_before_the_end(path, monkeypatch):
    done = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(descriptor):
        done.append("directory" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else os.fstat(descriptor).st_size)
        fsync(descriptor)

    def noted_replace(old, new):
        done.append("replace")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    replace_file(path, b"12345")
    assert done == [5, "replace", "directory"]


UNWRITABLE = """
import os, sys
from nn.serialization.architecture import SETTINGS
from nn.serialization.files import replace_file
if os.getuid() == 0:  # root may write everywhere
    os.setgid(65534)
    os.setuid(65534)
try:
    replace_file(sys.argv[1], b"new")
except OSError as error:
    print(type(error).__name__, type(error.__cause__).__name__, error)
"""


def written_by_another_user(path):
    done = subprocess.run(
        [sys.executable, "-c", UNWRITABLE, path], capture_output=True, text=True, cwd=ROOT, check=False
    )
    return done.stdout + done.stderr


def open_to_others(folder):
    """Let other users reach the folder: pytest makes those above it for its own user alone."""
    for parent in folder.parents:
        if parent == Path(tempfile.gettempdir()):
            break
        parent.chmod(0o755)


def test_a_directory_that_cannot_be_written(tmp_path):
    open_to_others(tmp_path)
    tmp_path.chmod(0o555)
    message = written_by_another_user(tmp_path / "model")
    assert message.startswith("PermissionError PermissionError [Errno 13] cannot write")
    assert "choose another directory" in message
    tmp_path.chmod(0o755)


def test_a_write_protected_file_is_kept(tmp_path):
    open_to_others(tmp_path)
    tmp_path.chmod(0o777)
    path = tmp_path / "model"
    path.write_bytes(b"old")
    path.chmod(0o444)
    message = written_by_another_user(path)
    assert message.startswith("PermissionError PermissionError [Errno 1] cannot write")
    assert "write-protected" in message
    assert path.read_bytes() == b"old"
    tmp_path.chmod(0o755)


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("", IsADirectoryError, "it is a directory: name a file in it"),
        ("missing/model", FileNotFoundError, "there is no directory .*missing': make it first"),
        ("file/model", NotADirectoryError, "file' is not a directory"),
        ("x" * 300, OSError, "too long"),
        ("loop", OSError, "lead in a circle"),
        ("pipe", OSError, "it is a device or a pipe"),
    ],
)
def test_paths_that_cannot_be_written(tmp_path, name, kind, message):
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(kind, match=message) as caught:
        save(Neuron(1), tmp_path / name)
    assert isinstance(caught.value.__cause__, OSError)


def test_of_a_symbolic_link_the_target_is_replaced(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    link.symlink_to("target")
    save(Neuron(1, weights=[1.0]), link)
    save(Neuron(1, weights=[2.0]), link)
    assert link.is_symlink()
    assert not target.is_symlink()
    assert load(target).w[0].data == load(link).w[0].data == 2.0


def test_permissions_are_those_of_the_umask_or_of_the_file_before(path):
    before = os.umask(0o027)
    try:
        replace_file(path, b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    path.chmod(0o604)
    replace_file(path, b"")
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


EXAMPLES = [MLP(2, [3, 1]), Layer(2, 1), Neuron(2), Maxout(2, 1), Dropout(0.5), GaussianNoise(0.1)]


def test_a_description_holds_what_a_config_holds():
    assert {type(model).__name__: {"class", *model.config()} for model in EXAMPLES} == {
        name: settings for name, settings in SETTINGS.items() if name != "Sequential"
    }


# --- what is refused ----------------------------------------------------------------------------------------------


def test_damaged_and_hostile_files_are_refused_or_loaded_rightly(path):
    results = {}
    for mutate, model, content in mutants(2000):
        results.setdefault(outcome(path, mutate, model, content), set()).add(mutate.__name__)
    assert results["refused"] >= {mutate.__name__ for mutate, _, _ in mutants(200)}
    assert "change_the_description" in results["loaded"]


def test_one_bit_of_every_byte_counts(path):
    save(Neuron(1, weights=[0.5]), path)
    content = path.read_bytes()
    for i in range(len(content)):
        changed = bytearray(content)
        changed[i] ^= 1 << i % 8
        path.write_bytes(changed)
        with pytest.raises(FormatError):
            load(path)


LARGE = 3_000_000
EMPTY = b'"%d":{"dtype":"F64","shape":[0],"data_offsets":[0,0]}'
HOSTILE = {
    "many arrays": b"{" + b",".join(EMPTY % i for i in range(50_000)) + b"}",
    "a long shape": b'{"a":{"dtype":"F64","shape":[' + b"1," * (LARGE // 2) + b'1],"data_offsets":[0,8]}}',
    "many entries": b'{"__metadata__":{' + b",".join(b'"%d":""' % i for i in range(300_000)) + b"}}",
    "a long text": b'{"__metadata__":{"scalar-autograd":"' + b"a" * LARGE + b'"}}',
    "many lists": b'{"__metadata__":{"scalar-autograd":"[' + b"[]," * (LARGE // 3) + b'[]]"}}',
    "deep": b'{"__metadata__":{"scalar-autograd":"' + b"[" * LARGE + b'"}}',
}  # fmt: skip


@pytest.mark.parametrize("share", [0.0, 1.1], ids=["alone", "before as many bytes of arrays"])
@pytest.mark.parametrize("header", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_header_takes_little_memory(path, header, share):
    content = len(header).to_bytes(8, "little") + header + bytes(8 + int(share * len(header)))
    path.write_bytes(content)
    with pytest.raises(FormatError):
        load(path)
    assert traced_excess(path) <= 2 * len(content) + 2**20
    assert resident_excess(path) <= 2 * len(content) + 2**20


def test_a_header_as_long_as_a_large_file_is_not_even_read(path):
    size = 2**28
    path.write_bytes((size - 8).to_bytes(8, "little"))
    os.truncate(path, size)
    with pytest.raises(FormatError, match="header is too large"):
        load(path)
    assert traced_excess(path) <= 2**20


def test_a_large_model_takes_its_own_memory_and_no_more_than_twice_the_file(path):
    save(MLP(100, [200, 1], initializer="zeros"), path)
    assert traced_excess(path) <= 2 * path.stat().st_size + 2**20


def test_a_large_pipeline_takes_its_own_memory_and_no_more_than_twice_the_file(path):
    save(pipeline(network=MLP(3, [150, 150, 3], initializer="zeros").freeze()), path)
    assert traced_excess(path) <= 2 * path.stat().st_size + 2**20


def test_a_thin_network_takes_its_own_memory_and_no_more_than_twice_the_file(path):
    save(Layer(1, 10_000, initializer="zeros"), path)
    assert traced_excess(path) <= 2 * path.stat().st_size + 2**20


def test_huge_layers_are_compared_before_they_are_made(path):
    save(MLP(2, [3, 1]), path)
    contents, arrays = opened(path.read_bytes())
    for size in (10**12, 2**63 - 1):
        contents["architecture"]["n_outputs"] = [size, 1]
        path.write_bytes(signed(contents, arrays))
        with pytest.raises(FormatError, match=rf"'layers.0.b' has the shape \(3,\), expected \({size},\)"):
            load(path)
        assert traced_excess(path) < 2**20


def changed(path, **changes):
    contents, arrays = opened(path.read_bytes())
    path.write_bytes(signed({**contents, **changes}, arrays))


@pytest.mark.parametrize("number", [2, 1000])
def test_a_later_format_asks_for_an_update(path, number):
    save(Neuron(1), path)
    changed(path, format=number)
    with pytest.raises(FormatError, match=f"it has format {number}.*pip install --upgrade scalar-autograd"):
        load(path)
    content = path.read_bytes()  # also where the rest is nothing that this version would understand
    path.write_bytes(with_header(content, lambda header: header.replace(b'\\"kind\\":', b'\\"kind\\" : ')))
    with pytest.raises(FormatError, match="update"):
        load(path)


NEURON = {"class": "Neuron", "n_inputs": 1, "activation": "relu"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 0}, "format number 0"),
        ({"format": True}, "format number True"),
        ({"kind": "program"}, "'program', not a network or a pipeline"),
        ({"more": 1}, "expected"),
        ({"task": "wizardry"}, "unknown task 'wizardry'"),
        ({"task": ["regression"]}, "task is .*expected a text"),
        ({"frozen": ["layers.7"]}, "'layers.7' is frozen"),
        ({"frozen": 0}, "0 is frozen"),
        ({"frozen": [0]}, "0 is frozen"),
        ({"frozen": ["", ""]}, "'' is frozen"),
        ({"frozen": ["__class__.0"]}, "'__class__.0' is frozen"),
        ({"frozen": ["neurons.00"]}, "'neurons.00' is frozen"),
        ({"version": 3}, "version"),
        ({"architecture": {"class": "Popen"}}, "names the class 'Popen'"),
        ({"architecture": []}, "names the class None"),
        ({"architecture": {"class": "Sequential", "modules": []}}, "modules=.*at least one"),
        ({"architecture": {**NEURON, "nonlin": False}}, "nonlin for Neuron, not"),
        ({"architecture": {**NEURON, "activation": "cube"}}, "unknown activation 'cube'"),
        ({"architecture": {**NEURON, "n_inputs": 2}}, r"shape \(1, 1\), expected \(1, 2\)"),
        ({"architecture": {**NEURON, "n_inputs": 1.0}}, "size 1.0"),
        ({"architecture": {**NEURON, "activation": "prelu"}}, "no array 'slope'"),
        ({"architecture": {"class": "Dropout", "p": 0.5}}, "an array 'b'"),
    ],
)  # fmt: skip
def test_what_a_description_may_not_say(path, changes, message):
    save(Neuron(1), path)
    changed(path, **changes)
    with pytest.raises(FormatError, match=f"cannot load '{re.escape(str(path))}': .*{message}"):
        load(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"n_inputs":1', '"n_inputs":7,"n_inputs":1'),
        ('"n_inputs":1', '"n_inputs": 1'),
        ('"task":null', '"task":null '),
        ('"class"', '"\\u0063lass"'),
        ('"n_inputs":1', '"n_inputs":NaN'),
        ('"n_inputs":1', '"n_inputs":1e999'),
        ('"n_inputs":1', f'"n_inputs":{"9" * 5000}'),
        ('"n_inputs":1', f'"n_inputs":{"[" * 5000}'),
        ('"relu"', '"\\ud800"'),
    ],
)
def test_json_that_save_would_not_write_is_refused(path, old, new):
    save(Neuron(1), path)
    contents, arrays = opened(path.read_bytes())
    path.write_bytes(signed(contents, arrays, lambda text: text.replace(old, new)))
    with pytest.raises(FormatError, match="no JSON that `save` writes"):
        load(path)


def test_weights_that_are_not_finite_are_refused(path):
    save(Neuron(1), path)
    contents, arrays = opened(path.read_bytes())
    arrays["w"] = np.array([[np.nan]])
    path.write_bytes(signed(contents, arrays))
    with pytest.raises(FormatError, match=r"w\[0, 0\] is nan"):
        load(path)


def test_files_that_are_no_models(tmp_path):
    path = tmp_path / "file"
    for content, message in [
        (b"", r"\(0 bytes\)"),
        (b"PK\x03\x04 a zip file", "no safetensors file at all"),
        (to_bytes({"x": np.zeros(3)}), "not written by `save` of this library"),
    ]:
        path.write_bytes(content)
        with pytest.raises(FormatError, match=message):
            load(path)
    with pytest.raises(
        FileNotFoundError, match=r"cannot load .*missing': there is no such file: check name and direct"
    ):
        load(tmp_path / "missing")
    with pytest.raises(FileNotFoundError, match=r"cannot load 'or': there is no such file: the data set is nn.or_\(\)"):
        load("or")
    with pytest.raises(IsADirectoryError, match=r"it is a directory: name the file in it, as '.*model.safetensors'"):
        load(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FormatError, match="not a regular file"):
        load(tmp_path / "pipe")


@pytest.mark.parametrize("name", [None, 3, b"model.safetensors"])
def test_a_path_is_the_name_of_a_file(name):
    with pytest.raises(TypeError, match=r"path must be the name of a file, got .*: write save\(model, 'model.safet"):
        save(Neuron(1), name)
    with pytest.raises(TypeError, match=r"path must be the name of a file, got .*: write load\('model.safetensors'\)"):
        load(name)


def test_a_directory_that_takes_no_files(path, monkeypatch):
    def refuse(*_):  # as /proc does
        raise FileNotFoundError(errno.ENOENT, "No such file or directory")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(FileNotFoundError, match="takes no new files: choose another directory"):
        save(Neuron(1), path)


def test_a_format_error_is_a_value_error():
    assert issubclass(FormatError, ValueError)


def test_nothing_large_is_imported_before_it_is_needed():
    code = "import sys, nn.serialization; print([m for m in ('numpy', 'safetensors', 'sklearn') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "[]\n"
