"""The process in which foreign code runs: it is told what to run, and answers with what was observed.

This file owns its side of the conversation (a line of JSON for a line of JSON) and the limit of memory; it must not
judge anything. Read next: `runner.py`, the other side.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from ..programs import TABLE, Program, Step, observe
from .dialect import Dialect, NotAValueClass
from .lookups import REFLECTED
from .measures import MEASURES
from .target import Target, TargetError, imported

__all__ = ["answered", "greeting", "main", "serve"]

WHILE_IMPORTING = 4  # times the limit of memory: large libraries reserve much and use little


def main() -> None:
    """Serve on standard input and output; what foreign code prints goes nowhere, and it has nothing to read."""
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    serve(requests, answers)


def serve(requests: Iterable[str], answers: IO[str]) -> None:
    """Answer each line of requests with a line; the first one says which class it is about."""
    dialect = None
    for line in requests:
        request = json.loads(line)
        if dialect is None:
            answer, dialect = greeting(request)
        else:
            answer = answered(request, dialect)
        answers.write(json.dumps({"number": request["number"], "answer": answer}) + "\n")
        answers.flush()
        if dialect is None:
            return


def greeting(request: dict[str, Any]) -> tuple[dict[str, Any], Dialect | None]:
    """What is found out about the class: how it is spoken to, what it offers; or the problem."""
    with contextlib.suppress(ImportError):
        import resource  # noqa: F401  (the library's own, before somebody's folder comes first)
    sys.path[:] = request["path"]
    limit_memory(request["memory"] * WHILE_IMPORTING)
    target = Target(request["place"], request["name"])
    try:
        value_class, module = imported(target)
        dialect = Dialect(value_class, module)
        found = [op for op in (*TABLE, *REFLECTED) if dialect.offers(op)]
        forms = {op: dialect.form(op) for op in TABLE if dialect.form(op)}
    except (TargetError, NotAValueClass) as error:
        return {"problem": str(error)}, None
    except BaseException as error:  # of a class with attributes of its own making
        return {"problem": f"{target.name} cannot be looked at: {type(error).__name__}"}, None
    limit_memory(request["memory"])
    name = str(value_class.__name__)
    greeted = {"class": name, "names": dialect.names, "forms": forms, "offered": found}
    return {**greeted, "python": platform.python_version()}, dialect


def answered(request: dict[str, Any], dialect: Dialect) -> Any:
    """The observations of programs, or the facts of a measurement; whatever is raised becomes part of the answer."""
    try:
        if "programs" in request:
            return [observed(program, dialect) for program in request["programs"]]
        try:
            return MEASURES[request["measure"]](dialect, *request["arguments"])
        except Exception as error:
            return {"error": told(error)}
    except BaseException as error:  # sys.exit() and KeyboardInterrupt, too, are something that the class did
        return {"raised": told(error)}


def observed(program: list[Any], dialect: Dialect) -> tuple[Any, ...]:
    """The observation of a program that came through JSON."""
    inputs, steps, script = program
    asked = tuple([Step(op, tuple(operands)) for op, operands in steps])
    seen = observe(Program("", tuple(inputs), asked, tuple([tuple(action) for action in script])), dialect)
    return seen.values, seen.gradients, seen.error


def told(error: BaseException) -> str:
    """An error in one line."""
    try:
        text = " ".join(str(error).split())[:200]
    except Exception:  # of a class of somebody's own
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def limit_memory(size: int) -> None:
    """Let this process have that many bytes more than it has now, where the system knows such limits."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + size, hard))
