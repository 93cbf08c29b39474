"""The views of a page: what different extractors leave of its HTML."""

from __future__ import annotations

import logging

import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding
from resiliparse.parse.html import HTMLTree

# It reports pages in which it finds nothing as errors; here that is a view without lines.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def decode(html: bytes) -> str:
    """The page as text, in the encoding that its bytes look like: many pages declare none, or a wrong one."""
    return str(bytes_to_str(html, detect_encoding(html) or "utf-8"))


def page_title(html: str) -> str:
    """The content of <title>."""
    return str(HTMLTree.parse(html).title or "")


def page_views(html: str) -> dict[str, list[str]]:
    """The lines of each view: `full` every visible block, `resi` and `traf` what two extractors leave."""
    return {
        "full": visible_lines(extract_plain_text(html, main_content=False, alt_texts=False, list_bullets=False)),
        "resi": visible_lines(extract_plain_text(html, main_content=True, alt_texts=False, list_bullets=False)),
        "traf": visible_lines(trafilatura.extract(html, favor_recall=True) or ""),
    }


def visible_lines(text: str) -> list[str]:
    r"""The lines, without blank ones and the space around them.

    >>> visible_lines(" one\n\ntwo ")
    ['one', 'two']
    """
    return [line for line in map(str.strip, text.split("\n")) if line]
