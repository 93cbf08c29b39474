"""linesift tags every line of a web document as article or noise, from the text alone, in any language.

    import linesift

    model = linesift.load()
    page = model.tag(text)
    print(page.article)

Nothing heavy is imported until it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linesift.bundle import BundleError
    from linesift.classifier import LineClassifier, load
    from linesift.corpus import CorpusError, LabelledDocument
    from linesift.documents import TaggedDocument, TaggedLine
    from linesift.integrations.pandas import tag_series
    from linesift.reasons import Reason
    from linesift.site_memory import SiteMemory, SiteMemoryError

__all__ = [
    "BundleError",
    "CorpusError",
    "LabelledDocument",
    "LineClassifier",
    "Reason",
    "SiteMemory",
    "SiteMemoryError",
    "TaggedDocument",
    "TaggedLine",
    "__version__",
    "load",
    "tag_series",
]

_MODULE_OF = {
    "BundleError": "linesift.bundle",
    "CorpusError": "linesift.corpus",
    "LabelledDocument": "linesift.corpus",
    "LineClassifier": "linesift.classifier",
    "Reason": "linesift.reasons",
    "SiteMemory": "linesift.site_memory",
    "SiteMemoryError": "linesift.site_memory",
    "TaggedDocument": "linesift.documents",
    "TaggedLine": "linesift.documents",
    "load": "linesift.classifier",
    "tag_series": "linesift.integrations.pandas",
}


__version__: str


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _version()
    if name in _MODULE_OF:
        return getattr(import_module(_MODULE_OF[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("linesift")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0+unknown"


def __dir__() -> list[str]:
    return sorted(__all__)
