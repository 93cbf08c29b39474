"""What all adapters share: a model that each process loads once, and the columns that it adds to a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from linesift.documents import TaggedDocument
from linesift.model import MODES
from linesift.site_memory import site_of
from linesift.tagging import loaded, loaded_memory

COLUMNS = ("article", "labels", "scores", "article_share")
Text = str | Sequence[str]

_one_loads = Lock()  # of the threads that some engines run in one process


@dataclass(frozen=True)
class Tagger:
    """Tags documents in any process: pickled it is a few bytes, and the model is loaded at the first document.

    :param model: folder of a bundle, as every worker sees it; None for the one that ships.
    :param mode: "careful", "balanced" or "strict".
    :param site_memory: file of a SiteMemory, as every worker sees it.
    :raises ValueError: if there is no such mode.
    """

    model: str | None = None
    mode: str = "balanced"
    site_memory: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"no mode {self.mode!r}; there are {', '.join(MODES)}")

    def tag_all(
        self, texts: Sequence[Text | None], addresses: Sequence[object] | None = None
    ) -> list[TaggedDocument | None]:
        """A tagged document for each text or list of lines, None for None.

        :param addresses: see tag_texts.
        """
        rows = zip(texts, addresses or [None] * len(texts), strict=True)
        given = [(text, address) for text, address in rows if text is not None]
        pages = iter(self.tag_texts([text for text, _ in given], [address for _, address in given]))
        return [None if text is None else next(pages) for text in texts]

    def tag_texts(self, texts: Sequence[Text], addresses: Sequence[object] | None = None) -> list[TaggedDocument]:
        """A tagged document for each text.

        :param addresses: or sites of the texts, see site_memory.site_of; of use with a site memory only.
        """
        if not texts:
            return []
        sites = [site_of(address) for address in addresses or [None] * len(texts)]
        with _one_loads:
            model = loaded(Path(self.model) if self.model else None)
            memory = loaded_memory(Path(self.site_memory) if self.site_memory else None)
        return model.tag_all(texts, model.thresholds[self.mode], sites=sites, memory=memory)

    def columns(self, texts: Sequence[Text | None], addresses: Sequence[object] | None = None) -> dict[str, list[Any]]:
        """COLUMNS, each a list with a value for each document; None where there is no text.

        article: str; labels: list of "article", "noise" or None, one a line; scores: list of float or
        None, one a line; article_share: float.

        :param addresses: see tag_texts.
        """
        pages = self.tag_all(texts, addresses)
        return {name: [None if page is None else getattr(page, name) for page in pages] for name in COLUMNS}


@dataclass(frozen=True)
class LineTagger(Tagger):
    """A tagger of the rows of tables; every row is one document.

    :param text_field: the column with the text, or the list of lines.
    :param site_field: with a site memory, the column with the site or an address of it.
    """

    text_field: str = "text"
    site_field: str = field(default="url", kw_only=True)

    def check_field(self, columns: Iterable[str]) -> None:
        """See that the columns are there.

        :raises ValueError: if one is not, naming the columns there are.
        """
        names = list(columns)
        if self.text_field not in names:
            raise ValueError(f"no column {self.text_field!r}; text_field names another; columns here: {names}")
        if self.site_memory and self.site_field not in names:
            raise ValueError(f"no column {self.site_field!r}; site_field names another; columns here: {names}")
