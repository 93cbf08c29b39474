"""Facts about a line in words: one sentence part for each topic that a person would tell apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from linesift.features.catalogue import Feature
from linesift.features.characters import CharClass
from linesift.features.context import CUT_OFF, OPENER_WORDS, WINDOW_FEATURES
from linesift.features.segments import FAR
from linesift.reasons.evidence import Evidence, Phrase
from linesift.reasons.language_names import name_languages

MOST_KINDS = 2  # of phrases, named for one line
MOST_QUOTED = 2  # phrases of one kind, quoted for one line
FEW_WORDS, MANY_WORDS = 10, 60  # a caption's and a paragraph's: what a person would call short and long
HIGH, LOW = 2 / 3, 1 / 3  # a mean P(noise) beyond these is called noise, or article
NEAR = 3  # lines above and below that a person sees with the line
CLASS_NAMES = {
    CharClass.LOWER: "a small letter",
    CharClass.UPPER: "a capital",
    CharClass.LETTER: "a letter",
    CharClass.IDEOGRAPH: "a letter",
    CharClass.SOUTHEAST_ASIAN: "a letter",
    CharClass.MARK: "an accent",
    CharClass.DIGIT: "a digit",
    CharClass.TERMINATOR: "a full stop",
    CharClass.ELLIPSIS: "an ellipsis",
    CharClass.COMMA: "a comma",
    CharClass.COLON: "a colon",
    CharClass.QUOTE: "a quotation mark",
    CharClass.OPEN: "an opening bracket",
    CharClass.CLOSE: "a closing bracket",
    CharClass.DASH: "a dash",
    CharClass.SEPARATOR: "a bar, bullet or arrow",
    CharClass.SYMBOL: "a currency or mathematical sign",
    CharClass.PICTOGRAPH: "an emoji or another sign",
}


class Point(NamedTuple):
    """What is to be put in words.

    :param row: of the line among the visible ones.
    :param feature: the one of its topic that contributes most.
    :param value: of that feature; NaN where it has none.
    :param shares: contributions of all features of the topic, by name.
    """

    row: int
    feature: Feature
    value: float
    shares: Mapping[str, float]

    @property
    def sign(self) -> float:
        """1 if the topic speaks for noise, -1 if it speaks for article."""
        return 1.0 if sum(self.shares.values()) > 0 else -1.0


Wording = Callable[[Evidence, Point], str]


def counted(count: int, plural: str) -> str:
    """A count and its noun.

    >>> counted(1, "consent phrases"), counted(2, "words")
    ('1 consent phrase', '2 words')
    """
    return f"{count} {plural.removesuffix('s') if count == 1 else plural}"


def quoted(texts: list[str]) -> str:
    """The first few texts in quotation marks, and how many more there are.

    >>> quoted(["share", "tweet", "e-mail"])
    '“share”, “tweet” and 1 more'
    """
    more = f" and {len(texts) - MOST_QUOTED} more" if len(texts) > MOST_QUOTED else ""
    return ", ".join(f"“{text}”" for text in texts[:MOST_QUOTED]) + more


def catalogued(evidence: Evidence, point: Point) -> str:
    """What the catalogue says of the feature, with its value."""
    return f"{point.feature.meaning}: {_number(point.feature, point.value)}"


def _number(feature: Feature, value: float) -> str:
    if np.isnan(value):
        return "none"
    if value >= FAR and feature.meaning.startswith("lines "):
        return "none near"
    if feature.meaning.startswith("share "):
        return f"{value:.0%}"
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"


def _count(evidence: Evidence, point: Point) -> str:
    """The counts of characters and links, whose meanings are nouns."""
    if point.value or point.feature.meaning.startswith("share "):
        return catalogued(evidence, point)
    return f"no {point.feature.meaning.replace(' and ', ' or ')}"


def _phrases(evidence: Evidence, point: Point) -> str:
    found: dict[str, list[Phrase]] = {}
    for phrase in evidence.phrases(point.row):
        found.setdefault(phrase.kind, []).append(phrase)
    if not found:
        return "no interface phrases"
    meaning = {feature.name: feature.meaning for feature in evidence.model.catalogue.features}
    kinds = sorted(found, key=lambda kind: -point.sign * point.shares.get(f"lexicon_{kind}", 0.0))
    parts = []
    for kind in kinds[:MOST_KINDS]:
        count = counted(len(found[kind]), meaning.get(f"lexicon_{kind}", f"{kind} phrases"))
        spoken = name_languages(evidence.languages(point.row, found[kind]))
        parts.append(f"{count} ({spoken}): {quoted([phrase.text for phrase in found[kind]])}")
    return ", ".join(parts)


def _ending(evidence: Evidence, point: Point) -> str:
    line = {name: evidence.lines[name][point.row] for name in ("ends_question", "ends_ellipsis", "ends_sentence")}
    if line["ends_question"]:
        return "ends with a question mark"
    if line["ends_ellipsis"]:
        return "ends with an ellipsis"
    return "ends like a sentence" if line["ends_sentence"] else "ends without a full stop"


def _beginning(evidence: Evidence, point: Point) -> str:
    first = CharClass(int(evidence.lines["first_class"][point.row]))
    return f"begins with {CLASS_NAMES.get(first, 'a special character')}"


def _length(evidence: Evidence, point: Point) -> str:
    words = round(float(evidence.lines["words"][point.row]))
    size = "only " if words < FEW_WORDS else "as many as " if words > MANY_WORDS else ""
    return f"{size}{counted(words, 'words')}"


def _names(evidence: Evidence, point: Point) -> str:
    count = int(evidence.lines["names"][point.row])
    if not count or np.isnan(point.value):
        return "holds no names"
    whole = "article" if "article" in point.feature.name else "rest of the page"
    if point.feature.name == "names":
        return counted(count, "names")
    shared = round(point.value * count)
    if not shared:
        return f"shares no names with the {whole}"
    return f"shares {shared} of {counted(count, 'names')} with the {whole}"


def _shared_words(evidence: Evidence, point: Point) -> str:
    name, value = point.feature.name, point.value
    if "shared" not in name or name == "letters_shared_less" or np.isnan(value):
        return catalogued(evidence, point)
    items = {"content": "words", "function": "short words", "letters": "letter sequences"}[name.split("_")[0]]
    whole = "article" if "article" in name else "rest of the page"
    part = {"before": " above", "above": " above", "after": " below"}.get(name.split("_")[-1], "")
    share = "no" if value == 0 else "all its" if value == 1 else f"{value:.0%} of its"
    return f"shares {share} {items} with the {whole}{part}"


def _language(evidence: Evidence, point: Point) -> str:
    share = float(evidence.lines["main_language_share"][point.row])
    if np.isnan(share):
        return "no function words"
    if not point.feature.name.startswith("main_language_share"):
        return f"{evidence.lines['stop_share'][point.row]:.0%} function words"
    spoken = name_languages([evidence.main_language])
    return f"{share:.0%} of its function words are {spoken}, the page's language"


def _repetition(evidence: Evidence, point: Point) -> str:
    count = int(evidence.lines["copies"][point.row])
    if not point.feature.name.startswith("cop"):
        alike = int(point.value) - 1
        place = "begin" if "first" in point.feature.name else "end"
        return f"{counted(alike, 'other lines')} {place}{'s' if alike == 1 else ''} with the same word"
    return "stands once on the page" if count == 1 else f"stands {count} times on the page"


def _words(evidence: Evidence, point: Point) -> str:
    label = "noise" if point.sign > 0 else "articles"
    words = evidence.telling_words(point.row, point.sign)
    return (
        f"words typical of {label}: {', '.join(f'“{w}”' for w in words[:3])}"
        if words
        else f"wording typical of {label}"
    )


def _position(evidence: Evidence, point: Point) -> str:
    return f"line {point.row + 1} of {evidence.batch.n_lines} that are not blank{evidence.part}"


def _neighbours(evidence: Evidence, point: Point) -> str:
    """What stands above and below, and the one neighbour that contributes most in the topic's direction."""
    row, noise = point.row, evidence.noise
    above, below = noise[max(row - NEAR, 0) : row], noise[row + 1 : row + 1 + NEAR]
    around = _around(_called(above), _called(below))
    shares = {by: point.sign * share for by, share in _shares_of_neighbours(point.shares).items()}
    by = max(shares, key=lambda by: shares[by], default=0)
    if not by or shares[by] <= 0 or not 0 <= row + by < evidence.batch.n_lines:
        return around
    return f"{around} (most of all {evidence.mention(row + by)})"


