"""Lines, offsets and what is kept: the same for any text."""

import pickle
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

import linesift
from linesift.classifier import LineClassifier
from linesift.documents import TaggedDocument, TaggedLines, split_lines
from linesift.long_text import LongText
from tests.conftest import ROOT

MODEL = linesift.load()
TEXTS = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\n\n \r\t\x0c\u2028\u0085.aA。ก")), max_size=300)


@given(TEXTS)
def test_offsets_rebuild_any_text(text: str) -> None:
    page = MODEL.tag(text)
    assert page.text == text
    assert "\n".join(text[line.start : line.end] for line in page.lines) == text
    assert all(text[line.start : line.end] == line.text for line in page.lines)
    assert [line.number for line in page.lines] == list(range(1, text.count("\n") + 2))


@given(TEXTS)
def test_every_line_that_is_not_blank_has_a_label_and_a_score(text: str) -> None:
    for line in MODEL.tag(text).lines:
        if line.text.strip():
            assert line.label in {"article", "noise"}
            assert line.score is not None
            assert 0.0 <= line.score <= 1.0
        else:
            assert line.label is None
            assert line.score is None


@given(TEXTS)
def test_kept_and_removed_lines_are_all_lines(text: str) -> None:
    page = MODEL.tag(text)
    kept, removed = page.article.split("\n"), page.noise.split("\n")
    for line in page.lines:
        pile = removed if line.label == "noise" else kept
        assert line.text == pile.pop(0)
    assert kept in ([], [""])
    assert removed in ([], [""])


def test_only_a_line_feed_ends_a_line() -> None:
    text = "one\r\ntwo\u2028still two\x0cand two\n\nfour"
    assert split_lines(text) == ["one\r", "two\u2028still two\x0cand two", "", "four"]


def test_lines_and_text_are_tagged_alike(model: LineClassifier) -> None:
    text = (ROOT / "examples" / "page.txt").read_text("utf-8")
    assert model.tag(text) == model.tag(text.split("\n"))


def test_a_line_with_a_line_break_is_refused(model: LineClassifier) -> None:
    good, broken = ["Menu", "Share"], ["Menu", "", "A story.\nIts end.", "\n"]
    for tag in (
        model.tag,
        lambda lines: model.tag_all([good, lines]),
        lambda lines: linesift.tag_series(pandas.Series([lines])),
    ):
        with pytest.raises(ValueError, match=r"line 3 holds a line break"):
            tag(broken)
    for ask in (model.predict, model.predict_proba, lambda X: model.score(X, [[1, 0], [1, None, 0, 0]])):
        with pytest.raises(ValueError, match=r"document 1: line 3 holds a line break"):
            ask([good, broken])
    for not_lines in ([b"Menu"], b"", b"Menu", ["Menu", None]):
        with pytest.raises(TypeError, match="list of strings"):
            model.tag(not_lines)  # type: ignore[arg-type]


def test_article_share_counts_words() -> None:
    page = TaggedDocument.from_scores(["three words here", "", "noise"], [0.0, None, 1.0], threshold=0.5)
    assert page.article_share == 0.75


@pytest.mark.parametrize("text", ["", "\n\n", "   \n\t"])
def test_a_document_without_visible_lines_is_kept_as_it_is(model: LineClassifier, text: str) -> None:
    page = model.tag(text)
    assert page.article == text
    assert page.noise == ""
    assert page.article_share == 0.0


LINES = ["A story.", "", "Share"]
PAGE = TaggedDocument.from_scores(LINES, [0.1, None, 0.9], threshold=0.5)


def test_tagged_lines_are_a_sequence_like_a_tuple() -> None:
    lines = PAGE.lines
    as_tuple = tuple(lines)
    assert isinstance(lines, Sequence)
    assert (len(lines), lines[0], lines[-1]) == (3, as_tuple[0], as_tuple[2])
    assert (lines[1:], lines[::-1], list(reversed(lines))) == (as_tuple[1:], as_tuple[::-1], [*as_tuple[::-1]])
    assert (lines, as_tuple, hash(lines)) == (as_tuple, lines, hash(as_tuple))
    assert lines != as_tuple[:2]
    assert lines != TaggedDocument.from_scores(LINES, [0.1, None, 0.8], threshold=0.5).lines
    assert (as_tuple[2] in lines, lines.index(as_tuple[2]), lines.count(as_tuple[2])) == (True, 2, 1)
    assert repr(lines) == repr(as_tuple)
    with pytest.raises(IndexError):
        lines[3]


def test_tagged_lines_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        PAGE.lines[0] = PAGE.lines[1]  # type: ignore[index]
    for lines in (PAGE.columns, pickle.loads(pickle.dumps(PAGE)).columns):
        with pytest.raises(ValueError, match="read-only"):
            lines.scores[0] = 1.0
        with pytest.raises(ValueError, match="read-only"):
            lines.codes[0] = 1


def test_tagged_documents_survive_pickling_and_are_equal() -> None:
    copy = pickle.loads(pickle.dumps(PAGE))
    assert (copy, hash(copy), copy.lines[2]) == (PAGE, hash(PAGE), PAGE.lines[2])


def test_changing_the_list_of_lines_changes_no_tagged_document() -> None:
    lines = list(LINES)
    page = TaggedDocument.from_scores(lines, [0.1, None, 0.9], threshold=0.5)
    lines[0] = "Another story."
    assert page == PAGE


def test_a_tagged_document_can_be_made_of_a_tuple_of_lines() -> None:
    kept = TaggedDocument(tuple(replace(line, label=line.label and "article") for line in PAGE.lines))
    assert (kept.article, kept.noise, kept.labels) == (PAGE.text, "", ["article", None, "article"])
    assert (kept.scores, kept.article_share) == (PAGE.scores, 1.0)
    assert TaggedLines.from_lines(PAGE.lines) == PAGE.lines


def test_lines_without_a_score_each_are_refused() -> None:
    with pytest.raises(ValueError, match="3 lines, but 2 scores"):
        TaggedDocument.from_scores(LINES, [0.1, None], threshold=0.5)


@given(TEXTS, st.integers(-3, 8), st.integers(-3, 8))
def test_the_lines_of_a_long_text_are_those_of_any(text: str, start: int, end: int) -> None:
    lines, expected = LongText(text), text.split("\n")
    assert (len(lines), list(lines), lines) == (len(expected), expected, expected)
    assert (lines[start:end], lines[::-2]) == (expected[start:end], expected[::-2])
    assert [lines[place] for place in range(-len(lines), len(lines))] == expected * 2
    assert (pickle.loads(pickle.dumps(lines)), hash(lines)) == (lines, hash(LongText(text)))
    assert lines != [*expected, ""]
    with pytest.raises(IndexError):
        lines[len(lines)]


def test_many_lines_are_a_long_text() -> None:
    text = "a\n\ud800\n" * 10_000 + "é"
    lines = split_lines(text)
    assert isinstance(lines, LongText)
    assert lines == text.split("\n")
    assert np.diff(lines.starts).sum() == len(text) + 1
