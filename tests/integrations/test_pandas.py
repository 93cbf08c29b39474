"""linesift.tag_series."""

import numpy as np
import pandas as pd
import pytest

import linesift
from benchmarks.invented import invented_texts
from linesift.integrations import pandas as adapter
from linesift.integrations.columns import COLUMNS
from tests.conftest import ROOT
from tests.integrations.conftest import assert_same

PAGE = (ROOT / "examples" / "page.txt").read_text("utf-8")


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_scores_are_those_of_the_plain_api(n_jobs, parquet, expected, monkeypatch) -> None:
    monkeypatch.setattr(adapter, "CHUNK", 50)
    frame = pd.read_parquet(parquet)
    before = frame.copy(deep=True)
    tagged = linesift.tag_series(frame["text"], n_jobs=n_jobs)
    assert list(tagged.columns) == list(COLUMNS)
    assert tagged["article"].dtype == frame["text"].dtype
    assert tagged["article_share"].dtype == np.float64
    rows = frame.join(tagged).astype(object).where(lambda cells: cells.notna(), None)
    assert_same(rows.to_dict("records"), expected)
    pd.testing.assert_frame_equal(frame, before)


def test_the_index_is_kept_and_mode_counts() -> None:
    pages = pd.Series([PAGE, PAGE], index=["x", "x"])
    careful, strict = (linesift.tag_series(pages, mode=mode) for mode in ("careful", "strict"))
    assert careful.index.tolist() == ["x", "x"]
    assert (careful["article_share"] > strict["article_share"]).all()
    with pytest.raises(ValueError, match="careful, balanced, strict"):
        linesift.tag_series(pages, mode="brave")


def test_lists_of_lines_are_documents_too() -> None:
    (text,) = invented_texts(1)
    lines = linesift.tag_series(pd.Series([text.split("\n"), np.array(text.split("\n"), dtype=object)]))
    for place in (0, 1):
        assert lines.iloc[place].to_dict() == linesift.tag_series(pd.Series([text])).iloc[0].to_dict()


def test_no_documents_give_no_rows_of_the_same_types() -> None:
    tagged = linesift.tag_series(pd.Series([], dtype=object))
    assert tagged.dtypes.to_dict() == linesift.tag_series(pd.Series([PAGE], dtype=object)).dtypes.to_dict()
    assert len(tagged) == 0


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="expected a string or a list of strings"):
        linesift.tag_series(pd.Series([b"text"]))
