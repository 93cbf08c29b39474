"""What all adapters share: a model that each process loads once, and the columns that it adds to a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import numpy as np

from linesift.documents import TaggedDocument, checked_lines, split_lines
from linesift.integrations.columns import TaggedColumns
from linesift.model import MODES, Model
from linesift.site_memory import SiteMemory, site_of
from linesift.tagging import loaded, loaded_memory

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
        model, memory = self._loaded()
        return model.tag_all(texts, model.thresholds[self.mode], sites=_sites(addresses, len(texts)), memory=memory)

    def columns(self, texts: Sequence[Text | None], addresses: Sequence[object] | None = None) -> TaggedColumns:
        """The documents tagged, None for those without a text.

        :param addresses: see tag_texts.
        """
        documents = [_lines(text) for text in texts]
        model, memory = self._loaded() if any(map(len, documents)) else (None, None)
        sites = _sites(addresses, len(texts))
        noise = model.scores(documents, sites=sites, memory=memory) if model else []
        return TaggedColumns(
            lines=[line for lines in documents for line in lines],
            noise=np.concatenate([np.zeros(0), *noise]),
            ends=np.cumsum([0, *map(len, documents)]),
            missing=np.array([text is None for text in texts], dtype=np.bool_),
            threshold=model.thresholds[self.mode] if model else 0.0,
        )

    def warm_up(self) -> None:
        """Load the model now, so that processes forked from this one share it and do not each load their own."""
        self.columns(["Share"])

    def _loaded(self) -> tuple[Model, SiteMemory | None]:
        with _one_loads:
            memory = loaded_memory(Path(self.site_memory) if self.site_memory else None)
            return loaded(Path(self.model) if self.model else None), memory


def _lines(text: Text | None) -> Sequence[str]:
    if text is None:
        return []
    return split_lines(text) if isinstance(text, str) else checked_lines(text)


def _sites(addresses: Sequence[object] | None, count: int) -> list[str]:
    """The site of each document; "" where it is not known."""
    return [site_of(address) for address in addresses] if addresses else [""] * count


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
