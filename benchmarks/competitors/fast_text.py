"""fastText (Joulin et al. 2017): a line is a bag of words and word bigrams."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from linesift.corpus import LabelledDocument

PUNCTUATION = re.compile(r"([^\w\s])")
DIGITS = re.compile(r"\d")
NOISE = "__label__0"


def normalised(line: str) -> str:
    """Lower case, punctuation apart, digits alike: what fastText's tutorial does to text."""
    return " ".join(DIGITS.sub("0", PUNCTUATION.sub(r" \1 ", line.lower())).split())


class FastText:
    """A supervised model trained on the lines of the same documents."""

    name = "fastText"

    def prepare(self, documents: Sequence[LabelledDocument], folder: Path) -> None:
        import fasttext

        text = folder / "lines.txt"
        with text.open("w", encoding="utf-8") as file:
            for document in documents:
                for line, label in zip(document.lines, document.labels, strict=True):
                    if label is not None:
                        file.write(f"__label__{label} {normalised(line)}\n")
        model = fasttext.train_supervised(str(text), wordNgrams=2, dim=50, epoch=5, minCount=2, thread=1, verbose=0)
        model.save_model(str(folder / "model.bin"))

    def load(self, folder: Path) -> None:
        import fasttext

        self.model = fasttext.load_model(str(folder / "model.bin"))

    def noise(self, documents: Sequence[Sequence[str]], languages: Sequence[str]) -> list[NDArray[np.float64]]:
        lines = [normalised(line) for document in documents for line in document]
        labels, scores = self.model.predict(lines)  # multilinePredict
        noise = np.array(
            [score[0] if label[0] == NOISE else 1.0 - score[0] for label, score in zip(labels, scores, strict=True)]
        )
        return np.split(noise, np.cumsum([len(document) for document in documents])[:-1])
