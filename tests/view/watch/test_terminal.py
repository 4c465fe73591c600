"""A training in a terminal and in a pipe: sparklines in place, or a few plain lines."""

import inspect
import io
import math
import os
import pty
import re
import subprocess
import sys
import termios
import textwrap
from pathlib import Path

import pytest
from tqdm import tqdm

from autograd.view.watcher import Watch
from autograd.view.watcher.records import Row
from autograd.view.watcher.terminal import ASCII, Log, Terminal, sparkline, terminal_or_log

from ...distributions import ROOT
from .trainings import epochs, network, quiet

PROGRAM = textwrap.dedent("""
    import sys
    from autograd.view.watcher import watch
    from nn import MLP, fit
    X, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]] * 4, [0, 1, 1, 1] * 4
    model = MLP(2, [3, 1], seed=0)
    fit(model, X, y, loss="binary_cross_entropy_with_logits", epochs=20, seed=0, progress="bar" in sys.argv,
        callbacks=[watch(model, X, y)])
    print("afterwards", file=sys.stderr)
""")


class Screen:
    """A terminal as far as these programs use one: lines, the cursor, \\r, \\n, up, and the two ways to clear."""

    def __init__(self):
        self.lines, self.row, self.column = [""], 0, 0
        self.history = set()

    def feed(self, text):
        for token in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|.|\n|\r", text):
            if token == "\n":
                self.row += 1
                self.lines += [""] * (self.row + 1 - len(self.lines))
            elif token == "\r":
                self.column = 0
            elif token == "\x1b[K":
                self.lines[self.row] = self.lines[self.row][: self.column]
            elif token == "\x1b[J":
                self.lines = [*self.lines[: self.row], self.lines[self.row][: self.column]]
            elif token == "\x1b[A":
                self.row -= 1
            else:
                assert not token.startswith("\x1b"), token
                line = self.lines[self.row].ljust(self.column)
                self.lines[self.row] = line[: self.column] + token + line[self.column + 1 :]
                self.column += 1
            self.history.add(self.lines[self.row])


