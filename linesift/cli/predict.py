"""linesift predict: tag documents from files or standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from linesift.cli.common import BadRecords, load_model
from linesift.html import PROLOGUE, as_html
from linesift.model import BATCH_CHARS, BATCH_LINES, MODES
from linesift.records import STDIN, BadRecord, Record, read_records
from linesift.writers import Keep, as_json_row, as_text, as_tsv, encode

if TYPE_CHECKING:
    from linesift.classifier import LineClassifier
    from linesift.documents import TaggedDocument

FORMATS = ("text", "tsv", "jsonl", "html")
REASONS_SHOWN = 3

EXAMPLES = """
\b
Examples:
  linesift predict page.txt                        the article, as it stood
  linesift predict --format tsv page.txt           label, score and text of each line
  linesift predict --keep noise page.txt           what would be removed
  zcat crawl.jsonl.gz | linesift predict --format jsonl --jobs 2 - > tagged.jsonl
"""


HELP = {
    "output_format": "text: the kept lines. tsv: label, score, line. jsonl: rows with labels, scores. html: a page.",
    "keep": "Which lines, with --format text.",
    "mode": "careful: lose no article text. balanced: best F1. strict: let no noise through.",
    "model": "A bundle; by default the one that ships.",
    "output": "A file, which takes its name when all is written; by default standard output.",
    "jobs": "Processes.",
    "text_field": "Field of the JSON rows that holds the text.",
    "explain": "Add the reasons for each score (tsv and jsonl).",
    "input_format": "auto: by the file's name; standard input by its first line.",
}


@click.command(epilog=EXAMPLES, context_settings={"show_default": True})
@click.argument("inputs", nargs=-1, metavar="[INPUT ...]")
@click.option("--format", "output_format", type=click.Choice(FORMATS), default="text", help=HELP["output_format"])
@click.option("--keep", type=click.Choice(["article", "noise", "all"]), default="article", help=HELP["keep"])
@click.option("--mode", type=click.Choice(MODES), default="balanced", help=HELP["mode"])
@click.option("--model", "model_folder", type=click.Path(path_type=Path), help=HELP["model"])
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help=HELP["output"])
@click.option("--jobs", type=click.IntRange(1), default=1, help=HELP["jobs"])
@click.option("--text-field", metavar="NAME", help=HELP["text_field"])
@click.option("--explain", is_flag=True, help=HELP["explain"])
@click.option("--input-format", type=click.Choice(["auto", "text", "jsonl"]), default="auto", help=HELP["input_format"])
def predict(
    inputs: tuple[str, ...],
    output_format: str,
    keep: Keep,
    mode: str,
    model_folder: Path | None,
    output: Path | None,
    jobs: int,
    text_field: str | None,
    explain: bool,
    input_format: str,
) -> None:
    """Tag the lines of documents as article or noise.

    INPUT is a text file, a JSON Lines file whose rows hold `text` or `lines`, or - for standard input
    (the default). Files may be compressed with gzip. Exit code 0: all well; 1: some records were bad,
    each is named and the rest is written; 2: wrong usage.
    """
    if explain and output_format not in {"tsv", "jsonl"}:
        raise click.UsageError("--explain needs --format tsv or jsonl")
    model = load_model(model_folder, mode)
    bad = BadRecords()
    records = _good_records(read_records(inputs or (STDIN,), input_format, text_field), bad)
    render = partial(_render, model, output_format=output_format, keep=keep, explain=explain)
    try:
        with _opened(output) as file:
            if output_format == "html":
                file.write(encode(PROLOGUE))
            for content in _in_order(render, _grouped(records), jobs):
                file.write(content)
    except BrokenPipeError:
        # The reader has what it wanted; nothing is left to flush into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise click.ClickException(f"{output or 'standard output'}: {error.strerror}") from error
    sys.exit(bad.exit_code)


def _good_records(records: Iterable[Record | BadRecord], bad: BadRecords) -> Iterator[Record]:
    for record in records:
        if isinstance(record, BadRecord):
            bad.report(record)
        else:
            yield record


def _grouped(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Groups that are worth one batch of the model."""
    group: list[Record] = []
    n_lines = n_chars = 0
    for record in records:
        group.append(record)
        n_lines += len(record.lines)
        n_chars += sum(map(len, record.lines))
        if n_lines >= BATCH_LINES or n_chars >= BATCH_CHARS:
            yield group
            group, n_lines, n_chars = [], 0, 0
    if group:
        yield group


def _render(model: LineClassifier, group: list[Record], output_format: str, keep: Keep, explain: bool) -> bytes:
    """The output of a group of records."""
    pages = model.tag_all([record.lines for record in group])
    rendered = []
    for record, page in zip(group, pages, strict=True):
        reasons = _reasons(model, page) if explain else None
        if output_format == "jsonl":
            rendered.append(as_json_row(page, record.row, reasons))
        elif output_format == "html":
            rendered.append(as_html(page, record.name))
        else:
            rendered.append(as_tsv(page, reasons) if output_format == "tsv" else as_text(page, keep))
    return encode("".join(rendered))


def _reasons(model: LineClassifier, page: TaggedDocument) -> list[str]:
    """The strongest reasons for each line's score, "" on blank lines."""
    from linesift.reasons import explain_all

    numbers = [line.number for line in page.lines if line.label]
    found = explain_all(model.model_, [line.text for line in page.lines], numbers) if numbers else []
    texts = [""] * len(page.lines)
    for number, reasons in zip(numbers, found, strict=True):
        texts[number - 1] = "; ".join(reason.text for reason in reasons[:REASONS_SHOWN]).replace("\t", " ")
    return texts


def _in_order(render: partial[bytes], groups: Iterable[list[Record]], jobs: int) -> Iterator[bytes]:
    """The outputs of the groups in their order; a few groups a process are held at a time."""
    if jobs == 1:
        yield from map(render, groups)
        return
    from joblib import Parallel, delayed

    yield from Parallel(n_jobs=jobs, return_as="generator", pre_dispatch=2 * jobs)(
        delayed(render)(group) for group in groups
    )


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[bytes]]:
    """Standard output, or a temporary file that takes the output's name when all is written."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    temporary = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            yield file
        temporary.replace(output)
    finally:
        temporary.unlink(missing_ok=True)
