"""Looking hashes up among known ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from linesift.features.buffer import Bool, Hash, Int
from linesift.native import words as compiled

# A few steps from where hashes of the same leading bits begin take a third of the time of a binary search.
BUCKET_BITS = 16
BUCKET_SHIFT = 64 - BUCKET_BITS


@dataclass(frozen=True)
class HashIndex:
    """Known hashes.

    :param known: (n,), ascending.
    """

    known: Hash

    @cached_property
    def _bucket(self) -> NDArray[np.int32]:
        """(2**BUCKET_BITS + 1,), where the hashes of each leading bits begin."""
        counts = np.bincount((self.known >> np.uint64(BUCKET_SHIFT)).astype(np.int64), minlength=1 << BUCKET_BITS)
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)

    @cached_property
    def is_twice(self) -> Bool:
        """(n,), whether the next one is equal."""
        return np.append(self.known[1:] == self.known[:-1], np.zeros(min(len(self.known), 1), dtype=np.bool_))

    def find(self, hashes: Hash) -> Int:
        """(n,), the first place of each hash among the known ones, -1 for none."""
        found = np.full(len(hashes), -1)
        if compiled:
            compiled.find_hashes(hashes, self.known, self._bucket, BUCKET_SHIFT, found)
            return found
        first = self._bucket[hashes >> np.uint64(BUCKET_SHIFT)]
        for step in reversed(range(np.diff(self._bucket).max())):
            place = np.minimum(first + step, len(self.known) - 1)
            hit = np.flatnonzero(self.known[place] == hashes)
            found[hit] = place[hit]
        return found
