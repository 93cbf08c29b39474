"""The user's own rules, and documents of which too much would go."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import linesift
from linesift.guard import count_words
from linesift.rules import DROP, KEEP, Rule, decide
from linesift.tagging import TagOptions, tag
from tests.rows import STORY
from tests.running import PAGE, TEXT, predict, rows_of

NOISY = "\n".join(["Accept all cookies", "Share", "Subscribe to our newsletter", "Log in", STORY[:60]])
BANNER = TEXT.split("\n")[0]


def labels(*args: object, text: str = TEXT) -> dict[str, str]:
    (row,) = predict("--format", "jsonl", *args, input=text.encode()).rows
    return dict(zip(row["text"].split("\n"), row["labels"], strict=True))


def test_patterns_keep_and_drop_lines_whatever_the_model_thinks() -> None:
    plain = labels()
    assert (plain[BANNER], plain["A pier on borrowed money"]) == ("noise", "article")
    ruled = labels("--keep-pattern", "^Wir und", "--drop-pattern", "(?i)BORROWED money$")
    assert (ruled[BANNER], ruled["A pier on borrowed money"]) == ("article", "noise")


def test_keep_goes_before_drop_and_blank_lines_are_never_decided() -> None:
    ruled = labels("--drop-pattern", ".*", "--keep-pattern", "ferry", text=f"The ferry\n\n  \n{STORY}")
    assert ruled == {"The ferry": "article", "": None, "  ": None, STORY: "noise"}


def test_what_a_rule_drops_the_model_does_not_see() -> None:
    lines = [STORY, "Related stories", *TEXT.split("\n")[4:9]]
    without = linesift.load().tag([line for line in lines if line != "Related stories"])
    (tags,) = tag(TagOptions(rules=(Rule(DROP, "^Related"),)), [lines], [""])
    assert [
        score for line, score in zip(lines, tags.scores, strict=True) if line != "Related stories"
    ] == without.scores
    assert tags.scores[1] == 1.0
    (seen,) = tag(TagOptions(rules=(Rule(KEEP, "^Related"),)), [lines], [""])
    assert [
        score for line, score in zip(lines, seen.scores, strict=True) if line != "Related stories"
    ] != without.scores
    assert seen.scores[1] == 0.0


def test_rules_come_from_a_file_and_are_the_reasons(tmp_path: Path) -> None:
    rules = tmp_path / "rules.txt"
    rules.write_text("# of our own\n\nkeep ^Wir und\ndrop  harbour|Harbour \n", "utf-8")
    done = predict("--rules", rules, "--format", "jsonl", "--explain", "--removed", tmp_path / "removed", PAGE)
    (row,) = done.rows
    assert (row["labels"][0], row["reasons"][0]) == ("article", "keep rule: ^Wir und")
    (removed,) = rows_of((tmp_path / "removed").read_bytes())
    by_rule = [line for line in removed["removed"] if line["reason"] == "drop rule: harbour|Harbour"]
    assert by_rule
    assert all("arbour" in line["text"] and line["score"] == 1.0 for line in by_rule)
    assert f"drop rules {len(by_rule)}" in done.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"drop ok\nremove x\n", ":2: expected `keep PATTERN` or `drop PATTERN`"),
        (b"drop (\n", ":1: '(' is no pattern of RE2: missing ): ("),
        (b"keep\n", ":1: the pattern is empty"),
        (b"drop \xff\n", "not UTF-8"),
    ],
)
def test_a_rule_that_cannot_be_used_is_wrong_usage(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "rules").write_bytes(content)
    done = predict("--rules", tmp_path / "rules", PAGE)
    assert (done.code, done.stdout) == (2, b"")
    assert f"{tmp_path / 'rules'}" in done.stderr
    assert message in done.stderr
    assert predict("--rules", tmp_path / "nowhere", PAGE).code == 2
    assert "--drop-pattern: '(a)\\\\1' is no pattern" in predict("--drop-pattern", r"(a)\1", PAGE).stderr


def test_no_pattern_can_make_a_run_hang() -> None:
    text = "a" * 50_000 + "!"
    ruled = labels("--drop-pattern", "^(a+)+$", "--drop-pattern", "(a|aa)+b", text=text)
    assert ruled.keys() == {text}


def test_without_the_library_the_error_says_what_to_install() -> None:
    program = "import sys; sys.modules['re2'] = None; from linesift.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "predict", "--drop-pattern", "x", PAGE], capture_output=True, check=False
    )
    assert done.returncode == 2
    assert "pip install 'linesift[io]'" in done.stderr.decode()


@given(st.lists(st.text(), max_size=5), st.lists(st.sampled_from(["a", "^b", r"\d", "^$", "é|日"]), max_size=3))
def test_every_line_with_a_pattern_is_decided_and_no_other(lines: list[str], patterns: list[str]) -> None:
    import re

    for line, rule in zip(lines, decide([Rule(DROP, pattern) for pattern in patterns], lines), strict=True):
        first = next((pattern for pattern in patterns if line.strip() and re.search(pattern, line, re.ASCII)), None)
        assert (rule.pattern if rule else None) == first


def suspicion(*args: object, text: str = NOISY) -> tuple[list[dict], str]:
    done = predict("--format", "jsonl", "--input-format", "jsonl", *args, input=json.dumps({"text": text}).encode())
    assert done.code == 0
    return done.rows, done.stderr


def test_a_document_that_would_lose_too_much_is_flagged() -> None:
    rows, stderr = suspicion(text="Accept all cookies\nShare")
    assert [row["suspicious"] for row in rows] == [True]
    assert "linesift: -:1: suspicious: 100% of its words are removed\n" in stderr
    assert "1 suspicious" in stderr
    rows, stderr = suspicion(text=TEXT)
    assert [row["suspicious"] for row in rows] == [False]
    assert "0 suspicious" in stderr


def test_how_much_is_too_much_can_be_set() -> None:
    share = 1 - predict("--format", "jsonl", PAGE).rows[0]["article_share"]
    for limit, suspicious in ((share - 0.05, True), (share + 0.05, False)):
        assert suspicion("--max-removed", limit, text=TEXT)[0][0]["suspicious"] == suspicious
    assert suspicion("--max-removed", 1, text="Share\nLog in")[0][0]["suspicious"]  # nothing would be left


def test_what_is_done_with_suspicious_documents_can_be_chosen(tmp_path: Path) -> None:
    text = "Accept all cookies\nShare\nLog in"
    (flagged,), _ = suspicion("--on-excess", "flag", text=text)
    assert set(flagged["labels"]) == {"noise"}
    (kept,), stderr = suspicion("--on-excess", "keep", "--drop-pattern", "^Share", text=text)
    assert (kept["labels"], kept["suspicious"]) == (["article", "noise", "article"], True)
    assert "; all of it is kept" in stderr
    dropped, stderr = suspicion("--on-excess", "drop", "--removed", tmp_path / "removed", text=text)
    assert dropped == []
    assert "1 of them dropped" in stderr
    (removed,) = rows_of((tmp_path / "removed").read_bytes())
    assert [line["text"] for line in removed["removed"]] == text.split("\n")
    assert (predict("--on-excess", "drop", "-q", input=b"Share").stdout, predict("-q", input=b"Share").stderr) == (
        b"",
        "",
    )


def test_words_are_counted_in_scripts_without_spaces() -> None:
    assert count_words(["two words", "十一年ぶりに", "", "één"]).counted.tolist() == [2, 7, 0, 1]
    assert count_words(["เรือ"]).counted[0] > 3


def test_rules_do_not_see_a_byte_order_mark() -> None:
    done = predict(
        "--drop-pattern", "^Share this", "--keep", "noise", input=f"\ufeffShare this story\n{STORY}\n".encode()
    )
    assert done.stdout.decode() == "\ufeffShare this story\n"
