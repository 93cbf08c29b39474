"""datatrove: the first of two passes, which counts the lines that documents of one site share.

count = [JsonlReader("crawl/"), SiteMemoryCounter("sites/")]
then, once all tasks are done: merge_folder("sites/").save("sites.npz")
tag = [JsonlReader("crawl/"), LineNoiseFormatter(site_memory="sites.npz"), JsonlWriter("articles/")]
"""

from __future__ import annotations

from datatrove.data import Document, DocumentsPipeline
from datatrove.io import DataFolderLike, get_datafolder
from datatrove.pipeline.base import PipelineStep
from datatrove.utils.batching import batched
from datatrove.utils.typeshelper import StatHints

from linesift.documents import split_lines
from linesift.integrations.datatrove import BATCH_SIZE
from linesift.site_memory import BITS, SiteMemory, site_of

SUFFIX = ".sites.npz"


class SiteMemoryCounter(PipelineStep):
    """Passes documents on as they are, and writes a site memory for each task.

    :param output_folder: for the memories.
    :param site_field: of the metadata, with the site or an address of it; documents without it are not counted.
    :param bits: see SiteMemory.
    """

    name = "🏠 Site memory"
    type = "🔢 - COUNT"

    def __init__(self, output_folder: DataFolderLike, site_field: str = "url", bits: int = BITS) -> None:
        super().__init__()
        self.output_folder = get_datafolder(output_folder)
        self.site_field = site_field
        self.bits = bits

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """The documents in their order."""
        memory = SiteMemory(self.bits)
        for batch in batched(data, BATCH_SIZE):
            with self.track_time("batch"):
                self._count(memory, batch)
            yield from batch
        with self.output_folder.open(f"{rank:05d}{SUFFIX}", "wb") as file:
            file.write(memory.to_bytes())

    def _count(self, memory: SiteMemory, batch: list[Document]) -> None:
        self.stat_update(StatHints.total, value=len(batch))
        sites = [site_of(document.metadata.get(self.site_field)) for document in batch]
        self.stat_update("without_site", value=sites.count(""))
        memory.add_all(sites, [split_lines(document.text) for document in batch])


def merge_folder(folder: DataFolderLike) -> SiteMemory:
    """The memories of all tasks as one.

    :raises SiteMemoryError: if one of them is broken.
    :raises ValueError: if there is none, or they are of different sizes.
    """
    source = get_datafolder(folder)
    total: SiteMemory | None = None
    for path in source.list_files(glob_pattern=f"*{SUFFIX}"):
        with source.open(path, "rb") as file:
            memory = SiteMemory.from_bytes(file.read())
        if total is None:
            total = memory
        else:
            total.merge(memory)
    if total is None:
        raise ValueError(f"no *{SUFFIX} in {source.path}; SiteMemoryCounter writes them")
    return total
