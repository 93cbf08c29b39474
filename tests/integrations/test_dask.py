"""Dask, with two worker processes."""

import pytest

dd = pytest.importorskip("dask.dataframe")
distributed = pytest.importorskip("distributed")

from linesift.integrations.dask import LineTagger  # noqa: E402
from tests.integrations.conftest import assert_same, assert_small  # noqa: E402

# What Dask's own code uses of pandas.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:dask.*")


def rows_of(frame) -> list[dict]:
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def test_two_workers_give_the_scores_of_the_plain_api(parquet, expected) -> None:
    frame = dd.read_parquet(parquet, split_row_groups=2)
    tagger = LineTagger()
    assert_small(tagger)
    tagged = frame.map_partitions(tagger, meta=tagger.meta(frame))
    assert frame.npartitions > 2
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster),
    ):
        assert_same(rows_of(tagged.compute()), expected)


def test_threads_share_one_model(parquet, expected) -> None:
    frame = dd.read_parquet(parquet, split_row_groups=1)
    tagger = LineTagger()
    tagged = frame.map_partitions(tagger, meta=tagger.meta(frame))
    assert_same(rows_of(tagged.compute(scheduler="threads", num_workers=2)), expected)


def test_meta_is_what_comes(parquet) -> None:
    frame = dd.read_parquet(parquet)
    tagger = LineTagger()
    computed = frame.partitions[:1].map_partitions(tagger, meta=tagger.meta(frame)).compute(scheduler="sync")
    assert computed.dtypes.to_dict() == tagger.meta(frame).dtypes.to_dict()
    with pytest.raises(ValueError, match="no column 'body'"):
        LineTagger(text_field="body").meta(frame)
