"""Planted documents: what stands in them, and that no fold sees the phrases of another."""

import numpy as np
import pytest

from linesift.corpus import LabelledDocument, read_corpus
from linesift.planting import LONGEST_SNIPPET, PLANTED, SNIPPET_SHARE, NoiseLine, plant, read_noise_lines
from tests.conftest import ROOT

N_FOLDS, SHARE = 3, 0.5
NOISE_LINES = read_noise_lines(ROOT / "data" / "noise")
DOCUMENTS = [document for path in sorted((ROOT / "data").glob("starter-*.jsonl")) for document in read_corpus(path)]
FOLD_OF = np.arange(len(DOCUMENTS)) % N_FOLDS
SIZES = np.bincount(FOLD_OF)


def count(share: float) -> int:
    return sum(round(share * size) for size in SIZES)


@pytest.fixture(scope="module")
def planted() -> tuple[list[LabelledDocument], list[int]]:
    documents, folds = plant(DOCUMENTS, FOLD_OF, NOISE_LINES, SHARE, seed=0)
    return documents, folds.tolist()


def test_there_are_as_many_as_were_asked_for_and_some_snippets(planted) -> None:
    documents, _ = planted
    assert len(documents) == count(SHARE) + count(SHARE * SNIPPET_SHARE)
    assert len({document.id for document in documents}) == len(documents)
    assert {document.row for document in documents} == {f"{PLANTED}/"}


def test_article_lines_are_of_the_original_and_noise_is_not_of_another_fold(planted) -> None:
    of_fold = [
        {line for document, f in zip(DOCUMENTS, FOLD_OF, strict=True) if f == fold for line in document.lines}
        for fold in range(N_FOLDS)
    ]
    fold_of_language: dict[str, int] = {}
    language_of: dict[str, set[str]] = {}
    for noise_line in NOISE_LINES:
        language_of.setdefault(noise_line.text, set()).add(noise_line.language)
    for document, fold in zip(*planted, strict=True):
        for line, label in zip(document.lines, document.labels, strict=True):
            if label == 1:
                assert line in of_fold[fold]
            elif line not in of_fold[fold] and len(language_of.get(line, ())) == 1:
                (language,) = language_of[line]
                assert fold_of_language.setdefault(language, fold) == fold
    assert {*fold_of_language.values()} == {*range(N_FOLDS)}


def test_snippets_are_a_few_lines_of_the_article_beside_a_few_of_noise(planted) -> None:
    documents, folds = planted
    ends = np.cumsum(np.bincount(folds))
    sizes = [round(SHARE * SNIPPET_SHARE * size) for size in SIZES]
    snippets = [document for end, size in zip(ends, sizes, strict=True) for document in documents[end - size : end]]
    for snippet in snippets:
        article, noise = snippet.labels.count(1), snippet.labels.count(0)
        assert 1 <= article + noise == len(snippet.lines)
        assert article <= LONGEST_SNIPPET >= noise
        assert sorted(snippet.labels) in (list(snippet.labels), list(snippet.labels)[::-1])  # above or below
    assert any(snippet.labels.count(0) for snippet in snippets)


def test_other_documents_do_not_depend_on_the_snippets(planted, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that their share can be tuned by itself."""
    monkeypatch.setattr("linesift.planting.SNIPPET_SHARE", 0.0)
    alone, _ = plant(DOCUMENTS, FOLD_OF, NOISE_LINES, SHARE, seed=0)
    texts = [document.lines for document in planted[0]]
    assert len(alone) == count(SHARE)
    assert all(document.lines in texts for document in alone)


@pytest.mark.parametrize(("share", "noise_lines"), [(0.0, NOISE_LINES), (SHARE, [])])
def test_without_a_share_or_phrases_there_are_no_snippets(share: float, noise_lines: list[NoiseLine]) -> None:
    assert len(plant(DOCUMENTS, FOLD_OF, noise_lines, share, seed=0)[0]) == count(share)
