"""Processes that work on one thing after the other, the next already at hand."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import threading
import traceback
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
            return worker.send(given).result()
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
        self._sending = threading.Lock()
        self._expected: deque[Future[Result]] = deque()
        self._error: Exception | None = None  # once the process has ended
        threading.Thread(target=self._take_results, daemon=True).start()

    def send(self, given: Given) -> Future[Result]:
        """Have something done after all that was sent before.

        :returns: the result, or what the work raised; a WorkerError if the process has ended.
        """
        # Connection.send would say, in some versions, that its buffer is in use.
        data = pickle.dumps(given, pickle.HIGHEST_PROTOCOL)
        result: Future[Result] = Future()
        with self._sending:
            if self._error:
                result.set_exception(self._error)
                return result
            self._expected.append(result)
            with contextlib.suppress(OSError):  # raised when the process has ended, which _take_results notices too
                self._pipe.send_bytes(data)
        return result

    def _take_results(self) -> None:
        error: Exception
        try:
            while True:
                done = self._pipe.recv_bytes()
                _settle(self._expected.popleft(), done)
        except (EOFError, OSError):
            error = WorkerError(self._ending)
        except Exception as broken:  # MemoryError, say; whoever expects a result must not wait for ever
            error = broken
        with self._sending:
            self._error = error
            for result in self._expected:
                result.set_exception(error)

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
    while (data := at_hand.get()) is not None:
        done = _done(work, data)
        try:
            pipe.send_bytes(done)
        except OSError:  # the parent has gone
            return


def _receive(pipe: Connection, at_hand: SimpleQueue[bytes | None]) -> None:
    """Take what is sent while the process is at work; None when no more comes."""
    try:
        with contextlib.suppress(EOFError, OSError):
            while True:
                at_hand.put(pipe.recv_bytes())
    finally:
        at_hand.put(None)


def _done(work: Callable[[Given], Result], data: bytes) -> bytes:
    """The result, or what was raised and where."""
    try:
        return pickle.dumps((work(pickle.loads(data)), None, ""), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        return pickle.dumps((None, error, traceback.format_exc()), pickle.HIGHEST_PROTOCOL)


def _settle(expected: Future[Result], done: bytes) -> None:
    """Hand on what _done has made."""
    try:
        result, error, where = pickle.loads(done)
    except Exception as broken:
        expected.set_exception(broken)
        return
    if error is None:
        expected.set_result(result)
    else:
        error.__cause__ = WorkerError(f"in a process:\n{where}")
        expected.set_exception(error)


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)
