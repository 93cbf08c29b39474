"""Build linesift/features/characters.npz, the tables of character classes and foldings.

    python tools/build_characters.py

The tables are frozen in the package rather than computed from `unicodedata` at run
time, because Unicode versions differ between Python versions and a line must get the
same score under all of them.
"""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

import numpy as np

from linesift.features.characters import CharClass

OUTPUT = Path(__file__).resolve().parent.parent / "linesift" / "features" / "characters.npz"

TERMINATORS = ".!?。！？｡।॥؟۔։።፧‼⁇⁈⁉។၊။་།܀᠃"
ELLIPSES = "…⋯"
COMMAS = ",;，；、､،؛፣፤"
COLONS = ":：﹕"
QUOTES = "\"'“”„‟‘’‚‛«»‹›「」『』｢｣〝〞〟＂＇"
DASHES = "-‐‑‒–—―−－〜~"
SEPARATORS = "|/\\•·‧∙●○◦▪▫■□▶►▸▹◆◇★☆›→←↑↓⇒»¦｜／＞>＜<・※†‡✓✔✕✖×"

# Written without spaces between words: Han, kana and their marks ...
IDEOGRAPHIC_RANGES = (
    (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029), (0x3031, 0x3035), (0x3041, 0x30FA),
    (0x30FC, 0x30FF), (0x3105, 0x312F), (0x31A0, 0x31BF), (0x31F0, 0x31FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x1B000, 0x1B16F), (0x20000, 0x3FFFD),
)  # fmt: skip
# ... and the scripts of mainland South-East Asia (Thai, Lao, Myanmar, Khmer).
SOUTHEAST_ASIAN_RANGES = (
    (0x0E01, 0x0E3A), (0x0E40, 0x0E4E), (0x0E81, 0x0ECD), (0x0EDC, 0x0EDF), (0x1000, 0x103F),
    (0x1050, 0x108F), (0x109A, 0x109D), (0x1780, 0x17D3), (0x17DC, 0x17DD), (0xAA60, 0xAA7F),
)  # fmt: skip

# One-to-one foldings that neither lower-casing nor decomposition gives.
FOLDED = {
    **dict.fromkeys("’‘‛`´ʼ＇", "'"),
    **dict.fromkeys("“”„‟«»〝〞＂", '"'),
    **dict.fromkeys("‐‑‒–—―−－", "-"),
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ىیئ", "ي"),
    "ک": "ك", "ة": "ه", "ؤ": "و",
    "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ё": "е", "ς": "σ",
}  # fmt: skip


def in_ranges(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code <= high for low, high in ranges)


def class_of(code: int) -> CharClass:
    char = chr(code)
    if char.isspace():
        return CharClass.SPACE
    for members, char_class in (
        (TERMINATORS, CharClass.TERMINATOR),
        (ELLIPSES, CharClass.ELLIPSIS),
        (COMMAS, CharClass.COMMA),
        (COLONS, CharClass.COLON),
        (QUOTES, CharClass.QUOTE),
        (DASHES, CharClass.DASH),
        (SEPARATORS, CharClass.SEPARATOR),
    ):
        if char in members:
            return char_class
    category = unicodedata.category(char)
    if category in {"Lu", "Lt"}:
        return CharClass.UPPER
    if category == "Ll":
        return CharClass.LOWER
    if category[0] in "LMN" and in_ranges(code, IDEOGRAPHIC_RANGES):
        return CharClass.IDEOGRAPH
    if category[0] in "LM" and in_ranges(code, SOUTHEAST_ASIAN_RANGES):
        return CharClass.SOUTHEAST_ASIAN
    if category[0] == "L":
        return CharClass.LETTER
    if category[0] == "M":
        return CharClass.MARK
    if category[0] == "N":
        return CharClass.DIGIT
    return {
        "Ps": CharClass.OPEN, "Pi": CharClass.QUOTE, "Pe": CharClass.CLOSE, "Pf": CharClass.QUOTE,
        "Pd": CharClass.DASH, "Pc": CharClass.PUNCTUATION, "Po": CharClass.PUNCTUATION,
        "Sc": CharClass.SYMBOL, "Sk": CharClass.SYMBOL, "Sm": CharClass.SYMBOL, "So": CharClass.PICTOGRAPH,
    }.get(category, CharClass.OTHER)  # fmt: skip


def folding_of(code: int) -> int:
    char = chr(code)
    if char == "\n":
        return code
    if char.isspace():
        return ord(" ")
    if 0xD800 <= code <= 0xDFFF:
        return 0xFFFD
    char = FOLDED.get(char, char)
    parts = unicodedata.normalize("NFKD", char)
    latin_or_greek = unicodedata.name(parts[0], "").startswith(("LATIN", "GREEK"))
    if len(parts) == 1 or (latin_or_greek and all(map(unicodedata.combining, parts[1:]))):
        char = parts[0]
    char = char.lower()[0]
    return ord(FOLDED.get(char, char))


def main() -> None:
    codes = range(sys.maxunicode + 1)
    classes = np.array([class_of(code) for code in codes], dtype=np.uint8)
    starts = np.flatnonzero(np.diff(classes, prepend=255)).astype(np.uint32)
    folded = np.array([folding_of(code) for code in codes], dtype=np.uint32)
    changed = np.flatnonzero(folded != np.arange(len(folded))).astype(np.uint32)
    np.savez_compressed(
        OUTPUT, run_starts=starts, run_classes=classes[starts], fold_from=changed, fold_to=folded[changed]
    )
    print(f"{OUTPUT}: {len(starts)} runs of classes, {len(changed)} foldings, Unicode {unicodedata.unidata_version}")


if __name__ == "__main__":
    main()
