"""Dask: a function for `DataFrame.map_partitions`, with its meta.

tagger = LineTagger()
frame.map_partitions(tagger, meta=tagger.meta(frame))
"""

from __future__ import annotations

import pandas as pd
from dask.dataframe import DataFrame

from linesift.integrations import tagger
from linesift.integrations.pandas import tag_frame


class LineTagger(tagger.LineTagger):
    """Adds article, labels, scores and article_share to a partition."""

    def __call__(self, partition: pd.DataFrame) -> pd.DataFrame:
        """A new partition with the columns added."""
        return tag_frame(self, partition)

    def meta(self, frame: DataFrame) -> pd.DataFrame:
        """An empty partition of the result."""
        return self(frame._meta)
