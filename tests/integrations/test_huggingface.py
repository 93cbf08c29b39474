"""Hugging Face datasets, with its own processes."""

import pytest

datasets = pytest.importorskip("datasets")

from linesift.integrations.huggingface import LineTagger  # noqa: E402
from tests.integrations.conftest import assert_same, assert_small  # noqa: E402


@pytest.fixture
def dataset(parquet, tmp_path):
    files = sorted(map(str, parquet.glob("*.parquet")))
    return datasets.load_dataset("parquet", data_files=files, split="train", cache_dir=str(tmp_path))


# Forks while the threads of earlier tests live; nothing of theirs is used in the children.
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
@pytest.mark.parametrize("processes", [None, 2])
def test_scores_are_those_of_the_plain_api(processes, dataset, expected) -> None:
    tagger = LineTagger()
    assert_small(tagger)
    features = tagger.features(dataset.features)
    tagged = dataset.map(tagger, batched=True, batch_size=31, num_proc=processes, features=features)
    assert tagged.features == features
    assert_same(list(tagged), expected)


def test_streams_are_tagged_as_they_come(dataset, expected) -> None:
    stream = dataset.to_iterable_dataset().map(LineTagger(), batched=True, batch_size=7)
    assert_same(list(stream.take(9)), expected[:9])


def test_a_wrong_column_is_named(dataset) -> None:
    with pytest.raises(ValueError, match=r"no column 'body'; text_field names another; columns here: \['id', 'text'\]"):
        LineTagger(text_field="body").features(dataset.features)
