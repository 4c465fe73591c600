"""Text, Markdown, LaTeX and HTML: labels come out as the text that they are, tables stand straight, lines fit."""

import io
import re
import unicodedata
from contextlib import redirect_stdout
from html import unescape
from types import SimpleNamespace
from xml.etree import ElementTree

import mistune
import pytest
from hypothesis import given, settings, strategies as st

from autograd import OPS, Op, Value, sum as total
from autograd.view import formula, notation
from autograd.view.explainer import explain
from autograd.view.explainer.as_latex import escaped, latex
from autograd.view.explainer.as_markdown import plain
from autograd.view.explainer.as_text import equation_lines, text_lines, wrapped
from autograd.view.explainer.document import Derivative, Equation
from autograd.view.explainer.names import label_of, names, visible
from autograd.view.explainer.signs import signed
from autograd.view.explainer.terminal import ascii_text, columns, encodable, screen_width
from autograd.view.mathematics import rule

from ...browser import open_html

HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</style><b>", "a|b", "`code`", "*bold* _x_",
    "# head", "[link](javascript:alert(1))", "![i](http://x)",
    "a\nb\r\n- c", "\x1b[31mred\x07", "\\N \\G", "{a|b}", "$x^2$",
    "a & b", "50%", "\\input{/etc/passwd}", "x_1^2", "~", "数据标签", "🙂👩‍🔬", "שלום", "\u202eabc", "e\u0301", "-",
    "1. one", "+ x", "===", "<!-- c -->", "&lt;b&gt;", "&#60;", "'", "--", "http://example.org", "www.example.org",
    ":smile:", "a" * 10_000,
    "\ud800", "\ue000\ue001", "1<b>", "2x", "\u2028", "@user", "```", "\\", "{", "}", "{0}", "%s",
]  # fmt: skip


def explained(*arguments, **options):
    with redirect_stdout(io.StringIO()):
        return explain(*arguments, **options)


def documents(label):
    """Every kind of explanation with that label in all its places."""
    w, x = Value(2.0, label=label), Value(-3.0, label=label)
    own = Op(label or "op", label or "o", 1, lambda x: x, lambda y, x: (1.0,), latex=label, doc=label)
    y = own(w * x + w).tanh() + w**2
    y.label = label
    y.backward()
    return [explained(y, w), explained(y), explained(w), explained(x, y), explained(own(w), w), explained(own(w))]


def shown(label):
    """The beginning of a label as it should be seen."""
    return visible(label).strip()[:6].strip()


# --- HTML ----------------------------------------------------------------------------------------------------

TAGS = {
    "div", "style", "h4", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "math", "mi", "mn", "mo", "mrow",
    "mfrac", "msup", "msub", "msubsup", "msqrt", "mroot", "mtext", "mspace", "mpadded", "mphantom", "munder",
    "mover", "munderover",
}  # fmt: skip
ATTRIBUTES = {"class", "role", "aria-label", "tabindex", "displaystyle", "scope"}
ATTRIBUTES |= {"width", "height", "depth", "fence", "stretchy", "form"}


@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
def test_html_is_xml_whose_text_holds_the_label(label):
    for found in documents(label):
        root = ElementTree.fromstring(found.html)
        assert {element.tag for element in root.iter()} <= TAGS
        assert {name for element in root.iter() for name in element.attrib} <= ATTRIBUTES
        assert shown(label) in "".join(root.itertext())


@pytest.mark.parametrize("text", ["$$n$$", r"\(z\)", r"$\href{javascript:alert(1)}{click}$", r"\[x\]"])
def test_mathjax_leaves_all_text_alone(text):
    """Names and words stand outside of formulas too; a notebook would read what is in dollars as LaTeX."""
    for found in documents(text):
        root = ElementTree.fromstring(found.html)
        assert {"tex2jax_ignore", "mathjax_ignore"} <= set(root.get("class").split())
    own = Op(text, "o", 1, lambda x: x, lambda y, x: (1.0,), kinks={text: text}, doc=text)
    assert text in "".join(ElementTree.fromstring(explained(own(Value(1.0))).html).itertext())


