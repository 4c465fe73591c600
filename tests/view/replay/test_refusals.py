"""What a replay or an explanation cannot show rightly is refused, with a remedy."""

import pytest

from autograd import OPS, AutogradError, Value, log
from autograd.errors import StaleGraphError
from autograd.view import explain, replay
from autograd.view.mathematics import arithmetic
from autograd.view.replayer import record

SUM = {op.name: op for op in OPS}["sum"]


@pytest.mark.parametrize("limit", [1, 3, 300])
def test_a_node_made_by_hand_is_refused_above_and_below_the_limit(limit):
    x = Value(2.0)
    y = Value(6.0, (x * 3,), "hand") * x + 1
    with pytest.raises(AutogradError, match="made by hand from _children has no derivative rule: declare an Op"):
        replay(y, limit=limit)


@pytest.mark.parametrize("wrong", [6.5, True, "5", None])
def test_what_is_no_whole_number_is_refused_by_name(wrong):
    x = Value(2.0)
    with pytest.raises(TypeError, match=r"limit = .*: it is a whole number, as limit=5"):
        replay(x * x, limit=wrong)
    with pytest.raises(TypeError, match=r"paths = .*: it is a whole number, as paths=5"):
        explain(x * x, x, paths=wrong)
    with pytest.raises(ValueError, match="paths = 0: at least one path must be shown"):
        explain(x * x, x, paths=0)


@pytest.mark.parametrize("name", ["y.pdf", "y.png", "y.PDF"])
def test_a_page_is_not_saved_under_the_name_of_another_format(tmp_path, name):
    with pytest.raises(ValueError, match=r"a page is HTML, and .*save it as .*y\.html"):
        replay(Value(1.0) * 2).save(tmp_path / name)
    assert not list(tmp_path.iterdir())
    for other in ("y.html", "y.HTM", "y"):
        replay(Value(1.0) * 2).save(tmp_path / other)


def test_practice_after_a_change_of_data_is_refused():
    w = Value(3.0, label="w")
    y = log(w) * w
    w.data = -1.0
    with pytest.raises(
        StaleGraphError, match=r"With w = -1\.0 its value is undefined, and in the graph 1\.098.*Remedy"
    ):
        replay(y, practice=True)
    w.data = 3.0
    assert "practice" in replay(y, practice=True).html


def test_practice_is_refused_where_only_a_partial_would_be_another_one():
    a, b = Value(3.0, label="a"), Value(0.0)
    y = a * b
    a.data = 5.0
    with pytest.raises(StaleGraphError, match=r"With a = 5\.0, .* its local partial is 5\.0, and in the graph 3\.0"):
        replay(y, practice=True)


def test_a_call_of_many_operands_is_written_once_and_once_for_each_that_is_shown(monkeypatch):
    written = []
    monkeypatch.setattr(record, "arithmetic", lambda *call: written.append(call) or arithmetic(*call))
    call = record._call(SUM, 10_000)
    assert len(written) == 4
    assert call["brackets"] == [0, 1, *[0] * 9_997, 1]
