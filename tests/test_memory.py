"""Memory: tagging takes at most 40 times the size of the input. To be run with LINESIFT_LARGE=1, as .ci/run does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from linesift.native import is_compiled
from tests.conftest import ROOT

pytestmark = [
    pytest.mark.skipif(not is_compiled(), reason="the loops that need no compiler take more"),
    pytest.mark.skipif("LINESIFT_LARGE" not in os.environ, reason="takes minutes and gigabytes: LINESIFT_LARGE=1"),
    pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="this system does not reset peaks of memory"),
]

MOST = 40  # bytes for each byte of the input
PROGRAM = """
import sys
from pathlib import Path
import linesift

def kibibytes(name):
    rows = Path("/proc/self/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith(name + ":"))

model = linesift.load()
model.tag("The river rose by two metres overnight.\\nAccept all cookies")
text = eval(sys.argv[1])
size = len(text.encode())
Path("/proc/self/clear_refs").write_text("5")  # begin anew with the peak
before = kibibytes("VmRSS")
page = model.tag(text)
print((kibibytes("VmHWM") - before) * 1024 / size)
"""
STORY = "The river rose by two metres overnight, and by morning the lower fields stood under water. "


MILLION_LETTERS = pytest.param(
    "'a\\n' * 1_000_000",
    id="million-letters",
    marks=pytest.mark.xfail(raises=AssertionError, strict=True, reason="takes 1,262 times the input, 2.5 kB a line"),
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{STORY!r} * (50_000_000 // {len(STORY)})", id="line-of-50-MB"),
        pytest.param(f"({STORY!r} * 3 + '\\n') * (20_000_000 // {3 * len(STORY) + 1})", id="text-of-20-MB"),
        MILLION_LETTERS,
    ],
)
def test_memory_is_a_small_multiple_of_the_input(text: str) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, text], cwd=ROOT, capture_output=True, check=True)
    assert float(done.stdout) <= MOST
