"""CSV files as people have them: each reads as it is meant, or gives an error that says where and what to do."""

import csv
import io
import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from nn.preprocessing import Preprocessing
from nn.tables import Column, Table, TableError, load_csv, load_inputs

SAME_DIRECTORY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def file(tmp_path):
    """Writes text or bytes into a file and gives its path."""
    path = tmp_path / "data.csv"

    def write(content):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


FRUIT = "weight,colour,kind\n1.5,red,apple\n0.25,blue,plum\n1.75,green,apple\n"
ROWS = [(1.5, "red"), (0.25, "blue"), (1.75, "green")]
KINDS = ("apple", "plum", "apple")


def is_fruit(table):
    return table.rows == ROWS and table.target.values == KINDS and table.names == ("weight", "colour")


# --- the forms of a file -------------------------------------------------------------------------------------


def test_a_table_apart_from_its_target(file):
    table = load_csv(file(FRUIT))
    assert is_fruit(table)
    assert [column.kind for column in table.columns] == ["numeric", "text"]
    assert (table.target.name, table.target.kind) == ("kind", "text")
    assert (table.header, table.delimiter, table.encoding, table.ignored) == (True, ",", "utf-8", {})
    assert table.path == str(file(FRUIT))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " ", "   "])
def test_the_delimiter_is_found(file, delimiter):
    table = load_csv(file(FRUIT.replace(",", delimiter)))
    assert is_fruit(table)
    assert table.delimiter == delimiter[0]
    assert is_fruit(load_csv(file(FRUIT.replace(",", delimiter)), delimiter=delimiter[0]))


def test_a_delimiter_within_values_is_not_taken_for_it(file):
    table = load_csv(file('name,note,y\na,"1;2",0\nb,"3;4",1\nb,c;d,1\n'))
    assert (table.delimiter, table.names) == (",", ("name", "note"))
    table = load_csv(file("a;b\n1,5;2,5\n0,5;1,5\n"))
    assert (table.rows, table.target.values) == ([(1.5,), (0.5,)], (2.5, 1.5))
    assert load_csv(file("1,5;2,5\n0,5;1,5\n")).rows == [(1.5,), (0.5,)]  # a comma would cut it evenly as well
    assert load_csv(file("1,5;2,5\n  \n0,5;1,5\n")).rows == [(1.5,), (0.5,)]


def test_white_space_may_be_quoted(file):
    table = load_csv(file('18.0  8\t"chevrolet  malibu"\n  15.0  8   "buick"  \n17 6 buick\n'), delimiter=" ")
    assert table.rows == [(18.0, 8.0), (15.0, 8.0), (17.0, 6.0)]
    assert table.target.values == ("chevrolet  malibu", "buick", "buick")
    for end in ("\n", "\r\n"):
        text = f'a b{end}1 "x y{end}z\t w"{end}  {end} 2 "q"{end}3   "q"'
        table = load_csv(file(text), delimiter=" ")
        assert table.target.values == (f"x y{end}z\t w", "q", "q")
    table = load_csv(file('a b\n1 5"\n2 6"\n3 5"\n'), delimiter=" ")  # inches: quoted is what begins with a quote
    assert table.target.values == ('5"', '6"', '5"')


def test_a_first_line_of_excel_names_the_delimiter(file):
    rows = "a;y\n1,5;0\n2,5;1\n"
    for line in ("sep=;\n", "SEP=;\r\n", '"sep=;"\n', "\ufeffsep=; \n"):
        table = load_csv(file(line + rows))
        assert (table.names, table.rows, table.delimiter) == (("a",), [(1.5,), (2.5,)], ";")
    assert load_csv(file("sep=:\na:b;\n1:2\n3:4\n")).names == ("a",)  # one that would not be found
    assert load_csv(file("sep=;\na,y\n1,5\n2,6\n"), delimiter=",").names == ("a",)
    with pytest.raises(TableError, match="line 4: 3 values, but line 2 has 2"):
        load_csv(file("sep=;\na;y\n1;5\n2;6;7\n"))
    with pytest.raises(TableError, match="line 2: the file has a header and no rows"):
        load_csv(file("sep=;\na;y\n"))
    assert load_inputs(file("sep=;\nn\n5\n"), {"n": "numeric"}).rows == [(5.0,)]


