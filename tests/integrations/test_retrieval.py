"""LangChain and Haystack: documents on their way into an index."""

import asyncio
import copy

import pytest

import linesift
from benchmarks.invented import invented_texts
from tests.conftest import ROOT
from tests.integrations.conftest import assert_small

TEXTS = [(ROOT / "examples" / "page.txt").read_text("utf-8"), *invented_texts(3), ""]


def test_langchain_transformer() -> None:
    pytest.importorskip("langchain_core")
    from langchain_core.documents import Document

    from linesift.integrations.langchain import LineNoiseTransformer

    documents = [Document(page_content=text, id=str(n), metadata={"url": n}) for n, text in enumerate(TEXTS)]
    before = copy.deepcopy(documents)
    transformer = LineNoiseTransformer()
    assert_small(transformer)
    cleaned = transformer.transform_documents(documents)
    assert documents == before
    for n, (document, page) in enumerate(zip(cleaned, linesift.load().tag_all(TEXTS), strict=True)):
        assert document.page_content == page.article
        assert document.metadata == {"url": n, "article_share": page.article_share}
        assert document.id == str(n)
    assert asyncio.run(transformer.atransform_documents(documents)) == cleaned
    assert transformer.transform_documents([]) == []


def test_haystack_component_in_a_pipeline() -> None:
    pytest.importorskip("haystack")
    from haystack import Document, Pipeline
    from haystack.components.preprocessors import DocumentSplitter

    from linesift.integrations.haystack import LineNoiseCleaner

    documents = [Document(id=str(n), content=text, meta={"url": n}) for n, text in enumerate(TEXTS[:4])]
    documents.append(Document(id="4", meta={"url": 4}))
    before = copy.deepcopy(documents)
    pipeline = Pipeline()
    pipeline.add_component("cleaner", LineNoiseCleaner(mode="careful"))
    pipeline = Pipeline.loads(pipeline.dumps(), allowed_modules=["linesift.*"])
    cleaned = pipeline.run({"cleaner": {"documents": documents}})["cleaner"]["documents"]
    assert documents == before
    pages = linesift.load(mode="careful").tag_all(TEXTS[:4])
    for n, (document, page) in enumerate(zip(cleaned[:4], pages, strict=True)):
        assert (document.id, document.content) == (str(n), page.article)
        assert document.meta == {"url": n, "article_share": page.article_share}
    assert cleaned[4] == documents[4]
    pipeline.add_component("splitter", DocumentSplitter(split_by="word", split_length=50))
    pipeline.connect("cleaner", "splitter")
    pieces = pipeline.run({"cleaner": {"documents": documents[:1]}})["splitter"]["documents"]
    assert {piece.meta["article_share"] for piece in pieces} == {pages[0].article_share}
