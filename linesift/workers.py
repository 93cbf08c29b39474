"""Processes that tag batches of documents."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection

from linesift.parallel import WorkerError
from linesift.tagging import TagOptions, Tags, tag

Documents = Sequence[Sequence[str]]

SECONDS_TO_END = 10.0  # for a process that has closed its pipe already

# Processes that are forked would hang in the threads of the engines that they inherit.
SPAWN = get_context("spawn")


class Workers:
    """Processes that tag, each with a thread that waits for it.

    concurrent.futures has one queue for all processes: if one is killed while it reads or writes there, some versions
    of Python wait for ever (gh-94777). Here each process has a pipe of its own, which closes when it dies.

    :param jobs: processes, at most; they are started when there is something to do.
    """

    def __init__(self, options: TagOptions, jobs: int) -> None:
        self._options = options
        self._jobs = jobs
        self._threads = ThreadPoolExecutor(jobs)
        self._all: list[Worker] = []
        self._idle: deque[Worker] = deque()

    def submit(self, documents: Documents, sites: Sequence[str]) -> Future[list[Tags]]:
        """Have a batch tagged."""
        if len(self._all) < self._jobs:
            self._all.append(Worker(self._options))
            self._idle.append(self._all[-1])
        return self._threads.submit(self._tag, documents, sites)

    def _tag(self, documents: Documents, sites: Sequence[str]) -> list[Tags]:
        worker = self._idle.popleft()  # there are as many as batches that are tagged at a time
        try:
            return worker.tag(documents, sites)
        finally:
            self._idle.append(worker)

    def end(self) -> None:
        """End all processes, whatever they are doing; they have nothing to tidy up."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._all:
            worker.kill()
        self._threads.shutdown()


class Worker:
    """A process that tags what is sent to it."""

    def __init__(self, options: TagOptions) -> None:
        self._pipe, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(target=_work, args=(theirs, options), daemon=True)
        self._process.start()
        theirs.close()  # or else it would stay open when the process dies

    def tag(self, documents: Documents, sites: Sequence[str]) -> list[Tags]:
        """The tags of each document.

        :raises WorkerError: if the process has ended.
        """
        try:
            # Connection.send would say, in some versions, that its buffer is in use.
            self._pipe.send_bytes(pickle.dumps((documents, sites)))
            tags: list[Tags] = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise WorkerError(self._ending) from error
        return tags

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


def _work(pipe: Connection, options: TagOptions) -> None:
    """What a process does: leave Ctrl-C to the parent, end when the parent is killed, and tag."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):  # raised when the parent has gone
        while True:
            pipe.send_bytes(pickle.dumps(tag(options, *pipe.recv())))


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)
