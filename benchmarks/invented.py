"""Invented documents for the tests and benchmarks of the engines."""

from __future__ import annotations

import json
import random
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"


def invented_texts(count: int) -> list[str]:
    """Documents of 5 to 30 lines drawn from the starter corpus; the same in every run."""
    rows = [
        json.loads(row)
        for name in ("starter-europe", "starter-world")
        for row in (DATA / f"{name}.jsonl").read_text("utf-8").split("\n")[:-1]
    ]
    draw = random.Random(7)
    texts = []
    for _ in range(count):
        lines = draw.choice(rows)["lines"]
        start = draw.randrange(len(lines))
        texts.append("\n".join((lines[start:] + lines[:start])[: draw.randint(5, 30)]))
    return texts
