"""What may be given in place of a Value: what `trace` returned.

This file owns how the one output and the line of code of a node are found; it must not know explanations.
Read next: `explanation.py` and `tree.py`, which accept both.
"""

from __future__ import annotations

from typing import Any

from ...engine import Value
from ..places import file_shown
from ..text import visible
from ..tracing import Traced
from .document import Code, Line

__all__ = ["output_of", "source_line"]


def output_of(y: Any, function: str) -> Value:
    """The Value that is meant by y: itself, or the only output of a trace.

    Raises:
        TypeError: If y is neither.
        ValueError: If the trace has no output or several; the message says how one of them is chosen.
    """
    if isinstance(y, Value):
        return y
    if not isinstance(y, Traced):
        raise TypeError(f"{function} takes a Value, or what trace() returned, not {type(y).__name__}: {y!r:.60}")
    if len(y.outputs) != 1:
        example = f"{function}(traced.outputs[0])" if y.outputs else "a function that returns a Value"
        raise ValueError(f"the trace has {len(y.outputs)} outputs; {function} takes one of them: {example}")
    return y.outputs[0]


def source_line(trace: Traced | None, v: Value) -> Line:
    """The line of code that made a node, as a sentence; empty if it is not known."""
    source = None if trace is None else trace.source_of(v)
    if source is None:
        return ()
    where = visible(f"{file_shown(source.file)}, line {source.line}: ")
    return "Made in ", where, Code(visible(source.text))
