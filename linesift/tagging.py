"""From lines to scores, rules and reasons: the work that processes share out among themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from linesift.bundle import load_model
from linesift.documents import unmarked
from linesift.model import Model
from linesift.reasons import Told, explain_all, tell, with_site
from linesift.rules import DROP, Rule, decide
from linesift.site_memory import SiteMemory

Explain = Literal["none", "noise", "all"]
KEPT_SCORE, DROPPED_SCORE = 0.0, 1.0  # of lines that a rule decides: whatever the threshold


@dataclass(frozen=True, slots=True)
class TagOptions:
    """How documents are tagged.

    :param model: the bundle's folder; None: the one that ships.
    :param threshold: score from which a line is noise, and explained if only noise is.
    :param rules: of the user's own, applied before the model sees the lines.
    :param explain: which lines get reasons.
    :param memory: the file of a site memory.
    """

    model: Path | None = None
    threshold: float = 0.5
    rules: tuple[Rule, ...] = ()
    explain: Explain = "none"
    memory: Path | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """Why a line got its score.

    :param cause: a name for what mattered most, to count by.
    :param told: the strongest reasons for either label, in words.
    """

    cause: str
    told: Told


@dataclass(frozen=True, slots=True)
class Tags:
    """What is known of a document's lines.

    :param scores: (n_lines,), P(noise); NaN on blank lines.
    :param rules: the rule that decided the line, if one did; empty without rules.
    :param whys: for the lines that were asked for.
    """

    scores: NDArray[np.float64]
    rules: list[Rule | None]
    whys: dict[int, Why] = field(default_factory=dict)


def tag(options: TagOptions, documents: Sequence[Sequence[str]], sites: Sequence[str]) -> list[Tags]:
    """Tag documents, together.

    :param sites: of the documents, "" where it is not known; of use with a site memory only.
    :raises BundleError: if the model cannot be loaded.
    :raises SiteMemoryError: if the site memory cannot be.
    """
    model = loaded(options.model)
    memory = loaded_memory(options.memory)
    documents = [unmarked(lines) for lines in documents]
    rules = [decide(options.rules, lines) if options.rules else [] for lines in documents]
    seen = [_seen(lines, decided) for lines, decided in zip(documents, rules, strict=True)]
    found = model.scores([part.lines for part in seen], sites=sites, memory=memory)
    results = []
    for decided, part, noise, site in zip(rules, seen, found, sites, strict=True):
        scores = _scores(decided, part, noise)
        explain = partial(_model_whys, model, site, memory)
        lowest = options.threshold if options.explain == "noise" else 0.0
        whys = {} if options.explain == "none" else _whys(explain, lowest, part, scores, decided)
        results.append(Tags(scores, decided, whys))
    return results


@cache
def loaded(folder: Path | None) -> Model:
    """The model, loaded once in each process.

    :raises BundleError: if it cannot be.
    """
    return load_model(folder)


@cache
def loaded_memory(path: Path | None) -> SiteMemory | None:
    """The site memory, loaded once in each process.

    :raises SiteMemoryError: if it cannot be.
    :raises OSError: if it cannot be opened.
    """
    return SiteMemory.load(path) if path else None


@dataclass(frozen=True, slots=True)
class Seen:
    """What the model sees of a document: the lines that no rule drops.

    :param numbers: of the lines in the document, from 1.
    """

    numbers: Sequence[int]
    lines: Sequence[str]


def _seen(lines: Sequence[str], rules: Sequence[Rule | None]) -> Seen:
    if not any(rules):
        return Seen(range(1, len(lines) + 1), lines)
    numbers = [number for number, rule in enumerate(rules, 1) if rule is None or rule.action != DROP]
    return Seen(numbers, [lines[number - 1] for number in numbers])


def _scores(rules: Sequence[Rule | None], seen: Seen, noise: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n_lines,) what the rules and the model make of a document.

    :param noise: of the lines that the model saw.
    """
    if not any(rules):
        return noise
    scores = np.full(len(rules), np.nan)
    scores[np.array(seen.numbers, dtype=np.int64) - 1] = noise
    for place, rule in enumerate(rules):
        if rule is not None:
            scores[place] = _score(rule)
    return scores


def _score(rule: Rule) -> float:
    return DROPPED_SCORE if rule.action == DROP else KEPT_SCORE


def _whys(
    explain: Callable[[Sequence[str], Sequence[int]], list[Why]],
    lowest: float,
    seen: Seen,
    scores: NDArray[np.float64],
    rules: Sequence[Rule | None],
) -> dict[int, Why]:
    """Why lines got their scores, by number, from 1.

    :param explain: gives it for lines that the model scored.
    :param lowest: score of the lines to explain.
    """
    whys = {number: _rule_why(rule) for number, rule in enumerate(rules, 1) if rule}
    wanted = []  # places among the lines that the model saw, and their numbers in the document
    for place, number in enumerate(seen.numbers, 1):
        if scores[number - 1] >= lowest and number not in whys:  # never so of a blank line's NaN
            wanted.append((place, number))
    found = explain(seen.lines, [place for place, _ in wanted])
    return whys | {number: why for (_, number), why in zip(wanted, found, strict=True)}


def _rule_why(rule: Rule) -> Why:
    return Why(f"{rule.action} rules", Told(str(rule), str(rule)))


def _model_whys(
    model: Model, site: str, memory: SiteMemory | None, lines: Sequence[str], numbers: Sequence[int]
) -> list[Why]:
    """The strongest reasons of the model for the scores of some lines of one document: the one place that asks it."""
    if not numbers:
        return []
    found = explain_all(model, lines, numbers)
    if memory:
        found = with_site(model, lines, memory.others([site], [lines])[0], numbers, found)
    return [Why(reasons[0].feature if reasons else "", tell(reasons)) for reasons in found]
