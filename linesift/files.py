"""Files that are whole or absent: written under a name of their own, which is changed when all is written."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import IO

from linesift.streams import compressing

TEMPORARY = ".{name}.{process}.linesift.part"  # hidden, so that no run reads it as a document
LONGEST_NAME = 200  # bytes of a file's own name in that of its temporary file; most systems allow 255 in all
OF_ANY_RUN = re.compile(r"\..+\.\d+\.linesift\.part")


class WholeFile:
    """A file for writing, packed as its name says, that takes its name on commit; without it nothing is left.

    A device or a pipe is written to as it is.

    :param path: a link is followed.
    :raises OSError: if it cannot be opened.
    :raises MissingExtraError: if packing needs a library that is not installed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._replaces = self.path.is_file() or not self.path.exists()
        name = TEMPORARY.format(name=_shortened(self.path.name), process=os.getpid())
        self._written = self.path.with_name(name) if self._replaces else self.path
        self._raw = _locked(self._written) if self._replaces else self._written.open("wb")
        # Ctrl-C may come at any moment, also before anybody holds this object.
        self._left = weakref.finalize(self, self._written.unlink, missing_ok=True) if self._replaces else None
        self.file: IO[bytes] = self._raw
        try:
            if self._replaces and self.path.exists():
                shutil.copymode(self.path, self._written)  # what is private stays so
            self.file = compressing(self._raw, self.path.name)
        except BaseException:
            self.discard()
            raise

    def commit(self) -> None:
        """Give the file its name.

        :raises OSError: if the rest of it cannot be written.
        """
        try:
            if self.file is not self._raw:
                self.file.close()
            self._raw.flush()
            if self._replaces:
                os.fsync(self._raw.fileno())  # or else a loss of power may leave the name with nothing in it
                self._written.replace(self.path)
        finally:
            self.discard()

    def discard(self) -> None:
        """Close the file and leave nothing of it, unless it has its name."""
        for file in (self.file, self._raw):
            with contextlib.suppress(OSError, ValueError):
                file.close()
        if self._left and self._left.detach():  # only once: a later file may have the same name
            self._written.unlink(missing_ok=True)


def check_folder(folder: Path) -> None:
    """Whether a folder can be written to, or made; nothing is left of the trial.

    :raises OSError: if not.
    """
    nearest = next((path for path in (folder, *folder.parents) if os.path.lexists(path)), folder)
    if not nearest.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(nearest))
    tempfile.TemporaryFile(dir=nearest).close()


def sweep(folder: Path, name: str | None = None) -> None:
    """Remove what runs that were killed left in a folder, or of the one output in it.

    :param name: of the output; None: of all.
    """
    of_run = re.compile(rf"\.{re.escape(_shortened(name))}\.\d+\.linesift\.part") if name else OF_ANY_RUN
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if of_run.fullmatch(entry.name):
                _remove_abandoned(Path(entry.path))


def sweep_below(folder: Path) -> None:
    """Remove what runs that were killed left in a folder, to its depths."""
    for parent, _, _ in os.walk(folder):
        sweep(Path(parent))


def _shortened(name: str) -> str:
    """The name of a file, or of a long one its beginning and what tells it from others that begin so."""
    encoded = os.fsencode(name)
    if len(encoded) <= LONGEST_NAME:
        return name
    mark = f"-{hashlib.sha256(encoded).hexdigest()[:16]}"
    return os.fsdecode(encoded[: LONGEST_NAME - len(mark)]) + mark


def _locked(path: Path) -> IO[bytes]:
    """A new file, locked as long as this process lives, so that other runs can tell it from an abandoned one."""
    while True:
        file = path.open("wb")
        _lock(file)
        # Another run may have swept it away before it was locked.
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(path.stat(), os.fstat(file.fileno())):
                return file
        file.close()


def _remove_abandoned(path: Path) -> None:
    with contextlib.suppress(OSError), path.open("r+b") as file:
        if _lock(file, wait=False):
            path.unlink()


def _lock(file: IO[bytes], wait: bool = True) -> bool:
    """Lock a file; whether that succeeded. On Windows an open file cannot be removed, so it needs no lock."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
