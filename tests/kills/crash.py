# SPDX-License-Identifier: BSD-2-Clause
"""A hostpassd that crashes, with tokens in its memory, in a directory in which
it could leave a core, by a limit that lets it."""

import os
import signal

from steps import Problem


def crash(host, result):
    host.start(where=host.statedir)
    host.wait_ready()
    if host.sign_in('alice') != 'granted':
        raise Problem('alice cannot sign in')
    before = set(os.listdir(host.state))
    host.process.send_signal(signal.SIGSEGV)
    how = os.waitid(os.P_PID, host.process.pid, os.WEXITED | os.WNOWAIT)
    host.process.wait()
    left = set(os.listdir(host.state)) - before
    if (how.si_code, how.si_status) != (os.CLD_KILLED, signal.SIGSEGV):
        raise Problem(f'a crash of it: {how}')
    if left:
        raise Problem(f'it left {left}')
    host.start()
    host.wait_ready()
    if host.account('alice') != 'granted':
        raise Problem('alice is not known after it')
    host.kill()
    result('hostpassd crashes: there is no core, and it starts again')
