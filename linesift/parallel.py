"""Batches of documents tagged in their order, in this process or in several."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from linesift.tagging import TagOptions, Tags, loaded, tag

if TYPE_CHECKING:
    from concurrent.futures import Future

Given = TypeVar("Given")
Batches = Iterable[tuple[Given, Sequence[Sequence[str]]]]

# Batches under way, a process: one that is tagged and one that waits. The input is read no further ahead.
AHEAD = 2


def in_order(
    options: TagOptions, batches: Batches[Given], jobs: int
) -> Generator[tuple[Given, list[Tags]], None, None]:
    """Each batch with the tags of its documents.

    :param batches: anything that stands for a batch, and the lines of its documents.
    :param jobs: processes; each loads the model once.
    :raises BrokenProcessPool: if one of the processes was killed.
    """
    if jobs == 1:
        for given, documents in batches:
            yield given, tag(options, documents)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Processes that are forked would hang in the threads of LightGBM that they inherit.
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _start, (options,))
    try:
        under_way: deque[tuple[Given, Future[list[Tags]]]] = deque()
        for given, documents in batches:
            under_way.append((given, pool.submit(tag, options, documents)))
            if len(under_way) >= AHEAD * jobs:
                earliest, future = under_way.popleft()
                yield earliest, future.result()
        while under_way:
            earliest, future = under_way.popleft()
            yield earliest, future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _start(options: TagOptions) -> None:
    """Begin a process: load the model, leave Ctrl-C to the parent, and end when the parent is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    loaded(options.model)


def _end_with_parent() -> None:
    from multiprocessing import connection, parent_process

    parent = parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)
