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
# Who comes, whether passwd(5) has her, what pam_hostpass and pam_unix say, and
# what must come of it.
PEOPLE = [
    ('a local user, right password', True, 'ignore', 'success', True),
    ('a local user, wrong password', True, 'ignore', 'failure', False),
    ('root while hostpassd is gone', True, 'ignore', 'success', True),
    ('root while the module is gone', True, 'module_unknown', 'success', True),
    ('alice with a passkey', False, 'success', 'failure', True),
    ('alice refused', False, 'failure', 'success', False),
    ('alice while hostpassd is gone', False, 'unavail', 'success', False),
    ('alice while the module is gone', False, 'module_unknown', 'failure',
     False),
]
# For the account phase an account of ours has nothing that pam_unix minds.
ACCOUNT = [
    ('a local user', True, 'ignore', 'success', True),
    ('a local user, expired', True, 'ignore', 'failure', False),
    ('root while the module is gone', True, 'module_unknown', 'success', True),
    ('somebody of another directory', False, 'ignore', 'success', True),
    ('alice, allowed', False, 'success', 'success', True),
    ('alice, revoked', False, 'failure', 'success', False),
    ('alice while hostpassd is gone', False, 'failure', 'success', False),
    ('alice with a key, the module gone', False, 'module_unknown', 'success',
     False),
]
# passwd(1): pam_unix stands for all that change a password.
PASSWORD = [
    ('a local user', True, 'ignore', 'success', True),
    ('root while the module is gone', True, 'module_unknown', 'success', True),
    ('alice', False, 'failure', 'success', False),
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


def answer(module, local, hostpass, unix):
    if module == 'pam_hostpass.so':
        return hostpass
    if module == 'pam_unix.so':
        return unix
    if module == 'pam_localuser.so':
        return 'success' if local else 'failure'
    if module == 'pam_deny.so':
        return 'failure'
    if module == 'pam_faillock.so':
        return 'ignore'
    return 'success'


def play(lines, kind, local, hostpass, unix):
    granted = None
    skip = 0
    for line_kind, actions, module in lines:
        if line_kind != kind:
            continue
        if skip > 0:
            skip -= 1
            continue
        said = answer(module, local, hostpass, unix)
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
    for kind, people in (('auth', PEOPLE), ('account', ACCOUNT),
                         ('password', PASSWORD)):
        if not any(line[0] == kind for line in lines):
            continue
        for who, local, hostpass, unix, wanted in people:
            got = play(lines, kind, local, hostpass, unix)
            if got != wanted:
                print(f'{kind}: {who}: {"in" if got else "refused"}')
                wrong += 1
    sys.exit(1 if wrong or not lines else 0)


main()
