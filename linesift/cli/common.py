"""What the commands share: loading a bundle, counting bad records, options that take many values."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from linesift.bundle import BundleError
from linesift.cli.interrupts import ends_with_130
from linesift.inputs import STDIN, Input
from linesift.model import Model
from linesift.tagging import loaded

ALL_WELL, BAD_RECORDS = 0, 1
CONTEXT = {"show_default": True, "help_option_names": ["-h", "--help"]}  # of every command, in root scripts too


def load_model(folder: Path | None) -> Model:
    """The model that this process tags with, or the usage error (exit code 2) that says why it cannot be loaded."""
    try:
        return loaded(folder)
    except BundleError as error:
        raise click.UsageError(str(error)) from error


def check_memory(path: Path | None) -> None:
    """Load the site memory that this process tags with, or give the usage error that says why it cannot be."""
    from linesift.site_memory import SiteMemoryError
    from linesift.tagging import loaded_memory

    try:
        loaded_memory(path)
    except SiteMemoryError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(f"{path}: {error.strerror or error}") from error


def checked_encoding(name: str | None) -> str | None:
    """The encoding under Python's name for it, or the usage error that says there is none."""
    if not name:
        return None
    try:
        "".encode(name)  # refuses what is in Python's table of encodings but gives no text, such as hex
        return codecs.lookup(name).name
    except LookupError as error:
        raise click.UsageError(
            f"--encoding {name}: no such encoding; known are cp1252, gb18030, shift_jis ..."
        ) from error


def check_overwriting(found: Iterable[Input], targets: Iterable[tuple[str, Path]]) -> None:
    """Whether nothing is written over what is read; devices and pipes may be both.

    :raises click.UsageError: if not.
    """
    read = {os.path.realpath(item.name) for item in found if item.name != STDIN}
    for option, path in targets:
        if os.path.isfile(path) and os.path.realpath(path) in read:
            raise click.UsageError(f"{option}: {path} is an input too and would be overwritten; name another place")


class BadRecords:
    """Names each bad record on stderr and counts them."""

    def __init__(self) -> None:
        self.count = 0

    def report(self, error: object) -> None:
        self.count += 1
        click.echo(f"linesift: {error}", err=True)

    @property
    def exit_code(self) -> int:
        """1 if there was a bad record; says how many."""
        if not self.count:
            return ALL_WELL
        click.echo(f"linesift: {self.count} bad record{'s' if self.count > 1 else ''} skipped", err=True)
        return BAD_RECORDS


class InterruptibleCommand(click.Command):
    """A command that Ctrl-C ends with the exit code that shells expect, 130."""

    def invoke(self, ctx: click.Context) -> Any:
        with ends_with_130():
            return super().invoke(ctx)


class GreedyCommand(InterruptibleCommand):
    """A command whose `multiple` options take all values up to the next option.

    The shell expands `--corpus *.jsonl` to one option and many values.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        greedy = {name for option in self.params if getattr(option, "multiple", False) for name in option.opts}
        return super().parse_args(ctx, repeat_option(args, greedy))


def repeat_option(args: Sequence[str], greedy: set[str]) -> list[str]:
    """The arguments with the name of a greedy option before each of its values.

    >>> repeat_option(["--corpus", "a", "b", "--seed", "1"], {"--corpus"})
    ['--corpus', 'a', '--corpus', 'b', '--seed', '1']
    """
    repeated: list[str] = []
    option, has_value = "", False
    for argument in args:
        if argument.startswith("-"):
            option, equals, _ = argument.partition("=")
            has_value = bool(equals)
        elif option in greedy and has_value:
            repeated.append(option)
        else:
            has_value = True
        repeated.append(argument)
    return repeated
