"""Spark, with two local executors' threads and their Python workers."""

import os
import shutil
import sys

import pytest

pytest.importorskip("pyspark")
if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
    pytest.skip("Spark needs a Java", allow_module_level=True)

from pyspark.sql import SparkSession

from linesift.integrations.spark import LineTagger
from tests.integrations.conftest import assert_same, assert_small

# What Spark's own code uses of pandas and others on this side; its workers do not raise.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:pyspark.*"),
    pytest.mark.filterwarnings("ignore::FutureWarning:pyspark.*"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def spark():
    os.environ["PYSPARK_PYTHON"] = sys.executable  # not the python3 that is first on the path
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", 29)
        .config("spark.sql.files.maxPartitionBytes", "16k")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def in_pandas(frame, tagger):
    return frame.mapInPandas(tagger, tagger.schema(frame.schema))


def in_arrow(frame, tagger):
    return frame.mapInArrow(tagger.arrow, tagger.schema(frame.schema))


EITHER = pytest.mark.parametrize("tag", [in_pandas, in_arrow])


@EITHER
def test_two_workers_give_the_scores_of_the_plain_api(tag, spark, parquet, expected) -> None:
    frame = spark.read.parquet(str(parquet))
    tagger = LineTagger()
    assert_small(tagger)
    assert_small(tagger.arrow)
    tagged = tag(frame, tagger)
    assert tagged.rdd.getNumPartitions() > 1
    assert_same([row.asDict() for row in tagged.orderBy("id").collect()], expected)


@EITHER
def test_the_order_within_a_partition_is_kept(tag, spark, parquet) -> None:
    frame = spark.read.parquet(str(parquet))
    before = frame.select("id").rdd.glom().collect()
    after = tag(frame, LineTagger()).select("id").rdd.glom().collect()
    assert after == before


@EITHER
def test_columns_of_an_earlier_run_are_replaced(tag, spark, parquet) -> None:
    frame = spark.read.parquet(str(parquet)).limit(3)
    once = tag(frame, LineTagger())
    twice = tag(once, LineTagger())
    assert twice.schema == once.schema
    assert sorted(map(repr, twice.collect())) == sorted(map(repr, once.collect()))
    with pytest.raises(ValueError, match="no column 'body'"):
        LineTagger(text_field="body").schema(frame.schema)


@pytest.mark.parametrize("large", ["false", "true"])
def test_batches_of_arrow_hold_texts_of_either_type(large, spark) -> None:
    spark.conf.set("spark.sql.execution.arrow.useLargeVarTypes", large)
    texts = ["The ferry sails again.\n\nShare this article", None, ""]
    rows = [(n, text, None if text is None else text.split("\n")) for n, text in enumerate(texts)]
    frame = spark.createDataFrame(rows, "id int, text string, lines array<string>")
    try:
        for field in ("text", "lines"):
            tagger = LineTagger(text_field=field)
            assert sorted(in_arrow(frame, tagger).collect()) == sorted(in_pandas(frame, tagger).collect())
    finally:
        spark.conf.unset("spark.sql.execution.arrow.useLargeVarTypes")