NOTEBOOK = """
.jp-RenderedHTMLCommon table { border-collapse: collapse; border: none; font-size: 12px; table-layout: fixed;
  margin-left: auto; margin-bottom: 1em; margin-right: auto; width: 100%; }
.jp-RenderedHTMLCommon td, .jp-RenderedHTMLCommon th, .jp-RenderedHTMLCommon tr { text-align: right;
  vertical-align: top; padding: 0.5em; line-height: normal; white-space: normal; max-width: none; border: none; }
.jp-RenderedHTMLCommon tbody tr:nth-child(odd) { background: #f5f5f5; }
.jp-RenderedHTMLCommon tbody tr:hover { background: #e3f2fd; }
"""  # as JupyterLab has it, and a width, which makes columns drift apart


def test_tables_keep_their_look_among_the_styles_of_a_notebook(page):
    w = Value(2.0, label="w")
    body = explained((w * 3.0).tanh(), w).html
    sizes = []
    for style in ("", NOTEBOOK):
        host = f"<!doctype html><title>t</title><style>{style}</style><div class='jp-RenderedHTMLCommon'>{body}</div>"
        open_html(page, host)
        page.locator(".equation tr").first.hover()
        rows = "e => getComputedStyle(e).backgroundColor"
        assert set(page.evaluate(f"[...document.querySelectorAll('tr, td')].map({rows})")) == {"rgba(0, 0, 0, 0)"}
        box = "e => { const b = e.getBoundingClientRect(); return [b.x, b.width, b.height]; }"
        sizes.append(page.evaluate(f"[...document.querySelectorAll('td, th')].map({box})"))
    assert sizes[0] == sizes[1]


def stripped(markup):
    """What is left where a sanitiser knows no MathML."""
    return unescape(re.sub("<[^>]*>", "", markup)).replace("\N{NO-BREAK SPACE}", " ")


def test_html_without_its_mathml_tags_can_still_be_read():
    w = Value(2.0, label="w")
    found = stripped(explained((w * 3.0).tanh(), w).html)
    assert "∂y/∂w=∂y/∂u1 · ∂u1/∂w" in found
    assert "1−tanh^2 u1=1/cosh^2 u1" in found
    assert "∂u1/∂w^(2)" in stripped(explained((w * w).tanh(), w).html)


@pytest.mark.parametrize(
    ("latex", "left"),
    [
        (r"\frac{1}{\sqrt{1 - x^2}}", "1/√(1−x^2)"),
        (r"\frac{1}{3 \sqrt[3]{x}^2}", "1/(3 ((x)^(1/3))^2)"),
        (r"e^{-x^2}", "e^(−x^2)"),
        (r"e^{x+1} \ln a", "e^(x+1) ln a"),
        (r"\frac{a+b}{2}", "(a+b)/2"),
        (r"(\frac{a}{b})^2", "(a/b)^2"),
        (r"2x a^{b-1}", "2x a^(b−1)"),
        (r"\tanh^2 x y'", "tanh^2 x y′"),
        (r"\sum_{i} x_i", "∑_i x_i"),
        (r"{\sqrt{x}}^2 + w_{12}", "(√(x))^2+w12"),
        (r"\frac{\frac{a}{b}}{c}", "(a/b)/c"),
        (r"1 \text{ if } a > 0", "1 if a>0"),
    ],
)
def test_hidden_signs_by_hand(latex, left):
    assert stripped(signed(notation.markup(formula.read(latex)))) == left


def test_hidden_signs_take_no_room(page):
    """Formulas with them are as wide and high as without, to the last pixel."""
    formulas = [r"\frac{1}{\sqrt{1 - x^2}}", r"e^{-x^2} \ln a", r"\tanh^2 x = \frac{1}{\cosh^2 x}", r"\sqrt[3]{x}^2"]
    bare = [notation.markup(formula.read(latex)) for latex in formulas]
    rows = [f'<p><math displaystyle="true">{m}</math></p>' for m in [*bare, *map(signed, bare)]]
    open_html(page, f"<!doctype html><title>formulas</title>{''.join(rows)}")
    size = "e => [e.getBoundingClientRect().width, e.getBoundingClientRect().height]"
    sizes = page.evaluate(f"[...document.querySelectorAll('math')].map({size})")
    assert sizes[:4] == sizes[4:]
    assert all(width > 5 for width, _ in sizes)


