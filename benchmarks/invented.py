"""Invented documents for the tests and benchmarks of the engines."""

from __future__ import annotations

import json
import random
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"


def invented_texts(count: int, lines: int | None = None) -> list[str]:
    """Documents of lines drawn from the starter corpus; the same in every run.

    :param lines: of each document; None for 5 to 30 lines of one page.
    """
    rows = [
        json.loads(row)
        for name in ("starter-europe", "starter-world")
        for row in (DATA / f"{name}.jsonl").read_text("utf-8").split("\n")[:-1]
    ]
    draw = random.Random(7)

    def part() -> list[str]:
        page: list[str] = draw.choice(rows)["lines"]
        start = draw.randrange(len(page))
        return (page[start:] + page[:start])[: draw.randint(5, 30)]

    def document() -> list[str]:
        found = part()
        while lines and len(found) < lines:
            found += part()
        return found[:lines]

    return ["\n".join(document()) for _ in range(count)]
