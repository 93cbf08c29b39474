"""Shared fixtures: the repository, the bundle that ships, and a small model trained on a few invented pages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import linesift
from linesift.classifier import LineClassifier

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared corpora are not beside the repository")

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="session")
def model() -> LineClassifier:
    """The bundle that ships."""
    return linesift.load()


@pytest.fixture
def command() -> Run:
    """Run the real command in a process of its own: command("predict", "page.txt", input=b"...")."""

    def run(*args: object, input: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        program = [sys.executable, "-c", "from linesift.cli import main; main()"]
        return subprocess.run([*program, *map(str, args)], input=input, capture_output=True, cwd=ROOT, check=False)

    return run
