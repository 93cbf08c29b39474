"""Shared fixtures: the repository, the bundle that ships, and a small model trained on a few invented pages."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

import linesift
from linesift.classifier import LineClassifier

# A shell that runs the tests in the background has them ignore Ctrl-C, and so would all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

hypothesis.settings.register_profile("linesift", deadline=None)  # times are for benchmarks
hypothesis.settings.load_profile("linesift")

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
    """A function that runs the real command, with its arguments and input, in a process of its own."""

    def run(*args: object, input: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        program = [sys.executable, "-c", "from linesift.cli import main; main()"]
        return subprocess.run([*program, *map(str, args)], input=input, capture_output=True, cwd=ROOT, check=False)

    return run
