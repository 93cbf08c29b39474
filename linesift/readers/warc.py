"""WARC, the form of Common Crawl's WET files: a document a conversion record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from linesift.documents import split_lines
from linesift.encodings import UTF8, UnknownEncodingError, decode
from linesift.extras import needed
from linesift.records import BadRecord, Note, Parsed, ReadOptions, Record, Unparsed

MAGIC = b"WARC/1."
# Fields of the rows, and the headers that they come from.
HEADERS = {
    "id": "WARC-Record-ID",
    "url": "WARC-Target-URI",
    "date": "WARC-Date",
    "language": "WARC-Identified-Content-Language",
}


@dataclass(frozen=True, slots=True)
class Conversion(Unparsed):
    """A conversion record.

    :param fields: of its row, but for the text.
    :param stated: length of the content, as the header has it.
    """

    name: str
    fields: Mapping[str, str]
    stated: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)

    def read(self, options: ReadOptions) -> Iterator[Parsed]:
        if self.stated != str(len(self.content)):
            found = f"Content-Length is {self.stated or 'missing'}, found {len(self.content)} bytes"
            yield BadRecord(self.name, f"the record is cut: {found}")
            return
        try:
            text, encoding = decode(self.content, options.encoding)
        except UnknownEncodingError as error:
            yield BadRecord(self.name, str(error))
            return
        if encoding != UTF8 and not options.encoding:
            yield Note(self.name, f"not UTF-8: read as {encoding}")
        yield Record(self.name, split_lines(text), {**self.fields, "text": text})


def read(file: IO[bytes], name: str) -> Iterator[Unparsed | BadRecord]:
    """The conversion records, with their URL, date and language.

    :raises OSError: if a record's header cannot be read, which hides where the next one begins.
    :raises MissingExtraError: if fastwarc is not installed.
    """
    warc = needed("fastwarc.warc", purpose="reading WARC")
    found = False
    for number, record in enumerate(warc.ArchiveIterator(file, parse_http=False), 1):
        if record.record_type == warc.WarcRecordType.conversion:
            found = True
            yield _conversion(record, f"{name}:{number}")
    if not found:
        yield BadRecord(
            name, "no conversion records, which hold extracted text (WET); the text of other records must be extracted"
        )


def _conversion(record: Any, name: str) -> Conversion:
    fields = {field: record.headers.get(header) for field, header in HEADERS.items() if header in record.headers}
    return Conversion(name, fields, record.headers.get("Content-Length", ""), record.reader.read())
