"""What a run did, in numbers, and how far it is."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from linesift.guard import Guarded
from linesift.tagging import Tags

if TYPE_CHECKING:
    from tqdm import tqdm

BY_MODEL, DROPPED = "the model", "dropped documents"
SHORTEST = 1e-3  # seconds that a run takes
PATIENCE = 2.0  # seconds of work without a sign of progress
CAUSES_SHOWN = 5


@dataclass
class Counts:
    """Counts over documents that were written."""

    documents: int = 0
    with_site: int = 0
    kept: int = 0
    removed: Counter[str] = field(default_factory=Counter)  # lines, by cause
    suspicious: int = 0
    dropped: int = 0

    def count(self, guarded: Guarded, tags: Tags, site: str) -> None:
        """Add a document."""
        self.documents += 1
        self.with_site += bool(site)
        self.suspicious += guarded.suspicious
        self.dropped += guarded.dropped
        columns = guarded.page.columns
        labelled, noise = int(columns.is_labelled.sum()), int(columns.is_noise.sum())
        if guarded.dropped:
            self.removed[DROPPED] += labelled
            return
        self.kept += labelled - noise
        if tags.whys or tags.rules:
            self.removed.update(_causes(guarded, tags))
        else:
            self.removed[BY_MODEL] += noise

    def add(self, other: Counts) -> None:
        """Add what was counted elsewhere."""
        self.documents += other.documents
        self.with_site += other.with_site
        self.kept += other.kept
        self.removed.update(other.removed)
        self.suspicious += other.suspicious
        self.dropped += other.dropped


def summary(counts: Counts, seconds: float) -> str:
    """What a run did, in one line."""
    by_cause = [(cause, count) for cause, count in counts.removed.most_common() if count]
    removed = counts.removed.total()
    lines = counts.kept + removed
    causes = [f"{cause} {count:,}" for cause, count in by_cause[:CAUSES_SHOWN]]
    rest = sum(count for _, count in by_cause[CAUSES_SHOWN:])
    by = f" ({', '.join([*causes, *([f'others {rest:,}'] if rest else [])])})" if causes else ""
    dropped = f", {counts.dropped:,} of them dropped" if counts.dropped else ""
    return (
        f"{counts.documents:,} {_plural(counts.documents, 'document')}, {lines:,} {_plural(lines, 'line')}: "
        f"{counts.kept:,} kept, {removed:,} removed{by}; "
        f"{counts.suspicious:,} suspicious{dropped}; {lines / max(seconds, SHORTEST):,.0f} lines/s"
    )


def _causes(guarded: Guarded, tags: Tags) -> Iterator[str]:
    """What removed each of the removed lines."""
    for place in np.flatnonzero(guarded.page.columns.is_noise).tolist():
        rule, why = tags.rules[place] if tags.rules else None, tags.whys.get(place + 1)
        yield f"{rule.action} rules" if rule else why.cause if why else BY_MODEL


def _plural(count: int, word: str) -> str:
    return word if count == 1 else f"{word}s"


def progress(quiet: bool) -> tqdm[None]:
    """A bar that counts documents on stderr, if that is a terminal and once the work has taken a while."""
    from tqdm import tqdm

    hidden = quiet or not sys.stderr.isatty()
    return tqdm(disable=hidden, delay=PATIENCE, unit=" documents", file=sys.stderr, leave=False, dynamic_ncols=True)
