"""python tools/label_disagreements.py CORPUS...

How labelled corpora treat what label policies differ on: for dates, credits, bylines and list items, the share of
such lines that each source labels article. The patterns are rough, and see only the commonest forms.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import click
import pandas

from linesift.label_formats import read_labelled

PATTERNS = {
    "all lines": re.compile(""),
    "dates": re.compile(r"^.{0,25}\b(19|20)\d\d\b.{0,15}$"),
    "credits": re.compile(
        r"^\W*(photo|foto|image|bild|picture|credit|source|quelle|fuente)\w*\s*[:/(©].{0,100}$"
        r"|(getty|reuters|afp|\bdpa\b)[^.]{0,30}$",
        re.IGNORECASE,
    ),
    "bylines": re.compile(r"^(By|Von|Por|Par|Av)\s+[A-ZÅÄÖÉ].{2,40}$"),
    "list items": re.compile(r"^\s*([•·▪*–-]|\d{1,2}[.)])\s+\S"),
}
FEWEST_LINES = 20  # of a kind in a row, to say anything of it


@click.command(help=__doc__)
@click.argument("corpora", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
def main(corpora: tuple[Path, ...]) -> None:
    counts: Counter[tuple[str, str, int]] = Counter()
    for path in corpora:
        for document in read_labelled(path, on_error=lambda error: print(error, file=sys.stderr)):
            for line, label in zip(document.lines, document.labels, strict=True):
                if label is not None:
                    counts.update((document.row, name, label) for name, seen in PATTERNS.items() if seen.search(line))
    table = pandas.Series(counts).rename_axis(["row", "what", "label"]).unstack("label", fill_value=0)
    share = (table[1] / table.sum(axis=1)).where(table.sum(axis=1) >= FEWEST_LINES)
    shares = share.unstack("what")[list(PATTERNS)]
    print(f"| source/view | {' | '.join(shares.columns)} |\n|---|{'---:|' * len(shares.columns)}")
    for row, cells in zip(shares.index, shares.to_numpy(), strict=True):
        print(f"| {row} | {' | '.join(f'{cell:.2f}' if cell >= 0 else '–' for cell in cells)} |")


if __name__ == "__main__":
    main()
