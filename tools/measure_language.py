"""python tools/measure_language.py LANGUAGE

What the files of one language change: lexicons, noise lines and starter documents. Three models are trained on
data/ and measured on the language's documents: without any of its files; with its lexicons and noise lines; and
with its documents too, where the scores are out of fold, so that no model has seen the page that it scores.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from linesift.boosting import BoostingOptions
from linesift.cli.trainer import Trainer
from linesift.corpus import LabelledDocument, read_corpus, scored
from linesift.evaluation import Counts, format_markdown
from linesift.measured import Measured
from linesift.report import HALF
from linesift.training import Trained, TrainingOptions

ROOT = Path(__file__).resolve().parent.parent


@click.command(help=__doc__)
@click.argument("language")
@click.option("--trees", type=click.IntRange(1), default=200, show_default=True, help="Of each pass.")
@click.option("--folds", type=click.IntRange(2), default=5, show_default=True)
def main(language: str, trees: int, folds: int) -> None:
    options = TrainingOptions(BoostingOptions(folds, trees, trees))
    documents = scored(d for path in sorted((ROOT / "data").glob("starter-*.jsonl")) for d in read_corpus(path))
    gold = [document for document in documents if document.lang == language]
    others = [document for document in documents if document.lang != language]
    if not gold:
        raise click.UsageError(f"data/ has no documents with `lang` {language!r}")
    with tempfile.TemporaryDirectory() as folder:
        bare = train_without_files(language, Path(folder), others, options)
    trainer = Trainer(ROOT, None, ROOT / "data" / "noise", options)
    lexicons = trainer.train(others, "with lexicons and noise lines")
    everything = trainer.train(documents, "with documents too")
    table = {
        f"without any file of {language}": measured(bare, gold),
        "with its lexicons and noise lines": measured(lexicons, gold),
        "with its documents too": out_of_fold(everything, language),
    }
    click.echo(format_markdown(table))


def train_without_files(
    language: str, folder: Path, documents: Sequence[LabelledDocument], options: TrainingOptions
) -> Trained:
    """Train with copies of features/ and data/noise in which the language has no file."""
    unwanted = shutil.ignore_patterns(f"{language}.txt", f"{language}.tsv")
    shutil.copytree(ROOT / "features", folder / "features", ignore=unwanted)
    shutil.copytree(ROOT / "data" / "noise", folder / "noise", ignore=unwanted)
    return Trainer(ROOT, folder / "features", folder / "noise", options).train(documents, "without")


def measured(trained: Trained, gold: Sequence[LabelledDocument]) -> Counts:
    return total(Measured("", gold, trained.model.scores([document.lines for document in gold])))


def out_of_fold(trained: Trained, language: str) -> Counts:
    chosen = [place for place, document in enumerate(trained.documents) if document.lang == language]
    documents = [trained.documents[place] for place in chosen]
    return total(Measured("", documents, [trained.scores[place] for place in chosen]))


def total(part: Measured) -> Counts:
    return sum(part.table(HALF, "lang").values(), Counts())


if __name__ == "__main__":
    main()
