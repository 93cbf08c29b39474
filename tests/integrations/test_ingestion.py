"""The recipes of docs/pipelines.md for text that an extractor gives, run with the extractors."""

import re

import pytest

import linesift
from linesift.features.buffer import Batch
from linesift.features.links import links
from tests.conftest import ROOT

RECIPES = dict(
    re.findall(r"```python\n# (\w+)\n(.+?)```", (ROOT / "docs" / "pipelines.md").read_text("utf-8"), re.DOTALL)
)
STORY = [
    "The ferry to the island sails again",
    "The first ferry to the island in eleven years left the harbour on Tuesday with ninety passengers and two cars.",
    "The crossing takes fifty minutes, and the mayor of the island, who waited on the pier, said it felt like spring.",
    "A ticket costs four crowns, and children under six travel free until the end of the summer, the company said.",
]
NAVIGATION = ["Home", "News", "Sport", "Weather"]
NOISE = ["Accept all cookies", "Share this article", "Subscribe to our newsletter", "© 2026 All rights reserved"]
HTML = f"""<!DOCTYPE html><html lang="en"><head><title>{STORY[0]}</title></head><body>
<div><p>{NOISE[0]}</p></div>
<nav><ul>{"".join(f'<li><a href="https://news.example/{word}">{word}</a></li>' for word in NAVIGATION)}</ul></nav>
<article><h1>{STORY[0]}</h1><p>{STORY[1]}</p>
<p>{STORY[2].replace("the mayor", '<a href="https://news.example/mayor">the mayor</a>')}</p><p>{STORY[3]}</p></article>
<div><p>{NOISE[1]}</p><p>{NOISE[2]}</p></div><footer><p>{NOISE[3]}</p></footer></body></html>"""
ADDRESS = re.compile(r"\s?\(?https?://[^\s)]+\)?|[\[\]]")


def page_of(extractor: str) -> linesift.TaggedDocument:
    """What the recipe gives for HTML."""
    names: dict[str, object] = {"html": HTML}
    exec(RECIPES[extractor], names)
    page = names["page"]
    assert isinstance(page, linesift.TaggedDocument)
    return page


@pytest.mark.parametrize("extractor", ["trafilatura", "resiliparse", "html2text"])
def test_the_story_stays_and_the_rest_goes(extractor: str) -> None:
    pytest.importorskip(extractor)
    article = ADDRESS.sub("", page_of(extractor).article)
    for sentence in STORY:
        assert sentence in article
    for words in NOISE:
        assert words not in article


@pytest.mark.parametrize("extractor", ["trafilatura", "html2text"])
def test_words_of_links_are_counted(extractor: str) -> None:
    pytest.importorskip(extractor)
    lines = [line.text for line in page_of(extractor).lines if line.text.strip()]
    counts = links(Batch([lines]))["links"]
    linked = [line for line, count in zip(lines, counts, strict=True) if count]
    assert any("mayor" in line for line in linked)


def test_every_recipe_is_tested() -> None:
    assert set(RECIPES) == {"trafilatura", "resiliparse", "html2text"}
