"""python -m benchmarks.streaming [--megabytes 2000] [--jobs 1 --jobs 2] [--runs 5]

Streams a JSON Lines file of invented documents through `linesift predict`, and prints lines a second; the seconds that
all its processes computed, which other programs disturb less, and of them those of the process that reads and writes;
and the memory of its largest process: its peak, and its mean in each quarter of the run, which shows whether it grows.
Of several runs, which take turns, the fastest counts: others can only slow a run down. Needs psutil.
"""

from __future__ import annotations

import contextlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
import psutil

from benchmarks.invented import invented_texts

DOCUMENTS = 20_000  # invented, then over again until the file is large enough
SECONDS = 0.1  # between two looks at the memory
MB = 1e6


class Streamed(NamedTuple):
    """What one run took."""

    seconds: float
    processor: float  #: seconds that all processes computed
    first: float  #: and the first of them, to within SECONDS
    memory: list[float]  #: MB of the largest process, every SECONDS


def write_rows(path: Path, size: float) -> int:
    """Write rows of so many bytes, and count their lines."""
    rows = [(json.dumps({"text": text}) + "\n", text.count("\n") + 1) for text in invented_texts(DOCUMENTS)]
    written = n_lines = place = 0
    with path.open("w") as file:
        while written < size:
            row, lines = rows[place % len(rows)]
            written += file.write(row)
            n_lines += lines
            place += 1
    return n_lines


def stream(path: Path, jobs: int) -> Streamed:
    """Tag a file, and watch."""
    command = [sys.executable, "-c", "from linesift.cli import main; main()", "predict", "--quiet", "--format", "jsonl"]
    start, before = time.perf_counter(), _computed()
    process = psutil.Popen([*command, "--jobs", str(jobs), str(path)], stdout=subprocess.DEVNULL)
    memory, first = [], 0.0
    while process.poll() is None:
        with contextlib.suppress(psutil.Error):  # it may have ended meanwhile
            times = process.cpu_times()
            first = times.user + times.system
        memory.append(_largest(process))
        time.sleep(SECONDS)
    if process.returncode:
        raise click.ClickException(f"linesift predict ended with {process.returncode}")
    return Streamed(time.perf_counter() - start, _computed() - before, first, memory)


def _computed() -> float:
    """Seconds that ended processes that began here computed, their own processes included."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _largest(process: psutil.Popen) -> float:
    sizes = [0]
    for each in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            sizes.append(each.memory_info().rss)
    return max(sizes) / MB


def row_of(jobs: int, n_lines: int, runs: Sequence[Streamed], base: Streamed) -> str:
    """A row of the table.

    :param base: the run that its throughput is compared with.
    """
    best = fastest(runs)
    parts = np.array_split(np.array(best.memory), min(4, len(best.memory)))
    cells = [
        jobs,
        f"{n_lines / best.seconds:,.0f}",
        f"{base.seconds / best.seconds:.2f}",
        f"{best.processor:.1f}",
        f"{best.first:.1f}",
        f"{max(max(run.memory) for run in runs):.0f}",
        ", ".join(f"{part.mean():.0f}" for part in parts),
        ", ".join(f"{run.seconds:.1f}" for run in runs),
    ]
    return f"| {' | '.join(map(str, cells))} |"


def fastest(runs: Sequence[Streamed]) -> Streamed:
    return min(runs, key=lambda run: run.seconds)


COLUMNS = (
    "jobs", "lines/s", "of the first", "s of processor time", "of it, the process that reads and writes", "peak MB",
    "MB in the quarters of the run", "s of each run",
)  # fmt: skip


@click.command(context_settings={"show_default": True})
@click.option("--megabytes", default=2000.0, help="Size of the file.")
@click.option("--jobs", multiple=True, type=int, default=(1,))
@click.option("--runs", type=click.IntRange(1), default=1, help="Of each number of jobs.")
def main(megabytes: float, jobs: tuple[int, ...], runs: int) -> None:
    """Print a table, Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.jsonl"
        n_lines = write_rows(path, megabytes * MB)
        click.echo(f"{megabytes:,.0f} MB, {n_lines:,} lines\n")
        click.echo(f"| {' | '.join(COLUMNS)} |\n|{'---:|' * (len(COLUMNS) - 2)}---|---|")
        streamed: dict[int, list[Streamed]] = {count: [] for count in jobs}
        for _ in range(runs):
            for count in jobs:
                streamed[count].append(stream(path, count))
        for count, found in streamed.items():
            click.echo(row_of(count, n_lines, found, fastest(streamed[jobs[0]])))


if __name__ == "__main__":
    main()
