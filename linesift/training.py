"""Training: the word model, two passes over out-of-fold scores, calibration and thresholds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier

from linesift.boosting import BoostingOptions, fit_pass
from linesift.calibration import calibrate, choose_thresholds
from linesift.corpus import LabelledDocument
from linesift.features.buffer import Bool, Float, Int
from linesift.features.catalogue import Catalogue
from linesift.features.lexicons import Lexicons
from linesift.features.word_model import BITS, WordModel, word_terms
from linesift.folds import assign_folds, independent_groups
from linesift.forest import Forest
from linesift.model import Model, probability
from linesift.planting import PLANTED, NoiseLine, plant
from linesift.pruning import without_function_words, without_weak_phrases
from linesift.site_memory import SiteMemory
from linesift.site_term import SiteTerm, evidence, fit_site_term
from linesift.training_lines import TrainingLines

WORD_MODEL_PENALTY = 1e-6
WORD_MODEL_EPOCHS = 6
# More weight finds more teasers and consent notices, and costs on pages that have neither. The second
# pass needs less: it sees what the first one found. Tuned on valid.
FIRST_PLANTED_WEIGHT = 0.6
SECOND_PLANTED_WEIGHT = 0.35


@dataclass(frozen=True)
class TrainingOptions:
    """How to train.

    :param boosting: of both passes.
    :param planted: documents with planted noise, as a share of the documents given.
    :param weight_of_row: factors on the weight of some rows of the tables (source/view), 1 for the others.
    """

    boosting: BoostingOptions = field(default_factory=BoostingOptions)
    planted: float = 0.3
    weight_of_row: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Trained:
    """A model, and the out-of-fold scores that it was calibrated on.

    :param scores: one (n_lines,) array of out-of-fold P(noise) for each document given.
    """

    model: Model
    documents: Sequence[LabelledDocument]
    scores: Sequence[Float]


def silent(stage: str, rounds: int) -> None:
    """A progress that is not shown."""


def train(
    documents: Sequence[LabelledDocument],
    lexicons: Lexicons,
    catalogue: Catalogue,
    noise_lines: Sequence[NoiseLine] = (),
    options: TrainingOptions = TrainingOptions(),
    progress: Callable[[str, int], None] = silent,
) -> Trained:
    """Train a model on labelled documents.

    :param documents: without blank lines, see corpus.scored.
    :param noise_lines: phrases to plant; without them and with `planted` above 0 only teasers are planted.
    :param progress: called with the name of the stage and the boosting rounds done since the last call.
    :raises ValueError: if the scored lines are not of both labels, or all documents are of one group.
    """
    boosting = options.boosting
    lines = _training_lines(documents, noise_lines, options)
    weights = _Weights(
        first=lines.weight({f"{PLANTED}/": FIRST_PLANTED_WEIGHT, **options.weight_of_row}),
        second=lines.weight({f"{PLANTED}/": SECOND_PLANTED_WEIGHT, **options.weight_of_row}),
    )
    _check_folds(lines)
    progress("lexicons", 0)
    lexicons = without_weak_phrases(without_function_words(lexicons), lines, weights.first)
    progress("word model", 0)
    word_model, word_score = fit_word_model(lines, weights.first, boosting.seed)
    progress("features", 0)
    first, second = _fit_passes(lines, weights, lexicons, catalogue, word_score, boosting, progress)
    given = np.arange(lines.n_lines) < sum(len(document.lines) for document in documents)
    chosen = given & lines.scored
    is_noise, weight = lines.noise[chosen] == 1, weights.second[chosen]
    calibration = calibrate(first.log_odds[chosen], second.log_odds[chosen], is_noise, weight)
    scores = calibration(first.log_odds, second.log_odds)
    thresholds = choose_thresholds(scores[chosen], is_noise, lines.row[chosen])
    site_term = _site_term(documents, scores[given], weights.second[given])
    model = Model(
        lexicons, word_model, catalogue, first.forest, second.forest, calibration, thresholds, site_term=site_term
    )
    return Trained(model, documents, np.split(scores[given], np.cumsum(lines.sizes[: len(documents)])[:-1]))


class _Weights(NamedTuple):
    """(n_lines,) of the lines, in each pass."""

    first: Float
    second: Float


class _Pass(NamedTuple):
    """One pass.

    :param forest: fitted on everything.
    :param log_odds: (n_lines,) of noise, out of fold.
    """

    forest: Forest
    log_odds: Float


def _training_lines(
    documents: Sequence[LabelledDocument], noise_lines: Sequence[NoiseLine], options: TrainingOptions
) -> TrainingLines:
    """The lines of the documents, and behind them those of documents with planted noise."""
    boosting = options.boosting
    fold_of = assign_folds(independent_groups(documents), boosting.folds, boosting.seed)
    planted, planted_folds = plant(documents, fold_of, noise_lines, options.planted, boosting.seed)
    return TrainingLines([*documents, *planted], np.concatenate([fold_of, planted_folds]))


def _fit_passes(
    lines: TrainingLines,
    weights: _Weights,
    lexicons: Lexicons,
    catalogue: Catalogue,
    word_score: Float,
    boosting: BoostingOptions,
    progress: Callable[[str, int], None],
) -> tuple[_Pass, _Pass]:
    """Both passes, the second over the out-of-fold scores of the first.

    :param word_score: (n_lines,) out-of-fold log-odds of noise by the words of each line.
    """
    table = lines.table(lexicons, catalogue.first_pass, lambda extractor, rows: extractor.first_pass(word_score[rows]))
    first = _Pass(
        *fit_pass(lines, weights.first, table, boosting.first_trees, boosting, lambda n: progress("first pass", n))
    )
    noise = probability(first.log_odds).astype(np.float32)
    added = lines.table(lexicons, catalogue.second_pass, lambda extractor, rows: extractor.second_pass(noise[rows]))
    table = np.hstack([table, added])
    second = _Pass(
        *fit_pass(lines, weights.second, table, boosting.second_trees, boosting, lambda n: progress("second pass", n))
    )
    return first, second


def _site_term(documents: Sequence[LabelledDocument], scores: Float, weight: Float) -> SiteTerm:
    """What a memory of the documents' own sites tells; each view of a page stands for a site of its own.

    :param scores: (n_lines,) out-of-fold P(noise).
    """
    sites = [f"{document.row}/{document.domain}" if document.domain else "" for document in documents]
    texts = [document.lines for document in documents]
    memory = SiteMemory()
    memory.add_all(sites, texts)
    widths = [np.array([len(line) for line in lines]) for lines in texts]
    known = np.concatenate([evidence(*pair) for pair in zip(memory.others(sites, texts), widths, strict=True)])
    label = np.array([label for document in documents for label in document.labels], dtype=np.float64)
    scored = ~np.isnan(label)
    return fit_site_term(known[scored], scores[scored], label[scored] == 0, weight[scored])


def _check_folds(lines: TrainingLines) -> None:
    for fold in np.unique(lines.fold):
        if len(np.unique(lines.noise[lines.scored & (lines.fold != fold)])) < 2:
            raise ValueError("too few documents of both labels: without one of the folds, one label is left")


def fit_word_model(lines: TrainingLines, weight: Float, seed: int) -> tuple[WordModel, Float]:
    """Fit the word model on all scored lines, and score every line by models that did not see its fold.

    :param weight: (n_lines,) of the lines.
    :returns: the model fitted on everything, and (n_lines,) out-of-fold log-odds of noise.
    """
    terms = _term_matrix(lines)

    def fit(chosen: Bool) -> SGDClassifier:
        model = SGDClassifier(
            loss="log_loss", alpha=WORD_MODEL_PENALTY, max_iter=WORD_MODEL_EPOCHS, tol=None, random_state=seed
        )
        return model.fit(terms[chosen], lines.noise[chosen], sample_weight=weight[chosen])

    out_of_fold = np.zeros(lines.n_lines)
    for fold in np.unique(lines.fold):
        held_out = lines.fold == fold
        out_of_fold[held_out] = fit(lines.scored & ~held_out).decision_function(terms[held_out])
    fitted = fit(lines.scored)
    return WordModel(fitted.coef_[0].astype(np.float16).astype(np.float32), float(fitted.intercept_[0])), out_of_fold


def _term_matrix(lines: TrainingLines) -> csr_matrix:
    """(n_lines, 2**BITS) the terms of each line, divided by the square root of their number."""
    line_parts: list[Int] = []
    term_parts: list[Int] = []
    for batch, rows in lines.batches():
        line, term = word_terms(batch)
        line_parts.append(line + rows.start)
        term_parts.append(term)
    line, term = np.concatenate(line_parts), np.concatenate(term_parts)
    value = 1.0 / np.sqrt(np.bincount(line, minlength=lines.n_lines)[line])
    return csr_matrix((value.astype(np.float32), (line, term)), shape=(lines.n_lines, 1 << BITS))
