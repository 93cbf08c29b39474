"""The catalogue of features: which columns the two passes look at, in which order, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

HEADER = ("feature", "family", "pass", "meaning")


class Feature(NamedTuple):
    """One column.

    :param name: as linesift.features.extract computes it.
    :param family: what kind of evidence it is; ablations and reasons go by families.
    :param stage: 1 for both passes, 2 for the second alone.
    :param meaning: what it measures, in words.
    """

    name: str
    family: str
    stage: int
    meaning: str


@dataclass(frozen=True)
class Catalogue:
    """The features in the order of their columns."""

    features: tuple[Feature, ...]

    @cached_property
    def first_pass(self) -> tuple[str, ...]:
        """Names of the columns of the first pass."""
        return tuple(feature.name for feature in self.features if feature.stage == 1)

    @cached_property
    def second_pass(self) -> tuple[str, ...]:
        """Names of the columns that the second pass adds."""
        return tuple(feature.name for feature in self.features if feature.stage == 2)

    @cached_property
    def columns(self) -> tuple[Feature, ...]:
        """The features in the order in which the second booster sees them."""
        return tuple(sorted(self.features, key=lambda feature: feature.stage))


def parse_catalogue(text: str) -> Catalogue:
    """The catalogue from tab-separated text with the columns of HEADER; lines that begin with `#` are comments.

    :raises ValueError: if a row has other columns, naming its line.
    """
    rows = [(n, line.split("\t")) for n, line in enumerate(text.split("\n"), 1) if line and not line.startswith("#")]
    if not rows or tuple(rows[0][1]) != HEADER:
        raise ValueError(f"expected a header with the columns {', '.join(HEADER)}")
    features = []
    for number, cells in rows[1:]:
        if len(cells) != len(HEADER) or cells[2] not in {"1", "2"}:
            raise ValueError(f"line {number}: expected {', '.join(HEADER)} with pass 1 or 2, found {cells}")
        features.append(Feature(cells[0], cells[1], int(cells[2]), cells[3]))
    return Catalogue(tuple(features))


def format_catalogue(catalogue: Catalogue) -> str:
    """The text that parse_catalogue reads."""
    rows = [HEADER, *((f.name, f.family, str(f.stage), f.meaning) for f in catalogue.features)]
    return "\n".join("\t".join(row) for row in rows) + "\n"


def read_catalogue(path: Path) -> Catalogue:
    """Read a catalogue file.

    :raises ValueError: if it is no catalogue, naming file and line.
    """
    try:
        return parse_catalogue(path.read_text("utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