def test_decimal_commas_hold_for_a_column(file):
    table = load_csv(file("a;b;y\n1,5;1.5;0\n-2;-2;1\n,25;.25;1\n1e3;1e3;1\n"))
    assert table.rows == [(1.5, 1.5), (-2.0, -2.0), (0.25, 0.25), (1000.0, 1000.0)]
    with pytest.raises(TableError, match=r"line 4: column 'a': '1.234,5' is no number"):
        load_csv(file("a;y\n1,5;0\n2,5;1\n1.234,5;1\n"))
    with pytest.raises(TableError, match=r"line 4: column 'a': '1.5' is no number"):
        load_csv(file("a;y\n1,5;0\n2,5;1\n1.5;1\n"))
    with pytest.raises(TableError, match=r"line 4: column 'a': '1,234' is no number"):  # a comma cuts: no decimal comma
        load_csv(file('a,y\n1.5,0\n2.5,1\n"1,234",1\n'))
    assert load_csv(file('a,y\n"1,5",0\n"2,5",1\n')).columns[0].kind == "text"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_unix_windows_and_the_old_mac(file, end):
    assert is_fruit(load_csv(file(FRUIT.replace("\n", end))))
    assert is_fruit(load_csv(file(FRUIT.strip().replace("\n", end))))
    assert is_fruit(load_csv(file(f"  {end}" + FRUIT.replace("\n", f"{end}   {end}{end}") + f",,{end} , ,{end}")))


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("utf-32", "utf-32"), ("cp1252", "cp1252")],
)
def test_the_encoding_is_found(file, encoding, found):
    text = "größe,y\n1,é\n2,è\n3,é\n"
    table = load_csv(file(text.encode(encoding)))
    assert (table.names, table.target.values, table.encoding) == (("größe",), ("é", "è", "é"), found)
    assert load_csv(file(text.encode(encoding)), encoding=encoding).rows == table.rows


def test_big_endian_with_its_mark_and_bytes_that_windows_leaves_undefined(file):
    assert load_csv(file(b"\xfe\xff" + FRUIT.encode("utf-16-be"))).rows == ROWS
    for encoding in ("utf-8", "utf-16-le", "utf-32-be"):  # told, and a mark is there all the same
        assert load_csv(file(("\ufeff" + FRUIT).encode(encoding)), encoding=encoding).names == ("weight", "colour")
    table = load_csv(file(b"a,y\n1,\x81\n2,\xe9\n3,\xe9\n"))
    assert (table.encoding, table.target.values) == ("latin-1", ("\x81", "é", "é"))
    assert load_csv(file("a,y\n1,б\n2,я\n3,я\n".encode("koi8-r")), encoding="koi8-r").target.values == ("б", "я", "я")


def test_quoted_values_hold_delimiters_quotes_and_line_ends(file):
    table = load_csv(file('"a,b","say ""hi"""\n1,"two\nlines"\n"2","x, y"\n3,"x, y"\n'))
    assert table.names == ("a,b",)
    assert table.rows == [(1.0,), (2.0,), (3.0,)]
    assert (table.target.name, table.target.values) == ('say "hi"', ("two\nlines", "x, y", "x, y"))


def test_space_around_values_does_not_count(file):
    assert is_fruit(load_csv(file(FRUIT.replace(",", " , ").replace("\n", "  \n"))))
    assert load_csv(file('a, y\n1, "p, q"\n2, r\n3, r\n')).target.values == ("p, q", "r", "r")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_space_around_quoted_values_does_not_count(file, delimiter):
    text = 'a,b,y\n"x" ,1, "p "\n "x, ""y"" , ""z""" ,2 , "two \n "" , """  \n x "" ,3,"p" \n'
    table = load_csv(file(text.replace(",", delimiter)), text=["a"])
    inner = 'x, "y" , "z"'.replace(",", delimiter)
    assert table.rows == [("x", 1.0), (inner, 2.0), ('x ""', 3.0)]
    assert table.target.values == ("p", 'two \n " , "'.replace(",", delimiter), "p")
    with pytest.raises(TableError, match="expected after"):
        load_csv(file('a,b\n1,"x" y\n2,"x"\n'))
    with pytest.raises(TableError, match="expected after"):
        load_csv(file('a,b\n1,"x" "y"\n2,"x"\n'))


# --- header and names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("5.1,3.5,setosa\n4.9,3.0,setosa\n6.0,2.2,virginica\n", False),
        ("a,b,species\n4.9,3.0,setosa\n5.9,3.0,setosa\n6.0,2.2,virginica\n", True),
        ("p,x,s\ne,x,s\np,b,y\ne,b,y\n", False),  # letters that come again
        ("class,cap,odor\ne,x,s\np,b,y\ne,b,y\n", True),
        ("id,x,2020\n1,5,0\n2,6,1\n3,5,1\n", True),  # a year among names
        ("1,?,0\n2,6,1\n3,5,1\n", False),
        (",a,y\nk,5,0\nl,6,1\nm,5,1\n", True),
        (",x,kind\n3,5,a\n1,6,b\n2,7,a\n", True),  # what is empty counts neither way
    ],
)
def test_the_header_is_found(file, text, header):
    table = load_csv(file(text))
    assert table.header is header
    assert len(table.rows) == text.count("\n") - header


