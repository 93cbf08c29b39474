"""docs/sites.md shows what happens."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_docs import check_examples, install_command

DOC = (ROOT / "docs" / "sites.md").read_text("utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```", DOC, re.DOTALL | re.MULTILINE)
FOOT = (
    "The Herald is read along the whole coast\n"
    "This newspaper was founded in 1871 by three captains who agreed on nothing else."
)
PORTS = ("Port Ansel", "Lindholm", "Brenmouth", "Skellen", "Harrowmere", "Tolvik")
STORIES = (
    "The first ferry to {} in eleven years left on Tuesday morning with sixty passengers on board.\n"
    "It was not clear in the evening how often it would sail to {} in winter, the captain said.",
    "Council workers in {} found a sealed cellar beneath the fish market, and nobody knows who built it.\n"
    "The market stays open, the council of {} said on Friday, but the fish are sold on the quay for now.",
    "The lighthouse keeper of {} has put his collection of ship's bells up for sale at last.\n"
    "He would rather have left the bells to the museum of {}, he said, but it did not want them.",
    "A storm that was forecast to pass north of {} turned at the last moment and hit the pier.\n"
    "Nobody was hurt when the storm tore the roof off the ticket office, the harbour master of {} said.",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the examples run, one after the other."""
    folder = tmp_path_factory.mktemp("sites")
    texts = [f"{story.format(port, port)}\n{FOOT}" for port in PORTS for story in STORIES]
    rows = [{"url": f"https://www.herald.example/{n}", "text": text} for n, text in enumerate(texts, 1)]
    (folder / "herald.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    install_command(folder)
    return folder


@pytest.mark.parametrize("block", BLOCKS, ids=["one memory", "two merged"])
def test_examples_show_what_happens(block: str, folder: Path) -> None:
    check_examples(block, folder)
