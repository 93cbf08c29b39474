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
    features = tagger.features(dataset.features)
    assert_small(tagger)
    tagged = dataset.map(tagger, batched=True, batch_size=31, num_proc=processes, features=features)
    assert tagged.features == features
    assert_same(list(tagged), expected)


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
@pytest.mark.parametrize("processes", [None, 2])
def test_tables_of_arrow_give_what_rows_give(processes, dataset, expected) -> None:
    tagger = LineTagger()
    features = tagger.features(dataset.features)
    of_rows = dataset.map(tagger, batched=True, batch_size=31, features=features)
    given = dataset.with_format("arrow")
    tagged = given.map(tagger, batched=True, batch_size=31, num_proc=processes, features=features)
    assert given.column_names == ["id", "text"]
    assert tagged.features == features == of_rows.features
    assert tagged.data.schema.types == of_rows.data.schema.types
    assert tagged.with_format(None)[:] == of_rows[:]
    assert_same(list(tagged.with_format(None)), expected)
    guessed = given.map(tagger, batched=True, batch_size=31)
    assert guessed.features == features


def test_columns_of_an_earlier_run_are_replaced_in_tables_too(dataset) -> None:
    tagger = LineTagger()
    rows = datasets.Dataset.from_dict({"text": ["Share\n\nLog in", None], "scores": ["a", "b"], "id": [1, 2]})
    features = tagger.features(rows.features)
    tagged = rows.with_format("arrow").map(tagger, batched=True, features=features).with_format(None)
    of_rows = rows.map(tagger, batched=True, features=features)
    assert tagged.features == of_rows.features
    assert tagged[:] == of_rows[:]
    with pytest.raises(ValueError, match="no column 'body'"):
        LineTagger(text_field="body")(dataset.with_format("arrow")[:])


@pytest.mark.parametrize("form", [None, "arrow"])
def test_streams_are_tagged_as_they_come(form, dataset, expected) -> None:
    stream = dataset.to_iterable_dataset().with_format(form).map(LineTagger(), batched=True, batch_size=7)
    assert_same(list(stream.with_format(None).take(9)), expected[:9])


def test_a_wrong_column_is_named(dataset) -> None:
    with pytest.raises(ValueError, match=r"no column 'body'; text_field names another; columns here: \['id', 'text'\]"):
        LineTagger(text_field="body").features(dataset.features)