@pytest.mark.parametrize("first", ["x,2020", "x,1,2", "1,x,2"])
def test_a_first_line_with_as_many_numbers_as_texts_is_no_header_and_its_text_an_error(file, first):
    rows = [",".join(str(i + j) for j in range(first.count(",") + 1)) for i in range(5)]
    with pytest.raises(TableError, match=r"line 1: .*'x' is no number.*header=True, if this line names the columns"):
        load_csv(file("\n".join([first, *rows])), "0")


def test_the_header_can_be_told(file):
    text = "0,1,2\n5,6,7\n8,9,7\n1,2,3\n"
    assert load_csv(file(text)).target.values == (2.0, 7.0, 7.0, 3.0)
    assert load_csv(file(text), header=True).names == ("0", "1")
    assert load_csv(file("a,b\nc,d\nc,b\n"), header=False).rows == [("a",), ("c",), ("c",)]


def test_columns_without_a_name_and_with_one_that_comes_again(file):
    table = load_csv(file("a,,a,a.2,column 5,\n1,2,3,4,5,0\n2,3,4,5,6,1\n3,3,3,3,3,1\n"))
    assert table.names == ("a", "column 2", "a.3", "a.2", "column 5")
    assert table.target.name == "column 6"
    wide = load_csv(file("\n".join([",".join(["a"] * 20_000), ",".join("1" * 20_000), ",".join("2" * 20_000)])))
    assert (wide.names[0], wide.names[1], wide.target.name) == ("a", "a.2", "a.20000")


# --- kinds and missing values --------------------------------------------------------------------------------


@pytest.mark.parametrize("gap", ["", "NA", "na", "N/A", "NaN", "nan", "null", "NULL", "?", "-", ".", "<NA>", '""', " "])
def test_missing_values(file, gap):
    table = load_csv(file(f"n,t,y\n1,a,0\n{gap},{gap},1\n3,b,1\n"))
    assert table.rows == [(1.0, "a"), (None, None), (3.0, "b")]


def test_what_is_missing_can_be_told(file):
    table = load_csv(file("n,t,y\n1,NA,0\n-999,Nothing,1\n,b,1\n"), missing=["-999", "nothing"])
    assert table.rows == [(1.0, "NA"), (None, None), (None, "b")]
    with pytest.raises(TypeError, match=re.escape("write ('NA',)")):
        load_csv(file(FRUIT), missing="NA")


def test_numbers_are_read_as_python_reads_them_and_nothing_else(file):
    table = load_csv(file("n,t,y\n1e-5,1_0,0\n+.5,1__0,1\n-7.,0x10,1\n1E400,5%,1\n".replace("1E400", "1E40")))
    assert table.rows == [(1e-5, "1_0"), (0.5, "1__0"), (-7.0, "0x10"), (1e40, "5%")]
    with pytest.raises(TableError, match="line 4: column 'n': '1_0' is no number"):
        load_csv(file("n,y\n1,0\n2,1\n1_0,1\n"))


def test_up_to_a_tenth_of_texts_among_numbers_are_errors_and_more_make_a_text_column(file):
    numbers = [f"{i % 4},{i % 2}" for i in range(18)]
    slips = ["a,y", *numbers[:10], "oops,1", *numbers[10:], "ouch,0"]  # 2 of 20
    with pytest.raises(TableError, match=r"line 12: column 'a': 'oops' is no number.*text="):
        load_csv(file("\n".join(slips)))
    column = load_csv(file("\n".join([*slips[:1], *slips[2:]]))).columns[0]  # 2 of 19
    assert column.kind == "text"
    assert column.values[8:11] == ("1", "oops", "2")


def test_a_single_text_among_three_numbers_is_an_error_among_two_values_a_text(file):
    with pytest.raises(TableError, match=r"data.csv, line 3: column 'a': 'x' is no number"):
        load_csv(file("a,y\n1,0\nx,1\n2,1\n"))
    assert load_csv(file("a,y\n1,0\nx,1\n")).rows == [("1",), ("x",)]


def test_a_column_of_numbers_can_be_read_as_text(file):
    table = load_csv(file("zip,x,y\n01234,1,0\n99999,2,1\n01234,3,1\n"), text=["zip"])
    assert table.rows == [("01234", 1.0), ("99999", 2.0), ("01234", 3.0)]
    assert load_csv(file("x,y\n1,1\n2,2\n3,1\n"), text=["y"]).target.values == ("1", "2", "1")


# --- what is not used ----------------------------------------------------------------------------------------


def test_columns_that_teach_nothing_are_left_out_and_listed(file):
    lines = [f"{i},{i / 7},,user {i},{'ab'[i % 2]},{i % 3}" for i in range(30)]
    table = load_csv(file("\n".join([",x,empty,name,group,y", *lines])))
    assert table.names == ("x", "group")
    assert table.ignored == {
        "column 1": "has no name and counts the rows",
        "empty": "has no values",
        "name": "has 30 different texts in 30 rows, as names or notes have",
    }
    assert table.target.name == "y"
    assert load_csv(file("\n".join(["id,x,empty,name,group,y", *lines])), ignore=["x"]).names == ("id", "group")


