"""Computations as trees of text: every node once, in order, in any width and encoding, at any depth."""

import io
import re
import unicodedata

import pytest
from hypothesis import given, settings, strategies as st

from autograd import Value, binary_cross_entropy_with_logits, sum as total
from autograd.engine import toposort
from autograd.view.explainer import print_tree, tree_text
from autograd.view.explainer.terminal import columns
from autograd.view.tracing import trace

from .programs import programs
from .test_formats import HOSTILE


def example():
    a, b, c = Value(2.0, label="a"), Value(-3.0, label="b"), Value(10.0, label="c")
    f = (a * b + c).tanh()
    f.label = "f"
    return f


def test_a_tree_by_hand():
    f = example()
    assert tree_text(f, width=80) == (
        "                  data        grad\n"
        "f (tanh)        0.9993           —\n"
        "└─ (+)          4.0000           —\n"
        "   ├─ (*)      -6.0000           —\n"
        "   │  ├─ a      2.0000           —\n"
        "   │  └─ b     -3.0000           —\n"
        "   └─ c        10.0000           —"
    )
    f.backward()
    assert "├─ (*)      -6.0000      0.0013" in tree_text(f, width=80)


def test_shared_nodes_are_printed_once_and_referred_to():
    a = Value(3.0, label="a")
    b = a + 1
    lines = tree_text(b * b + a, width=80).splitlines()
    assert [line.split("  ")[0].rstrip() for line in lines[1:]] == [
        "(+)", "├─ (*)", "│", "│", "│", "│", "└─ ↑ as above: a",
    ]  # fmt: skip
    assert lines[3].startswith("│  ├─ u1 (+)")
    assert lines[4].startswith("│  │  ├─ a")
    assert lines[5] == "│  │  └─ 1"
    assert lines[6] == "│  └─ ↑ as above: u1"


def test_operands_stand_in_order():
    a, b = Value(1.0, label="a"), Value(2.0, label="b")
    text = tree_text(b - a, width=80)
    assert text.index("├─ b") < text.index("└─ a")
    text = tree_text(2 - a, width=80)
    assert text.index("├─ 2") < text.index("└─ a")


@settings(max_examples=100, deadline=None)
@given(programs(), st.sampled_from([40, 60, 100]))
def test_every_node_has_one_line(program, width):
    y, _ = program
    lines = tree_text(y, width=width, lines=10_000).splitlines()[1:]
    rows = [line for line in lines if line.endswith("—")]
    below = sum("↓" in line for line in rows)
    assert len(rows) - below == len(toposort(y))
    edges = sum(len(v.operands) for v in toposort(y))
    assert sum(bool(re.match("[│ ]*[├└]", line)) for line in lines) == edges
    assert all(columns(line) <= width for line in lines)


@pytest.mark.no_cover  # for time's sake
def test_a_deep_chain_is_cut_and_says_so():
    v = Value(1.0, label="x")
    for _ in range(200_000):
        v = v + 1
    lines = tree_text(v, width=80, lines=50).splitlines()
    assert len(lines) == 52
    assert re.search(r"199,9\d\d of 200,001 values left out", lines[-1])


def test_where_the_tree_is_deeper_than_the_terminal_is_wide():
    v = Value(1.0, label="x")
    for _ in range(40):
        v = v.tanh()
    text = tree_text(v, width=40)
    assert "left out" not in text
    names = re.findall(r"(u\d+) ↓", text)
    assert names
    for name in names:
        assert re.search(rf"^{name} \(tanh\) +0", text, re.MULTILINE)
    assert text.splitlines()[-1].startswith(("└ x", "  ", "x"))


def test_names_of_operations_are_whole_where_there_is_room():
    v = Value(0.5, label="x")
    for _ in range(30):
        v = v.sigmoid()
    for width in (60, 80, 120):
        text = tree_text(v, width=width)
        assert text.count("(sigmoid)") == 30
        assert "…" not in text
    assert all(columns(line) <= 40 for line in tree_text(v, width=40).splitlines())
    loss = binary_cross_entropy_with_logits(v, 1.0)
    assert f"({loss.op.symbol})" in tree_text(loss, width=80)


def test_depth_and_lines():
    f = example()
    shallow = tree_text(f, width=80, depth=1)
    assert "(+) …" in shallow
    assert "4 of 6 values left out" in shallow
    assert tree_text(f, width=80, depth=0).splitlines()[1].startswith("f (tanh) …")
    assert len(tree_text(f, width=80, lines=2).splitlines()) == 4


def test_wide_labels_stand_straight():
    a, b = Value(2.0, label="数据"), Value(-3.0, label="e\u0301")
    rows = tree_text(a * b, width=60).splitlines()
    assert len({columns(row) for row in rows}) == 1


@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("width", [40, 80])
def test_labels_are_printable_and_fit(label, width):
    a = Value(2.0, label=label)
    text = tree_text((a * a).tanh() + total([a, 1]), width=width)
    for line in text.splitlines():
        assert columns(line) <= width
        assert not [c for c in line if unicodedata.category(c) in ("Cc", "Cs")]
        assert not set(line) & set("\u202e\u202d\u2066")


STREAMS = [("ascii", "|- "), ("latin-1", "|- "), ("cp437", "|- "), ("utf-8", "├─ ")]


@pytest.mark.parametrize(("encoding", "branch"), STREAMS)
def test_signs_that_the_stream_has_not_are_written_in_ascii(encoding, branch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True, newline="\n")
    print_tree(example(), file=stream, width=60)
    shown = stream.buffer.getvalue().decode(encoding)
    assert branch in shown
    assert "?" not in shown


def test_it_prints_and_returns_nothing(capsys):
    f = example()
    assert print_tree(f, width=60) is None
    assert capsys.readouterr().out == tree_text(f, width=60) + "\n"


def test_the_terminal_gives_the_width(monkeypatch):
    v = Value(1.0, label="x" * 16)
    for _ in range(12):
        v = v.tanh()
    monkeypatch.setenv("COLUMNS", "44")
    assert max(map(columns, tree_text(v).splitlines())) <= 44
    monkeypatch.setenv("COLUMNS", "10")  # narrower than can be: as narrow as can be
    assert max(map(columns, tree_text(v).splitlines())) <= 40


def test_a_trace_and_what_is_refused():
    a = Value(2.0, label="a")
    assert tree_text(trace(lambda x: x * 2, a), width=60).startswith(tree_text(a * 2, width=60)[:20])
    with pytest.raises(TypeError, match="not int"):
        print_tree(3)
    with pytest.raises(ValueError, match="width = 20"):
        print_tree(a, width=20)
    with pytest.raises(ValueError, match="depth = -1"):
        print_tree(a, depth=-1)
    with pytest.raises(ValueError, match="lines = 0"):
        print_tree(a, lines=0)


def test_depth_counts_from_the_root_below_an_arrow_too():
    """50 steps in a tree 40 columns wide, which goes on further below several times."""
    v = Value(1.0, label="x")
    for _ in range(50):
        v = v.tanh()
    text = tree_text(v, width=40, depth=30)
    assert text.count("(tanh)") == 31
    assert " …" in text
    assert "20 of 51 values left out" in text
