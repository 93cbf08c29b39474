"""What no row of a corpus shows by itself: ids that stand twice, documents on both sides of a split."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from linesift.corpus import CorpusError, LabelledDocument
from linesift.near_duplicates import same_text

VALID = "valid"


def without_clashes(
    documents: Iterable[LabelledDocument], on_error: Callable[[CorpusError], None], held_out: str = VALID
) -> list[LabelledDocument]:
    """The documents without those whose id another one of their source has, and without copies of held-out documents.

    :param on_error: called for each document left out.
    :param held_out: the split that is measured on; it stays as it is, documents of other splits go.
    """
    kept: list[LabelledDocument] = []
    first_of: dict[tuple[str, str], LabelledDocument] = {}
    for document in documents:
        first = first_of.setdefault((document.source, document.id), document)
        if first is document:
            kept.append(document)
        else:
            on_error(CorpusError(f"{document.place}: duplicate id {document.id!r}, first at {first.place}"))
    return _without_copies(kept, on_error, held_out)


def _without_copies(
    documents: Sequence[LabelledDocument], on_error: Callable[[CorpusError], None], held_out: str
) -> list[LabelledDocument]:
    held_out_text = {_text(document): document for document in documents if document.split == held_out}
    kept = []
    for document in documents:
        original = held_out_text.get(_text(document), document)
        if original.split == document.split:
            kept.append(document)
        else:
            here = f"in the split {document.split or 'without a name'}"
            on_error(CorpusError(f"{document.place}: {here}, the same document as {original.place} in {held_out}"))
    return kept


def _text(document: LabelledDocument) -> tuple[str, ...]:
    """The lines that are not blank, by which copies are known."""
    return tuple(stripped for stripped in map(str.strip, document.lines) if stripped)


def copies_across_groups(documents: Sequence[LabelledDocument]) -> list[list[LabelledDocument]]:
    """Sets of documents with nearly the same text that are not all of one group."""
    sets: dict[int, list[LabelledDocument]] = defaultdict(list)
    for cluster, document in zip(same_text([document.lines for document in documents]), documents, strict=True):
        sets[int(cluster)].append(document)
    return [found for found in sets.values() if len({document.group for document in found}) > 1]


def without_near_copies(
    documents: Sequence[LabelledDocument], held_out: Sequence[LabelledDocument]
) -> list[LabelledDocument]:
    """The documents whose text is not nearly that of a held-out one, so that what is measured was not trained on."""
    clusters = same_text([document.lines for document in [*documents, *held_out]])
    seen = set(clusters[len(documents) :].tolist())
    return [document for document, cluster in zip(documents, clusters, strict=False) if int(cluster) not in seen]


def counts_by_language(documents: Sequence[LabelledDocument]) -> str:
    """Documents, groups and lines by label, of each language and of all, as a Markdown table."""
    by_language: dict[str, list[LabelledDocument]] = defaultdict(list)
    for document in documents:
        by_language[document.lang or "not given"].append(document)
    rows = [(language, by_language[language]) for language in sorted(by_language)] + [("all", list(documents))]
    header = (
        "| language | documents | groups | article lines | noise lines | unscored |\n|---|---:|---:|---:|---:|---:|"
    )
    return "\n".join([header, *(_count_row(name, found) for name, found in rows)])


def _count_row(name: str, documents: Sequence[LabelledDocument]) -> str:
    labels = Counter(label for document in documents for label in document.labels)
    groups = len({document.group for document in documents})
    return f"| {name} | {len(documents)} | {groups} | {labels[1]} | {labels[0]} | {labels[None]} |"