def in_a_terminal(*arguments, **environment):
    """What a terminal shows after the program has run in it."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments], cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs,
        env=os.environ | {"TERM": "xterm"} | environment,
    )  # fmt: skip
    os.close(theirs)
    written = b""
    while True:
        try:
            block = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not block:
            break
        written += block
    os.close(ours)
    assert process.wait() == 0
    screen = Screen()
    screen.feed(written.decode())
    return screen, written.decode()


def test_a_sparkline_goes_from_low_to_high_and_leaves_gaps():
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█"
    assert sparkline([2, math.nan, math.inf, 1], ASCII) == "#  _"
    assert sparkline([3, 3, 3]) == "▁▁▁"
    assert sparkline([math.nan]) == " "
    assert len(sparkline(range(1000))) == 16


def test_in_a_terminal_the_line_stays_in_its_place_and_what_is_printed_afterwards_comes_below():
    screen, _ = in_a_terminal()
    lines = [line for line in screen.lines if line.strip()]
    assert len(lines) == 2
    assert re.match(r"epoch 20  loss █[▁-█]{15} 0\.\d{4}", lines[0])
    assert lines[1] == "afterwards"


def test_it_stands_below_the_progress_bar():
    screen, written = in_a_terminal("bar")
    lines = [line for line in screen.lines if line.strip()]
    assert len(lines) == 4
    assert lines[0].startswith("computed Value by Value")  # what `fit` says of compiling, before the bar
    assert re.match(r"epoch 20 \|█+\| ", lines[1])
    assert re.match(r"epoch 20  loss █[▁-█]{15} 0\.\d{4}", lines[2])
    assert lines[3] == "afterwards"
    assert "\x1b[A" in written
    assert not [line for line in screen.history if "|" in line and "▁" in line.partition("|")[2].partition("|")[2]]


def test_in_a_pipe_there_are_few_plain_lines():
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = done.stderr.splitlines()
    assert [line.partition("  ")[0] for line in lines] == [*[f"epoch {n}" for n in (1, 2, 4, 8, 16, 20)], "afterwards"]
    assert re.fullmatch(r"epoch 20  loss 0\.\d{4}  accuracy 0\.\d{4}", lines[-2])
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", done.stderr)


def test_in_a_pipe_with_a_progress_bar_each_line_has_its_own():
    done = subprocess.run([sys.executable, "-c", PROGRAM, "bar"], cwd=ROOT, capture_output=True, text=True, check=True)
    plain = [line for line in re.split(r"[\r\n]", done.stderr) if "  loss " in line]
    assert [line.partition("  ")[0] for line in plain] == [f"epoch {n}" for n in (1, 2, 4, 8, 16, 20)]
    assert not [line for line in plain if "|" in line]


def test_lines_and_bars_are_whole_without_a_look_into_the_bars_themselves():
    stream = io.StringIO()
    log, watch = Log(stream), quiet(network(2, 3, 1))
    with tqdm(total=4, file=stream, bar_format="<{desc}>", desc="a bar", mininterval=0):
        for step in range(1, 3):
            log.step(watch.record, Row(step, {"loss": 0.5}))
    lines = re.split(r"[\r\n]", stream.getvalue())
    assert [line for line in lines if "loss" in line] == ["step 1  loss 0.5000", "step 2  loss 0.5000"]
    assert {line.strip() for line in lines if "loss" not in line} == {"<a bar>", ""}
    assert "_instances" not in Path(inspect.getfile(Log)).read_text(encoding="utf-8")


def test_without_a_progress_bar_lines_are_plain(monkeypatch):
    monkeypatch.delitem(sys.modules, "tqdm")
    stream = io.StringIO()
    log, watch = Log(stream), quiet(network(2, 3, 1))
    for step in (1, 3, 5, 6, 70, 71):  # those between were not seen
        watch.record.rows.append(Row(step, {}))
        log.step(watch.record, watch.record.rows.last)
    log.finish(watch.record)
    log.finish(watch.record)
    assert stream.getvalue().splitlines() == ["step 1", "step 3", "step 5", "step 70", "step 71"]


class Ascii(io.StringIO):
    encoding = "ascii"

    def isatty(self):
        return True


def test_where_blocks_cannot_be_written_plain_signs_stand_for_them():
    stream = Ascii()
    watch = quiet(network(2, 3, 1))
    for step in range(1, 9):
        watch.update(loss=1.0 / step)
    Terminal(stream).finish(watch.record)
    assert stream.getvalue().isascii()
    assert "step 8  loss #" in stream.getvalue()


def test_a_terminal_that_cannot_move_its_cursor_gets_plain_lines(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(terminal_or_log(Ascii()), Log)


@pytest.mark.parametrize("width", [12, 40, 80])
def test_the_line_is_no_wider_than_the_terminal(monkeypatch, width):
    monkeypatch.setattr("autograd.view.watcher.terminal._width", lambda stream: width)
    watch = quiet(network(2, 3, 1))
    watch.record.rows.append(Row(123, {"a rather long name of a figure": 1.0, "loss": 2.0, "数据" * 9: 3.0}))
    stream = Ascii()
    Terminal(stream).show(watch.record, None)
    shown = stream.getvalue().split("\x1b[K")[1].split("\x1b")[0]
    assert len(shown) < width


def test_a_name_with_control_signs_does_not_command_the_terminal():
    stream = Ascii()
    watch = quiet(network(2, 3, 1))
    watch.record.rows.append(Row(1, {"a\x1b[2J": 1.0}))
    Terminal(stream).show(watch.record, None)
    assert "\x1b[2J" not in stream.getvalue()
    assert "a\\x1b[2J" in stream.getvalue()


def test_no_name_turns_the_direction_of_other_text():
    turning = "\u202ea\u2066b\u200f"
    seen = []
    for stream in (Ascii(), Ascii()):
        watch = quiet(network(2, 3, 1), [[0.0, 1.0], [1.0, 0.0]], [turning + "0", turning + "1"], title=turning)
        watch.update(**{turning: 1.0})
        screen = Terminal(stream) if not seen else Log(stream)
        screen.show(watch.record, watch.record.frames.last)
        screen.finish(watch.record)
        seen.append(stream.getvalue())
    seen += [repr(watch), watch.page._image, watch.page.html, watch._repr_mimebundle_()["text/plain"]]
    for text in seen:
        assert not set(turning) & set(text) - set("ab")
        assert "\\u202ea\\u2066b\\u200f" in text


def test_nothing_is_written_where_nothing_is_to_be_shown(capsys):
    epochs(Watch(network(2, 3, 1), show=False), 5)
    assert capsys.readouterr() == ("", "")
