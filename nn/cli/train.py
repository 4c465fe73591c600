"""`train`: from a data set or a CSV file to a directory with the model and all there is to know about it.

It owns what is printed and which files are written, in which order; it must not know how training works.
Read next: `run.py`, which trains, and `results.py`, which makes the report.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from autograd import ShapeError

from ..data import DATASETS
from ..readable import number, seconds
from ..serialization import save
from .errors import BAD_INPUT, DONE, INTERRUPTED, NOT_FINITE, BadInputError, complain, one_line, warn
from .files import content_of, distinct, refusal, undisturbed, writable, write_together
from .measures import Judged, figures_table, judge
from .model import FILE
from .names import isolated
from .pictures import pictures
from .report import page
from .results import report, warnings_of
from .run import Plan, Run, plan, train
from .source import as_options, find
from .text import say, table

__all__ = ["train_command"]


RUN_FILES = (
    FILE, "history.csv", "report.html", "learning_curve.png", "confusion_matrix.png", "mistakes.png",
    "residuals.png", "decision_boundary.png", "network.svg",
)  # fmt: skip
"""All files that a run may have."""

STOPPED = "interrupted"
"""What is said of a run whose user would not wait for the report."""


def train_command(options: argparse.Namespace) -> int:
    """Run the command.

    Raises:
        BadInputError: If the data, an option or the directory cannot be used, or a file cannot be written.
        KeyboardInterrupt: If it was stopped when there was nothing to write.
    """
    try:
        planned, out, made = _prepared(options)
        tell = _silent if options.quiet else say
        tell(_introduction(planned, out))
        run = train(planned, progress=not options.quiet)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("interrupted; nothing was written") from None
    if not run.history.rows:
        return _nothing(run, made)
    try:
        status, written = _save(run, out, options.arguments)
    except OSError as error:
        raise refusal(error) from None
    except ValueError as error:
        raise BadInputError(f"the model could not be saved: {error}") from None
    try:
        tell(written)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"interrupted; all files were written to {out}") from None
    return status


def _prepared(options: argparse.Namespace) -> tuple[Plan, Path, list[Path]]:
    """The plan, the directory, both known to be of use, and the directories that were made for it."""
    source = find(options)
    out = options.out or Path("runs", source.name)
    read = [] if options.data in DATASETS else [Path(options.data)]
    for file in RUN_FILES:
        distinct(out / file, read)
    try:
        planned = plan(source, options)
    except (ValueError, ShapeError) as error:
        raise BadInputError(f"{options.data}: {as_options(one_line(error))}") from None
    made = [directory for directory in (out, *out.parents) if not directory.exists()]
    writable(out, RUN_FILES)  # before the training, not after it
    try:
        _check_savable(planned, out)
    except BadInputError:
        _remove_empty(made)
        raise
    return planned, out, made


def _check_savable(plan: Plan, out: Path) -> None:
    """That there is room for the model, and that it is of a form that can be loaded again: not so with 300 layers.

    Raises:
        BadInputError: If it could not be saved.
    """
    try:
        content_of(FILE, out, partial(save, plan.pipeline))
    except OSError as error:
        raise refusal(error) from None
    except ValueError as error:
        raise BadInputError(f"the model could not be saved: {error}; take fewer --hidden layers") from None


def _remove_empty(directories: list[Path]) -> None:
    with suppress(OSError):
        for directory in directories:
            directory.rmdir()


def _nothing(run: Run, made: list[Path]) -> int:
    """The status of a run without an epoch: what was saved before is worth more than a network that learnt nothing."""
    _remove_empty(made)
    if run.failure:
        complain(f"training stopped: {run.failure}; nothing was written")
        return NOT_FINITE
    raise KeyboardInterrupt("interrupted before the end of the first epoch; nothing was written")


@dataclass
class _Told:
    """What there is to say of a run; trouble is what ended the making of it, if something did."""

    outcome: str = ""
    warnings: Sequence[str] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    trouble: str = ""


def _save(run: Run, out: Path, arguments: list[str]) -> tuple[int, str]:
    """Write the files and say what went wrong before; the exit status, and what to print of a run that went well."""
    if run.history.interrupted:
        print(f"interrupted in epoch {len(run.history.rows)}: writing what was learnt", file=sys.stderr)
    told = _tell(run, shlex.join(["python", "-m", "nn", *arguments]), shlex.quote(str(out)))
    with undisturbed():
        names = _write(out, run, told)
    for warning in told.warnings:
        warn(warning)
    if run.failure:
        complain(f"training stopped: {run.failure}; what was learnt until then was written to {out}")
    if told.trouble:
        complain(f"{told.trouble}; {' and '.join(names)} were written to {out}, but no report and no pictures")
        return INTERRUPTED if told.trouble == STOPPED else BAD_INPUT, ""
    listed = "\n".join(f"  {out / file}" for file in names)
    then = f"next: python -m nn predict {shlex.quote(str(out))} DATA.csv, and a browser for report.html"
    status = NOT_FINITE if run.failure else INTERRUPTED if run.history.interrupted else DONE
    return status, f"{told.outcome}\n\nwritten:\n{listed}\n\n{then}"


def _tell(run: Run, command: str, place: str) -> _Told:
    """Figures, report and pictures, which take seconds; what was learnt is not to be lost meanwhile."""
    try:
        judged = judge(run.plan)
        files = _described(run, judged, command, place)
        return _Told(_outcome(run, judged), warnings_of(run, judged), files)
    except KeyboardInterrupt:
        return _Told(trouble=STOPPED)
    except MemoryError:
        return _Told(trouble="there is not enough memory")
    except Exception as error:  # whatever a picture stumbles over
        return _Told(trouble=f"the report could not be made: {type(error).__name__}: {error}")


def _write(out: Path, run: Run, told: _Told) -> list[str]:
    """Write all files, and give their names; files of an older run in that directory go, as they describe another."""
    old_run = (out / FILE).exists()
    files = {
        FILE: content_of(FILE, out, partial(save, run.plan.pipeline)),
        "history.csv": content_of("history.csv", out, run.history.to_csv),
        **told.files,
    }
    try:
        write_together(out, files, [file for file in RUN_FILES if file not in files] if old_run else [])
    except OSError as error:
        if old_run or (out / FILE).exists():
            raise
        write_together(out, {file: files[file] for file in (FILE, "history.csv")})  # rather than losing all
        raise OSError(error.errno, f"{error.strerror}. {FILE} and history.csv were written") from error
    return list(files)


def _described(run: Run, judged: list[Judged], command: str, place: str) -> dict[str, bytes]:
    """The report and the pictures."""
    made = pictures(run, judged[-2])
    written = page(report(run, judged, made, command, place)).encode("utf-8", "replace")
    return {"report.html": written, **{file: picture.content for file, picture in made.items()}}


def _silent(text: str) -> None:
    pass


def _introduction(plan: Plan, out: Path) -> str:
    source, target, chosen = plan.source, plan.pipeline.target, plan.recipe
    what = f"{len(target.classes)} classes" if target.classes else "a number"
    parts = ", ".join(f"{number(len(part.answers))} {part.name}" for part in plan.parts)
    stops = 0 < chosen.patience < chosen.epochs
    early = f", stopping early after {chosen.patience} epochs without improvement" if stops else ""
    n = len(source.names)
    replaced = f"\nthe run that is in {out} will be replaced" if (out / FILE).exists() else ""
    return (
        f"{isolated(source.name)}: {number(len(source.answers))} samples with {number(n)} "
        f"column{'' if n == 1 else 's'}; target {isolated(source.target)}: {what}\n"
        f"split by seed {plan.seed}: {parts}\n"
        f"{plan.pipeline.network!r}\n"
        f"{chosen.loss.replace('_', ' ')}; {chosen.optimizer} with learning rate {chosen.learning_rate:g}, "
        f"L2 {chosen.l2:.2g}, dropout {plan.dropout:g}\n"
        f"at most {chosen.epochs} epoch{'' if chosen.epochs == 1 else 's'} in minibatches of {chosen.batch_size}"
        f"{early}{replaced}"
    )


def _outcome(run: Run, judged: list[Judged]) -> str:
    header, rows = figures_table(judged)
    kept = f"; the weights of epoch {run.best_epoch} are kept" if run.best_epoch else ""
    epochs = len(run.history.rows)
    return (
        f"\n{table(header, rows)}\n\n{run.plan.pipeline.network.n_parameters} parameters, trained in "
        f"{seconds(run.seconds).removesuffix(' s')} seconds, {epochs} epoch{'' if epochs == 1 else 's'}{kept}"
        + (f"\n{run.pace}" if run.pace else "")
    )
