"""The Chinese set: news pages of Chinese sites, and their text, marked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from importers.bad import BadInput
from importers.files import read_bytes, read_text
from importers.pages import Page
from importers.rows import Row
from importers.source import Source

VALID_SITE = "hexun"  # a draw by domain would be too coarse for ten sites
LEFT_OUT = "nbd"  # kept for measurements


def find(folder: Path) -> list[Path]:
    """The files of gold text."""
    return sorted(path for path in folder.glob("label_content/*/*.txt") if path.parent.name != LEFT_OUT)


def read(path: Path) -> Iterator[Row]:
    """The views of one page."""
    site = path.parent.name
    yield from Page(
        id=f"xmu/{site}-{path.stem}",
        source="xmu",
        domain=site,
        lang="zh",
        genre="article",
        split="valid" if site == VALID_SITE else "train",
        html=read_bytes(page_of(path)),
        gold=read_text(path),
    ).rows()


def page_of(path: Path) -> Path:
    """The page that belongs to a gold text, compressed or not."""
    folder = path.parent.parent.parent / "source_html" / path.parent.name
    pages = [folder / f"{path.stem}{ending}" for ending in (".html", ".html.gz", ".htm")]
    found = [page for page in pages if page.is_file()]
    if not found:
        raise BadInput(path, f"no page {pages[0]}")
    return found[0]


SOURCE = Source(
    name="xmu",
    address="github.com/wwwxmu/Dataset-for-web-main-content-extraction, commit 3ee3b06",
    licence="none given",
    size="947 news pages in Chinese of nine sites (without the site nbd)",
    layout="label_content/*/*.txt and source_html/*/*.html",
    find=find,
    read=read,
)
