"""Invented documents as a table, and what the plain API says of them."""

from __future__ import annotations

import os
import pickle
from collections.abc import Sequence
from pathlib import Path

import pytest

import linesift
from benchmarks.invented import invented_texts
from linesift.documents import TaggedDocument

# Engines that would tell their makers of each run, or ask a hub.
os.environ.update(
    HAYSTACK_TELEMETRY_ENABLED="False", RAY_USAGE_STATS_ENABLED="0", HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1"
)

N_DOCUMENTS = 120
N_FILES = 2


@pytest.fixture(scope="session")
def texts() -> list[str | None]:
    """Documents, one of them missing and one empty."""
    return [*invented_texts(N_DOCUMENTS - 2), None, ""]


@pytest.fixture(scope="session")
def expected(texts: list[str | None]) -> list[TaggedDocument | None]:
    """The pages that the plain API gives, one by one."""
    model = linesift.load()
    return [None if text is None else model.tag(text) for text in texts]


@pytest.fixture(scope="session")
def parquet(texts: list[str | None], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two Parquet files, with row groups that no batch of any engine fits."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    folder = tmp_path_factory.mktemp("parquet")
    size = -(-len(texts) // N_FILES)
    for number in range(N_FILES):
        rows = range(number * size, min((number + 1) * size, len(texts)))
        table = pa.table({"id": list(rows), "text": pa.array([texts[row] for row in rows], pa.string())})
        pq.write_table(table, folder / f"{number}.parquet", row_group_size=23)
    return folder


def assert_same(rows: Sequence[dict], expected: Sequence[TaggedDocument | None]) -> None:
    """The rows in order, and everything in them to the last bit."""
    assert [row["id"] for row in rows] == list(range(len(expected)))
    for row, page in zip(rows, expected, strict=True):
        found = {name: row[name] for name in ("article", "labels", "scores", "article_share")}
        assert found == {name: None if page is None else getattr(page, name) for name in found}


def assert_small(thing: object) -> None:
    """Workers get a few bytes, never the model."""
    assert len(pickle.dumps(thing)) < 500
