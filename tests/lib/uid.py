#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""uid.py ISSUER NAME: the uid that common/snapshot.h computes for them, with
the default uid_range; not by hostpass's code."""
import sys

BASIS = 0xcbf29ce484222325
PRIME = 0x100000001b3
WORD = (1 << 64) - 1
FIRST, LAST = 1879048192, 2147483646


def fnv(seed, text):
    for byte in text.encode():
        seed = (seed ^ byte) * PRIME & WORD
    return seed


def mix(h):
    h = (h ^ h >> 33) * 0xff51afd7ed558ccd & WORD
    h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53 & WORD
    return h ^ h >> 33


def computed(issuer, name):
    return FIRST + mix(fnv(fnv(BASIS, issuer), name)) % (LAST - FIRST + 1)


if __name__ == '__main__':
    print(computed(*sys.argv[1:]))
