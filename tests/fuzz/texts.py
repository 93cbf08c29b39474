"""Texts that nobody would write: for property tests and for the fuzzers."""

from __future__ import annotations

from hypothesis import strategies as st

# A few characters of each kind that has broken text software somewhere.
SURROGATES = "\ud800\udbff\udc00\udfff"
BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
JOINERS = "\u200b\u200c\u200d\u2060\ufeff\ufe0f\u00ad"
CONTROLS = "\x00\x01\x07\x08\x0b\x0c\x1b\x1c\x1d\x1e\x7f\x85\u2028\u2029"
MARKS = "\u0300\u0301\u0327\u0489\u05b0\u0651\u0e31\u1ab0\u20d2\u3099\u302a"
SPACES = "\t \u00a0\u1680\u2003\u202f\u205f\u3000"
PLANES = "".join(chr(plane << 16 | low) for plane in range(17) for low in (0x41, 0xFFFD, 0xFFFE, 0xFFFF))
CASES = "İıßẞſΣςǅﬁŉΐՙ\u1e9e\u0130\u212a\uff21"
MARKUP = "[]()<>&|*#@:/.-…“”'\"`~^=+_{}\\"
UNSPACED = "河水上涨ひらカナกขฃລາວខ្មែរမြန်"
INTERFACE = ("cookie", "Accept all", "www.", "://", "](", "…", "...", "© 2024", "12:30", "点击", "Читать далее")

ODD = st.sampled_from(SURROGATES + BIDI + JOINERS + CONTROLS + MARKS + SPACES + PLANES + CASES + MARKUP + UNSPACED)
ANY = st.characters(codec=None, exclude_categories=())
FRAGMENTS = st.one_of(st.text(ODD, max_size=12), st.text(ANY, max_size=8), st.sampled_from(INTERFACE))


@st.composite
def hostile_lines(draw: st.DrawFn) -> str:
    """A line, some of it many times over: storms of marks, endless words, piles of brackets."""
    parts = draw(st.lists(st.tuples(FRAGMENTS, st.sampled_from([1, 1, 1, 2, 40, 700])), max_size=6))
    return draw(st.sampled_from(["", " ", "\u200d"])).join(part * times for part, times in parts)


@st.composite
def hostile_texts(draw: st.DrawFn) -> str:
    """A document, some lines of it many times over."""
    lines = draw(st.lists(st.tuples(hostile_lines(), st.sampled_from([1, 1, 1, 3, 60])), max_size=8))
    return "\n".join(line for line, times in lines for _ in range(times))
