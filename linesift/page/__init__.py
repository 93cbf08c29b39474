"""Tagged documents as one self-contained HTML page, to look at and to correct."""

from linesift.page.render import as_html, prologue

__all__ = ["as_html", "prologue"]
