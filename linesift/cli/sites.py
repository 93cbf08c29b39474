"""linesift sites: count the lines that the documents of a site share, for linesift predict --site-memory."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from linesift.cli.common import BadRecords, InterruptibleCommand, check_overwriting, checked_encoding
from linesift.inputs import STDIN, find_inputs
from linesift.model import batched_by
from linesift.readers import INPUT_FORMATS
from linesift.records import BadRecord, Item, ReadOptions, Record, lines_of, read_records
from linesift.site_memory import BITS, FEWEST_BITS, MOST_BITS, SiteMemory, SiteMemoryError, site_of_row

HIGH_FALSE_SHARE = 0.01
PATH = click.Path(path_type=Path)
OUTPUT = click.option("-o", "--output", type=PATH, required=True, help="The file of the site memory.")


@click.group()
def sites() -> None:
    """Count the lines that documents of one site share: they are template more often than not."""


@sites.command(cls=InterruptibleCommand, context_settings={"show_default": True})
@click.argument("inputs", nargs=-1, metavar="[INPUT ...]", type=click.Path(allow_dash=True))
@OUTPUT
@click.option("--site-field", metavar="NAME", help="As of linesift predict.")
@click.option("--text-field", metavar="NAME", help="As of linesift predict.")
@click.option("--input-format", type=click.Choice(INPUT_FORMATS), default="auto", help="As of linesift predict.")
@click.option("--encoding", metavar="NAME", help="As of linesift predict.")
@click.option(
    "--bits", type=click.IntRange(FEWEST_BITS, MOST_BITS), default=BITS, help="The memory takes 4 * 2**bits bytes."
)
def build(
    inputs: tuple[str, ...],
    output: Path,
    site_field: str | None,
    text_field: str | None,
    input_format: str,
    encoding: str | None,
    bits: int,
) -> None:
    """Count the documents of all INPUTs, which are read as linesift predict reads them.

    Each document should be there once. Exit code 0: all well; 1: some records were bad, or name no site.
    """
    bad = BadRecords()
    memory = SiteMemory(bits)
    found = list(find_inputs(inputs or (STDIN,), [output]))
    check_overwriting(found, [("--output", output)])
    reading = ReadOptions(input_format, text_field, checked_encoding(encoding))
    count = _count(memory, read_records(found, reading), site_field, bad)
    _write(memory, output)
    click.echo(f"linesift: {count} document{'' if count == 1 else 's'} counted", err=True)
    sys.exit(bad.exit_code)


@sites.command(cls=InterruptibleCommand)
@click.argument("memories", nargs=-1, required=True, metavar="MEMORY ...", type=PATH)
@OUTPUT
def merge(memories: tuple[Path, ...], output: Path) -> None:
    """Add up the memories of parts of a corpus, in which no document stands twice."""
    total: SiteMemory | None = None
    for path in memories:
        try:
            memory = SiteMemory.load(path)
            if total is None:
                total = memory
            else:
                total.merge(memory)
        except SiteMemoryError as error:
            raise click.UsageError(str(error)) from error
        except ValueError as error:
            raise click.UsageError(f"{path}: {error}") from error
        except OSError as error:
            raise click.UsageError(f"{path}: {error.strerror or error}") from error
    assert total is not None
    _write(total, output)


def _count(memory: SiteMemory, items: Iterable[Item], site_field: str | None, bad: BadRecords) -> int:
    """Add the documents to the memory; how many there were."""
    count = 0
    for group in batched_by(items, lines_of):
        named: list[tuple[str, Sequence[str]]] = []
        for item in group:
            if isinstance(item, BadRecord):
                bad.report(item)
            elif isinstance(item, Record):
                site = site_of_row(item.row, site_field)
                if site:
                    named.append((site, item.lines))
                else:
                    fields = ", ".join(item.row) or "none"
                    bad.report(f"{item.name}: names no site; --site-field names the field; fields here: {fields}")
        memory.add_all([site for site, _ in named], [lines for _, lines in named])
        count += len(named)
    return count


def _write(memory: SiteMemory, output: Path) -> None:
    try:
        memory.save(output)
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror or error}") from error
    if memory.false_share > HIGH_FALSE_SHARE:
        click.echo(
            f"linesift: the memory is too small: {memory.false_share:.1%} of lines never counted would seem known; "
            f"build it with more than --bits {memory.bits}",
            err=True,
        )
