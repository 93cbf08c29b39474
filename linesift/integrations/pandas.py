"""pandas: a Series of documents, or a DataFrame with a column of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from linesift.integrations.columns import COLUMNS
from linesift.integrations.tagger import LineTagger, Tagger

CHUNK = 500  # documents that one process takes at a time


def tag_series(series: pd.Series, model: str | None = None, mode: str = "balanced", n_jobs: int = 1) -> pd.DataFrame:
    r"""Tag a Series of documents.

    >>> import pandas as pd
    >>> pages = pd.Series(["The ferry sails again.\n\nShare this article", None])
    >>> scores = tag_series(pages)["scores"]
    >>> scores[0][0] < scores[0][2], scores[0][1], scores[1]
    (True, None, None)

    :param series: texts or lists of lines; missing values stay missing.
    :param model: folder of a bundle; None for the one that ships.
    :param mode: "careful", "balanced" or "strict".
    :param n_jobs: processes; -1 for all cores.
    :returns: the index of the series, and the columns article (text), labels and scores (a list each, an
        entry a line), article_share (float64).
    """
    tagger = Tagger(model, mode)
    chunks = [series.iloc[start : start + CHUNK] for start in range(0, len(series), CHUNK)] or [series]
    tagged: list[pd.DataFrame] = Parallel(n_jobs)(delayed(_tagged)(tagger, chunk) for chunk in chunks)
    return pd.concat(tagged)


def tag_frame(tagger: LineTagger, frame: pd.DataFrame) -> pd.DataFrame:
    """A new frame with the columns added."""
    tagger.check_field(frame.columns)
    tagged = _tagged(tagger, frame[tagger.text_field], frame[tagger.site_field] if tagger.site_memory else None)
    return frame.assign(**{name: tagged[name] for name in COLUMNS})


def _tagged(tagger: Tagger, series: pd.Series, addresses: pd.Series | None = None) -> pd.DataFrame:
    plain = series.astype(object)  # of strings of Arrow it takes them all at once
    texts = [None if missing else text for text, missing in zip(plain, series.isna(), strict=True)]
    columns = tagger.columns(texts, None if addresses is None else addresses.tolist()).as_lists()
    # Of fixed types, whatever the rows: engines put partitions together and compare them with a schema.
    types = {
        "article": series.dtype if isinstance(series.dtype, pd.StringDtype) else np.dtype(object),
        "labels": np.dtype(object),
        "scores": np.dtype(object),
        "article_share": np.dtype(np.float64),
    }
    return pd.DataFrame({name: pd.Series(columns[name], series.index, types[name]) for name in COLUMNS})
