"""From the bytes of a text file to its text: UTF-8, what a byte order mark says, or what the bytes look like."""

from __future__ import annotations

import codecs
from collections import Counter

import numpy as np

# The longer marks first: UTF-32's begins with UTF-16's. A UTF-8 mark stays in the text, so that the text
# as it is written again is the file byte for byte.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LONGEST_MARK = max(len(mark) for mark, _ in MARKS)

# The legacy encodings of the web (WHATWG Encoding Standard), by how often they are met: where the bytes allow
# several alike, the first is taken. Code pages of DOS and old Macs are left out: they win by chance.
LEGACY = (
    "cp1252", "cp1251", "gb18030", "cp932", "euc_jp", "cp949", "big5", "cp1250", "cp1256", "cp1254", "cp1253",
    "cp1255", "koi8_r", "cp874", "cp1257", "cp1258",
)  # fmt: skip
# Of languages in Latin letters, all of which have the Latin letters of ASCII: their other letters, by the encoding that
# has them. Statistics of bytes, which tell other scripts well, take accents that stand alone for anything.
ALPHABETS = {
    "cp1252": (
        "àâæçéèêëîïôœùûüÿ", "áéíñóúü", "àáâãçéêíóôõúü", "àèéìíîòóùú", "äöüß", "áéëèêïíóöüú", "àçéèíïòóúü",
        "åæøéèêóòôäöü", "åäöéàüšž", "áðéíóúýþæö", "äõöüšž",
    ),
    "cp1250": (
        "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž", "çë",
    ),
    "cp1254": ("âçğıîöşüûi\u0307",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž"),
    "cp1258": ("ăâđêôơưáàéèíìóòúùýãõñ\u0300\u0301\u0303\u0309\u0323",),
}  # fmt: skip
ANYWHERE = frozenset("“”„‘’‚‹›«»–—…•·°§©®™€£¡¿ªº½\u00a0\u00ad")  # signs that stand in texts of all of these languages
FITTING = 0.9  # of the characters beyond ASCII, at least, in a text of one of these languages
# Of the bytes beyond ASCII at least so many stand alone in texts in Latin letters, if they are more than a few of all;
# in other scripts most stand beside others.
ALONE, FEW = 0.5, 0.03
SAMPLE = 1 << 18  # bytes that are looked at
SHORTEST_GUESS = 48  # bytes; in fewer there is too little to tell one encoding from another
UTF8 = "utf-8"


class UnknownEncodingError(ValueError):
    """Bytes that are no text in any encoding that could be told; the message says what to do."""


def marked_encoding(start: bytes) -> str | None:
    """The encoding that a byte order mark at the start of a file names; None for UTF-8, marked or not.

    >>> marked_encoding("page".encode("utf-16")), marked_encoding(b"page")
    ('utf-16', None)
    """
    return next((name for mark, name in MARKS if start.startswith(mark)), None)


def decode(content: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text of a file, and the encoding it was decoded from.

    >>> decode("na\u00efve".encode())
    ('na\u00efve', 'utf-8')

    :param encoding: what it is in; None: what its byte order mark says, or UTF-8, or what the bytes look like.
    :raises UnknownEncodingError: if it cannot be decoded.
    """
    stated = encoding or marked_encoding(content)
    try:
        return content.decode(stated or UTF8), stated or UTF8
    except UnicodeError as error:
        if stated:
            raise UnknownEncodingError(f"not {stated}: {error}") from error
        where = getattr(error, "start", 0)
        fault = f"not UTF-8: byte {where} is 0x{content[where]:02x}"
    guess = _guess(content, fault)
    return content.decode(guess), guess


def _guess(content: bytes, fault: str) -> str:
    if b"\0" in content:
        raise UnknownEncodingError(f"{fault}, and there are zero bytes: not a text")
    if _is_damaged_utf8(content):
        raise UnknownEncodingError(f"{fault}, though the rest of it is: a damaged file; --encoding takes it as another")
    if len(content) < SHORTEST_GUESS:
        raise UnknownEncodingError(f"{fault}, and it is too short to tell its encoding: --encoding names it")
    if latin := _latin_guess(content):
        return latin
    from charset_normalizer import from_bytes

    ranked = sorted(
        (match.chaos, -match.coherence, LEGACY.index(encoding), encoding)
        for match in from_bytes(content, cp_isolation=list(LEGACY))
        for encoding in match.could_be_from_charset  # those that give the same text
    )
    for *_, encoding in ranked:
        if _decodes(content, encoding):
            return encoding
    raise UnknownEncodingError(f"{fault}, and it looks like no other encoding: --encoding names it")


def _latin_guess(content: bytes) -> str | None:
    """The encoding in which a text is in the letters of one language, if it is one in Latin letters."""
    sample = content[:SAMPLE]
    is_high = np.frombuffer(sample, dtype=np.uint8) >= 0x80
    n_high, n_pairs = np.count_nonzero(is_high), np.count_nonzero(is_high[1:] & is_high[:-1])
    if not n_high or (n_high > FEW * len(sample) and n_high - 2 * n_pairs < ALONE * n_high):
        return None
    fits = {name: _fit(sample.decode(name), name) for name in ALPHABETS if _decodes(content, name)}
    best = max(fits, key=lambda name: fits[name], default="")  # of several alike the first
    return best if best and fits[best] >= FITTING else None


def _fit(text: str, encoding: str) -> float:
    """The share of the characters beyond ASCII that one of the languages of an encoding has, 0 to 1."""
    found = Counter(character for character in text.lower() if not character.isascii())
    known = (sum(found[character] for character in ANYWHERE.union(letters)) for letters in ALPHABETS[encoding])
    return max(known) / found.total()


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether more characters beyond ASCII are whole in UTF-8 than broken, which is so in no other encoding."""
    text = content.decode(UTF8, "replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    whole = len(text) - broken - sum(byte < 0x80 for byte in content)
    return whole > broken


def _decodes(content: bytes, encoding: str) -> bool:
    """Whether all of it can be decoded; the guess looked at samples."""
    try:
        content.decode(encoding)
    except UnicodeError:
        return False
    return True