RAISED = str.maketrans("ⱼᵢₖⁿₙ", "jiknn", "^_√ ()⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉0123456789")


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_every_rule_keeps_its_signs(op):
    """As in the line of text, but for brackets, which may be more, and for ² in place of ^2."""
    for position in range(op.arity or 3):
        latex = rule(op, position, op.arity or 3).latex
        read = formula.read(latex)
        found, text = stripped(signed(notation.markup(read))), notation.text(read)
        assert found.replace("/3", "").translate(RAISED) == text.replace("/3", "").translate(RAISED)
        assert found.count("^") >= text.count("^") + len(re.findall("[⁰¹²⁴⁵⁶⁷⁸⁹]", text))
        assert found.count("√") + found.count("^(1/3)") == text.count("√")
        assert found.count("(") == found.count(")")


@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
def test_signs_leave_what_is_seen_as_it_is(label):
    """Without what is hidden the text of a formula is that of the rule."""
    for found in documents(label):
        root = ElementTree.fromstring(found.html)
        for parent in [*root.iter()]:
            for child in [x for x in parent if x.tag == "mpadded"]:
                assert child.attrib == {"width": "0", "height": "0", "depth": "0"}
                assert [x.tag for x in child.iter()] == ["mpadded", "mphantom", "mtext"]
                assert "".join(child.itertext()) in ("/", "^", "_", "(", ")", "√(", ")^(1/", "\N{NO-BREAK SPACE}")


# --- Markdown ------------------------------------------------------------------------------------------------

RENDER = mistune.create_markdown(escape=False, plugins=["table", "strikethrough", "url"])


@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
def test_markdown_shows_the_label(label):
    for found in documents(label):
        rendered = RENDER(found.markdown)
        tags = set(re.findall(r"<\s*/?\s*([a-zA-Z!][\w-]*)", rendered))
        assert tags <= {"h4", "p", "table", "thead", "tbody", "tr", "th", "td", "pre", "code"}, rendered
        text = " ".join(unescape(re.sub("<[^>]*>", "", rendered)).split())
        assert " ".join(shown(label).split()) in text


def test_markdown_tables_have_as_many_cells_in_every_row():
    for found in documents("a|b\\|c`|`"):
        for table in re.findall(r"(?:^\|.*\n)+", found.markdown, re.MULTILINE):
            cells = {len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) for row in table.splitlines()}
            assert len(cells) == 1


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cf"]), min_size=1))
def test_plain_markdown_is_rendered_as_the_text(text):
    rendered = RENDER(plain(text))
    assert unescape(re.sub("<[^>]*>", "", rendered)).strip() == text.strip()


# --- LaTeX ---------------------------------------------------------------------------------------------------

COMMANDS = {
    r"\[",
    r"\]",
    r"\\",
    r"\{",
    r"\}",
    r"\$",
    r"\&",
    r"\#",
    r"\%",
    r"\_",
    r"\begin",
    r"\end",
    r"\frac",
    r"\partial",
    r"\text",
    r"\cdot",
    r"\paragraph",
    r"\noindent",
    r"\texttt",
    r"\ensuremath",
    r"\hline",
    r"\textbackslash",
    r"\textasciicircum",
    r"\textasciitilde",
    r"\textless",
    r"\textgreater",
    r"\textbar",
    r"\textquotedbl",
    r"\textquotesingle",
    r"\textasciigrave",
    r"\ldots",
    r"\tanh",
    r"\cosh",
    r"\hookleftarrow",
    r"\times",
    r"\ln",
    r"\mapsto",
}


def check_latex(source):
    """A strict reader: known commands, balanced braces and environments, no special character left."""
    stack, mathematics = [], False
    for token in re.findall(r"\\[A-Za-z]+|\\.|[^\\]", source, re.DOTALL):
        if token.startswith("\\"):
            assert token in COMMANDS, token
        elif token == "{":
            stack.append(token)
        elif token == "}":
            assert stack.pop() == "{"
        elif token == "$":
            mathematics = not mathematics
        else:
            assert token not in "#%~" or token == "~", token
            assert token not in "^_" or mathematics or "aligned" in source
    assert stack == []
    assert not mathematics
    names = re.findall(r"\\(begin|end)\{(\w+)\}", source)
    assert names[::2] == [("begin", name) for _, name in names[::2]]
    assert [name for _, name in names[::2]] == [name for _, name in names[1::2]]


