"""Parquet: a document a row, read row group by row group."""

from __future__ import annotations

import base64
import io
import math
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import IO, Any

from linesift.extras import needed
from linesift.readers.rows import record_of_row
from linesift.records import ArrowRow, BadRecord, Parsed, ReadOptions, Unparsed

MAGIC = b"PAR1"
ROWS_AT_ONCE = 512  # of a row group, which may hold millions, become Python objects
# What Python raises for a date or a span beyond its own range, a time zone it does not know, a string that is no UTF-8.
UNHOLDABLE = (ArithmeticError, ValueError, LookupError)


@dataclass(frozen=True, slots=True)
class Rows(Unparsed):
    """Rows that follow each other.

    :param first: number of the first of them, from 1.
    :param batch: a pyarrow.RecordBatch.
    """

    name: str
    first: int
    batch: Any

    @property
    def size(self) -> int:
        return int(self.batch.nbytes)

    def read(self, options: ReadOptions) -> Iterator[Parsed]:
        for place, row in enumerate(_python_rows(self.batch)):
            name = f"{self.name}:{self.first + place}"
            if isinstance(row, ValueError):
                yield BadRecord(name, str(row))
            else:
                yield record_of_row(row, name, options.text_field, ArrowRow(self.batch, place))


def _python_rows(batch: Any) -> Iterator[dict[str, Any] | ValueError]:
    """The rows as JSON can hold them, one at a time where they cannot be had all at once.

    :returns: for a row with a value that Python has no way to hold, the error that says which.
    """
    from pyarrow import ArrowException

    try:
        rows = [as_json_value(row) for row in batch.to_pylist()]
    except (ArrowException, *UNHOLDABLE):
        yield from (_python_row(batch, place) for place in range(len(batch)))
    else:
        yield from rows


def _python_row(batch: Any, place: int) -> dict[str, Any] | ValueError:
    """One row, or the error that names the column at fault."""
    from pyarrow import ArrowException

    row = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            row[name] = as_json_value(column[place].as_py())
        except (ArrowException, *UNHOLDABLE) as error:
            return ValueError(f"`{name}`, a {column.type}, cannot be read: {error}")
    return row


def read(file: IO[bytes], name: str) -> Iterator[Unparsed | BadRecord]:
    """The rows of a Parquet file; a row group that cannot be read is one bad record.

    :raises OSError: if it is no Parquet.
    :raises MissingExtraError: if pyarrow is not installed.
    """
    parquet = needed("pyarrow.parquet", purpose="reading Parquet")
    from pyarrow import ArrowException

    with _seekable(file) as content:
        try:
            whole = parquet.ParquetFile(content)
        except ArrowException as error:
            raise OSError(f"not Parquet: {error}") from error
        row = 0
        for group in range(whole.num_row_groups):
            start = row
            row += whole.metadata.row_group(group).num_rows
            try:
                yield from _rows(whole.iter_batches(ROWS_AT_ONCE, row_groups=[group]), name, start + 1)
            except (ArrowException, OSError) as error:
                yield BadRecord(name, f"row group {group + 1} (rows {start + 1} to {row}) cannot be read on: {error}")


def _rows(batches: Iterator[Any], name: str, first: int) -> Iterator[Rows]:
    for batch in batches:
        yield Rows(name, first, batch)
        first += len(batch)


def as_json_value(value: Any) -> Any:
    """A value of Arrow as JSON can hold it: bytes in base64, times in ISO 8601, no NaN and nothing infinite.

    >>> as_json_value([b"ab", float("nan"), date(2026, 11, 22)])
    ['YWI=', None, '2026-11-22']
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {str(key): as_json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json_value(item) for item in value]
    return value


def _seekable(file: IO[bytes]) -> IO[bytes]:
    """The file, or a temporary copy of it: Parquet is read from its end."""
    if isinstance(file, io.BufferedReader) and file.seekable():  # others unpack from the start at each step back
        return file
    copy = tempfile.TemporaryFile()  # noqa: SIM115
    shutil.copyfileobj(file, copy)
    copy.seek(0)
    return copy
