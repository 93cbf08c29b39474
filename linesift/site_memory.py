"""Site memory: on how many documents of a site each line stands, counted in bounded memory.

A line that many documents of one site share is template. The counts are a count-min sketch (Cormode and
Muthukrishnan 2005): DEPTH rows of small counters. A line adds to one counter in each row, and the least of
them is its count, which is never too low, and too high only where the counters of all rows are shared.
"""

from __future__ import annotations

import io
import tokenize
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from os import PathLike
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from linesift.documents import is_blank, unmarked, visible_lines
from linesift.features.buffer import HASH_BASE, Batch, Hash, Int, mix
from linesift.files import WholeFile
from linesift.model import batched_by
from linesift.streams import UNREADABLE

DEPTH = 4
# 64 MB. Of a sketch that holds 4 million lines, one new line in 400 seems known; see SiteMemory.false_share.
BITS = 24
FEWEST_BITS, MOST_BITS = 8, 28  # 1 kB to 1 GB
# Counters are one byte, so that there can be four times as many: beyond a few dozen documents, one more says nothing.
MOST = 255
FORMAT_VERSION = 1  # of the file; to be raised too when the hash of a line changes
MEMBERS = {"counts.npy", "version.npy"}
HEADER_BYTES = 1024  # of a member of an .npz, at most
# What zipfile and NumPy raise on files that are damaged, or made to be so.
BROKEN = (*UNREADABLE, ValueError, KeyError, zipfile.BadZipFile, RuntimeError, MemoryError, tokenize.TokenError)


class SiteMemoryError(ValueError):
    """A file that cannot be loaded as a site memory; the message says what to do."""


class SiteMemory:
    """Counts the documents of each site that hold a line.

    Lines are compared folded (without case and accents) and without the spaces around them. Counting is the same
    in any order, and counting parts that are then merged is the same as counting all.

    :param bits: each of the DEPTH rows has 2**bits counters of one byte.
    :raises ValueError: if bits are not 8 to 28.
    """

    def __init__(self, bits: int = BITS) -> None:
        if not FEWEST_BITS <= bits <= MOST_BITS:
            raise ValueError(f"bits: expected {FEWEST_BITS} to {MOST_BITS}, found {bits}")
        self.bits = bits
        self.counts: NDArray[np.uint8] = np.zeros((DEPTH, 1 << bits), dtype=np.uint8)

    def add(self, site: str, lines: Sequence[str]) -> None:
        """Count the lines of one document, each once.

        :param site: what documents of one site share: a domain, or anything else; an empty one is not counted.
        """
        self.add_all([site], [lines])

    def add_all(self, sites: Iterable[str], documents: Iterable[Sequence[str]]) -> None:
        """Count the lines of many documents.

        A document counts each time it is given, so leave out copies of it: other views, or other addresses.
        """
        for group in batched_by(_named(sites, documents), lambda pair: pair[1]):
            keys, document = _keys(group)
            _, first = np.unique(keys ^ mix(document.astype(np.uint64)), return_index=True)
            for row, cells in zip(self.counts, self._cells(keys[first]), strict=True):
                places, times = np.unique(cells, return_counts=True)
                row[places] = np.minimum(row[places] + times, MOST)

    def others(self, sites: Iterable[str], documents: Iterable[Sequence[str]]) -> list[Int]:
        """On how many other documents of its site each line stands.

        The documents themselves are taken to be counted, so that a line of a document that is known alone
        gives 0.

        :returns: for each document int64 (n_lines,), 0 to MOST - 1, of the lines that are not blank.
        """
        found: list[Int] = []
        for group in batched_by(zip(sites, documents, strict=True), lambda pair: pair[1]):
            keys, document = _keys(group)
            counts = np.min([row[cells] for row, cells in zip(self.counts, self._cells(keys), strict=True)], axis=0)
            sizes = np.bincount(document, minlength=len(group))
            named = np.array([bool(site) for site, _ in group])[document]
            others = np.where(named, np.maximum(counts.astype(np.int64) - 1, 0), 0)
            found += np.split(others, np.cumsum(sizes)[:-1])
        return found

    def merge(self, other: SiteMemory) -> None:
        """Add what another memory counted.

        :raises ValueError: if its size is another.
        """
        if other.bits != self.bits:
            raise ValueError(f"memories of {self.bits} and {other.bits} bits cannot be merged: count with one size")
        for mine, theirs in zip(self.counts, other.counts, strict=True):
            np.add(mine, np.minimum(theirs, MOST - mine), out=mine)

    @property
    def false_share(self) -> float:
        """The share of the lines never counted that seem known: where it is over a hundredth, take more bits."""
        return float(np.prod([np.count_nonzero(row) / row.size for row in self.counts]))

    def to_bytes(self) -> bytes:
        """What save writes; counters that were never added to take next to no room."""
        file = io.BytesIO()
        np.savez_compressed(file, version=np.array(FORMAT_VERSION), counts=self.counts)
        return file.getvalue()

    def save(self, path: str | PathLike[str]) -> None:
        """Write the memory to a file, which is whole or not there.

        :raises OSError: if it cannot be written.
        """
        file = WholeFile(Path(path))
        try:
            file.file.write(self.to_bytes())
            file.commit()
        finally:
            file.discard()

    @classmethod
    def load(cls, path: str | PathLike[str]) -> SiteMemory:
        """Read what save wrote.

        :raises SiteMemoryError: if it is no such file, or of a version that this one does not read.
        :raises OSError: if it cannot be opened.
        """
        with Path(path).open("rb") as file:
            return cls._read(file, str(path))

    @classmethod
    def from_bytes(cls, content: bytes) -> SiteMemory:
        """Read what to_bytes gave.

        :raises SiteMemoryError: as load.
        """
        return cls._read(io.BytesIO(content), f"{len(content)} bytes")

    @classmethod
    def _read(cls, file: IO[bytes], name: str) -> SiteMemory:
        try:
            counts = _stored(file)
        except BROKEN as error:
            raise SiteMemoryError(f"{name}: not a site memory, or broken: {error}; build it again") from error
        memory = cls(int(counts.shape[1]).bit_length() - 1)
        memory.counts = counts
        return memory

    def _cells(self, keys: Hash) -> Iterable[Hash]:
        """(n,) the places of the keys in each row."""
        steps = np.arange(DEPTH, dtype=np.uint64) * np.uint64(HASH_BASE)
        return (mix(keys + step) >> np.uint64(64 - self.bits) for step in steps)


