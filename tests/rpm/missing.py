#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""missing.py DIRECTORY SERVICE USER AUTH ACCOUNT: whether libpam lets her in by
this file, `in` or `out` in each of the two phases."""

import ctypes
import sys

CONVERSE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_void_p,
                            ctypes.c_void_p, ctypes.c_void_p)
CONV_ERR = 19


class Conversation(ctypes.Structure):
    _fields_ = [('converse', CONVERSE), ('data', ctypes.c_void_p)]


def main():
    directory, service, user = (word.encode() for word in sys.argv[1:4])
    libpam = ctypes.CDLL('libpam.so.0')
    handle = ctypes.c_void_p()
    conversation = Conversation(CONVERSE(lambda *_: CONV_ERR), None)
    if libpam.pam_start_confdir(service, user, ctypes.byref(conversation),
                                directory, ctypes.byref(handle)) != 0:
        sys.exit('pam_start_confdir')
    got = ['out' if phase(handle, 0) else 'in'
           for phase in (libpam.pam_authenticate, libpam.pam_acct_mgmt)]
    libpam.pam_end(handle, 0)
    if got != sys.argv[4:]:
        sys.exit(f'{sys.argv[2]}: {sys.argv[3]}: {got}')


main()
