"""Ray Data, with two actors."""

import pytest

from tests.integrations.conftest import assert_same
from tests.integrations.ray_cluster import ACTORS, LIMIT, MARKS, cluster, ray, time_limit  # noqa: F401

from linesift.integrations.ray import LineTagger  # isort: skip

pytestmark = MARKS


@pytest.mark.usefixtures("cluster")
def test_two_actors_give_the_scores_of_the_plain_api(parquet, expected) -> None:
    files = sorted(map(str, parquet.glob("*.parquet")))
    dataset = ray.data.read_parquet(files).repartition(2 * ACTORS)  # they are one block, for a single actor
    pool = ray.data.ActorPoolStrategy(size=ACTORS)
    tagged = dataset.map_batches(LineTagger, batch_format="pyarrow", batch_size=37, compute=pool)
    with time_limit(LIMIT):
        assert_same(tagged.take_all(), expected)


def test_the_table_given_is_not_changed_and_its_columns_stay() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.table({"body": ["Share this article", None], "labels": [1, 2]})
    tagged = LineTagger(text_field="body")(table)
    assert table.column_names == ["body", "labels"]
    assert tagged.column("labels").to_pylist() == [["noise"], None]
    assert tagged.slice(0, 0).schema == LineTagger(text_field="body")(table.slice(0, 0)).schema
    with pytest.raises(ValueError, match="no column 'text'"):
        LineTagger()(table)
