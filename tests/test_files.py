"""Files are written whole or not at all."""

import os

import pytest

from autograd.files import write


def test_text_is_written_in_utf8_with_the_line_ends_it_has(tmp_path):
    write(str(tmp_path / "a"), "é\n\r\n")
    assert (tmp_path / "a").read_bytes() == b"\xc3\xa9\n\r\n"


def test_bytes_are_written_as_they_are(tmp_path):
    write(str(tmp_path / "a"), b"\x00\xff\r\n")
    assert (tmp_path / "a").read_bytes() == b"\x00\xff\r\n"
    write(os.devnull, b"\x00")


def test_what_cannot_be_written_leaves_what_was_there(tmp_path, monkeypatch):
    old = tmp_path / "a"
    write(str(old), "old")
    with pytest.raises(UnicodeEncodeError):
        write(str(old), "\ud800")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write(str(old), "new")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_file_that_is_replaced_leaves_its_permissions_to_the_new_one(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("old")
    secret.chmod(0o600)
    write(str(secret), "new")
    assert (secret.read_text(), secret.stat().st_mode & 0o777) == ("new", 0o600)