@pytest.mark.parametrize("first", [0, 1])
def test_an_unnamed_column_of_other_numbers_and_a_named_one_that_counts_are_kept(file, first):
    count = [f"{i + first},{i / 7},{i % 2}" for i in range(30)]
    assert load_csv(file("\n".join([",x,y", *count]))).names == ("x",)
    assert load_csv(file("\n".join(["n,x,y", *count]))).names == ("n", "x")
    assert load_csv(file("\n".join([",x,y", *count[1:]]))).names == (("column 1", "x") if first else ("x",))
    assert load_csv(file("\n".join([",x,y", *count[::-1]]))).names == ("column 1", "x")
    assert load_csv(file("\n".join(count))).names == ("column 1", "column 2")


def test_ten_different_texts_are_always_kept_and_never_more_than_200(file):
    assert load_csv(file("t,y\n" + "\n".join(f"t{i},{i % 2}" for i in range(10)))).names == ("t",)
    lines = [f"t{i % 201},{i},{i % 2}" for i in range(500)]
    assert load_csv(file("\n".join(["t,x,y", *lines]))).names == ("x",)
    assert load_csv(file("\n".join(["t,x,y", *(line.replace("t200,", "t0,") for line in lines)]))).names == ("t", "x")


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ("{i}%", "looks like percents: write them without %"),
        ("-{i}.5 %", "looks like percents: write them without %"),
        ('"{i},234"', "looks like numbers with thousands separators: take these out"),
        ("{i} 234", "looks like numbers with thousands separators: take these out"),
        ("{i}\N{NARROW NO-BREAK SPACE}234.5", "looks like numbers with thousands separators: take these out"),
        ("{i}'234'567", "looks like numbers with thousands separators: take these out"),
        ('"{i}.234,50"', "looks like numbers with thousands separators: take these out"),
        ("2024-01-{i}", "looks like dates: write numbers, as the year or days since one"),
        ("2024-01-{i}T12:30:00Z", "looks like dates: write numbers, as the year or days since one"),
        ("{i}.1.2024", "looks like dates: write numbers, as the year or days since one"),
        ("1/{i}/24 12:30", "looks like dates: write numbers, as the year or days since one"),
        ("{i} March 2024", "looks like dates: write numbers, as the year or days since one"),
        ("{i}a%", "has 20 different texts in 20 rows, as names or notes have"),
        ("{i} 23", "has 20 different texts in 20 rows, as names or notes have"),
        ("1-{i}", "has 20 different texts in 20 rows, as names or notes have"),
    ],
)
def test_numbers_in_disguise_are_told_from_names(file, form, reason):
    values = [form.format(i=i) for i in range(10, 28)] + ["7", "?", "12", ""]  # plain numbers may be among them
    lines = [f"{value},{i % 2},{i % 3}" for i, value in enumerate(values)]
    assert load_csv(file("\n".join(["a,x,y", *lines]))).ignored == {"a": reason}
    if reason.startswith("looks"):
        known = [line for line in lines if not line.startswith(("?", ","))]
        path = file("\n".join(["a,x,y", *known]))
        with pytest.raises(TableError, match=f"the target, column 'a', {reason}; or name it in text=, if these are cl"):
            load_csv(path, "a")
        path = file("\n".join(["a,x,y", *known * 2]))
        with pytest.raises(TableError, match=f"the target, column 'a', {reason}"):
            load_csv(path, "a")
        assert load_csv(path, "a", text=["a"]).target.kind == "text"


# --- the target ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["colour", 1, -2, "1", "-2"])
def test_the_target_by_name_or_number(file, target):
    text = FRUIT + "2,red,apple\n"
    table = load_csv(file(text), target)
    assert table.names == ("weight", "kind")
    assert table.target.values == ("red", "blue", "green", "red")


def test_a_name_that_is_a_number_comes_first(file):
    assert load_csv(file("1,0\n5,6\n8,9\n"), "0", header=True).target.values == (6.0, 9.0)


def test_the_default_target_is_the_last_column_that_is_used(file):
    for end in (",", ",,"):
        table = load_csv(file(FRUIT.replace("\n", end + "\n")))
        assert is_fruit(table)
        assert table.ignored == {f"column {4 + i}": "has no values" for i in range(len(end))}
        assert load_csv(file("\n".join(f"{i},{i * i}{end}" for i in range(5)))).target.name == "column 2"
    with pytest.raises(TableError, match="the target, column 'y', has no values: name another target"):
        load_csv(file("x,y\n1,\n2,\n"))  # it has a name
    with pytest.raises(TableError, match="the target, column 'column 3', has no values"):
        load_csv(file("x,y,\n1,0,\n2,1,\n"), -1)


