"""linesift evaluate: precision, recall and F1 on labelled documents."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import click
import numpy as np

from linesift.cli.common import CONTEXT, BadRecords, InterruptibleCommand, load_model
from linesift.corpus import LabelledDocument
from linesift.evaluation import count_by, format_table
from linesift.extras import MissingExtraError
from linesift.features.buffer import Float
from linesift.label_formats import read_labelled
from linesift.model import MODES
from linesift.streams import UNREADABLE, open_bytes

FIELDS = tuple(
    field.name
    for field in fields(LabelledDocument)
    if field.name not in {"lines", "labels", "kinds", "numbers", "place"}
)


HELP = {
    "model": "A bundle; by default the one that ships.",
    "predictions": "Score these instead: rows of `id` and `noise`, P(noise) of each line.",
    "save_predictions": "Write such rows.",
    "split": "Only documents of this split.",
    "threshold": "Lines that score this or more are noise.",
    "mode": "Take the model's threshold of this mode instead.",
    "by": f"The rows of the table: fields of {', '.join(FIELDS)}.",
}
PATH = click.Path(path_type=Path)


@click.command(cls=InterruptibleCommand, context_settings=CONTEXT)
@click.argument("gold", nargs=-1, required=True, type=PATH)
@click.option("--model", "model_folder", type=PATH, help=HELP["model"])
@click.option("--predictions", type=PATH, help=HELP["predictions"])
@click.option("--save-predictions", type=PATH, help=HELP["save_predictions"])
@click.option("--split", help=HELP["split"])
@click.option("--threshold", type=click.FloatRange(0, 1), default=0.5, help=HELP["threshold"])
@click.option("--mode", type=click.Choice(MODES), show_default=False, help=HELP["mode"])
@click.option("--by", default="source,view", help=HELP["by"])
def evaluate(
    gold: tuple[Path, ...],
    model_folder: Path | None,
    predictions: Path | None,
    save_predictions: Path | None,
    split: str | None,
    threshold: float,
    mode: str | None,
    by: str,
) -> None:
    """Print precision, recall and F1 of both labels over the scored lines of GOLD, and macro F1, their mean.

    GOLD files are labelled documents: JSON Lines with `lines`, and `labels` with 1 for article, 0 for noise
    and null for lines that are not scored; or CSV, or Label Studio's JSON export, as linesift train reads them.
    """
    unknown = set(by.split(",")) - set(FIELDS)
    if unknown:
        raise click.UsageError(f"--by: no field {', '.join(sorted(unknown))}; there are {', '.join(FIELDS)}")
    if mode:
        threshold = load_model(model_folder).thresholds[mode]
    bad = BadRecords()
    documents = [document for path in gold for document in _read(path, bad) if split in (None, document.split)]
    if split and not documents and not bad.count:
        raise click.UsageError(f"--split: no document has the split {split!r}")
    if predictions or save_predictions:
        _check_ids(documents)
    if predictions:
        scores = _stored_scores(predictions, documents)
    else:
        scores = load_model(model_folder).scores([document.lines for document in documents])
    if save_predictions:
        rows = (
            {"id": document.id, "noise": [None if np.isnan(p) else float(p) for p in noise]}
            for document, noise in zip(documents, scores, strict=True)
        )
        try:
            save_predictions.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        except OSError as error:
            raise click.UsageError(f"--save-predictions {save_predictions}: {error.strerror}") from error
    click.echo(format_table(count_by(documents, scores, threshold, by.split(","))))
    sys.exit(bad.exit_code)


def _read(path: Path, bad: BadRecords) -> list[LabelledDocument]:
    try:
        return list(read_labelled(path, bad.report))
    except (*UNREADABLE, MissingExtraError) as error:
        bad.report(f"{path}: {getattr(error, 'strerror', None) or error}")
        return []


def _check_ids(documents: Sequence[LabelledDocument]) -> None:
    """Whether predictions, which are told apart by the ids of their documents, can be.

    :raises click.UsageError: if not.
    """
    first_of: dict[str, LabelledDocument] = {}
    for document in documents:
        first = first_of.setdefault(document.id, document)
        if first is not document:
            raise click.UsageError(
                f"{first.place} and {document.place} have the id {document.id!r}, by which predictions are told apart; "
                "give each row an `id` of its own, or score the files one at a time"
            )


def _stored_scores(path: Path, documents: list[LabelledDocument]) -> list[Float]:
    try:
        with open_bytes(path) as file:
            rows = [json.loads(line) for line in file if line.strip()]
        noise_of = {str(row["id"]): np.array(row["noise"], dtype=np.float64) for row in rows}
        if len(noise_of) < len(rows):
            raise ValueError("an id stands there twice")
    except (*UNREADABLE, MissingExtraError) as error:
        raise click.UsageError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise click.UsageError(f"{path}: expected rows of `id` and `noise`: {error}") from error
    for document in documents:
        if noise_of.get(document.id, np.zeros(0)).shape != (len(document.lines),):
            raise click.UsageError(f"{path}: no prediction for each line of {document.id}")
    return [noise_of[document.id] for document in documents]
