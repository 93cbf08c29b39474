"""LineClassifier: the model with the interface of scikit-learn, and load, which gives one that is trained."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import InconsistentVersionWarning
from sklearn.utils.validation import check_is_fitted

from linesift import __version__
from linesift.boosting import BoostingOptions
from linesift.bundle import load_default, load_model, save_bundle
from linesift.card import model_card
from linesift.corpus import VALUE_OF_LABEL, LabelledDocument, scored
from linesift.documents import ARTICLE, NOISE, TaggedDocument, broken_line
from linesift.model import MODES, Model
from linesift.provenance import about
from linesift.reasons import Reason, explain, with_site
from linesift.site_memory import SiteMemory
from linesift.training import TrainingOptions, train

Document = Sequence[str]
Item = TypeVar("Item")


class PerDocument(list[Item]):
    """A list with an array for each document.

    NumPy takes it as one object a document, since cross_val_predict concatenates the predictions of
    folds, whose documents differ in length.

    >>> np.concatenate([PerDocument([np.zeros(2), np.zeros(3)]), PerDocument([np.zeros(1)])]).shape
    (3,)
    """

    def __array__(self, dtype: object = None, copy: bool | None = None) -> NDArray[np.object_]:
        return np.fromiter(self, dtype=object, count=len(self))


class LineClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Tags the lines of documents as article or noise.

    X is a list of documents, each a list of lines, and y a list of label lists (the convention of
    sklearn-crfsuite), since what a line is depends on its neighbours. scikit-learn's clone, Pipeline,
    GridSearchCV, cross_val_score and cross_val_predict take it; `cv` must be a splitter such as
    GroupKFold, since scikit-learn cannot stratify lists of labels. A pickle that another version of
    linesift wrote gives InconsistentVersionWarning; bundles (save and load) last longer than pickles.

    :param folds: of the cross-validation inside fit.
    :param first_trees: trees of the first pass.
    :param second_trees: trees of the second pass.
    :param leaves: leaves of a tree, at most; trees have twelve levels, so never more than 4,096.
    :param learning_rate: of both passes, at most; a pass of over 50 trees has a lower one.
    :param planted: documents with planted noise, as a share of the documents given.
    :param mode: "careful" (lose no article text), "balanced" (best F1) or "strict" (let no noise through).
    :param n_jobs: how many folds are trained at a time; and threads that walk down the trees. -1: all processors.
    :param random_state: seed of everything that draws.
    """

    def __init__(
        self,
        *,
        folds: int = 5,
        first_trees: int = 100,
        second_trees: int = 50,
        leaves: int = 255,
        learning_rate: float = 0.2,
        planted: float = 0.3,
        mode: str = "balanced",
        n_jobs: int = 1,
        random_state: int = 0,
    ) -> None:
        self.folds = folds
        self.first_trees = first_trees
        self.second_trees = second_trees
        self.leaves = leaves
        self.learning_rate = learning_rate
        self.planted = planted
        self.mode = mode
        self.n_jobs = n_jobs
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn may expect: X is no matrix."""
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.classifier_tags.multi_class = False
        return tags

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_linesift_version": __version__}

    def __setstate__(self, state: dict[str, Any]) -> None:
        written = state.get("_linesift_version", "unknown")
        if written != __version__:
            names = {"current_sklearn_version": __version__, "original_sklearn_version": written}
            warnings.warn(InconsistentVersionWarning(estimator_name=type(self).__name__, **names), stacklevel=2)
        super().__setstate__({name: value for name, value in state.items() if name != "_linesift_version"})

    def fit(
        self, X: Sequence[Document], y: Sequence[Sequence[object]], groups: Sequence[str] | None = None
    ) -> LineClassifier:
        """Train on labelled documents.

        The lexicons are those of the bundle that ships, from which its training already pruned weak
        phrases; openings of other documents are planted, but no phrases. For phrases and lexicons of
        your own, and a report, use the command.

        :param X: documents, lists of lines.
        :param y: a list of labels for each document: "article" or 1, "noise" or 0, None unscored.
        :param groups: the group of each document, such as its site; documents of one group are never
            split between the folds. By default each document is a group of its own.
        :raises ValueError: if there are no labels, a document and its labels differ in length, a label
            is unknown, or a line holds a line break.
        :raises TypeError: if a line is not a string.
        """
        documents = scored(_labelled(X, y, groups))
        base = load_default()
        options = self.training_options()
        trained = train(documents, base.lexicons, base.catalogue, (), options)
        self.model_: Model = replace(trained.model, about=about(trained, [], options))
        return self

    def training_options(self) -> TrainingOptions:
        """The parameters as training.train takes them."""
        boosting = BoostingOptions(
            folds=self.folds,
            first_trees=self.first_trees,
            second_trees=self.second_trees,
            leaves=self.leaves,
            learning_rate=self.learning_rate,
            seed=self.random_state,
            threads=self._threads,
        )
        return TrainingOptions(boosting, self.planted)

    @property
    def _threads(self) -> int:
        """See n_jobs.

        :raises ValueError: if it is 0.
        """
        return int(effective_n_jobs(self.n_jobs))

    @property
    def classes_(self) -> NDArray[np.str_]:
        """The labels in the order of predict_proba's columns: article, noise."""
        return np.array([ARTICLE, NOISE])

    @property
    def threshold(self) -> float:
        """Score from which a line is noise, by the mode.

        :raises ValueError: if there is no such mode.
        """
        check_is_fitted(self, "model_")
        if self.mode not in MODES:
            raise ValueError(f"no mode {self.mode!r}; there are {', '.join(MODES)}")
        return self.model_.thresholds[self.mode]

    def predict_proba(
        self, X: Sequence[Document], sites: Sequence[str] | None = None, memory: SiteMemory | None = None
    ) -> list[NDArray[np.float64]]:
        """One array (n_lines, 2) for each document: P(article) and P(noise); NaN on blank lines.

        A long document is scored in parts; see tag.

        :param sites: see tag_all.
        :param memory: see tag_all.
        """
        check_is_fitted(self, "model_")
        scores = self.model_.scores(_documents(X), self._threads, sites, memory)
        return PerDocument(np.column_stack([1.0 - noise, noise]) for noise in scores)

    def predict(
        self, X: Sequence[Document], sites: Sequence[str] | None = None, memory: SiteMemory | None = None
    ) -> list[NDArray[np.object_]]:
        """One array (n_lines,) for each document: "article", "noise", or None on blank lines.

        :param sites: see tag_all.
        :param memory: see tag_all.
        """
        threshold = self.threshold
        scores = self.model_.scores(_documents(X), self._threads, sites, memory)
        return PerDocument(_labels(noise, threshold) for noise in scores)

    def score(
        self, X: Sequence[Document], y: Sequence[Sequence[object]], sample_weight: Sequence[float] | None = None
    ) -> float:
        """Accuracy over all scored lines, 0 to 1, as scikit-learn's classifiers give it.

        :param sample_weight: of the documents; every line has its document's weight.
        """
        labelled = _labelled(X, y, None)
        weight_of = [1.0] * len(labelled) if sample_weight is None else list(sample_weight)
        right, weights = [], []
        for document, labels, weight in zip(labelled, self.predict(X), weight_of, strict=True):
            for value, label in zip(document.labels, labels, strict=True):
                if value is not None and label is not None:
                    right.append(VALUE_OF_LABEL[label] == value)
                    weights.append(weight)
        return float(np.average(right, weights=weights))

    def tag(self, text: str | Sequence[str], site: str = "", memory: SiteMemory | None = None) -> TaggedDocument:
        r"""Tag one document.

        A document of more than 524,288 characters, to which each line that is not blank adds 64, is scored in parts
        alike in size, as few as can be, each as though it were a document of its own: no line sees further than its
        part. Of a line the first 65,536 characters are looked at.

        :param text: the document, lines separated by "\n"; or its lines.
        :param site: see tag_all.
        :param memory: see tag_all.
        :raises TypeError: if a line is not a string.
        :raises ValueError: if a line holds a line break.
        """
        return self.tag_all([text], [site], memory)[0]

    def tag_all(
        self,
        texts: Sequence[str | Sequence[str]],
        sites: Sequence[str] | None = None,
        memory: SiteMemory | None = None,
    ) -> list[TaggedDocument]:
        """Tag many documents at once, which is much faster than one by one.

        :param sites: of the texts, named as when the memory counted them; "" where it is not known.
        :param memory: what is known of the sites, these texts included. Without it, and for a document that is
            the only one of its site, scores are the same to the last bit.
        """
        threshold = self.threshold
        return self.model_.tag_all(texts, threshold, self._threads, sites, memory)

    def explain(
        self, page: TaggedDocument, number: int, site: str = "", memory: SiteMemory | None = None
    ) -> list[Reason]:
        """Why a line got its score, the strongest reasons first.

        :param page: what tag gave.
        :param number: of the line, from 1.
        :param site: as it was given to tag.
        :param memory: as it was given to tag.
        :raises IndexError: if the document has no such line.
        :raises ValueError: if the line is blank.
        """
        check_is_fitted(self, "model_")
        lines = [line.text for line in page.lines]
        reasons = explain(self.model_, lines, number)
        if memory is None:
            return reasons
        return with_site(self.model_, lines, memory.others([site], [lines])[0], [number], [reasons])[0]

    def save(self, folder: str | PathLike[str]) -> None:
        """Write the model as a bundle, which linesift.load reads.

        :param folder: made if it is missing.
        """
        check_is_fitted(self, "model_")
        save_bundle(self.model_, Path(folder), model_card(self.model_, {}))


