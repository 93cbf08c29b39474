"""The command: python -m benchmarks."""

from __future__ import annotations

import os

# Before NumPy is imported, here and in the processes that are started: one thread for everybody.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import datetime
import platform
from pathlib import Path

import click
import numpy as np

import linesift
from benchmarks import peers, scaling, stages
from linesift.corpus import LabelledDocument, read_corpus, scored

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).resolve().parent / "results"
TEST_GROUPS = 3  # every third group is for the test where a corpus names no split


@click.command(context_settings={"show_default": True})
@click.option("--corpus", multiple=True, type=click.Path(exists=True, path_type=Path), help="Labelled documents; "
              "may be given several times. Default: the starter corpus in data/.")  # fmt: skip
@click.option("--model", type=click.Path(exists=True, path_type=Path), help="linesift's bundle, to be trained without "
              "the test documents. Default: the one that ships.")  # fmt: skip
@click.option("--lines", default=60_000, help="Lines of test documents that are timed, about.")
@click.option("--largest", default=1_000_000, help="Lines of the largest corpus of the scaling curves.")
@click.option("--output", default=RESULTS, type=click.Path(path_type=Path), help="Where tables and plots go.")
def main(corpus: tuple[Path, ...], model: Path | None, lines: int, largest: int, output: Path) -> None:
    """Measure linesift and its peers side by side, and write tables and plots.

    Needs the extra `benchmarks`. Documents of the split "train" train those that learn, those of "valid" are timed
    and scored.
    """
    paths = corpus or tuple(sorted((ROOT / "data").glob("starter-*.jsonl")))
    documents = scored(document for path in paths for document in read_corpus(path) if not document.is_challenge)
    train, test = _split(documents)
    test = _sample(test, lines)
    output.mkdir(parents=True, exist_ok=True)
    n_lines = sum(len(document.lines) for document in test)
    about = (
        f"linesift {linesift.__version__}, {datetime.date.today()}, Python {platform.python_version()}, "
        f"{platform.machine()}, one thread each, {n_lines:,} lines of {len(test):,} documents."
    )
    click.echo(about, err=True)

    results = peers.measure(train, test, model)
    _write(output / "peers.md", about, peers.as_markdown(results))
    peers.plot(results, output / "peers.png")

    loaded = linesift.load(model).model_
    timed = [document.lines for document in test]
    whole = stages.as_markdown("stage", stages.stages(loaded, timed))
    parts = stages.as_markdown("of the features of lines", stages.line_features(loaded, timed))
    _write(output / "stages.md", about, f"{whole}\n{parts}")

    pool = [line for document in test for line in document.lines]
    of_document, of_corpus = scaling.by_document(loaded, pool, largest), scaling.by_corpus(loaded, pool, largest)
    _write(output / "scaling.md", about, scaling.as_markdown(of_document, of_corpus))
    scaling.plot(of_document, of_corpus, output / "scaling.png")


def _split(documents: list[LabelledDocument]) -> tuple[list[LabelledDocument], list[LabelledDocument]]:
    """Documents to train on and to test on: by their split, or by group where they have none."""
    groups = sorted({document.group for document in documents if not document.split})
    tested = set(groups[::TEST_GROUPS]) if not any(document.split for document in documents) else set()
    is_test = [document.split == "valid" or document.group in tested for document in documents]
    train = [document for document, held_out in zip(documents, is_test, strict=True) if not held_out]
    return train, [document for document, held_out in zip(documents, is_test, strict=True) if held_out]


def _sample(documents: list[LabelledDocument], lines: int) -> list[LabelledDocument]:
    """Documents drawn at random until they hold so many lines."""
    chosen, total = [], 0
    for place in np.random.default_rng(0).permutation(len(documents)):
        if total >= lines:
            break
        chosen.append(documents[place])
        total += len(documents[place].lines)
    return chosen


def _write(path: Path, about: str, table: str) -> None:
    path.write_text(f"{about}\n\n{table}", "utf-8")
    click.echo(table)


if __name__ == "__main__":
    main()
