"""linesift explain: why the lines of a document are tagged as they are."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from linesift.cli.common import CONTEXT, BadRecords, InterruptibleCommand, checked_encoding, load_model
from linesift.documents import TaggedDocument, visible_numbers
from linesift.inputs import find_inputs
from linesift.model import MODES, Model
from linesift.readers import INPUT_FORMATS
from linesift.reasons import Reason, explain_all, explain_features
from linesift.records import BadRecord, Item, Note, ReadOptions, Record, read_records

SMALLEST_SHOWN = 0.01  # log-odds; less moves no score by more than a quarter of a percent

EXAMPLES = """
\b
Examples:
  linesift explain page.txt --line 9               why line 9 is tagged as it is
  linesift explain page.txt --line 9 --line 21     the same for two lines
  linesift explain page.txt                        for all lines
  linesift explain crawl.jsonl --document 3        for the third row
  linesift explain page.txt --line 9 --features    the contribution of every single feature
"""

HELP = {
    "lines": "Number of a line, from 1; may be given again. By default all lines.",
    "document": "Which document of FILE, from 1.",
    "features": "Every feature by itself, in the words of the catalogue, instead of topics.",
    "mode": "Whose threshold decides: careful, balanced or strict.",
    "threshold": "Lines that score this or more are noise, whatever the mode.",
    "model": "A bundle; by default the one that ships.",
    "text_field": "Field of the JSON rows that holds the text.",
    "encoding": "Of FILE, such as cp1252; by default UTF-8, or what a text file looks like.",
    "input_format": "auto: by the file's name, or how it begins.",
}


@click.command(cls=InterruptibleCommand, epilog=EXAMPLES, context_settings=CONTEXT)
@click.argument("file", metavar="FILE")
@click.option("--line", "numbers", type=int, multiple=True, metavar="N", help=HELP["lines"])
@click.option("--document", type=click.IntRange(1), default=1, metavar="N", help=HELP["document"])
@click.option("--features", is_flag=True, help=HELP["features"])
@click.option("--mode", type=click.Choice(MODES), default="balanced", help=HELP["mode"])
@click.option("--threshold", type=click.FloatRange(0, 1), show_default=False, help=HELP["threshold"])
@click.option("--model", "model_folder", type=click.Path(path_type=Path), help=HELP["model"])
@click.option("--text-field", metavar="NAME", help=HELP["text_field"])
@click.option("--input-format", type=click.Choice(INPUT_FORMATS), default="auto", help=HELP["input_format"])
@click.option("--encoding", metavar="NAME", help=HELP["encoding"])
def explain(
    file: str,
    numbers: tuple[int, ...],
    document: int,
    features: bool,
    mode: str,
    threshold: float | None,
    model_folder: Path | None,
    text_field: str | None,
    input_format: str,
    encoding: str | None,
) -> None:
    """Say why lines of FILE are tagged as they are.

    FILE is a text file, a JSON Lines file, or - for standard input. Each reason stands with its
    contribution to the log-odds of noise: above 0 it speaks for noise, below 0 for article. Exit code 0:
    all well; 1: FILE cannot be read; 2: wrong usage, such as a line that FILE does not have.
    """
    model = load_model(model_folder)
    bad = BadRecords()
    items = read_records(find_inputs((file,)), ReadOptions(input_format, text_field, checked_encoding(encoding)))
    record = _document(items, document)
    if record is None:
        raise click.UsageError(f"--document {document}: {file} holds fewer documents")
    if isinstance(record, BadRecord):
        bad.report(record)
    else:
        (noise,) = model.scores([record.lines])
        chosen = model.thresholds[mode] if threshold is None else threshold
        page = TaggedDocument.from_scores(record.lines, noise, chosen)
        for block in _explained(model, page, _checked(record, numbers), features, chosen):
            click.echo(block)
    sys.exit(bad.exit_code)


def _document(items: Iterable[Item], number: int) -> Record | BadRecord | None:
    """The document of a number, or why the input cannot be read as far as that; None if it holds fewer."""
    seen = 0
    for item in items:
        if isinstance(item, Note):
            click.echo(f"linesift: {item}", err=True)
        elif isinstance(item, Record | BadRecord):
            seen += 1
            if seen == number or (isinstance(item, BadRecord) and item.ends_input):
                return item
    return None


def _checked(record: Record, numbers: tuple[int, ...]) -> list[int]:
    """The numbers of the lines asked for, by default all that are not blank."""
    from linesift.reasons.explain import check_number

    for number in numbers:
        try:
            check_number(record.lines, number)
        except (IndexError, ValueError) as error:
            raise click.UsageError(f"--line {number}: {record.name}: {error}") from error
    return list(numbers) or visible_numbers(record.lines)


def _explained(
    model: Model, page: TaggedDocument, numbers: list[int], features: bool, threshold: float
) -> Iterator[str]:
    lines = [line.text for line in page.lines]
    if features:
        found = [explain_features(model, lines, number) for number in numbers]
    else:
        found = explain_all(model, lines, numbers)
    for number, reasons in zip(numbers, found, strict=True):
        line = page.lines[number - 1]
        yield f"line {number}: {line.label}, score {line.score:.2f} (noise from {threshold:g})"
        yield f"  {' '.join(line.text.split())}"
        yield from _told("for noise", [reason for reason in reasons if reason.contribution > 0])
        yield from _told("for article", [reason for reason in reasons if reason.contribution < 0])
        yield ""


def _told(title: str, reasons: list[Reason]) -> Iterator[str]:
    told = [reason for reason in reasons if abs(reason.contribution) >= SMALLEST_SHOWN]
    if told:
        yield f"  {title}"
    for reason in told:
        yield f"    {reason.contribution:+.2f}  {reason.text}"
