"""Processes that work on one thing after the other, the next already at hand."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Generic, TypeVar

from linesift.parallel import WorkerError

Given = TypeVar("Given")
Result = TypeVar("Result")

AT_HAND = 2  # things that a process has at most: what it works on, and the next
SECONDS_TO_END = 10.0  # for a process that has closed its pipe already

# Processes that are forked would hang in the threads of the engines that they inherit.
SPAWN = get_context("spawn")


class Workers(Generic[Given, Result]):
    """Processes that work, each with threads that wait for it.

    concurrent.futures has one queue for all processes: if one is killed while it reads or writes there, some versions
    of Python wait for ever (gh-94777). Here each process has a pipe of its own, which closes when it dies.

    :param work: what they do.
    :param jobs: processes, at most; they are started when there is something to do.
    """

    def __init__(self, work: Callable[[Given], Result], jobs: int) -> None:
        self._work = work
        self._jobs = jobs
        self._threads = ThreadPoolExecutor(jobs * AT_HAND)
        self._all: list[Worker[Given, Result]] = []
        self._free: deque[Worker[Given, Result]] = deque()  # each once for each thing that it may still be sent

    def submit(self, given: Given) -> Future[Result]:
        """Have work done."""
        if len(self._all) < self._jobs:
            self._all.append(Worker(self._work))
            self._free.appendleft(self._all[-1])  # it comes before those that have something to do
            self._free.extend([self._all[-1]] * (AT_HAND - 1))
        return self._threads.submit(self._do, given)

    def _do(self, given: Given) -> Result:
        worker = self._free.popleft()  # there are as many as threads
        try:
            return worker.do(given)
        finally:
            self._free.append(worker)

    def end(self) -> None:
        """End all processes, whatever they are doing; they have nothing to tidy up."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._all:
            worker.kill()
        self._threads.shutdown()


class Worker(Generic[Given, Result]):
    """A process that works on what is sent to it, in the order in which it was sent."""

    def __init__(self, work: Callable[[Given], Result]) -> None:
        self._pipe, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(target=_work, args=(theirs, work), daemon=True)
        self._process.start()
        theirs.close()  # or else it would stay open when the process dies
        self._sending, self._receiving = threading.Lock(), threading.Lock()
        self._expected: deque[Future[Result]] = deque()

    def do(self, given: Given) -> Result:
        """The result; any number of threads may wait for theirs.

        :raises WorkerError: if the process has ended.
        """
        # Connection.send would say, in some versions, that its buffer is in use.
        data = pickle.dumps(given, pickle.HIGHEST_PROTOCOL)
        mine: Future[Result] = Future()
        with self._sending:
            self._expected.append(mine)
            with contextlib.suppress(OSError):  # raised when the process has ended; then nothing comes back either
                self._pipe.send_bytes(data)
        with self._receiving:  # each thread takes one result, its own or one that was expected before
            self._take_one()
        return mine.result()

    def _take_one(self) -> None:
        oldest = self._expected.popleft()
        try:
            oldest.set_result(self._pipe.recv())
        except (EOFError, OSError):
            oldest.set_exception(WorkerError(self._ending))
        except Exception as error:  # MemoryError, say; whoever expects the result must not wait for ever
            oldest.set_exception(error)

    @property
    def _ending(self) -> str:
        self._process.join(SECONDS_TO_END)
        code = self._process.exitcode
        if code is not None and code < 0:
            return f"a process was killed by signal {-code}, perhaps for lack of memory"
        return f"a process ended with exit code {code}"

    def kill(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()


def _work(pipe: Connection, work: Callable[[Given], Result]) -> None:
    """What a process does: leave Ctrl-C to the parent, end when the parent is killed, and work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    at_hand: SimpleQueue[bytes | None] = SimpleQueue()
    threading.Thread(target=_receive, args=(pipe, at_hand), daemon=True).start()
    with contextlib.suppress(OSError):  # raised when the parent has gone
        while (data := at_hand.get()) is not None:
            pipe.send_bytes(pickle.dumps(work(pickle.loads(data)), pickle.HIGHEST_PROTOCOL))


def _receive(pipe: Connection, at_hand: SimpleQueue[bytes | None]) -> None:
    """Take what is sent while the process is at work; None when no more comes."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            at_hand.put(pipe.recv_bytes())
    at_hand.put(None)


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)
