"""WCXB: pages of seven genres, and their main text, reviewed by people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from importers.bad import BadInput
from importers.files import field, read_bytes, read_json
from importers.pages import Page
from importers.rows import Row, split_of
from importers.source import Source


def find(folder: Path) -> list[Path]:
    """The files of gold text, of the split for development in a clone."""
    return sorted([*folder.glob("dev/ground-truth/*.json"), *folder.glob("ground-truth/*.json")])


def read(path: Path) -> Iterator[Row]:
    """The views of one page."""
    data = read_json(path)
    domain = domain_of(path, field(path, data, "url", kind=str))
    yield from Page(
        id=f"wcxb/{path.stem}",
        source="wcxb",
        domain=domain,
        lang="en",
        genre=field(path, data, "_internal", "page_type", "primary", kind=str),
        split=split_of(domain),
        html=read_bytes(path.parent.parent / "html" / f"{path.stem}.html.gz"),
        gold=field(path, data, "ground_truth", "main_content", kind=str),
    ).rows()


def domain_of(path: Path, url: str) -> str:
    """The host of the address, without www."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    if not host:
        raise BadInput(path, f"no host in the address {url!r}")
    return host.removeprefix("www.")


SOURCE = Source(
    name="wcxb",
    address="github.com/Murrough-Foley/web-content-extraction-benchmark, commit c039d5e",
    licence="CC-BY-4.0",
    size="1,497 pages in English of the split for development",
    layout="dev/ground-truth/*.json and dev/html/*.html.gz",
    find=find,
    read=read,
)
