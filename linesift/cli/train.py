"""linesift train: labelled documents in; a bundle, its card and its report out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linesift.cli.common import BadRecords, GreedyCommand, load_model
from linesift.corpus import LabelledDocument, read_corpus, scored
from linesift.streams import UNREADABLE

if TYPE_CHECKING:
    from linesift.features.catalogue import Catalogue
    from linesift.features.lexicons import Lexicons
    from linesift.planting import NoiseLine
    from linesift.training import Trained, TrainingOptions

EXAMPLES = """
\b
Examples:
  linesift train --corpus mine.jsonl --output models/mine
  python train.py                                  the corpus that ships in data/
  python train.py --corpus a.jsonl.gz b.jsonl.gz --documents pages/ --holdout valid
"""


HELP = {
    "corpus": "JSON Lines of labelled documents; by default data/*.jsonl. "
    "Sources named challenge-* are left out, and measured with --holdout.",
    "documents": "A folder of text files and their labels.jsonl.",
    "output": "The bundle.",
    "features": "A folder of lexicons/ and catalogue.tsv; by default features/, or those of the bundle that ships.",
    "noise": "A folder of noise lines to plant; by default data/noise.",
    "split": "Train on documents of this split, and those without one, only.",
    "holdout": "First train without this split, measure on it for the card; then train on everything.",
    "folds": "Of the cross-validation.",
    "first_trees": "Trees of the first pass.",
    "second_trees": "Trees of the second pass.",
    "leaves": "Leaves of a tree, at most.",
    "planted": "Documents with planted noise, as a share of the documents given.",
    "weight": "A factor on the weight of a row of the tables, such as blogs/full=2.",
    "seed": "Of everything that draws.",
    "threads": "Of LightGBM.",
}
SECONDS_BETWEEN_LOG_LINES = 15.0
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
PATH = click.Path(path_type=Path)


def parse_weights(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> dict[str, float]:
    """The factor of each row."""
    try:
        return {row: float(factor) for row, factor in (value.rsplit("=", 1) for value in values)}
    except ValueError as error:
        raise click.BadParameter(f"expected SOURCE/VIEW=FACTOR, found {' '.join(values)}") from error


@click.command(cls=GreedyCommand, epilog=EXAMPLES, context_settings={"show_default": True})
@click.option("--corpus", multiple=True, metavar="FILE...", type=PATH, help=HELP["corpus"])
@click.option("--documents", type=PATH, help=HELP["documents"])
@click.option("--output", type=PATH, default=Path("models/mine"), help=HELP["output"])
@click.option("--features", type=FOLDER, help=HELP["features"])
@click.option("--noise", type=FOLDER, help=HELP["noise"])
@click.option("--split", help=HELP["split"])
@click.option("--holdout", metavar="SPLIT", help=HELP["holdout"])
@click.option("--folds", type=click.IntRange(2), default=5, help=HELP["folds"])
@click.option("--first-trees", type=click.IntRange(1), default=50, help=HELP["first_trees"])
@click.option("--second-trees", type=click.IntRange(1), default=50, help=HELP["second_trees"])
@click.option("--leaves", type=click.IntRange(2), default=255, help=HELP["leaves"])
@click.option("--planted", type=click.FloatRange(0), default=0.3, help=HELP["planted"])
@click.option("--weight", multiple=True, metavar="SOURCE/VIEW=FACTOR...", callback=parse_weights, help=HELP["weight"])
@click.option("--seed", type=int, default=0, help=HELP["seed"])
@click.option("--threads", type=click.IntRange(1), default=2, help=HELP["threads"])
@click.pass_context
def train(
    context: click.Context,
    corpus: tuple[Path, ...],
    documents: Path | None,
    output: Path,
    features: Path | None,
    noise: Path | None,
    split: str | None,
    holdout: str | None,
    folds: int,
    first_trees: int,
    second_trees: int,
    leaves: int,
    planted: float,
    weight: dict[str, float],
    seed: int,
    threads: int,
) -> None:
    """Train a model on labelled documents and write its bundle, its card and its report.

    Rows of a corpus: {"id", "lines": [...], "labels": [1 article, 0 noise, null unscored, ...]}, and, where
    known, "source", "view", "domain" (documents of one domain stay in one fold), "lang" and "split".
    """
    from linesift.boosting import BoostingOptions
    from linesift.evaluation import format_table
    from linesift.report import HALF, Measured, about, document_errors, write_results
    from linesift.training import TrainingOptions

    root: Path = context.obj or Path.cwd()
    bad = BadRecords()
    corpus = corpus or tuple(sorted((root / "data").glob("*.jsonl")))
    if not corpus and not documents:
        raise click.UsageError(
            f"no labelled documents: give --corpus or --documents, or run where data/ is, not in {root}"
        )
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.UsageError(f"--output {output}: {error.strerror}") from error
    read = _read_all(corpus, documents, bad)
    challenges = [document for document in read if document.is_challenge]
    trainable = [d for d in read if not d.is_challenge and (split is None or d.split in ("", split))]
    lexicons, catalogue = _features(features, root)
    noise_lines = _noise_lines(noise or root / "data" / "noise")
    boosting = BoostingOptions(folds, first_trees, second_trees, leaves, seed=seed, threads=threads)
    options = TrainingOptions(boosting, planted, weight)

    measured: list[Measured] = []
    if holdout:
        held_out = [document for document in trainable if document.split == holdout]
        rest = [document for document in trainable if document.split != holdout]
        if not held_out:
            raise click.UsageError(f"--holdout: no document has the split {holdout!r}")
        partial = _train(rest, lexicons, catalogue, noise_lines, options, f"without {holdout}")
        for title, gold in ((f"Held out: {holdout}", held_out), ("Challenges", challenges)):
            if gold:
                scores = partial.model.scores([document.lines for document in gold], threads)
                measured.append(Measured(title, gold, scores))
                click.echo(f"{title}\n{format_table(measured[-1].table(HALF))}")
    trained = _train(trainable, lexicons, catalogue, noise_lines, options, "training")
    measured.append(Measured("Cross-validation", trained.documents, trained.scores))
    files = [*corpus, *([documents / "labels.jsonl"] if documents else [])]
    write_results(trained.model, about(trained, files, options), measured, output)
    for wrong in document_errors(trained):
        click.echo(wrong.with_text)
    click.echo(f"{output}: bundle, card (README.md) and report (report.md) written")
    sys.exit(bad.exit_code)


def _read_all(corpus: Sequence[Path], documents: Path | None, bad: BadRecords) -> list[LabelledDocument]:
    from linesift.standoff import read_documents

    found: list[LabelledDocument] = []
    for path in corpus:
        try:
            found += read_corpus(path, bad.report)
        except UNREADABLE as error:
            bad.report(f"{path}: {getattr(error, 'strerror', None) or error}")
    if documents:
        try:
            found += read_documents(documents, on_error=bad.report)
        except OSError as error:
            bad.report(f"{error.filename}: {error.strerror}")
    return scored(found)


def _features(folder: Path | None, root: Path) -> tuple[Lexicons, Catalogue]:
    """The lexicons and the catalogue of a folder, or those frozen in the bundle that ships."""
    from linesift.features.catalogue import read_catalogue
    from linesift.features.lexicons import read_lexicons

    folder = folder or root / "features"
    if not (folder / "catalogue.tsv").is_file():
        model = load_model(None).model_
        return model.lexicons, model.catalogue
    try:
        return read_lexicons(folder / "lexicons"), read_catalogue(folder / "catalogue.tsv")
    except (OSError, ValueError) as error:
        raise click.UsageError(str(error)) from error


def _noise_lines(folder: Path) -> list[NoiseLine]:
    from linesift.planting import read_noise_lines

    try:
        return read_noise_lines(folder)
    except (OSError, ValueError) as error:
        raise click.UsageError(str(error)) from error


def _train(
    documents: Sequence[LabelledDocument],
    lexicons: Lexicons,
    catalogue: Catalogue,
    noise_lines: Sequence[NoiseLine],
    options: TrainingOptions,
    title: str,
) -> Trained:
    """Train behind a progress bar of boosting rounds."""
    from tqdm import tqdm

    from linesift.training import train as train_model

    interval = 0.2 if sys.stderr.isatty() else SECONDS_BETWEEN_LOG_LINES
    rounds = options.boosting.rounds
    with tqdm(total=rounds, desc=title, unit="round", file=sys.stderr, mininterval=interval) as bar:

        def progress(stage: str, rounds: int) -> None:
            bar.set_postfix_str(stage, refresh=False)
            bar.update(rounds)

        try:
            return train_model(documents, lexicons, catalogue, noise_lines, options, progress)
        except ValueError as error:
            raise click.UsageError(f"cannot train: {error}") from error
