"""Labelled documents: reading them, and what is counted of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypedDict

from linesift.documents import ARTICLE, NOISE, is_blank
from linesift.streams import decompressed

# What a noise line is; see data/README.md for what each word covers.
NOISE_KINDS = (
    "consent", "app", "newsletter", "paywall", "login", "navigation", "section", "byline", "date", "credit", "widget",
    "share", "advertisement", "legal", "comment", "related", "other-article", "headline-copy",
)  # fmt: skip
VALUE_OF_NAME: dict[str, int] = {ARTICLE: 1, NOISE: 0}
VALUE_OF_LABEL: dict[object, int | None] = {ARTICLE: 1, NOISE: 0, 1: 1, 0: 0, None: None}
OWN_SOURCE = "mine"  # of documents that do not name theirs


class CorpusError(ValueError):
    """A row of a labelled corpus that cannot be used; the message names file and line."""


class Description(TypedDict):
    """What is said of a document as a whole; each is empty where it is not known."""

    id: str
    source: str
    domain: str
    lang: str
    genre: str
    view: str
    split: str


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """A document with a label for each line: 1 article, 0 noise, None unscored.

    Documents of one `domain` are never split between folds; `source` and `view` are the rows of
    the tables; `split` is "train", "valid" or empty; `kinds` are one of NOISE_KINDS or None for each line, or
    empty; `numbers` are the lines' numbers, from 1, where lines were left out; `place` is where it was
    read, file and line.
    """

    id: str
    lines: tuple[str, ...]
    labels: tuple[int | None, ...]
    source: str = OWN_SOURCE
    domain: str = ""
    lang: str = ""
    genre: str = ""
    view: str = ""
    split: str = ""
    kinds: tuple[str | None, ...] = ()
    numbers: tuple[int, ...] = ()
    place: str = ""

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
    lines = _lines(row.get("lines"))
    labels = _labels(row.get("labels"), len(lines))
    return LabelledDocument(lines=lines, labels=labels, kinds=_kinds(row.get("kinds"), labels), **described(row))


def described(row: Mapping[str, Any]) -> Description:
    """The fields of a row that are one string a document."""
    identity, domain, lang, genre, view, split = (
        _as_text(row.get(name)) for name in ("id", "domain", "lang", "genre", "view", "split")
    )
    source = _as_text(row.get("source")) or OWN_SOURCE
    return Description(id=identity, source=source, domain=domain, lang=lang, genre=genre, view=view, split=split)


def _as_text(value: object) -> str:
    """A number may be a name; nothing is none."""
    return "" if value is None else str(value)


def check_lines(lines: Iterable[str]) -> None:
    """Check that a document has text, and no line break inside a line.

    :raises CorpusError: if it is not so.
    """
    texts = list(lines)
    broken = [position for position, line in enumerate(texts, 1) if "\n" in line]
    if broken:
        raise CorpusError(f"line {broken[0]} holds a line break")
    if all(map(is_blank, texts)):
        raise CorpusError("empty document: no line holds text")


def _lines(lines: Any) -> tuple[str, ...]:
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise CorpusError("`lines` must be a list of strings")
    check_lines(lines)
    return tuple(lines)


def _labels(labels: Any, n_lines: int) -> tuple[int | None, ...]:
    _check_length("labels", labels, n_lines)
    for position, label in enumerate(labels, 1):
        if not isinstance(label, str | int | float | None) or isinstance(label, bool) or label not in VALUE_OF_LABEL:
            raise CorpusError(f"label {position} is {label!r}; known labels: 1 or article, 0 or noise, null (unscored)")
    return tuple(VALUE_OF_LABEL[label] for label in labels)


def _kinds(kinds: Any, labels: Sequence[int | None]) -> tuple[str | None, ...]:
    if kinds is None:
        return ()
    _check_length("kinds", kinds, len(labels))
    for position, (kind, label) in enumerate(zip(kinds, labels, strict=True), 1):
        if kind is not None and kind not in NOISE_KINDS:
            raise CorpusError(f"kind {position} is {kind!r}; known kinds: {', '.join(NOISE_KINDS)}")
        if kind is not None and label != 0:
            raise CorpusError(f"kind {position} is {kind!r}, but the line is not labelled noise")
    return tuple(kinds)


def _check_length(name: str, values: Any, n_lines: int) -> None:
    if not isinstance(values, list) or len(values) != n_lines:
        found = len(values) if isinstance(values, list) else "no"
        raise CorpusError(f"`{name}` must be a list with one entry for each of the {n_lines} lines, found {found}")


def read_corpus(path: Path, on_error: Callable[[CorpusError], None] = stop) -> Iterator[LabelledDocument]:
    """The labelled documents of a JSON Lines file, plain or compressed; see streams.decompressed.

    A row without an `id` gets the name and the line of its file.

    :param on_error: called with each bad row's error, which names file and line; by default it is raised.
    :raises OSError: if the file is missing or cannot be read; a cut one raises others of streams.UNREADABLE too.
    :raises MissingExtraError: see streams.decompressed.
    """
    with path.open("rb") as stored, decompressed(stored) as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                place = f"{path}:{number}"
                try:
                    document = parse_document(_row(line))
                except CorpusError as error:
                    on_error(CorpusError(f"{place}: {error}"))
                else:
                    yield replace(document, id=document.id or f"{path.name}:{number}", place=place)


def _row(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"not JSON: {error}; a table is read if its name ends in .csv") from error


def scored(documents: Iterable[LabelledDocument]) -> list[LabelledDocument]:
    """The documents with their blank lines left out, without those that then hold no line."""
    kept = []
    for document in documents:
        places = [place for place, line in enumerate(document.lines) if not is_blank(line)]
        if places:
            kept.append(_with_lines(document, places))
    return kept


def _with_lines(document: LabelledDocument, places: Sequence[int]) -> LabelledDocument:
    numbers = document.numbers or range(1, len(document.lines) + 1)
    return replace(
        document,
        lines=tuple(document.lines[place] for place in places),
        labels=tuple(document.labels[place] for place in places),
        kinds=tuple(document.kinds[place] for place in places) if document.kinds else (),
        numbers=tuple(numbers[place] for place in places),
    )
