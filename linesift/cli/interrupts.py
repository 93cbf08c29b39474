"""Ctrl-C."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

INTERRUPTED = 130  # what shells expect: 128 and the number of SIGINT


@contextmanager
def ends_with_130() -> Iterator[None]:
    """End the program with the exit code of Ctrl-C, and without a traceback, if that is pressed."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo("linesift: interrupted", err=True)
        sys.exit(INTERRUPTED)
