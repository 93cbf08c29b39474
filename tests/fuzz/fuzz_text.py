"""python -m tests.fuzz.fuzz_text FOLDER -max_total_time=600

Tags whatever atheris (pip install atheris) comes up with. FOLDER holds the texts to start from, a copy of
tests/fuzz/seeds, since new ones are added to it. A text that breaks a promise is written to the current folder; keep
it in tests/fuzz/seeds, which the tests read.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["linesift"]):
    import linesift
    from tests.fuzz.promises import check_document

MODEL = linesift.load()


def one_input(content: bytes) -> None:
    """Tag one text: what is not UTF-8 becomes lone surrogates."""
    check_document(MODEL, content.decode("utf-8", "surrogateescape"))


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
