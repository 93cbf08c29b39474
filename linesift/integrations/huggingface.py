"""Hugging Face datasets: a function for `map(batched=True)`, of rows or, faster, of tables of Arrow.

tagger = LineTagger()
features = tagger.features(dataset.features)
dataset.with_format("arrow").map(tagger, batched=True, num_proc=2, features=features).with_format(None)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from datasets import Features, List, Value

from linesift.integrations import tagger
from linesift.integrations.arrow import tag_table


class LineTagger(tagger.LineTagger):
    """Adds article, labels, scores and article_share to a batch of rows."""

    def __call__(self, batch: Mapping[str, list[Any]] | pa.Table) -> dict[str, list[Any]] | pa.Table:
        """The columns to add; of a table, a new table with all columns, which is what `map` takes for the result."""
        if isinstance(batch, pa.Table):
            return tag_table(self, batch, pa.string())  # as features has it
        self.check_field(batch)
        addresses = batch[self.site_field] if self.site_memory else None
        return self.columns(batch[self.text_field], addresses).as_lists()

    def features(self, features: Features) -> Features:
        """The features of the result; without them they are guessed from the first batch.

        It also loads the model, since the processes of `map` are forked from this one.
        """
        self.check_field(features)
        self.warm_up()
        added = {
            "article": Value("string"),
            "labels": List(Value("string")),
            "scores": List(Value("float64")),
            "article_share": Value("float64"),
        }
        return Features({**features, **added})
