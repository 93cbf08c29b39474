"""The files that the arguments of a command name: files, directories, patterns and standard input."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path

STDIN = "-"
# What begins so is hidden: editors' and our own unfinished files are no documents.
HIDDEN = "."


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read, or standard input.

    :param name: its path as a person would write it; "-" for standard input.
    :param relative: its path below the directory that was named, or its own name: where its output goes.
    """

    name: str
    relative: str


def find_inputs(arguments: Iterable[str], outputs: Iterable[Path] = ()) -> Iterator[Input]:
    """The files that arguments name, in their order; those of directories and patterns sorted.

    A directory is searched to its depths, hidden files and folders left out. A pattern (`*`, `?`, `[...]`, `**`
    for folders at any depth) is taken as one if there is no file of that name; one that matches nothing stays as
    it is: reading it fails and says so.

    :param outputs: files and folders that are written: where a directory or pattern holds them, they are passed over.
    """
    written = {os.path.realpath(path) for path in outputs}
    for argument in arguments:
        if argument == STDIN:
            yield Input(STDIN, STDIN)
        elif os.path.isdir(argument):
            yield from _below(argument, written)
        elif has_magic(argument) and not os.path.exists(argument):
            yield from _matching(argument, written)
        else:
            yield Input(argument, os.path.basename(argument))


def _matching(pattern: str, written: set[str]) -> Iterator[Input]:
    found = sorted(name for name in glob(pattern, recursive=True) if not os.path.isdir(name))
    base = _fixed_part(pattern)
    if not found:
        yield Input(pattern, os.path.basename(pattern))
    for name in found:
        if os.path.realpath(name) not in written:
            yield Input(name, os.path.relpath(name, base))


def _fixed_part(pattern: str) -> str:
    """The folder before the first part of a pattern that holds a wildcard.

    >>> _fixed_part("corpus/*/page?.txt")
    'corpus'
    """
    parts = Path(pattern).parts
    first = next(place for place, part in enumerate(parts) if has_magic(part))
    return os.path.join(*parts[:first]) if first else "."


def _below(folder: str, written: set[str]) -> Iterator[Input]:
    unreadable: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if _is_input(parent, name, written))
        for name in sorted(names):
            path = os.path.join(parent, name)
            if _is_input(parent, name, written) and (os.path.isfile(path) or not os.path.exists(path)):
                yield Input(path, os.path.relpath(path, folder))
    for error in unreadable:  # reading them fails, and says so
        yield Input(error.filename, os.path.relpath(error.filename, folder))


def _is_input(parent: str, name: str, written: set[str]) -> bool:
    return not name.startswith(HIDDEN) and os.path.realpath(os.path.join(parent, name)) not in written
