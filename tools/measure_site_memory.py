"""python -m tools.measure_site_memory BUNDLE CORPUS... [--split valid] [--copies N]

What a site memory gains on labelled documents: macro F1 of each row that has sites of several pages, without and with
a memory of the pages measured (labels are not looked at), and the recall of article lines, which template must not
cost. Each view of a page counts as a page of another site, or else every line would stand in several documents. With
--copies, every page is counted so many times more, as if the same story stood at other addresses too.
The bundle must not have been trained on the split: `train.py --split train`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

import linesift
from linesift.corpus import LabelledDocument, read_corpus, scored
from linesift.evaluation import Counts, count_by
from linesift.features.buffer import Float
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
    tables = [_table(documents, without)]
    for times in copies:
        memory = SiteMemory()
        for _ in range(times + 1):
            memory.add_all(sites, texts)
        others = zip(memory.others(sites, texts), without, texts, strict=True)
        tables.append(_table(documents, [model.site_term.adjusted(noise, lines, n) for n, noise, lines in others]))
    titles = ["without", *(f"with, {times} copies" if times else "with" for times in copies)]
    click.echo("| source/view | sites | pages | " + " | ".join(f"F1 {t}" for t in titles) + " | "
               + " | ".join(f"article recall {t}" for t in titles) + " |")  # fmt: skip
    click.echo("|---|" + "---:|" * (2 + 2 * len(tables)))
    for row, counts in tables[0].items():
        n_sites = len({document.domain for document in documents if document.row == row})
        figures = [f"{table[row].macro_f1:.4f}" for table in tables]
        recalls = [f"{table[row].article[1]:.4f}" for table in tables]
        click.echo("| " + " | ".join([row, str(n_sites), str(counts.documents), *figures, *recalls]) + " |")


def site_of_document(document: LabelledDocument) -> str:
    """Its site; "" where it is not known."""
    return f"{document.row}/{document.domain}" if document.domain else ""


def _table(documents: Sequence[LabelledDocument], scores: Sequence[Float]) -> dict[str, Counts]:
    return count_by(documents, scores, HALF)


if __name__ == "__main__":
    main()
