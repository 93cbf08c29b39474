"""Ray Data: the first of two passes, which counts the lines that documents of one site share.

count_sites(dataset).save("sites.npz")
dataset.map_batches(
    LineTagger, batch_format="pyarrow", compute=..., fn_constructor_kwargs={"site_memory": "/shared/sites.npz"}
)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from linesift.documents import split_lines
from linesift.site_memory import BITS, SiteMemory, site_of

if TYPE_CHECKING:
    from ray.data import Dataset

MEMORY = "memory"


@dataclass(frozen=True)
class BlockCounter:
    """Counts a block of documents: of a table, one row with the bytes of its memory."""

    text_field: str
    site_field: str
    bits: int

    def __call__(self, table: pa.Table) -> pa.Table:
        texts, addresses = (table.column(name).to_pylist() for name in (self.text_field, self.site_field))
        sites = [site_of(address) for address in addresses]
        lines = [split_lines(text) if isinstance(text, str) else text or [] for text in texts]
        memory = SiteMemory(self.bits)
        memory.add_all(sites, lines)
        return pa.table({MEMORY: pa.array([memory.to_bytes()], pa.large_binary())})


def count_sites(dataset: Dataset, text_field: str = "text", site_field: str = "url", bits: int = BITS) -> SiteMemory:
    """Count all documents of a dataset, block by block, and add the blocks' memories up here.

    :param text_field: the column with the text, or the list of lines.
    :param site_field: the column with the site or an address of it.
    :param bits: see SiteMemory.
    """
    total = SiteMemory(bits)
    counted = dataset.map_batches(BlockCounter(text_field, site_field, bits), batch_format="pyarrow", batch_size=None)
    for row in counted.iter_rows():
        total.merge(SiteMemory.from_bytes(row[MEMORY]))
    return total
