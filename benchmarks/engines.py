"""python -m benchmarks.engines [--documents 20000] [--lines 100] [--workers 1 --workers 2] [ENGINE...]

Throughput of the adapters: a Parquet file of invented documents, tagged by the plain API and by each engine with so
many workers; the scores are compared to the last bit. The plain API is what a user would write without an engine: one
process reads the column, `model.tag_all(texts)` gives a page for each, and their scores and shares are collected.

Every run is a process of its own, and passes over the file twice; the second pass is measured, since a Java machine
compiles what it runs during the first. Two figures each: documents a second by the clock, from the start of reading to
the end of collecting, without the start of the engine; and by the processor, documents a second of the time that all of
the engine's processes together computed, which other programs on the machine disturb less. Each engine runs a second
time with a step that hands back what it gets: what is left when its time is taken off is what tagging costs there, and
its share is what the engine costs whatever the step. What a run computes whatever its size, found by a run of few
documents, is the start: of processes that an engine starts for each run, and of the model in each of them; a column
has the figure without it, which a long run comes close to. Memory is the most that a worker's process held, seen from
outside while it ran. Needs linesift[engines], and a Java for Spark.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import linesift
from benchmarks.invented import invented_texts
from benchmarks.watch import watched

ROOT = Path(__file__).resolve().parent.parent
WARM_UP = 200  # documents, so that every worker has loaded the model before the clock starts
ROW_GROUPS = 16  # of a file: eight for each of two workers
# Before an engine is imported: one thread a worker, no word to its makers; Ray's workers as important as the others'.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled",
    "RAY_worker_niceness": "0", "PYSPARK_PYTHON": sys.executable, "PYTHONPATH": str(ROOT),
}  # fmt: skip
Found = dict[str, Any]  # by column, a value for each document in order
Run = Callable[[Path], Found]


def write_parquet(path: Path, count: int, lines: int | None) -> None:
    """Invented documents of so many lines."""
    table = pa.table({"id": list(range(count)), "text": invented_texts(count, lines)})
    pq.write_table(table, path, row_group_size=max(1, count // ROW_GROUPS))


def same(batch: Any) -> Any:
    """The step that does nothing; of engines whose steps are functions of batches."""
    return batch


class Same:
    """The step that does nothing; of engines whose steps are classes."""

    def __call__(self, batch: Any) -> Any:
        return batch


@contextmanager
def plain(workers: int, tags: bool) -> Iterator[Run]:
    model = linesift.load()

    def run(path: Path) -> Found:
        pages = model.tag_all(pq.read_table(path)["text"].to_pylist())
        return {name: [getattr(page, name) for page in pages] for name in ("scores", "article_share")}

    yield run


@contextmanager
def pandas(workers: int, tags: bool) -> Iterator[Run]:
    import pandas as pd
    from joblib import Parallel, delayed

    from linesift.integrations.pandas import CHUNK

    def run(path: Path) -> Found:
        texts = pd.read_parquet(path)["text"]
        if tags:
            return {"scores": linesift.tag_series(texts, n_jobs=workers)["scores"].tolist()}
        chunks = [texts.iloc[start : start + CHUNK] for start in range(0, len(texts), CHUNK)]
        return {"text": pd.concat(Parallel(workers)(delayed(same)(chunk) for chunk in chunks))}

    yield run


@contextmanager
def huggingface(workers: int, tags: bool, form: str | None = None) -> Iterator[Run]:
    """In rows, or in another form that datasets hand over."""
    import datasets

    from linesift.integrations.huggingface import LineTagger

    datasets.disable_progress_bars()
    datasets.disable_caching()

    def run(path: Path) -> Found:
        cache = tempfile.mkdtemp(dir=path.parent)  # for each pass, which would else begin with what the last one read
        dataset = datasets.Dataset.from_parquet(str(path), cache_dir=cache)
        tagger = LineTagger()
        step, features = (tagger, tagger.features(dataset.features)) if tags else (same, dataset.features)
        processes = workers if workers > 1 else None
        tagged = dataset.with_format(form).map(step, batched=True, num_proc=processes, features=features)
        return {"scores": tagged.data["scores"]} if tags else {"text": tagged.data["text"]}

    yield run


@contextmanager
def datatrove(workers: int, tags: bool) -> Iterator[Run]:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import ParquetReader
    from datatrove.pipeline.writers import ParquetWriter

    from linesift.integrations.datatrove import LineNoiseFormatter, as_row

    lines = pa.list_(pa.string())
    added = {"removed_lines": lines, "article_share": pa.float64()} if tags else {}
    metadata = {"file_path": pa.string(), **added}
    schema = pa.schema({"text": pa.string(), "id": pa.string(), "metadata": pa.struct(metadata)})

    def run(path: Path) -> Found:
        """Its documents have no scores. One file a task, as its readers want it."""
        with tempfile.TemporaryDirectory() as folder:
            table = pq.read_table(path)
            table = table.set_column(0, "id", pa.array([f"{n:09}" for n in range(len(table))]))
            size = -(-len(table) // workers)
            (Path(folder) / "in").mkdir()
            for n in range(workers):
                pq.write_table(table.slice(n * size, size), Path(folder) / "in" / f"{n}.parquet")
            writer = ParquetWriter(f"{folder}/out", schema=schema, adapter=as_row)
            formatters = [LineNoiseFormatter()] if tags else []
            for formatter in formatters:
                formatter.tagger.warm_up()
            steps = [ParquetReader(f"{folder}/in"), *formatters, writer]
            LocalPipelineExecutor(
                steps, tasks=workers, workers=workers, logging_dir=f"{folder}/logs", start_method="fork"
            ).run()
            written = pq.read_table(f"{folder}/out", columns=["metadata"])["metadata"].combine_chunks()
            return {"article_share": written.field("article_share")} if tags else {}

    yield run


@contextmanager
def dask(workers: int, tags: bool) -> Iterator[Run]:
    import dask
    import dask.dataframe as dd
    import distributed

    from linesift.integrations.dask import LineTagger

    # As docs/pipelines.md advises: or else Dask has its workers give all memory back at once, and ask for it again.
    kept = dict.fromkeys(("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"), 2**28)
    dask.config.set({f"distributed.nanny.pre-spawn-environ.{name}": value for name, value in kept.items()})

    def run(path: Path) -> Found:
        frame = dd.read_parquet(path, split_row_groups=1)
        tagger = LineTagger()
        step, meta = (tagger, tagger.meta(frame)) if tags else (same, frame._meta)
        column = "scores" if tags else "id"
        return {column: frame.map_partitions(step, meta=meta)[column].compute()}

    with (
        distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster),
    ):
        yield run


@contextmanager
def ray(workers: int, tags: bool) -> Iterator[Run]:
    import ray

    from linesift.integrations.ray import LineTagger

    ray.init(num_cpus=workers + 1, include_dashboard=False, log_to_driver=False)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = True
    context.use_datasource_v2 = False  # the newer reader starts two more actors and hands blocks on in another order
    pool = ray.data.ActorPoolStrategy(size=workers)
    column = "scores" if tags else "id"

    def run(path: Path) -> Found:
        dataset = ray.data.read_parquet(str(path), override_num_blocks=ROW_GROUPS)
        tagged = dataset.map_batches(LineTagger if tags else Same, batch_format="pyarrow", compute=pool)
        batches = tagged.iter_batches(batch_size=None, batch_format="pyarrow")
        return {column: pa.chunked_array([chunk for batch in batches for chunk in batch[column].chunks])}

    yield run
    ray.shutdown()


@contextmanager
def spark(workers: int, tags: bool, arrow: bool = False) -> Iterator[Run]:
    """Through pandas, or in batches of Arrow."""
    from pyspark.sql import SparkSession

    from linesift.integrations.spark import LineTagger

    session = SparkSession.builder.master(f"local[{workers}]").config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    column = "scores" if tags else "text"

    def run(path: Path) -> Found:
        # A task for each row group; smaller ones would find none and cost 0.1 s of a worker each all the same.
        session.conf.set("spark.sql.files.maxPartitionBytes", path.stat().st_size // ROW_GROUPS + 1)
        frame = session.read.parquet(str(path))
        tagger = LineTagger()
        step, schema = (
            (tagger.arrow if arrow else tagger, tagger.schema(frame.schema)) if tags else (same, frame.schema)
        )
        tagged = (frame.mapInArrow if arrow else frame.mapInPandas)(step, schema).select("id", column)
        # A sort by Spark would tag everything twice: once to learn how the identifiers spread.
        return {column: tagged.toArrow().sort_by("id")[column]}

    yield run
    session.stop()


ENGINES = {
    "plain": plain, "pandas": pandas, "huggingface": huggingface,
    "huggingface-arrow": partial(huggingface, form="arrow"), "datatrove": datatrove, "dask": dask, "ray": ray,
    "spark": spark, "spark-arrow": partial(spark, arrow=True),
}  # fmt: skip


def digest(column: Any) -> str:
    """Of all bits of a column: a number a document, or a list of numbers; NaN and null are the same."""
    array = pa.array(column, from_pandas=True) if not isinstance(column, pa.Array | pa.ChunkedArray) else column
    flat = pc.list_flatten(array) if pa.types.is_list(array.type) or pa.types.is_large_list(array.type) else array
    values = flat.to_numpy(zero_copy_only=False) if isinstance(flat, pa.Array) else flat.to_numpy()
    return hashlib.sha256(np.where(np.isnan(values), np.nan, values).tobytes()).hexdigest()


def measure(engine: str, workers: int, tags: bool, path: Path, warm_up: Path) -> dict[str, object]:
    """One run in this process."""
    with ENGINES[engine](workers, tags) as run, watched() as watch:
        run(warm_up)
        first = watch.computed()
        run(warm_up)
        few = watch.computed() - first
        run(path)
        watch.memory = 0
        before, start = watch.computed(), time.perf_counter()
        found = run(path)
        seconds, processor = time.perf_counter() - start, watch.computed() - before
    digests = {name: digest(rows) for name, rows in found.items() if tags}
    each = {"seconds": seconds, "processor": processor, "few": few, "memory": watch.memory}
    return {**each, "digests": digests}


def in_process(engine: str, workers: int, path: Path, warm_up: Path, tags: bool = True) -> dict:
    """One run in a process of its own."""
    arguments = ["--one", engine, str(workers), str(int(tags)), str(path), str(warm_up)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.engines", *arguments],
        check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, **ENVIRONMENT},
    )  # fmt: skip
    return json.loads(
        next(line for line in done.stdout.split("\n") if line.startswith("RESULT ")).removeprefix("RESULT ")
    )


COLUMNS = (
    "engine", "workers", "documents/s a worker", "of the plain API", "documents/s of processor time",
    "of the plain API", "after the start", "without the engine", "the engine's share", "s to start a worker",
    "MB a worker", "same scores",
)  # fmt: skip


def row_of(engine: str, workers: int, documents: int, found: dict, idle: dict | None, bases: Sequence[dict]) -> str:
    """A row of the table; the mean of the plain API's runs is what the engine's is compared with.

    :param idle: the run whose step does nothing.
    """
    clock, processor = (sum(base[key] for base in bases) / len(bases) for key in ("seconds", "processor"))
    few = min(WARM_UP, documents) / documents
    start = max(0.0, found["few"] - few * found["processor"]) / (1 - few) / workers if few < 1 else 0.0
    same = all(bases[0]["digests"][name] == value for name, value in found["digests"].items())
    idling = idle["processor"] if idle else 0.0
    cells = [
        engine,
        workers,
        f"{documents / found['seconds'] / workers:.0f}",
        f"{clock / found['seconds'] / workers:.2f}",
        f"{documents / found['processor']:.0f}",
        f"{processor / found['processor']:.2f}",
        f"{processor / max(found['processor'] - start * workers, 1e-3):.2f}",
        f"{processor / max(found['processor'] - idling, 1e-3):.2f}",
        f"{idling / found['processor']:.2f}",
        f"{start:.1f}",
        f"{found['memory'] / 1e6:.0f}",
        "yes" if same else "NO",
    ]
    return f"| {' | '.join(map(str, cells))} |"


@click.command()
@click.option("--documents", default=20_000, show_default=True)
@click.option("--lines", type=click.IntRange(1), help="Lines a document; without it, 5 to 30.")
@click.option("--workers", multiple=True, type=int, default=(2,), show_default=True)
@click.option("--one", hidden=True, nargs=5, help="One run: engine, workers, whether it tags, file, file to warm up.")
@click.argument("engines", nargs=-1, type=click.Choice(list(ENGINES)))
def main(
    documents: int,
    lines: int | None,
    workers: tuple[int, ...],
    one: tuple[str, str, str, str, str] | None,
    engines: tuple[str, ...],
) -> None:
    """Print the table, Markdown; the plain API runs before and after each engine, and the mean of both counts."""
    if one:
        engine, count, tags, path, warm_up = one
        found = measure(engine, int(count), tags == "1", Path(path), Path(warm_up))
        click.echo("RESULT " + json.dumps(found))
        return
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), documents, lines, workers, engines or [name for name in ENGINES if name != "plain"])


def compare(folder: Path, documents: int, lines: int | None, workers: Sequence[int], engines: Sequence[str]) -> None:
    """Print the table."""
    path, warm_up = folder / "pages.parquet", folder / "warm.parquet"
    write_parquet(path, documents, lines)
    write_parquet(warm_up, min(WARM_UP, documents), lines)
    size = sum(len(text.encode()) for text in pq.read_table(path)["text"].to_pylist())
    click.echo(f"linesift {linesift.__version__}, {date.today()}: {documents:,} documents, {size / 1e6:.0f} MB\n")
    click.echo(f"| {' | '.join(COLUMNS)} |\n|---|{'---:|' * (len(COLUMNS) - 2)}---|")
    base = in_process("plain", 1, path, warm_up)
    click.echo(row_of("plain", 1, documents, base, None, [base]))
    for engine in engines:
        runs = [
            (count, in_process(engine, count, path, warm_up), in_process(engine, count, path, warm_up, tags=False))
            for count in workers
        ]
        after = in_process("plain", 1, path, warm_up)
        for count, found, idle in runs:
            click.echo(row_of(engine, count, documents, found, idle, [base, after]))
        base = after


if __name__ == "__main__":
    main()
