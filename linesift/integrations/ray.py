"""Ray Data: a class for `Dataset.map_batches(batch_format="pyarrow")`.

dataset.map_batches(LineTagger, batch_format="pyarrow", compute=ray.data.ActorPoolStrategy(size=2))
"""

from __future__ import annotations

import pyarrow as pa

from linesift.integrations import tagger

TYPES = {
    "article": pa.large_string(),
    "labels": pa.list_(pa.string()),
    "scores": pa.list_(pa.float64()),
    "article_share": pa.float64(),
}


class LineTagger(tagger.LineTagger):
    """Adds article, labels, scores and article_share to a table."""

    def __call__(self, table: pa.Table) -> pa.Table:
        """A new table with the columns added."""
        self.check_field(table.column_names)
        addresses = table.column(self.site_field).to_pylist() if self.site_memory else None
        columns = self.columns(table.column(self.text_field).to_pylist(), addresses)
        kept = table.drop_columns([name for name in table.column_names if name in TYPES])
        for name, kind in TYPES.items():
            kept = kept.append_column(name, pa.array(columns[name], kind))
        return kept
