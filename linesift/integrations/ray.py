"""Ray Data: a class for `Dataset.map_batches(batch_format="pyarrow")`.

dataset.map_batches(LineTagger, batch_format="pyarrow", compute=ray.data.ActorPoolStrategy(size=2))
"""

from __future__ import annotations

import pyarrow as pa

from linesift.integrations import tagger
from linesift.integrations.arrow import tag_table


class LineTagger(tagger.LineTagger):
    """Adds article, labels, scores and article_share to a table."""

    def __call__(self, table: pa.Table) -> pa.Table:
        """A new table with the columns added."""
        return tag_table(self, table)
