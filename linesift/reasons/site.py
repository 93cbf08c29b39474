"""What a site memory adds to the reasons of a line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from linesift.documents import visible_numbers
from linesift.features.buffer import Int
from linesift.model import Model
from linesift.reasons.explain import Reason, strongest_first

SITE_MEMORY = "site_memory"  # in the place of a feature's name


def with_site(
    model: Model, lines: Sequence[str], others: Int, numbers: Sequence[int], reasons: Sequence[list[Reason]]
) -> list[list[Reason]]:
    """The reasons of some lines of one document, strongest first, with what is known of the site among them.

    :param others: on how many other documents of the site each line stands, blank lines left out.
    :param numbers: of the lines, from 1.
    :param reasons: of the model, for each of them.
    """
    visible = visible_numbers(lines)
    widths = np.array([len(lines[number - 1]) for number in visible], dtype=np.int64)
    shift = dict(zip(visible, model.site_term.log_odds(others, widths).tolist(), strict=True))
    known = dict(zip(visible, others.tolist(), strict=True))
    return [
        strongest_first([*found, *_reasons(known[number], shift[number])])
        for number, found in zip(numbers, reasons, strict=True)
    ]


def _reasons(others: int, shift: float) -> list[Reason]:
    """None or one."""
    if not shift:
        return []
    more = f"{others} more document{'' if others == 1 else 's'} of the site"
    text = f"stands in {more}" if others else "beside lines that the site repeats"
    return [Reason(SITE_MEMORY, others, shift, text)]
