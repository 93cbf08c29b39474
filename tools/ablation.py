"""python -m tools.ablation CORPUS... [--share 0.33] [--weight SOURCE/VIEW=FACTOR ...] [--without NAME ...]

What each family of features, and each idea of the training, is worth: the model is trained on the split "train"
without it and measured on "valid" and the challenges. Prints a table in Markdown: macro F1 of every row, noise recall
and article recall of the challenges; in the first line with everything, below it the differences. To save time it
trains on a share of the groups: figures compare with each other only.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from linesift.boosting import BoostingOptions, fit_pass
from linesift.calibration import calibrate
from linesift.cli.common import GreedyCommand
from linesift.cli.train import parse_weights
from linesift.corpus import LabelledDocument, read_corpus, scored
from linesift.evaluation import Counts, count_by
from linesift.features.buffer import Float
from linesift.features.catalogue import Catalogue, read_catalogue
from linesift.features.lexicons import Lexicons, read_lexicons
from linesift.folds import assign_folds
from linesift.model import probability
from linesift.planting import PLANTED, plant, read_noise_lines
from linesift.pruning import without_function_words, without_weak_phrases
from linesift.training import FIRST_PLANTED_WEIGHT, SECOND_PLANTED_WEIGHT, fit_word_model
from linesift.training_lines import TrainingLines

ROOT = Path(__file__).resolve().parent.parent
HALF = 0.5
PLANTED_SHARE = 0.3
NOTHING_LEFT_OUT = "nothing"
NO_WEIGHT = 1e-9  # of lines that are left out


@dataclass(frozen=True)
class Tables:
    """All features of the first pass, computed once for all trainings."""

    lines: TrainingLines
    test: TrainingLines
    lexicons: Lexicons
    catalogue: Catalogue
    first: NDArray[np.float32]
    test_first: NDArray[np.float32]


@dataclass(frozen=True)
class Left:
    """What is left out of one training."""

    name: str
    families: frozenset[str] = frozenset()
    planted: bool = True
    second_pass: bool = True
    row_weights: bool = True


def trainings(catalogue: Catalogue) -> list[Left]:
    """All of the features, then without each family, then without each idea."""
    families = sorted({feature.family for feature in catalogue.features} - {"score", "article_vocabulary"})
    return [
        Left(NOTHING_LEFT_OUT),
        *(Left(f"features: {family}", frozenset([family])) for family in families),
        Left("features: all context", frozenset({"position", "neighbours", "windows", "prose", "openers", "cut_off"})),
        Left("features: article_vocabulary", frozenset(["article_vocabulary"])),
        Left("planted documents", planted=False),
        Left("second pass", second_pass=False),
        Left("weights of rows", row_weights=False),
    ]


@click.command(cls=GreedyCommand)
@click.argument("corpus", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--share", default=0.33, help="Of the groups to train on.")
@click.option("--weight", multiple=True, metavar="SOURCE/VIEW=FACTOR...", callback=parse_weights)
@click.option("--without", multiple=True, metavar="NAME...", help="Leave out these alone, one at a time.")
def main(corpus: tuple[Path, ...], share: float, weight: dict[str, float], without: tuple[str, ...]) -> None:
    """Train and measure with everything, then once for each thing that can be left out."""
    tables = _tables([document for path in corpus for document in read_corpus(path)], share)
    before: dict[str, float] = {}
    for left in _chosen(trainings(tables.catalogue), without):
        figures = _measure(tables, left, weight if left.row_weights else {})
        if not before:
            click.echo("| without | mean of rows | " + " | ".join(figures) + " |")
            click.echo("|---|---:|" + "---:|" * len(figures))
        before = before or figures
        rows = [figure for name, figure in figures.items() if not name.startswith("challenge")]
        cells = [f"{figure:.3f}" if left.name == NOTHING_LEFT_OUT else f"{figure - before[name]:+.3f}"
                 for name, figure in figures.items()]  # fmt: skip
        click.echo(f"| {left.name} | {np.mean(rows):.4f} | " + " | ".join(cells) + " |")


def _chosen(all_of_them: Sequence[Left], names: Sequence[str]) -> list[Left]:
    """The trainings of these names, after the one that leaves out nothing; all of them without names.

    :raises click.UsageError: if there is none of a name.
    """
    unknown = set(names) - {left.name for left in all_of_them}
    if unknown:
        known = ", ".join(left.name for left in all_of_them)
        raise click.UsageError(f"--without {', '.join(sorted(unknown))}: there are {known}")
    return [left for left in all_of_them if not names or left.name in (NOTHING_LEFT_OUT, *names)]


def _tables(documents: Sequence[LabelledDocument], share: float) -> Tables:
    groups = sorted({document.group for document in documents})
    chosen = set(np.random.default_rng(0).permutation(groups)[: round(share * len(groups))].tolist())
    train = scored(d for d in documents if d.split == "train" and not d.is_challenge and d.group in chosen)
    test = scored(d for d in documents if d.split == "valid" or d.is_challenge)
    fold_of = assign_folds([document.group for document in train], BoostingOptions().folds, 0)
    noise_lines = read_noise_lines(ROOT / "data" / "noise")
    planted, planted_folds = plant(train, fold_of, noise_lines, PLANTED_SHARE, 0)
    lines = TrainingLines([*train, *planted], np.concatenate([fold_of, planted_folds]))
    test_lines = TrainingLines(test, np.zeros(len(test), dtype=np.int64))
    catalogue = read_catalogue(ROOT / "features" / "catalogue.tsv")
    weight = lines.weight({f"{PLANTED}/": FIRST_PLANTED_WEIGHT})
    lexicons = without_function_words(read_lexicons(ROOT / "features" / "lexicons"))
    lexicons = without_weak_phrases(lexicons, lines, weight)
    word_model, word_score = fit_word_model(lines, weight, 0)
    test_score = np.concatenate([word_model.score(batch) for batch, _ in test_lines.batches()])
    first = lines.table(lexicons, catalogue.first_pass, lambda e, rows: e.first_pass(word_score[rows]))
    test_first = test_lines.table(lexicons, catalogue.first_pass, lambda e, rows: e.first_pass(test_score[rows]))
    return Tables(lines, test_lines, lexicons, catalogue, first, test_first)


def _kept(tables: Tables, names: Sequence[str], families: Collection[str]) -> list[int]:
    family_of = {feature.name: feature.family for feature in tables.catalogue.features}
    return [place for place, name in enumerate(names) if family_of[name] not in families]


def _measure(tables: Tables, left: Left, row_weights: dict[str, float]) -> dict[str, float]:
    """Macro F1 of each row of the test documents; of challenges the recall of both labels."""
    lines, options = tables.lines, BoostingOptions()
    first_weight, second_weight = (
        lines.weight({f"{PLANTED}/": planted if left.planted else NO_WEIGHT, **row_weights})
        for planted in (FIRST_PLANTED_WEIGHT, SECOND_PLANTED_WEIGHT)
    )
    columns = _kept(tables, tables.catalogue.first_pass, left.families)
    table, test_table = (np.ascontiguousarray(t[:, columns]) for t in (tables.first, tables.test_first))
    first, raw_first = fit_pass(lines, first_weight, table, options.first_trees, options, lambda rounds: None)
    test_raw = first.log_odds(test_table, options.threads)
    if not left.second_pass:
        return _figures(tables, probability(test_raw))
    columns = _kept(tables, tables.catalogue.second_pass, left.families)
    table, test_table = (
        np.hstack([own, _second(tables, of, raw)[:, columns]])
        for own, of, raw in ((table, lines, raw_first), (test_table, tables.test, test_raw))
    )
    second, raw_second = fit_pass(lines, second_weight, table, options.second_trees, options, lambda rounds: None)
    chosen = lines.scored & np.array([row != f"{PLANTED}/" for row in lines.rows])[lines.row]
    calibration = calibrate(raw_first[chosen], raw_second[chosen], lines.noise[chosen] == 1, second_weight[chosen])
    return _figures(tables, calibration(test_raw, second.log_odds(test_table, options.threads)))


def _second(tables: Tables, lines: TrainingLines, raw: Float) -> NDArray[np.float32]:
    noise = probability(raw).astype(np.float32)
    return lines.table(tables.lexicons, tables.catalogue.second_pass, lambda e, rows: e.second_pass(noise[rows]))


def _figures(tables: Tables, scores: Float) -> dict[str, float]:
    by_document = np.split(scores, np.cumsum(tables.test.sizes)[:-1])
    counts: dict[str, Counts] = count_by(tables.test.documents, by_document, HALF)
    figures: dict[str, float] = {}
    for row, found in counts.items():
        if row.startswith("challenge"):
            figures |= {f"{row} noise recall": found.noise[1], f"{row} article recall": found.article[1]}
        else:
            figures[row] = found.macro_f1
    return figures


if __name__ == "__main__":
    main()
