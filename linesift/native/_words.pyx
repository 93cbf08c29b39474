# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Loops over words; the modules of linesift/features say what they compute."""

from libc.math cimport sqrt
from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t

from linesift.native._hashing cimport mixed, next_power

cdef enum:
    NO_WORD = 0  # of characters.py
    WORD = 1
    ALONE = 2

cdef uint64_t LINE_START = 1
cdef uint64_t LINE_END = 1 << 32


def count_tokens(const uint8_t[::1] classes, const uint8_t[::1] kinds):
    """How many tokens fill_tokens will find.

    :param kinds: see CharacterTables.
    """
    cdef Py_ssize_t at, n = 0
    cdef uint8_t kind, before = NO_WORD
    with nogil:
        for at in range(classes.shape[0]):
            kind = kinds[classes[at]]
            n += (kind == ALONE) | ((kind == WORD) & (before != WORD))
            before = kind
    return n


def fill_tokens(
    const uint32_t[::1] folded, const uint8_t[::1] classes, const uint8_t[::1] kinds,
    const int64_t[::1] line_start, const int64_t[::1] line_end, int64_t[::1] bounds,
    int64_t[::1] start, int64_t[::1] end, int32_t[::1] line, uint64_t[::1] hashes, uint8_t[::1] first_class,
):
    """See Batch.tokens; `bounds`, (n_lines + 1,), and the last five are filled."""
    cdef Py_ssize_t at, stop, row, n = 0
    cdef uint64_t total, power
    cdef uint8_t kind
    with nogil:
        for row in range(line_start.shape[0]):
            bounds[row], at, stop = n, line_start[row], line_end[row]
            while at < stop:
                kind = kinds[classes[at]]
                if kind == NO_WORD:
                    at += 1
                    continue
                start[n], line[n], first_class[n] = at, row, classes[at]
                total, power = <uint64_t>folded[at] + 1, next_power(1)
                at += 1
                while kind == WORD and at < stop and kinds[classes[at]] == WORD:
                    total += (<uint64_t>folded[at] + 1) * power
                    power = next_power(power)
                    at += 1
                end[n], hashes[n] = at, mixed(total)
                n += 1
        bounds[line_start.shape[0]] = n


def hash_spans(const uint32_t[::1] folded, const int64_t[::1] start, const int64_t[::1] end, uint64_t[::1] hashes):
    """See Batch.hashes; the last is filled."""
    cdef Py_ssize_t span, at
    cdef uint64_t total, power
    with nogil:
        for span in range(start.shape[0]):
            total, power = 0, 1
            for at in range(start[span], end[span]):
                total += (<uint64_t>folded[at] + 1) * power
                power = next_power(power)
            hashes[span] = mixed(total)


def find_hashes(
    const uint64_t[::1] hashes, const uint64_t[::1] known, const int32_t[::1] bucket, int shift, int64_t[::1] found,
):
    """See HashIndex.find; the last is filled, -1 before."""
    cdef Py_ssize_t each, at
    cdef uint64_t bits
    with nogil:
        for each in range(hashes.shape[0]):
            bits = hashes[each] >> shift
            for at in range(bucket[bits], bucket[bits + 1]):
                if known[at] == hashes[each]:
                    found[each] = at
                    break


def measure_words(
    const int64_t[::1] start, const int64_t[::1] end, const uint8_t[::1] first_class, const int64_t[::1] bounds,
    const uint8_t[::1] is_word, int upper, int digit, int64_t[:, ::1] found,
):
    """See shape.SpacedWords; the last, (5, n_lines), is filled."""
    cdef Py_ssize_t token, row
    cdef int64_t length, n, total, longest, titled, numbers
    cdef uint8_t first
    with nogil:
        for row in range(found.shape[1]):
            n, total, longest, titled, numbers = 0, 0, 0, 0, 0
            for token in range(bounds[row], bounds[row + 1]):
                first = first_class[token]
                length = end[token] - start[token] if is_word[first] else 0
                n += length > 0
                total += length
                longest = max(longest, length)
                titled += first == upper
                numbers += first == digit
            found[0, row], found[1, row], found[2, row], found[3, row], found[4, row] = n, total, longest, titled, numbers


def count_main_language(
    const int64_t[::1] stop_word, const int64_t[::1] token_bounds,
    const int64_t[::1] doc_start, const int64_t[::1] doc_size,
    const int64_t[::1] first_language, const int64_t[::1] language, const uint8_t[:, ::1] is_spoken,
    int64_t all_votes, int64_t[::1] votes,
    int64_t[::1] n_words, int64_t[::1] n_main,
):
    """See languages.languages; the last two, (n_lines,), are filled: function words, and those of the main language.

    :param stop_word: (n_tokens,), see Lexicons.stop_words.
    :param first_language: (n_stop_words + 1,), where the languages of each word begin.
    :param is_spoken: (n_stop_words, n_languages), the same as a table.
    :param votes: room for those of each language.
    """
    cdef Py_ssize_t doc, line, first_line, last_line, token, at, best
    cdef int64_t word, each, n
    with nogil:
        for doc in range(doc_start.shape[0]):
            votes[:] = 0
            first_line, last_line = doc_start[doc], doc_start[doc] + doc_size[doc]
            for line in range(first_line, last_line):
                n = 0
                for token in range(token_bounds[line], token_bounds[line + 1]):
                    word = stop_word[token]
                    if word >= 0:
                        n += 1
                        each = all_votes // (first_language[word + 1] - first_language[word])
                        for at in range(first_language[word], first_language[word + 1]):
                            votes[language[at]] += each
                n_words[line] = n
            best = 0
            for at in range(votes.shape[0]):
                if votes[at] > votes[best]:
                    best = at
            for line in range(first_line, last_line):
                n = 0
                for token in range(token_bounds[line], token_bounds[line + 1]):
                    if stop_word[token] >= 0:
                        n += is_spoken[stop_word[token], best]
                n_main[line] = n


def score_words(
    const uint64_t[::1] token, const uint8_t[::1] is_number, const int64_t[::1] length,
    const int64_t[::1] token_bounds, const uint8_t[::1] last_class, const float[::1] weight, double bias, int shift,
    double[::1] score,
):
    """See word_model.WordModel; the last, (n_lines,), is filled.

    Sums run as NumPy's do: all words of a line, then all pairs, then its borders.
    """
    cdef Py_ssize_t line, at, first, stop
    cdef uint64_t word, before
    cdef double total
    with nogil:
        for line in range(score.shape[0]):
            first, stop = token_bounds[line], token_bounds[line + 1]
            if first == stop:
                score[line] = bias
                continue
            total = 0
            for at in range(first, stop):
                word = mixed(length[at]) if is_number[at] else token[at]
                total += weight[word >> shift]
            before = mixed(length[first]) if is_number[first] else token[first]
            for at in range(first + 1, stop):
                word = mixed(length[at]) if is_number[at] else token[at]
                total += weight[mixed(next_power(before) + word) >> shift]
                before = word
            word = mixed(length[first]) if is_number[first] else token[first]
            total += weight[mixed(next_power(LINE_START) + word) >> shift]
            total += weight[mixed(next_power(before) + LINE_END + last_class[line]) >> shift]
            score[line] = bias + total / sqrt(2.0 * (stop - first) + 1)
