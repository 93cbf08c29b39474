"""From lines to scores, rules and reasons: the work that processes share out among themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Literal

from linesift.bundle import load_model
from linesift.model import Model, without_nan
from linesift.reasons import Told, explain_all, tell, with_site
from linesift.rules import DROP, Rule, decide
from linesift.site_memory import SiteMemory

Explain = Literal["none", "noise", "all"]
KEPT_SCORE, DROPPED_SCORE = 0.0, 1.0  # of lines that a rule decides: whatever the threshold
MARK = "\ufeff"  # a byte order mark at the start of a text belongs to the file, not to the line


@dataclass(frozen=True, slots=True)
class TagOptions:
    """How documents are tagged.

    :param model: the bundle's folder; None: the one that ships.
    :param rules: of the user's own, applied before the model sees the lines.
    :param explain: which lines get reasons.
    :param memory: the file of a site memory.
    """

    model: Path | None = None
    mode: str = "balanced"
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

    :param scores: P(noise); None on blank lines.
    :param rules: the rule that decided the line, if one did.
    :param whys: for the lines that were asked for.
    """

    scores: list[float | None]
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
    rules = [decide(options.rules, lines) for lines in documents]
    seen = [_seen(lines, decided) for lines, decided in zip(documents, rules, strict=True)]
    found = model.scores([lines for _, lines in seen], sites=sites, memory=memory)
    lowest = model.thresholds[options.mode] if options.explain == "noise" else 0.0
    results = []
    for decided, (numbers, lines), noise, site in zip(rules, seen, found, sites, strict=True):
        scores = _scores(decided, numbers, without_nan(noise))
        explain = partial(_model_whys, model, site, memory, lines)
        whys = {} if options.explain == "none" else _whys(explain, lowest, numbers, scores, decided)
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


def unmarked(lines: Sequence[str]) -> list[str]:
    """The lines without a byte order mark at their start."""
    return [line.removeprefix(MARK) for line in lines[:1]] + list(lines[1:])


def _seen(lines: Sequence[str], rules: Sequence[Rule | None]) -> tuple[Sequence[int], list[str]]:
    """What the model sees of a document: the lines that no rule drops, after their numbers, from 1."""
    if not any(rules):
        return range(1, len(lines) + 1), unmarked(lines)
    seen = [
        (number, line)
        for number, (line, rule) in enumerate(zip(unmarked(lines), rules, strict=True), 1)
        if rule is None or rule.action != DROP
    ]
    return [number for number, _ in seen], [line for _, line in seen]


def _scores(rules: Sequence[Rule | None], numbers: Sequence[int], seen: list[float | None]) -> list[float | None]:
    """The scores of all lines: what rules say, and the model's for the rest.

    :param numbers: of the lines that the model saw.
    :param seen: their scores.
    """
    if not any(rules):
        return seen
    scores: list[float | None] = [None if rule is None else _score(rule) for rule in rules]
    for number, score in zip(numbers, seen, strict=True):
        if rules[number - 1] is None:
            scores[number - 1] = score
    return scores


def _score(rule: Rule) -> float:
    return DROPPED_SCORE if rule.action == DROP else KEPT_SCORE


def _whys(
    explain: Callable[[Sequence[int]], list[Why]],
    lowest: float,
    numbers: Sequence[int],
    scores: Sequence[float | None],
    rules: Sequence[Rule | None],
) -> dict[int, Why]:
    """Why lines got their scores, by number, from 1.

    :param explain: gives it for places, from 1, among the lines that the model saw.
    :param lowest: score of the lines to explain.
    :param numbers: of the lines that the model saw.
    """
    whys = {number: _rule_why(rule) for number, rule in enumerate(rules, 1) if rule}
    wanted = []
    for place, number in enumerate(numbers, 1):
        score = scores[number - 1]
        if score is not None and score >= lowest and number not in whys:
            wanted.append((place, number))
    found = explain([place for place, _ in wanted])
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
