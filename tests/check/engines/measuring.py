"""What the diagnosis says of the broken engines, and of the right ones."""

import functools
import multiprocessing
import random
import tempfile
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from autograd.check.conformance import examine
from autograd.check.diagnosis import diagnose
from autograd.check.programs import observe

from .mistakes import PLANTED
from .mistakes_composed import COMPOSED
from .mistakes_local import LOCAL
from .planting import STYLES, Style, edited, loaded
from .speaking import PROGRAMS, speaker
from .variants import VARIANTS

TOGETHER = 30  # engines of each style with two or three mistakes
TIME_LIMIT = 0.5  # seconds for a case of an engine that may hang: what does not end, does not end in less either
PROCESSES = 2
OPERATIONS = {planted.where for planted in LOCAL}


class Given(NamedTuple):
    """What is kept of a diagnosis."""

    mistake: str
    where: str
    level: str


class Several(NamedTuple):
    """Mistakes of one style, whose texts do not overlap, in one engine."""

    style: Style
    planted: tuple
    source: str

    def __str__(self):
        return " + ".join(f"{one.mistake} ({one.where})" for one in self.planted)


def diagnoses(engine):
    """What the diagnosis says of an engine, the most certain first."""
    if getattr(engine, "isolated", False):
        found = _in_a_subprocess(engine)
    else:
        with loaded(engine.source, _style(engine).value_class) as value_class:
            found = diagnose(value_class)
    return tuple(Given(diagnosis.mistake, diagnosis.where, diagnosis.level) for diagnosis in found)


def _style(engine):
    return engine if isinstance(engine, Style) else engine.style


def _in_a_subprocess(engine):
    """The same for an engine that may never end, which is examined under limits."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "engine.py"
        file.write_text(engine.source, "utf-8")
        return examine(f"{file}:{engine.style.value_class}", time_limit=TIME_LIMIT).diagnoses


def measured(engines):
    """The diagnoses of each engine, found by some processes side by side."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=spawn) as pool:
        return dict(zip(engines, pool.map(diagnoses, engines, chunksize=4), strict=True))


def is_right(planted, given):
    """Whether a true name comes first."""
    return given[:1] != () and given[0].mistake in (planted.mistake, *planted.also_right)


def is_right_place(planted, given):
    """Whether the place that is named first is the operation of the mistake; `__rsub__` belongs to sub."""
    return given[:1] != () and planted.where in (given[0].where, f"r{given[0].where}")


def all_named(together, given):
    """Whether every mistake in the engine is among the names."""
    return all({one.mistake, *one.also_right} & {found.mistake for found in given} for one in together.planted)


@functools.cache
def several(style):
    """Pairs and triples of mistakes in one engine of the style, drawn with a fixed seed.

    Each of them shows: without it the engine would do something else. (A second mistake in an engine whose gradients
    are all 0 does not.)
    """
    rng = random.Random(f"several {style.name}")
    candidates = [planted for planted in PLANTED if planted.style == style and not planted.isolated]
    found = []
    while len(found) < TOGETHER:
        planted = tuple(rng.sample(candidates, rng.choice((2, 3))))
        if len({one.mistake for one in planted}) < len(planted):
            continue  # of one name twice nobody could tell whether both were found
        try:
            source = _source(planted)
        except ValueError:
            continue
        if all(_shows(planted, one) for one in planted):
            found.append(Several(style, planted, source))
    return tuple(found)


def _source(planted):
    return edited(planted[0].style.source, [edit for one in planted for edit in one.edits])


def _shows(planted, one):
    style = one.style
    others = [other for other in planted if other is not one]
    with (
        loaded(_source(planted), style.value_class) as with_it,
        loaded(_source(others), style.value_class) as without_it,
    ):
        engines = speaker(with_it, style), speaker(without_it, style)
        return any(len({observe(program, engine) for engine in engines}) > 1 for program in PROGRAMS)


def false_alarms(variant, given):
    """What should not have been said; that recursion ends at a depth of 1000 is true of a recursive engine."""
    recursive = getattr(variant, "recursive", False)
    return [one for one in given if not (recursive and one.mistake == "recursion-limit" and one.level == "robust")]


def table(given):
    """The first name for every mistake and style, as lines of text; an empty cell where it cannot be made."""
    rows = defaultdict(lambda: defaultdict(list))
    for planted, found in given.items():
        rows[planted.mistake, planted.where][planted.style.name].append(_cell(planted, found))
    width = max(len(f"{mistake} ({where})") for mistake, where in rows) + 2
    yield " " * width + "".join(f"{style.name:26}" for style in STYLES).rstrip()
    for (mistake, where), cells in rows.items():
        line = "".join(f"{', '.join(cells[style.name]):26}" for style in STYLES)
        yield f"{f'{mistake} ({where})':{width}}{line}".rstrip()


def _cell(planted, found):
    first = found[0].mistake if found else "nothing"
    if first == planted.mistake:
        return "="
    return f"({first})" if first in planted.also_right else first


def totals(given):
    """The share of right first names, by style and of all, as lines of text."""
    for style in (*STYLES, None):
        of_style = [planted for planted in given if style in (planted.style, None)]
        yield f"{style.name if style else 'all':12} {_share(sum(is_right(p, given[p]) for p in of_style), of_style)}"
    another = sum(found[:1] != () and found[0].mistake in planted.also_right for planted, found in given.items())
    yield f"of these {another} by another name that is true of them"
    keys = {planted.mistake for planted in given}
    lessons = {(planted.mistake, planted.where) for planted in given}
    yield f"{len(keys)} kinds of mistake, {len(lessons)} with the operation or place"
    local = [planted for planted in given if planted.where in OPERATIONS]
    places = sum(is_right_place(planted, given[planted]) for planted in local)
    yield f"of a mistake in one operation, the operation named first: {_share(places, local)}"


def _share(count, of):
    return f"{count:4} of {len(of):4}  {100 * count / len(of):.1f} %"


def main():
    """Print the table; the exit status says whether nine of ten were named and nothing was said of right engines."""
    together = [one for style in STYLES for one in several(style)]
    engines = (*VARIANTS, *STYLES)
    found = measured((*PLANTED, *COMPOSED, *engines, *together))
    print(
        "The first name given for every mistake planted; = where it is the mistake's, in brackets where it is another"
    )
    print("that is true of it; empty where the mistake cannot be made in that style\n")
    print("\n".join(table({planted: found[planted] for planted in PLANTED})), end="\n\n")
    for title, some in (("The right name first", PLANTED), ("The same in engines of composed operations", COMPOSED)):
        print("\n".join((title, *totals({planted: found[planted] for planted in some}))), end="\n\n")
    alarms = {str(engine): wrong for engine in engines if (wrong := false_alarms(engine, found[engine]))}
    print(f"false alarms on right engines: {_share(len(alarms), engines)}")
    print("".join(f"    {name}: {given}\n" for name, given in alarms.items()), end="")
    named = sum(all_named(one, found[one]) for one in together)
    print(f"two or three mistakes at once, all of them named: {_share(named, together)}")
    right = sum(is_right(planted, found[planted]) for planted in PLANTED)
    return bool(alarms) or right < 0.9 * len(PLANTED)
