"""Opening files, plain or compressed: by content for reading, by name for writing."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from linesift.extras import needed

UTF8_BOM = b"\xef\xbb\xbf"

# First bytes of each kind of file, and the end of its name.
GZIP, BZIP2, XZ, ZSTD = ".gz", ".bz2", ".xz", ".zst"
MAGIC = {b"\x1f\x8b": GZIP, b"BZh": BZIP2, b"\xfd7zXZ\x00": XZ, b"\x28\xb5\x2f\xfd": ZSTD}
LONGEST_MAGIC = max(map(len, MAGIC))
SUFFIXES = tuple(MAGIC.values())


class BrokenStreamError(OSError):
    """A compressed file that is cut or damaged."""


# What reading a missing, cut or broken file raises.
UNREADABLE = (OSError, EOFError, zlib.error, lzma.LZMAError)


def split_suffix(name: str) -> tuple[str, str]:
    """A file's name without what says how it is compressed, and that.

    >>> split_suffix("crawl.jsonl.zst"), split_suffix("page.txt")
    (('crawl.jsonl', '.zst'), ('page.txt', ''))
    """
    for suffix in SUFFIXES:
        if name.lower().endswith(suffix):
            return name[: -len(suffix)], name[-len(suffix) :]
    return name, ""


def decompressed(file: IO[bytes]) -> IO[bytes]:
    """The stream, unpacked if its content (not its name) is gzip, bzip2, xz or Zstandard.

    :raises MissingExtraError: if it is Zstandard and the library for it is not installed.
    """
    buffered = file if isinstance(file, io.BufferedReader) else io.BufferedReader(file)  # type: ignore[type-var]
    start = buffered.peek(LONGEST_MAGIC)
    for magic, suffix in MAGIC.items():
        if start.startswith(magic):
            return _unpacking(buffered, suffix)
    return buffered


@contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for reading, unpacked if it is compressed.

    :raises OSError: if it is missing or cannot be read.
    :raises MissingExtraError: see decompressed.
    """
    with path.open("rb") as file:
        yield decompressed(file)


def compressing(file: IO[bytes], name: str) -> IO[bytes]:
    """A stream that packs what is written to it into the file as the end of `name` asks; the file stays open.

    :raises MissingExtraError: if the library for it is not installed.
    """
    suffix = split_suffix(name)[1].lower()
    if suffix == GZIP:
        # No name and no time, so that equal contents give equal files.
        return cast(IO[bytes], gzip.GzipFile("", "wb", fileobj=file, mtime=0))
    if suffix == BZIP2:
        return bz2.BZ2File(file, "wb")
    if suffix == XZ:
        return lzma.LZMAFile(file, "wb")
    if suffix == ZSTD:
        library = _zstd()
        with_checksum = {library.CompressionParameter.checksum_flag: 1}  # as the other kinds have, so that damage shows
        return cast(IO[bytes], library.ZstdFile(file, "wb", options=with_checksum))
    return file


def _unpacking(file: Any, suffix: str) -> IO[bytes]:
    if suffix == GZIP:
        return cast(IO[bytes], gzip.GzipFile(fileobj=file))
    if suffix == BZIP2:
        return bz2.BZ2File(file)
    if suffix == XZ:
        return lzma.LZMAFile(file)
    return io.BufferedReader(_Zstd(file))


class _Zstd(io.RawIOBase):
    """Zstandard whose damage is an OSError, as that of the other kinds is; its own error is no subclass of anything."""

    def __init__(self, file: IO[bytes]) -> None:
        library = _zstd()
        self._file = library.ZstdFile(file)
        self._error: type[Exception] = library.ZstdError

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            return int(self._file.readinto(buffer))
        except self._error as error:
            raise BrokenStreamError(f"broken Zstandard: {error}") from error


def _zstd() -> Any:
    # Python's own module (3.14) or its backport; the better known `zstandard` takes a cut file for a whole one.
    return needed("compression.zstd", "backports.zstd", purpose="a Zstandard file (.zst)")
