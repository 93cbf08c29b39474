"""Training documents with planted noise: interface phrases and openings of other stories in clean articles.

The labelled pages hold few consent notices in foreign languages and few teasers. Planting
shows the model many, in all places, so that it learns what gives them away rather than the
phrases themselves: phrases and teasers are planted only into documents of their own fold, so
that no out-of-fold score has seen them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from linesift.corpus import NOISE_KINDS, LabelledDocument
from linesift.features.buffer import Int

PLANTED = "planted"
FEWEST_ARTICLE_LINES = 5
CLEAN_SHARE = 0.6  # of lines that are article, for a document to keep its own noise beside the planted
LONGEST_BASE = 60  # lines; longer documents are cut, they would outweigh the others
LONG_NOTICE = 120  # characters
TEASER_LENGTHS = (110, 700)  # characters
ELLIPSES = ("...", "…", " ...", " [...]")
UNSPACED_ENDS = "。！？｡"
SENTENCE_ENDS = UNSPACED_ENDS + ".!?।"
# By whether the script is unspaced. Teasers in scripts without spaces mostly stop at the end of a sentence,
# the others mostly in mid-sentence; those that do not are harder to tell and need more examples.
TEASER_SHARE = {True: 0.7, False: 0.35}  # of what is planted
WHOLE_SENTENCES = {True: 0.8, False: 0.1}  # of teasers
RAIL_SHARE = 0.15
# In a small corpus the same few stories would stand as article and as noise: article recall fell from 0.94 to 0.42.
FEWEST_FOR_RAILS = 5000  # documents; between 300 and 8,000 nothing was measured
SHORT_RAIL_SHARE = 0.5  # of rails: a few lines of several stories rather than one or two whole stories
# Of planted documents, besides those asked for: a few lines alone, or beside a button, which no page of the web is.
SNIPPET_SHARE = 0.05
LONGEST_SNIPPET = 3  # lines
SHORTEST_SENTENCE = 60  # characters of an article line of a snippet; those of unspaced scripts count UNSPACED_SHORTER
UNSPACED_RUN = 20  # characters to a space, on average; more is a script without spaces
UNSPACED_SHORTER = 2.5  # a character says as much as so many letters


class NoiseLine(NamedTuple):
    """One line to plant."""

    language: str
    kind: str
    text: str


Line = tuple[str, int | None]


def read_noise_lines(folder: Path) -> list[NoiseLine]:
    """Read `<language>.tsv` in a folder: rows of kind, one of corpus.NOISE_KINDS, and text.

    :raises ValueError: if a row is something else, naming file and line.
    """
    lines = []
    for path in sorted(folder.glob("*.tsv")):
        for number, row in enumerate(path.read_text("utf-8").split("\n"), 1):
            if row:
                kind, tab, text = row.partition("\t")
                if not tab or not text.strip() or kind not in NOISE_KINDS:
                    raise ValueError(f"{path}:{number}: expected a kind, tab and text; kinds: {', '.join(NOISE_KINDS)}")
                lines.append(NoiseLine(path.stem, kind, text))
    return lines


def plant(
    documents: Sequence[LabelledDocument], fold_of: Int, noise_lines: Sequence[NoiseLine], share: float, seed: int
) -> tuple[list[LabelledDocument], Int]:
    """Copies of clean documents with noise planted in them, each in the fold of its original.

    :param fold_of: (n_documents,)
    :param share: planted documents by documents given, snippets not counted.
    :returns: the new documents, of source PLANTED, and their folds.
    """
    rng = np.random.default_rng(seed)
    snippet_rng = np.random.default_rng([seed, 1])  # so that the other documents do not depend on the snippets
    planted: list[LabelledDocument] = []
    folds: list[int] = []
    languages = sorted({line.language for line in noise_lines})
    fold_of_language = dict(zip(languages, rng.permutation(len(languages)), strict=True))
    headings = _related_headings(noise_lines) if len(documents) >= FEWEST_FOR_RAILS else {}
    n_folds = int(fold_of.max()) + 1
    for fold in range(n_folds):
        inside = [document for document, f in zip(documents, fold_of, strict=True) if f == fold]
        bases = [document for document in inside if document.labels.count(1) >= FEWEST_ARTICLE_LINES]
        phrases = [line for line in noise_lines if fold_of_language[line.language] % n_folds == fold]
        if not bases:
            continue
        planter = _Planter(bases, phrases, headings, rng)
        found = [planter.plant(base) for base in planter.draw_bases(round(share * len(inside)))]
        if phrases:
            snippets = _Planter(bases, phrases, headings, snippet_rng)
            chosen = snippets.draw_bases(round(share * SNIPPET_SHARE * len(inside)))
            found += [snippets.snippet(base) for base in chosen]
        planted += found
        folds += [fold] * len(found)
    named = [replace(document, id=f"{PLANTED}-{number}") for number, document in enumerate(planted)]
    return named, np.array(folds, dtype=np.int64)


def _related_headings(noise_lines: Sequence[NoiseLine]) -> dict[str, list[str]]:
    """The headings of rails in each language, for all folds: there are few, and the same stand everywhere."""
    headings: dict[str, list[str]] = {}
    for line in noise_lines:
        if line.kind == "related":
            headings.setdefault(line.language, []).append(line.text)
    return headings


class _Planter:
    """Plants the phrases and the openings of one fold."""

    def __init__(
        self,
        bases: Sequence[LabelledDocument],
        phrases: Sequence[NoiseLine],
        headings: Mapping[str, Sequence[str]],
        rng: np.random.Generator,
    ) -> None:
        self.bases = bases
        self.headings = headings
        self.rng = rng
        self.phrases: dict[str, list[NoiseLine]] = {}
        for phrase in phrases:
            self.phrases.setdefault(phrase.language, []).append(phrase)
        self.of_language: dict[str, list[LabelledDocument]] = {}
        for base in bases:
            self.of_language.setdefault(base.lang, []).append(base)

    def draw_bases(self, count: int) -> list[LabelledDocument]:
        """Documents to plant in; the fewer of a language there are, the likelier is each."""
        weight = np.array([len(self.of_language[base.lang]) ** -0.5 for base in self.bases])
        chosen = self.rng.choice(len(self.bases), size=count, p=weight / weight.sum())
        return [self.bases[index] for index in chosen]

    def plant(self, base: LabelledDocument) -> LabelledDocument:
        """A clean copy with phrases, teasers or rails planted in one to three places."""
        lines = self._clean(base)
        teasers = TEASER_SHARE[_is_unspaced(" ".join(base.lines))]
        for _ in range(self.rng.integers(1, 4)):
            roll = self.rng.random()
            if roll < teasers or not self.phrases:
                lines = lines + self._teasers(base)
            elif self.headings and roll < teasers + RAIL_SHARE:
                lines = lines + self._rail(base)
            else:
                at = self._place(len(lines))
                lines = lines[:at] + self._phrase_block() + lines[at:]
        return _planted(base, lines)

    def snippet(self, base: LabelledDocument) -> LabelledDocument:
        """One to three long lines of the article, if it has such, and up to three noise lines above or below."""
        shortest = SHORTEST_SENTENCE / (UNSPACED_SHORTER if _is_unspaced(" ".join(base.lines)) else 1)
        sentences: list[Line] = [
            (text, 1)
            for text, label in zip(base.lines, base.labels, strict=True)
            if label == 1 and len(text) >= shortest
        ]
        start = self.rng.integers(len(sentences)) if sentences else 0
        article = sentences[start : start + self.rng.integers(1, LONGEST_SNIPPET + 1)]
        noise = self._phrase_block()[: self.rng.integers(not article, LONGEST_SNIPPET + 1)]
        return _planted(base, article + noise if self.rng.random() < 0.5 else noise + article)

    def _clean(self, base: LabelledDocument) -> list[Line]:
        """The document as it stands if little of it is noise; else, and half of the time anyway, its article alone."""
        lines = list(zip(base.lines, base.labels, strict=True))
        if base.labels.count(1) < CLEAN_SHARE * len(lines) or self.rng.random() < 0.5:
            lines = [line for line in lines if line[1] == 1]
        return lines[:LONGEST_BASE]

    def _place(self, n_lines: int) -> int:
        """Where to plant: the start, the end, or anywhere between, equally often."""
        return int((0, n_lines, self.rng.integers(0, n_lines + 1))[self.rng.integers(3)])

    def _phrase_block(self) -> list[Line]:
        """One to seven noise lines of one language; or one long notice in several languages."""
        languages = list(self.phrases)
        if self.rng.random() < 0.2:
            chosen = self.rng.permutation(languages)[: self.rng.integers(1, 7)]
            return [(self._pick(self._long_notices(language)), 0) for language in chosen]
        pool = self.phrases[languages[self.rng.integers(len(languages))]]
        if self.rng.random() < 0.7:
            kind = pool[self.rng.integers(len(pool))].kind
            pool = [phrase for phrase in pool if phrase.kind == kind]
        count = min(int(self.rng.integers(1, 8)), len(pool))
        return [(pool[index].text, 0) for index in self.rng.permutation(len(pool))[:count]]

    def _long_notices(self, language: str) -> list[str]:
        pool = self.phrases[language]
        return [phrase.text for phrase in pool if len(phrase.text) >= LONG_NOTICE] or [pool[0].text]

    def _pick(self, texts: Sequence[str]) -> str:
        return texts[int(self.rng.integers(len(texts)))]

    def _others(self, base: LabelledDocument, count: int) -> list[LabelledDocument]:
        """Other documents of the same language and fold."""
        others = [other for other in self.of_language[base.lang] if _page(other) != _page(base)]
        return [others[index] for index in self.rng.permutation(len(others))[:count]]

    def _teasers(self, base: LabelledDocument) -> list[Line]:
        """Openings of other stories, all of about one length, cut off in mid-sentence or after a sentence."""
        length = self.rng.integers(*TEASER_LENGTHS)
        ending = ("", "", "", *ELLIPSES)[self.rng.integers(3 + len(ELLIPSES))]
        spread = self.rng.choice([0.05, 0.3])
        with_title = self.rng.random() < 0.2
        whole_sentences = self.rng.random()
        teasers: list[Line] = []
        for other in self._others(base, int(self.rng.integers(1, 7))):
            article = [text for text, label in zip(other.lines, other.labels, strict=True) if label == 1]
            opening = " ".join(article[self.rng.integers(0, 3) :][:6])
            unspaced = _is_unspaced(opening)
            if with_title:
                teasers.append((article[0][:150], 0))
            wanted = int(length * self.rng.uniform(1 - spread, 1 + spread) / (UNSPACED_SHORTER if unspaced else 1))
            if whole_sentences < WHOLE_SENTENCES[unspaced]:
                teasers.append((_cut_after_sentence(opening, wanted), 0))
            else:
                teasers.append((_cut_off(opening, wanted) + ending, 0))
        return [teaser for teaser in teasers if teaser[0].strip()]

    def _rail(self, base: LabelledDocument) -> list[Line]:
        """A related heading, and below it other stories, perfect prose; nothing where no heading is known."""
        headings = self.headings.get(base.lang)
        if not headings:
            return []
        short = self.rng.random() < SHORT_RAIL_SHARE
        stories, longest = (self.rng.integers(2, 7), 3) if short else (self.rng.integers(1, 3), 15)
        rail: list[Line] = [(self._pick(headings), 0)]
        for other in self._others(base, int(stories)):
            article = [text for text, label in zip(other.lines, other.labels, strict=True) if label == 1]
            rail += [(text, 0) for text in article[: self.rng.integers(1, longest + 1)]]
        return rail


def _planted(base: LabelledDocument, lines: Sequence[Line]) -> LabelledDocument:
    texts, labels = (tuple(column) for column in zip(*lines, strict=True))
    return replace(base, source=PLANTED, view="", lines=texts, labels=labels, kinds=(), numbers=(), place="")


def _page(document: LabelledDocument) -> str:
    """The page of a document whose id names a view of it: `page@view`."""
    return document.id.partition("@")[0]


def _is_unspaced(text: str) -> bool:
    """Whether a text is of a script without spaces between words."""
    return text.count(" ") * UNSPACED_RUN < len(text)


def _cut_off(text: str, length: int) -> str:
    """The beginning of a text, cut at a space if there is one near."""
    if len(text) <= length:
        return text
    space = text.rfind(" ", length - 30, length)
    return text[: space if space > 0 else length]


def _cut_after_sentence(text: str, length: int) -> str:
    """The beginning of a text, cut after the last sentence that fits, or after the first one if none does."""
    ends = [at + 1 for at, character in enumerate(text) if character in SENTENCE_ENDS and _ends_word(text, at)]
    fitting = [at for at in ends if at <= length]
    return text[: fitting[-1] if fitting else ends[0] if ends else length]


def _ends_word(text: str, at: int) -> bool:
    """Whether a sentence may end at this character, rather than a number or an abbreviation go on."""
    return text[at] in UNSPACED_ENDS or not text[at + 1 : at + 2].strip()
