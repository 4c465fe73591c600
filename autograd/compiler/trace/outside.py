"""What a function reads besides its arguments: code, closures, globals, attributes, and the functions that it calls.

A trace holds as long as these are as they were. This file owns how they are found and compared; it must not know what
is kept for them. Read next: `../rewrite/rewriting.py`, the next chapter.

    >>> from autograd import tanh
    >>> scale = [2.0]
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** scale[0]
    >>> outside = Outside(f)
    >>> outside.changed() is None
    True
    >>> scale[0] = 3.0
    >>> outside.changed()
    'scale'

Of what is large each look compares the length and another part: a change is seen after as many looks as there are
parts of 10,000. What stands in a list so long is watched by its identity alone, as is what cannot be looked into, an
object of C: a change within a row of such a list is not seen. The data of the parameters do not count, those of other
Values do; nor does what a generator of random numbers has drawn.
"""

from __future__ import annotations

import operator
import os
import random
import sys
import sysconfig
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dis import get_instructions, opmap
from functools import partial
from itertools import cycle, islice
from types import CellType, CodeType, FunctionType, MappingProxyType, ModuleType
from typing import Any
from zlib import crc32

import numpy as np

from ...engine import Value
from ...functions import OPS
from .samples import MISSING, flatten_parameters, slots_of

__all__ = ["Outside", "is_library_file"]

