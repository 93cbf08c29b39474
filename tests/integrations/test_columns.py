"""The columns that adapters add: of whatever texts, the same as the plain API's pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import linesift
from linesift.integrations.columns import COLUMNS
from linesift.integrations.tagger import Tagger
from tests.fuzz.texts import hostile_texts

MODEL = linesift.load()
TEXTS = st.lists(
    st.one_of(st.none(), hostile_texts(), st.sampled_from(["", "\n \n", "Share\n\nLog in"]), st.just([])), max_size=6
)


@given(TEXTS)
def test_lists_are_what_the_pages_say(texts: list[str | list[str] | None]) -> None:
    tagged = Tagger().columns(texts)
    pages = [None if text is None else MODEL.tag(text) for text in texts]
    expected = {name: [None if page is None else getattr(page, name) for page in pages] for name in COLUMNS}
    assert tagged.as_lists() == expected
    noise = [[] if page is None else [line.text for line in page.lines if line.label == "noise"] for page in pages]
    assert tagged.removed_lines() == noise


@given(TEXTS)
def test_arrays_of_arrow_are_the_lists(texts: list[str | list[str] | None]) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    tagged = Tagger().columns(
        [text.encode("utf-8", "replace").decode() if isinstance(text, str) else text for text in texts]
    )
    arrays = tagged.as_arrow()
    assert {name: array.to_pylist() for name, array in arrays.items()} == tagged.as_lists()
    strings, numbers = pyarrow.list_(pyarrow.string()), pyarrow.list_(pyarrow.float64())
    assert [array.type for array in arrays.values()] == [pyarrow.large_string(), strings, numbers, pyarrow.float64()]
    assert tagged.as_arrow(pyarrow.string())["article"] == arrays["article"].cast(pyarrow.string())