# --- errors --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        ("", {}, "data.csv: the file is empty"),
        (b"\xef\xbb\xbf", {}, "the file is empty"),
        (" \n\r\n\t\n", {}, "the file is empty"),
        ("\n,,\n", {}, "the file has no values"),
        ("a,b\n", {}, "line 1: the file has a header and no rows: add a row"),
        ("1,2\n", {"header": True}, "a header and no rows"),
        ("a,b\n1,2\n1,2,3\n", {}, "line 3: 3 values, but line 1 has 2 (the last is '3'): add or remove values"),
        ("a,b,c\n1,2,3\n\n1,2\n", {}, "line 4: 2 values, but line 1 has 3"),
        ('a,b\n1,"x\n\ny"\n2\n', {}, "line 5: 1 value, but line 1 has 2"),  # a quoted value of three lines before
        ('a,b\n1,2\n3,"open\n4,5\n', {}, "line 3: unexpected end of data: is a quote (\") not closed"),
        ('a,b\n1,2\n3,"x"y\n', {}, "line 3: ',' expected after '\"'"),
        ("a,b\n1,2\n3," + "x" * 140_000 + "\n", {}, "line 3: field larger than field limit"),
        (FRUIT, {"target": "kinds"}, "unknown column 'kinds', did you mean 'kind'? There are: 'weight', 'colour', "),
        (FRUIT, {"target": 3}, "there is no column 3: its 3 columns are 0 to 2, or -1 back to -3"),
        (FRUIT, {"target": "-4"}, "there is no column -4"),
        (FRUIT, {"text": ["color"]}, "unknown column 'color', did you mean 'colour'?"),
        (FRUIT, {"ignore": ["Weight"]}, "unknown column 'Weight', did you mean 'weight'?"),
        (FRUIT, {"ignore": ["kind"]}, "column 'kind' is the target and cannot be ignored"),
        (FRUIT, {"ignore": ["weight", "colour"]}, "no column to learn from besides the target 'kind'; 'weight' left "
                                                  "out as asked; 'colour' left out as asked: add one"),
        (FRUIT, {"delimiter": ";"}, "no column to learn from besides the target 'weight,colour,kind'"),
        (FRUIT, {"delimiter": "::"}, "'::' cannot be the delimiter: give one character"),
        (FRUIT, {"delimiter": '"'}, "cannot be the delimiter"),
        (FRUIT, {"delimiter": ""}, "'' cannot be the delimiter"),
        (FRUIT, {"encoding": "utf-88"}, "unknown encoding 'utf-88': give one that Python knows, as 'cp1252'"),
        (FRUIT, {"encoding": ""}, "unknown encoding ''"),
        (FRUIT, {"encoding": "hex"}, "unknown encoding 'hex'"),
        (FRUIT, {"encoding": "utf-32"}, "not utf-32"),
        (FRUIT, {"encoding": "undefined"}, "cannot be read as 'undefined': give another encoding"),
        ('a,"b\nc"\n1,2\n', {"target": "x"}, "unknown column 'x'. There are: 'a', 'b\\nc'"),
        ("Größe,b\n1,2\n", {"target": "GRÖSSE"}, "did you mean 'Größe'?"),
        (FRUIT, {"encoding": "utf\0"}, "give another encoding"),
        (b"a,b\n1,\xe9\n", {"encoding": "utf-8"}, "line 2: byte 0xe9 is not utf-8: give the right encoding"),
        (b"\xef\xbb\xbfa,b\n1,\xe9\n", {}, "line 2: byte 0xe9 is not utf-8"),
        (b"a,b\n1,\x00\n", {}, "line 2: this is a binary file"),
        (FRUIT.encode("utf-16-le"), {}, "line 1: this is a binary file, with bytes that no text has: give a text file, "
                                        "or the encoding if it is one of two bytes, as in encoding='utf-16-le'"),
        (b"\x89PNG\r\n\x1a\n", {}, "this is a binary file"),
        (b"PK\x03\x04\x14\x00\xff", {}, "save the workbook as CSV"),
        ("x,y\n1,0\n2,1\ninf,1\n", {}, "line 4: column 'x': 'inf' is infinite or too large for a float: correct it"),
        ("x,y\n1,0\n2,1\n1e999,1\n", {}, "line 4: column 'x': '1e999' is infinite or too large"),
        ("x,y\n1,0\n2,1\nnan,1\n", {"missing": ()}, "line 4: column 'x': 'nan' is infinite"),
        ("1,0\nx,1\n2,1\n", {"target": 0, "header": False}, "line 2: column 'column 1': 'x' is no number"),
        ("x,0\n1,1\n2,1\n", {"header": False}, "or give header=True, if this line names the columns"),
        ("x,y\n1,a\n2,\n3,a\n4,?\n", {}, "line 3: the target, column 'y', is missing ('') in this row and 1 more"),
        ("x,y\n1,a\n2,NA\n3,a\n", {}, "or give missing= without 'NA', if it is a class"),
        ("x,y\n1,\n2,\n3,\n", {}, "the target, column 'y', has no values: name another"),
        ("x,y\n1,a\n2,a\n", {}, "the target, column 'y', is 'a' in every row: there is nothing to learn"),
        ("x,y\n1,5\n2,5\n", {}, "the target, column 'y', is 5.0 in every row"),
        ("x,y\n1,a\n2,b\n3,c\n", {}, "the target, column 'y', has another text in each of its 3 rows"),
    ],
)  # fmt: skip
def test_errors_name_place_value_and_remedy(file, content, arguments, message):
    path = file(content)
    with pytest.raises(TableError, match=re.escape(message)) as caught:
        load_csv(path, **arguments)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(TableError, match=r"none.csv: there is no such file: check the name"):
        load_csv(tmp_path / "none.csv")
    with pytest.raises(TableError, match="this is a directory: name a file in it"):
        load_csv(tmp_path)
    with pytest.raises(TableError, match="cannot be read, embedded null byte: check the name"):
        load_csv("a\0b")
    with pytest.raises(TableError, match="cannot be read, File name too long"):
        load_csv("a" * 5000)