NUMBERS = (int, float, complex)
SIMPLE = (int, float, complex, str, bytes, bool, type(None))
CONTAINERS = (list, dict, set, frozenset, tuple, deque, MappingProxyType)
REFILLED = (list, dict, set, deque)
ARRAYS = (np.ndarray, array, bytearray, memoryview)
GENERATORS = (random.Random, np.random.RandomState, np.random.Generator)
TABLE = {id(op): op for op in OPS}  # these do not change
FEW = 16  # things with numbers, that are compared in each call; they have no more elements each
LIMIT = 10_000  # elements of a list, a dict or an array that are compared at one look
PLACES = tuple([sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")])
AUTOGRAD = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
PACKAGE = __name__.partition(".trace")[0] + "."  # of the compiler
OWN = AUTOGRAD + os.sep, os.path.join(os.path.dirname(AUTOGRAD), "nn") + os.sep
HELD = "__func__", "__self__", "fget", "func", "args", "keywords", "mapping"  # what methods, properties, views are of
BY_TEXT = "globals", "modules", "getattr", "import_module", "__import__", "attrgetter"  # whose names stand in texts
IMPORT = opmap["IMPORT_NAME"]
rules_of = operator.attrgetter("__code__", "__defaults__", "__kwdefaults__")
get_data = operator.attrgetter("data")


class Outside:
    """What a function reads besides its arguments, as it is when this is made.

    Args:
        f: The function.
        params: What it is called with, where attributes of it decide, as `model.training`.
    """

    def __init__(self, f: Any, *params: Any) -> None:
        self._seen: dict[int, Any] = TABLE.copy()  # kept, so that no other object gets their identity
        self._watched: list[tuple[str, Callable[[Any, Any], Any], Callable[[], Any], Any]] = []
        self._names: list[str] = []  # of containers, which are
        self._containers: list[Any] = []  # compared all at once with
        self._copies: list[Any] = []
        self._places: list[tuple[str, Callable[[Any], Any], Callable[[], Any], Any]] = []  # to write what was read
        self._values: dict[Value, str] = {}
        self.parts = 1  # so many looks see all that there is
        self._live: list[Any] = []  # what is compared in each call: things with their copies,
        self._copied: list[Any] = []
        self._reads: list[Callable[[], Any]] = []  # and what is read with what was read
        self._found: list[Any] = []
        self._chance = [("random", *_state_of(random)), ("np.random", *_state_of(np.random))]
        parameters = set(flatten_parameters(params))
        waiting = [("", thing) for thing in reversed((f, *params))]
        while waiting:
            name, thing = waiting.pop()
            if isinstance(thing, Value):
                if type(thing) is not Value:  # a class of the user's, with methods and attributes
                    waiting += [(name, type(thing)), (name, getattr(thing, "__dict__", None))]
                if thing not in parameters:
                    self._values[thing] = name
                    self._look_always(partial(get_data, thing), thing.data, self._reads, self._found)
            elif type(thing) in GENERATORS:
                self._chance.append((name, *_state_of(thing)))
            elif not (isinstance(thing, (*SIMPLE, ModuleType)) or id(thing) in self._seen):
                self._seen[id(thing)] = thing
                waiting += reversed(list(self._look_into(name, thing)))
        self._data = list(map(get_data, self._values))

    def changed(self) -> str | None:
        """The name of something that is not as it was; None if all is."""
        for name, is_same, read, before in self._watched:
            if not is_same(read(), before):
                return name
        if not _equal(self._containers, self._copies):
            triples = zip(self._names, self._containers, self._copies, strict=True)
            return next(_element(name, thing, copy) for name, thing, copy in triples if not _equal([thing], [copy]))
        if list(map(get_data, self._values)) != self._data:
            return next(name for (v, name), x in zip(self._values.items(), self._data, strict=True) if v.data != x)
        return None

    def replaced(self) -> str | None:
        """The name of a number or a Value for which another stands now; what is new does not count, as in a cache."""
        for name, thing, copy in zip(self._names, self._containers, self._copies, strict=True):
            if isinstance(copy, (dict, list, deque)) and _identities(thing) != _identities(copy):
                nows = map(thing.get, copy) if isinstance(copy, dict) else thing
                befores = copy.values() if isinstance(copy, dict) else copy
                if any(_is_number(x) and not _equal([now], [x]) for now, x in zip(nows, befores, strict=False)):
                    return _element(name, thing, copy)
        return next((name for name, _, read, x in self._places if _is_number(x) and not _equal([read()], [x])), None)

    def drawn(self) -> str | None:
        """The name of a generator of numpy's that has drawn random numbers since; of its calls no profile tells."""
        numpys = [(name, read(), state) for name, _, read, state in self._chance if isinstance(state, dict)]
        return next((name for name, now, before in numpys if _plain(now) != _plain(before)), None)

    def restore(self) -> None:
        """Put back what stands in lists, dicts, sets, attributes of objects, names, small arrays and generators."""
        for thing, copy in zip(self._containers, self._copies, strict=True):
            if isinstance(thing, REFILLED) and _identities(thing) != _identities(copy):
                thing.clear()
                (thing.extend if isinstance(thing, (list, deque)) else thing.update)(copy)
        for _, write, read, before in self._places:
            if before is not MISSING and read() is not before:
                write(before)
        for _, write, _, state in self._chance:
            write(state)

    def has_other_numbers(self) -> bool:
        """Whether one of the numbers that are compared in each call, in less than a microsecond, is another one."""
        try:
            return self._live != self._copied or (bool(self._reads) and [read() for read in self._reads] != self._found)
        except Exception:  # a name is there no more, or stands for an array
            return True

    def _look_always(self, thing: Any, before: Any, things: list[Any], befores: list[Any]) -> None:
        """Notes what is compared in each call."""
        if len(self._live) + len(self._reads) < FEW:
            things.append(thing)
            befores.append(before)

    def _watch(
        self, name: str, read: Callable[[], Any], before: Any, is_same: Callable[[Any, Any], Any] = operator.eq
    ) -> None:
        self._watched.append((name, is_same, read, before))

    def _watch_parts(self, name: str, part: Callable[[int], Any], befores: list[Any]) -> None:
        """Notes what is so large that each look compares another part of it."""
        self.parts = max(self.parts, len(befores))
        self._watch(name, _in_turn(part, befores), True)

    def _look_into(self, name: str, thing: Any) -> Iterator[tuple[str, Any]]:
        """Notes what is in a thing, and gives what is to be looked into."""
        if isinstance(thing, FunctionType):
            yield from self._function(thing)
        elif isinstance(thing, type):
            if not _is_library_module(thing.__module__):
                yield from self._container(name or thing.__qualname__, dict(vars(thing)), vars(thing))
                yield from ((name, base) for base in (*thing.__bases__, type(thing)))
        else:
            yield from self._object(name, thing)

    def _object(self, name: str, thing: Any) -> Iterator[tuple[str, Any]]:
        """Notes what an object holds, and its attributes; of what is compiled the function alone."""
        if type(thing).__module__.startswith(PACKAGE):
            yield name, getattr(thing, "f", None)
            return
        is_own = _is_library_module(type(thing).__module__)
        if isinstance(thing, np.ndarray) and thing.size <= LIMIT and thing.flags.writeable:
            self._places.append((name, partial(thing.__setitem__, ...), thing.copy, thing.copy()))
        if isinstance(thing, np.ndarray) and thing.dtype.kind == "O":
            self._watch(name, thing.tolist, held := thing.tolist(), _equal)
            yield name, held
        elif isinstance(thing, ARRAYS):
            parts = [_octets(thing, start) for start in range(0, max(np.asarray(thing).size, 1), LIMIT)]
            self._watch_parts(name, partial(_octets, thing), parts)
        elif isinstance(thing, CONTAINERS):
            yield from self._container(name, thing if isinstance(thing, tuple) else thing.copy(), thing)
        elif is_own:
            yield from ((name, getattr(thing, key)) for key in HELD if hasattr(type(thing), key))
        name = name or ("" if is_own else type(thing).__name__)
        if hasattr(thing, "__dict__"):
            yield name, type(thing)
            yield from self._container(name, vars(thing).copy(), vars(thing))
        if not is_own and (slots := slots_of(thing)):
            self._watch(name, partial(slots_of, thing), slots, _equal)
            self._places += [(f"{name}.{key}", partial(setattr, thing, key), partial(getattr, thing, key, MISSING), x)
                             for key, x in slots.items()]  # fmt: skip
            yield from ((f"{name}.{key}", x) for key, x in slots.items())

    def _container(self, name: str, copy: Any, thing: Any) -> Iterator[tuple[str, Any]]:
        """Notes a list or a dict; an attribute is named after its owner."""
        if len(copy) > LIMIT:
            elements = list(copy.items() if isinstance(copy, dict) else copy)
            parts = [_elements(elements, start) for start in range(0, len(elements), LIMIT)]
            self._watch_parts(name, partial(_elements, thing), parts)
            return
        self._names.append(name)
        self._containers.append(thing)
        self._copies.append(copy)
        is_mapping = isinstance(copy, (dict, MappingProxyType))
        if len(copy) <= FEW and any(isinstance(x, NUMBERS) for x in (copy.values() if is_mapping else copy)):
            self._look_always(thing, copy, self._live, self._copied)
        if is_mapping:
            yield from ((f"{name}.{key}".lstrip(".") if isinstance(key, str) else name, x) for key, x in copy.items())
        yield from ((name, x) for x in copy)  # of a dict the keys

    def _function(self, f: FunctionType) -> Iterator[tuple[str, Any]]:
        """Notes the closure of a function, and the globals and imports that its code names."""
        closure = dict(zip(f.__code__.co_freevars, map(_contents, f.__closure__ or ()), strict=True))
        if is_library_file(f.__code__.co_filename):  # what it was made with may be the user's: a loss, a function
            is_own = f.__code__.co_filename.startswith(OWN)
            yield from ((name, x) for name, x in closure.items() if is_own or isinstance(x, (FunctionType, dict)))
            return
        codes = [f.__code__]
        for code in codes:
            codes += [x for x in code.co_consts if isinstance(x, CodeType)]
        self._watch(f.__name__, partial(rules_of, f), rules_of(f))
        named = dict.fromkeys([name for code in codes for name in code.co_names])
        imports = [x.argval for code in codes if IMPORT in code.co_code[::2] for x in get_instructions(code)
                   if x.opcode == IMPORT]  # fmt: skip
        if not named.keys().isdisjoint(BY_TEXT):
            texts = [x for code in codes for x in code.co_consts if isinstance(x, str)]
            named |= dict.fromkeys(texts)
            imports += texts
        for name, cell in zip(closure, f.__closure__ or (), strict=True):
            self._watch(name, read := partial(_contents, cell), contents := closure[name], _same)
            self._places.append((name, partial(setattr, cell, "cell_contents"), read, contents))
            if isinstance(contents, NUMBERS):
                self._look_always(cell, CellType(contents), self._live, self._copied)
            yield name, contents
            yield from self._module(name, contents, named)
        yield from ((f.__name__, x) for x in (f.__defaults__, f.__kwdefaults__) if x)
        yield from self._container(f.__name__, vars(f).copy(), vars(f))
        if not named.keys().isdisjoint(("environ", "getenv")):
            self._watch("os.environ", os.environ.copy, os.environ.copy())
        for name in named:
            if name in f.__globals__:
                yield self._name(name, f.__globals__, name)
                yield from self._module(name, f.__globals__[name], named)
        for name in imports:
            for full in (name, f"{f.__globals__.get('__package__')}.{name}".rstrip(".")):  # the one, or as `from .x`
                yield self._name(full, sys.modules, full)
                yield from self._module(full, sys.modules.get(full), named)

    def _module(
        self, name: str, x: Any, named: Iterable[str], within: tuple[Any, ...] = ()
    ) -> Iterator[tuple[str, Any]]:
        """Notes those names of a user's module that a function has, and those of modules in it."""
        if isinstance(x, ModuleType) and x not in within and not _is_library_module(x.__name__):
            for key in named:
                if key in vars(x):
                    yield self._name(f"{name}.{key}", vars(x), key)
                    yield from self._module(f"{name}.{key}", vars(x)[key], named, (*within, x))

    def _name(self, name: str, names: Mapping[str, Any], key: str) -> tuple[str, Any]:
        """Notes what a name of a module stands for."""
        before, read = names.get(key, MISSING), partial(names.get, key, MISSING)
        self._watch(name, read, before, _same)
        self._places.append((name, partial(operator.setitem, names, key), read, before))
        if isinstance(before, NUMBERS):
            self._look_always(read, before, self._reads, self._found)
        return name, before


def _contents(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # a name that has no value yet
        return MISSING


def _same(x: Any, y: Any) -> bool:
    return x is y or (type(x) is type(y) and isinstance(x, SIMPLE) and bool(x == y))


def _equal(x: Any, y: Any) -> bool:
    try:
        return bool(x == y)
    except Exception:  # there is another array in one, whose comparison is no bool
        return False


def _state_of(generator: Any) -> tuple[Callable[[Any], Any], Callable[[], Any], Any]:
    """How what decides about the next random numbers is written and read; and what it is."""
    if isinstance(generator, np.random.Generator):
        bits = generator.bit_generator
        write, read = partial(setattr, bits, "state"), partial(getattr, bits, "state")
    elif hasattr(generator, "getstate"):
        write, read = generator.setstate, generator.getstate
    else:
        write, read = generator.set_state, partial(generator.get_state, legacy=False)
    return write, read, read()


def _plain(state: Any) -> Any:
    """A state whose parts can be compared."""
    if isinstance(state, dict):
        return [_plain(x) for x in state.values()]
    return state.tobytes() if isinstance(state, np.ndarray) else state


def _is_number(x: Any) -> bool:
    return isinstance(x, (*NUMBERS, Value)) and not isinstance(x, bool)


def _identities(x: Any) -> list[int]:
    return [*map(id, x), *map(id, x.values() if isinstance(x, dict) else ())]


def _element(name: str, thing: Any, copy: Any) -> str:
    """The name of a list, or of the attribute or the key of a dict, that is another one than in the copy."""
    if not isinstance(copy, dict):
        return name
    key = next(k for k in (*copy, *thing) if not _equal([thing.get(k, MISSING)], [copy.get(k, MISSING)]))
    return f"{name}.{key}".lstrip(".") if isinstance(key, str) else name


def _in_turn(part: Callable[[int], Any], befores: list[Any]) -> Callable[[], bool]:
    """A look at what is large: whether a part is as it was before, at each look another one."""
    turns = cycle(enumerate(befores))

    def is_as_it_was() -> bool:
        place, before = next(turns)
        return _equal(part(place * LIMIT), before)

    return is_as_it_was


def _elements(x: Any, start: int) -> Any:
    """How many elements there are, and a part of them."""
    x = x.items() if isinstance(x, dict) else x
    return len(x), x[start : start + LIMIT] if isinstance(x, list) else list(islice(x, start, start + LIMIT))


def _octets(x: Any, start: int) -> Any:
    """What an array is like, and a checksum of a part of its numbers."""
    numbers = np.asarray(x)
    return numbers.shape, numbers.dtype, crc32(numbers.flat[start : start + LIMIT].tobytes())


def _is_library_module(name: str) -> bool:
    module = sys.modules.get(name)
    file = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", ())), None)  # a folder alone
    return name != "__main__" and is_library_file(file)


def is_library_file(file: str | None) -> bool:
    """Whether a file belongs to Python, to an installed package or to this one: these do not change."""
    return file is None or file.startswith((*OWN, *PLACES, "<frozen"))
