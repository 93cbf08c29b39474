"""linesift predict: tag documents from files or standard input."""

from __future__ import annotations

import os
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from linesift import __version__
from linesift.cli.common import BadRecords, load_model
from linesift.documents import TaggedDocument
from linesift.html import PROLOGUE, as_html
from linesift.label_formats.label_studio import TaskWriter
from linesift.model import BATCH_CHARS, BATCH_LINES, MODES
from linesift.records import STDIN, BadRecord, Record, read_records
from linesift.writers import Keep, as_json_row, as_text, as_tsv, encode

if TYPE_CHECKING:
    from linesift.classifier import LineClassifier

Scored = tuple[list[float | None], list[str] | None]

FORMATS = ("text", "tsv", "jsonl", "html", "label-studio")
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
    "output_format": "text: the kept lines. tsv: label, score, line. jsonl: rows with labels, scores. html: a page. "
    "label-studio: tasks to correct the labels there.",
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
    threshold = load_model(model_folder, mode).threshold
    bad = BadRecords()
    records = _good_records(read_records(inputs or (STDIN,), input_format, text_field), bad)
    score = partial(_score, model_folder, mode, explain)
    tasks = TaskWriter(f"linesift {__version__}")
    try:
        with _opened(output) as file:
            if output_format == "html":
                file.write(encode(PROLOGUE))
            for group, results in _in_order(score, _grouped(records), jobs):
                for record, (scores, reasons) in zip(group, results, strict=True):
                    page = TaggedDocument.from_scores(record.lines, scores, threshold)
                    file.write(_rendered(record, page, reasons, output_format, keep, tasks, bad))
            if output_format == "label-studio":
                file.write(encode(tasks.end()))
    except BrokenPipeError:
        # The reader has what it wanted; nothing is left to flush into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise click.ClickException(f"{output or 'standard output'}: {error.strerror or error}") from error
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
        n_lines += len(record.lines) + 1
        n_chars += sum(map(len, record.lines))
        if n_lines >= BATCH_LINES or n_chars >= BATCH_CHARS:
            yield group
            group, n_lines, n_chars = [], 0, 0
    if group:
        yield group


@cache
def _model(folder: Path | None, mode: str) -> LineClassifier:
    """The model, loaded once in each process."""
    return load_model(folder, mode)


def _score(folder: Path | None, mode: str, explain: bool, documents: list[list[str]]) -> list[Scored]:
    """The scores of each document, None on blank lines, and the reasons if they are asked for."""
    model = _model(folder, mode)
    pages = model.tag_all(documents)
    return [(page.scores, _reasons(model, page) if explain else None) for page in pages]


def _reasons(model: LineClassifier, page: TaggedDocument) -> list[str]:
    """The strongest reasons for each line's score, "" on blank lines."""
    from linesift.reasons import explain_all

    numbers = [line.number for line in page.lines if line.label]
    found = explain_all(model.model_, [line.text for line in page.lines], numbers) if numbers else []
    texts = [""] * len(page.lines)
    for number, reasons in zip(numbers, found, strict=True):
        texts[number - 1] = "; ".join(reason.text for reason in reasons[:REASONS_SHOWN]).replace("\t", " ")
    return texts


def _in_order(
    score: Callable[[list[list[str]]], list[Scored]], groups: Iterable[list[Record]], jobs: int
) -> Iterator[tuple[list[Record], list[Scored]]]:
    """The groups in their order with their scores; a few groups a process are held at a time."""
    if jobs == 1:
        for group in groups:
            yield group, score([record.lines for record in group])
        return
    from joblib import Parallel, delayed

    # What joblib says when the reader closes the pipe while tasks are under way; nobody wants their results.
    warnings.filterwarnings("ignore", category=UserWarning, module="joblib")
    waiting: deque[list[Record]] = deque()

    def tasks() -> Iterator[object]:
        for group in groups:
            waiting.append(group)
            yield delayed(score)([record.lines for record in group])

    for results in Parallel(n_jobs=jobs, return_as="generator", pre_dispatch=2 * jobs)(tasks()):
        yield waiting.popleft(), results


def _rendered(
    record: Record,
    page: TaggedDocument,
    reasons: list[str] | None,
    output_format: str,
    keep: Keep,
    tasks: TaskWriter,
    bad: BadRecords,
) -> bytes:
    """The output of one record; nothing, and a bad record, if it cannot be written as JSON."""
    if output_format == "tsv":
        return encode(as_tsv(page, reasons))
    if output_format == "html":
        return encode(as_html(page, record.name))
    if output_format == "text":
        return encode(as_text(page, keep))
    try:
        if output_format == "label-studio":
            return encode(tasks.task(page, record.row))
        return encode(as_json_row(page, record.row, reasons))
    except (ValueError, RecursionError) as error:
        bad.report(BadRecord(record.name, f"cannot be written as JSON: {error}"))
        return b""


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[bytes]]:
    """Standard output, a device or pipe, or a temporary file that takes the output's name when all is written."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = output.resolve()
    replaces = target.is_file() or not target.exists()
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part") if replaces else target
    try:
        file = temporary.open("wb")
    except OSError as error:
        raise click.UsageError(f"--output {output}: {error.strerror}") from error
    try:
        with file:
            yield file
        if replaces:
            temporary.replace(target)
    finally:
        if replaces:
            temporary.unlink(missing_ok=True)
