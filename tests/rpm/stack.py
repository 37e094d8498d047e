#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Play a PAM stack on stdin for who can come: pam.conf(5) in small. Each module
answers as it does in life for that person; what the stack makes of it must be
what a host wants."""

import re
import sys

CONTROLS = {
    'required': {'success': 'ok', 'ignore': 'ignore', 'default': 'bad'},
    'requisite': {'success': 'ok', 'ignore': 'ignore', 'default': 'die'},
    'sufficient': {'success': 'done', 'ignore': 'ignore',
                   'default': 'ignore'},
    'optional': {'success': 'ok', 'ignore': 'ignore', 'default': 'ignore'},
}
# Who comes: what pam_hostpass and pam_unix say, and what must come of it.
PEOPLE = [
    ('a local user, right password', 'ignore', 'success', True),
    ('a local user, wrong password', 'ignore', 'failure', False),
    ('root while hostpassd is gone', 'ignore', 'success', True),
    ('alice with a passkey', 'success', 'failure', True),
    ('alice refused', 'failure', 'success', False),
    ('alice while hostpassd is gone', 'unavail', 'success', False),
    ('module not there', 'unknown', 'success', None),
]
# For the account phase an account of ours has nothing that pam_unix minds.
ACCOUNT = [
    ('a local user', 'ignore', 'success', True),
    ('a local user, expired', 'ignore', 'failure', False),
    ('alice, allowed', 'success', 'success', True),
    ('alice, revoked', 'failure', 'success', False),
    ('alice while hostpassd is gone', 'failure', 'success', False),
]


def parse(text):
    lines = []
    for line in text.splitlines():
        match = re.fullmatch(r'-?(\w+)\s+(\[.*?\]|\w+)\s+(\S+)(.*)', line)
        if match is None:
            if line.strip():
                sys.exit(f'not a line of PAM: {line}')
            continue
        kind, control, module, _ = match.groups()
        if control.startswith('['):
            actions = dict(pair.split('=') for pair in control[1:-1].split())
        else:
            actions = CONTROLS[control]
        lines.append((kind, actions, module))
    return lines


def answer(module, hostpass, unix):
    if module == 'pam_hostpass.so':
        return hostpass
    if module == 'pam_unix.so':
        return unix
    if module == 'pam_deny.so':
        return 'failure'
    if module == 'pam_faillock.so':
        return 'ignore'
    return 'success'


def play(lines, kind, hostpass, unix):
    granted = None
    skip = 0
    for line_kind, actions, module in lines:
        if line_kind != kind:
            continue
        if skip > 0:
            skip -= 1
            continue
        said = answer(module, hostpass, unix)
        action = actions.get(said, actions.get('default', 'bad'))
        if action.isdigit():
            skip = int(action)
        elif action == 'die':
            return False
        elif action == 'bad':
            granted = False
        elif action in ('ok', 'done'):
            granted = True if granted is None else granted
            if action == 'done' and granted:
                return True
    return bool(granted)


def main():
    lines = parse(sys.stdin.read())
    wrong = 0
    for kind, people in (('auth', PEOPLE), ('account', ACCOUNT)):
        for who, hostpass, unix, wanted in people:
            got = play(lines, kind, hostpass, unix)
            if wanted is not None and got != wanted:
                print(f'{kind}: {who}: {"in" if got else "refused"}')
                wrong += 1
    sys.exit(1 if wrong or not lines else 0)


main()
