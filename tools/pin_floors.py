"""python -m tools.pin_floors [--lower REASON]

Writes tests/floors.json: what the bundle that ships reaches, and what it was measured on. To be run when that bundle
was trained anew, after tools.pin_bundle. A figure that falls needs --lower with a reason, which stays in the file.

held out   figures on sites that the measured model was not trained on, from the model card
starter    figures on the repository's own labelled documents, which the bundle was trained on
pages      labels and scores of the example pages
"""

from __future__ import annotations

import argparse
import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import linesift
from linesift.corpus import read_corpus, scored
from linesift.evaluation import COLUMNS, count_by

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ROOT / "tests" / "floors.json"
BUNDLE = ROOT / "linesift" / "models" / "default"
STARTER = sorted((ROOT / "data").glob("starter-*.jsonl"))
PAGES = sorted((ROOT / "examples").glob("*.txt"))
HELD_OUT = ("Held out: valid", "Challenges")
FIGURES = ("macro", "artR", "noiR")  # macro F1, recall of article lines, recall of noise lines
HALF = 0.5
# Libraries may round in another order; a line whose score stands at the threshold then changes its label.
TOLERANCE = 0.002


def measure() -> dict[str, Any]:
    """All that is pinned, as the checkout stands."""
    manifest = json.loads((BUNDLE / "manifest.json").read_text("utf-8"))
    return {
        "held out": {"measured on": manifest["training_files"], "floors": from_card()},
        "starter": {"measured on": {path.name: _sha256(path) for path in STARTER}, "floors": from_starter()},
        "pages": {path.name: {"sha256": _sha256(path), **_predicted(path)} for path in PAGES},
    }


def from_card() -> dict[str, dict[str, float]]:
    """FIGURES of each row of the card's tables of held-out sites and challenges."""
    sections = (BUNDLE / "README.md").read_text("utf-8").split("\n## ")
    rows: dict[str, dict[str, float]] = {}
    for section in sections:
        if section.startswith(HELD_OUT):
            for line in section.split("\n"):
                name, *cells = [cell.strip() for cell in line.strip("| ").split("|")]
                if len(cells) == len(COLUMNS) and cells[-1].isdigit():
                    rows[name] = {figure: float(cells[COLUMNS.index(figure)]) for figure in FIGURES}
    return rows


def from_starter() -> dict[str, dict[str, float]]:
    """FIGURES on the starter corpus."""
    documents = [document for path in STARTER for document in scored(list(read_corpus(path, print)))]
    scores = linesift.load().model_.scores([document.lines for document in documents])
    table = count_by(documents, scores, HALF)
    return {
        row: dict(zip(FIGURES, map(_rounded, (counts.macro_f1, counts.article[1], counts.noise[1])), strict=True))
        for row, counts in table.items()
    }


def fallen(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """The figures that are lower than their floors, or gone."""
    found = []
    for part in ("held out", "starter"):
        for row, figures in old[part]["floors"].items():
            for figure, floor in figures.items():
                reached = new[part]["floors"].get(row, {}).get(figure)
                if reached is None or reached < floor - TOLERANCE:
                    found.append(f"{part}: {figure} of {row} was {floor}, is {reached}")
    return found


def _predicted(path: Path) -> dict[str, Any]:
    page = linesift.load().tag(path.read_text("utf-8"))
    return {
        "labels": page.labels,
        "scores": [None if score is None else _rounded(score) for score in page.scores],
    }


def _rounded(figure: float) -> float:
    return round(float(figure), 4)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Write the floors, unless one would fall without a reason."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lower", metavar="REASON", help="why figures may fall")
    reason = parser.parse_args().lower
    new = measure()
    lowered = []
    if FLOORS.exists():
        old = json.loads(FLOORS.read_text("utf-8"))
        lowered, down = old["lowered"], fallen(old, new)
        if down and not reason:
            raise SystemExit("\n".join([*down, "to let them fall: --lower REASON"]))
        if down:
            lowered.append({"date": date.today().isoformat(), "reason": reason, "figures": down})
    FLOORS.write_text(json.dumps({**new, "lowered": lowered}, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{FLOORS}: written")


if __name__ == "__main__":
    main()
