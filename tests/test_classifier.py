"""The contract of the imported model."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

import linesift
from linesift.classifier import LineClassifier
from tests.conftest import ROOT

PAGE = (ROOT / "examples" / "page.txt").read_text("utf-8").split("\n")
STORY = [
    "The river rose by two metres overnight, and by morning the lower fields stood under water.",
    "Nobody was hurt. The mayor said that the new dam had held, and thanked the volunteers.",
    "Share",
    "Accept all cookies",
]


def test_the_public_names_are_all() -> None:
    assert sorted(linesift.__all__) == dir(linesift)
    for name in linesift.__all__:
        assert getattr(linesift, name) is not None


def test_predict_gives_a_label_a_line(model: LineClassifier) -> None:
    first, second, empty = model.predict([STORY, ["", "Log in"], []])
    assert first.tolist()[0] == "article"
    assert set(first) <= {"article", "noise"}
    assert second[0] is None
    assert len(empty) == 0


def test_probabilities_stand_in_the_order_of_classes(model: LineClassifier) -> None:
    assert model.classes_.tolist() == ["article", "noise"]
    (proba,) = model.predict_proba([[*STORY, ""]])
    assert proba.shape == (5, 2)
    assert np.isnan(proba[4]).all()
    assert np.allclose(proba[:4].sum(axis=1), 1.0)
    labels = np.where(proba[:4, 1] >= model.threshold, "noise", "article")
    assert labels.tolist() == model.predict([STORY])[0].tolist()


def test_scores_do_not_depend_on_the_batch(model: LineClassifier) -> None:
    documents = [STORY, PAGE, PAGE[::-1], ["一行。", "分享到微信"], STORY[2:], ["x"] * 50]
    alone = [model.predict_proba([document])[0] for document in documents]
    for order in (range(6), reversed(range(6)), [3, 1, 5, 0, 2, 4]):
        places = list(order)
        together = model.predict_proba([documents[place] for place in places])
        for place, proba in zip(places, together, strict=True):
            np.testing.assert_array_equal(proba, alone[place])


LINES = st.lists(st.text(st.characters(exclude_characters="\n"), max_size=40), max_size=12)


@settings(max_examples=50)
@given(st.lists(LINES, max_size=5))
def test_scores_do_not_depend_on_the_batch_whatever_the_lines(documents: list[list[str]]) -> None:
    model = linesift.load()
    for document, proba in zip(documents, model.predict_proba(documents), strict=True):
        np.testing.assert_array_equal(proba, model.predict_proba([document])[0])


def test_modes_differ_in_how_much_they_remove(model: LineClassifier) -> None:
    thresholds = [linesift.load(mode=mode).threshold for mode in ("careful", "balanced", "strict")]
    assert thresholds == sorted(thresholds, reverse=True)
    with pytest.raises(ValueError, match="careful, balanced, strict"):
        linesift.load(mode="brave").tag("x")


def test_a_model_survives_pickling_and_saving(model: LineClassifier, tmp_path) -> None:
    model.save(tmp_path / "copy")
    expected = model.predict_proba([PAGE])[0]
    for copy in (linesift.load(tmp_path / "copy"), pickle.loads(pickle.dumps(model))):
        np.testing.assert_array_equal(copy.predict_proba([PAGE])[0], expected)


def test_score_is_the_accuracy_over_scored_lines(model: LineClassifier) -> None:
    labels = model.predict([STORY])[0].tolist()
    flipped = ["noise" if labels[0] == "article" else "article", *labels[1:3], None]
    assert model.score([STORY, STORY], [labels, flipped]) == 6 / 7


def test_bytes_are_refused(model: LineClassifier) -> None:
    with pytest.raises(TypeError, match="decoded first"):
        model.tag(b"text")
    with pytest.raises(TypeError, match="list of strings"):
        model.tag(["a", 5])


def test_parameters_as_in_scikit_learn() -> None:
    classifier = LineClassifier(leaves=7, mode="strict")
    assert clone(classifier).get_params() == classifier.get_params()
    assert classifier.set_params(leaves=9).leaves == 9


def test_fit_learns_from_any_label_form() -> None:
    documents = [[f"{word} is what this sentence number {n} is about." for n in range(6)] + ["Menu", "Login"]
                 for word in ("Rain", "Bread", "Music", "Trade", "Chess", "Snow")]  # fmt: skip
    labels = [["article"] * 6 + ["noise", 0] for _ in documents]
    labels[0][0] = None
    classifier = LineClassifier(folds=3, first_trees=10, second_trees=10).fit(documents, labels)
    assert classifier.predict(documents[:1])[0].tolist() == ["article"] * 6 + ["noise"] * 2


@pytest.mark.parametrize(
    ("documents", "labels", "message"),
    [
        ([["a"], ["b"]], [[1]], "labels for 1"),
        ([["a", "b"]], [[1]], "2 lines, but 1 labels"),
        ([["a"]], [["content"]], "unknown label 'content'"),
        (["a text"], [[1]], "is a string"),
        ([["a"], ["b"]], [[1], [1]], "both labels"),
        ([["a", "b"]], [[1, 0]], "two groups"),
    ],
)
def test_bad_training_data_is_named(documents, labels, message) -> None:
    with pytest.raises(ValueError, match=message):
        LineClassifier().fit(documents, labels)


def test_reasons_name_the_phrase(model: LineClassifier) -> None:
    page = model.tag("\n".join(PAGE))
    reasons = model.explain(page, 2)
    assert [abs(reason.contribution) for reason in reasons] == sorted(
        (abs(reason.contribution) for reason in reasons), reverse=True
    )
    assert any("consent phrases (English)" in reason.text for reason in reasons)
    with pytest.raises(IndexError, match="no line 99"):
        model.explain(page, 99)
    with pytest.raises(ValueError, match="blank"):
        model.explain(model.tag("a\n\nb"), 2)


@pytest.mark.parametrize("n_jobs", [-1, 2])
def test_threads_change_nothing(model: LineClassifier, n_jobs: int) -> None:
    assert linesift.load(n_jobs=n_jobs).tag(PAGE).scores == model.tag(PAGE).scores
