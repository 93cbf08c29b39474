"""WARC, the form of Common Crawl's WET files: a document a conversion record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from linesift.documents import split_lines
from linesift.encodings import UTF8, UnknownEncodingError, decode
from linesift.extras import needed
from linesift.records import BadRecord, Item, Note, ReadOptions, Record

MAGIC = b"WARC/1."
# Fields of the rows, and the headers that they come from.
HEADERS = {
    "id": "WARC-Record-ID",
    "url": "WARC-Target-URI",
    "date": "WARC-Date",
    "language": "WARC-Identified-Content-Language",
}


def read(file: IO[bytes], name: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of the conversion records, with their URL, date and language.

    :raises OSError: if a record's header cannot be read, which hides where the next one begins.
    :raises MissingExtraError: if fastwarc is not installed.
    """
    warc = needed("fastwarc.warc", purpose="reading WARC")
    found = False
    for number, record in enumerate(warc.ArchiveIterator(file, parse_http=False), 1):
        if record.record_type == warc.WarcRecordType.conversion:
            found = True
            yield from _document(record, f"{name}:{number}", options)
    if not found:
        yield BadRecord(
            name, "no conversion records, which hold extracted text (WET); the text of other records must be extracted"
        )


def _document(record: Any, name: str, options: ReadOptions) -> Iterator[Item]:
    content = record.reader.read()
    stated = record.headers.get("Content-Length", "")
    if stated != str(len(content)):
        yield BadRecord(name, f"the record is cut: Content-Length is {stated or 'missing'}, found {len(content)} bytes")
        return
    try:
        text, encoding = decode(content, options.encoding)
    except UnknownEncodingError as error:
        yield BadRecord(name, str(error))
        return
    if encoding != UTF8 and not options.encoding:
        yield Note(name, f"not UTF-8: read as {encoding}")
    row = {field: record.headers.get(header) for field, header in HEADERS.items() if header in record.headers}
    yield Record(name, split_lines(text), {**row, "text": text})
