"""Training as the command does it: what it needs from files, and a bar that shows how far it is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linesift.cli.common import load_model
from linesift.corpus import LabelledDocument

if TYPE_CHECKING:
    from linesift.features.catalogue import Catalogue
    from linesift.features.lexicons import Lexicons
    from linesift.planting import NoiseLine
    from linesift.training import Trained, TrainingOptions

SECONDS_BETWEEN_LOG_LINES = 15.0


class Trainer:
    """Trains behind a progress bar.

    :param root: where features/ may stand.
    :param features: lexicons/ and catalogue.tsv; None: those of the root, or else of the bundle that ships.
    :param noise: the lines to plant.
    :raises click.UsageError: if one of the folders cannot be read.
    """

    def __init__(self, root: Path, features: Path | None, noise: Path, options: TrainingOptions) -> None:
        self.lexicons, self.catalogue = _features(features, root)
        self.noise_lines = _noise_lines(noise)
        self.options = options

    def train(self, documents: Sequence[LabelledDocument], title: str) -> Trained:
        """Train a model; the title stands before the bar of boosting rounds.

        :raises click.UsageError: if the documents are too few, or of one label.
        """
        from tqdm import tqdm

        from linesift.training import train as train_model

        interval = 0.2 if sys.stderr.isatty() else SECONDS_BETWEEN_LOG_LINES
        rounds = self.options.boosting.rounds
        with tqdm(total=rounds, desc=title, unit="round", file=sys.stderr, mininterval=interval) as bar:

            def progress(stage: str, rounds: int) -> None:
                bar.set_postfix_str(stage, refresh=False)
                bar.update(rounds)

            try:
                return train_model(documents, self.lexicons, self.catalogue, self.noise_lines, self.options, progress)
            except ValueError as error:
                raise click.UsageError(f"cannot train: {error}") from error


def _features(folder: Path | None, root: Path) -> tuple[Lexicons, Catalogue]:
    """The lexicons and the catalogue of a folder, or those frozen in the bundle that ships."""
    from linesift.features.catalogue import read_catalogue
    from linesift.features.lexicons import read_lexicons

    folder = folder or root / "features"
    if not (folder / "catalogue.tsv").is_file():
        model = load_model(None)
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
