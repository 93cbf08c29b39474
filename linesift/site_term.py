"""What a site memory says of a line, as log-odds of noise that are added to those of the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

# The same story at two addresses looks like template. The lines that are rarest on the site, up to a tenth of the
# page's characters, tell how many copies of the page there are: those do not count. A tenth, since on a page with its
# menus the article may be no more.
OWN_SHARE = 0.1
SMALLEST = 1e-12  # probabilities are kept so far from 0 and 1
# Lines, of mean weight: as much are the weights below worth as what a training's own documents say.
PRIOR_LINES = 300.0


@dataclass(frozen=True)
class SiteTerm:
    """Weights of three facts about a line: whether other documents of its site hold it, how many, and its neighbours.

    The defaults were fitted on the train split of the corpora in docs/sites.md; they stand in bundles that were
    trained before there was a site memory, and a training departs from them as far as its documents say so.

    :param repeated: added where any other document of the site holds the line.
    :param documents: times log(1 + how many do).
    :param neighbours: times the mean of the same of the line above and the line below.
    """

    repeated: float = 0.39
    documents: float = 0.10
    neighbours: float = 0.51

    def adjusted(
        self, scores: NDArray[np.float64], lines: Sequence[str], others: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """The scores of one document, knowing its site; the same array where nothing is known.

        :param scores: (n_lines,) P(noise); NaN on blank lines.
        :param lines: of the document.
        :param others: on how many other documents of the site each line stands, blank lines left out.
        """
        if not others.any():
            return scores
        visible = ~np.isnan(scores)
        widths = np.fromiter(map(len, lines), dtype=np.int64, count=len(lines))[visible]
        shift = self.log_odds(others, widths)
        moved = 1.0 / (1.0 + np.exp(-_log_odds(scores[visible]) - shift))
        result = scores.copy()
        result[visible] = np.where(shift == 0.0, scores[visible], moved)
        return result

    def log_odds(self, others: NDArray[np.int64], widths: NDArray[np.int64]) -> NDArray[np.float64]:
        """(n_lines,) what is added for each line of one document; see evidence."""
        return np.asarray(evidence(others, widths) @ np.array(astuple(self)))


def evidence(others: NDArray[np.int64], widths: NDArray[np.int64]) -> NDArray[np.float64]:
    """What SiteTerm's weights are of: one column for each.

    >>> evidence(np.array([3, 0, 0]), np.array([5, 90, 90])).round(2).tolist()
    [[1.0, 1.39, 0.0], [0.0, 0.0, 0.69], [0.0, 0.0, 0.0]]

    :param others: (n_lines,) on how many other documents each line of one document stands.
    :param widths: (n_lines,) characters.
    :returns: (n_lines, 3).
    """
    if not len(others):
        return np.zeros((0, 3))
    repeats = np.log1p(np.maximum(others - copies_of_page(others, widths), 0))
    around = np.convolve(np.pad(repeats, 1), [1.0, 0.0, 1.0], "valid")
    present = np.full(len(others), 2.0)
    present[0] -= 1.0
    present[-1] -= 1.0
    return np.column_stack([repeats > 0, repeats, around / np.maximum(present, 1.0)])


def copies_of_page(others: NDArray[np.int64], widths: NDArray[np.int64]) -> int:
    """How many other documents of the site hold the page's own text, so far as counts of lines tell.

    >>> copies_of_page(np.array([9, 1, 1, 0]), np.array([10, 90, 90, 5]))
    1
    """
    order = np.argsort(others, kind="stable")
    characters = np.cumsum(widths[order])
    return int(others[order][np.searchsorted(characters, OWN_SHARE * characters[-1])])


def fit_site_term(
    evidence: NDArray[np.float64],
    scores: NDArray[np.float64],
    is_noise: NDArray[np.bool_],
    weight: NDArray[np.float64],
    prior: SiteTerm = SiteTerm(),
) -> SiteTerm:
    """Fit the weights: logistic regression that starts from the log-odds of the model and is drawn to the prior.

    :param evidence: (n_lines, 3), see there.
    :param scores: (n_lines,) P(noise), out of fold.
    :param weight: (n_lines,), of mean 1.
    """
    from scipy.optimize import minimize

    start = np.array(astuple(prior))
    known = evidence.any(axis=1)  # the others say nothing of the weights
    evidence, noise, weight = evidence[known], is_noise[known].astype(np.float64), weight[known]
    log_odds = _log_odds(scores[known])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total = log_odds + evidence @ weights
        away = weights - start
        wrong = 1.0 / (1.0 + np.exp(-total)) - noise
        value = weight @ (np.logaddexp(0.0, total) - noise * total) + PRIOR_LINES * away @ away / 2
        return float(value), evidence.T @ (weight * wrong) + PRIOR_LINES * away

    fitted = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return SiteTerm(*(round(float(value), 4) for value in fitted))


def _log_odds(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = np.clip(scores, SMALLEST, 1.0 - SMALLEST)
    return np.asarray(np.log(inside / (1.0 - inside)))
