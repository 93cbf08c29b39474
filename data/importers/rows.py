"""Labelled documents as rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

MINIMUM_LINES = 3  # a document of fewer has no context to learn from
VALID_PERCENT = 15


@dataclass(frozen=True)
class Row:
    """A document whose lines are labelled 1 (article), 0 (noise) or None (ambiguous)."""

    id: str
    source: str
    domain: str
    lang: str
    genre: str
    view: str
    split: str
    lines: Sequence[str]
    labels: Sequence[int | None]

    def to_json(self) -> str:
        """A line of JSON Lines."""
        return json.dumps(asdict(self), ensure_ascii=False) + "\n"


def split_of(domain: str) -> str:
    """The split, train or valid: always the same for one domain, so that no site is in both.

    >>> split_of("example.com")
    'train'
    """
    digest = hashlib.sha256(f"split:{domain}".encode()).digest()
    return "valid" if int.from_bytes(digest, "big") % 100 < VALID_PERCENT else "train"
