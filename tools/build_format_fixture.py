"""python -m tools.build_format_fixture

Trains a tiny bundle on the starter corpus and writes it to tests/fixtures/bundles/format-N, with the scores it gives,
where N is the version of the format. To be run once for each version, before its first release (delete the folder to
run it again until then); after it, what was written is never changed, since the tests hold every later version to it.
"""

from __future__ import annotations

import json
from pathlib import Path

from linesift.boosting import BoostingOptions
from linesift.bundle import save_bundle
from linesift.corpus import read_corpus, scored
from linesift.features.catalogue import read_catalogue
from linesift.features.lexicons import Lexicons, read_lexicons
from linesift.manifest import FORMAT_VERSION
from linesift.model import Model
from linesift.training import TrainingOptions, train

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "fixtures" / "bundles" / f"format-{FORMAT_VERSION}"
EVERY = 300  # one entry of the lexicons in so many
OPTIONS = TrainingOptions(BoostingOptions(folds=2, first_trees=6, second_trees=6, leaves=8, threads=1), planted=0.2)
CARD = "# Model card\n\nA tiny bundle of this format version, for tests; it is good for nothing else.\n"


def main() -> None:
    """Train, save, and write down the scores of the example page."""
    if FOLDER.exists():
        raise SystemExit(f"{FOLDER} is there already: it stays as it is")
    model = tiny_model()
    save_bundle(model, FOLDER, CARD)
    lines = (ROOT / "examples" / "page.txt").read_text("utf-8").removesuffix("\n").split("\n")
    expected = {"lines": lines, "scores": model.scores([lines])[0].tolist()}
    (FOLDER / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"{FOLDER}: written")


def tiny_model() -> Model:
    """Quick to train, and good for nothing but tests."""
    documents = scored(list(read_corpus(ROOT / "data" / "starter-europe.jsonl", print)))
    lexicons = Lexicons.from_entries(read_lexicons(ROOT / "features" / "lexicons").entries[::EVERY])
    return train(documents, lexicons, read_catalogue(ROOT / "features" / "catalogue.tsv"), (), OPTIONS).model


if __name__ == "__main__":
    main()
