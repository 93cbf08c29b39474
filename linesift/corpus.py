"""Labelled documents: reading them, and what is counted of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from linesift.documents import is_blank
from linesift.streams import open_bytes


class CorpusError(ValueError):
    """A row of a labelled corpus that cannot be used; the message names file and line."""


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """A document with a label for each line: 1 article, 0 noise, None unscored.

    Documents of one `domain` are never split between folds; `source` and `view` are the rows of
    the tables; `split` is "train", "valid" or empty; `numbers` are the lines' numbers, from 1, where
    blank lines were left out.
    """

    id: str
    lines: tuple[str, ...]
    labels: tuple[int | None, ...]
    source: str = "mine"
    domain: str = ""
    lang: str = ""
    genre: str = ""
    view: str = ""
    split: str = ""
    numbers: tuple[int, ...] = ()

    @property
    def row(self) -> str:
        """Its row in the tables of results; challenge files have one row for all views."""
        return f"{self.source}/{'*' if self.is_challenge else self.view}"

    @property
    def is_challenge(self) -> bool:
        """Challenge documents are for measuring, never for training."""
        return self.source.startswith("challenge")

    @property
    def group(self) -> str:
        """Documents of one group stand in one fold."""
        return self.domain or self.id


def stop(error: CorpusError) -> None:
    """The default for bad rows."""
    raise error


def parse_document(row: Any) -> LabelledDocument:
    """One labelled document from a row of JSON Lines.

    >>> parse_document({"id": "a", "lines": ["Hello there.", "Share"], "labels": [1, 0]}).labels
    (1, 0)

    :raises CorpusError: if the row is no labelled document.
    """
    if not isinstance(row, dict):
        raise CorpusError(f"expected a JSON object, found {type(row).__name__}")
    lines, labels = row.get("lines"), row.get("labels")
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise CorpusError("`lines` must be a list of strings")
    if not isinstance(labels, list) or len(labels) != len(lines):
        found = len(labels) if isinstance(labels, list) else "no"
        raise CorpusError(f"`labels` must be a list with one entry for each of the {len(lines)} lines, found {found}")
    for position, label in enumerate(labels, 1):
        if label not in (0, 1, None) or isinstance(label, bool):
            raise CorpusError(f"label {position} is {label!r}; known labels: 1 (article), 0 (noise), null (unscored)")
    identity, domain, lang, genre, view, split = (
        str(row.get(name) or "") for name in ("id", "domain", "lang", "genre", "view", "split")
    )
    source = str(row.get("source") or "mine")
    return LabelledDocument(identity, tuple(lines), tuple(labels), source, domain, lang, genre, view, split)


def read_corpus(path: Path, on_error: Callable[[CorpusError], None] = stop) -> Iterator[LabelledDocument]:
    """The labelled documents of a JSON Lines file, plain or compressed with gzip.

    :param on_error: called with each bad row's error, which names file and line; by default it is raised.
    :raises OSError: if the file is missing or cannot be read.
    """
    with open_bytes(path) as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield parse_document(json.loads(line))
                except (ValueError, RecursionError) as error:
                    on_error(CorpusError(f"{path}:{number}: {error}"))


def scored(documents: Iterable[LabelledDocument]) -> list[LabelledDocument]:
    """The documents with their blank lines left out, without those that then hold no line."""
    kept = []
    for document in documents:
        places = [place for place, line in enumerate(document.lines) if not is_blank(line)]
        if places:
            kept.append(_with_lines(document, places))
    return kept


def _with_lines(document: LabelledDocument, places: list[int]) -> LabelledDocument:
    return replace(
        document,
        lines=tuple(document.lines[place] for place in places),
        labels=tuple(document.labels[place] for place in places),
        numbers=tuple(place + 1 for place in places),
    )
