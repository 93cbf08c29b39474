"""LineClassifier among the tools of scikit-learn."""

import json
import warnings

import joblib
import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.base import clone
from sklearn.exceptions import InconsistentVersionWarning, NotFittedError
from sklearn.metrics import f1_score, make_scorer
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_predict, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import check_estimator

from linesift.classifier import LineClassifier
from tests.conftest import ROOT

ROWS = [json.loads(row) for row in (ROOT / "data" / "starter-europe.jsonl").read_text("utf-8").split("\n") if row]
X = [row["lines"] for row in ROWS]
Y = [row["labels"] for row in ROWS]
SITES = [row["domain"] for row in ROWS]
QUICK = {"folds": 2, "first_trees": 5, "second_trees": 5}


@pytest.fixture(scope="module")
def quick() -> LineClassifier:
    return LineClassifier(**QUICK).fit(X, Y, SITES)


def test_clone_is_unfitted_and_has_the_parameters(quick: LineClassifier) -> None:
    copy = clone(quick)
    assert copy.get_params() == quick.get_params()
    with pytest.raises(NotFittedError):
        copy.predict(X)
    assert copy.set_params(mode="strict", leaves=7).get_params()["leaves"] == 7
    with pytest.raises(ValueError, match="Invalid parameter 'leafs'"):
        copy.set_params(leafs=7)


def test_fit_changes_neither_parameters_nor_data(quick: LineClassifier) -> None:
    before = json.dumps([X, Y])
    classifier = LineClassifier(**QUICK)
    parameters = classifier.get_params()
    again = classifier.fit(X, Y, SITES).predict_proba(X[:3])
    assert classifier.get_params() == parameters
    assert json.dumps([X, Y]) == before
    for one, other in zip(again, quick.predict_proba(X[:3]), strict=True):
        np.testing.assert_array_equal(one, other)


def test_cross_val_predict_with_groups_gives_what_the_folds_give() -> None:
    folds = GroupKFold(2)
    classifier = LineClassifier(**QUICK)
    predicted = cross_val_predict(classifier, X, Y, groups=SITES, cv=folds)
    assert [len(labels) for labels in predicted] == [len(lines) for lines in X]
    train, held_out = next(folds.split(X, Y, SITES))
    by_hand = classifier.fit([X[i] for i in train], [Y[i] for i in train]).predict([X[i] for i in held_out])
    assert [predicted[i].tolist() for i in held_out] == [labels.tolist() for labels in by_hand]


def test_groups_reach_fit_in_any_container() -> None:
    places = list(reversed(range(len(X))))  # an index that is not 0, 1, 2
    series = pd.Series(SITES, index=places)
    one, other = (LineClassifier(**QUICK).fit(X, Y, groups) for groups in (SITES, series))
    np.testing.assert_array_equal(one.predict_proba(X[:1])[0], other.predict_proba(X[:1])[0])
    with pytest.raises(ValueError, match="two groups"):
        cross_val_score(
            LineClassifier(**QUICK), X, Y, cv=GroupKFold(2), groups=SITES,
            params={"groups": ["one site"] * len(X)}, error_score="raise",
        )  # fmt: skip


def macro_f1(gold: list[list[int | None]], predicted: list[np.ndarray]) -> float:
    pairs = [
        (label, 1 if found == "article" else 0)
        for labels, lines in zip(gold, predicted, strict=True)
        for label, found in zip(labels, lines, strict=True)
        if label is not None and found is not None
    ]
    return float(f1_score(*zip(*pairs, strict=True), average="macro"))


def test_grid_search_over_a_pipeline_of_texts() -> None:
    texts = np.array(["\n".join(lines) for lines in X], dtype=object)
    pipeline = make_pipeline(FunctionTransformer(lambda texts: [text.split("\n") for text in texts]),
                             LineClassifier(**QUICK))  # fmt: skip
    grid = {"lineclassifier__leaves": [3, 31], "lineclassifier__mode": ["strict", "balanced"]}
    search = GridSearchCV(pipeline, grid, scoring=make_scorer(macro_f1), cv=GroupKFold(2), error_score="raise")
    search.fit(texts, Y, groups=SITES)
    scores = search.cv_results_["mean_test_score"]
    assert search.best_score_ == scores.max() > scores.min()
    assert len(search.predict(texts[:2])[1]) == len(X[1])


