"""Batches of documents tagged in their order, in this process or in several."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from linesift.tagging import TagOptions, Tags, tag

if TYPE_CHECKING:
    from concurrent.futures import Future

Given = TypeVar("Given")
Documents = Sequence[Sequence[str]]
Batches = Iterable[tuple[Given, Documents, Sequence[str]]]

# Batches under way, a process: one that is tagged and one that waits. The input is read no further ahead.
AHEAD = 2


class WorkerError(RuntimeError):
    """A process that ended before its work was done; the message says how."""


def in_order(
    options: TagOptions, batches: Batches[Given], jobs: int
) -> Generator[tuple[Given, list[Tags]], None, None]:
    """Each batch with the tags of its documents.

    :param batches: anything that stands for a batch, the lines of its documents, and the documents' sites.
    :param jobs: processes; each loads the model once.
    :raises WorkerError: if one of the processes was killed; the batches before the one that it had are given first.
    """
    if jobs == 1:
        for given, documents, sites in batches:
            yield given, tag(options, documents, sites)
        return
    from linesift.workers import Workers

    workers = Workers(options, jobs)
    try:
        under_way: deque[tuple[Given, Future[list[Tags]]]] = deque()
        for given, documents, sites in batches:
            under_way.append((given, workers.submit(documents, sites)))
            if len(under_way) >= AHEAD * jobs:
                earliest, future = under_way.popleft()
                yield earliest, future.result()
        while under_way:
            earliest, future = under_way.popleft()
            yield earliest, future.result()
    finally:
        workers.end()
