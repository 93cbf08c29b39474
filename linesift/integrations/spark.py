"""Spark: functions for `DataFrame.mapInArrow` and `DataFrame.mapInPandas`, with their schema.

tagger = LineTagger()
frame.mapInArrow(tagger.arrow, tagger.schema(frame.schema))
frame.mapInPandas(tagger, tagger.schema(frame.schema))
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pyarrow as pa
from pyspark.sql.types import ArrayType, DoubleType, StringType, StructField, StructType

from linesift.integrations import tagger
from linesift.integrations.arrow import tag_table
from linesift.integrations.pandas import tag_frame

ADDED = {
    "article": StringType(),
    "labels": ArrayType(StringType()),
    "scores": ArrayType(DoubleType()),
    "article_share": DoubleType(),
}


class LineTagger(tagger.LineTagger):
    """Adds article, labels, scores and article_share to the batches of a partition."""

    def __call__(self, batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """New batches with the columns added."""
        return (tag_frame(self, batch) for batch in batches)

    def arrow(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The same of batches of Arrow, which are neither made into objects of Python nor back."""
        return (tag_table(self, batch) for batch in batches)

    def schema(self, schema: StructType) -> StructType:
        """The schema of the result."""
        self.check_field(schema.names)
        kept = [field for field in schema.fields if field.name not in ADDED]
        return StructType([*kept, *(StructField(name, kind) for name, kind in ADDED.items())])
