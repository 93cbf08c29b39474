"""Documents, lines and labels: what goes in and what comes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Label = Literal["article", "noise"]
ARTICLE: Label = "article"
NOISE: Label = "noise"


def split_lines(text: str) -> list[str]:
    r"""The lines of a text: what stands between two "\n"; nothing else splits.

    >>> split_lines("one\r\ntwo\x0cstill two\n")
    ['one\r', 'two\x0cstill two', '']
    """
    return text.split("\n")


def checked_lines(lines: Sequence[str]) -> Sequence[str]:
    """The lines.

    :raises TypeError: if they are not strings.
    """
    if isinstance(lines, bytes) or not all(isinstance(line, str) for line in lines):
        raise TypeError("expected a string or a list of strings; bytes must be decoded first")
    return lines


def is_blank(line: str) -> bool:
    """Whether a line holds white space only; such lines carry no label and no score."""
    return not line.strip()


def visible_lines(lines: Sequence[str]) -> list[str]:
    """The lines that are not blank."""
    return [line for line in lines if line.strip()]


@dataclass(frozen=True, slots=True)
class TaggedLine:
    """One line of a tagged document.

    :param number: counted from 1.
    :param text: the line as it stood, without its line break.
    :param label: "article" or "noise"; None on a blank line.
    :param score: calibrated P(noise), 0 to 1; None on a blank line.
    :param start: offset of its first character in the document's text.
    :param end: offset one past its last character: `text[start:end]` is the line.
    """

    number: int
    text: str
    label: Label | None
    score: float | None
    start: int
    end: int


@dataclass(frozen=True)
class TaggedDocument:
    r"""A document with a label and a score for each line that is not blank.

    >>> page = TaggedDocument.from_scores(["A story.", "", "Share"], [0.1, None, 0.9], threshold=0.5)
    >>> page.article, page.noise, page.labels
    ('A story.\n', 'Share', ['article', None, 'noise'])
    """

    lines: tuple[TaggedLine, ...]

    @classmethod
    def from_scores(cls, lines: Sequence[str], scores: Sequence[float | None], threshold: float) -> TaggedDocument:
        """Label lines by their scores.

        :param lines: the document's lines.
        :param scores: P(noise) of each line, None on blank ones.
        :param threshold: lines that score this or more are noise.
        """
        return cls(tuple(_tagged(lines, scores, threshold)))

    @property
    def text(self) -> str:
        """The whole document, its lines joined by line breaks."""
        return "\n".join(line.text for line in self.lines)

    @property
    def article(self) -> str:
        """The lines that are kept, blank ones included, joined by line breaks."""
        return "\n".join(line.text for line in self.lines if line.label != NOISE)

    @property
    def noise(self) -> str:
        """The lines that are removed, joined by line breaks."""
        return "\n".join(line.text for line in self.lines if line.label == NOISE)

    @property
    def labels(self) -> list[Label | None]:
        return [line.label for line in self.lines]

    @property
    def scores(self) -> list[float | None]:
        return [line.score for line in self.lines]

    @property
    def article_share(self) -> float:
        """Kept words by all words, 0 to 1; words are what white space separates. 0 without words."""
        words = [(len(line.text.split()), line.label) for line in self.lines]
        total = sum(count for count, _ in words)
        return sum(count for count, label in words if label == ARTICLE) / total if total else 0.0


def restored(kept: str, removed: Mapping[int, str], n_lines: int) -> str:
    r"""The document that was divided into what was kept and what was removed.

    >>> restored("A story.\n", {3: "Share"}, 3)
    'A story.\n\nShare'

    :param kept: the kept lines joined by line breaks, as TaggedDocument.article gives them.
    :param removed: the removed lines by their numbers, from 1.
    :param n_lines: of the document.
    """
    lines = iter(split_lines(kept))
    return "\n".join(removed[number] if number in removed else next(lines) for number in range(1, n_lines + 1))


def _tagged(lines: Sequence[str], scores: Sequence[float | None], threshold: float) -> Iterator[TaggedLine]:
    start = 0
    for number, (text, score) in enumerate(zip(lines, scores, strict=True), 1):
        label = None if score is None else NOISE if score >= threshold else ARTICLE
        yield TaggedLine(number, text, label, score, start, start + len(text))
        start += len(text) + 1
