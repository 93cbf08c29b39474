"""python data/prepare.py SOURCE FOLDER --output FILE

Turn a clone of a public corpus into labelled lines, as train.py reads them. Needs `pip install '.[data]'`.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import click
from tqdm import tqdm

from linesift.cli.common import BadRecords

if TYPE_CHECKING:
    from importers.rows import Row
    from importers.source import Source

try:
    from importers.bad import BadInput
    from importers.sources import SOURCES
except ModuleNotFoundError as error:
    if error.name not in {"rapidfuzz", "resiliparse", "trafilatura"}:
        raise
    click.echo(f"data/prepare.py needs {error.name}: pip install '.[data]'", err=True)
    sys.exit(2)

OUTPUT_HELP = "A file, packed if its name ends in .gz; by default standard output."
BY_NAME = {source.name: source for source in SOURCES}


def listing(sources: Iterable[Source]) -> str:
    """What the help says of the corpora."""
    entries = (
        f"{source.name}\n  {source.address}\n  licence: {source.licence}\n  {source.size}\n  files: {source.layout}"
        for source in sources
    )
    return "\b\nSources:\n" + "\n\n\b\n".join(entries)


@click.command(epilog=listing(SOURCES))
@click.argument("name", metavar="SOURCE", type=click.Choice(list(BY_NAME)))
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help=OUTPUT_HELP)
def prepare(name: str, folder: Path, output: Path | None) -> None:
    """Write the labelled documents of a public corpus, cloned to FOLDER, as JSON Lines.

    A file or document that cannot be read is named, skipped and counted. The same input gives the same bytes.
    """
    source = BY_NAME[name]
    paths = source.find(folder)
    if not paths:
        raise click.BadParameter(f"{folder} holds none of the files of {name}: {source.layout}", param_hint="FOLDER")
    bad = BadRecords()
    try:
        with opened(output) as file:
            rows = write_rows(source, paths, file, bad)
    except BrokenPipeError:
        raise  # the reader has enough: a quiet end
    except OSError as error:
        raise click.ClickException(f"{output or 'standard output'}: {error.strerror or error}") from error
    click.echo(f"{name}: {rows} labelled documents, {len(paths)} files read", err=True)
    sys.exit(bad.exit_code)


def write_rows(source: Source, paths: Sequence[Path], file: IO[bytes], bad: BadRecords) -> int:
    """Write the rows of all files; how many there were."""
    written = 0
    for path in tqdm(paths, desc=source.name, unit="file", disable=None, file=sys.stderr):  # None: on a terminal only
        for row in source.rows(path):
            try:
                file.write(encode(path, row))
                written += 1
            except BadInput as error:
                with tqdm.external_write_mode(file=sys.stderr):  # the bar steps aside
                    bad.report(error)
    return written


def encode(path: Path, row: Row | BadInput) -> bytes:
    """A line of JSON Lines.

    :raises BadInput: if it is one, or holds half a surrogate pair, as JSON can but UTF-8 cannot.
    """
    if isinstance(row, BadInput):
        raise row
    try:
        return row.to_json().encode()
    except UnicodeEncodeError as error:
        raise BadInput(path, f"document {row.id} holds half a character") from error


@contextmanager
def opened(output: Path | None) -> Iterator[IO[bytes]]:
    """Standard output, or the file; a packed one holds no name and no time, so that its bytes depend on the rows."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        file = output.open("wb")
    except OSError as error:
        raise click.BadParameter(f"{output}: {error.strerror}", param_hint="--output") from error
    with file:
        if output.suffix != ".gz":
            yield file
            return
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
            yield cast(IO[bytes], packed)


if __name__ == "__main__":
    prepare()
