"""The quality gate: no figure of the bundle that ships falls below its floor (see tools/pin_floors.py)."""

import hashlib
import json
from typing import Any

import pytest

from linesift.classifier import LineClassifier
from tests.conftest import ROOT, SHARED, needs_shared
from tools.pin_floors import BUNDLE, FLOORS, PAGES, STARTER, fallen, from_card, from_starter

PINNED: dict[str, Any] = json.loads(FLOORS.read_text("utf-8"))
ADVICE = "run `python -m tools.pin_floors`"


def test_floors_were_measured_on_these_files() -> None:
    starter = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in STARTER}
    assert PINNED["starter"]["measured on"] == starter, ADVICE
    manifest = json.loads((BUNDLE / "manifest.json").read_text("utf-8"))
    assert PINNED["held out"]["measured on"] == manifest["training_files"], ADVICE


@needs_shared
def test_held_out_figures_were_measured_on_the_corpora_beside_the_repository() -> None:
    for name, expected in PINNED["held out"]["measured on"].items():
        path = SHARED / "corpora" / name
        if path.exists():
            assert hashlib.sha256(path.read_bytes()).hexdigest() == expected, name


def test_no_figure_falls() -> None:
    reached = {"held out": {"floors": from_card()}, "starter": {"floors": from_starter()}}
    assert not fallen(PINNED, reached)


def test_a_figure_that_falls_is_named() -> None:
    better = {"macro": 1.0, "artR": 1.0, "noiR": 1.0}
    floors = {part: {"floors": {"row": better}} for part in ("held out", "starter")}
    assert fallen(floors, floors) == []
    worse = {"held out": {"floors": {"row": {**better, "noiR": 0.9}}}, "starter": {"floors": {}}}
    assert fallen(floors, worse)[0] == "held out: noiR of row was 1.0, is 0.9"
    assert len(fallen(floors, worse)) == 1 + len(better)


def test_floors_that_were_lowered_have_a_reason() -> None:
    assert all(entry["reason"].strip() and entry["figures"] for entry in PINNED["lowered"])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_golden_predictions_of_the_example_pages(model: LineClassifier, path: Any) -> None:
    golden = PINNED["pages"][path.name]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == golden["sha256"], ADVICE
    page = model.tag(path.read_text("utf-8"))
    assert page.labels == golden["labels"]
    for found, expected in zip(page.scores, golden["scores"], strict=True):
        assert found == (None if expected is None else pytest.approx(expected, abs=2e-4))


def test_every_figure_of_the_gate_is_there() -> None:
    assert {"dragnet/full", "wcxb/full", "turku/residual", "challenge-consent/*"} <= PINNED["held out"]["floors"].keys()
    assert ROOT.joinpath("examples", "page.txt") in PAGES
