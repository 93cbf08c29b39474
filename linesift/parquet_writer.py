"""Tagged documents as Parquet: the columns they came with, and those that tagging adds."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from linesift.extras import needed
from linesift.rendering import ParquetRow

ROWS_AT_ONCE = 1000
ROW_GROUP_BYTES = 64 * 2**20  # of columns in memory: enough to pack well, few enough to read one at a time


class ParquetWriter:
    """Collects rows and writes them as one Parquet file.

    What columns there are is known when the last row is; until then the rows lie in a temporary file without a name.

    :param folder: of the temporary file.
    :param explain: whether there are reasons among what tagging adds.
    :raises MissingExtraError: if pyarrow is not installed.
    """

    def __init__(self, folder: Path, explain: bool) -> None:
        self._arrow = needed("pyarrow", purpose="writing Parquet")
        needed("pyarrow.parquet", purpose="writing Parquet")
        self._spool = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._explain = explain
        self._chunks = 0
        self._schema: Any = None  # of the columns that rows came with
        self._last_schema: Any = None
        self._rows: list[Any] = []  # tables of one row
        self._added: list[Mapping[str, Any]] = []

    def write(self, document: ParquetRow) -> None:
        """Add a document's row.

        :raises ValueError: if Arrow cannot hold a value, or a column would hold values of two kinds.
        """
        try:
            row = self._row(document)
            if row.schema != self._last_schema:
                self._schema = self._unified(self._schema, row.schema)
                self._last_schema = row.schema
        except (self._arrow.ArrowException, OverflowError, TypeError) as error:
            raise ValueError(f"cannot be written as Parquet: {error}") from error
        self._rows.append(row)
        self._added.append(document.added)
        if len(self._rows) >= ROWS_AT_ONCE:
            self._flush()

    def finish(self, file: IO[bytes]) -> None:
        """Write everything to a file.

        :raises OSError: if it cannot be written.
        """
        from pyarrow.parquet import ParquetWriter as Writer

        self._flush()
        schema = self._unified(self._schema, self._added_table([]).schema)
        self._spool.seek(0)
        with Writer(file, schema, compression="zstd") as writer:
            waiting: list[Any] = []
            for _ in range(self._chunks):
                with self._arrow.ipc.open_stream(self._spool) as stream:
                    waiting.append(self._as(schema, stream.read_all()))
                if sum(table.nbytes for table in waiting) >= ROW_GROUP_BYTES:
                    writer.write_table(self._arrow.concat_tables(waiting))
                    waiting = []
            if waiting:
                writer.write_table(self._arrow.concat_tables(waiting))

    def close(self) -> None:
        """Forget everything."""
        self._spool.close()

    def _row(self, document: ParquetRow) -> Any:
        """A table of one row: as it was in Parquet, or as Arrow understands its values."""
        if document.origin:
            row = self._arrow.Table.from_batches([document.origin.batch.slice(document.origin.place, 1)])
        else:
            row = self._arrow.table({field: [_storable(value)] for field, value in document.fields.items()})
        return row.drop_columns([name for name in row.column_names if name in document.added])

    def _unified(self, schema: Any, other: Any) -> Any:
        return other if schema is None else self._arrow.unify_schemas([schema, other], promote_options="permissive")

    def _flush(self) -> None:
        """Move the rows in memory to the temporary file."""
        if not self._rows:
            return
        table = self._arrow.concat_tables(self._rows, promote_options="permissive")
        added = self._added_table(self._added)
        for name in added.column_names:
            table = table.append_column(name, added.column(name))
        with self._arrow.ipc.new_stream(self._spool, table.schema) as stream:
            stream.write_table(table.combine_chunks())
        self._chunks += 1
        self._rows, self._added = [], []

    def _added_table(self, rows: list[Mapping[str, Any]]) -> Any:
        """What tagging added, as columns whose types do not depend on the values."""
        arrow = self._arrow
        texts = arrow.list_(arrow.string())
        types = {
            "labels": texts,
            "scores": arrow.list_(arrow.float64()),
            "article_share": arrow.float64(),
            "suspicious": arrow.bool_(),
            **({"reasons": texts} if self._explain else {}),
        }
        return arrow.table({name: arrow.array([row[name] for row in rows], kind) for name, kind in types.items()})

    def _as(self, schema: Any, table: Any) -> Any:
        """A table with all columns of the whole, empty where it had none."""
        whole = self._arrow.concat_tables([schema.empty_table(), table], promote_options="permissive")
        return whole.select(schema.names)


def _storable(value: Any) -> Any:
    """The value with null for objects without fields, which Parquet has no way to store."""
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()} or None
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value