# --- to predict from -----------------------------------------------------------------------------------------

MODEL = {"weight": "numeric", "colour": "text"}


def test_inputs_by_name_in_any_order_and_the_rest_is_listed(file):
    table = load_inputs(file("colour,id,weight,kind\nred,7,1.5,apple\nblue,8,0.25,\ngreen,9,1.75,plum\n"), MODEL)
    assert (table.rows, table.names, table.target) == (ROWS, ("weight", "colour"), None)
    assert table.ignored == {"id": "not an input of the model", "kind": "not an input of the model"}


def test_inputs_are_of_the_kind_that_the_model_knows(file):
    assert load_inputs(file("weight,colour\n1,12\n2,7\n"), MODEL).rows == [(1.0, "12"), (2.0, "7")]
    with pytest.raises(TableError, match=r"line 2: column 'weight': 'heavy' is no number.*: correct it$"):
        load_inputs(file("weight,colour\nheavy,red\nlight,blue\n"), MODEL)
    assert load_inputs(file("weight,colour\n,\n?,NA\n1,a\n"), MODEL).rows == [(None, None), (None, None), (1.0, "a")]


def test_one_row_one_column_and_what_training_would_leave_out(file):
    assert load_inputs(file("weight,colour\n1,red\n"), MODEL).rows == [(1.0, "red")]
    assert load_inputs(file("n\n5\n6\n"), {"n": "numeric"}).rows == [(5.0,), (6.0,)]
    assert load_inputs(file('n\n5\n""\n\n6\n'), {"n": "numeric"}).rows == [(5.0,), (None,), (6.0,)]
    assert load_inputs(file("w\nx y\nz\n"), {"w": "text"}).rows == [("x y",), ("z",)]


def test_each_line_but_blank_ones_is_a_row_to_predict_for(file):
    assert load_inputs(file("weight,colour\n1,red\n,\n , \n"), MODEL).rows == [(1.0, "red"), *[(None, None)] * 2]
    assert load_inputs(file("weight\tcolour\n \n1\tred\n\t\n"), MODEL).rows == [(1.0, "red"), (None, None)]
    assert load_inputs(file("weight,colour\n\t\n1,red\n   \n\n"), MODEL).rows == [(1.0, "red")]
    assert load_inputs(file('n\n5\n   \n""\n6\n \n""'), {"n": "numeric"}).rows == [(5.0,), (None,), (6.0,), (None,)]
    assert load_csv(file("a,y\n1,0\n2,1\n,\n,\n")).rows == [(1.0,), (2.0,)]  # to learn from, the end does not count
    with pytest.raises(TableError, match="line 3: the target, column 'y', is missing"):
        load_csv(file("a,y\n1,0\n,\n2,1\n3,1\n"))


def test_a_first_line_with_one_of_the_names_is_a_header(file):
    assert load_inputs(file("9,0,1\n8,5,6\n"), {"1": "numeric", "0": "numeric"}).rows == [(6.0, 5.0)]


def test_inputs_without_a_header_go_by_place(file):
    assert load_inputs(file("1.5,red\n2.5,blue\n"), MODEL).rows == [(1.5, "red"), (2.5, "blue")]
    trained = load_csv(file("1,2,a\n3,4,b\n5,6,a\n"))
    kinds = {column.name: column.kind for column in trained.columns}
    assert load_inputs(file("1,2,a\n3,4,b\n5,6,a\n"), kinds).rows == trained.rows  # the target is there as well
    with pytest.raises(TableError, match="no column 'weight', 'colour', which the model needs; the file has 3 columns"):
        load_inputs(file("1,2,3\n3,4,6\n"), MODEL)


