"""Fixtures of fundus: newspaper pages, and what its parsers, written by hand for each publisher, take from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from importers.bad import BadInput
from importers.files import field, read_bytes, read_json
from importers.pages import Page
from importers.rows import Row, split_of
from importers.source import Source

IN_CLONE = "tests/resources/parser/test_data"

# The folders hold pages of publishers of one country, nearly all of them in one language.
LANGUAGES = {
    **dict.fromkeys(("at", "ch", "de", "lu"), "de"),
    **dict.fromkeys(("au", "ca", "ind", "my", "tz", "uk", "us", "za"), "en"),
    **{"cn": "zh", "cz": "cs", "es": "es", "fr": "fr", "isl": "is", "it": "it", "jp": "ja", "kr": "ko", "lb": "ar"},
    **{"lt": "lt", "no": "no", "pl": "pl", "pt": "pt", "ru": "ru", "se": "sv", "tr": "tr", "ua": "uk"},
}
UNKNOWN_LANGUAGE = "und"


def find(folder: Path) -> list[Path]:
    """The files of gold text: one a publisher, in the folder of its country."""
    return sorted([*folder.glob(f"{IN_CLONE}/*/*.json"), *folder.glob("*/*.json")])


def read(path: Path) -> Iterator[Row | BadInput]:
    """The views of each page of a publisher; the first page belongs to the first version of its parser, and so on."""
    data = read_json(path)
    if not isinstance(data, dict):
        raise BadInput(path, "should be an object of versions")
    pages = sorted(path.parent.glob(f"{path.stem}_[0-9]*.html.gz"))  # names hold dates
    versions = sorted(data, key=version_number)
    if len(pages) != len(versions):
        raise BadInput(path, f"{len(versions)} versions ({', '.join(versions)}), but {len(pages)} pages")
    country, publisher = path.parent.name, path.stem
    for version, page in zip(versions, pages, strict=True):
        try:
            yield from Page(
                id=f"fundus/{country}-{publisher}-{version}",
                source="fundus",
                domain=publisher.lower(),
                lang=LANGUAGES.get(country, UNKNOWN_LANGUAGE),
                genre="article",
                split=split_of(publisher.lower()),
                html=read_bytes(page),
                gold=gold_text(path, data[version]),
            ).rows()
        except BadInput as bad:
            yield bad


def version_number(version: str) -> list[int]:
    """Sorts V1, V1_1, V2, V10."""
    return [int(number) for number in re.findall(r"\d+", version)]


def gold_text(path: Path, article: Any) -> str:
    """Headline, standfirst, subheadings and paragraphs, a line each; nothing, if the parser takes no text."""
    body = article.get("body") if isinstance(article, dict) else None
    if body is None:
        return ""
    lines = [article.get("title") or "", *field(path, body, "summary", kind=list)]
    for section in field(path, body, "sections", kind=list):
        lines += field(path, section, "headline", kind=list)
        lines += field(path, section, "paragraphs", kind=list)
    if not all(isinstance(line, str) for line in lines):
        raise BadInput(path, "a paragraph should be text")
    return "\n".join(lines)


SOURCE = Source(
    name="fundus",
    address="github.com/flairNLP/fundus (tests/resources/parser/test_data), commit 18da6e5",
    licence="MIT",
    size="a few hundred newspaper pages of 2023 to 2026, in German, English and more than 20 other languages",
    layout="tests/resources/parser/test_data/*/*.json and *_DATE.html.gz",
    find=find,
    read=read,
)