def load(folder: str | PathLike[str] | None = None, mode: str = "balanced", n_jobs: int = 1) -> LineClassifier:
    """A trained classifier from its bundle.

    :param folder: the bundle; by default the one that ships with the package.
    :param mode: see LineClassifier.
    :param n_jobs: see LineClassifier.
    :raises BundleError: if the folder holds no bundle that this version can read.
    """
    classifier = LineClassifier(mode=mode, n_jobs=n_jobs)
    classifier.model_ = load_model(None if folder is None else Path(folder))
    return classifier


def _documents(X: Sequence[Document]) -> Sequence[Document]:
    """The documents, checked: a common mistake is to pass lines or texts.

    :raises ValueError: if a document is not a list of lines, or a line holds a line break.
    :raises TypeError: if a line is not a string.
    """
    for position, lines in enumerate(X):
        if isinstance(lines, str) or not isinstance(lines, (Sequence, np.ndarray)):
            kind = "string" if isinstance(lines, str) else type(lines).__name__
            raise ValueError(f"document {position} is a {kind}; X is a list of documents, each a list of lines")
        wrong = next((line for line in lines if not isinstance(line, str)), "")
        if not isinstance(wrong, str):
            raise TypeError(f"document {position}: a line is a {type(wrong).__name__}; lines are strings")
        broken = broken_line(lines)
        if broken:
            raise ValueError(
                f"document {position}: line {broken} holds a line break; a line is what stands between two line breaks"
            )
    return X