def test_missing_inputs_are_named(file):
    with pytest.raises(TableError, match=r"line 1: there is no column 'weight', which the model needs; .*'colour'"):
        load_inputs(file("colour\nred\n"), MODEL)
    with pytest.raises(TableError, match="is 'Weight' meant to be 'weight'"):
        load_inputs(file("Weight,colour\n1,red\n"), MODEL)
    with pytest.raises(TableError, match="no rows"):
        load_inputs(file("weight,colour\n"), MODEL)


def test_a_table_fits_the_preprocessing_that_was_learnt_of_another(file):
    learnt = load_csv(file(FRUIT))
    preprocessing = Preprocessing.fit(learnt.rows, learnt.names)
    again = load_inputs(file("colour,weight\nred,1.5\n"), preprocessing.kinds)
    assert preprocessing.transform(again.rows).tolist() == preprocessing.transform(learnt.rows[:1]).tolist()


# --- anything ------------------------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=8) | st.sampled_from(
    ["a,b", 'say "x"', "two\nlines", "two\r\nlines", "\r", '"', "'", ";", "\t|", " x ", "é", "0", "1,5", "=1+1"]
)


def written(rows, delimiter):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()


@SAME_DIRECTORY
@given(st.data(), st.integers(1, 5), st.sampled_from(",;\t|"))
def test_what_the_csv_module_writes_reads_back_equal(file, data, width, delimiter):
    names = data.draw(st.lists(TEXT.map(str.strip).filter(bool), min_size=width, max_size=width, unique=True))
    rows = data.draw(st.lists(st.lists(TEXT, min_size=width, max_size=width), min_size=1, max_size=8))
    if width == 1:
        rows = [[cell.strip()] for [cell] in rows]  # a line of nothing but space is no row, one of "" is
    path = file(written([names, *rows], delimiter))
    table = load_inputs(path, dict.fromkeys(names, "text"), delimiter=delimiter, header=True, missing=())
    assert table.names == tuple(names)
    assert table.rows == [tuple(cell.strip() or None for cell in row) for row in rows]


@SAME_DIRECTORY
@given(
    st.lists(st.tuples(st.floats(allow_nan=False, allow_infinity=False), TEXT), min_size=2, max_size=20),
    st.sampled_from(",;\t|"),
)
def test_all_floats_come_back_exactly_and_the_delimiter_is_found(file, rows, delimiter):
    content = [["number", "text", "class"], *([repr(x), f"t{text}", "ab"[i % 2]] for i, (x, text) in enumerate(rows))]
    content[1:] = [[x, re.sub(r"[,;\t|]", "", text), y] for x, text, y in content[1:]]
    table = load_inputs(file(written(content, delimiter)), {"number": "numeric", "class": "text"})
    assert table.delimiter == delimiter
    assert [row[0] for row in table.rows] == [x for x, _ in rows]


def outcome(read, *arguments, **options):
    try:
        return read(*arguments, **options)
    except TableError as error:
        return error


@SAME_DIRECTORY
@given(st.binary(max_size=200) | st.text(st.sampled_from('0123456789.,;|\t "\n\r\0eéна-?_nainf'), max_size=60))
def test_random_bytes_give_a_table_or_a_table_error(file, content):
    path = file(content)
    for result in (outcome(load_csv, path), outcome(load_inputs, path, MODEL), outcome(load_csv, path, delimiter=" ")):
        assert isinstance(result, Table | TableError)
        if isinstance(result, Table):
            assert len(result.rows) == len(result.columns[0].values) > 0


def test_damaged_files_give_a_table_or_a_table_error(file):
    rng = random.Random(0)
    good = [FRUIT.encode(), FRUIT.encode("utf-16"), 'a;b\n1,5;"x;\ny"\n?;z\n2;z\n'.encode("utf-8-sig")]
    outcomes = {Table: 0, TableError: 0}
    for _ in range(600):
        data = bytearray(rng.choice(good))
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(data))
            data[place : place + rng.choice((0, 1, 1, 5))] = rng.choice(
                (b"", b'"', b"\0", b"\xff", b",", b"\r", b"9e999")
            )
        outcomes[type(outcome(load_csv, file(bytes(data) or b"x")))] += 1
    assert all(outcomes.values())


def test_what_a_cell_says_is_never_run(file):
    text = 'x,y\n"__import__(""os"").abort()",a\n=cmd|\' /C calc\'!A0,b\n${HOME},b\n'
    assert load_csv(file(text)).rows == [('__import__("os").abort()',), ("=cmd|' /C calc'!A0",), ("${HOME}",)]


def test_a_hundred_thousand_rows(file):
    rows = [f"{i / 7},{-i},{'ab'[i % 2]},{'' if i % 50 else i},{i % 3}" for i in range(100_000)]
    table = load_csv(file("\n".join(["p,q,r,s,y", *rows])))
    assert len(table.rows) == 100_000
    assert table.rows[99_999] == (99_999 / 7, -99_999.0, "b", None)


