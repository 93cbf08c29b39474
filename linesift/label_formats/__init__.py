"""Labelled documents in the forms that people keep them in, told apart by the file's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from linesift.corpus import CorpusError, LabelledDocument, read_corpus, stop
from linesift.label_formats.label_studio import read_label_studio
from linesift.label_formats.table import read_csv
from linesift.streams import split_suffix

STAND_OFF_SUFFIX = ".labels.jsonl"
READERS = {".csv": read_csv, ".json": read_label_studio}


def read_labelled(path: Path, on_error: Callable[[CorpusError], None] = stop) -> Iterator[LabelledDocument]:
    """The labelled documents of a file: CSV, Label Studio's JSON export, or else JSON Lines; compressed or not.

    :param on_error: called with each bad row's error, which names file and line; by default it is raised.
    :raises OSError: if the file is missing or cannot be read; a cut one raises others of streams.UNREADABLE too.
    :raises MissingExtraError: see streams.decompressed.
    """
    name = split_suffix(path.name.lower())[0]
    if name.endswith(STAND_OFF_SUFFIX):
        on_error(CorpusError(f"{path}:1: stand-off labels hold no text: give them as --labels, with --documents"))
        return iter(())
    return READERS.get(Path(name).suffix, read_corpus)(path, on_error)
