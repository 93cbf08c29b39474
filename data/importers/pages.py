"""From a page of HTML and the gold text of its article to labelled lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from importers.alignment import ARTICLE, label_lines
from importers.rows import MINIMUM_LINES, Row
from importers.views import decode, page_title, page_views


@dataclass(frozen=True)
class Page:
    """A page, and the text of its article as a person or a reviewed program marked it."""

    id: str
    source: str
    domain: str
    lang: str
    genre: str
    split: str
    html: bytes
    gold: str

    def rows(self) -> Iterator[Row]:
        """A row a view; none for a view that is too short, or in which too little of the article was found."""
        html = decode(self.html)
        title = page_title(html)
        for view, lines in page_views(html).items():
            if len(lines) < MINIMUM_LINES:
                continue
            labels = label_lines(lines, self.gold, title)
            if labels is not None and ARTICLE in labels:
                name = f"{self.id}@{view}"
                yield Row(name, self.source, self.domain, self.lang, self.genre, view, self.split, lines, labels)
