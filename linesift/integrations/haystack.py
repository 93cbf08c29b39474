"""Haystack: a component that keeps the article of each document."""

from __future__ import annotations

from dataclasses import replace

from haystack import Document, component

from linesift.documents import TaggedDocument
from linesift.integrations.tagger import Tagger


@component
class LineNoiseCleaner:
    """Gives new documents, in order, with the article as content, and article_share in their meta.

    :param model: folder of a bundle; None for the one that ships.
    :param mode: "careful", "balanced" or "strict".
    """

    def __init__(self, model: str | None = None, mode: str = "balanced") -> None:
        self.model = model
        self.mode = mode
        self._tagger = Tagger(model, mode)

    @component.output_types(documents=list[Document])
    def run(self, documents: list[Document]) -> dict[str, list[Document]]:
        """A new document for each; ids and other meta are kept, and documents without text as they are."""
        pages = self._tagger.tag_all([document.content for document in documents])
        return {"documents": [_cleaned(document, page) for document, page in zip(documents, pages, strict=True)]}


def _cleaned(document: Document, page: TaggedDocument | None) -> Document:
    if page is None:
        return document
    return replace(document, content=page.article, meta={**document.meta, "article_share": page.article_share})
