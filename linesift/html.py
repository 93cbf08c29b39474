"""Tagged documents as one self-contained HTML page: article lines black, noise dimmed, scores on hover."""

from __future__ import annotations

from html import escape

from linesift.documents import TaggedDocument

# The end tags of body and html may be left out in HTML, so sections can follow as documents are tagged.
PROLOGUE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>linesift</title>
<style>
:root { color-scheme: light dark }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 serif }
h2 { font: bold 0.9rem sans-serif; border-top: 1px solid; padding-top: 1rem }
p { margin: 0 0 0.4rem; min-height: 0.6rem; white-space: pre-wrap; overflow-wrap: anywhere }
.noise { opacity: 0.45; border-left: 3px solid firebrick; padding-left: 0.6rem; font-size: 0.9rem }
</style>
"""


def as_html(page: TaggedDocument, name: str) -> str:
    r"""One document as a section of the page; nothing in its text is markup.

    >>> as_html(TaggedDocument.from_scores(["<b>Share</b>"], [0.9], 0.5), "a & b").split("\n")[2]
    '<p class="noise" dir="auto" title="P(noise) 0.90">&lt;b&gt;Share&lt;/b&gt;</p>'
    """
    rows = ["<section>", f"<h2>{escape(name)}: article {page.article_share:.0%} of the words</h2>"]
    for line in page.lines:
        if line.score is None:
            rows.append("<p></p>")
        else:
            attributes = f'class="{line.label}" dir="auto" title="P(noise) {line.score:.2f}"'
            rows.append(f"<p {attributes}>{escape(line.text)}</p>")
    return "\n".join([*rows, "</section>", ""])
