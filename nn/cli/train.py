"""`train`: from a data set or a CSV file to a directory with the model and all there is to know about it.

It owns what is printed and which files are written, in which order; it must not know how training works.
Read next: `run.py`, which trains, and `results.py`, which makes the report.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from autograd import ShapeError

from ..readable import number, seconds
from ..serialization import save
from .errors import DONE, INTERRUPTED, NOT_FINITE, BadInputError, one_line
from .files import refusal, writable, write
from .measures import Judged, figures_table, judge
from .model import FILE
from .pictures import pictures
from .report import page
from .results import report, warnings_of
from .run import Plan, Run, plan, train
from .source import find
from .text import table

__all__ = ["train_command"]


def train_command(options: argparse.Namespace) -> int:
    """Run the command.

    Raises:
        BadInputError: If the data, an option or the directory cannot be used.
    """
    source = find(options)
    out = options.out or Path("runs", source.name)
    try:
        planned = plan(source, options)
    except (ValueError, ShapeError) as error:
        raise BadInputError(f"{options.data}: {one_line(error)}") from None
    writable(out)  # before the training, not after it
    say = _silent if options.quiet else _say
    say(_introduction(planned))
    run = train(planned, progress=not options.quiet)
    if run.history.interrupted:
        print(f"interrupted in epoch {len(run.history.rows)}: writing what was learnt", file=sys.stderr)
    if run.failure:
        print(f"python -m nn: error: training stopped: {run.failure}", file=sys.stderr)
    judged = judge(planned)
    say(_outcome(run, judged))
    try:
        _write(out, run, judged, options.arguments, say)
    except OSError as error:
        raise refusal(error) from None
    if run.failure:
        print(f"what was learnt until then was written to {out}", file=sys.stderr)
        return NOT_FINITE
    return INTERRUPTED if run.history.interrupted else DONE


def _say(text: str) -> None:
    print(text, flush=True)


def _silent(text: str) -> None:
    pass


def _introduction(plan: Plan) -> str:
    source, target, chosen = plan.source, plan.pipeline.target, plan.recipe
    what = f"{len(target.classes)} classes" if target.classes else "a number"
    parts = ", ".join(f"{number(len(part.answers))} {part.name}" for part in plan.parts)
    early = f", stopping early after {chosen.patience} epochs without improvement" if chosen.patience else ""
    return (
        f"{source.name}: {number(len(source.answers))} samples with {len(source.names)} columns; "
        f"target {source.target}: {what}\n"
        f"split by seed {plan.seed}: {parts}\n"
        f"{plan.pipeline.network!r}\n"
        f"{chosen.loss.replace('_', ' ')}; {chosen.optimizer} with learning rate {chosen.learning_rate:g}, "
        f"L2 {chosen.l2:.2g}, dropout {plan.dropout:g}\n"
        f"at most {chosen.epochs} epochs in minibatches of {chosen.batch_size}{early}"
    )


def _outcome(run: Run, judged: list[Judged]) -> str:
    header, rows = figures_table(judged)
    kept = f"; the weights of epoch {run.best_epoch} are kept" if run.best_epoch else ""
    epochs = len(run.history.rows)
    return (
        f"\n{table(header, rows)}\n\n{run.plan.pipeline.network.n_parameters} parameters, trained in "
        f"{seconds(run.seconds).removesuffix(' s')} seconds, {epochs} epoch{'' if epochs == 1 else 's'}{kept}"
    )


def _write(out: Path, run: Run, judged: list[Judged], arguments: list[str], say: Callable[[str], None]) -> None:
    """Write the files, what matters most first: each is whole, or what was there before stays."""
    for warning in warnings_of(run, judged):
        print(f"warning: {warning}", file=sys.stderr)
    made = pictures(run, judged[-2])
    command = shlex.join(["python", "-m", "nn", *arguments])
    written = page(report(run, judged, made, command, shlex.quote(str(out)))).encode("utf-8", "replace")
    save(run.plan.pipeline, out / FILE)
    files = {"history.csv": _history(run), "report.html": written, **{name: p.content for name, p in made.items()}}
    for name, content in files.items():
        write(out / name, content)
    say("\nwritten:\n" + "\n".join(f"  {out / name}" for name in [FILE, *files]))
    say(f"\nnext: python -m nn predict {shlex.quote(str(out))} DATA.csv, and a browser for report.html")


def _history(run: Run) -> bytes:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "history.csv")
        run.history.to_csv(path)
        return path.read_bytes()
