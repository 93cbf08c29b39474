"""datatrove: a formatter that keeps the article of each document, and a filter of documents that are mostly noise."""

from __future__ import annotations

from typing import Any

from datatrove.data import Document, DocumentsPipeline
from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.pipeline.formatters.base import BaseFormatter
from datatrove.pipeline.writers.disk_base import DiskWriter
from datatrove.utils.batching import batched
from datatrove.utils.typeshelper import StatHints

from linesift.integrations.tagger import Tagger

BATCH_SIZE = 500  # documents; even of short ones they hold as many lines as one pass of NumPy takes
ARTICLE_SHARE = "article_share"
REMOVED_LINES = "removed_lines"
REASON = "low_article_share"


def as_row(writer: DiskWriter, document: Document) -> dict[str, Any]:
    """What a writer writes of a document, for its `adapter`: text, id and metadata, be they empty or not; no media.

    The adapter that writers have by themselves copies every removed line by itself, which takes a quarter as long as
    tagging does, and leaves out an empty text.
    """
    metadata = dict(document.metadata)  # a later step may add to it before the writer's batch is full
    return {
        "text": document.text,
        "id": document.id,
        **(metadata if writer.expand_metadata else {"metadata": metadata}),
    }


class LineNoiseFormatter(BaseFormatter):
    """Rewrites the text to the article; the metadata keeps removed_lines and article_share.

    :param model: folder of a bundle, as every worker sees it; None for the one that ships.
    :param mode: "careful", "balanced" or "strict".
    :param batch_size: documents that are tagged together.
    :param site_memory: file of a SiteMemory, as every worker sees it; see datatrove_sites.
    :param site_field: of the metadata, with the site or an address of it.
    """

    name = "🧹 Line noise"

    def __init__(
        self,
        model: str | None = None,
        mode: str = "balanced",
        batch_size: int = BATCH_SIZE,
        site_memory: str | None = None,
        site_field: str = "url",
    ) -> None:
        super().__init__()
        self.tagger = Tagger(model, mode, site_memory=site_memory)
        self.batch_size = batch_size
        self.site_field = site_field

    def format(self, text: str) -> str:
        """The article of one text."""
        return self.tagger.tag_texts([text])[0].article

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """The documents in their order, rewritten; the statistics count lines kept and removed."""
        for batch in batched(data, self.batch_size):
            with self.track_time("batch"):
                addresses = [document.metadata.get(self.site_field) for document in batch]
                tagged = self.tagger.columns([document.text for document in batch], addresses)
                shares = tagged.article_shares().tolist()
                columns = zip(batch, tagged.articles(), tagged.removed_lines(), shares, strict=True)
            for document, article, removed, share in columns:
                self.stat_update(StatHints.total)
                self.stat_update("lines_removed", value=len(removed), unit="doc")
                self.stat_update("lines_kept", value=document.text.count("\n") + 1 - len(removed), unit="doc")
                document.text = article
                document.metadata[REMOVED_LINES] = removed
                document.metadata[ARTICLE_SHARE] = share
                yield document


class LineNoiseFilter(BaseFilter):
    """Drops documents whose article is a small share of their words, for the reason low_article_share.

    The share is the one in the metadata where there is one (LineNoiseFormatter leaves it, and so does
    `linesift predict`); other documents are tagged, and their share is added to the metadata.

    :param min_article_share: documents of this share or more are kept.
    :param model: folder of a bundle, as every worker sees it; None for the one that ships.
    :param mode: "careful", "balanced" or "strict".
    :param exclusion_writer: gets the dropped documents.
    :param batch_size: documents that are tagged together.
    """

    name = "🧹 Line noise share"

    def __init__(
        self,
        min_article_share: float = 0.5,
        model: str | None = None,
        mode: str = "balanced",
        exclusion_writer: DiskWriter | None = None,
        batch_size: int = BATCH_SIZE,
    ) -> None:
        super().__init__(exclusion_writer, batch_size)
        self.min_article_share = min_article_share
        self.tagger = Tagger(model, mode)

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Whether to keep one document, and why not."""
        return self.filter_batch([doc])[0]

    def filter_batch(self, batch: list[Document]) -> list[bool | tuple[bool, str]]:
        """Whether to keep each document, and why not."""
        unknown = [document for document in batch if ARTICLE_SHARE not in document.metadata]
        shares = self.tagger.columns([document.text for document in unknown]).article_shares().tolist()
        for document, share in zip(unknown, shares, strict=True):
            document.metadata[ARTICLE_SHARE] = share
        return [self._verdict(document.metadata[ARTICLE_SHARE]) for document in batch]

    def _verdict(self, share: float) -> bool | tuple[bool, str]:
        self.stat_update(ARTICLE_SHARE, value=share, unit="doc")
        return True if share >= self.min_article_share else (False, REASON)
