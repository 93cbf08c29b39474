"""Opening files of text, plain or compressed."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import IO, cast

GZIP_MAGIC = b"\x1f\x8b"
UNREADABLE = (OSError, EOFError, zlib.error)  # what reading a missing, cut or broken file raises
UTF8_BOM = b"\xef\xbb\xbf"


def decompressed(file: IO[bytes]) -> IO[bytes]:
    """The stream, unpacked if its content (not its name) is gzip."""
    buffered = file if isinstance(file, io.BufferedReader) else io.BufferedReader(file)  # type: ignore[type-var]
    if buffered.peek(2)[:2] == GZIP_MAGIC:
        return cast(IO[bytes], gzip.GzipFile(fileobj=buffered))
    return buffered


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file for reading, unpacked if it is compressed.

    :raises OSError: if it is missing or cannot be read.
    """
    return decompressed(path.open("rb"))
