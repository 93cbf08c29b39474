"""python benchmarks/engines.py [--documents 20000] [--workers 1 --workers 2] [ENGINE...]

Throughput of the adapters: a Parquet file of invented documents, tagged by the plain API and by each engine with so
many workers; the scores are compared to the last bit. Every run is a process of its own. Two figures each: documents
a second by the clock, from the start of reading to the end of collecting, without the start of the engine; and by the
processor, documents a second of the time that all of the engine's processes together computed, which other programs
on the machine disturb less. Needs linesift[engines], a Java for Spark, and psutil.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

DATA = Path(__file__).resolve().parent.parent / "data"
WARM_UP = 200  # documents, so that every worker has loaded the model before the clock starts
Rows = list[list[float | None]]


def write_parquet(path: Path, count: int) -> None:
    """Documents of 5 to 30 lines drawn from the starter corpus; the same in every run."""
    rows = [
        json.loads(row) for file in sorted(DATA.glob("*.jsonl")) for row in file.read_text("utf-8").split("\n") if row
    ]
    draw = random.Random(7)
    texts = []
    for _ in range(count):
        lines = draw.choice(rows)["lines"]
        start = draw.randrange(len(lines))
        texts.append("\n".join((lines[start:] + lines[:start])[: draw.randint(5, 30)]))
    table = pa.table({"id": list(range(count)), "text": texts})
    pq.write_table(table, path, row_group_size=max(1, count // 16))


@contextmanager
def plain(workers: int) -> Iterator[Callable[[Path], Rows]]:
    import linesift

    model = linesift.load()
    yield lambda path: [page.scores for page in model.tag_all(pq.read_table(path)["text"].to_pylist())]


@contextmanager
def pandas(workers: int) -> Iterator[Callable[[Path], Rows]]:
    import pandas as pd

    import linesift

    yield lambda path: linesift.tag_series(pd.read_parquet(path)["text"], n_jobs=workers)["scores"].tolist()


@contextmanager
def huggingface(workers: int) -> Iterator[Callable[[Path], Rows]]:
    import datasets

    from linesift.integrations.huggingface import LineTagger

    datasets.disable_progress_bars()
    datasets.disable_caching()

    def run(path: Path) -> Rows:
        dataset = datasets.Dataset.from_parquet(str(path), cache_dir=str(path.parent / "cache"))
        tagger = LineTagger()
        features = tagger.features(dataset.features)
        tagged = dataset.map(tagger, batched=True, num_proc=workers if workers > 1 else None, features=features)
        return list(tagged["scores"])

    yield run


@contextmanager
def datatrove(workers: int) -> Iterator[Callable[[Path], Rows]]:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import ParquetReader
    from datatrove.pipeline.writers import ParquetWriter

    from linesift.integrations.datatrove import LineNoiseFormatter

    def run(path: Path) -> Rows:
        """Its documents have no scores; the article stands for them. One file a task, as its readers want it."""
        with tempfile.TemporaryDirectory() as folder:
            table = pq.read_table(path)
            table = table.set_column(0, "id", pa.array([f"{n:09}" for n in range(len(table))]))
            size = -(-len(table) // workers)
            (Path(folder) / "in").mkdir()
            for n in range(workers):
                pq.write_table(table.slice(n * size, size), Path(folder) / "in" / f"{n}.parquet")
            steps = [ParquetReader(f"{folder}/in"), LineNoiseFormatter(), ParquetWriter(f"{folder}/out")]
            LocalPipelineExecutor(steps, tasks=workers, workers=workers, logging_dir=f"{folder}/logs").run()
            shares = [row["metadata"]["article_share"] for row in pq.read_table(f"{folder}/out").to_pylist()]
            return [[share] for share in shares]

    yield run


@contextmanager
def dask(workers: int) -> Iterator[Callable[[Path], Rows]]:
    import dask.dataframe as dd
    import distributed

    from linesift.integrations.dask import LineTagger

    def run(path: Path) -> Rows:
        frame = dd.read_parquet(path, split_row_groups=1)
        tagger = LineTagger()
        return frame.map_partitions(tagger, meta=tagger.meta(frame)).compute()["scores"].tolist()

    with (
        distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster),
    ):
        yield run


@contextmanager
def ray(workers: int) -> Iterator[Callable[[Path], Rows]]:
    import ray

    from linesift.integrations.ray import LineTagger

    ray.init(num_cpus=workers + 1, include_dashboard=False, log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    ray.data.DataContext.get_current().execution_options.preserve_order = True
    pool = ray.data.ActorPoolStrategy(size=workers)

    def run(path: Path) -> Rows:
        tagged = ray.data.read_parquet(str(path)).map_batches(LineTagger, batch_format="pyarrow", compute=pool)
        return [row["scores"] for row in tagged.select_columns(["scores"]).take_all()]

    yield run
    ray.shutdown()


@contextmanager
def spark(workers: int) -> Iterator[Callable[[Path], Rows]]:
    from pyspark.sql import SparkSession

    from linesift.integrations.spark import LineTagger

    session = SparkSession.builder.master(f"local[{workers}]").config("spark.ui.enabled", "false")
    session = session.config("spark.sql.files.maxPartitionBytes", "512k").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")

    def run(path: Path) -> Rows:
        frame = session.read.parquet(str(path))
        tagger = LineTagger()
        tagged = frame.mapInPandas(tagger, tagger.schema(frame.schema)).select("id", "scores")
        return [row.scores for row in tagged.orderBy("id").collect()]

    yield run
    session.stop()


ENGINES = {
    "plain": plain, "pandas": pandas, "huggingface": huggingface, "datatrove": datatrove, "dask": dask, "ray": ray,
    "spark": spark,
}  # fmt: skip


def computed() -> float:
    """Seconds that this process, its descendants and those it left behind have computed."""
    total = 0.0
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        try:
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
        except psutil.NoSuchProcess:
            pass
    return total


def measure(engine: str, workers: int, path: Path, warm_up: Path) -> dict[str, object]:
    """One run in this process."""
    with ENGINES[engine](workers) as run:
        run(warm_up)
        before, start = computed(), time.perf_counter()
        rows = run(path)
        seconds, processor = time.perf_counter() - start, computed() - before
    scores = np.array([np.nan if p is None else p for row in rows for p in row])
    digest = hashlib.sha256(scores.tobytes()).hexdigest()
    return {"seconds": seconds, "processor": processor, "documents": len(rows), "digest": digest}


@click.command()
@click.option("--documents", default=20_000, show_default=True)
@click.option("--workers", multiple=True, type=int, default=(2,), show_default=True)
@click.option("--one", hidden=True, nargs=4, help="One run: engine, workers, file, file to warm up.")
@click.argument("engines", nargs=-1, type=click.Choice(list(ENGINES)))
def main(
    documents: int, workers: tuple[int, ...], one: tuple[str, str, str, str] | None, engines: tuple[str, ...]
) -> None:
    """Print the table, Markdown; the plain API runs before and after each engine, and the mean of both counts."""
    if one:
        click.echo("RESULT " + json.dumps(measure(one[0], int(one[1]), Path(one[2]), Path(one[3]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        path, warm_up = Path(folder) / "pages.parquet", Path(folder) / "warm.parquet"
        write_parquet(path, documents)
        write_parquet(warm_up, min(WARM_UP, documents))
        click.echo("| engine | workers | documents/s a worker | of the plain API | by processor time | same scores |")
        click.echo("|---|---:|---:|---:|---:|---|")
        base = in_process("plain", 1, path, warm_up)
        click.echo(f"| plain | 1 | {documents / base['seconds']:.0f} | 1.00 | 1.00 | |")
        for engine in engines or [name for name in ENGINES if name != "plain"]:
            for count in workers:
                found = in_process(engine, count, path, warm_up)
                after = in_process("plain", 1, path, warm_up)
                clock, processor = (base[key] / 2 + after[key] / 2 for key in ("seconds", "processor"))
                same = "-" if engine == "datatrove" else "yes" if found["digest"] == base["digest"] else "NO"
                click.echo(
                    f"| {engine} | {count} | {documents / found['seconds'] / count:.0f} | "
                    f"{clock / found['seconds'] / count:.2f} | {processor / found['processor']:.2f} | {same} |"
                )
                base = after


def in_process(engine: str, workers: int, path: Path, warm_up: Path) -> dict:
    """One run in a process of its own."""
    arguments = ["--one", engine, str(workers), str(path), str(warm_up)]
    done = subprocess.run(
        [sys.executable, __file__, *arguments], check=True, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "RAY_USAGE_STATS_ENABLED": "0", "HF_HUB_OFFLINE": "1"},
    )  # fmt: skip
    return json.loads(
        next(line for line in done.stdout.split("\n") if line.startswith("RESULT ")).removeprefix("RESULT ")
    )


if __name__ == "__main__":
    main()
