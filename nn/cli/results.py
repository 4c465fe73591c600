"""What the report of a run says: in which words, tables and pictures, and what to be warned of.

It owns these words; it must not know how the page looks.
Read next: `report.py`, which makes a page of them.
"""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import autograd

from ..readable import Cell, aligned, number, seconds, share
from .measures import Judged, classes_table, figures_table
from .names import isolated
from .recipes import n_parameters
from .report import Code, Picture, Report, Section, Table, Text, Tile
from .run import Run
from .show import settings_rows, shortened, treatment

__all__ = ["report", "warnings_of"]

MANY_ROWS = 16
"""Longer tables have to be unfolded."""

PARTS = {"train": "training part", "validation": "validation part", "test": "test part"}


def report(run: Run, judged: list[Judged], pictures: Mapping[str, Picture], command: str, place: str) -> Report:
    """The report.

    Args:
        run: The run.
        judged: Its parts, then the baseline on the last of them.
        pictures: What was drawn, by the name of the file.
        command: What repeats the run.
        place: The directory of the run, as a shell takes it.
    """
    name, warnings = isolated(run.plan.source.name), [*_ended(run), *warnings_of(run, judged)]
    sections = [
        Section("Results", list(_results(run, judged, pictures))),
        *([Section("Decision boundary", [pictures["decision_boundary.png"]])] if "decision_boundary.png" in pictures
          else []),
        Section("Learning", list(_learning(run, pictures))),
        Section("Network", list(_network(run, pictures))),
        Section("Data", list(_data(run))),
        Section("Repeating it", list(_repeating(run, command, place))),
    ]  # fmt: skip
    return Report(
        name, _summary(run, judged), _tiles(run, judged), warnings, sections,
        f"Made by scalar-autograd {autograd.__version__}. The page needs no network; all pictures are part of it.",
    )  # fmt: skip


def warnings_of(run: Run, judged: list[Judged]) -> list[str]:
    """What a reader should know before trusting the figures, beside how training ended."""
    return [*_of_training(run), *_of_figures(run, judged), *_of_data(run), *run.warnings]


def _ended(run: Run) -> Iterator[str]:
    epochs, plan = len(run.history.rows), run.plan
    kept = f"the weights of epoch {run.best_epoch}" if run.best_epoch else "the last good weights"
    if run.failure:
        yield f"Training stopped, as something was not finite: {run.failure}. What is reported here has {kept}."
    elif run.history.interrupted:
        yield f"Training was interrupted in epoch {epochs} of {plan.recipe.epochs}. What is reported here has {kept}."


def _of_training(run: Run) -> Iterator[str]:
    stopped, epochs = run.failure or run.history.interrupted, run.plan.recipe.epochs
    if run.best_epoch > 0.95 * epochs and not stopped:
        yield (
            f"The validation loss was still falling at the end: more than {epochs} epochs (--epochs) may "
            "give a better network."
        )


def _of_figures(run: Run, judged: list[Judged]) -> Iterator[str]:
    *_, last, baseline = judged
    names = [part.name for part in run.plan.parts]
    if "test" not in names:
        seen = "which training has seen" if last.name == "train" else "by which the epoch was chosen"
        yield f"There is no test part: the best figures are those of the {PARTS[last.name]}, {seen}."
    leading = "accuracy" if run.plan.pipeline.target.classes else "r2"
    reached, without = last.figures[leading], baseline.figures[leading]
    if reached is not None and without is not None and reached <= without:
        yield f"On the {PARTS[last.name]} the network is no better than the baseline, which knows no inputs."
    if len(last.true) < 30:
        moved = f": one of them is {share(1 / len(last.true), 10)} of the accuracy" if leading == "accuracy" else ""
        yield f"The {PARTS[last.name]} has only {len(last.true)} samples{moved}. Its figures are rough."


def _of_data(run: Run) -> Iterator[str]:
    plan = run.plan
    counts = Counter(map(str, plan.source.answers)) if plan.pipeline.target.classes else Counter()
    if counts:
        (name, n), total = min(counts.items(), key=lambda item: item[1]), sum(counts.values())
        if n < 0.15 * total and n < 0.5 * total / len(counts):
            yield (
                f"Only {number(n)} of {number(total)} samples are of the class {isolated(name)}: look at "
                "the balanced accuracy and at the recall of this class."
            )
    constant = [c.name for c in plan.pipeline.preprocessing.columns if getattr(c, "scale", 1.0) == 0.0]
    if constant:
        yield f"The same number in every row of the training part, and so without use: {shortened(constant)}."
    for name, reason in list(plan.source.ignored.items())[:5]:
        if reason != "left out as asked":
            yield f"The column '{isolated(name)}' is not used: it {reason}."
    for i, name in enumerate(plan.source.names):
        if plan.source.kinds[i] == "numeric" and _counts_rows(plan.source.column(i)):
            shown = isolated(name)
            yield (
                f"The column '{shown}' counts the rows, and says nothing about others: leave it out (--ignore {shown})."
            )


