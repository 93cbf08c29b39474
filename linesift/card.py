"""The model card: what a bundle is, what it was trained on, and how well it does."""

from __future__ import annotations

from collections.abc import Mapping

from linesift.evaluation import Counts, format_markdown
from linesift.model import MODES, Model

MEANING_OF_MODE = {
    "careful": "lose no article text: article recall 0.99 out of fold",
    "balanced": "best macro F1",
    "strict": "let no noise through: noise recall 0.97 out of fold",
}


def model_card(model: Model, tables: Mapping[str, dict[str, Counts]], notes: str = "") -> str:
    """The card as Markdown.

    :param tables: by title, see evaluation.count_by.
    :param notes: Markdown that follows the tables.
    """
    sections = [
        "# Model card",
        "A linesift bundle: two passes of LightGBM that score every line of a document with P(noise).",
        _training(model),
        "## Thresholds\n\n| mode | noise from score | meaning |\n|---|---:|---|\n"
        + "\n".join(f"| {mode} | {model.thresholds[mode]:g} | {MEANING_OF_MODE[mode]} |" for mode in MODES),
        *(f"## {title}\n\n{format_markdown(table)}" for title, table in tables.items()),
        notes,
        "## Limits\n\nThe score is about lines as they stand in extracted web text. It has seen few documents in "
        "scripts other than Latin and Chinese; there it leans on the lexicons, the shape of lines and their context. "
        "It does not judge whether an article is good or true.",
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _training(model: Model) -> str:
    rows = [
        f"- features: {len(model.catalogue.first_pass)} in the first pass, "
        f"{len(model.catalogue.second_pass)} more in the second",
        f"- phrases: {len(model.lexicons.entries)} in {len({e.language for e in model.lexicons.entries})} languages",
        *(f"- {key.replace('_', ' ')}: {_brief(value)}" for key, value in model.about.items()),
    ]
    return "## Training\n\n" + "\n".join(rows)


def _brief(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {_brief(item)}" for key, item in value.items())
    text = str(value)
    return f"{text[:12]}…" if len(text) == 64 else text
