"""The page's HTML: a prologue with style and script, then a section for each document as it is tagged.

Nothing of a document is markup. The page asks for nothing: its policy allows this very style and
script, known by their hashes, and no connection at all.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from linesift.documents import TaggedDocument, TaggedLine
from linesift.reasons import Told

# What a labelled row may say of its document; see corpus.LabelledDocument.
FIELDS = ("id", "source", "domain", "lang", "genre", "view", "split", "url")
# HTML turns a carriage return into a line break, and has no NUL; UTF-8 has no lone surrogates.
SHOWN = str.maketrans({"\r": "", "\0": "\ufffd", **{chr(code): "\ufffd" for code in range(0xD800, 0xE000)}})


def prologue(thresholds: Mapping[str, float], threshold: float) -> str:
    """The page before its first document. No end follows: the end tags of body and html may be left out.

    :param thresholds: of the modes, by name.
    :param threshold: the one to begin with.
    """
    folder = files("linesift.page")
    template, style, script = (
        (folder / name).read_text("utf-8") for name in ("template.html", "style.css", "script.js")
    )
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    modes = "\n".join(
        f'<button data-mode="{value!r}" title="noise from score {value:g}">{escape(mode)}</button>'
        for mode, value in thresholds.items()
    )
    return Template(template).substitute(
        policy=policy, style=style, script=script, modes=modes, threshold=repr(threshold)
    )


def _hash(text: str) -> str:
    """As a content security policy names an inline style or script."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def as_html(page: TaggedDocument, name: str, row: Mapping[str, Any], told: Sequence[Told | None]) -> str:
    r"""One document as a section of the page.

    >>> page = TaggedDocument.from_scores(["<b>Share</b>"], [0.9], 0.5)
    >>> html = as_html(page, "a & b", {"id": "a"}, [Told(noise="only 1 word", article="")])
    >>> "<h2><bdi>a &amp; b</bdi></h2>" in html, '<p dir="auto">&lt;b&gt;Share&lt;/b&gt;</p>' in html
    (True, True)

    :param name: of the document, its heading.
    :param row: the fields it came with; those that a labelled row has go into the saved row.
    :param told: the reasons of each line, None on blank ones.
    """
    return "\n".join(
        [
            "<section>",
            f"<h2><bdi>{_text(name)}</bdi></h2>",
            '<p class="tools" hidden><output class="counts"></output>',
            '<button class="copy">Copy article</button> <button class="save">Save labels</button></p>',
            f'<script type="application/json">{_data(page, name, row)}</script>',
            *(_line(line, reasons) for line, reasons in zip(page.lines, told, strict=True)),
            "</section>",
            "",
        ]
    )


def _data(page: TaggedDocument, name: str, row: Mapping[str, Any]) -> str:
    """What the script saves with the labels: the row's fields, and the lines that HTML cannot hold, by number."""
    kept = {"id": name, **{field: row[field] for field in FIELDS if isinstance(row.get(field), str)}}
    exact = {line.number: line.text for line in page.lines if line.text.translate(SHOWN) != line.text}
    return json.dumps({"row": kept, "exact": exact}).replace("<", "\\u003c")


def _line(line: TaggedLine, told: Told | None) -> str:
    if line.score is None or told is None:
        return f'<p class="blank">{_text(line.text)}</p>'
    attributes = (
        f'class="line" role="checkbox" tabindex="0" aria-checked="{str(line.label == "article").lower()}" '
        f'data-label="{line.label}" data-score="{line.score!r}" data-words="{len(line.text.split())}"'
    )
    reasons = (
        f"<b>Line {line.number}: score {line.score:.2f}</b>"
        f'<span class="for-noise"><b>For noise:</b> {_text(told.noise)}</span>'
        f'<span class="for-article"><b>For article:</b> {_text(told.article)}</span>'
    )
    return f'<div {attributes}><p dir="auto">{_text(line.text)}</p><aside>{reasons}</aside></div>'


def _text(text: str) -> str:
    """Text that is no markup; what HTML cannot hold is shown as the sign for such characters."""
    return escape(text.translate(SHOWN))