def _counts_rows(values: list[Any]) -> bool:
    """Whether every value is one more than the one before."""
    return len(values) > 2 and all(None not in (a, b) and b == a + 1 for a, b in pairwise(values))


def _summary(run: Run, judged: list[Judged]) -> str:
    plan, target = run.plan, run.plan.pipeline.target
    *_, last, baseline = judged
    names, wanted = [isolated(name) for name in target.class_names], isolated(plan.source.target)
    apart = f"tell {' and '.join(names) if len(names) == 2 else f'{len(names)} classes'} apart"
    learnt = (
        f"A network of {number(plan.pipeline.network.n_parameters)} parameters learnt to "
        f"{apart if names else f'predict {wanted}'} from {_many(len(plan.source.names), 'column')}."
    )
    seen = {"test": "never seen before", "validation": "used to choose the epoch", "train": "trained on"}[last.name]
    n = len(last.true)
    if names:
        right = [share(part.figures["accuracy"] or 0.0, n) for part in (last, baseline)]
        return (
            f"{learnt} Of {number(n)} samples {seen}, it gets {right[0]} right; the answer that knows no inputs, "
            f"{baseline.name}, {right[1]}."
        )
    errors = aligned([last.figures["mae"], baseline.figures["mae"]])
    return (
        f"{learnt} On {number(n)} samples {seen}, it is off by {errors[0]} on average; the answer that knows no "
        f"inputs, {baseline.name}, by {errors[1]}."
    )


def _many(n: int, thing: str) -> str:
    return f"{number(n)} {thing}{'' if n == 1 else 's'}"


def _tiles(run: Run, judged: list[Judged]) -> list[Tile]:
    *_, last, baseline = judged
    network, recipe = run.plan.pipeline.network, run.plan.recipe
    where = f"{PARTS[last.name]}, {_many(len(last.true), 'sample')}"
    if run.plan.pipeline.target.classes:
        n = len(last.true)
        figures = [
            Tile("Accuracy", share(last.figures["accuracy"] or 0.0, n), where),
            Tile("Baseline", share(baseline.figures["accuracy"] or 0.0, n), baseline.name),
            Tile("ROC AUC", aligned([last.figures["roc_auc"]])[0], "0.5 for guessing, 1 at best"),
        ]
    else:
        errors = aligned([last.figures["mae"], baseline.figures["mae"]])
        figures = [
            Tile("R²", aligned([last.figures["r2"]])[0], f"{where}; 0 for the mean, 1 at best"),
            Tile("Mean absolute error", errors[0], f"in units of {isolated(run.plan.source.target)}"),
            Tile("Baseline", errors[1], f"{baseline.name}: its mean absolute error"),
        ]
    layers = "–".join(map(str, [len(run.plan.pipeline.preprocessing.feature_names), *recipe.hidden, recipe.n_outputs]))
    return [
        *figures,
        Tile("Parameters", number(network.n_parameters), f"layers {layers}"),
        Tile("Training", seconds(run.seconds), _many(len(run.history.rows), "epoch")),
    ]


def _results(run: Run, judged: list[Judged], pictures: Mapping[str, Picture]) -> Iterator[Any]:
    header, rows = figures_table(judged)
    yield Table(header, rows, "Figures of each part, and of an answer that knows no inputs", emphasis=[len(judged) - 2])
    yield Text(_explanation(run, judged))
    last = judged[-2]
    if run.plan.pipeline.target.classes:
        yield pictures["confusion_matrix.png"]
        if "mistakes.png" in pictures:
            yield pictures["mistakes.png"]
        header, rows = classes_table(run.plan, last)
        yield Table(header, rows, f"Each class in the {PARTS[last.name]}", folded=len(rows) > MANY_ROWS)
    else:
        yield pictures["residuals.png"]


def _explanation(run: Run, judged: list[Judged]) -> str:
    if run.plan.pipeline.target.classes:
        return (
            "Accuracy is the share of right answers; balanced accuracy the mean of that share over the classes; ROC "
            "AUC the chance that a sample of a class gets a higher probability of it than one of another; log loss the "
            "cross-entropy, which falls as probabilities become honest."
        )
    return (
        "R² is the share of the variance that is explained; MAE the mean absolute error and RMSE the root of the mean "
        f"squared error, both in units of {isolated(run.plan.source.target)}."
    )


def _learning(run: Run, pictures: Mapping[str, Picture]) -> Iterator[Any]:
    chosen = run.plan.recipe
    names = {"adam": "Adam", "sgd": "SGD"}
    ended = f" Training ended early: {run.history.stopped.replace('_', ' ')}." if run.history.stopped else ""
    kept = f" The weights of epoch {run.best_epoch} were the best and were kept." if run.best_epoch else ""
    yield Text(
        f"{names.get(chosen.optimizer, chosen.optimizer)} with learning rate {number(chosen.learning_rate)} on "
        f"{chosen.loss.replace('_', ' ')}, in minibatches of {chosen.batch_size}: {len(run.history.rows)} of at most "
        f"{_many(chosen.epochs, 'epoch')}.{ended}{kept}"
    )
    if run.pace:
        yield Text(f"The network is made of scalar Values, and its training was c{str(run.pace)[1:]}.")
    if "learning_curve.png" in pictures:
        yield pictures["learning_curve.png"]


