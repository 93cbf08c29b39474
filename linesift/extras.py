"""Libraries that only some uses need: the extra `io` brings them."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

ADVICE = "pip install 'linesift[io]'"


class MissingExtraError(ImportError):
    """A library that is not installed; the message says for what it is needed and how to install it."""


def needed(*names: str, purpose: str) -> ModuleType:
    """The first of some modules that is installed.

    >>> needed("json", purpose="nothing").__name__
    'json'

    :param purpose: what it is needed for, as the subject of the error's sentence.
    :raises MissingExtraError: if there is none.
    """
    for name in names:
        try:
            return import_module(name)
        except ImportError:
            continue
    raise MissingExtraError(f"{purpose} needs a library that is not installed: {ADVICE}")
