"""jusText (Pomikálek 2011): each line is handed over as a paragraph of an HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from linesift.corpus import LabelledDocument

PATH = SimpleNamespace(dom="p", xpath="/p")
NAMES = {
    "ar": "Arabic", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
    "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ko": "Korean", "nl": "Dutch", "no": "Norwegian_Bokmal",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "sw": "Swahili",
    "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
}  # fmt: skip


@cache
def stop_list(language: str) -> frozenset[str]:
    """The function words of a language; English where jusText has no list for it."""
    import justext

    name = NAMES.get(language, "English")
    return justext.get_stoplist(name if name in justext.get_stoplists() else "English")


class JusText:
    """Its classification of paragraphs without and with context, as it does for HTML."""

    name = "jusText"

    def prepare(self, documents: Sequence[LabelledDocument], folder: Path) -> None:
        """Nothing to learn."""

    def load(self, folder: Path) -> None:
        for language in NAMES:
            stop_list(language)

    def noise(self, documents: Sequence[Sequence[str]], languages: Sequence[str]) -> list[NDArray[np.float64]]:
        return [self._of(document, stop_list(lang)) for document, lang in zip(documents, languages, strict=True)]

    @staticmethod
    def _of(document: Sequence[str], words: frozenset[str]) -> NDArray[np.float64]:
        from justext.core import classify_paragraphs, revise_paragraph_classification
        from justext.paragraph import Paragraph

        paragraphs = [Paragraph(PATH) for _ in document]
        for paragraph, line in zip(paragraphs, document, strict=True):
            paragraph.append_text(line)
        classify_paragraphs(paragraphs, words)
        revise_paragraph_classification(paragraphs)
        return np.array([paragraph.is_boilerplate for paragraph in paragraphs], dtype=np.float64)