def _called(noise: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> str:
    if not len(noise):
        return ""
    mean = float(noise.mean())
    return "noise" if mean > HIGH else "article text" if mean < LOW else "mixed lines"


def _around(above: str, below: str) -> str:
    if above == below:
        return f"stands among {above}" if above else "stands alone"
    if not above or not below:
        return f"the first line, above {below}" if below else f"the last line, below {above}"
    return f"stands between {above} and {below}"


def _shares_of_neighbours(shares: Mapping[str, float]) -> dict[int, float]:
    """The contributions of single neighbours, by their distance in lines, negative above."""
    sums: dict[int, float] = {}
    for name, share in shares.items():
        parts = name.split("_")
        if len(parts) > 2 and parts[-1] in {"above", "below"} and parts[-2].isdigit() and "mean" not in parts:
            by = int(parts[-2]) * (-1 if parts[-1] == "above" else 1)
            sums[by] = sums.get(by, 0.0) + share
    return sums


def _opener(evidence: Evidence, point: Point) -> str:
    kind, _, direction = point.feature.name.rpartition("_")
    above = direction == "since"
    row = point.row + (-1 if above else 1) * int(point.value)
    short = evidence.lines["words"] <= OPENER_WORDS
    phrase = point.feature.meaning.rpartition(" with a ")[2]
    if point.value >= FAR or not (short & (evidence.lines[f"lexicon_{kind}"] > 0))[row]:
        return f"no short line with a {phrase} {'above' if above else 'below'}"
    return f"{counted(int(point.value), 'lines')} {'below' if above else 'above'} a {phrase} ({evidence.mention(row)})"


def _cut_off(evidence: Evidence, point: Point) -> str:
    name, value = point.feature.name, point.value
    cut = evidence.lines["width"][point.row] >= CUT_OFF and not evidence.lines["ends_sentence"][point.row]
    if name == "cut_off_run" and value > 1:
        return f"one of {value:.0f} long lines in a row that end without a full stop"
    if name.startswith("cut_off") and cut:
        return "a long line that ends without a full stop"
    if name.startswith("width_to_") and name != "width_to_prose":
        return f"{'longer' if value > 0 else 'shorter'} than the line {name.removeprefix('width_to_')}"
    if name == "width_to_prose":
        return f"{value:.0%} as long as the page's sentences are on average"
    return catalogued(evidence, point)


def _prose(evidence: Evidence, point: Point) -> str:
    name, value = point.feature.name, point.value
    if name == "prose_share_above":
        return f"{value:.0%} of the page's prose stands above"
    if name == "prose_run" and value > 1:
        return f"one of {value:.0f} lines of prose in a row"
    if name.endswith(("_since", "_until")) and value < FAR:
        row = point.row + (-1 if name.endswith("since") else 1) * int(value)
        where = "below" if name.endswith("since") else "above"
        sentence = "a long sentence" if name.startswith("long") else "a sentence"
        return f"{counted(int(value), 'lines')} {where} {sentence} ({evidence.mention(row)})"
    return catalogued(evidence, point)


def _page(evidence: Evidence, point: Point) -> str:
    n_prose = int(evidence.lines["prose"].sum())
    return f"on a page with {counted(n_prose, 'lines')} of prose among {evidence.batch.n_lines}{evidence.part}"


class Topic(NamedTuple):
    """What a person takes for one piece of evidence."""

    name: str
    wording: Wording


ENDING, BEGINNING = Topic("ending", _ending), Topic("beginning", _beginning)
NAMES, SHARED_WORDS = Topic("names", _names), Topic("shared words", _shared_words)
NEIGHBOURS, PAGE = Topic("neighbours", _neighbours), Topic("page", _page)
TOPIC_OF_FAMILY = {
    "length": Topic("length", _length),
    "characters": Topic("characters", _count),
    "links": Topic("links", _count),
    "ends": ENDING,
    "lexicon": Topic("phrases", _phrases),
    "stop": Topic("language", _language),
    "vocabulary": SHARED_WORDS,
    "article_vocabulary": SHARED_WORDS,
    "repetition": Topic("repetition", _repetition),
    "words": Topic("words", _words),
    "position": Topic("position", _position),
    "neighbours": NEIGHBOURS,
    "windows": NEIGHBOURS,
    "score": NEIGHBOURS,
    "openers": Topic("headings", _opener),
    "cut_off": Topic("cut off", _cut_off),
    "prose": Topic("prose", _prose),
}
BEGINNINGS = {"first_class", "second_class", "indent"}
# The same for all lines of a document.
OF_THE_PAGE = {
    "n_lines", "prose_width", "cut_off_share", "article_width", "score_mean", "score_mean_by_width",
    *(f"{name}_mean" for name in WINDOW_FEATURES),
}  # fmt: skip


def topic_of(feature: Feature) -> Topic:
    """The topic of a feature; a family that has no words of its own is told by the catalogue's."""
    if feature.name in BEGINNINGS:
        return BEGINNING
    if feature.name in OF_THE_PAGE:
        return PAGE
    if feature.name.startswith("names"):
        return NAMES
    return TOPIC_OF_FAMILY.get(feature.family, Topic(feature.family, catalogued))
