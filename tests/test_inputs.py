"""What linesift predict reads: kinds of files, where they lie, how they are packed, and how their text is written."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linesift.encodings import decode
from linesift.inputs import Input, find_inputs
from linesift.streams import compressing, open_bytes
from tests.rows import STORY
from tests.running import TEXT, predict

try:
    from compression import zstd  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    from backports import zstd

ZSTD = partial(zstd.compress, options={zstd.CompressionParameter.checksum_flag: 1})
PACKERS = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": ZSTD}
PACKED = pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
GERMAN = "Die Fähre nach Lindholm fährt nach elf Jahren wieder, sagte der Bürgermeister am Dienstag in Köln."
RUSSIAN = "Паром снова ходит на остров после одиннадцати лет перерыва, сообщили во вторник власти порта."
SIMPLIFIED = "渡轮在十一年后重新开航，港口的人们都很高兴。" * 2
TRADITIONAL = "渡輪在十一年後重新開航，港口的人們都很高興。" * 2
JAPANESE = "十一年ぶりにフェリーが島に戻ってきました。港では多くの人々が喜んでいます。"


def all_of(*args: object, input: bytes = b"") -> bytes:
    done = predict("--keep", "all", *args, input=input)
    assert done.code == 0, done.stderr
    return done.stdout


@PACKED
def test_packed_files_are_told_by_content_not_by_name(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(pack(TEXT.encode()))
    assert all_of(tmp_path / "page.txt") == TEXT.encode()
    assert all_of(input=pack(TEXT.encode())) == TEXT.encode()
    rows = "".join(json.dumps({"text": f"line {n}"}) + "\n" for n in range(3)).encode()
    (tmp_path / "rows.jsonl").write_bytes(pack(rows[:20]) + pack(rows[20:]))  # as `cat a.gz b.gz` makes it
    assert all_of(tmp_path / "rows.jsonl") == b"line 0\nline 1\nline 2\n"


@PACKED
def test_a_name_may_say_that_a_plain_file_is_packed(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    (tmp_path / "page.txt.gz").write_bytes(TEXT.encode())
    assert all_of(tmp_path / "page.txt.gz") == TEXT.encode()


@PACKED
def test_cut_and_damaged_files_are_bad_records(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    whole = pack(os.urandom(2000).hex().encode())
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "damaged").write_bytes(whole[:100] + bytes(100) + whole[200:])
    (tmp_path / "good").write_text(STORY)
    done = predict("--keep", "all", tmp_path / "cut", tmp_path / "damaged", tmp_path / "good")
    assert (done.code, done.stdout.decode()) == (1, STORY + "\n")
    assert f"{tmp_path / 'cut'}: " in done.stderr
    assert "2 bad records skipped" in done.stderr


@given(st.binary(max_size=2000), st.sampled_from([*PACKERS, ".txt"]))
def test_what_is_packed_can_be_read_again(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
) -> None:
    content = b"-" + content  # which is no packed file itself
    path = tmp_path_factory.getbasetemp() / "packed"
    with path.open("wb") as raw:
        file = compressing(raw, f"any.name{suffix}")
        file.write(content)
        file.close()
    with open_bytes(path) as file:
        assert file.read() == content


def test_folders_are_read_to_their_depths_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "deep/er/c.txt", ".hidden", ".git/d.txt", ".b.txt.12.linesift.part"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name + "\n")
    os.mkfifo(tmp_path / "pipe.txt")  # reading it would wait for ever
    assert all_of(tmp_path) == b"a.txt\nb.txt\ndeep/er/c.txt\n"
    assert [item.relative for item in find_inputs([str(tmp_path)])] == ["a.txt", "b.txt", "deep/er/c.txt"]


def test_patterns_are_expanded_where_the_shell_did_not(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.md", "deep/d.txt", "literal[1].txt", "literal1.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name + "\n")
    assert all_of(tmp_path / "?.txt") == b"a.txt\nb.txt\n"
    assert all_of(tmp_path / "**" / "d.txt") == b"deep/d.txt\n"
    assert all_of(tmp_path / "literal[1].txt") == b"literal[1].txt\n"
    assert list(find_inputs([str(tmp_path / "*" / "d.txt")])) == [Input(str(tmp_path / "deep/d.txt"), "deep/d.txt")]
    nothing = predict(tmp_path / "*.pdf")
    assert nothing.code == 1
    assert f"{tmp_path / '*.pdf'}: No such file" in nothing.stderr


def test_outputs_inside_an_input_folder_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a\n")
    for _ in range(2):
        assert predict("--keep", "all", tmp_path, "--output", tmp_path / "all.txt").code == 0
        assert (tmp_path / "all.txt").read_text() == "a\n"


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_by_its_mark_and_keeps_its_line_breaks(encoding: str, newline: str, tmp_path: Path) -> None:
    text = f"Überschrift{newline}日本語 text{newline}"
    mark = "\ufeff" if encoding in {"utf-16-le", "utf-16-be"} else ""
    (tmp_path / "page").write_bytes((mark + text).encode(encoding))
    expected = text.encode("utf-8-sig" if encoding == "utf-8-sig" else "utf-8")
    assert all_of(tmp_path / "page") == (expected if text.endswith("\n") else expected + b"\n")


def test_a_byte_order_mark_changes_no_score() -> None:
    plain, marked = (predict("--format", "jsonl", input=(mark + TEXT).encode()).rows[0] for mark in ("", "\ufeff"))
    assert plain["scores"] == marked["scores"]
    assert marked["text"] == "\ufeff" + TEXT


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "cp1252"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"), (JAPANESE, "cp932"), (JAPANESE, "euc_jp"),
        (SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5"),
    ],
)  # fmt: skip
def test_other_encodings_are_detected_and_said(text: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes((text + "\n").encode(encoding))
    done = predict("--keep", "all", path)
    assert (done.code, done.stdout.decode()) == (0, text + "\n")
    assert f"{path}: not UTF-8: read as {encoding}; --encoding names another" in done.stderr
    (row,) = predict("--format", "jsonl", path).rows
    assert row["encoding"] == encoding


def test_an_encoding_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_bytes("café".encode("cp1252"))
    assert all_of("--encoding", "windows-1252", tmp_path / "short.txt") == "café\n".encode()
    (tmp_path / "rows.jsonl").write_bytes('{"text": "café"}\n{"text": "thé"}\n'.encode("cp1252"))
    assert all_of("--encoding", "cp1252", tmp_path / "rows.jsonl") == "café\nthé\n".encode()
    unknown = predict("--encoding", "klingon", tmp_path / "short.txt")
    assert (unknown.code, "no such encoding" in unknown.stderr) == (2, True)
    wrong = predict("--encoding", "ascii", tmp_path / "short.txt")
    assert (wrong.code, "not ascii" in wrong.stderr) == (1, True)


def test_json_lines_in_utf16_are_read_by_their_mark(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_bytes('{"text": "größer\u2028"}\r\n{"text": "b"}\r\n'.encode("utf-16"))
    assert all_of(tmp_path / "rows.jsonl") == "größer\u2028\nb\n".encode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "zero bytes"),
        ("Größe, Übel, Höhe ".encode() + b"\xe4", "damaged file"),
        (b"caf\xe9", "too short"),
        (bytes(range(1, 256)) * 20, "no other encoding"),
    ],
)
def test_what_is_no_text_is_a_bad_record(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    done = predict(tmp_path / "file")
    assert (done.code, done.stdout) == (1, b"")
    assert message in done.stderr


@given(st.text())
def test_utf8_is_never_taken_for_something_else(text: str) -> None:
    content = text.encode("utf-8", "replace")
    assert decode(content) == (content.decode(), "utf-8")


@pytest.mark.parametrize("name", ["c4-train.00000-of-01024.json.gz", "crawl.dump.gz", "rows"])
def test_rows_are_known_under_any_name_by_their_first_line(name: str, tmp_path: Path) -> None:
    content = "\n" + "".join(json.dumps({"text": f"{STORY} {number}", "url": "u"}) + "\n" for number in range(3))
    data = gzip.compress(content.encode()) if name.endswith(".gz") else content.encode()
    (tmp_path / name).write_bytes(data)
    for done in (predict("--format", "jsonl", tmp_path / name), predict("--format", "jsonl", input=content.encode())):
        assert [row["text"] for row in done.rows] == [f"{STORY} {number}" for number in range(3)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"content": "A story."}\n', "its first line is a JSON object; --text-field names the field"),
        ("\n<!DOCTYPE html>\n<p>A story.</p>\n", "looks like HTML"),
    ],
)
def test_what_seems_no_text_is_said(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "page").write_text(content)
    done = predict("--keep", "all", tmp_path / "page")
    assert (done.code, done.stdout.decode()) == (0, content)
    assert message in done.stderr
    assert message not in predict("--input-format", "text", tmp_path / "page").stderr


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("De boer uit Drenthe heeft één koe en geen ideeën meer voor het dorpsfeest van zaterdag.", "cp1252"),
        ("Il sindaco non è più in città: tornerà lunedì, e lì dirà perché la scuola è chiusa.", "cp1252"),
        ("Été comme hiver, les élèves vont à la plage où le maître les attend déjà.", "cp1252"),
        ("Őszi vásár lesz a főtéren, ahol hűvös időben is árulnak mézet, almát és gyümölcsöt.", "cp1250"),
        ("Příští týden se otevře nová čistírna vody, řekl starosta, který ji dlouho sliboval.", "cp1250"),
        ("Wójt obiecał, że świąteczne targi odbędą się mimo śniegu i że będą dłuższe niż rok temu.", "cp1250"),
        ("Adaya giden vapur yarın sabah yeniden çalışacak, şehirdeki herkes buna çok sevindi.", "cp1254"),
        ("Kitą savaitę prie ežero įvyks šventė, į kurią kviečiami visi, kurie mėgsta žuvį.", "cp1257"),
    ],
)
def test_languages_in_latin_letters_are_told_apart(text: str, encoding: str, tmp_path: Path) -> None:
    assert decode(text.encode(encoding))[0] == text