def test_joblib_keeps_the_scores(quick: LineClassifier, tmp_path) -> None:
    joblib.dump(quick, tmp_path / "model.joblib", compress=3)
    loaded = joblib.load(tmp_path / "model.joblib")
    assert loaded.get_params() == quick.get_params()
    np.testing.assert_array_equal(loaded.predict_proba(X[:1])[0], quick.predict_proba(X[:1])[0])


def test_a_pickle_of_another_version_warns_as_those_of_scikit_learn_do(quick, tmp_path, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("linesift.classifier.__version__", "0.0.1")
        joblib.dump(quick, tmp_path / "old.joblib")
    with pytest.warns(InconsistentVersionWarning, match=r"LineClassifier from version 0\.0\.1") as caught:
        loaded = joblib.load(tmp_path / "old.joblib")
    assert caught[0].message.original_sklearn_version == "0.0.1"
    np.testing.assert_array_equal(loaded.predict_proba(X[:1])[0], quick.predict_proba(X[:1])[0])


def test_what_is_no_document_is_named(quick: LineClassifier) -> None:
    with pytest.raises(ValueError, match="document 0 is a float64; X is a list of documents"):
        quick.predict(np.zeros(3))
    with pytest.raises(TypeError, match="document 1: a line is a float; lines are strings"):
        quick.predict([["a"], ["b", 0.5]])
    with pytest.raises(ValueError, match="the target y is None"):
        LineClassifier().fit(X, None)


class AsMatrix(LineClassifier):
    """Says that X is a matrix, so that check_estimator runs all its checks."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        return tags


NUMBERS = "fits on a matrix of numbers; X is a list of documents, each a list of lines, and anything else is refused"
EXPECTED_FAILURES = {
    **dict.fromkeys(
        (
            "check_classifier_data_not_an_array", "check_classifiers_classes", "check_classifiers_train",
            "check_dict_unchanged", "check_dont_overwrite_parameters", "check_dtype_object", "check_estimators_dtypes",
            "check_estimators_fit_returns_self", "check_estimators_overwrite_params", "check_estimators_pickle",
            "check_f_contiguous_array_estimator", "check_fit2d_1feature", "check_fit2d_predict1d",
            "check_fit_check_is_fitted", "check_fit_idempotent", "check_fit_score_takes_y",
            "check_methods_sample_order_invariance", "check_methods_subset_invariance", "check_n_features_in",
            "check_pipeline_consistency", "check_positive_only_tag_during_fit", "check_readonly_memmap_input",
            "check_supervised_y_2d",
        ),
        NUMBERS,
    ),
    "check_classifier_not_supporting_multiclass": "the message names the bad document, not the number of classes",
    "check_classifiers_one_label": "one label teaches nothing: refused, with a message that names both labels",
    "check_classifiers_regression_target": "y is a list of label lists; the message names the bad document instead",
    "check_complex_data": "any number is refused, with a message that says what X is",
    "check_estimator_sparse_array": "any matrix is refused, with a message that says what X is",
    "check_estimator_sparse_matrix": "any matrix is refused, with a message that says what X is",
    "check_estimators_empty_data_messages": "an empty matrix has no columns to complain about; lines are not columns",
    "check_estimators_nan_inf": "any number is refused, infinite or not; the message says what X is",
    "check_fit2d_1sample": "the message speaks of documents, not of samples",
    "check_n_features_in_after_fitting": "documents have any number of lines, so there is no n_features_in_",
    "check_supervised_y_no_nan": "y holds labels, not numbers; the message names the bad document instead",
}  # fmt: skip


@pytest.mark.skipif(sklearn.__version__ < "1.6", reason="check_estimator takes no expected failures")
def test_check_estimator_fails_only_where_sequences_depart() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of scikit-learn's own fits
        results = check_estimator(
            AsMatrix(**QUICK), expected_failed_checks=EXPECTED_FAILURES, on_fail=None, on_skip=None
        )
    failed = {result["check_name"] for result in results if result["status"] == "failed"}
    assert failed == set()
    passed = {result["check_name"] for result in results if result["status"] == "passed"}
    assert passed & EXPECTED_FAILURES.keys() == set()
    assert len(passed) > 10
