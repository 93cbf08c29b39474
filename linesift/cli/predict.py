"""linesift predict: tag documents from files or standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import click

import linesift
from linesift.bundle import sha256
from linesift.cli.common import CONTEXT, InterruptibleCommand, check_memory, checked_encoding, load_model
from linesift.cli.place import Place
from linesift.cli.run import Run
from linesift.extras import MissingExtraError
from linesift.guard import MAX_REMOVED, ON_EXCESS, Guard, OnExcess
from linesift.inputs import STDIN
from linesift.model import MODES
from linesift.outputs import SUFFIX_OF_FORMAT
from linesift.parallel import WorkerError
from linesift.processing import Process
from linesift.readers import INPUT_FORMATS
from linesift.records import ReadOptions, UnparsedItem, read_unparsed
from linesift.rendering import OutputFormat, WriteOptions
from linesift.resume import Settings, fingerprint
from linesift.rules import DROP, KEEP, Rule, RuleError, check, read_rules
from linesift.summary import progress
from linesift.tagging import Explain, TagOptions
from linesift.writers import Keep

EXAMPLES = """
\b
Examples:
  linesift predict page.txt                        the article, as it stood
  linesift predict --format tsv page.txt           label, score and text of each line
  linesift predict --keep noise page.txt           what would be removed
  linesift predict --format jsonl --output tagged.jsonl.zst CC-MAIN.warc.wet.gz
  linesift predict --output clean/ --removed removed/ --resume corpus/
  linesift predict --drop-pattern '^(?i)share' --on-excess keep page.txt
  zcat crawl.jsonl.gz | linesift predict --format jsonl --jobs 2 - > tagged.jsonl

docs/predict.md describes every option.
"""

HELP = {
    "output_format": "text: the kept lines. tsv: label, score, line. jsonl, parquet: rows with labels, scores. "
    "html: a page. label-studio: tasks to correct the labels there.",
    "keep": "Which lines, with --format text.",
    "mode": "careful: lose no article text. balanced: best F1. strict: let no noise through.",
    "threshold": "Lines that score this or more are noise, whatever the mode.",
    "model": "A bundle; by default the one that ships.",
    "output": "A file, which takes its name when all is written; or a folder (it exists, or the name ends in /), "
    "which gets a file for each input. By default standard output.",
    "removed": "Write what is taken out, with score and reason, as JSON Lines: a file, or a folder if --output is one.",
    "resume": "Go on where a run into the folder --output was stopped.",
    "jobs": "Processes.",
    "text_field": "Field of the rows that holds the text.",
    "explain": "Add the reasons for each score (tsv, jsonl and parquet).",
    "input_format": "auto: by the file's name, or how it begins.",
    "encoding": "Of the input, such as cp1252; by default UTF-8, or what a text file looks like.",
    "keep_pattern": "Lines in which this is found always stay (RE2 syntax, which cannot backtrack).",
    "drop_pattern": "Lines in which this is found always go, before the model sees them; --keep-pattern goes before.",
    "rules": "A file of such patterns: `keep PATTERN` or `drop PATTERN` on each line.",
    "max_removed": "A document that would lose more than this share of its words is suspicious.",
    "on_excess": "What is done with suspicious documents: flag them only, keep all lines, or drop the document.",
    "site_memory": "What `linesift sites build` counted: lines that a site repeats are noise more often.",
    "site_field": "Field of the rows that holds the site or an address of it; by default `domain`, or else `url`.",
    "quiet": "Say nothing but errors and bad records.",
    "verbose": "Name each input that is done.",
}
PATH = click.Path(path_type=Path)


@click.command(cls=InterruptibleCommand, epilog=EXAMPLES, context_settings=CONTEXT)
@click.argument("inputs", nargs=-1, metavar="[INPUT ...]", type=click.Path(allow_dash=True))
@click.option(
    "--format", "output_format", type=click.Choice(list(SUFFIX_OF_FORMAT)), default="text", help=HELP["output_format"]
)
@click.option("--keep", type=click.Choice(["article", "noise", "all"]), default="article", help=HELP["keep"])
@click.option("--mode", type=click.Choice(MODES), default="balanced", help=HELP["mode"])
@click.option("--threshold", type=click.FloatRange(0, 1), show_default=False, help=HELP["threshold"])
@click.option("--model", "model_folder", type=PATH, help=HELP["model"])
@click.option("-o", "--output", type=click.Path(), metavar="PATH", help=HELP["output"])
@click.option("--removed", type=PATH, help=HELP["removed"])
@click.option("--resume", is_flag=True, help=HELP["resume"])
@click.option("--jobs", type=click.IntRange(1), default=1, help=HELP["jobs"])
@click.option("--text-field", metavar="NAME", help=HELP["text_field"])
@click.option("--explain", is_flag=True, help=HELP["explain"])
@click.option("--input-format", type=click.Choice(INPUT_FORMATS), default="auto", help=HELP["input_format"])
@click.option("--encoding", metavar="NAME", help=HELP["encoding"])
@click.option("--keep-pattern", metavar="REGEX", multiple=True, help=HELP["keep_pattern"])
@click.option("--drop-pattern", metavar="REGEX", multiple=True, help=HELP["drop_pattern"])
@click.option("--rules", "rules_file", type=PATH, help=HELP["rules"])
@click.option("--max-removed", type=click.FloatRange(0, 1), default=MAX_REMOVED, help=HELP["max_removed"])
@click.option("--on-excess", type=click.Choice(ON_EXCESS), default="flag", help=HELP["on_excess"])
@click.option("--site-memory", metavar="FILE", type=PATH, help=HELP["site_memory"])
@click.option("--site-field", metavar="NAME", help=HELP["site_field"])
@click.option("-q", "--quiet", is_flag=True, help=HELP["quiet"])
@click.option("-v", "--verbose", is_flag=True, help=HELP["verbose"])
def predict(
    inputs: tuple[str, ...],
    output_format: OutputFormat,
    keep: Keep,
    mode: str,
    threshold: float | None,
    model_folder: Path | None,
    output: str | None,
    removed: Path | None,
    resume: bool,
    jobs: int,
    text_field: str | None,
    explain: bool,
    input_format: str,
    encoding: str | None,
    keep_pattern: tuple[str, ...],
    drop_pattern: tuple[str, ...],
    rules_file: Path | None,
    max_removed: float,
    on_excess: OnExcess,
    site_memory: Path | None,
    site_field: str | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Tag the lines of documents as article or noise.

    INPUT is a text file, a file of rows (JSON Lines, Parquet) that hold `text` or `lines`, a WET file of Common
    Crawl, a folder or a pattern of such files, or - for standard input (the default). Files may be compressed with
    gzip, bzip2, xz or Zstandard. Exit code 0: all well; 1: some records were bad, each is named and the rest is
    written; 2: wrong usage.
    """
    reading = ReadOptions(input_format, text_field, checked_encoding(encoding))
    writing = WriteOptions(output_format, keep, explain)
    rules = _rules(keep_pattern, drop_pattern, rules_file)
    guard = Guard(max_removed, on_excess)
    shows_reasons = explain or output_format == "html"
    explained: Explain = "all" if shows_reasons else "noise" if removed else "none"
    place = Place(output, removed, resume)
    place.check(writing)
    thresholds = load_model(model_folder).thresholds
    chosen = thresholds[mode] if threshold is None else threshold
    check_memory(site_memory)
    tagging = TagOptions(model_folder, chosen, rules, explained, site_memory)
    writing = replace(writing, thresholds=thresholds, threshold=chosen)
    process = Process(reading, tagging, guard, writing, removed is not None, site_field)
    settings = _settings(reading, writing, tagging, guard, removed, site_field)
    outputs, found = place.open(inputs or (STDIN,), writing, settings)
    with progress(quiet) as bar:
        run = Run(outputs, bar, quiet, verbose)
        _tag_all(run, read_unparsed(found, reading), process, jobs, place)
    if verbose or not (quiet or (output is None and sys.stdout.isatty())):
        click.echo(f"linesift: {run.summary}", err=True)
    sys.exit(run.bad.exit_code)


