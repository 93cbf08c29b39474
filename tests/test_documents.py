"""Lines, offsets and what is kept: the same for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import linesift
from linesift.classifier import LineClassifier
from linesift.documents import TaggedDocument, split_lines
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


def test_article_share_counts_words() -> None:
    page = TaggedDocument.from_scores(["three words here", "", "noise"], [0.0, None, 1.0], threshold=0.5)
    assert page.article_share == 0.75


@pytest.mark.parametrize("text", ["", "\n\n", "   \n\t"])
def test_a_document_without_visible_lines_is_kept_as_it_is(model: LineClassifier, text: str) -> None:
    page = model.tag(text)
    assert page.article == text
    assert page.noise == ""
    assert page.article_share == 0.0
