"""python -m tools.pin_bundle

Writes linesift/models/pins.json, the sha256 of each file of the bundle that ships. To be run when that bundle was
trained anew: linesift.load() refuses one that is not pinned.
"""

from __future__ import annotations

import json
from pathlib import Path

from linesift.bundle import CARD, FILES, MANIFEST, PINS, sha256

MODELS = Path(__file__).resolve().parent.parent / "linesift" / "models"


def main() -> None:
    """Pin the bundle as it stands in the checkout."""
    hashes = {name: sha256((MODELS / "default" / name).read_bytes()) for name in (MANIFEST, *FILES, CARD)}
    (MODELS / PINS).write_text(json.dumps({"default": hashes}, indent=1) + "\n", "utf-8")
    print(f"{MODELS / PINS}: written")


if __name__ == "__main__":
    main()
