"""python -m tools.measure_language LANGUAGE [--corpus FILE...] [--seeds N]

What it changes to add a language. Its files are taken away and added again step by step, a model is trained after
each step, and all are measured on the same lines:

- `nothing`: without its lexicons, its noise lines and its documents in data/;
- `lexicons`: with features/lexicons/*/LANGUAGE.txt;
- `noise lines`: with data/noise/LANGUAGE.tsv as well;
- `documents`: with its documents in data/starter-*.jsonl as well.

All train on the other documents in data/. Files of --corpus are added to that, without the split "valid", the
challenges, and every document of the language: these are what is measured on. The documents of the language in
data/ are measured on too; where they are trained on, their scores are out of fold. Prints a table in Markdown: the
mean over the seeds, and the standard deviation if there are several; the table of the seeds done so far goes to
standard error. A difference that is not well above the deviations says nothing.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from linesift.boosting import BoostingOptions
from linesift.cli.common import GreedyCommand
from linesift.cli.trainer import Trainer
from linesift.corpus import LabelledDocument, read_corpus, scored
from linesift.evaluation import Counts, count_by
from linesift.features.buffer import Float
from linesift.report import HALF
from linesift.training import TrainingOptions
from linesift.validation import VALID, without_near_copies

ROOT = Path(__file__).resolve().parent.parent
FIGURES = {
    "macro F1": lambda counts: counts.macro_f1,
    "noise recall": lambda counts: counts.noise[1],
    "article recall": lambda counts: counts.article[1],
}
Table = dict[tuple[str, str], float]


@dataclass(frozen=True)
class Documents:
    """What is trained on, and what is measured on.

    :param others: of other languages, to train on.
    :param own: of the language, from data/: measured on, and trained on in the last step.
    :param gold: of --corpus: all of the language, and of other languages those that are held out.
    """

    others: list[LabelledDocument]
    own: list[LabelledDocument]
    gold: list[LabelledDocument]


@dataclass(frozen=True)
class Step:
    """What of a language's files a model is trained with."""

    name: str
    lexicons: bool = False
    noise_lines: bool = False
    documents: bool = False


STEPS = (
    Step("nothing"),
    Step("lexicons", lexicons=True),
    Step("noise lines", lexicons=True, noise_lines=True),
    Step("documents", lexicons=True, noise_lines=True, documents=True),
)


@click.command(cls=GreedyCommand, help=__doc__)
@click.argument("language")
@click.option("--corpus", multiple=True, metavar="FILE...", type=click.Path(exists=True, path_type=Path))
@click.option("--seeds", type=click.IntRange(1), default=1, show_default=True, help="Trainings of each step.")
@click.option("--trees", type=click.IntRange(1), default=50, show_default=True, help="Of each pass.")
def main(language: str, corpus: Sequence[Path], seeds: int, trees: int) -> None:
    documents = read_documents(language, corpus)
    if not documents.own:
        raise click.UsageError(f"data/ has no documents with `lang` {language!r}")
    tables: dict[str, list[Table]] = {step.name: [] for step in STEPS}
    for seed in range(seeds):
        for step in STEPS:
            boosting = BoostingOptions(first_trees=trees, second_trees=trees, seed=seed)
            tables[step.name].append(measure(language, step, documents, boosting))
        click.echo("\n".join(format_rows(tables)), err=seed < seeds - 1)


def read_documents(language: str, corpus: Sequence[Path]) -> Documents:
    """Sort the documents of data/ and of the corpora; copies of what is measured on are not trained on."""
    starter = scored(d for path in sorted((ROOT / "data").glob("starter-*.jsonl")) for d in read_corpus(path))
    real = scored(document for path in corpus for document in read_corpus(path))
    own = [document for document in starter if document.lang == language]
    gold = [d for d in real if d.lang == language or d.split == VALID or d.is_challenge]
    held_out = {document.group for document in [*own, *gold]}
    others = [d for d in [*starter, *real] if d.lang != language and d.split != VALID and not d.is_challenge]
    others = without_near_copies([d for d in others if d.group not in held_out], [*own, *gold])
    return Documents(others, own, gold)


def measure(language: str, step: Step, documents: Documents, boosting: BoostingOptions) -> Table:
    """Train with what the step has of the language, and measure."""
    with tempfile.TemporaryDirectory() as folder:
        features, noise = copy_files(language, step, Path(folder))
        trainer = Trainer(ROOT, features, noise, TrainingOptions(boosting))
    given = [*documents.others, *(documents.own if step.documents else ())]
    trained = trainer.train(given, f"{step.name}, seed {boosting.seed}")
    scores: list[Float] = trained.model.scores([document.lines for document in documents.gold])
    if step.documents:
        scores += trained.scores[len(documents.others) :]
    else:
        scores += trained.model.scores([document.lines for document in documents.own])
    return figures(language, [*documents.gold, *documents.own], scores)


def copy_files(language: str, step: Step, folder: Path) -> tuple[Path, Path]:
    """Copies of features/ and data/noise with what the step has of the language's files."""
    left_out = shutil.ignore_patterns(f"{language}.txt")
    shutil.copytree(ROOT / "features", folder / "features", ignore=None if step.lexicons else left_out)
    left_out = shutil.ignore_patterns(f"{language}.tsv")
    shutil.copytree(ROOT / "data" / "noise", folder / "noise", ignore=None if step.noise_lines else left_out)
    return folder / "features", folder / "noise"


def figures(language: str, gold: Sequence[LabelledDocument], scores: Sequence[Float]) -> Table:
    """The figures of each source and view: all of FIGURES for the language, the first for all others together."""
    table: Table = {}
    for title, own, names in ((language, True, list(FIGURES)), ("others", False, list(FIGURES)[:1])):
        chosen = [place for place, document in enumerate(gold) if (document.lang == language) == own]
        counted = count_by([gold[place] for place in chosen], [scores[place] for place in chosen], HALF)
        for row, counts in counted.items():
            if counts.has_both_labels:
                table |= {(f"{title}: {row}, {size(counts)}", name): FIGURES[name](counts) for name in names}
    return table


def size(counts: Counts) -> str:
    """Article and noise lines that were measured."""
    return f"{counts.kept_article + counts.lost_article} + {counts.kept_noise + counts.found_noise}"


def format_rows(tables: Mapping[str, Sequence[Table]]) -> Iterator[str]:
    """The rows of the table: a row for each figure, a column for each step."""
    yield f"| measured on, article + noise lines | | {' | '.join(tables)} |"
    yield f"|---|---|{'---:|' * len(tables)}"
    for key in next(iter(tables.values()))[0]:
        cells = (format_cell([table[key] for table in found]) for found in tables.values())
        yield f"| {' | '.join((*key, *cells))} |"


def format_cell(values: Sequence[float]) -> str:
    """The mean, and the standard deviation if there are several.

    >>> format_cell([0.5, 0.52]), format_cell([0.5])
    ('0.510 ± 0.014', '0.500')
    """
    mean = f"{statistics.mean(values):.3f}"
    return f"{mean} ± {statistics.stdev(values):.3f}" if len(values) > 1 else mean


if __name__ == "__main__":
    main()
