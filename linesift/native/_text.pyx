# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Loops over characters, tokens and phrases; the modules of linesift/features say what they compute.

Where the size of a result is not known before, the caller gives arrays and learns how much of them was filled.
"""

from libc.math cimport sqrt
from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t

cdef uint64_t HASH_BASE = 0x9E3779B97F4A7C15
cdef uint64_t MIX_1 = 0xFF51AFD7ED558CCD
cdef uint64_t MIX_2 = 0xC4CEB9FE1A85EC53
cdef uint64_t LINE_START = 1
cdef uint64_t LINE_END = 1 << 32
cdef enum:
    WHOLE = 2  # of phrases.py


cdef inline uint64_t mixed(uint64_t value) noexcept nogil:
    value = (value ^ (value >> 33)) * MIX_1
    value = (value ^ (value >> 33)) * MIX_2
    return value ^ (value >> 33)


def count_tokens(const uint8_t[::1] classes, const uint8_t[::1] is_word, const uint8_t[::1] is_unspaced):
    """How many tokens fill_tokens will find."""
    cdef Py_ssize_t at, n = 0
    cdef bint inside = False, word
    with nogil:
        for at in range(classes.shape[0]):
            word = is_word[classes[at]]
            if (word and not inside) or is_unspaced[classes[at]]:
                n += 1
            inside = word
    return n


def fill_tokens(
    const uint32_t[::1] folded, const uint8_t[::1] classes, const uint8_t[::1] is_word,
    const uint8_t[::1] is_unspaced, const int64_t[::1] line_start,
    int64_t[::1] start, int64_t[::1] end, int32_t[::1] line, uint64_t[::1] hashes, uint8_t[::1] first_class,
):
    """See Batch.tokens; the last five are filled."""
    cdef Py_ssize_t at = 0, first, n = 0, size = classes.shape[0], row = -1, n_lines = line_start.shape[0]
    cdef uint64_t total, power
    with nogil:
        while at < size:
            if not (is_word[classes[at]] or is_unspaced[classes[at]]):
                at += 1
                continue
            while row + 1 < n_lines and line_start[row + 1] <= at:
                row += 1
            first = at
            total, power = 0, 1
            while True:
                total += (<uint64_t>folded[at] + 1) * power
                power *= HASH_BASE
                at += 1
                if is_unspaced[classes[first]] or at == size or not is_word[classes[at]]:
                    break
            start[n], end[n], line[n], hashes[n], first_class[n] = first, at, row, mixed(total), classes[first]
            n += 1


def hash_spans(const uint32_t[::1] folded, const int64_t[::1] start, const int64_t[::1] end, uint64_t[::1] hashes):
    """See Batch.hashes; the last is filled."""
    cdef Py_ssize_t span, at
    cdef uint64_t total, power
    with nogil:
        for span in range(start.shape[0]):
            total, power = 0, 1
            for at in range(start[span], end[span]):
                total += (<uint64_t>folded[at] + 1) * power
                power *= HASH_BASE
            hashes[span] = mixed(total)


def count_classes(const uint8_t[::1] classes, const int64_t[::1] line_start, const int64_t[::1] line_end,
                  int64_t[:, ::1] counts):
    """See Batch.class_counts; the last is filled, zeros before."""
    cdef Py_ssize_t line, at
    with nogil:
        for line in range(line_start.shape[0]):
            for at in range(line_start[line], line_end[line]):
                counts[line, classes[at]] += 1


def measure_words(
    const int64_t[::1] start, const int64_t[::1] end, const int32_t[::1] line, const uint8_t[::1] first_class,
    const uint8_t[::1] is_word, int upper, int digit, int64_t[:, ::1] found,
):
    """See shape.SpacedWords; the last, (5, n_lines), is filled, zeros before."""
    cdef Py_ssize_t token, row
    cdef int64_t length
    with nogil:
        for token in range(start.shape[0]):
            if is_word[first_class[token]]:
                row, length = line[token], end[token] - start[token]
                found[0, row] += 1
                found[1, row] += length
                found[2, row] = max(found[2, row], length)
                found[3, row] += first_class[token] == upper
                found[4, row] += first_class[token] == digit


def find_candidates(
    const uint32_t[::1] codes, const uint32_t[::1] folded, const uint8_t[::1] char_class,
    const uint8_t[::1] is_word, const uint8_t[::1] state, int shift, int64_t[::1] start, int64_t[::1] end, uint64_t[::1] hashes,
):
    """See phrases.Phrases; as many candidates as the last three have room for are filled in.

    :returns: how many there are.
    """
    cdef Py_ssize_t first, at, n = 0, size = folded.shape[0], room = start.shape[0]
    cdef uint64_t total, power, key
    cdef uint8_t found
    cdef bint in_word, after_word = False
    with nogil:
        for first in range(size):
            in_word = is_word[char_class[codes[first]]]
            if after_word and is_word[char_class[folded[first]]]:
                after_word = in_word
                continue
            after_word = in_word
            total, power = 0, 1
            for at in range(first, size):
                total += (<uint64_t>folded[at] + 1) * power
                power *= HASH_BASE
                key = mixed(total)
                found = state[key >> shift]
                if not found:
                    break
                if found == WHOLE:
                    if n < room:
                        start[n], end[n], hashes[n] = first, at + 1, key
                    n += 1
    return n


def fill_letter_items(
    const uint32_t[::1] folded, const uint8_t[::1] is_letter, const int64_t[::1] line_start,
    uint64_t[::1] hashes, int32_t[::1] line,
):
    """See vocabulary.letter_items; the last two are filled.

    :returns: how many there are.
    """
    cdef Py_ssize_t at, n = 0, row = 0, n_lines = line_start.shape[0]
    with nogil:
        for at in range(2, folded.shape[0]):
            if is_letter[at] and is_letter[at - 1] and is_letter[at - 2]:
                while row + 1 < n_lines and line_start[row + 1] <= at:
                    row += 1
                hashes[n] = mixed((<uint64_t>folded[at - 2] << 42) | (<uint64_t>folded[at - 1] << 21) | folded[at])
                line[n] = row
                n += 1
    return n


def count_hits(
    const uint64_t[::1] hashes, const int32_t[::1] line, const uint8_t[::1] among, const int64_t[::1] n_items,
    const int64_t[::1] table_size, int32_t[::1] first, int32_t[::1] last, int64_t[:, ::1] hits,
):
    """See vocabulary.shared; the last, (3, n_lines), is filled, zeros before.

    :param n_items: (n_docs,).
    :param table_size: (n_docs,), powers of two.
    :param first: room for the largest table, and so is `last`.
    """
    cdef Py_ssize_t doc, item, stop, start = 0
    cdef int32_t row, nowhere = 0x7FFFFFFF
    cdef uint64_t mask, slot
    cdef bint before, after
    with nogil:
        for doc in range(n_items.shape[0]):
            stop = start + n_items[doc]
            mask = <uint64_t>table_size[doc] - 1
            for item in range(start, stop):
                slot = hashes[item] & mask
                first[slot], last[slot] = nowhere, -1
            for item in range(start, stop):
                row = line[item]
                if among[row]:
                    slot = hashes[item] & mask
                    first[slot], last[slot] = min(first[slot], row), row
            for item in range(start, stop):
                row = line[item]
                slot = hashes[item] & mask
                before, after = first[slot] < row, last[slot] > row
                hits[0, row] += before
                hits[1, row] += after
                hits[2, row] += before or after
            start = stop


def count_votes(
    const int64_t[::1] stop_word, const int64_t[::1] doc, const int64_t[::1] first_language,
    const int64_t[::1] language, int64_t all_votes, int64_t[:, ::1] votes,
):
    """See languages.languages; the last, (n_docs, n_languages), is filled, zeros before.

    :param stop_word: (n_words,).
    :param doc: (n_words,).
    :param first_language: (n_stop_words + 1,), where the languages of each word begin.
    """
    cdef Py_ssize_t place, at
    cdef int64_t word, each
    with nogil:
        for place in range(stop_word.shape[0]):
            word = stop_word[place]
            each = all_votes // (first_language[word + 1] - first_language[word])
            for at in range(first_language[word], first_language[word + 1]):
                votes[doc[place], language[at]] += each


def find_speaking(
    const int64_t[::1] stop_word, const int64_t[::1] main_language, const int64_t[::1] first_language,
    const int64_t[::1] language, int64_t[::1] found,
):
    """Which function words are of a language; the last, (n_words,), is set to 1 for them, zeros before.

    :param main_language: (n_words,).
    """
    cdef Py_ssize_t place, at
    cdef int64_t word
    with nogil:
        for place in range(stop_word.shape[0]):
            word = stop_word[place]
            for at in range(first_language[word], first_language[word + 1]):
                if language[at] == main_language[place]:
                    found[place] = 1
                    break


def count_scripts(
    const uint32_t[::1] codes, const uint8_t[::1] classes, const uint8_t[::1] is_letter,
    const int64_t[::1] script_of_block, int block_bits, const int64_t[::1] line_start, const int64_t[::1] line_end,
    const int64_t[::1] doc_start, const int64_t[::1] doc_size, int64_t[::1] of_script,
    int64_t[::1] total, int64_t[::1] main,
):
    """See scripts.scripts; the last two, (n_lines,), are filled: letters, and those of the document's script.

    :param of_script: zeros, one for each block.
    """
    cdef Py_ssize_t doc, line, at, block, best, n_blocks = of_script.shape[0]
    cdef Py_ssize_t lowest, highest
    with nogil:
        for doc in range(doc_start.shape[0]):
            lowest, highest = n_blocks, -1
            for line in range(doc_start[doc], doc_start[doc] + doc_size[doc]):
                total[line] = 0
                for at in range(line_start[line], line_end[line]):
                    if is_letter[classes[at]]:
                        block = script_of_block[codes[at] >> block_bits]
                        of_script[block] += 1
                        lowest, highest = min(lowest, block), max(highest, block)
                        total[line] += 1
            best = lowest
            for block in range(lowest, highest + 1):
                if of_script[block] > of_script[best]:
                    best = block
            for block in range(lowest, highest + 1):
                of_script[block] = 0
            for line in range(doc_start[doc], doc_start[doc] + doc_size[doc]):
                main[line] = 0
                for at in range(line_start[line], line_end[line]):
                    if is_letter[classes[at]] and script_of_block[codes[at] >> block_bits] == best:
                        main[line] += 1


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
                total += weight[mixed(before * HASH_BASE + word) >> shift]
                before = word
            word = mixed(length[first]) if is_number[first] else token[first]
            total += weight[mixed(LINE_START * HASH_BASE + word) >> shift]
            total += weight[mixed(before * HASH_BASE + LINE_END + last_class[line]) >> shift]
            score[line] = bias + total / sqrt(2.0 * (stop - first) + 1)
