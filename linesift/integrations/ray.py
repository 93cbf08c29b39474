"""Ray Data: a class for `Dataset.map_batches(batch_format="pyarrow")`.

dataset.map_batches(LineTagger, batch_format="pyarrow", compute=ray.data.ActorPoolStrategy(size=2))
"""

from __future__ import annotations

import pyarrow as pa

from linesift.integrations import tagger
from linesift.integrations.columns import COLUMNS


class LineTagger(tagger.LineTagger):
    """Adds article, labels, scores and article_share to a table."""

    def __call__(self, table: pa.Table) -> pa.Table:
        """A new table with the columns added."""
        self.check_field(table.column_names)
        addresses = table.column(self.site_field).to_pylist() if self.site_memory else None
        tagged = self.columns(table.column(self.text_field).to_pylist(), addresses).as_arrow()
        kept = table.drop_columns([name for name in table.column_names if name in COLUMNS])
        for name in COLUMNS:
            kept = kept.append_column(name, tagged[name])
        return kept
