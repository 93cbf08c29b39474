"""Work done in its order, in this process or in several."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

Given = TypeVar("Given")
Result = TypeVar("Result")

# Pieces of work under way, a process: one that is done, one that is worked on and one that is at hand. The input is
# read no further ahead.
AHEAD = 3


class WorkerError(RuntimeError):
    """A process that ended before its work was done; the message says how."""


def in_order(work: Callable[[Given], Result], given: Iterable[Given], jobs: int) -> Generator[Result, None, None]:
    """The result for each thing that is given.

    :param work: is done in any process: it and what it takes and gives can be pickled.
    :param jobs: processes; one is this process.
    :raises WorkerError: if one of the processes was killed; the results before the one that it had are given first.
    """
    if jobs == 1:
        yield from map(work, given)
        return
    from linesift.workers import Workers

    workers = Workers(work, jobs)
    try:
        under_way: deque[Future[Result]] = deque()
        for each in given:
            under_way.append(workers.submit(each))
            if len(under_way) >= AHEAD * jobs:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        workers.end()
