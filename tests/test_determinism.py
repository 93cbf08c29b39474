"""The same scores for a document however it comes: alone, in any batch, by any number of threads, after pickling."""

import json
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linesift
import linesift.model
from linesift.classifier import LineClassifier
from tests.conftest import ROOT
from tests.fuzz.texts import hostile_texts

MODEL = linesift.load()
N_THREADS, ROUNDS = 8, 40


def starter() -> list[list[str]]:
    rows = (ROOT / "data" / "starter-world.jsonl").read_text("utf-8").split("\n")
    return [json.loads(row)["lines"] for row in rows if row]


DOCUMENTS = starter()


@pytest.fixture(scope="module")
def alone() -> list[np.ndarray]:
    """The scores of each document by itself."""
    return [MODEL.model_.scores([lines])[0] for lines in DOCUMENTS]


def assert_same(scores: list[np.ndarray], expected: list[np.ndarray]) -> None:
    for found, wanted in zip(scores, expected, strict=True):
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("lines", [1, 7, 100, 1_000_000])
def test_the_size_of_batches_changes_nothing(
    lines: int, alone: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linesift.model, "BATCH_LINES", lines)
    monkeypatch.setattr(linesift.model, "BATCH_CHARS", lines * 100)
    assert_same(MODEL.model_.scores(DOCUMENTS), alone)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_documents_changes_nothing(seed: int, alone: list[np.ndarray]) -> None:
    order = np.random.default_rng(seed).permutation(len(DOCUMENTS))
    scores = MODEL.model_.scores([DOCUMENTS[place] for place in order])
    assert_same(scores, [alone[place] for place in order])


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_the_number_of_threads_changes_nothing(threads: int, alone: list[np.ndarray]) -> None:
    assert_same(MODEL.model_.scores(DOCUMENTS, threads=threads), alone)


@settings(max_examples=30)
@given(st.lists(hostile_texts(), min_size=1, max_size=4))
def test_hostile_neighbours_in_a_batch_change_nothing(texts: list[str]) -> None:
    documents = [text.split("\n") for text in texts]
    assert_same(MODEL.model_.scores(documents), [MODEL.model_.scores([lines])[0] for lines in documents])


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickled_model_scores_the_same(protocol: int, alone: list[np.ndarray]) -> None:
    copy: LineClassifier = pickle.loads(pickle.dumps(MODEL, protocol))
    assert_same(copy.model_.scores(DOCUMENTS), alone)


def test_threads_can_share_a_model_that_none_has_used_yet(alone: list[np.ndarray]) -> None:
    """What is compiled at first use is compiled while all threads ask for it."""
    fresh = linesift.load()
    chosen = [round_ % len(DOCUMENTS) for round_ in range(N_THREADS * ROUNDS)]
    with ThreadPoolExecutor(N_THREADS) as pool:
        scores = pool.map(lambda place: fresh.model_.scores([DOCUMENTS[place]])[0], chosen)
        assert_same(list(scores), [alone[place] for place in chosen])


def test_another_process_with_another_hash_seed_scores_the_same(alone: list[np.ndarray], tmp_path: Path) -> None:
    program = (
        "import sys, json, linesift; documents = json.load(sys.stdin); "
        "json.dump([scores.tolist() for scores in linesift.load().model_.scores(documents)], sys.stdout)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(DOCUMENTS).encode(),
        env={"PYTHONHASHSEED": "1234", "PATH": ""},
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert_same([np.array(scores) for scores in json.loads(done.stdout)], alone)
