"""tools.ablation as docs/accuracy.md names it, on a few pages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT


def test_what_an_idea_is_worth_stands_in_a_table(tmp_path: Path) -> None:
    rows = [json.loads(row) for row in (ROOT / "data" / "starter-europe.jsonl").read_text("utf-8").split("\n")[:60]]
    for number, row in enumerate(rows):
        row["split"] = "valid" if number % 3 == 0 else "train"
    corpus = tmp_path / "pages.jsonl"
    corpus.write_text("".join(json.dumps(row) + "\n" for row in rows))
    program = [sys.executable, "-m", "tools.ablation", corpus, "--share", "1", "--without", "second pass"]
    table = subprocess.run(program, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\n")
    nothing, second_pass = ([cell.strip() for cell in line.split("|")] for line in table[2:4])
    assert (nothing[1], second_pass[1]) == ("nothing", "second pass")
    assert 0.5 < float(nothing[3]) < 1
    assert second_pass[3][0] in "+-"
