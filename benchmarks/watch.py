"""What a process and its descendants compute and hold, seen from outside. Needs psutil."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

LOOK_EVERY = 0.1  # seconds between two looks


class Watch:
    """What this process and its descendants compute and hold, looked at again and again in a thread.

    The sum of what their parents were told would miss the workers of Ray, whose parent does not wait for them; so the
    last that was seen of each process counts.
    """

    def __init__(self) -> None:
        self.seconds: dict[psutil.Process, float] = {}  # of processor time
        self.memory = 0  # bytes; see look
        self._one_looks = threading.Lock()

    def look(self) -> None:
        """Memory is the largest worker's: a process of Python, and this one only where there is no other."""
        this, workers = psutil.Process(), []
        with self._one_looks:
            for process in (this, *this.children(recursive=True)):
                try:
                    times = process.cpu_times()
                    self.seconds[process] = times.user + times.system
                    if process != this and process.exe() == this.exe():
                        workers.append(process.memory_info().rss)
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    pass
            self.memory = max(self.memory, *workers) if workers else max(self.memory, this.memory_info().rss)

    def computed(self) -> float:
        """Seconds of processor time until now."""
        self.look()
        return sum(self.seconds.values())


@contextmanager
def watched() -> Iterator[Watch]:
    watch, done = Watch(), threading.Event()

    def look() -> None:
        while not done.wait(LOOK_EVERY):
            watch.look()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield watch
    finally:
        done.set()
        thread.join()
