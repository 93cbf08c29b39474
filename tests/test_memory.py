"""Memory: tagging takes at most 40 times the size of the input. To be run with LINESIFT_LARGE=1, as .ci/run does.

Inputs are of a megabyte or more: a small one takes up to 30 MB, as much as one part of a long document does.
"""

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
MEASURE = """
import ctypes
import gc
import sys
from pathlib import Path

def kibibytes(name):
    rows = Path("/proc/self/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith(name + ":"))

def begin():
    gc.collect()
    if hasattr(ctypes.CDLL(None), "malloc_trim"):  # or else the input may fit into what was freed before
        ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")  # begin anew with the peak
    return kibibytes("VmRSS")
"""
TAG = """
import linesift

model = linesift.load()
model.tag("The river rose by two metres overnight.\\nAccept all cookies")
text = eval(sys.argv[1])
size = len(text.encode())
before = begin()
page = model.tag(text)
for line in page.lines:
    assert text[line.start : line.end] == line.text
kept, removed = page.article, page.noise
assert page.text == text
print((kibibytes("VmHWM") - before) * 1024 / size)
"""
PREDICT = """
from linesift.cli import main

def predict(text):
    file = Path(sys.argv[3], "page.txt")
    size = file.write_text(text) and file.stat().st_size
    del text
    before = begin()
    try:
        main(["predict", "--quiet", "--format", sys.argv[2], "--output", f"{file}.out", str(file)])
    except SystemExit as end:
        assert not end.code
    return (kibibytes("VmHWM") - before) * 1024 / size

predict("The river rose by two metres overnight.\\nAccept all cookies")
print(predict(eval(sys.argv[1])))
"""
STORY = "The river rose by two metres overnight, and by morning the lower fields stood under water. "
# Programs that make the texts, which a command line could not hold.
TEXTS = {
    "million-letters": "'a\\n' * 1_000_000",
    "million-letters-of-two-bytes": "'ж\\n' * 1_000_000",
    "million-blank-lines": "'\\n' * 1_000_000",
    "line-of-50-MB": f"{STORY!r} * (50_000_000 // {len(STORY)})",
    "text-of-20-MB": f"({STORY!r} * 3 + '\\n') * (20_000_000 // {3 * len(STORY) + 1})",
    "line-of-one-letter-words": "'a ' * 5_000_000",
    "lines-of-one-letter-words": "('a ' * 50_000 + '\\n') * 10",
    "million-different-lines": "'\\n'.join(map(str, range(1_000_000)))",
}


def times_the_input(program: str, *args: object) -> float:
    """The memory that a program says it took, over the size of its input."""
    command = [sys.executable, "-c", MEASURE + program, *map(str, args)]
    return float(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_memory_is_a_small_multiple_of_the_input(text: str) -> None:
    assert times_the_input(TAG, text) <= MOST


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("million-blank-lines", "text"),
        ("million-blank-lines", "jsonl"),
        ("million-letters", "tsv"),
        ("million-letters-of-two-bytes", "text"),
    ],
)
def test_so_is_that_of_the_command(text: str, output: str, tmp_path: Path) -> None:
    assert times_the_input(PREDICT, TEXTS[text], output, tmp_path) <= MOST