def _network(run: Run, pictures: Mapping[str, Picture]) -> Iterator[Any]:
    yield pictures["network.svg"]
    plan = run.plan
    sizes = [len(plan.pipeline.preprocessing.feature_names), *plan.recipe.hidden, plan.recipe.n_outputs]
    rows: list[list[Cell]] = [["inputs", "", sizes[0], None, None]]
    for i, (fan_in, n) in enumerate(pairwise(sizes)):
        hidden = i < len(plan.recipe.hidden)
        name, activation = (f"hidden layer {i + 1}", plan.recipe.activation) if hidden else ("output layer", "linear")
        rows.append([name, activation, n, fan_in * n, n_parameters(fan_in, [n])])
    total: list[Cell] = [sum(int(row[k] or 0) for row in rows[1:]) for k in (2, 3, 4)]
    header = ["layer", "activation", "units", "weights", "parameters"]
    yield Table(header, [*rows, ["all layers", "", *total]], left=2, emphasis=[len(rows)])


def _data(run: Run) -> Iterator[Any]:
    plan, source = run.plan, run.plan.source
    parts = ", ".join(f"{number(len(part.answers))} {part.name}" for part in plan.parts)
    way = "each class by its share" if plan.pipeline.target.classes else "at random"
    yield Text(
        f"From {isolated(source.origin, 200)}: {_many(len(source.answers), 'sample')} with "
        f"{_many(len(source.names), 'column')}. Split {way}, by seed {plan.seed}: {parts}. "
        "What is done to a column was learnt from the training part alone."
    )
    yield _target_table(run)
    rows = [_column_row(run, i) for i in range(len(source.names))]
    header = ["column", "what the network gets", "missing", "smallest", "mean", "largest"]
    yield Table(header, rows, f"The {len(rows)} columns", left=2, folded=len(rows) > MANY_ROWS)
    if source.ignored:
        yield Table(
            ["column", "why it is not used"], [[isolated(name), why] for name, why in source.ignored.items()], left=2
        )


def _target_table(run: Run) -> Table:
    plan, target = run.plan, run.plan.pipeline.target
    caption = f"What is predicted, {isolated(plan.source.target)}, in each part"
    if target.classes:
        counts = {part.name: Counter(target.encode(part.answers).tolist()) for part in plan.parts}
        rows: list[list[Cell]] = [
            [isolated(name), sum(c[k] for c in counts.values()), *[c[k] for c in counts.values()]]
            for k, name in enumerate(target.class_names)
        ]
        return Table(["class", "all", *counts], rows, caption, folded=len(rows) > MANY_ROWS)
    spans = [_span(list(part.answers)) for part in plan.parts]
    rows = [[part.name, len(part.answers), *span] for part, span in zip(plan.parts, spans, strict=True)]
    return Table(["part", "samples", "smallest", "mean", "largest"], rows, caption)


def _span(values: list[float]) -> list[str]:
    """Smallest, mean and largest."""
    low, high = min(values), max(values)
    mean = sum(x / len(values) for x in values)
    return aligned([float(low), float(mean), float(high)], digits=4)


def _column_row(run: Run, i: int) -> list[Cell]:
    source, column = run.plan.source, run.plan.pipeline.preprocessing.columns[i]
    values = [value for value in source.column(i) if value is not None]
    missing = len(source.answers) - len(values)
    if column.kind == "text":
        return [isolated(column.name), treatment(column), missing, None, None, None]
    return [isolated(column.name), _short_treatment(column), missing, *_span(values)]


def _short_treatment(column: Any) -> str:
    return "standardised" if column.scale else "nothing: always the same"


def _repeating(run: Run, command: str, place: str) -> Iterator[Any]:
    yield Text("The same command with the same data and versions gives the same network, bit for bit:")
    yield Code(command)
    yield Text("To predict for new rows, and to see what the model is:")
    yield Code(f"python -m nn predict {place} DATA.csv\npython -m nn show {place}")
    yield Table(["setting", "value"], settings_rows(run.plan.pipeline.settings), "Settings", left=2, folded=True)
    yield Table(["software", "version"], _versions(), "Versions", left=2)


def _versions() -> list[list[Cell]]:
    from importlib.metadata import version

    rows: list[list[Cell]] = [
        ["scalar-autograd", autograd.__version__],
        [platform.python_implementation(), platform.python_version()],
    ]
    return rows + [[name, version(name)] for name in ("numpy", "scikit-learn", "matplotlib", "safetensors")]
