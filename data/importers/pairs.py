"""Pairs of a page and its gold text, in two folders: dragnet and CleanEval."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from importers.bad import BadInput
from importers.files import read_bytes
from importers.pages import Page
from importers.rows import Row, split_of
from importers.source import Source
from importers.views import decode

# The folders of gold texts and of pages: as merged by j-szulc, in dragnet's own repository, in CleanEval's archives.
FOLDERS = (("GoldStandard", "input"), ("Corrected", "HTML"), ("en_cleaned", "en_original"), ("finalrun", "input"))

# dragnet's annotators put readers' comments behind this line; they are noise here.
COMMENTS = re.compile(r"!@#\$%\^&\*\(\)\s*COMMENTS")
# CleanEval: the address in the first line, and tags for paragraphs, headlines and list items.
ADDRESS = re.compile(r"\A\s*URL:[^\n]*\n")
TAG = re.compile(r"</?[a-z]{1,2}>", re.IGNORECASE)


def find(pattern: str, folder: Path) -> list[Path]:
    """The gold texts in the folder, and in those below it whose name fits the pattern."""
    bases = (folder, *sorted(folder.glob(pattern)))
    found = (path for base in bases for gold, _ in FOLDERS for path in (base / gold).glob("[!.]*"))
    return sorted(path for path in found if path.is_file())


def read(source: str, path: Path) -> Iterator[Row]:
    """The views of one page."""
    name = name_of(path)
    domain = f"{source}-{name}"
    yield from Page(
        id=f"{source}/{name}",
        source=source,
        domain=domain,
        lang="en",
        genre="article",
        split=split_of(domain),
        html=read_bytes(page_of(path)),
        gold=gold_text(read_bytes(path)),
    ).rows()


def name_of(path: Path) -> str:
    """What the files of a pair have in common.

    >>> [name_of(Path(name)) for name in ("R7.html.corrected.txt", "R7.html", "12-cleaned.txt")]
    ['R7', 'R7', '12']
    """
    return path.name.split(".")[0].removesuffix("-cleaned")


def page_of(path: Path) -> Path:
    """The page that belongs to a gold text."""
    folder = path.parent.parent / dict(FOLDERS)[path.parent.name]
    pages = sorted(page for page in folder.glob(f"{name_of(path)}.*") if name_of(page) == name_of(path))
    if not pages:
        raise BadInput(path, f"no page {name_of(path)}.* in {folder}")
    return pages[0]


def gold_text(content: bytes) -> str:
    """The text of the article; many files are not in the encoding that the others are in."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = decode(content)
    return TAG.sub("", ADDRESS.sub("", COMMENTS.split(text)[0]))


DRAGNET = Source(
    name="dragnet",
    address="github.com/j-szulc/html-cleaning-dataset-merged (dragnet_data), commit 46e01a0",
    licence="see the source",
    size="more than 1,330 pages in English",
    layout="dragnet_data/GoldStandard/* and dragnet_data/input/*",
    find=partial(find, "dragnet_data"),
    read=partial(read, "dragnet"),
)
CLEANEVAL = Source(
    name="cleaneval",
    address="github.com/j-szulc/html-cleaning-dataset-merged (cleaneval-dev, cleaneval-final), commit 46e01a0",
    licence="see the source",
    size="several hundred pages in English",
    layout="cleaneval-*/GoldStandard/* and cleaneval-*/input/*",
    find=partial(find, "cleaneval-*"),
    read=partial(read, "cleaneval"),
)
