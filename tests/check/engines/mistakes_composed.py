"""The mistakes again where operations are made of others, as in micrograd: a slip in `**` shows in `/` and `sqrt`."""

from .mistakes import PLANTED
from .mistakes_local import METHODS
from .planting import STYLES, Edit, edited, sections

# What is made of add, mul, pow, exp, log and sin: as a method, and as a function where a style has these.
BODIES = {"sub": "self + (-other)", "neg": "self * -1.0", "div": "self * other**-1.0", "rsub": "(-self) + other",
          "rdiv": "self**-1.0 * other", "sqrt": "self**0.5", "log10": "self.log() * (1 / math.log(10))",
          "exp2": "(self * math.log(2)).exp()", "tanh": "((self * 2.0).exp() - 1.0) / ((self * 2.0).exp() + 1.0)",
          "sigmoid": "1.0 / ((-self).exp() + 1.0)"}  # fmt: skip
FUNCTIONS = {"sqrt": "a**0.5", "log10": "log(a) * (1 / math.log(10))", "exp2": "exp(a * math.log(2))",
             "tanh": "(exp(a * 2.0) - 1.0) / (exp(a * 2.0) + 1.0)", "sigmoid": "1.0 / (exp(-a) + 1.0)"}  # fmt: skip


def _base(style):
    for op, body in BODIES.items():
        if style.name == "tape" and op in FUNCTIONS:
            name, end = op, f"    return {FUNCTIONS[op]}\n"
        else:
            name, end = f"{style.value_class}.{METHODS.get(op, op)}", f"        return {body}\n"
        first, last = sections(style.source)[name]
        text = style.source[first:last]
        yield Edit(name, text, text[: text.index("\n") + 1] + end)


def _composed():
    for style in STYLES:
        base = tuple(_base(style))
        gone = {edit.section for edit in base}
        for planted in PLANTED:
            if planted.style == style and planted.where not in BODIES and not planted.isolated:
                edits = tuple(edit for edit in planted.edits if edit.section not in gone)
                composed = planted._replace(edits=edits, base=base)
                if edits and _fits(composed):
                    yield composed


def _fits(planted):
    """Whether what the mistake is planted in is still there."""
    try:
        return bool(edited(edited(planted.style.source, planted.base), planted.edits))
    except LookupError:
        return False


COMPOSED = tuple(_composed())
