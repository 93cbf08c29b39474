"""tools/measure_language.py: what is taken away, what is trained on, and what is measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linesift.boosting import BoostingOptions
from tools.measure_language import STEPS, Documents, Step, copy_files, format_rows, measure, read_documents

STORY = "The river rose by two metres overnight, and by morning the fields stood under water"


def row(number: int, **fields: str) -> dict[str, object]:
    lines = [f"{STORY}, said witness {number} of {number * 7}.", "Share"]
    return {"id": str(number), "source": "real", "view": "full", "lines": lines, "labels": [1, 0], **fields}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Documents:
    path = tmp_path_factory.mktemp("corpus") / "real.jsonl"
    rows = [
        row(1, lang="en", split="train", domain="a.example"),
        row(2, lang="en", split="valid", domain="b.example"),
        row(3, lang="fi", split="train", domain="c.example"),
        row(4, lang="en", split="train", domain="c.example"),  # of the site of a page that is measured on
        row(5, lang="en", split="train", source="challenge-consent"),
        row(6, lang="fi", split="valid", source="challenge-consent"),
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return read_documents("fi", [path])


def test_nothing_of_the_language_and_nothing_that_is_measured_on_is_trained_on(documents: Documents) -> None:
    assert {document.id for document in documents.gold} == {"2", "3", "5", "6"}
    assert [document.id for document in documents.others if document.source == "real"] == ["1"]
    assert not any(document.lang == "fi" or document.is_challenge for document in documents.others)
    assert {document.source for document in documents.own} == {"starter"}
    assert {document.lang for document in documents.own} == {"fi"}


@pytest.mark.parametrize("step", STEPS, ids=[step.name for step in STEPS])
def test_a_step_has_the_files_that_it_names(step: Step, tmp_path: Path) -> None:
    features, noise = copy_files("fi", step, tmp_path)
    assert (features / "catalogue.tsv").is_file()
    assert (features / "lexicons" / "consent" / "sv.txt").is_file()
    assert (noise / "sv.tsv").is_file()
    assert len(list(features.glob("lexicons/*/fi.txt"))) == (16 if step.lexicons else 0)
    assert (noise / "fi.tsv").is_file() == step.noise_lines


def test_the_table_has_a_row_for_each_figure_and_a_column_for_each_step(documents: Documents) -> None:
    few = Documents(documents.others[:6], documents.own[:3], documents.gold)
    boosting = BoostingOptions(2, 2, 2)
    first, *rows = format_rows({step.name: [measure("fi", step, few, boosting)] for step in (STEPS[0], STEPS[-1])})
    assert first == "| measured on, article + noise lines | | nothing | documents |"
    assert [row.split(" | ")[:2] for row in rows[1:]] == [
        *(["| fi: challenge-consent/*, 1 + 1", name] for name in ("macro F1", "noise recall", "article recall")),
        *(["| fi: real/full, 1 + 1", name] for name in ("macro F1", "noise recall", "article recall")),
        *(["| fi: starter/full, 40 + 44", name] for name in ("macro F1", "noise recall", "article recall")),
        ["| others: challenge-consent/*, 1 + 1", "macro F1"],
        ["| others: real/full, 1 + 1", "macro F1"],
    ]
