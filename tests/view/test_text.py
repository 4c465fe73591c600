"""Numbers and names as pictures show them."""

import math
import unicodedata

import pytest

from autograd.view.text import cells, is_plain, number_text, printable, short_number, shortened


@pytest.mark.parametrize(
    ("x", "shown"),
    [
        (24.70408163265306, "24.7041"), (0, "0.0000"), (-0.0, "0.0000"), (-1e-9, "-1.000e-09"), (1e-3, "0.0010"),
        (999999.5, "999999.5000"), (1e6, "1.000e+06"), (-123456789.0, "-1.235e+08"), (math.inf, "inf"),
        (-math.inf, "-inf"), (math.nan, "nan"), (5e-324, "4.941e-324"), (None, "—"),
    ],
)  # fmt: skip
def test_numbers(x, shown):
    assert number_text(x) == shown


@pytest.mark.parametrize(("x", "shown"), [(2.0, "2"), (-0.0, "0"), (0.1, "0.1"), (1e10, "1e+10"), (-math.inf, "-inf")])
def test_constants(x, shown):
    assert short_number(x) == shown


def test_every_character_becomes_one_that_xml_allows():
    allowed = lambda c: c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"  # noqa: E731
    for code in [*range(0x3000), 0x2028, 0x2029, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF]:
        shown = printable(chr(code))
        assert shown
        assert all(map(allowed, shown))
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in shown)


def test_what_is_legal_stays():
    text = "loss ∂L/∂w 损失 🙂 <b>&amp;</b> \"q\" 'q' \\N {a|b}"
    assert printable(text) == text


def test_long_text_is_shortened_visibly():
    assert shortened("a" * 10_000) == "a" * 23 + "…"
    assert shortened("a" * 24) == "a" * 24
    assert cells(shortened("数" * 100)) <= 24
    assert len(shortened("e" + "\u0301" * 10_000)) < 200  # accents take no width, but not any number of them is kept
    assert not shortened("👩\u200d" * 100).endswith("\u200d…")


def test_width():
    assert cells("e\u0301") == 1
    assert cells("ab") == 2
    assert cells("数") > 2  # measured: emoji and ideographs are up to 1.25 em wide, two cells are 1.2 em
    assert is_plain("Δw = -0.5·η")
    assert not is_plain("שלום")
