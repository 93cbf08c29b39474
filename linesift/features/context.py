"""What a line's neighbours and its place in the document say about it."""

from __future__ import annotations

import numpy as np

from linesift.features.buffer import Column, Columns
from linesift.features.segments import Segments, fixed

NEIGHBOURS = (1, 2, -1, -2)  # lines above; negative: below
NEIGHBOUR_FEATURES = (
    "width", "title_share", "digit_share", "ends_sentence", "stop_share", "lexicon_coverage",
    "word_score", "first_class", "last_class", "letters_shared", "content_shared",
)  # fmt: skip
WINDOWS = (3, 10)  # lines above and below
WINDOW_FEATURES = (
    "prose", "width", "word_score", "lexicon_coverage", "stop_share", "main_language_share", "letters_shared",
)  # fmt: skip
# Lines without function words or letters say nothing about the language: they count as its own.
SHARES = ("main_language_share", "letters_shared")
# What opens a rail or a box: lines below it belong to it until prose takes over again.
OPENERS = ("related", "comment", "share", "app", "newsletter", "consent", "login", "legal", "credit", "date", "link")
OPENER_WORDS = 10.0  # a longer line is no heading
WIDEST = 400.0  # letters; beyond this a line is simply long
LONG_PROSE = 200.0  # letters
CUT_OFF = 50.0  # letters; a line this wide without closing punctuation may be a teaser


def context(columns: Columns, segments: Segments) -> dict[str, Column]:
    """Features from the features of all lines of a document, arrays of (n_lines,).

    :param columns: all line features, and "prose".
    """
    capped = {**columns, "width": np.minimum(columns["width"], WIDEST)}
    capped |= {name: np.nan_to_num(columns[name], nan=1.0) for name in SHARES}
    return {
        **_position(segments),
        **_neighbours(columns, segments),
        **_windows(capped, segments),
        **_prose(columns, segments),
        **_openers(columns, segments),
        **_lengths(columns, segments),
        **_language(columns, segments),
    }


def _position(segments: Segments) -> dict[str, Column]:
    return {
        "line_number": segments.index - segments.start,
        "lines_left": segments.end - 1 - segments.index,
        "position": (segments.index - segments.start) / segments.size,
        "n_lines": segments.size,
    }


def _neighbours(columns: Columns, segments: Segments) -> dict[str, Column]:
    return {
        f"{name}_{abs(by)}_{'above' if by > 0 else 'below'}": segments.shift(columns[name], by)
        for name in NEIGHBOUR_FEATURES
        for by in NEIGHBOURS
    }


def _windows(columns: Columns, segments: Segments) -> dict[str, Column]:
    means: dict[str, Column] = {}
    for name in WINDOW_FEATURES:
        sums = segments.sums(columns[name])
        for radius in WINDOWS:
            means[f"{name}_mean_{radius}"] = sums.window_mean(radius, radius)
        means[f"{name}_mean"] = sums.mean
    return means


def _prose(columns: Columns, segments: Segments) -> dict[str, Column]:
    """Where the line stands relative to the document's prose."""
    prose = columns["prose"].astype(np.bool_)
    long_prose = prose & (columns["width"] >= LONG_PROSE)
    ended = prose & columns["ends_sentence"].astype(np.bool_)
    lines, width = segments.sums(prose), segments.sums(np.where(prose, columns["width"], 0.0))
    total = np.maximum(width.total, 1.0)
    return {
        "prose_since": segments.since(prose),
        "prose_until": segments.until(prose),
        "long_prose_since": segments.since(long_prose),
        "long_prose_until": segments.until(long_prose),
        "prose_lines_above": lines.above,
        "prose_lines_below": lines.below,
        "ended_prose_below": segments.sums(ended).below,
        "prose_share_above": width.above / total,
        "prose_width": total,
        "prose_run": segments.run_length(prose),
    }


def _openers(columns: Columns, segments: Segments) -> dict[str, Column]:
    short = columns["words"] <= OPENER_WORDS
    features: dict[str, Column] = {}
    for kind in OPENERS:
        opener = short & (columns[f"lexicon_{kind}"] > 0)
        features[f"{kind}_since"] = segments.since(opener)
        features[f"{kind}_until"] = segments.until(opener)
    return features


def _lengths(columns: Columns, segments: Segments) -> dict[str, Column]:
    """Teasers are all of one length and stop in mid-sentence."""
    width = columns["width"].astype(np.float64)
    cut = (width >= CUT_OFF) & ~columns["ends_sentence"].astype(np.bool_)
    ended = (width >= CUT_OFF) & columns["ends_sentence"].astype(np.bool_)
    above, below = segments.shift(width, 1), segments.shift(width, -1)
    n_ended, cuts = segments.sums(ended).total, segments.sums(cut)
    mean = segments.sums(np.where(ended, width, 0)).total / np.maximum(n_ended, 1)
    similar = np.abs(above - width) <= 0.25 * width
    return {
        "cut_off_run": segments.run_length(cut),
        "cut_off_above": cuts.above,
        "cut_off_below": cuts.below,
        "cut_off_share": cuts.total / np.maximum(n_ended + cuts.total, 1),
        "ended_since": segments.since(ended),
        "ended_until": segments.until(ended),
        "width_to_above": fixed((width - above) / np.maximum(width, above)),
        "width_to_below": fixed((width - below) / np.maximum(width, below)),
        "width_to_prose": width / np.maximum(mean, 1.0),
        "similar_width_run": segments.run_length(similar),
    }


def _language(columns: Columns, segments: Segments) -> dict[str, Column]:
    """How much less a line is made of the document's letter sequences than its lines are on the whole."""
    shared = columns["letters_shared"]
    mean = segments.sums(shared).total / np.maximum(segments.sums(~np.isnan(shared)).total, 1.0)
    return {"letters_shared_less": fixed(mean) - shared}
