"""Whether a line is written in its document's script."""

from __future__ import annotations

import numpy as np

from linesift.features.buffer import Batch, Column, Int
from linesift.features.characters import N_CODE_POINTS, CharClass
from linesift.native import characters as compiled

# Scripts are told apart by their blocks of 128 code points. What stands in several blocks, or
# what one language mixes (Han and kana), is one script.
BLOCK_BITS = 7
WIDE_SCRIPTS = {
    "Latin": ((0x0000, 0x02FF), (0x1D00, 0x1EFF), (0x2C60, 0x2C7F), (0xA700, 0xA7FF), (0xFF00, 0xFF5F)),
    "Greek": ((0x0380, 0x03FF), (0x1F00, 0x1FFF)),
    "Arabic": ((0x0600, 0x08FF), (0xFB80, 0xFEFF)),
    "Han and kana": ((0x2E80, 0x9FFF), (0xF900, 0xFAFF), (0xFF80, 0xFF9F), (0x20000, 0x3FFFF)),
    "Hangul": ((0x1100, 0x11FF), (0xAC00, 0xD7FF)),
}
HAS_SCRIPT = np.isin(
    np.arange(256),
    (CharClass.LOWER, CharClass.UPPER, CharClass.LETTER, CharClass.IDEOGRAPH, CharClass.SOUTHEAST_ASIAN),
)


def _script_of_block() -> Int:
    """(n_blocks,), the number of the first block of each block's script."""
    script = np.arange(N_CODE_POINTS >> BLOCK_BITS)
    for ranges in WIDE_SCRIPTS.values():
        for low, high in ranges:
            script[low >> BLOCK_BITS : (high >> BLOCK_BITS) + 1] = ranges[0][0] >> BLOCK_BITS
    return script


SCRIPT_OF_BLOCK = _script_of_block()


def scripts(batch: Batch) -> dict[str, Column]:
    """Features: arrays of (n_lines,); NaN on lines without letters.

    `main_script_share` is the share of a line's letters that are of the script that most letters of
    its document are of.
    """
    total, n_main = (_compiled_letters if compiled else _letters)(batch)
    return {"main_script_share": np.where(total > 0, n_main / np.maximum(total, 1), np.nan)}


def _letters(batch: Batch) -> tuple[Int, Int]:
    """(n_lines,) twice: letters, and letters of the document's script."""
    letter = np.flatnonzero(HAS_SCRIPT[batch.classes])
    script = SCRIPT_OF_BLOCK[batch.codes[letter] >> BLOCK_BITS]
    occurs = np.bincount(script, minlength=len(SCRIPT_OF_BLOCK)) > 0
    column = np.cumsum(occurs)[script] - 1
    shape = (batch.n_lines, max(int(occurs.sum()), 1))
    cell = batch.line_of_code[letter].astype(np.int64) * shape[1] + column
    counts = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    main = np.add.reduceat(counts, batch.doc_start[batch.doc_size > 0]).argmax(axis=1)
    n_main = counts[np.arange(batch.n_lines), np.repeat(main, batch.doc_size[batch.doc_size > 0])]
    return counts.sum(axis=1), n_main


def _compiled_letters(batch: Batch) -> tuple[Int, Int]:
    total, n_main, script_of_line = np.empty((3, batch.n_lines), dtype=np.int64)
    compiled.count_scripts(
        batch.codes, batch.classes, HAS_SCRIPT.view(np.uint8), SCRIPT_OF_BLOCK, BLOCK_BITS, batch.line_start,
        batch.line_end, batch.doc_start, batch.doc_size, np.zeros_like(SCRIPT_OF_BLOCK), total, n_main,
        script_of_line,
    )  # fmt: skip
    return total, n_main
