"""The innermost loops, compiled from Cython where a C compiler is at hand when linesift is installed.

Each has a twin that needs no compiler and gives the same to the last bit: LightGBM for `forest`, NumPy for
the others. A module is None where it was not compiled.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

# For measuring and testing the twins.
SWITCHED_OFF = os.environ.get("LINESIFT_PURE", "") not in {"", "0"}


def _compiled(name: str) -> Any:
    if SWITCHED_OFF:
        return None
    try:
        return import_module(f"{__name__}.{name}")
    except ImportError:
        return None


def is_compiled() -> bool:
    """Whether all of them were compiled."""
    return all((characters, forest, phrases, segments, vocabulary, words))


characters = _compiled("_characters")
forest = _compiled("_forest")
phrases = _compiled("_phrases")
segments = _compiled("_segments")
vocabulary = _compiled("_vocabulary")
words = _compiled("_words")
