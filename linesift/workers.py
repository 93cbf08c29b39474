"""Processes that work, each on one thing at a time."""

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
from typing import Generic, TypeVar

from linesift.parallel import WorkerError

Given = TypeVar("Given")
Result = TypeVar("Result")

SECONDS_TO_END = 10.0  # for a process that has closed its pipe already

# Processes that are forked would hang in the threads of the engines that they inherit.
SPAWN = get_context("spawn")


class Workers(Generic[Given, Result]):
    """Processes that work, each with a thread that waits for it.

    concurrent.futures has one queue for all processes: if one is killed while it reads or writes there, some versions
    of Python wait for ever (gh-94777). Here each process has a pipe of its own, which closes when it dies.

    :param work: what they do.
    :param jobs: processes, at most; they are started when there is something to do.
    """

    def __init__(self, work: Callable[[Given], Result], jobs: int) -> None:
        self._work = work
        self._jobs = jobs
        self._threads = ThreadPoolExecutor(jobs)
        self._all: list[Worker[Given, Result]] = []
        self._idle: deque[Worker[Given, Result]] = deque()

    def submit(self, given: Given) -> Future[Result]:
        """Have work done."""
        if len(self._all) < self._jobs:
            self._all.append(Worker(self._work))
            self._idle.append(self._all[-1])
        return self._threads.submit(self._do, given)

    def _do(self, given: Given) -> Result:
        worker = self._idle.popleft()  # there are as many as threads
        try:
            return worker.do(given)
        finally:
            self._idle.append(worker)

    def end(self) -> None:
        """End all processes, whatever they are doing; they have nothing to tidy up."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._all:
            worker.kill()
        self._threads.shutdown()


class Worker(Generic[Given, Result]):
    """A process that works on what is sent to it."""

    def __init__(self, work: Callable[[Given], Result]) -> None:
        self._pipe, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(target=_work, args=(theirs, work), daemon=True)
        self._process.start()
        theirs.close()  # or else it would stay open when the process dies

    def do(self, given: Given) -> Result:
        """The result.

        :raises WorkerError: if the process has ended.
        """
        try:
            # Connection.send would say, in some versions, that its buffer is in use.
            self._pipe.send_bytes(pickle.dumps(given, pickle.HIGHEST_PROTOCOL))
            result: Result = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise WorkerError(self._ending) from error
        return result

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
    with contextlib.suppress(EOFError, OSError):  # raised when the parent has gone
        while True:
            pipe.send_bytes(pickle.dumps(work(pipe.recv()), pickle.HIGHEST_PROTOCOL))


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)
