"""python -m benchmarks.filters --model HELD_OUT CORPORA/*.jsonl.gz

linesift side by side with datatrove's own C4 and Gopher filters, each run as it stands in a pipeline: how much of
the article text each loses and how much of the noise each keeps, in characters that are not white space, over the
documents of the valid split. The model must not have seen that split: train it with `train.py --split train`.
Needs linesift[engines], and spacy for datatrove's English tokenizer.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

import click
from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.filters import C4QualityFilter, GopherQualityFilter, GopherRepetitionFilter

from linesift.corpus import LabelledDocument, read_corpus
from linesift.integrations.datatrove import LineNoiseFormatter

SPACES = re.compile(r"\s+")
Table = dict[str, dict[str, list[int]]]


def steps(model: str) -> dict[str, list[PipelineStep]]:
    """The pipelines that are compared."""
    return {
        "C4": [C4QualityFilter(remove_citations=False)],  # citations stay, so that lines can be found again
        "Gopher quality": [GopherQualityFilter()],
        "Gopher repetition": [GopherRepetitionFilter()],
        "linesift careful": [LineNoiseFormatter(model, "careful")],
        "linesift": [LineNoiseFormatter(model)],
        "linesift strict": [LineNoiseFormatter(model, "strict")],
    }


def run(pipeline: Sequence[PipelineStep], documents: Sequence[LabelledDocument]) -> dict[str, str]:
    """What is left of each document, by its place."""
    data: Iterable[Document] = iter([Document("\n".join(d.lines), str(n)) for n, d in enumerate(documents)])
    for step in pipeline:
        data = step.run(data)
    return {document.id: document.text for document in data}


def kept_lines(lines: Sequence[str], text: str) -> list[bool]:
    """Which lines are left in a text; of equal lines the first are taken for the ones left."""
    left = deque(line.strip() for line in text.split("\n") if line.strip())
    return [bool(left) and left[0] == line.strip() and bool(left.popleft()) for line in lines]


def count(documents: Sequence[LabelledDocument], texts: dict[str, str]) -> dict[str, list[int]]:
    """For each row of the table: article characters lost and in all, noise characters kept and in all."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for n, document in enumerate(documents):
        kept = kept_lines(document.lines, texts.get(str(n), ""))
        for line, label, stays in zip(document.lines, document.labels, kept, strict=True):
            size = len(SPACES.sub("", line))
            if label == 1:
                counts[document.row][0] += 0 if stays else size
                counts[document.row][1] += size
            elif label == 0:
                counts[document.row][2] += size if stays else 0
                counts[document.row][3] += size
    return counts


def plain_lines(document: LabelledDocument) -> LabelledDocument:
    """The same without the line breaks inside lines (U+2028 and its like), where C4's filter would split them."""
    return replace(document, lines=tuple(" ".join(line.splitlines()) for line in document.lines))


def drawn(documents: Sequence[LabelledDocument], most: int) -> list[LabelledDocument]:
    """At most so many documents of each row of the table; the same in every run."""
    rows: dict[str, list[LabelledDocument]] = defaultdict(list)
    for document in documents:
        rows[document.row].append(document)
    draw = random.Random(7)
    return [document for row in rows.values() for document in draw.sample(row, min(most, len(row)))]


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}" if whole else "-"


@click.command()
@click.option("--model", required=True, help="A bundle that was trained without the valid split.")
@click.option("--documents", type=int, help="Of each source and view at most, drawn at random. Default: all.")
@click.argument("corpora", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
def main(model: str, documents: int | None, corpora: tuple[Path, ...]) -> None:
    """Print the table, Markdown."""
    valid = [plain_lines(d) for path in corpora for d in read_corpus(path) if d.split == "valid"]
    chosen = drawn(valid, documents or len(valid))
    results = {}
    for name, pipeline in steps(model).items():
        click.echo(name, err=True)
        results[name] = count(chosen, run(pipeline, chosen))
    click.echo(f"linesift {version('linesift')}, datatrove {version('datatrove')}, {date.today()}\n")
    click.echo("| source/view | documents | " + " | ".join(results) + " |")
    click.echo("|---|---:|" + "---:|" * len(results))
    for row, size in sorted(Counter(document.row for document in chosen).items()):
        cells = [f"{share(*of[row][:2])} / {share(*of[row][2:])}" for of in results.values()]
        click.echo(f"| {row} | {size} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
