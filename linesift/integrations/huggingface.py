"""Hugging Face datasets: a function for `map(batched=True)`.

tagger = LineTagger()
dataset.map(tagger, batched=True, num_proc=2, features=tagger.features(dataset.features))
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datasets import Features, List, Value

from linesift.integrations import tagger


class LineTagger(tagger.LineTagger):
    """Adds article, labels, scores and article_share to a batch of rows."""

    def __call__(self, batch: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
        """The columns to add."""
        self.check_field(batch)
        addresses = batch[self.site_field] if self.site_memory else None
        return self.columns(batch[self.text_field], addresses).as_lists()

    def features(self, features: Features) -> Features:
        """The features of the result; without them they are guessed from the first batch."""
        self.check_field(features)
        added = {
            "article": Value("string"),
            "labels": List(Value("string")),
            "scores": List(Value("float64")),
            "article_share": Value("float64"),
        }
        return Features({**features, **added})
