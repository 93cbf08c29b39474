"""The second pass: what the first pass's scores say about a line's neighbourhood and its document.

Stacked sequential learning (Cohen & Carvalho, IJCAI 2005): the second model is trained on
out-of-fold scores of the first, so it sees them as unsure as they are on unseen documents.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linesift.features.buffer import Batch, Bool, Column, Float
from linesift.features.segments import Segments, fixed
from linesift.features.vocabulary import Items, shared

NEIGHBOURS = (1, 2, 3, 4, 5, -1, -2, -3, -4, -5)  # lines above; negative: below
WINDOWS = (2, 5, 15, 50)
WIDEST = 400.0  # letters, in weighing lines by their width


def scores(
    batch: Batch, segments: Segments, noise: NDArray[np.float32], width: Column, content: Items, names: Items
) -> dict[str, Column]:
    """Features, arrays of (n_lines,).

    :param noise: (n_lines,) the first pass's P(noise).
    :param width: (n_lines,) see shape.width_of.
    :param content: see vocabulary.content_items.
    :param names: see vocabulary.name_items.
    """
    p = fixed(noise)
    weight = np.minimum(width, WIDEST)
    sums, article_width = segments.sums(p), segments.sums((1.0 - p) * weight)
    total = np.maximum(article_width.total, 1.0)
    is_article = p < 0.5
    sure_article = p < 0.2
    sure_noise = p > 0.8
    features: dict[str, Column] = {"score": p}
    for by in NEIGHBOURS:
        features[f"score_{abs(by)}_{'above' if by > 0 else 'below'}"] = segments.shift(p, by)
    for radius in WINDOWS:
        features[f"score_mean_{radius}_above"] = sums.window_mean(radius, 0)
        features[f"score_mean_{radius}_below"] = sums.window_mean(0, radius)
    features |= {
        "score_mean": sums.mean,
        "score_mean_by_width": segments.sums(p * weight).total / np.maximum(segments.sums(weight).total, 1.0),
        "article_share_above": article_width.above / total,
        "article_width": total,
        "article_lines_below": segments.sums(is_article).below,
        "article_since": segments.since(is_article),
        "article_until": segments.until(is_article),
        "sure_article_since": segments.since(sure_article),
        "sure_article_until": segments.until(sure_article),
        "sure_noise_since": segments.since(sure_noise),
        "sure_noise_until": segments.until(sure_noise),
        "noise_run": segments.run_length(~is_article),
        "article_run": segments.run_length(is_article),
        **_best_block(segments, (0.5 - p) * weight),
        **_article_vocabulary(batch, sure_article, content, names),
    }
    return features


def _best_block(segments: Segments, gain: Float) -> dict[str, Column]:
    """How much of the best block of article around each line lies above and below it.

    The best block through a line maximises the summed gain (maximum subarray): its upper part is
    the largest sum ending at the line, its lower part the largest sum beginning there.
    """
    down = _largest_ending(segments.doc, fixed(gain))
    up = _largest_ending(segments.doc[::-1].max() - segments.doc[::-1], fixed(gain)[::-1])[::-1]
    return {"block_above": down, "block_below": up, "block": down + up - fixed(gain)}


def _largest_ending(doc: NDArray[np.int64], gain: Float) -> Float:
    """(n_lines,) the largest sum of adjacent gains that ends at each line, within its document."""
    total = np.cumsum(gain)
    before = total - gain
    # Lowered by more than any sum from document to document, so that the running minimum starts anew.
    step = 2.0 * float(np.abs(gain).sum()) + 1.0
    lowered = before - doc * np.ceil(step)
    return np.asarray(total - (np.minimum.accumulate(lowered) + doc * np.ceil(step)))


def _article_vocabulary(batch: Batch, sure_article: Bool, content: Items, names: Items) -> dict[str, Column]:
    found = shared(batch, content, sure_article)
    return {
        "content_shared_article": found.elsewhere,
        "content_shared_article_above": found.before,
        "names_shared_article": shared(batch, names, sure_article).elsewhere,
    }
