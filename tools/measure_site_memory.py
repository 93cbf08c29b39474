"""python -m tools.measure_site_memory BUNDLE CORPUS... [--split valid] [--copies N]

What a site memory gains on labelled documents: macro F1 of each row that has sites of several pages, without and with
a memory of the pages measured (labels are not looked at), the recall of article lines, which template must not cost,
and how many of the lines that the model gets wrong other pages repeat. Each view of a page counts as a page of another
site, or else every line would stand in several documents. With --copies, every page is counted so many times more, as
if the same story stood at other addresses too. The bundle must not have been trained on the split: `train.py --split
train`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np

import linesift
from linesift.corpus import LabelledDocument, read_corpus, scored
from linesift.evaluation import Counts, count_by
from linesift.features.buffer import Float, Int
from linesift.site_memory import SiteMemory

HALF = 0.5


@click.command()
@click.argument("bundle", type=click.Path(exists=True, path_type=Path))
@click.argument("corpus", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--split", default="valid", show_default=True)
@click.option("--copies", type=click.IntRange(0), multiple=True, default=(0,), show_default=True)
@click.option("--threads", default=2, show_default=True)
def main(bundle: Path, corpus: tuple[Path, ...], split: str, copies: tuple[int, ...], threads: int) -> None:
    """Print a table in Markdown."""
    documents = scored(d for path in corpus for d in read_corpus(path) if d.split == split and not d.is_challenge)
    pages = Counter(map(site_of_document, documents))
    documents = [d for d in documents if d.domain and pages[site_of_document(d)] > 1]
    model = linesift.load(bundle).model_
    sites, texts = list(map(site_of_document, documents)), [document.lines for document in documents]
    without = model.scores(texts, threads)
    tables, wrong = [_table(documents, without)], {}
    for times in copies:
        memory = SiteMemory()
        for _ in range(times + 1):
            memory.add_all(sites, texts)
        others = memory.others(sites, texts)
        wrong = wrong or _wrong(documents, without, others)
        known = zip(without, texts, others, strict=True)
        tables.append(_table(documents, [model.site_term.adjusted(*page) for page in known]))
    titles = ["without", *(f"with, {times} copies" if times else "with" for times in copies)]
    names = [*(f"F1 {title}" for title in titles), *(f"article recall {title}" for title in titles)]
    click.echo(_row(["source/view", "sites", "pages", "wrong lines", "of them repeated", *names]))
    click.echo(_row(["---", *["---:"] * (4 + len(names))]))
    for row, counts in tables[0].items():
        n_sites = len({document.domain for document in documents if document.row == row})
        figures = [table[row].macro_f1 for table in tables] + [table[row].article[1] for table in tables]
        click.echo(_row([row, n_sites, counts.documents, *wrong[row], *(f"{figure:.4f}" for figure in figures)]))


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def site_of_document(document: LabelledDocument) -> str:
    """Its site; "" where it is not known."""
    return f"{document.row}/{document.domain}" if document.domain else ""


def _wrong(
    documents: Sequence[LabelledDocument], scores: Sequence[Float], others: Sequence[Int]
) -> dict[str, tuple[int, int]]:
    """For each row the lines with a wrong label without a memory, and how many of them other documents hold."""
    counts: dict[str, tuple[int, int]] = {}
    for document, noise, known in zip(documents, scores, others, strict=True):
        gold = np.array([np.nan if label is None else 1 - label for label in document.labels], dtype=np.float64)
        wrong = ~np.isnan(gold) & ((noise >= HALF) != (gold == 1))
        lines, repeated = counts.get(document.row, (0, 0))
        counts[document.row] = lines + int(wrong.sum()), repeated + int((wrong & (known > 0)).sum())
    return counts


def _table(documents: Sequence[LabelledDocument], scores: Sequence[Float]) -> dict[str, Counts]:
    return count_by(documents, scores, HALF)


if __name__ == "__main__":
    main()
