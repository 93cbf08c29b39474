"""Going on where a run into a folder stopped: what that run was asked, and what it had finished."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path

from linesift.bundle import MANIFEST
from linesift.files import WholeFile, sweep_below
from linesift.inputs import Input
from linesift.outputs import output_name
from linesift.rendering import OutputFormat

SETTINGS = ".linesift.json"

Settings = Mapping[str, str]


class ResumeError(ValueError):
    """A folder that cannot be gone on with; the message says why."""


def begin(folder: Path, settings: Settings, resume: bool) -> None:
    """Make the output folder ready and note in it what the run was asked.

    :param settings: all that decides what is written.
    :param resume: whether to go on with the run before.
    :raises ResumeError: if that run was asked something else.
    :raises OSError: if the folder cannot be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    goes_on = resume and _is_noted(folder / SETTINGS, settings)
    sweep_below(folder)
    if goes_on:
        return
    note = WholeFile(folder / SETTINGS)
    note.file.write(json.dumps(dict(settings), indent=1, ensure_ascii=False).encode() + b"\n")
    note.commit()


def unfinished(inputs: Iterable[Input], folder: Path, output_format: OutputFormat) -> Iterator[Input]:
    """The inputs whose output is not there yet; it is there only when all of it is written.

    An output older than the note is of a run before, that may have been asked something else.
    """
    since = (folder / SETTINGS).stat().st_mtime_ns
    for item in inputs:
        output = folder / output_name(item.relative, output_format)
        if not output.exists() or output.stat().st_mtime_ns < since:
            yield item


def fingerprint(model: Path | None) -> str:
    """What tells a bundle from others: the hash of its manifest, which holds the hashes of all else.

    :param model: its folder; None: the one that ships.
    :raises OSError: if it holds no manifest.
    """
    folder = model or files("linesift") / "models" / "default"
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def _is_noted(path: Path, settings: Settings) -> bool:
    """Whether there is a run to go on with.

    :raises ResumeError: if it was asked something else.
    """
    try:
        before = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return False
    except ValueError as error:
        raise ResumeError(f"{path}: not the note of a run: {error}; remove it to begin anew") from error
    if not isinstance(before, dict):
        raise ResumeError(f"{path}: not the note of a run; remove it to begin anew")
    for name in sorted({*before, *settings}):
        if before.get(name) != settings.get(name):
            raise ResumeError(
                f"the run in {path.parent} had {name} {before.get(name) or 'unset'}, "
                f"not {settings.get(name) or 'unset'}: "
                "go on with the same options, or leave --resume out to do all of it again"
            )
    return True
