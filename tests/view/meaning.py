"""What a displayed formula means as a number: read from its tree, with mpmath, and from nothing else.

Conventions of print: factors side by side are multiplied, a function takes the factor that follows it, f² x is (f x)².
"""

from __future__ import annotations

from typing import Any

from mpmath import mp, mpf

from autograd.view.formula import Fence, Formula, Fraction, Name, Root, Row, Scripts, Sign, Space, Words

FUNCTIONS = {
    "ln": mp.log, "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "sinh": mp.sinh, "cosh": mp.cosh, "tanh": mp.tanh,
    "sign": mp.sign, "σ": lambda x: 1 / (1 + mp.exp(-x)), "Φ": lambda x: mp.erfc(-x / mp.sqrt(2)) / 2,
    "φ": lambda x: mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi),
}  # fmt: skip
RELATIONS = {
    "<": lambda a, b: a < b, ">": lambda a, b: a > b, "≤": lambda a, b: a <= b, "≥": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
}  # fmt: skip


def split(items: list[Formula], is_between: Any) -> tuple[list[list[Formula]], list[Formula]]:
    """The parts between the items that `is_between` picks, and these items."""
    parts: list[list[Formula]] = [[]]
    between = []
    for item in items:
        if is_between(item):
            between.append(item)
            parts.append([])
        else:
            parts[-1].append(item)
    return parts, between


def meanings(formula: Row, names: dict[str, Any]) -> list[mpf]:
    """The values of a formula, of all that it says to be equal; "p = ..." after a space says what a name means."""
    (main, *wheres), _ = split(list(formula.items), lambda item: isinstance(item, Space))
    for name, _, *definition in wheres:
        names = {**names, name.text: (definition, names)}
    main = [item for item in main if item != Sign(",")]
    if any(isinstance(item, Words) for item in main):
        return [case(main, names)]
    parts, _ = split(main, lambda item: item == Sign("="))
    return [total(part, names) for part in parts]


def case(items: list[Formula], names: dict[str, Any]) -> mpf:
    """The value of "this if condition else that"."""
    (this, condition, that), words = split(items, lambda item: isinstance(item, Words))
    assert words == [Words(" if "), Words(" else ")]
    return total(this if holds(condition, names) else that, names)


def holds(items: list[Formula], names: dict[str, Any]) -> bool:
    sides, signs = split(items, lambda item: isinstance(item, Sign) and item.text in RELATIONS)
    values = [total(side, names) for side in sides]
    if not signs:
        return values[0] != 0
    return all(RELATIONS[s.text](a, b) for s, a, b in zip(signs, values, values[1:], strict=False))


def total(items: list[Formula], names: dict[str, Any]) -> mpf:
    terms, signs = split(items, lambda item: item in (Sign("+"), Sign("−")))
    values = [product(term, names) if term else mpf(0) for term in terms]
    return values[0] + sum(value if s == Sign("+") else -value for s, value in zip(signs, values[1:], strict=True))


def product(items: list[Formula], names: dict[str, Any]) -> mpf:
    result, rest = mpf(1), list(items)
    while rest:
        item = rest.pop(0)
        base = item.base if isinstance(item, Scripts) else item
        if item == Sign("/"):
            result /= value(rest.pop(0), names)
        elif isinstance(base, Sign):
            assert isinstance(item, Scripts)
            return result * repeated(item, rest, names)
        elif isinstance(base, Name) and base.text in FUNCTIONS:
            power = value(item.above, names) if isinstance(item, Scripts) and item.above else 1
            result *= FUNCTIONS[base.text](value(rest.pop(0), names)) ** power
        else:
            result *= value(item, names)
    return result


def repeated(sign: Scripts, rest: list[Formula], names: dict[str, Any]) -> mpf:
    """A sum or a product over j, of all places or of all but one."""
    below = sign.below.items if isinstance(sign.below, Row) else (sign.below,)
    assert below[0] == Name("j")
    assert below[1:2] in ((), (Sign("≠"),))
    left_out = int(value(below[2], names)) if len(below) == 3 else None
    places = [j for j in range(1, int(names["n"]) + 1) if j != left_out]
    values = [product(rest, {**names, "j": mpf(j)}) for j in places]
    return mp.fprod(values) if sign.base == Sign("∏") else mp.fsum(values)


def value(formula: Formula, names: dict[str, Any]) -> mpf:
    match formula:
        case Name(text) if text[0].isdigit():
            return mpf(text)
        case Name(text):
            return name_value(text, names)
        case Row(items):
            return total(list(items), names)
        case Fence(left, inner, _):
            return abs(value(inner, names)) if left == "|" else value(inner, names)
        case Fraction(top, bottom):
            return value(top, names) / value(bottom, names)
        case Root(inner, index):
            radicand = value(inner, names)
            return mp.sign(radicand) * mp.root(abs(radicand), int(index or 2))
        case Scripts(Name(letter), below, None) if below is not None:
            return names[letter][int(value(below, names)) - 1]
        case Scripts(Name(letter), None, Name("′")):
            definition, outer = names[letter]
            return mp.diff(lambda x: total(definition, {**outer, "x": x}), names["x"])
        case Scripts(base, None, above) if above is not None:
            return mp.power(value(base, names), value(above, names))
    raise AssertionError(formula)


def name_value(text: str, names: dict[str, Any]) -> mpf:
    if text in names:
        found = names[text]
        return total(*found) if isinstance(found, tuple) else found
    return {"e": mp.e, "π": mp.pi}[text]