@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
def test_latex_has_no_command_but_ours(label):
    for found in documents(label):
        check_latex(found.latex)
        for row in re.findall(r"^(.*) \\\\", found.latex, re.MULTILINE):
            assert "\n" not in row


def test_latex_tables_have_as_many_cells_as_columns():
    for found in documents("a & b"):
        for places, body in re.findall(r"\\begin\{tabular\}\{(\w+)\}\n(.*?)\\end\{tabular\}", found.latex, re.DOTALL):
            rows = [row for row in body.split("\\\\") if row.replace("\\hline", "").strip()]
            assert {len(re.findall(r"(?<!\\)&", row)) + 1 for row in rows} == {len(places)}


def test_latex_by_hand():
    a = Value(3.0, label="a1")
    found = explained((a * 2.0).tanh(), a).latex
    assert r"\frac{\partial y}{\partial a_{1}} &= \frac{\partial y}{\partial u_{1}} \cdot" in found
    assert escaped("a_b^c~{}$&#%\\") == (r"a\_b\textasciicircum{}c\textasciitilde{}\{\}\$\&\#\%\textbackslash{}")
    assert latex([]) == "\n"


# --- plain text ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
def test_no_control_character_reaches_the_terminal(label):
    for found in documents(label):
        for line in text_lines(found.blocks, 80):
            assert not [c for c in line if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
            assert not set(line) & set("\u202e\u202d\u2066\u200f")
        assert shown(label) in found.text.replace("\n", " ") or len(shown(label)) > 4
        assert ascii_text(found.text.replace("\n", " ")).isprintable()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_lines_fit(width):
    x = v = Value(0.3, label="数据的名字")
    for k in range(12):
        v = (v * v + total([v, x, k])).tanh()
    for found in (explained(v, x), explained(v), explained(x, v)):
        for line in text_lines(found.blocks, width):
            assert columns(line) <= width, line


def test_columns_stand_straight_with_wide_characters():
    a, b = Value(2.0, label="数据"), Value(-3.0, label="b")
    lines = text_lines(explained(a * b + b, b).blocks, 80)
    start = next(i for i, line in enumerate(lines) if line.startswith("  factor"))
    rows = lines[start : lines.index("", start)]
    assert len({columns(row) for row in rows}) == 1  # the last column is right-aligned


def test_minus_signs_do_not_become_dashes_in_latex():
    assert escaped("a--b -1") == "a{-}{-}b {-}1"


def test_numbers_stand_right_under_right_headers():
    a = Value(3.0, label="a")
    root = ElementTree.fromstring(explained(a * 2.0 + a, a).html)
    for table in root.findall("table"):
        header = [th.get("class") for th in table.findall("thead/tr/th")]
        for row in table.findall("tbody/tr") if header else []:
            assert [td.get("class") for td in row] == header
        assert not header or header[-1] == "number"


def test_labels_come_before_preferred_and_made_up_names():
    first, second, third = Value(1.0), Value(2.0, label="y"), Value(3.0, label="u1")
    assert names([first, second, third], {first: "y"}) == {first: "u2", second: "y", third: "u1"}


def test_a_label_of_which_nothing_is_seen_is_none():
    assert label_of(Value(1.0, label="\N{COMBINING ACUTE ACCENT}")) == ""
    assert label_of(Value(1.0, label="  ")) == ""


def test_a_terminal_is_never_taken_for_narrower_than_can_be_written(monkeypatch):
    monkeypatch.setenv("COLUMNS", "5")
    assert (screen_width(None), screen_width(None, 40)) == (20, 40)
    monkeypatch.setenv("COLUMNS", "90")
    assert screen_width(None) == 90


def test_broken_lines_are_indented_and_long_names_stand_above():
    assert wrapped("one two three", 8, "    ") == ["one two", "    three"]
    long = Equation((Derivative("a" * 16, "b" * 16),), (("2.0000",), ("2",)))
    assert equation_lines(long, 40) == ["  ∂" + "a" * 16 + "/∂" + "b" * 16, "     = 2.0000", "     = 2"]


def test_ascii_of_indices_and_streams_of_unknown_encoding():
    assert ascii_text("x₁ · w₂² ≤ √π") == "x_1 * w_2^2 <= sqrtpi"
    stream = io.StringIO()
    assert encodable("∂", stream)
    assert not encodable("∂", SimpleNamespace(encoding="no such encoding"))