def _labels(noise: NDArray[np.float64], threshold: float) -> NDArray[np.object_]:
    labels: NDArray[np.object_] = np.where(noise >= threshold, NOISE, ARTICLE).astype(object)
    labels[np.isnan(noise)] = None
    return labels


def _labelled(
    X: Sequence[Document], y: Sequence[Sequence[object]], groups: Sequence[str] | None
) -> list[LabelledDocument]:
    if y is None:
        raise ValueError("requires y to be passed, but the target y is None")
    if len(X) != len(y):
        raise ValueError(f"{len(X)} documents, but labels for {len(y)}")
    if groups is not None and len(groups) != len(X):
        raise ValueError(f"{len(X)} documents, but groups for {len(groups)}")
    group_of = [""] * len(X) if groups is None else [str(group) for group in groups]
    documents = []
    for position, (lines, labels, group) in enumerate(zip(_documents(X), y, group_of, strict=True)):
        if len(lines) != len(labels):
            raise ValueError(f"document {position}: {len(lines)} lines, but {len(labels)} labels")
        unknown = [label for label in labels if label not in VALUE_OF_LABEL]
        if unknown:
            raise ValueError(f"document {position}: unknown label {unknown[0]!r}; known: article, noise, 1, 0, None")
        values = tuple(VALUE_OF_LABEL[label] for label in labels)
        documents.append(LabelledDocument(str(position), tuple(lines), values, domain=group))
    return documents
