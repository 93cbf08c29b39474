"""Hashes of sequences of folded characters; see Batch.hashes in linesift/features/buffer.py."""

from libc.stdint cimport uint64_t


cdef inline uint64_t next_power(uint64_t power) noexcept nogil:
    return power * <uint64_t>0x9E3779B97F4A7C15


cdef inline uint64_t mixed(uint64_t value) noexcept nogil:
    value = (value ^ (value >> 33)) * <uint64_t>0xFF51AFD7ED558CCD
    value = (value ^ (value >> 33)) * <uint64_t>0xC4CEB9FE1A85EC53
    return value ^ (value >> 33)
