"""LangChain: a document transformer that keeps the article of each document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.documents import BaseDocumentTransformer, Document

from linesift.integrations.tagger import Tagger


class LineNoiseTransformer(BaseDocumentTransformer):
    """Gives new documents, in order, with the article as page_content, and article_share in the metadata.

    :param model: folder of a bundle; None for the one that ships.
    :param mode: "careful", "balanced" or "strict".
    """

    def __init__(self, model: str | None = None, mode: str = "balanced") -> None:
        self.tagger = Tagger(model, mode)

    def transform_documents(self, documents: Sequence[Document], **kwargs: Any) -> Sequence[Document]:
        """A new document for each; ids and other metadata are kept."""
        pages = self.tagger.tag_texts([document.page_content for document in documents])
        return [
            document.model_copy(
                update={
                    "page_content": page.article,
                    "metadata": {**document.metadata, "article_share": page.article_share},
                }
            )
            for document, page in zip(documents, pages, strict=True)
        ]