# --- what a table looks like ---------------------------------------------------------------------------------


def test_a_table_shows_its_columns_and_first_rows_only(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = Path("many.csv")  # a long path would be shortened
    file.write_text("id,size,colour,ripe\n" + "".join(f",{i / 2},{'rgb'[i % 3]},{i % 2}\n" for i in range(100_000)))
    shown = str(load_csv(file))
    title, head, _, *lines = shown.splitlines()
    assert title == "many.csv: 100000 rows, 2 inputs"
    assert head.split("  ")[0] == "column"
    assert [line.split() for line in lines] == [
        ["size", "numeric", "0", "to", "50,000", "0", "0.5", "1"],
        ["colour", "text", "3", "categories", "r", "g", "b"],
        ["ripe", "(target)", "numeric", "0", "to", "1", "0", "1", "0"],
        ["not", "used:", "id", "has", "no", "values"],
    ]
    assert repr(load_csv(file)) == f"Table({str(file)!r}: 100000 rows, 2 inputs, target 'ripe')"
    assert len(repr(load_csv(file).columns[0])) < 120
    assert repr(load_csv(file).columns[0]).endswith("(0.0, 0.5, 1.0, 1.5, 2.0, 2.5, ... 99994 more))")


def test_a_wide_table_shows_some_of_its_columns():
    columns = tuple(Column(f"c{j}", "numeric", (float(j), None)) for j in range(1000))
    lines = str(Table("wide.csv", columns, None, {f"n{j}": "has no values" for j in range(9)}, True, ",", "utf-8"))
    assert len(lines.splitlines()) == 35
    assert "and 970 more columns" in lines
    assert "n4 has no values; and 4 more" in lines
    assert "c29     numeric  1        29 to 29" in lines
    assert "row 2" not in lines


def test_names_and_values_of_a_file_are_no_html_and_no_commands_of_a_terminal():
    column = Column("<b>&\x1b[2J\nx", "text", ("<script>alert(1)</script>", "y" * 100))
    table = Table("<i>.csv", (column,), None, {"<u>": "left out as asked"}, True, ",", "utf-8")
    html = table._repr_html_()
    assert "<script" not in html
    assert "<b>" not in html
    assert "<i>" not in html
    assert "<u>" not in html
    assert "<td>&lt;b&gt;&amp;\N{REPLACEMENT CHARACTER}[2J x</td>" in html
    assert "<td>" + "y" * 23 + "…</td>" in html
    assert html.count("<tr>") == 2
    assert "\x1b" not in str(table)
    assert "\n" not in repr(table)


# --- arguments that are none ---------------------------------------------------------------------------------


def test_one_text_where_several_are_expected(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("a,b\n1,2\n2,3\n")
    for name in ("missing", "text", "ignore"):
        with pytest.raises(TypeError, match=rf"{name} must be a collection of texts, got 'a': write \('a',\)"):
            load_csv(file, **{name: "a"})
        for wrong in (None, [3], (text for text in "ab")):  # a generator can be read once only
            with pytest.raises(
                TypeError, match=f"{name} must be a collection of texts, got {re.escape(repr(wrong)[:20])}"
            ):
                load_csv(file, **{name: wrong})


@pytest.mark.parametrize("path", [None, 3, b"a.csv"])
def test_a_path_is_the_name_of_a_file(path):
    for read in (load_csv, lambda path: load_inputs(path, {"a": "numeric"})):
        with pytest.raises(TypeError, match=r"path must be the name of a file, as 'data.csv', got"):
            read(path)


def test_a_target_is_a_name_or_a_number(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("a,b\n1,2\n2,3\n")
    assert load_csv(file, 0).target.name == load_csv(file, "0").target.name == "a"
    for target in (1.5, 1.7, True, ["a"]):
        with pytest.raises(TypeError, match="target must be the name or the number of a column, got"):
            load_csv(file, target)
    with pytest.raises(TypeError, match=r"kinds must be a dict, as pipeline.preprocessing.kinds, got 3"):
        load_inputs(file, 3)


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"encoding": 3}, "encoding must be a text, as 'utf-8', or None, got 3"),
        ({"delimiter": 3}, "delimiter must be a text of one character, as ';', or None, got 3"),
        ({"header": "no"}, "header must be True, False or None, got 'no'"),
        ({"header": 0}, "header must be True, False or None, got 0"),
    ],
)
def test_how_a_file_is_read_is_told_by_texts_and_a_bool(file, argument, message):
    path = file(FRUIT)
    for read in (load_csv, lambda path, **told: load_inputs(path, MODEL, **told)):
        with pytest.raises(TypeError, match=re.escape(message)):
            read(path, **argument)
