"""What a run did, in numbers, and how far it is."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from linesift.guard import Guarded
from linesift.rules import Rule
from linesift.tagging import Tags, Why

if TYPE_CHECKING:
    from tqdm import tqdm

BY_MODEL = "the model"
PATIENCE = 2.0  # seconds of work without a sign of progress
CAUSES_SHOWN = 5


@dataclass
class Summary:
    """Counts over all documents written."""

    documents: int = 0
    kept: int = 0
    removed: Counter[str] = field(default_factory=Counter)  # lines, by cause
    suspicious: int = 0
    dropped: int = 0
    started: float = field(default_factory=time.monotonic)

    def count(self, guarded: Guarded, tags: Tags) -> None:
        """Add a document that was written."""
        self.documents += 1
        self.suspicious += guarded.suspicious
        self.dropped += guarded.dropped
        columns = guarded.page.columns
        labelled = int(columns.is_labelled.sum())
        if guarded.dropped:
            self.removed["dropped documents"] += labelled
            return
        removed = int(columns.is_noise.sum())
        self.kept += labelled - removed
        if tags.rules or tags.whys:
            rules = tags.rules or [None] * len(columns)
            noise = np.flatnonzero(columns.is_noise).tolist()
            self.removed.update(_cause(rules[place], tags.whys.get(place + 1)) for place in noise)
        elif removed:
            self.removed[BY_MODEL] += removed

    def __str__(self) -> str:
        removed = self.removed.total()
        lines = self.kept + removed
        seconds = max(time.monotonic() - self.started, 1e-3)
        causes = [f"{cause} {count:,}" for cause, count in self.removed.most_common(CAUSES_SHOWN)]
        rest = removed - sum(count for _, count in self.removed.most_common(CAUSES_SHOWN))
        by = f" ({', '.join([*causes, *([f'others {rest:,}'] if rest else [])])})" if causes else ""
        dropped = f", {self.dropped:,} of them dropped" if self.dropped else ""
        return (
            f"{self.documents:,} {_plural(self.documents, 'document')}, {lines:,} {_plural(lines, 'line')}: "
            f"{self.kept:,} kept, {removed:,} removed{by}; "
            f"{self.suspicious:,} suspicious{dropped}; {lines / seconds:,.0f} lines/s"
        )


def _cause(rule: Rule | None, why: Why | None) -> str:
    """Why a line was removed."""
    return f"{rule.action} rules" if rule else why.cause if why else BY_MODEL


def _plural(count: int, word: str) -> str:
    return word if count == 1 else f"{word}s"


def progress(quiet: bool) -> tqdm[None]:
    """A bar that counts documents on stderr, if that is a terminal and once the work has taken a while."""
    from tqdm import tqdm

    hidden = quiet or not sys.stderr.isatty()
    return tqdm(disable=hidden, delay=PATIENCE, unit=" documents", file=sys.stderr, leave=False, dynamic_ncols=True)
