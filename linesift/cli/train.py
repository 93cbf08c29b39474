"""linesift train: labelled documents in; a bundle, its card and its report out."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linesift.cli.common import CONTEXT, BadRecords, GreedyCommand
from linesift.cli.trainer import Trainer
from linesift.corpus import LabelledDocument, scored
from linesift.extras import MissingExtraError
from linesift.files import check_folder
from linesift.label_formats import read_labelled
from linesift.streams import UNREADABLE

if TYPE_CHECKING:
    from linesift.measured import Measured
    from linesift.training import TrainingOptions

EXAMPLES = """
\b
Examples:
  linesift train --corpus mine.jsonl --output models/mine
  python train.py                                  the corpus that ships in data/
  linesift train --corpus mine.csv --check         only name the rows that are wrong
  python train.py --corpus a.jsonl.gz b.jsonl.gz --documents pages/ --holdout valid
"""


HELP = {
    "corpus": "Labelled documents: JSON Lines, CSV, or Label Studio's JSON export; by default data/starter-*.jsonl. "
    "Sources named challenge-* are left out, and measured with --holdout.",
    "documents": "A folder of text files that have stand-off labels.",
    "labels": "Their labels; by default labels.jsonl in the folder, or else data/documents.labels.jsonl.",
    "check": "Only read the documents, name what is wrong with them, and count them.",
    "output": "The bundle.",
    "report": "A folder for the report with plots.",
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
    "threads": "How many folds are trained at a time.",
}
MOST_LEAVES = 2**12  # of trees of as many levels as boosting.BoostingOptions allows
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
PATH = click.Path(path_type=Path)


def parse_weights(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> dict[str, float]:
    """The factor of each row.

    :raises click.BadParameter: if one is no number above 0.
    """
    try:
        factors = {row: float(factor) for row, factor in (value.rsplit("=", 1) for value in values)}
    except ValueError as error:
        raise click.BadParameter(f"expected SOURCE/VIEW=FACTOR, found {' '.join(values)}") from error
    for row, factor in factors.items():
        if not 0 < factor < math.inf:
            raise click.BadParameter(f"{row}={factor:g}: a factor is a number above 0, and finite")
    return factors


@click.command(cls=GreedyCommand, epilog=EXAMPLES, context_settings=CONTEXT)
@click.option("--corpus", multiple=True, metavar="FILE...", type=PATH, help=HELP["corpus"])
@click.option("--documents", type=PATH, help=HELP["documents"])
@click.option("--labels", type=PATH, help=HELP["labels"])
@click.option("--check", is_flag=True, help=HELP["check"])
@click.option("--output", type=PATH, default=Path("models/mine"), help=HELP["output"])
@click.option("--report", type=PATH, metavar="DIR", help=HELP["report"])
@click.option("--features", type=FOLDER, help=HELP["features"])
@click.option("--noise", type=FOLDER, help=HELP["noise"])
@click.option("--split", help=HELP["split"])
@click.option("--holdout", metavar="SPLIT", help=HELP["holdout"])
@click.option("--folds", type=click.IntRange(2), default=5, help=HELP["folds"])
@click.option("--first-trees", type=click.IntRange(1), default=100, help=HELP["first_trees"])
@click.option("--second-trees", type=click.IntRange(1), default=50, help=HELP["second_trees"])
@click.option("--leaves", type=click.IntRange(2, MOST_LEAVES), default=255, help=HELP["leaves"])
@click.option("--planted", type=click.FloatRange(0), default=0.3, help=HELP["planted"])
@click.option("--weight", multiple=True, metavar="SOURCE/VIEW=FACTOR...", callback=parse_weights, help=HELP["weight"])
@click.option("--seed", type=int, default=0, help=HELP["seed"])
@click.option("--threads", type=click.IntRange(1), default=2, help=HELP["threads"])
@click.pass_context
def train(context: click.Context, /, **given: Any) -> None:
    """Train a model on labelled documents and write its bundle, its card and its report.

    Rows of a corpus: {"id", "lines": [...], "labels": [1 article, 0 noise, null unscored, ...]}, and, where
    known, "source", "view", "domain" (documents of one domain stay in one fold), "lang", "split" and "kinds".
    CSV has the columns document, line, text and label.
    """
    request = Request(root=context.obj or Path.cwd(), **given)
    bad = BadRecords()
    if request.labels and not request.documents:
        raise click.UsageError("--labels needs --documents, the folder of the texts that they label")
    if not request.files:
        raise click.UsageError(
            f"no labelled documents: give --corpus or --documents, or run where data/ is, not in {request.root}"
        )
    if not request.check:
        _check_outputs(request)
    documents = _read_all(request, bad)
    if request.check:
        _show_check(documents)
    else:
        _train_and_write(request, documents)
    sys.exit(bad.exit_code)


@dataclass(frozen=True)
class Request:
    """The options, as the command line gives them, and the folder that data/ and features/ stand in."""

    root: Path
    corpus: tuple[Path, ...]
    documents: Path | None
    labels: Path | None
    check: bool
    output: Path
    report: Path | None
    features: Path | None
    noise: Path | None
    split: str | None
    holdout: str | None
    folds: int
    first_trees: int
    second_trees: int
    leaves: int
    planted: float
    weight: dict[str, float] = field(hash=False)
    seed: int
    threads: int

    @property
    def corpus_files(self) -> tuple[Path, ...]:
        """The files given, or those of the corpus that ships."""
        return self.corpus or tuple(sorted((self.root / "data").glob("starter-*.jsonl")))

    @property
    def labels_file(self) -> Path | None:
        """The stand-off labels of the documents, if there are documents."""
        from linesift.standoff import LABELS_FILE

        if self.documents is None or self.labels is not None:
            return self.labels
        beside = self.documents / LABELS_FILE
        shipped = self.root / "data" / "documents.labels.jsonl"
        return shipped if shipped.is_file() and not beside.is_file() else beside

    @property
    def files(self) -> tuple[Path, ...]:
        """All files that labelled documents are read from."""
        texts = sorted(self.documents.glob("*.txt")) if self.documents else ()
        return (*self.corpus_files, *((self.labels_file,) if self.labels_file else ()), *texts)

    @property
    def noise_folder(self) -> Path:
        """The lines to plant."""
        return self.noise or self.root / "data" / "noise"

    @property
    def training_options(self) -> TrainingOptions:
        from linesift.boosting import BoostingOptions
        from linesift.training import TrainingOptions

        boosting = BoostingOptions(
            self.folds, self.first_trees, self.second_trees, self.leaves, seed=self.seed, threads=self.threads
        )
        return TrainingOptions(boosting, self.planted, self.weight)


def _check_outputs(request: Request) -> None:
    """Fail before a long training rather than after it; nothing is made yet, since the training may fail.

    :raises click.UsageError: if the bundle or the report could not be written.
    """
    from linesift.plots import PlotsUnavailableError, check_plots

    try:
        if request.report:
            check_plots()
    except PlotsUnavailableError as error:
        raise click.UsageError(f"--report: {error}") from error
    for option, folder in ("--output", request.output), ("--report", request.report):
        try:
            if folder:
                check_folder(folder)
        except OSError as error:
            raise click.UsageError(f"{option} {folder}: {error.strerror}") from error


def _read_all(request: Request, bad: BadRecords) -> list[LabelledDocument]:
    """All documents, without blank lines, and without those that clash with others."""
    from linesift.standoff import read_documents
    from linesift.validation import VALID, without_clashes

    found: list[LabelledDocument] = []
    for path in request.corpus_files:
        try:
            found += read_labelled(path, bad.report)
        except (*UNREADABLE, MissingExtraError) as error:
            bad.report(f"{path}: {getattr(error, 'strerror', None) or error}")
    if request.documents:
        try:
            found += read_documents(request.documents, request.labels_file, on_error=bad.report)
        except OSError as error:
            bad.report(f"{error.filename}: {error.strerror}")
    return scored(without_clashes(found, bad.report, request.holdout or VALID))


def _show_check(documents: Sequence[LabelledDocument]) -> None:
    """Print what there is to train on, and copies that folds must keep together."""
    from linesift.validation import copies_across_groups, counts_by_language

    click.echo(counts_by_language(documents))
    for copies in copies_across_groups(documents):
        click.echo(f"nearly the same, kept in one fold: {', '.join(document.place for document in copies)}")


def _train_and_write(request: Request, documents: Sequence[LabelledDocument]) -> None:
    """Train, measure, and write the bundle and the report."""
    from linesift.measured import Measured
    from linesift.provenance import about
    from linesift.report import document_errors, write_report, write_results

    chosen = [document for document in documents if request.split is None or document.split in ("", request.split)]
    trainable = [document for document in chosen if not document.is_challenge]
    _check_weights(request.weight, trainable)
    challenges = [document for document in documents if document.is_challenge]
    trainer = Trainer(request.root, request.features, request.noise_folder, request.training_options)
    measured = _held_out(request, trainer, trainable, challenges) if request.holdout else []
    trained = trainer.train(trainable, "training")
    measured.append(Measured("Cross-validation", trained.documents, trained.scores))
    facts = about(trained, [*request.files, request.noise_folder], request.training_options)
    try:
        write_results(trained.model, facts, measured, request.output)
        if request.report:
            write_report(trained.model, measured, request.report)
    except OSError as error:
        raise click.ClickException(f"{error.filename or request.output}: {error.strerror or error}") from error
    _show(measured[-1])
    for wrong in document_errors(trained):
        click.echo(wrong.with_text)
    click.echo(f"{request.output}: bundle, card (README.md) and report (report.md) written")


def _check_weights(weight: Iterable[str], documents: Sequence[LabelledDocument]) -> None:
    """Whether each row that has a weight is one of the documents'.

    :raises click.UsageError: if not.
    """
    known = {document.row for document in documents}
    unknown = sorted(set(weight) - known)
    if unknown:
        raise click.UsageError(
            f"--weight: no document of {', '.join(unknown)}; there are {', '.join(sorted(known)) or 'none'}"
        )


def _held_out(
    request: Request,
    trainer: Trainer,
    trainable: Sequence[LabelledDocument],
    challenges: Sequence[LabelledDocument],
) -> list[Measured]:
    """Train without a split and near-copies of its documents, and measure on it and on the challenges."""
    from linesift.measured import Measured
    from linesift.validation import without_near_copies

    held_out = [document for document in trainable if document.split == request.holdout]
    if not held_out:
        left_out = f", or --split {request.split} leaves them out" if request.split else ""
        raise click.UsageError(f"--holdout: no document has the split {request.holdout!r}{left_out}")
    others = [document for document in trainable if document.split != request.holdout]
    rest = without_near_copies(others, held_out)
    if len(rest) < len(others):
        click.echo(f"left out of the training that is measured: {len(others) - len(rest)} copies of held-out documents")
    model = trainer.train(rest, f"without {request.holdout}").model
    measured = []
    for title, gold in ((f"Held out: {request.holdout}", held_out), ("Challenges", challenges)):
        if gold:
            scores = model.scores([document.lines for document in gold], request.threads)
            measured.append(Measured(title, gold, scores))
            _show(measured[-1])
    return measured


def _show(part: Measured) -> None:
    from linesift.evaluation import format_table
    from linesift.report import HALF

    click.echo(f"{part.title}\n{format_table(part.table(HALF))}")
