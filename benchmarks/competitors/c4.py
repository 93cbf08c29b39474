"""The line rules of C4 (Raffel et al. 2020, section 2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from linesift.corpus import LabelledDocument

CLOSING = (".", "!", "?", '"', "”", "。", "！", "？")
FEWEST_WORDS = 5
FORBIDDEN = (
    "javascript", "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies",
)  # fmt: skip


def is_noise(line: str) -> bool:
    """A line is dropped if it ends in no closing punctuation, is short, or speaks of scripts and cookies."""
    text = line.strip()
    if not text.endswith(CLOSING) or text.endswith("..."):
        return True
    lower = text.lower()
    unspaced = text.endswith(("。", "！", "？"))
    return (not unspaced and len(text.split()) < FEWEST_WORDS) or any(words in lower for words in FORBIDDEN)


class C4Rules:
    """Rules, not learned."""

    name = "C4 line rules"

    def prepare(self, documents: Sequence[LabelledDocument], folder: Path) -> None:
        """Nothing to learn."""

    def load(self, folder: Path) -> None:
        """Nothing to load."""

    def noise(self, documents: Sequence[Sequence[str]], languages: Sequence[str]) -> list[NDArray[np.float64]]:
        return [np.array([is_noise(line) for line in document], dtype=np.float64) for document in documents]
