"""Arrow: a table or a record batch with a column of documents."""

from __future__ import annotations

import pyarrow as pa

from linesift.integrations.columns import COLUMNS
from linesift.integrations.tagger import LineTagger


def tag_table(
    tagger: LineTagger, table: pa.Table | pa.RecordBatch, articles: pa.DataType | None = None
) -> pa.Table | pa.RecordBatch:
    """A new table, or record batch, with the columns added behind those that stay.

    :param articles: type of the column article; None for large_string, which holds articles of any length.
    """
    tagger.check_field(table.column_names)
    addresses = table.column(tagger.site_field).to_pylist() if tagger.site_memory else None
    tagged = tagger.columns(table.column(tagger.text_field).to_pylist(), addresses).as_arrow(articles)
    kept = table.drop_columns([name for name in table.column_names if name in COLUMNS])
    for name in COLUMNS:
        kept = kept.append_column(name, tagged[name])
    return kept