def site_of(value: object) -> str:
    """The site that a field names: of an address its host without `www.`, anything else as it stands.

    >>> site_of("https://www.Example.org:8080/news?id=1"), site_of("example.org"), site_of(None)
    ('example.org', 'example.org', '')
    """
    text = value if isinstance(value, str) else ""
    if "://" not in text:
        return text
    try:
        return (urlsplit(text).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def site_of_row(row: Mapping[str, object], field: str | None = None) -> str:
    """The site that a row names; "" where it names none.

    >>> site_of_row({"url": "https://example.org/news"}), site_of_row({"host": "a"}, "host"), site_of_row({})
    ('example.org', 'a', '')

    :param field: that holds it, see site_of; None: `domain`, or else `url`.
    """
    return site_of(row.get(field)) if field else site_of(row.get("domain")) or site_of(row.get("url"))


def _named(sites: Iterable[str], documents: Iterable[Sequence[str]]) -> Iterable[tuple[str, Sequence[str]]]:
    """The documents whose site is known, and that hold a line."""
    pairs = zip(sites, map(_checked, documents), strict=True)
    return ((site, lines) for site, lines in pairs if site and not all(map(is_blank, lines)))


def _checked(lines: Sequence[str]) -> Sequence[str]:
    """The lines of a document.

    :raises TypeError: if they are a string, whose letters would count as lines.
    """
    if isinstance(lines, str):
        raise TypeError('expected the lines of each document, found a string; text.split("\\n") gives them')
    return lines


def _keys(group: Sequence[tuple[str, Sequence[str]]]) -> tuple[Hash, Int]:
    """(n_lines,) twice: a hash of site and folded line for each line that is not blank, and its document."""
    visible = [visible_lines(unmarked(lines)) for _, lines in group]
    if not any(visible):
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
    batch = Batch(visible)
    site = np.array([_site_hash(site) for site, _ in group], dtype=np.uint64)
    return mix(batch.line_hash ^ site[batch.doc_of_line]), batch.doc_of_line


def _site_hash(site: str) -> int:
    return int.from_bytes(blake2b(site.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _stored(file: IO[bytes]) -> NDArray[np.uint8]:
    """The counts of a file.

    :raises ValueError: if it holds something else, or more than it may.
    """
    with zipfile.ZipFile(file) as archive:
        if {*archive.namelist()} != MEMBERS:
            raise ValueError("it holds other arrays")
        if sum(member.file_size for member in archive.infolist()) > (DEPTH << MOST_BITS) + 2 * HEADER_BYTES:
            raise ValueError("it is too large")
    file.seek(0)
    with np.load(file, allow_pickle=False) as stored:
        version, counts = stored["version"], stored["counts"]
    if version.shape or version != FORMAT_VERSION:
        raise ValueError(f"version {version}, this version of linesift reads {FORMAT_VERSION}")
    sizes = {(DEPTH, 1 << bits) for bits in range(FEWEST_BITS, MOST_BITS + 1)}
    if counts.dtype != np.uint8 or counts.shape not in sizes:
        raise ValueError(f"counts of {counts.dtype} {counts.shape}")
    return np.ascontiguousarray(counts)
