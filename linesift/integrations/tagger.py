"""What all adapters share: a model that each process loads once, and the columns that it adds to a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from linesift.classifier import LineClassifier, load
from linesift.documents import TaggedDocument
from linesift.model import MODES

COLUMNS = ("article", "labels", "scores", "article_share")
Text = str | Sequence[str]

_one_loads = Lock()  # of the threads that some engines run in one process


@cache
def _loaded(model: str | None, mode: str) -> LineClassifier:
    return load(model, mode)


@dataclass(frozen=True)
class Tagger:
    """Tags documents in any process: pickled it is a few bytes, and the model is loaded at the first document.

    :param model: folder of a bundle, as every worker sees it; None for the one that ships.
    :param mode: "careful", "balanced" or "strict".
    :raises ValueError: if there is no such mode.
    """

    model: str | None = None
    mode: str = "balanced"

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"no mode {self.mode!r}; there are {', '.join(MODES)}")

    def tag_all(self, texts: Sequence[Text | None]) -> list[TaggedDocument | None]:
        """A tagged document for each text or list of lines, None for None."""
        given = [text for text in texts if text is not None]
        pages = iter(self._classifier().tag_all(given) if given else ())
        return [None if text is None else next(pages) for text in texts]

    def tag_texts(self, texts: Sequence[str]) -> list[TaggedDocument]:
        """A tagged document for each text."""
        return self._classifier().tag_all(texts) if texts else []

    def columns(self, texts: Sequence[Text | None]) -> dict[str, list[Any]]:
        """COLUMNS, each a list with a value for each document; None where there is no text.

        article: str; labels: list of "article", "noise" or None, one a line; scores: list of float or
        None, one a line; article_share: float.
        """
        pages = self.tag_all(texts)
        return {name: [None if page is None else getattr(page, name) for page in pages] for name in COLUMNS}

    def _classifier(self) -> LineClassifier:
        with _one_loads:
            return _loaded(self.model, self.mode)


@dataclass(frozen=True)
class LineTagger(Tagger):
    """A tagger of the rows of tables; every row is one document.

    :param text_field: the column with the text, or the list of lines.
    """

    text_field: str = "text"

    def check_field(self, columns: Iterable[str]) -> None:
        """See that the column is there.

        :raises ValueError: if it is not, naming the columns there are.
        """
        names = list(columns)
        if self.text_field not in names:
            raise ValueError(f"no column {self.text_field!r}; text_field names another; columns here: {names}")
