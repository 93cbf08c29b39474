"""Batches of documents tagged in their order, in this process or in several."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import connection, get_context, parent_process
from typing import TypeVar

from linesift.tagging import TagOptions, Tags, loaded, loaded_memory, tag

Given = TypeVar("Given")
Documents = Sequence[Sequence[str]]
Batch = tuple[Given, Documents] | tuple[Given, Documents, Sequence[str]]

# Batches under way, a process: one that is tagged and one that waits. The input is read no further ahead.
AHEAD = 2


def in_order(
    options: TagOptions, batches: Iterable[Batch[Given]], jobs: int
) -> Generator[tuple[Given, list[Tags]], None, None]:
    """Each batch with the tags of its documents.

    :param batches: anything that stands for a batch, the lines of its documents, and, for a site memory, their sites.
    :param jobs: processes; each loads the model once.
    :raises BrokenProcessPool: if one of the processes was killed.
    """
    if jobs == 1:
        for batch in batches:
            yield batch[0], tag(options, *_documents(batch))
        return
    # Processes that are forked would hang in the threads of LightGBM that they inherit.
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _start, (options,))
    try:
        under_way: deque[tuple[Given, Future[list[Tags]]]] = deque()
        for batch in batches:
            under_way.append((batch[0], pool.submit(tag, options, *_documents(batch))))
            if len(under_way) >= AHEAD * jobs:
                earliest, future = under_way.popleft()
                yield earliest, future.result()
        while under_way:
            earliest, future = under_way.popleft()
            yield earliest, future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _documents(batch: Batch[Given]) -> tuple[Documents, Sequence[str] | None]:
    """The documents and their sites."""
    return (batch[1], batch[2]) if len(batch) == 3 else (batch[1], None)


def _start(options: TagOptions) -> None:
    """Begin a process: load the model, leave Ctrl-C to the parent, and end when the parent is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    loaded(options.model, options.mode)
    loaded_memory(options.memory)


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)