def _tag_all(run: Run, items: Iterable[UnparsedItem], process: Process, jobs: int, place: Place) -> None:
    """Tag and write all documents; what was not finished is not left behind.

    :raises click.ClickException: if they cannot be written, or a process was killed.
    """
    try:
        run.tag(items, process, jobs)
        run.outputs.commit()
    except BrokenPipeError:
        # The reader has what it wanted; nothing is left to flush into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(run.bad.exit_code)
    except OSError as error:
        where = error.filename or place.output or "standard output"
        raise click.ClickException(f"{where}: {error.strerror or error}") from error
    except WorkerError as error:
        raise click.ClickException(f"{error}; try fewer --jobs{place.advice}") from error
    finally:
        run.outputs.discard()


def _rules(keep: Sequence[str], drop: Sequence[str], path: Path | None) -> tuple[Rule, ...]:
    """The rules of the options and of the file, or the usage error that says what is wrong with them."""
    given = [*(Rule(KEEP, pattern) for pattern in keep), *(Rule(DROP, pattern) for pattern in drop)]
    try:
        for rule in given:
            check(rule, f"--{rule.action}-pattern")
        return (*given, *(read_rules(path) if path else ()))
    except (RuleError, MissingExtraError) as error:
        raise click.UsageError(str(error)) from error


def _settings(
    reading: ReadOptions,
    writing: WriteOptions,
    tagging: TagOptions,
    guard: Guard,
    removed: Path | None,
    site_field: str | None,
) -> Settings:
    """All that decides what is written, for a later run that goes on with this one."""
    return {
        "linesift": linesift.__version__,
        "model": fingerprint(tagging.model),
        "--mode or --threshold": f"{tagging.threshold:g}",
        "rules": "; ".join(map(str, tagging.rules)),
        "--format": writing.output_format,
        "--keep": writing.keep,
        "--explain": str(writing.explain),
        "--removed": str(removed or ""),
        "--input-format": reading.input_format,
        "--text-field": reading.text_field or "",
        "--encoding": reading.encoding or "",
        "--max-removed": str(guard.max_removed),
        "--on-excess": guard.on_excess,
        "--site-memory": sha256(tagging.memory.read_bytes()) if tagging.memory else "",
        "--site-field": site_field or "",
    }
